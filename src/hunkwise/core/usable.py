"""Judge what a model wrote: tidy the text, and say why it must not be shown if it must not."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from hunkwise.core.reading import Written


class Flaw(StrEnum):
    """Why a text is withheld."""

    EMPTY = "empty"
    TRUNCATED = "truncated"
    REPETITIVE = "repetitive"
    GENERIC = "generic"


class Judged(NamedTuple):
    """A tidied text and its flaw, if it has one."""

    text: str
    flaw: Flaw | None = None


FEWEST_WORDS = 4
LONGEST = 400
"""Characters of a comment; whole sentences beyond it are left out."""
SHORTEST_COPY = 12
"""Characters of a line of code that a text may not consist of."""
REPEATED = 0.35
"""The share of three-word runs that come again in a text that goes round in circles."""
ECHO = 0.8
"""How alike a text may be to what the model was given before it says nothing of its own."""
_FENCE = re.compile(r"```|~~~|<\||\b[A-Z]{1,2}\|[+ -]|^\s*(?:[+-]{3}|@@) ", re.MULTILINE)
_LEAD = re.compile(
    r"^(?:[-*#>\s]|\d+\.\s)*(?:(?:line\s+\w{1,3}|[A-Z]{1,2}|comment|answer|review)\s*[:.-]\s*)?", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(])")
_WORD = re.compile(r"[A-Za-z0-9_]+")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_PRAISE = re.compile(
    r"\b(?:looks? (?:good|fine|ok)|lgtm|well[- ]written|good (?:job|practice|example)|nice (?:work|job)"
    r"|no (?:issues?|problems?|bugs?) (?:were |was |are |is )?(?:found|here|in|with)|is (?:correct|fine)\b)",
    re.IGNORECASE,
)
_STOCK = re.compile(
    r"\b(?:as an ai|i(?:'m| am) sorry|i can(?:not|'t) (?:help|assist)"
    r"|here(?:'s| is) (?:a|the|an) (?:\w+ )?(?:more|revised|corrected|possible|example|code|concise)"
    r"|a tool says of|one or two sentences|what is wrong there|do not repeat the code"
    r"|the (?:code|change|line) (?:above|below) (?:is|adds|does)|a line with \+"
    r"|(?:consider|please) (?:adding|add) (?:a )?(?:comments?|documentation|tests?)\b[^`]*$)",
    re.IGNORECASE,
)
_EVERYDAY = """
about above after again against because before being below between change changed changes class code comment
comments could define does error false file files first from function here import into line lines list make
method missing more name need needs none null object other output public return returns self should static
string test that their there these this true type used using value values variable void when where which with
would your
"""
_COMMON = frozenset(_EVERYDAY.split())


def judge(written: Written, code: Sequence[str], given: Sequence[str] = ()) -> Judged:
    """Return the text as it may be shown, with its flaw if it has one.

    code: the lines of the hunk, of which the text must name something. given: what the model was told, such as a
    tool's message: a text that only says it again has nothing to say.
    """
    text, is_whole = _first_paragraph(written.text)
    if not is_whole and written.is_cut:
        complete = _whole_sentences(text)
        if len(_WORD.findall(complete)) < FEWEST_WORDS:
            return Judged(text, Flaw.TRUNCATED if text else Flaw.EMPTY)
        text = complete
    if len(_WORD.findall(text)) < FEWEST_WORDS:
        return Judged(text, Flaw.EMPTY)
    text = _shortened(text)
    if _goes_round(text) or _is_copy(text, code) or any(_is_alike(text, one) for one in (*given, *code)):
        return Judged(text, Flaw.REPETITIVE)
    if _PRAISE.search(text) or _STOCK.search(text) or not _names_something(text, code):
        return Judged(text, Flaw.GENERIC)
    return Judged(text)


def _first_paragraph(text: str) -> tuple[str, bool]:
    """Return the prose before the first blank line or block of code, and whether something followed it."""
    prose = _FENCE.split(text.strip(), maxsplit=1)
    paragraph, *rest = re.split(r"\n\s*\n", prose[0].strip(), maxsplit=1)
    tidy = _LEAD.sub("", " ".join(paragraph.split()), count=1).strip().strip("\"'").strip()
    return tidy.removesuffix(":").strip() if len(prose) > 1 else tidy, len(prose) > 1 or bool(rest)


def _whole_sentences(text: str) -> str:
    end = max((match.end() for match in re.finditer(r"[.!?](?=\s|$)", text)), default=0)
    return text[:end]


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    kept = ""
    for sentence in _SENTENCE.split(text):
        if kept and len(kept) + 1 + len(sentence) > LONGEST:
            break
        kept = f"{kept} {sentence}".strip()
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 3].rstrip() + "..."


def _goes_round(text: str) -> bool:
    sentences = [one.lower().strip(" .!?") for one in _SENTENCE.split(text)]
    if len(set(sentences)) < len(sentences):
        return True
    words = [word.lower() for word in _WORD.findall(text)]
    runs = list(zip(words, words[1:], words[2:], strict=False))
    return len(runs) >= 6 and 1 - len(set(runs)) / len(runs) > REPEATED


def _is_alike(text: str, other: str) -> bool:
    mine, theirs = _WORD.findall(text.lower()), _WORD.findall(other.lower())
    if len(theirs) < FEWEST_WORDS:
        return False
    return SequenceMatcher(None, mine, theirs, autojunk=False).ratio() >= ECHO


def _is_copy(text: str, code: Sequence[str]) -> bool:
    """Whether the text is no more than a line of the code with a word or two around it."""
    return any(
        len(line.strip()) >= SHORTEST_COPY
        and line.strip() in text
        and len(_WORD.findall(text.replace(line.strip(), " "))) < FEWEST_WORDS
        for line in code
    )


def _names_something(text: str, code: Sequence[str]) -> bool:
    """Whether the text names a word of the code that is not an everyday one."""
    known = {word.lower() for line in code for word in _IDENTIFIER.findall(line) if len(word) > 1}
    words = [word.lower() for word in _IDENTIFIER.findall(text)]
    quoted = {word.lower() for part in re.findall(r"`([^`]+)`", text) for word in _IDENTIFIER.findall(part)}
    return any(word in known and (word in quoted or (len(word) > 3 and word not in _COMMON)) for word in words)
