"""Builders, fakes and a conformance kit for the tests of plugins; its names are stable, as those of `hunkwise` are."""

from hunkwise.core.ports import Example
from hunkwise.testing.analyzers import check_analyzer, check_inspector
from hunkwise.testing.backends import check_backend
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
from hunkwise.testing.commands import check_command
from hunkwise.testing.conformance import check_plugin
from hunkwise.testing.contexts import FakeOutlines, check_context
from hunkwise.testing.grammars import check_grammar
from hunkwise.testing.models import FakeBackend, FakeModel, make_task
from hunkwise.testing.places import check_features, check_scorer
from hunkwise.testing.rankers import check_ranker
from hunkwise.testing.sinks import check_sink
from hunkwise.testing.sources import check_change, check_source
from hunkwise.testing.workspace import FakeWorkspace

__all__ = [
    "Example",
    "FakeBackend",
    "FakeModel",
    "FakeOutlines",
    "FakeWorkspace",
    "check_analyzer",
    "check_backend",
    "check_change",
    "check_command",
    "check_context",
    "check_features",
    "check_grammar",
    "check_inspector",
    "check_plugin",
    "check_ranker",
    "check_scorer",
    "check_sink",
    "check_source",
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
    "make_task",
]
