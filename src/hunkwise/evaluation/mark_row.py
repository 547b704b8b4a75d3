"""The form of a marked reading and of its key on disk: one JSON object a line."""

from pydantic import BaseModel, ConfigDict, Field, StrictBool


class MarkRow(BaseModel):
    """What the reader thinks of a text; the hunk and the text itself may have been left out."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(min_length=1)
    usable: StrictBool
    why: str = ""


class KeyRow(BaseModel):
    """What the reader did not see of a text."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(min_length=1)
    source: str
    about: str = ""
    guard: str = ""
    text: str = ""
