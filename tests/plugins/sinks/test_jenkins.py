"""Our files as the parsers of Jenkins' Warnings plugin read them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.checkstyle import CheckstyleSink
from hunkwise.plugins.sinks.gitlab import GitlabSink
from hunkwise.plugins.sinks.sarif import SarifSink
from hunkwise.plugins.sinks.warnings_ng import WarningsNgSink

pytestmark = [pytest.mark.tools, pytest.mark.slow]
JAVA = Path(__file__).parents[2] / "java"
SINKS = {"checkstyle": CheckstyleSink(), "gitlab": GitlabSink(), "sarif": SarifSink(), "warnings-ng": WarningsNgSink()}
REPORTS = ("realistic", "hostile", "incomplete")


@pytest.fixture(scope="module")
def jenkins(tmp_path_factory):
    """What Jenkins reads of each report in each format, in one run of Java."""
    for program in ("mvn", "javac"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    lib = JAVA / "target" / "lib"
    if not any(lib.glob("analysis-model-*.jar")):
        argv = ["mvn", "-q", "-B", "-f", str(JAVA), "dependency:copy-dependencies", f"-DoutputDirectory={lib}"]
        subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    classes = tmp_path_factory.mktemp("classes")
    jars = f"{lib}/*"
    subprocess.run(["javac", "-d", str(classes), "-cp", jars, str(JAVA / "ReadIssues.java")], check=True)

    def read(reports):
        files = tmp_path_factory.mktemp("files")
        arguments = []
        for report_name, report in reports.items():
            for name, sink in SINKS.items():
                path = files / f"{report_name}.{name}.{'xml' if name == 'checkstyle' else 'json'}"
                path.write_bytes(sink.render(report, RenderOptions()))
                arguments += [name, str(path)]
        argv = ["java", "-cp", f"{jars}:{classes}", "ReadIssues", *arguments]
        shown = subprocess.run(argv, check=True, capture_output=True).stdout
        return {name.rsplit(".", 1)[0]: value for name, value in json.loads(shown).items()}

    return read


@pytest.fixture(scope="module")
def seen(jenkins):
    cache = {}

    def look(make):
        if not cache:
            cache.update(jenkins({name: make(name) for name in REPORTS}))
        return cache

    return look


@pytest.mark.parametrize("name", sorted(SINKS))
def test_jenkins_reads_each_comment_where_it_is(name, seen, make):
    """Files and lines of all formats are those of the comments, and there is no error."""
    found = seen(make)[f"realistic.{name}"]
    assert found["errors"] == []
    places = sorted((issue["file"], issue["start"]) for issue in found["issues"])
    cart = "src/shop/cart.py"
    assert places == [("scripts/deploy.sh", 4), (cart, 15), (cart, 49), (cart, 52)]


@pytest.mark.parametrize("name", ["checkstyle", "warnings-ng"])
def test_jenkins_reads_messages_as_we_say_them(name, seen, make):
    """The message of the first comment comes back whole."""
    messages = [issue["message"] for issue in seen(make)[f"realistic.{name}"]["issues"]]
    assert messages[0] == make("realistic").comments[0].text


@pytest.mark.parametrize("name", sorted(SINKS))
def test_jenkins_reads_hostile_text(name, seen, make):
    """All three comments arrive, without an error, with the whole long message."""
    found = seen(make)[f"hostile.{name}"]
    assert found["errors"] == []
    assert len(found["issues"]) == 3
    assert max(len(issue["message"]) for issue in found["issues"]) > 100_000


@pytest.mark.parametrize("name", sorted(SINKS))
def test_jenkins_reads_a_report_without_comments(name, seen, make):
    """No comments is no issue and no error."""
    assert seen(make)[f"incomplete.{name}"] == {"issues": [], "errors": []}


def test_jenkins_knows_our_severities(seen, make):
    """The native format comes back with the severities that we wrote."""
    issues = seen(make)["realistic.warnings-ng"]["issues"]
    assert [issue["severity"] for issue in issues] == ["HIGH", "NORMAL", "HIGH", "LOW"]
