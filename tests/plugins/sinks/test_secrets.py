"""No form of a report shows a secret that a tool found."""

import pytest

from hunkwise.core.model import Report
from hunkwise.core.ports import RenderOptions, Request
from hunkwise.plugins.manager import load_plugins
from hunkwise.session import review_request

KEY = "AKIA" + "Q7WERTYUIOP2" + "XYZA"
PASSWORD = "h7Xq2" + "vK9pLw"
SHORT = "xyz" + "zy1"
OLD = "Old" + "Pa55phrase"
FORMATS = ["checkstyle", "gitlab", "json", "markdown", "rdjson", "rdjsonl", "sarif", "terminal", "warnings-ng"]
RULES = '[tool.ruff.lint]\nselect = ["S", "E", "F"]\n[tool.bandit]\ntests = ["B105", "B106", "B107"]\n'
SOURCE = f'''"""Settings."""
KEY_ID = "{KEY}"
db_password = "{PASSWORD}"


def connect(host, password="{SHORT}"):
    return host.open(password, missing, token="{SHORT}")


print("{PASSWORD}")
'''
SCRIPT = f"export AWS_ACCESS_KEY_ID={KEY}\necho $AWS_ACCESS_KEY_ID\n"


@pytest.fixture
def report(repo, clean_environ) -> Report:
    """Return the report of the real tools on a change that brings secrets."""
    repo.write("pyproject.toml", RULES)
    repo.write("settings.py", f'"""Settings."""\ndb_password = "{OLD}"\n')
    repo.commit()
    repo.write("settings.py", SOURCE)
    repo.write("run.sh", SCRIPT)
    return review_request(
        Request(directory=str(repo.path)),
        plugins=load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}),
        command_line={"only": ["bandit", "detect-secrets", "ruff", "shellcheck"], "floor": 0.0},
        own=True,
        environ=clean_environ,
    )


@pytest.mark.tools
def test_no_form_of_a_report_shows_a_secret(report):
    """Keys and passwords that the tools name are in the bytes of no sink; their lines still are."""
    rules = {source.rule for one in report.comments for source in one.scored.candidate.sources}
    assert {"B105", "B106", "B107", "S105", "S106", "S107", "aws-access-key", "F821"} <= rules
    assert not report.failures
    sinks = load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}).sinks()
    assert set(FORMATS) <= sinks.keys()
    for name, sink in sinks.items():
        for color in (False, True):
            shown = sink.render(report, RenderOptions(explain=True, verbose=True, color=color)).decode()
            for secret in (KEY, PASSWORD, SHORT, OLD):
                assert secret not in shown, (name, secret)
            assert "settings.py" in shown, name

    shown = sinks["markdown"].render(report, RenderOptions()).decode()
    assert '+db_password = "…"' in shown
