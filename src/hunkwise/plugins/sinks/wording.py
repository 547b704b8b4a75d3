"""What a comment says in words, the same in every form for people: place, message, sources and reasons."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from hunkwise.core.model import Candidate, Decision, Location, Report, ReviewComment
from hunkwise.core.text import display_path, printable
from hunkwise.plugins.sinks.excerpt import anchor

WEB_URL = re.compile(r"https?://[A-Za-z0-9.:-]+(/[A-Za-z0-9/._~%!$&'()*+,;=:@?#-]*)?")
HELD_BACK = tuple(decision for decision in Decision if decision is not Decision.KEPT)


def say_place(where: Location) -> str:
    """Return `path:line` or `path:line-line`, safe to show."""
    path = display_path(where.path)
    if where.start is None:
        return path
    if where.end is None or where.end <= where.start:
        return f"{path}:{where.start}"
    return f"{path}:{where.start}-{where.end}"


def say_message(comment: ReviewComment) -> str:
    """Return what the comment says, as text or else in its tool's own words; line breaks are kept."""
    said = comment.text.strip() or comment.scored.candidate.message.strip() or say_sources(comment)
    return printable(said.replace("\r\n", "\n"), keep="\n")


def say_sources(comment: ReviewComment) -> str:
    """Return the tools and their rules: `pylint W0102, ruff B006 agree`."""
    rules: dict[str, list[str]] = defaultdict(list)
    for finding in comment.scored.candidate.sources:
        if finding.rule not in rules[finding.tool]:
            rules[finding.tool].append(finding.rule)
    named = [printable(" ".join([tool, ", ".join(filter(None, codes))]).strip()) for tool, codes in rules.items()]
    if len(named) > 1:
        return f"{', '.join(named)} agree"
    return named[0] if named else printable(comment.scored.candidate.rule)


def say_rule(candidate: Candidate, separator: str = "/") -> str:
    """Return the first source's tool and rule as one name, `pylint/W0102`."""
    if not candidate.sources:
        return printable(candidate.rule) or "hunkwise"
    return printable(separator.join(filter(None, (candidate.sources[0].tool, candidate.sources[0].rule))))


def web_url(candidate: Candidate) -> str:
    """Return the first source's help page, or nothing where it is not a plain http(s) URL."""
    return next((source.url for source in candidate.sources if WEB_URL.fullmatch(source.url)), "")


def say_reasons(comment: ReviewComment) -> str:
    """Return sources, score and why, in one line."""
    parts = [say_sources(comment), f"{comment.scored.score:.2f}", ", ".join(map(printable, comment.scored.why))]
    return " · ".join(part for part in parts if part)


def say_unoffered(comment: ReviewComment) -> str:
    """Return why a fix that a tool has is not offered, in one line."""
    return f"no suggestion: {' '.join(printable(comment.unoffered, keep=chr(10)).split())}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return `1 file`, `2 files`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def held_back(report: Report) -> Mapping[Decision, tuple[ReviewComment, ...]]:
    """Return what is not shown, by decision, in the order of the report."""
    return {
        decision: found
        for decision in HELD_BACK
        if (found := tuple(one for one in report.comments if one.verdict.decision is decision))
    }


def by_rule(comments: Iterable[ReviewComment]) -> str:
    """Return how many of the comments each rule has, most first, in one line."""
    counts = Counter(comment.scored.candidate.rule.replace(".", " ", 1) for comment in comments)
    return ", ".join(f"{printable(rule)} × {count:,}" for rule, count in sorted(counts.items(), key=_most_first))


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def explained(comment: ReviewComment) -> str:
    """Return a held-back candidate in one line: where, what, by whom, how likely, and why it is held back."""
    candidate = comment.scored.candidate
    message = " ".join(printable(candidate.message, keep="\n").split())
    said = f"{say_place(anchor(candidate))} · {say_reasons(comment)}"
    if message:
        said = f"{said} · {shorten(message, 120)}"
    return f"{said} — {printable(comment.verdict.reason)}" if comment.verdict.reason else said


def shorten(text: str, most: int) -> str:
    """Return at most `most` characters, the last of them an ellipsis where something is left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
