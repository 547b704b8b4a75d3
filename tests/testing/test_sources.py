from dataclasses import replace

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Line
from hunkwise.core.ports import Loaded, Request
from hunkwise.testing import FakeWorkspace, check_change, check_source, make_change

FILES = {"a.py": ("x\n", "x\ny\n"), "b.py": ("x\n", None)}
REQUEST = Request(directory="here")


class Source:
    """Brings a change for one directory."""

    name = "example"
    order = 5

    def load(self, request):
        if request.directory != "here":
            return None
        return Loaded(change=make_change(FILES), workspace=FakeWorkspace.of(FILES), description="before and after")


def changed(edit):
    """Return the change with its first file's hunk edited."""
    change = make_change(FILES)
    first = change.files[0]
    return replace(change, files=(replace(first, hunks=(edit(first.hunks[0]),)), *change.files[1:]))


def test_a_good_source_passes():
    """A source that keeps the rules passes, with a request and without."""
    check_source(Source())
    check_source(Source(), REQUEST)


def test_a_source_may_refuse_a_strange_request():
    """A source that raises UsageError for what is not for it is within the rules."""

    def load(self, request):
        if request.pr:
            raise UsageError("no such host")
        return Source.load(self, request)

    check_source(type("Changed", (Source,), {"load": load})(), REQUEST)


BROKEN = {
    "takes everything": (lambda self, request: Source.load(self, REQUEST), "example takes what is not for it"),
    "takes nothing": (lambda self, request: None, "does not take the request"),
    "crashes": (lambda self, request: {}[request.pr], "raised on a request for a strange pull request: KeyError"),
    "does not describe": (
        lambda self, request: (found := Source.load(self, request)) and replace(found, description=""),
        "does not say what is compared with what",
    ),
    "refuses its own": (
        lambda self, request: (_ for _ in ()).throw(UsageError("no")),
        "raised on the request: no",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_source_is_told(case):
    """Each rule that a source breaks is an AssertionError that says which."""
    load, words = BROKEN[case]
    with pytest.raises(AssertionError, match=words):
        check_source(type("Changed", (Source,), {"load": load})(), REQUEST)


BROKEN_CHANGES = {
    "a wrong length": (changed(lambda hunk: replace(hunk, new_length=7)), "not what its header says"),
    "a wrong start": (changed(lambda hunk: replace(hunk, new_start=5)), "its new lines do not count up from 5"),
    "another path": (changed(lambda hunk: replace(hunk, path="z.py")), "says it is of z.py"),
    "a newline": (
        changed(lambda hunk: replace(hunk, lines=(Line(1, 1, "x\n"), hunk.lines[1]))),
        "has a line with a newline in it",
    ),
    "other text": (
        changed(lambda hunk: replace(hunk, lines=(hunk.lines[0], Line(None, 2, "z")))),
        r"line 2 of a\.py is not the same in the change and in the workspace",
    ),
    "a file twice": (
        replace(make_change(FILES), files=make_change(FILES).files * 2),
        r"names a file twice: a\.py, b\.py",
    ),
    "a file that is not there": (
        make_change({"c.py": "x\n"}),
        r"c\.py is in the change but not in the workspace's head",
    ),
}


@pytest.mark.parametrize("case", BROKEN_CHANGES)
def test_an_unsound_change_is_told(case):
    """Each way in which a change contradicts itself or its workspace is an AssertionError that says which."""
    change, words = BROKEN_CHANGES[case]
    with pytest.raises(AssertionError, match=words):
        check_change(change, FakeWorkspace.of(FILES))


def test_a_hunk_is_named_once():
    """Two hunks of one id are told."""
    change = make_change(FILES)
    twin = replace(change.files[1], hunks=(replace(change.files[1].hunks[0], id=change.files[0].hunks[0].id),))
    with pytest.raises(AssertionError, match="names a hunk twice"):
        check_change(replace(change, files=(change.files[0], twin)))
