from bench_values import case, pointed, run, said

from hunkwise.evaluation.figures import score
from hunkwise.evaluation.report_tables import tables


def shown(*rows):
    """Return the tables of a run by their titles, up to the colon."""
    scores, _ = score([run(*rows)])
    return {table.title.partition(":")[0]: table for table in tables(scores)}


def test_both_outputs_stand_at_a_glance():
    """Comments and focus have a row each, with F1, addressed and silence; the first of the focus is further down."""
    found = shown(
        (case(1, human=[5], later=[5]), [said(5)], [pointed(5)]),
        (case(2), [said(1)], []),
    )["At a glance"]
    comments, focus = found.rows
    assert (comments[0], focus[0]) == ("full, comments", "full, focus")
    assert comments[2].startswith("1.000")
    assert (comments[5].split()[0], focus[5].split()[0]) == ("1.000", "0.000")


def test_curve_has_few_rows_from_end_to_end():
    """The surest point and the one at which all is said are among them."""
    picks = [said(line, score=line / 40) for line in range(1, 31)]
    found = [row for row in shown((case(1, human=[5]), picks, []))["Threshold"].rows if row[0] == "full, comments"]
    assert len(found) == 6
    assert (found[0][1], found[-1][1]) == ("0.750", "0.025")
    assert found[-1][3] == "1.000"


def test_languages_are_apart_where_there_are_two():
    """Of commented and of silent pull requests."""
    python = [(case(1, human=[5]), [said(5)], []), (case(2), [said(1)], [])]
    java = [(case(3, human=[5], language="java"), [], []), (case(4, language="java"), [], [])]
    assert "By language" not in shown(*python)
    scores, _ = score([run(*python, *java)])
    of_f1, of_silence = [table for table in tables(scores) if table.title.startswith("By language")]
    assert of_f1.head == ("contestant", "java (1 PRs)", "python (1 PRs)")
    assert [cell.split()[0] for cell in of_f1.rows[0][1:]] == ["0.000", "1.000"]
    assert [cell.split()[0] for cell in of_silence.rows[0][1:]] == ["0.000", "1.000"]
