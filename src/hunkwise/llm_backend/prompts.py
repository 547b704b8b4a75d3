"""Render what a language model is asked; the words stand in `prompts/*.j2`."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from hunkwise.core.model import Line
from hunkwise.core.reading import HunkTask
from hunkwise.core.text import printable

if TYPE_CHECKING:
    from jinja2 import Environment, Template

Messages = list[dict[str, str]]
"""Chat messages with the keys `role` and `content`."""
BLANK = "..."
"""What stands in a content-free prompt for the text of each line."""
PROMPT_TOKENS = 1536
"""Tokens of a prompt for a model of some size."""
TEXT_TOKENS = 96
"""Tokens of a comment."""
LONGEST_LINE = 200
"""Characters of a line that are shown."""


def render_locate(task: HunkTask, labels: Sequence[str], none: str) -> Messages:
    """Return the chat that asks which line needs a comment; one label a place, `none` for no line.

    Raises ValueError where the labels are not as many as the places.
    """
    return _messages("locate.j2", {**_task(task, labels), "nothing": none})


def render_write(task: HunkTask, labels: Sequence[str], place: int, claim: str = "") -> Messages:
    """Return the chat that asks for a comment on a place, a line's number in the head.

    claim: what is said of it already, in one line.
    """
    label = labels[task.places.index(place)]
    return _messages("write.j2", {**_task(task, labels), "label": label, "claim": _one_line(claim)})


def content_free(places: int, path: str = BLANK) -> HunkTask:
    """Return a task with that many places and nothing in it: what a model answers to it is bias."""
    from hunkwise.core.model import Hunk, RepoPath

    lines = tuple(Line(None, number, BLANK) for number in range(1, places + 1))
    hunk = Hunk(id="", path=RepoPath(path), old_start=0, old_length=0, new_start=1, new_length=places, lines=lines)
    return HunkTask(hunk=hunk, lines=lines, places=tuple(range(1, places + 1)))


@cache
def prompts_hash() -> str:
    """Return a hash of all prompt files: part of the key of what is cached and of a card."""
    digest = hashlib.sha256()
    for file in sorted(_folder().iterdir(), key=lambda one: one.name):
        if file.name.endswith(".j2"):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _messages(name: str, values: Mapping[str, object]) -> Messages:
    return [
        {"role": "system", "content": _template("system.j2").render().strip()},
        {"role": "user", "content": _template(name).render(values).strip()},
    ]


def _task(task: HunkTask, labels: Sequence[str]) -> Mapping[str, object]:
    label_of = dict(zip(task.places, labels, strict=True))
    return {
        "path": printable(task.hunk.path),
        "language": task.language,
        "context": [
            {
                "origin": printable(item.origin),
                "path": printable(item.path),
                "text": "\n".join(_shown(line) for line in item.text.split("\n")),
            }
            for item in task.context
        ],
        "hints": [
            {
                "label": label_of.get(hint.location.start or 0, "-"),
                "message": _one_line(hint.message),
                "tool": hint.tool,
            }
            for hint in task.hints
        ],
        "lines": [
            {
                "label": label_of.get(line.new or 0, " ") if line.new else " ",
                "sign": _sign(line),
                "text": _shown(line.text),
            }
            for line in task.lines
        ],
    }


def _sign(line: Line) -> str:
    return "+" if line.is_added else "-" if line.is_removed else " "


def _shown(text: str) -> str:
    text = text.rstrip("\r").expandtabs(4)
    return printable(text[:LONGEST_LINE]) + ("..." if len(text) > LONGEST_LINE else "")


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))[:LONGEST_LINE]


def _template(name: str) -> "Template":
    return _environment().get_template(name)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(lambda name: (_folder() / name).read_text("utf-8")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _folder() -> "resources.abc.Traversable":
    return resources.files("hunkwise.llm_backend") / "prompts"
