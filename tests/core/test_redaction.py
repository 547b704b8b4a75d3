"""A report does not repeat the secrets that tools found."""

import time
from dataclasses import replace

from hunkwise.core.model import Decision, Edit, Failure, Fix, Line, Report
from hunkwise.core.redaction import redacted
from hunkwise.plugins.sinks.excerpt import excerpt
from hunkwise.testing import make_change, make_comment, make_finding, make_report

SECRET = "h7Xq" + "2vK9pLw"
OLD = "old" + "Pa55phrase"


def report_on(source: str, *more: object, before: str | None = None) -> Report:
    """Build the report on one finding about a secret in line 1, and others."""
    found = make_comment(make_finding("Possible hardcoded password: '" + SECRET + "'", tool="bandit", rule="B105"))
    found = replace(found, scored=replace(found.scored, candidate=replace(found.scored.candidate, code=source[:40])))
    return make_report([found, *more], change=make_change({"a.py": (before, source)}))  # type: ignore[list-item]


def test_a_report_without_secrets_is_left_as_it_is() -> None:
    """Where no finding is about a secret, the very same report comes back."""
    report = make_report([make_comment()])
    assert redacted(report) is report


def test_the_secret_is_gone_from_line_message_text_and_code() -> None:
    """The line of the diff, the code, the message, its source's message and the text hide the secret."""
    report = redacted(report_on(f'password = "{SECRET}"\n'))
    assert SECRET not in repr(report)
    assert report.comments[0].text == "Possible hardcoded password: '…'"
    assert excerpt(report.change, report.comments[0].scored.candidate).lines[0].text == 'password = "…"'


def test_a_secret_is_hidden_wherever_it_is_repeated() -> None:
    """Other lines, findings, fixes, suggestions and failures that quote the secret hide it as well."""
    fix = Fix(edits=(Edit(2, 1, 2, 5, f"use({SECRET!r})"),))
    other = make_comment(make_finding(f"Unused value {SECRET}", line=2, fix=fix), suggestion=f"use({SECRET!r})")
    report = report_on(f'password = "{SECRET}"\nuse("{SECRET}")\nprint(1)\n', other)
    report = redacted(replace(report, failures=(Failure(who="x", stage="parse", message=f"odd: {SECRET}"),)))
    assert SECRET not in repr(report)
    assert report.comments[1].suggestion is None
    assert report.change.files[0].hunks[0].lines[2] == Line(None, 3, "print(1)")


def test_a_finding_that_is_held_back_hides_its_secret_too() -> None:
    """A secret that is not shown as a comment is not shown in the list of what was held back."""
    report = report_on(f'password = "{SECRET}"\n')
    held = replace(report.comments[0], verdict=replace_decision(report, Decision.SUPPRESSED))
    assert SECRET not in repr(redacted(replace(report, comments=(held,))))


def replace_decision(report: Report, decision: Decision) -> object:
    """Return the first comment's verdict with another decision."""
    return report.comments[0].verdict._replace(decision=decision)


def test_the_secret_that_gave_way_is_hidden() -> None:
    """A line that a secret's line replaces may hold the secret before it."""
    report = redacted(report_on(f'password = "{SECRET}"\nx = "kept"\n', before=f'password = "{OLD}"\nx = "kept"\n'))
    assert OLD not in repr(report)
    assert 'x = "kept"' in repr(report)


def test_the_body_of_a_private_key_is_hidden() -> None:
    """Of a private key only the first and the last line are shown."""
    body = ["MIIEpAIBAAKCAQEA0Z3VS5JJ", "cu3SqvJ8", "abc="]
    key = "\n".join(
        ["KEY = '''", f"-----BEGIN RSA {'PRIVATE'} KEY-----", *body, f"-----END RSA {'PRIVATE'} KEY-----", "'''"]
    )
    found = make_comment(make_finding("This looks like a secret", tool="detect-secrets", rule="private-key", line=2))
    report = redacted(make_report([found], change=make_change({"a.py": (None, f"{key}\nx = 'kept'\n")})))
    assert not any(line in repr(report) for line in body)
    assert "'kept'" in repr(report)


def test_other_findings_on_the_line_hide_the_secret() -> None:
    """A comment of another tool on the secret's line quotes no short secret either, and offers no fix."""
    fix = Fix(edits=(Edit(1, 1, 1, 9, "PASSWORD"),))
    other = make_comment(make_finding("`hunter2` is odd", fix=fix), suggestion="PASSWORD = 'hunter2'")
    report = redacted(report_on("password = 'hunter2'\n", other))
    assert "hunter2" not in repr(report)
    assert report.comments[1].scored.candidate.sources[0].fix is None


def test_many_secrets_do_not_hold_the_review_up():
    """All are hidden in their own lines; so many are looked for elsewhere as time allows."""
    lines = [f'key_{number} = "{SECRET}{number:05}"' for number in range(3000)]
    lines += [f"use({SECRET}{number:05})" for number in range(3000)]
    found = [
        make_comment(make_finding("a secret", tool="gitleaks", rule="x", line=number + 1)) for number in range(3000)
    ]
    started = time.monotonic()
    report = redacted(make_report(found, change=make_change({"a.py": (None, "\n".join(lines) + "\n")})))
    assert time.monotonic() - started < 20
    shown = [line.text for line in report.change.files[0].hunks[0].lines]
    assert not any(SECRET in text for text in shown[:3000])
    assert SECRET not in shown[3000]
    assert SECRET not in repr(report.comments)
