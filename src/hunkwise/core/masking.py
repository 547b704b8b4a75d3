"""Hide what may be a secret in a line or a message."""

import re
from collections.abc import Iterable, Sequence

from hunkwise.core.model import Finding

HIDDEN = "…"
TOOLS = frozenset("detect-secrets detect_secrets ggshield git-secrets gitleaks talisman trufflehog whispers".split())  # noqa: SIM905
"""What they find is always a secret."""
CODES = frozenset("B105 B106 B107 S105 S106 S107 S2068 S6418 S6437".split())  # noqa: SIM905
"""Rules of bandit, of ruff and flake8, and of Sonar, that do not say in their name what they are about."""
ABOUT = re.compile(
    r"(?:^|[^a-z])(?:secrets?|pass(?:word|wd|phrase)s?|credentials?|api-?keys?|access-?keys?|private-?keys?"
    r"|(?:access|api|auth|bearer|hard-?coded)-?tokens?)(?![a-z])"
)
WORD = r"[a-z_. -]*(?:passw(?:or)?d|passphrase|secret|token|key|credential|user)s?[a-z_. -]*"
QUOTED = re.compile(r""""((?:\\.|[^"\\])*)(?:"|\\?$)|'((?:\\.|[^'\\])*)(?:'|\\?$)|`((?:\\.|[^`\\])*)(?:`|\\?$)""")
ASSIGNED = re.compile(
    r"(?<![=:])[=:]+\s*(?!//|(?:None|null|nil|undefined|[Tt]rue|[Ff]alse|[Ss]tr(?:ing)?|int|bool|bytes|any|char|const)\b)"
    r"([^\s\"'`()\[\]{},;=:][^\s\"'`,;]*)"
)
CREDENTIAL = re.compile(r":([^\s:/@\"'`]{3,})@")
NAMED = re.compile(r"(?i:passw(?:or)?d|passphrase|secret|token|key)s?\s+([^\s\"'`=:]+)")
LONG = re.compile(
    r"(?<![A-Za-z0-9+/_%.-])(?=[A-Za-z+/_%.-]*[0-9])(?=[0-9+/_%.-]*[A-Za-z])[A-Za-z0-9+/_%.-]{16,}={0,2}"
    r"|[A-Za-z0-9+/]{32,}={0,2}"
)
KEY_BEGINS = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
TOKEN = re.compile(
    r"gh[a-z]_[A-Za-z0-9._-]{36,}|github_pat_[A-Za-z0-9_]{22,}"
    r"|-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[\s\S])*(?:-----END[^\n]{0,60})?"
)
"""What is a token of GitHub's or a private key wherever it stands."""
LONGEST_BODY = 1000
TELLING = 8
"""Characters that a text must have to be hidden wherever it stands."""
KEY_BODY = re.compile(r"""[\s"'+>#*|]*(?:[A-Za-z0-9+/=]*|[A-Z][A-Za-z-]+: .*)(?:\\[nr])*[\s"'+,;)\\]*""")


def is_about_secret(finding: Finding) -> bool:
    """Return whether a finding is about a key, a token or a password that is written down, by its tool and rule."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", finding.rule).lower().replace("_", "-")
    code = re.match(r"(?:.*[./:])?([A-Z]+[0-9]+)", finding.rule)
    return finding.tool.lower() in TOOLS or (code is not None and code[1] in CODES) or ABOUT.search(words) is not None


def hide(text: str, values: Iterable[str]) -> str:
    """Return the text without these values."""
    for value in values:
        text = text.replace(value, HIDDEN)
    return text


def without_tokens(text: str) -> str:
    """Return the text without what looks like a token of GitHub's or a private key."""
    return TOKEN.sub(HIDDEN, text)


def masked(line: str, findings: Sequence[Finding] = ()) -> tuple[str, tuple[str, ...]]:
    """Return a line without what may be its secret: quoted, assigned, or long and odd; and what was hidden."""
    body = KEY_BEGINS.sub(lambda key: " " * len(key[0]), line)
    spans = [
        found.span(group)
        for pattern in (QUOTED, ASSIGNED, CREDENTIAL, NAMED, LONG)
        for found in pattern.finditer(body)
        for group in range(pattern.groups and 1, pattern.groups + 1)
        if found.span(group)[0] < found.span(group)[1]
    ]
    for finding in findings:
        where = finding.location
        if where.column and where.end_column and where.start == (where.end or where.start):
            start, end = where.column - 1, min(where.end_column - 1, len(line))
            if end - start >= 4 and not re.search(r"[\s\"'`]", body[start:end]):
                spans.append((start, end))
    if not spans and body.strip():
        spans = [(len(body) - len(body.lstrip()), len(body.rstrip()))]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    parts, last = [], 0
    for start, end in merged:
        parts += [line[last:start], HIDDEN]
        last = end
    return "".join((*parts, line[last:])), tuple(line[start:end] for start, end in spans)


def is_key_body(line: str) -> bool:
    """Return whether a line may be one of those between the first and the last of a private key."""
    return len(line) <= LONGEST_BODY and KEY_BODY.fullmatch(line) is not None


def is_telling(text: str) -> bool:
    """Return whether a text is odd enough to be hidden wherever it stands."""
    return len(text) >= 20 or (len(text) >= TELLING and re.fullmatch(r"[][A-Za-z _.,/()-]*", text) is None)


def is_own(text: str) -> bool:
    """Return whether a text is to be hidden in what is said of its line: not the mere word `password`."""
    return len(text) >= 4 and (len(text) > 40 or re.fullmatch(f"(?i:{WORD})", text) is None)


def without_quotes(message: str, code: str) -> str:
    """Return a message with all hidden that it quotes, but for what the masked line still shows."""

    def cut(quoted: re.Match[str]) -> str:
        content = next(filter(None, quoted.groups()), "")
        return quoted[0] if not content or content in code else quoted[0].replace(content, HIDDEN)

    return re.sub(QUOTED.pattern.replace(r"|\\?$", ""), cut, message)
