"""The form of a case on disk: one JSON object a line; what is not named here is passed over."""

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt

from hunkwise.core.model import RepoPath
from hunkwise.evaluation.cases import HumanComment


class CommentRow(BaseModel):
    """A comment; `anchor_line` is the head's line also where `line` is none, as on a removed line."""

    model_config = ConfigDict(frozen=True)

    path: str = Field(min_length=1)
    line: PositiveInt | None = None
    start_line: PositiveInt | None = None
    anchor_line: PositiveInt | None = None
    comment: str = ""
    is_bot: bool = False
    self_comment_likely: bool = False

    def value(self) -> HumanComment:
        """Return what the rest of the evaluation works with."""
        return HumanComment(
            path=RepoPath(self.path),
            line=self.anchor_line or self.line,
            text=self.comment,
            start=self.start_line,
            is_scored=not self.is_bot and not self.self_comment_likely,
        )


class Row(BaseModel):
    """A pull request."""

    model_config = ConfigDict(frozen=True)

    id: str = ""
    repo: str = Field(min_length=1, pattern=r"^[^/\s]+/[^/\s]+$")
    pr: NonNegativeInt
    diff: str
    language: str = ""
    scope: str = ""
    comments: tuple[CommentRow, ...] = ()
    revised: tuple[tuple[str, PositiveInt], ...] | None = None
