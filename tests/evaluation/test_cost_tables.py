from bench_values import case, run, said

from hunkwise.evaluation.cost_tables import cost_table
from hunkwise.evaluation.figures import score
from hunkwise.evaluation.review_row import Cost


def row(*costs):
    """Return the row of a contestant whose reviews took this, by the names of the columns."""
    rows = [(case(number, human=[1]), [said(1)], []) for number in range(1, len(costs) + 1)]
    found = {(one.case, one.contestant): one for one in costs}
    table = cost_table(score([run(*rows, costs=found)])[0])
    return list(zip(table.head, table.rows[0], strict=True))


def cost(number, seconds, megabytes, replayed=0.0):
    return Cost(
        case=f"o/r#{number}",
        contestant="full",
        seconds=seconds,
        cpu=1.0,
        megabytes=megabytes,
        replayed=replayed,
        stages={"analyze": seconds - 1},
    )


def test_costs_are_shown_for_one_review_and_for_all():
    """Mean, median and sum of the seconds, mean and most of the memory."""
    found = row(cost(1, 2.0, 100), cost(2, 3.0, 200), cost(3, 7.0, 300))
    assert found[1:6] == [
        ("reviews", "3"),
        ("analyzers not run again", "0"),
        ("seconds, mean", "4.0"),
        ("median", "3.0"),
        ("in all", "12"),
    ]
    assert found[7:9] == [("memory, mean", "200 MB"), ("at most", "300 MB")]
    assert found[-1] == ("seconds by stage", "analyze 3.0")


def test_memory_is_that_of_reviews_in_which_tools_ran():
    """Without analyzers to run a review needs little, which says nothing about one that runs them."""
    found = dict(row(cost(1, 2.0, 300), cost(2, 2.0, 60, replayed=1.0)))
    assert (found["analyzers not run again"], found["memory, mean"], found["at most"]) == ("1", "300 MB", "300 MB")
    assert dict(row(cost(1, 2.0, 60, replayed=1.0)))["memory, mean"] == "–"
