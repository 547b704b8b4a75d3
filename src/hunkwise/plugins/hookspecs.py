"""The hooks: each returns objects, which the facade then calls one by one, guarded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from hunkwise.core.ports import (
        Analyzer,
        Command,
        FeatureProvider,
        Grammar,
        Inspector,
        PlaceScorer,
        Publisher,
        Ranker,
        Sink,
        Source,
    )
    from hunkwise.core.reader_ports import Backend, ContextProvider

PROJECT = "hunkwise"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def hunkwise_sources() -> "Sequence[Source]":  # type: ignore[empty-body]
    """Return the sources: where changes come from; the first that knows a request loads it."""


@hookspec
def hunkwise_analyzers() -> "Sequence[Analyzer | Inspector]":  # type: ignore[empty-body]
    """Return the analyzers: wrappers of outside tools, or inspectors that read files in process."""


@hookspec
def hunkwise_grammars() -> "Sequence[Grammar]":  # type: ignore[empty-body]
    """Return tree-sitter grammars, each for one or more languages."""


@hookspec
def hunkwise_contexts() -> "Sequence[ContextProvider]":  # type: ignore[empty-body]
    """Return context providers: they offer source text around a hunk to the language model."""


@hookspec
def hunkwise_backends() -> "Sequence[Backend]":  # type: ignore[empty-body]
    """Return backends: they run language models; the first that knows the user's reference opens it."""


@hookspec
def hunkwise_features() -> "Sequence[FeatureProvider]":  # type: ignore[empty-body]
    """Return feature providers: they describe commentable places with numbers."""


@hookspec
def hunkwise_scorers() -> "Sequence[PlaceScorer]":  # type: ignore[empty-body]
    """Return place scorers.

    One is active: the one that the setting `scorer` names, else a stranger's if there is exactly one, else ours.
    """


@hookspec
def hunkwise_rankers() -> "Sequence[Ranker]":  # type: ignore[empty-body]
    """Return rankers: they run in ascending `order`, each over the result of the one before."""


@hookspec
def hunkwise_sinks() -> "Sequence[Sink]":  # type: ignore[empty-body]
    """Return sinks: the forms that `--format` offers."""


@hookspec
def hunkwise_publishers() -> "Sequence[Publisher]":  # type: ignore[empty-body]
    """Return publishers: they post a report."""


@hookspec
def hunkwise_commands() -> "Sequence[Command]":  # type: ignore[empty-body]
    """Return verbs for the command line; a `Command` adds itself to the typer application."""
