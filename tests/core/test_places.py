from dataclasses import replace

from hunkwise.core.model import Change, Kind
from hunkwise.core.places import commentable, included, place_numbers
from hunkwise.testing import make_change, make_file


def numbers(old: str | None, new: str | None) -> list[int | None]:
    return [place.location.start for place in commentable(make_change({"a.py": (old, new)}))]


def test_added_lines_are_places():
    """Each added line takes a comment, and no context line does."""
    assert numbers("a\nb\n", "a\nx\ny\nb\n") == [2, 3]


def test_the_line_after_a_pure_deletion_is_a_place():
    """Where lines only went, the context line after them takes the comment."""
    assert numbers("a\nb\nc\n", "a\nc\n") == [2]


def test_the_line_before_a_deletion_at_the_end_is_a_place():
    """Where nothing follows a deletion, the line before it takes the comment."""
    assert numbers("a\nb\n", "a\n") == [1]


def test_a_replacement_has_only_its_added_lines():
    """Removed lines that others replace add no place of their own."""
    assert numbers("a\nb\nc\n", "a\nx\nc\n") == [2]


def test_a_deleted_file_has_no_places():
    """Nothing can be said on a head that is not there."""
    assert numbers("a\nb\n", None) == []


def test_a_file_that_is_not_reviewed_has_no_places():
    """A lock file takes no comment."""
    change = make_change({"a.py": "x = 1\n"})
    file = make_file("a.lock", None, "x\n", kind=Kind.LOCK)
    assert [place.location.path for place in commentable(type(change)(id="x", files=(*change.files, file)))] == ["a.py"]


def test_a_line_between_two_deletions_is_one_place():
    """A context line that neighbours two pure deletions is listed once."""
    hunk = make_change({"a.py": ("a\nb\nc\n", "b\n")}).files[0].hunks[0]
    assert (1,) == place_numbers(hunk)


def test_files_that_are_left_out_describe_nothing():
    """Generated files still say how large the change is; those that the configuration leaves out do not."""
    kinds = (Kind.CODE, Kind.GENERATED, Kind.EXCLUDED)
    files = tuple(replace(make_file(f"{kind}.py", "", "x = 1\n"), kind=kind) for kind in kinds)
    found = included(Change(id="c", files=files))
    assert [file.kind for file in found.files] == [Kind.CODE, Kind.GENERATED]
