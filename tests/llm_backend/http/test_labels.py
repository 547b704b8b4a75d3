from hunkwise.llm_backend.http.labels import LABELS, NONE, labels_of, parts_of
from hunkwise.testing import make_task


def test_labels_are_single_and_distinct_characters():
    """No label is another's beginning, and none means two things."""
    assert all(len(label) == 1 for label in LABELS)
    assert len(set(LABELS) | {NONE}) == len(LABELS) + 1


def test_a_task_is_read_at_once_where_it_can():
    """As many places as there are labels need no parts."""
    task = make_task("", "x\n" * len(LABELS))
    assert list(parts_of(task)) == [task]
    assert "".join(labels_of(task)) == LABELS


def test_a_task_with_more_places_is_read_in_even_parts():
    """The parts show the same lines, and their places are the task's, in order."""
    task = make_task("", "x\n" * (len(LABELS) + 1))
    parts = list(parts_of(task))
    assert [len(part.places) for part in parts] == [28, 27]
    assert tuple(place for part in parts for place in part.places) == task.places
    assert all(part.lines == task.lines for part in parts)


def test_a_task_without_places_is_not_asked_about():
    """Where nothing may be pointed at, there is nothing to ask."""
    assert list(parts_of(make_task(places=()))) == []
