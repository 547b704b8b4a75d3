"""detect-secrets: keys, tokens and passwords in the text of a change.

Needs: `detect-secrets` (Apache-2.0), in its own Python environment.
Call: `detect-secrets scan --no-verify --all-files --disable-plugin … -- ./FILE…`: nothing is tried out on the network;
for a foreign change a comment that allows a secret is not obeyed.
Our messages say what kind of secret it is and where, never what it is.
Cannot see: secrets without a known form: what only looks random, or only stands beside the word `password`, is not
looked for. Of a secret that a file has several times it names one place.
"""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from hunkwise.core.model import Category, FileDiff, FileOutcome, Finding, Location, RepoPath, Severity, Trust
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun, Workspace
from hunkwise.core.targets import (
    IDLE,
    Record,
    applicable,
    arguments,
    as_target,
    check_settings,
    decoded,
    outcomes,
    read_json,
    unbelievable,
    unreadable,
)

ANY = ("",)
"""The suffix of every file."""
OFF = ("Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector", "KeywordDetector")
"""What is mostly hashes and test data."""
FILTERS = "detect_secrets.filters"
UNFILTERED = ("heuristic.is_lock_file", "heuristic.is_non_text_file", "heuristic.is_swagger_file")
"""What would leave whole files out, unsaid."""
ALLOWED = "allowlist.is_line_allowlisted"
BASIC_AUTH = "Basic Auth Credentials"
SEVERITIES = {BASIC_AUTH: Severity.MEDIUM, "JSON Web Token": Severity.MEDIUM}
"""The others are high: their form leaves little doubt."""
CREDENTIALS = re.compile(r"://[^:/\s]+:(?P<password>[^@\s]+)@(?P<host>[^/\s:\"'`?#]+)")
NO_PASSWORDS = frozenset(
    """
    abc admin asecret bar changeme example foo foobar guest mypassword mysecret pass passwd password postgres pw pwd
    root secret test testing token user username yourpassword
    """.split()  # noqa: SIM905
)
NO_HOSTS = re.compile(
    r"(?:.*\.)?(?:localhost|local|test|invalid|example(?:\.[a-z]+)?|127\.0\.0\.1|0\.0\.0\.0|host(?:name)?)", re.I
)

IN_TURN = """\
import multiprocessing


class Pool:
    def __init__(self, *args, **options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def imap_unordered(self, function, items):
        return map(function, items)


multiprocessing.Pool = Pool
"""
"""Python runs it first: a real pool needs shared memory that all users can write, which a sandbox does not give."""


class DetectSecrets:
    """Finds keys, tokens and passwords by their form."""

    name = "detect-secrets"
    tool = Tool(
        name="detect-secrets",
        kind="python",
        packages=("detect-secrets==1.5.0",),
        program="detect-secrets",
        licence="Apache-2.0",
        url="https://github.com/Yelp/detect-secrets",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for all text files that are still there; it passes over what is not UTF-8 without a word."""
        targets = applicable(files, (), ANY)
        check_settings(self.name, inputs)
        if not targets:
            return None
        bad = unreadable(targets, inputs.workspace)
        given = arguments(path for path in targets if path not in bad)
        options = [f"--disable-plugin={plugin}" for plugin in OFF]
        filters = UNFILTERED if inputs.trust is Trust.OWN else (*UNFILTERED, ALLOWED)
        options += [f"--disable-filter={FILTERS}.{one}" for one in filters]
        return ToolRun(
            tool=self.name,
            args=("scan", "--no-verify", "--all-files", *options, "--", *given) if given else IDLE,
            targets=targets,
            files={"sitecustomize.py": IN_TURN},
            env={"PYTHONIOENCODING": "utf-8:surrogateescape", "PYTHONPATH": inputs.scratch},
            cost=1.0,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return what looks like a secret in each file, without the secret."""
        trouble = unreadable(run.targets, inputs.workspace)
        if run.args == IDLE:
            return outcomes(self.name, run, trouble=trouble)
        if result.exit_code != 0:
            raise unbelievable(self.name, "without a report", result)
        report = Record(self.name, read_json(self.name, decoded(result.stdout), result), result)
        results = report.record("results")
        findings = []
        for name in results.names():
            path = as_target(name, run)
            if path is None or path in trouble:
                raise unbelievable(self.name, "a finding in a file that it was not given", result)
            for secret in results.records(name):
                kind, line = secret.text("type"), secret.number("line_number")
                if kind != BASIC_AUTH or not _is_placeholder(path, line, inputs.workspace):
                    findings.append(_finding(path, kind, line))
        return outcomes(self.name, run, findings, trouble)


def _is_placeholder(path: RepoPath, line: int, workspace: Workspace) -> bool:
    """Tell whether the credentials in a line are those of examples."""
    lines = workspace.read(path).decode("utf-8", "replace").split("\n")
    found = list(CREDENTIALS.finditer(lines[line - 1])) if 0 < line <= len(lines) else []
    return bool(found) and all(map(_is_example, found))


def _is_example(credentials: re.Match[str]) -> bool:
    letters = re.sub(r"[^a-z]", "", unquote(credentials["password"]).lower())
    is_word = letters in NO_PASSWORDS or len(set(letters)) <= 1
    return is_word or NO_HOSTS.fullmatch(credentials["host"]) is not None


def _finding(path: RepoPath, kind: str, line: int) -> Finding:
    return Finding(
        tool=DetectSecrets.name,
        rule="-".join(re.findall(r"[a-z0-9]+", kind.lower())),
        message=f"This looks like a secret ({kind}): whoever reads the repository has it, also after it is removed",
        location=Location(path=path, start=max(line, 1), end=max(line, 1)),
        severity=SEVERITIES.get(kind, Severity.HIGH),
        category=Category.SECURITY,
    )


# No secret, and put together here so that nobody's scanner takes this file for a leak.
KEY = "AKIA" + "IOSFODNN7" + "EXAMPLF"

EXAMPLES = (
    Example(
        name="a key of a cloud, and a private key",
        path="deploy/settings.py",
        source=f'KEY_ID = "{KEY}"\nKEY = """\n-----BEGIN RSA {"PRIVATE"} KEY-----\nabc\n"""\n',
        rules=("aws-access-key", "private-key"),
        lines=(1, 3),
    ),
    Example(
        name="a password in an address",
        path="config.yaml",
        source="database: postgres://app:{}@db.internal.net/app\n".format("k7Hq2vX9"),
        rules=("basic-auth-credentials",),
    ),
    Example(
        name="hashes, addresses of examples and the word password are left alone",
        path="docs/use.md",
        source=(
            "sha1: fa71f704f9b90fa1f857d1623f3fe33fa2277ca9\n"
            'password = "not-shown"\nproxy: http://username:password@localhost:8030\n'
        ),
    ),
    Example(
        name="an own change allows a secret by a comment",
        path="sample.py",
        source=f'KEY_ID = "{KEY}"  # pragma: allowlist secret\n',
    ),
    Example(
        name="a foreign change cannot allow itself a secret",
        path="sample.py",
        source=f'KEY_ID = "{KEY}"  # pragma: allowlist secret\n',
        trust=Trust.FOREIGN,
        rules=("aws-access-key",),
    ),
)
