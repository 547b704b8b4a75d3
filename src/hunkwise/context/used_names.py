"""The names that a hunk uses, and the definitions that it changes."""

from collections import Counter

from hunkwise.context.excerpts import added, touched
from hunkwise.core.model import Hunk
from hunkwise.core.outline import Outline, Scope

SHORTEST = 3
"""Characters; shorter names are everywhere."""
_COMMON = """
self this super cls args kwargs none true false null undefined int str bool float list dict set tuple len print
string boolean void object char double long byte any number error exception test main init new get run
name value data key result index type range isinstance getattr setattr append format join split
"""
COMMON = frozenset(_COMMON.split())
"""Names, in lower case, that say nothing by themselves."""


_UNIVERSAL = (
    "toString hashCode equals compareTo clone finalize close valueOf toJSON render String Error main setUp tearDown"
)
UNIVERSAL = frozenset(_UNIVERSAL.split())
"""Methods of everything: who calls one of them calls another's."""


def names_used(hunk: Hunk, outline: Outline) -> tuple[str, ...]:
    """Return the identifiers on the added lines, those that the file uses least first: they say most."""
    found = dict.fromkeys(
        name
        for number in added(hunk)
        for name in outline.names.get(number, ())
        if len(name) >= SHORTEST and name.lower() not in COMMON
    )
    often = Counter(name for names in outline.names.values() for name in names if name in found)
    return tuple(sorted(found, key=lambda name: often[name]))


def definitions_changed(hunk: Hunk, outline: Outline) -> tuple[tuple[Scope, bool], ...]:
    """Return the innermost definitions that a hunk changes, and whether it changes the signature; those first."""
    found: dict[Scope, bool] = {}
    new = frozenset(added(hunk))
    for number in touched(hunk):
        around = outline.around(number)
        if not around:
            continue
        scope = around[0]
        is_signature = number in new and scope.line <= number <= scope.signature
        found[scope] = found.get(scope, False) or is_signature
    return tuple(sorted(found.items(), key=lambda item: (not item[1], item[0].start)))


def called_as(scope: Scope, outline: Outline) -> str:
    """Return the name that callers of a definition write: of a constructor, that of its class."""
    is_constructor = scope.name in ("__init__", "__new__", "constructor", "initialize", "__construct")
    if is_constructor and scope.parent >= 0:
        return outline.scopes[scope.parent].name
    return scope.name
