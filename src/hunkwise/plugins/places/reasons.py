"""Say in plain words what about a place can make it worth a second look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hunkwise.core.model_reading import P_LINE

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Reason:
    """The features that it stands on, and its words; no words where it does not hold."""

    columns: frozenset[str]
    text: Callable[[Features], str]


def _flag(name: str, words: str) -> Reason:
    return Reason(frozenset((name,)), lambda features: words if features.get(name) else "")


def _size(features: Features) -> str:
    added, total = int(features.get("hunk_added", 0)), int(features.get("change_added", 0))
    if features.get("is_largest") and added >= 4:
        return f"the largest part of the change ({added} of {total} added lines)"
    if added >= 4 and added >= total * 0.2 and features.get("change_hunks", 1) > 2:
        return f"a large part of the change ({added} of {total} added lines)"
    return f"a long hunk ({added} added lines)" if added >= 15 and features.get("change_hunks", 1) > 1 else ""


def _new(features: Features) -> str:
    words = int(features.get("hunk_new_words", 0))
    if words >= 3 and features.get("hunk_net_share", 0) >= 0.5:
        return f"{words} names that are new to the change"
    return "mostly new code" if features.get("hunk_net_share", 0) >= 0.8 and features.get("tokens", 0) else ""


def _rewritten(features: Features) -> str:
    if features.get("hunk_removed", 0) < 1 or features.get("hunk_added", 0) < 1:
        return ""
    if features.get("hunk_kept", 0) < 0.4:
        return "replaces existing code with something unlike it"
    return "edits existing code"


def _unlike(features: Features) -> str:
    alone = max(features.get("hunk_like_other", 1), features.get("hunk_repeated", 1), features.get("hunk_moved", 1))
    return "unlike the other parts of the change" if features.get("change_hunks", 0) >= 3 and alone <= 0.15 else ""


def _line_words(features: Features) -> str:
    count = int(features.get("new_to_file", 0))
    if count < 2:
        return ""
    kind = "words" if features.get("is_comment") or features.get("has_prose") else "names"
    return f"brings {count} new {kind}"


def _block(features: Features) -> str:
    run = int(features.get("run", 0))
    if run < 4 or features.get("run_start", 1) > 1:
        return ""
    return f"where a block of {run} new lines begins"


_SIZE = "hunk_added hunk_share hunk_rank hunk_places is_largest file_added file_share"
_NEW = "hunk_new_tokens hunk_new_words hunk_net_share"
_OLD = "hunk_removed hunk_gone_tokens hunk_kept is_replacing"
_ALIKE = "hunk_like_other hunk_like_earlier hunk_repeated hunk_moved"

REASONS = (
    Reason(frozenset(_SIZE.split()), _size),
    Reason(frozenset(_NEW.split()), _new),
    Reason(frozenset(_OLD.split()), _rewritten),
    Reason(frozenset(_ALIKE.split()), _unlike),
    Reason(frozenset(("new_to_hunk", "new_to_file", "new_to_change", "rare_words")), _line_words),
    Reason(frozenset(("run", "run_start")), _block),
    Reason(
        frozenset(("is_opener", "indent_step")),
        lambda features: "opens a block" if features.get("is_opener") and not features.get("is_signature") else "",
    ),
    Reason(
        frozenset(("length", "tokens", "words")),
        lambda features: f"a long line ({features['length']:.0f} characters)" if features.get("length", 0) > 79 else "",
    ),
    Reason(
        frozenset(("is_test",)),
        lambda features: "" if features.get("is_test", 1) or features.get("file_share", 1) == 1 else "not test code",
    ),
    Reason(
        frozenset(("hunk_is_branch", "hunk_has_condition")),
        lambda features: "decisions all around" if features.get("hunk_is_branch", 0) >= 0.2 else "",
    ),
    Reason(
        frozenset(("like_removed",)),
        lambda features: "almost the line that it replaces" if 0.6 <= features.get("like_removed", 0) < 1 else "",
    ),
    Reason(
        frozenset(("position", "from_start", "from_end")),
        lambda features: (
            "the end of its hunk" if features.get("from_end", 1) == 0 < features.get("from_start", 0) else ""
        ),
    ),
    Reason(frozenset((P_LINE,)), lambda features: "the language model points here" if features.get(P_LINE) else ""),
    _flag("is_signature", "a new or changed signature"),
    _flag("is_branch", "a new or changed branch"),
    _flag("is_error_handling", "error handling"),
    _flag("is_return", "what is returned"),
    _flag("is_todo", "left to do"),
    _flag("is_decorator", "a decorator or an annotation"),
    _flag("is_assertion", "what a test asserts"),
    _flag("is_import", "a new import"),
    _flag("is_comment", "a comment that readers will rely on"),
    _flag("is_deletion", "where lines were taken out"),
    _flag("has_condition", "a condition"),
    _flag("has_number", "a bare number"),
    _flag("has_nothing", "handles a missing value"),
    _flag("has_lambda", "a function in passing"),
    _flag("has_output", "output or logging"),
    _flag("has_waiting", "concurrency or time"),
    _flag("has_old", "compatibility or a workaround"),
    _flag("has_switch_off", "switches a check off"),
)
