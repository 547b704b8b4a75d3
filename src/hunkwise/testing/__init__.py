"""Builders, fakes and a conformance kit for the tests of plugins; its names are stable, as those of `hunkwise` are."""

from hunkwise.testing.builders import (
    make_candidate,
    make_change,
    make_comment,
    make_file,
    make_finding,
    make_location,
    make_outcome,
    make_place,
    make_report,
    make_scored,
)
from hunkwise.testing.workspace import FakeWorkspace

__all__ = [
    "FakeWorkspace",
    "make_candidate",
    "make_change",
    "make_comment",
    "make_file",
    "make_finding",
    "make_location",
    "make_outcome",
    "make_place",
    "make_report",
    "make_scored",
]
