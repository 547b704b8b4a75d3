from bench_values import case, run, said

from hunkwise.evaluation.run_file import Human
from hunkwise.evaluation.semantic import measure_texts


def people(number, *texts):
    human = tuple(Human(path="a.py", line=5 + 10 * at, text=text) for at, text in enumerate(texts))
    return case(number, kind="commented", human=human)


def by_measure(*rows):
    return {one.measure: one for one in measure_texts([run(*rows)], None)}


def test_matched_and_all_human_comments_stand_beside_each_other():
    """The one match is word for word; of three human comments two were not matched and count as 0."""
    found = by_measure(
        (people(1, "Mind this.", "Why not?"), [said(5)], []),
        (people(2, "Is this right?"), [], []),
    )["ROUGE-L"]
    assert (found.matched, found.humans) == (1, 3)
    assert found.score.value == 1.0
    assert found.everyone.value == 1 / 3


def test_random_floor_comes_from_another_case():
    """A person's other comment on the same pull request would be too near."""
    found = by_measure(
        (people(1, "Mind this.", "Mind this."), [said(5)], []),
        (people(2, "Unrelated words only"), [], []),
    )["ROUGE-L"]
    assert found.random == 0.0
    assert found.rescaled == 1.0


def test_floor_that_leaves_no_room_rescales_to_nothing():
    """Where people wrote the same everywhere, a random comment scores 1 already."""
    found = by_measure((people(1, "Mind this."), [said(5)], []), (people(2, "Mind this."), [], []))["ROUGE-L"]
    assert (found.random, found.rescaled) == (1.0, 0.0)


def test_without_a_match_there_is_no_figure():
    """Nothing was said where people said something."""
    assert by_measure((people(1, "Mind this."), [said(30)], [])) == {}
