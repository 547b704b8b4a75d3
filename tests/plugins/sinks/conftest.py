"""Reports to render: realistic, empty, incomplete and hostile; and the validators that are not ours."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hunkwise.core.cover import build_cover
from hunkwise.core.model import (
    Candidate,
    Category,
    Change,
    Decision,
    Edit,
    Failure,
    FileOutcome,
    Finding,
    Fix,
    Focus,
    Kind,
    Location,
    Place,
    RepoPath,
    Report,
    ReviewComment,
    Scored,
    Severity,
    Sha,
    Side,
    State,
    Trust,
    Verdict,
)
from hunkwise.testing import make_change, make_file

TESTS = Path(__file__).parents[2]
GOLDEN = TESTS / "golden" / "sinks"
CART = RepoPath("src/shop/cart.py")
MAIL = RepoPath("src/shop/mail.py")
DEPLOY = RepoPath("scripts/deploy.sh")
HOSTILE_PATH = RepoPath("a\x1b[31m/\u202eevil\u200b\udcff\n[bold]x[/bold]<b>`|@you.py")
HOSTILE_TEXT = (
    "\x00\x07\x1b]0;t\x07\x1b[2J \u202eabc\u202c \u200b \x9b31m ]]> </script> <!-- & \"'` ``` [red]x[/red] @you #1 "
    "\r\n\t\udcff\ud800 \U0001f469\u200d\U0001f4bb \uffff | $(id) %s {0} \\"
)
"""Control characters, escapes, bidi, markup of every kind, lone surrogates."""

SHOP = (TESTS / "samples" / "sinks" / "shop.diff").read_text()


def finding(tool: str, rule: str, message: str, path: RepoPath = CART, line: int | None = 1, **more: object) -> Finding:
    end = more.pop("end", line)
    where = Location(
        path=path, start=line, end=end, column=more.pop("column", None), end_column=more.pop("end_column", None)
    )  # type: ignore[arg-type]
    return Finding(tool=tool, rule=rule, message=message, location=where, **more)  # type: ignore[arg-type]


def comment(
    *sources: Finding,
    score: float = 0.5,
    why: Sequence[str] = (),
    decision: Decision = Decision.KEPT,
    reason: str = "",
    text: str = "",
    suggestion: str | None = None,
    fingerprint: str = "",
    code: str = "",
    on_diff: bool = True,
) -> ReviewComment:
    first = sources[0]
    where = first.location
    here = replace(where, end=where.start, column=None, end_column=None)
    place = Place(location=here, hunk="h", probability=score)
    candidate = Candidate(
        fingerprint=fingerprint or f"{first.rule}:{where.start}",
        location=where,
        message=first.message,
        rule=f"{first.tool}.{first.rule}",
        severity=max(source.severity for source in sources),
        category=first.category,
        sources=sources,
        place=place if on_diff and where.start else None,
        code=code,
    )
    return ReviewComment(
        scored=Scored(candidate=candidate, score=score, why=tuple(why)),
        verdict=Verdict(decision, reason),
        text=text,
        suggestion=suggestion,
    )


def build_realistic() -> Report:
    cart, deploy, mail, lock = make_change(SHOP).files
    lock = replace(lock, kind=Kind.LOCK, reason="lock file")
    change = Change(id="main..HEAD", base=Sha("a" * 40), head=Sha("b" * 40), files=(cart, deploy, mail, lock))
    outcomes = [
        *(
            FileOutcome(tool=tool, path=path, state=State.REVIEWED)
            for tool in ("ruff", "pylint", "bandit")
            for path in (CART, MAIL)
        ),
        FileOutcome(tool="shellcheck", path=DEPLOY, state=State.REVIEWED),
        *(
            FileOutcome(tool="semgrep", path=path, state=State.MISSING, reason="`hunkwise tools install semgrep`")
            for path in (CART, MAIL)
        ),
    ]
    comments = (
        comment(
            finding(
                "bandit",
                "B608",
                "Possible SQL injection vector through string-based query construction.",
                line=49,
                column=20,
                end_column=64,
                severity=Severity.HIGH,
                category=Category.SECURITY,
                url="https://bandit.example/b608",
            ),
            finding("ruff", "S608", "Possible SQL injection", line=49, severity=Severity.HIGH),
            score=0.81,
            why=("string formatting in a query", "high severity", "two tools agree"),
            text="The query is built with `%`, so a cart id can carry SQL. "
            "Pass the value as a parameter, as before this change.",
            suggestion='        db.execute("INSERT INTO carts VALUES (?)", (self.id,))',
        ),
        comment(
            finding("pylint", "W0102", "Dangerous default value [] as argument", line=15, column=25, end_column=32),
            finding(
                "ruff",
                "B006",
                "Do not use mutable data structures for argument defaults",
                line=15,
                fix=Fix(edits=(Edit(15, 29, 15, 31, "None"),), description="Replace with None"),
            ),
            score=0.62,
            why=("new parameter", "medium severity"),
        ),
        comment(
            finding(
                "shellcheck",
                "SC2115",
                'Use "${var:?}" to ensure this never expands to /* .',
                DEPLOY,
                4,
                severity=Severity.HIGH,
            ),
            score=0.55,
            why=("deletes files",),
        ),
        comment(
            finding(
                "ruff",
                "E722",
                "Do not use bare `except`",
                line=52,
                severity=Severity.LOW,
                category=Category.STYLE,
                end=53,
            ),
            score=0.31,
            why=("in a new branch",),
        ),
        comment(
            finding("bandit", "B110", "Try, Except, Pass detected.", line=52, severity=Severity.LOW),
            score=0.30,
            decision=Decision.DUPLICATE,
            reason="says the same as ruff E722",
        ),
        comment(
            finding(
                "pylint",
                "C0116",
                "Missing function or method docstring",
                MAIL,
                5,
                severity=Severity.INFO,
                category=Category.DOCUMENTATION,
            ),
            score=0.08,
            decision=Decision.LOW_RANK,
            reason="0.08 is below the floor of 0.20",
        ),
        comment(
            finding("pylint", "C0114", "Missing module docstring", MAIL, 1, severity=Severity.INFO),
            score=0.05,
            decision=Decision.LOW_RANK,
            reason="0.05 is below the floor of 0.20",
        ),
        comment(
            finding("pylint", "R0903", "Too few public methods", line=2, severity=Severity.INFO),
            score=0.05,
            decision=Decision.OFF_DIFF,
            on_diff=False,
        ),
    )
    return Report(
        change=change,
        description="working tree compared with main (merge-base 1f2e3d4)",
        trust=Trust.OWN,
        comments=comments,
        focus=(
            Focus(
                location=Location(path=CART, start=16, end=16),
                probability=0.7,
                reasons=("signature changed, 3 callers outside this change", "no test touches it"),
            ),
            Focus(
                location=Location(path=MAIL, start=5, end=5),
                probability=0.4,
                reasons=("new function that talks to the network",),
            ),
        ),
        resolved=("f" * 16,),
        cover=build_cover(change, outcomes, ("bandit", "pylint", "ruff", "semgrep", "shellcheck")),
        notes=("2 suppressions were added by this change: src/shop/mail.py:6 (noqa)",),
        manifest={"hunkwise": "0.1.0", "seconds": 1.25},
    )


def build_nothing_found() -> Report:
    report = build_realistic()
    change = Change(id="x", files=(report.change.files[2],))
    outcomes = [FileOutcome(tool=tool, path=MAIL, state=State.REVIEWED) for tool in ("ruff", "pylint")]
    return Report(
        change=change, description="HEAD compared with main", cover=build_cover(change, outcomes, ("pylint", "ruff"))
    )


def build_nothing_looked_at() -> Report:
    report = build_realistic()
    change = Change(id="x", files=(report.change.files[3],))
    return Report(change=change, description="HEAD compared with main", cover=build_cover(change, (), ("ruff",)))


def build_empty() -> Report:
    return Report(change=Change(id="x"), description="HEAD compared with main")


def build_incomplete() -> Report:
    report = build_realistic()
    change = Change(id="x", files=report.change.files, notes=("no merge-base was found: compared with main itself",))
    outcomes = [
        FileOutcome(tool="ruff", path=CART, state=State.REVIEWED),
        FileOutcome(tool="pylint", path=CART, state=State.FAILED, reason="timed out after 120 s"),
        FileOutcome(tool="pylint", path=MAIL, state=State.FAILED, reason="timed out after 120 s"),
        FileOutcome(tool="bandit", path=CART, state=State.REFUSED, reason="no sandbox for a foreign change"),
    ]
    return Report(
        change=change,
        description="HEAD compared with main",
        comments=(),
        cover=build_cover(change, outcomes, ("bandit", "pylint", "ruff")),
        failures=(
            Failure(
                who="pylint",
                stage="analyze",
                message="timed out after 120 s",
                hint="set `timeout` under [tools.pylint]",
            ),
        ),
    )


def build_hostile(size: int = 100_000) -> Report:
    text = HOSTILE_TEXT
    file = make_file(HOSTILE_PATH, text, f"{text}\n{text}\n\t{text}", old_path=HOSTILE_PATH + "old", reason=text)
    file = replace(file, hunks=tuple(replace(hunk, id=text) for hunk in file.hunks), language="python")
    gone = make_file("weg " + text, "a", None, kind=Kind.BINARY, reason=text)
    change = Change(id=text, files=(file, gone), notes=(text,))
    bad = finding(
        text,
        text,
        text + "y" * size,
        HOSTILE_PATH,
        2,
        url="javascript:" + text,
        severity=Severity.CRITICAL,
        end=3,
        column=1,
        end_column=3,
    )
    other = finding("other " + text, "r " + text, text, HOSTILE_PATH, 3, url="https://example.org/" + text)
    base = Finding(
        tool="t",
        rule="r",
        message="\n\n",
        location=Location(path=RepoPath(HOSTILE_PATH + "old"), side=Side.BASE, start=1),
    )
    whole = finding("t", "", text, HOSTILE_PATH, None)
    return Report(
        change=change,
        description=text,
        comments=(
            comment(bad, other, score=0.9, why=(text,), suggestion=text + "\n" + text, code=text, fingerprint=text),
            comment(whole, text=text, fingerprint=text),
            comment(base, fingerprint="b"),
            comment(other, decision=Decision.LOW_RANK, reason=text),
        ),
        focus=(Focus(location=Location(path=HOSTILE_PATH, start=2, end=3), probability=0.5, reasons=(text,)),),
        resolved=(text,),
        cover=build_cover(
            change, [FileOutcome(tool=text, path=HOSTILE_PATH, state=State.REVIEWED, reason=text)], (text,)
        ),
        failures=(Failure(who=text, stage=text, message=text, hint=text),),
        notes=(text,),
        manifest={text: text},
    )


REPORTS = {
    "realistic": build_realistic,
    "nothing-found": build_nothing_found,
    "nothing-looked-at": build_nothing_looked_at,
    "empty": build_empty,
    "incomplete": build_incomplete,
    "hostile": build_hostile,
}


@pytest.fixture
def make() -> Callable[[str], Report]:
    """Build a report by its name."""
    return lambda name: REPORTS[name]()


@pytest.fixture(params=list(REPORTS))
def report(request) -> Report:
    """Each of the reports."""
    return REPORTS[request.param]()


@pytest.fixture
def realistic() -> Report:
    return build_realistic()


@pytest.fixture
def hostile() -> Report:
    return build_hostile()


@pytest.fixture
def retext() -> Callable[[Report, str], Report]:
    """Give the first comment of a report another text, and leave only that comment."""

    def change(report: Report, text: str) -> Report:
        return replace(report, comments=(replace(report.comments[0], text=text),))

    return change


@pytest.fixture
def one_line() -> Callable[..., Report]:
    """Build a report with one comment on the only line of a new file."""

    def build(text: str, message: str = "m", **more: object) -> Report:
        made = comment(finding("t", "r", message, **more))
        return Report(change=make_change({CART: text}), comments=(made,))

    return build


@pytest.fixture
def golden(request) -> Callable[[str, bytes], None]:
    """Compare output with a file under tests/golden; `--update-golden` writes the file."""

    def check(name: str, got: bytes) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(got)
        assert path.read_bytes().decode() == got.decode()

    return check
