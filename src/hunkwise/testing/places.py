"""Check that a place scorer or a feature provider keeps its contract."""

from collections.abc import Mapping, Sequence
from math import isfinite

from hunkwise.core.model import Change, Finding, Place
from hunkwise.core.ports import FeatureProvider, PlaceScorer, Workspace
from hunkwise.testing.builders import Files, make_change, make_finding, make_place
from hunkwise.testing.words import called, require, require_shape
from hunkwise.testing.workspace import FakeWorkspace

FILES: Files = {
    "a.py": ("x = 1\n", "x = 1\ny = z\n\nif y:\n    x = 2\n"),
    "tests/test_a.py": "def test_a():\n    assert a\n",
}


def check_scorer(scorer: PlaceScorer, places: Sequence[Place] | None = None) -> None:
    """Require one probability in [0, 1] a place, the same each time, and reasons in words.

    Runs on places of its own unless some are given, with and without features; raises AssertionError in words.
    """
    name = require_shape("hunkwise_scorers", scorer)
    places = _places(make_change(FILES)) if places is None else places
    for case, sample in {"no places": (), "one place": places[:1], "all places": places}.items():
        scores = called(f"{name}.score", case, lambda sample=sample: list(scorer.score(sample)))  # type: ignore[misc]
        require(len(scores) == len(sample), f"{name}.score gave {len(scores)} numbers for {len(sample)} places")
        for score in scores:
            require(_is_number(score) and 0 <= score <= 1, f"{name}.score gave {score!r}; probabilities lie in [0, 1]")
        again = called(f"{name}.score", case, lambda sample=sample: list(scorer.score(sample)))  # type: ignore[misc]
        require(scores == again, f"{name}.score gave two answers to one question ({case})")
    for place in places:
        why = called(f"{name}.explain", f"line {place.location.start}", lambda place=place: scorer.explain(place))  # type: ignore[misc]
        words = isinstance(why, tuple) and all(isinstance(one, str) and one for one in why)
        require(words, f"{name}.explain returned {why!r}; return a tuple of texts, which may be empty")


def check_features(provider: FeatureProvider, files: Files = FILES) -> None:
    """Require named columns with one finite number a place, the same columns for every change.

    Runs on files of its own unless some are given, by their texts before and after; raises AssertionError in words.
    """
    name = require_shape("hunkwise_features", provider)
    change = make_change(files)
    places, finding = _places(change), (make_finding(path=change.files[0].path, line=2),)
    seen: dict[str, frozenset[str]] = {}
    with FakeWorkspace.of(files) as workspace, FakeWorkspace(is_complete=False) as bare:
        cases: dict[str, tuple[Sequence[Place], Workspace, Sequence[Finding]]] = {
            "all places": (places, workspace, finding),
            "no findings": (places, workspace, ()),
            "no places": ((), workspace, ()),
            "a bare patch": (places, bare, ()),
        }
        for case, (sample, around, findings) in cases.items():
            columns = _columns(provider, name, case, sample, change, around, findings)
            seen[case] = frozenset(columns)
    for case, columns_seen in seen.items():
        odd = sorted(columns_seen ^ seen["all places"]) if columns_seen or case != "no places" else ()
        require(
            not odd, f"{name}.features has other columns on {case}: {', '.join(odd)}; columns must not depend on it"
        )


def _columns(
    provider: FeatureProvider,
    name: str,
    case: str,
    places: Sequence[Place],
    change: Change,
    workspace: Workspace,
    findings: Sequence[Finding],
) -> Mapping[str, Sequence[float]]:
    what = f"{name}.features"
    columns = called(what, case, lambda: provider.features(places, change, workspace, findings))
    require(isinstance(columns, Mapping), f"{what} returned {type(columns).__name__}; return columns by name")
    require(case == "no places" or bool(columns), f"{what} has no columns on {case}")
    for column, numbers in columns.items():
        require(isinstance(column, str) and bool(column), f"{what} has a column named {column!r}")
        short = f"{what} has {len(numbers)} numbers in {column!r} for {len(places)} places"
        require(len(numbers) == len(places), short)
        for number in numbers:
            require(_is_number(number), f"{what} has {number!r} in {column!r} on {case}; numbers must be finite")
    again = called(what, case, lambda: provider.features(places, change, workspace, findings))
    require(_listed(again) == _listed(columns), f"{what} gave two answers to one question ({case})")
    return columns


def _listed(columns: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    return {name: list(numbers) for name, numbers in columns.items()}


def _places(change: Change) -> tuple[Place, ...]:
    return tuple(
        make_place(file.path, line.new, hunk=hunk.id, features={"added": 1.0} if line.new % 2 else {})
        for file in change.files
        for hunk in file.hunks
        for line in hunk.lines
        if line.new is not None and line.old is None
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and isfinite(value)
