"""The rules for where a review comment may hang, which no schema knows, with the words of GitHub's refusals."""

from collections.abc import Sequence
from dataclasses import dataclass

from hunkwise.testing.github.answers import Refused, number_of, text_of, unprocessable
from hunkwise.testing.github.diffs import ChangedFile, HunkLine
from hunkwise.testing.github.state import Json

_THREAD = "Pull request review thread"
_NO_HUNK = "diff hunk can't be blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a comment hangs; `last` is None for a whole file, `first` unless it spans several lines."""

    path: str
    file: ChangedFile
    last: HunkLine | None = None
    first: HunkLine | None = None
    side: str = "RIGHT"
    start_side: str | None = None


def find_spot(files: Sequence[ChangedFile], fields: Json, *, in_review: bool) -> Spot:
    """Return where a comment wants to hang; raises Refused, in a review's words or a single comment's."""
    path = text_of(fields, "path")
    file = next((one for one in files if one.path == path), None)
    side = text_of(fields, "side", "RIGHT") or "RIGHT"
    start_side = text_of(fields, "start_side", side) or side
    if file is None:
        raise _refusal(in_review, ("path is invalid", _NO_HUNK), "path")
    if not in_review and fields.get("subject_type") == "file":
        return Spot(path=path, file=file, side=side)
    if side not in ("LEFT", "RIGHT") or start_side not in ("LEFT", "RIGHT"):
        raise _refusal(in_review, ("side is invalid",), "side")
    line, start = number_of(fields, "line"), number_of(fields, "start_line")
    position = number_of(fields, "position")
    if line is None and position is not None:
        by_position = next((one for one in file.lines if one.position == position), None)
        if by_position is None:
            raise _refusal(in_review, ("position is invalid", _NO_HUNK), "position")
        side = "LEFT" if by_position.right is None else "RIGHT"
        return Spot(path=path, file=file, last=by_position, side=side)
    last = file.find(line, side) if line is not None else None
    if start is None:
        if last is None:
            raise _refusal(in_review, ("line must be part of the diff", _NO_HUNK), "line")
        return Spot(path=path, file=file, last=last, side=side)
    if start == line and start_side == side:
        raise _refusal(in_review, ("start line must precede the end line.",), "start_line")
    first = file.find(start, start_side)
    same_hunk = "start line must be part of the same hunk as the line."
    if last is None:
        raise _refusal(in_review, ("line must be part of the diff", same_hunk, _NO_HUNK), "line")
    if first is None or first.hunk != last.hunk:
        raise _refusal(in_review, (same_hunk,), "start_line")
    if first.position >= last.position:
        raise _refusal(in_review, ("start line must precede the end line.",), "start_line")
    return Spot(path=path, file=file, last=last, first=first, side=side, start_side=start_side)


def _refusal(in_review: bool, faults: Sequence[str], field: str) -> Refused:
    if in_review:
        sentences = [f"{_THREAD} {fault}" for fault in faults]
        if len(sentences) > 2:
            return unprocessable(f"{', '.join(sentences[:-1])}, and {sentences[-1]}")
        return unprocessable(" and ".join(sentences))
    name = f"pull_request_review_thread.{field}"
    words = faults[0].replace("start line", "start_line", 1)
    message = f"pull_request_review_thread.{words}".rstrip(".")
    errors: list[object] = [
        {"resource": "PullRequestReviewComment", "code": "custom", "field": name, "message": message}
    ]
    if _NO_HUNK in faults:
        hunk = "pull_request_review_thread.diff_hunk"
        errors.append({"resource": "PullRequestReviewComment", "code": "missing_field", "field": hunk})
    return Refused(422, "Validation Failed", errors)
