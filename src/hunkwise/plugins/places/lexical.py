"""Describe places by what the text of their line looks like, in any of the common languages."""

import re
from collections.abc import Mapping, Sequence

from hunkwise.core.model import Change, Finding, Place
from hunkwise.core.ports import Workspace

_FLAGS = {
    "is_blank": r"^\s*$",
    "is_import": r"^\s*(?:import\b|from\s+\S+\s+import\b|#include\b|using\s+[\w.]+;|package\s"
    r"|(?:const|var|let)\s+.*\brequire\()",
    "is_comment": r"^\s*(?:#(?!include)|//|/?\*|\"\"\"|''')",
    "is_closing": r"^\s*[\])}]+[;,)]*\s*$|^\s*(?:end|fi|done|esac)\s*$",
    "is_branch": r"^\s*(?:\}\s*)?(?:if|elif|else|for|while|switch|case|match|when|do)\b",
    "is_error_handling": r"\b(?:except|raise|catch|throw|throws|finally|panic|unwrap|recover|rescue)\b",
    "is_signature": r"^\s*(?:async\s+)?(?:def|class|function|func|fun|fn|interface|enum|struct|trait)\b"
    r"|^\s*(?:public|private|protected|internal|static|final|abstract|export|override)\b[^=;]*\([^;]*$",
    "is_todo": r"\b(?:TODO|FIXME|XXX|HACK)\b",
    "is_return": r"^\s*(?:return|yield)\b",
    "is_assignment": r"^[^=(]*[\w\])]\s*(?::[^=]*)?[-+*/|&]?:?=(?!=)",
    "is_decorator": r"^\s*@\w",
    "is_assertion": r"\bassert\w*\b|\bexpect\(|\b(?:should|verify)\w*\(",
    "has_call": r"\w\s*\(",
    "has_text": r"\"[^\"]|'[^']|`",
    "has_number": r"(?<![\w.])(?:[2-9]|\d{2,}|\d+\.\d+)(?![\w.])",
    "has_condition": r"&&|\|\||\b(?:and|or|not|is|in|instanceof|typeof)\b|[=!<>]=|\?\s*\S+.*:",
    "has_nothing": r"\b(?:None|null|nil|undefined|NaN)\b",
    "has_type": r"->|\b\w+\s*:\s*[A-Z\[]\w*|<[A-Z]\w*>",
    "has_self": r"\b(?:self|this|cls|super)\b\.?",
    "has_lambda": r"\blambda\b|=>|\bfunc(?:tion)?\s*\(",
    "has_output": r"\b(?:print\w*|log\w*|warn\w*|console|debug|echo)\b[.(]",
    "has_waiting": r"\b(?:async|await|go|chan|synchronized|volatile|lock\w*|Thread\w*|sleep|timeout\w*)\b",
    "has_prose": r"[A-Za-z]{2,}\s+[a-z]{2,}\s+[a-z]{2,}\s+[a-z]{2,}",
    "has_old": r"(?i)deprecat|legacy|backward|compat|workaround|temporar",
    "has_switch_off": r"noqa|type:\s*ignore|eslint-disable|SuppressWarnings|nolint|pylint:|pragma|@Suppress",
}
FLAGS = {name: re.compile(pattern) for name, pattern in _FLAGS.items()}


class Lexical:
    """Facts about a line that its text alone shows; each is 0 or 1."""

    name = "lexical"

    def features(
        self, places: Sequence[Place], change: Change, workspace: Workspace, findings: Sequence[Finding]
    ) -> Mapping[str, Sequence[float]]:
        """Return a column for each fact, and for the hunk the share of its places that have it (`hunk_…`)."""
        if not places:
            return {}
        texts = {
            (hunk.path, line.new): line.text
            for file in change.files
            for hunk in file.hunks
            for line in hunk.lines
            if line.new is not None
        }
        seen = [texts[place.location.path, place.location.start or 0] for place in places]
        columns = {name: [float(flag.search(text) is not None) for text in seen] for name, flag in FLAGS.items()}
        hunks = [place.hunk for place in places]
        return columns | {f"hunk_{name}": _shares(hunks, column) for name, column in columns.items()}


def _shares(hunks: Sequence[str], column: Sequence[float]) -> list[float]:
    count: dict[str, int] = {}
    total: dict[str, float] = {}
    for hunk, value in zip(hunks, column, strict=True):
        count[hunk] = count.get(hunk, 0) + 1
        total[hunk] = total.get(hunk, 0.0) + value
    return [total[hunk] / count[hunk] for hunk in hunks]
