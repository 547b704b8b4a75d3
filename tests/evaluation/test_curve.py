from bench_values import case, run, said

from hunkwise.evaluation.curve import curve, quiet_points
from hunkwise.evaluation.outputs import entries

ROWS = (
    (case(1, human=[5]), [said(5, score=0.9), said(20, score=0.3)], []),
    (case(2, human=[5]), [said(30, score=0.6)], []),
    (case(3), [said(1, score=0.7)], []),
)


def sides():
    (entry,) = entries([run(*ROWS)])
    return entry.commented, entry.silent


def test_thresholds_come_down_from_the_surest():
    """The surest pick alone is right; with all, one of three is, and the silent case was spoken to before."""
    found = {point.threshold: point for point in curve(*sides())}
    assert list(found) == [0.9, 0.6, 0.3]
    assert (found[0.9].precision, found[0.9].recall, found[0.9].silent) == (1.0, 0.5, 0.0)
    assert (found[0.3].precision, found[0.3].recall, found[0.3].silent) == (1 / 3, 0.5, 1.0)


def test_recall_never_falls_when_the_threshold_does():
    """More picks find no less."""
    recalls = [point.recall for point in curve(*sides())]
    assert recalls == sorted(recalls)


def test_quiet_point_takes_the_surest_cases():
    """At 40 % of two cases, one: the surest pick, which is right."""
    point = quiet_points(*sides())[-1]
    assert (point.share, point.threshold, point.precision, point.silent) == (0.4, 0.9, 1.0, 0.0)


def test_picks_without_scores_make_no_curve():
    """There is nothing to move a threshold over."""
    (entry,) = entries([run((case(human=[5]), [said(5, score=None)], []))])
    assert curve(entry.commented, entry.silent) == ()
    assert quiet_points(entry.commented, entry.silent) == ()
