"""B10 and B08: our own configuration and the reports that we read, when they are hostile."""

import time

import pytest
from reach_recipes import GRAMMAR, LAUGHS

from hunkwise.core.errors import ReportError
from hunkwise.readers.coverage_formats import read_coverage
from hunkwise.readers.finding_formats import read_findings
from hunkwise.readers.reading import Sources
from hunkwise.readers.report_paths import PathIndex

PLANTED = "planted-value-91c4"
CONFIGURATIONS = {
    "B10-include": f'include_file = "/etc/{PLANTED}"\n',
    "B10-dynaconf-include": f'dynaconf_include = ["{PLANTED}/**"]\n',
    "B10-format-env": f'max_comments = "@format {{env}} {PLANTED}"\n',
    "B10-variable": f'max_comments = "${{TOKEN}} {PLANTED}"\n',
    "B10-url": f'scorer = "http://169.254.169.254/{PLANTED}"\n',
    "B10-file-url": f'floor = "file:///etc/{PLANTED}"\n',
    "B10-extends": f'extends = "file:///{PLANTED}"\n',
    "B10-command": f'[commands.x]\ncommand = ["touch", "{PLANTED}"]\nformat = "sarif"\n',
    "B10-plugin": f'plugins = ["./{PLANTED}.py"]\n',
    "B10-program": f'[tools.ruff]\nprogram = "./{PLANTED}"\n',
    "B10-tool-option": f'[tools.ruff]\nselect = ["{PLANTED}"]\n',
    "B10-tool-path": f'[tools.checkstyle]\nconfig = "/etc/{PLANTED}"\n',
    "B10-pattern": f'exclude = ["{PLANTED}/[z-a]/!"]\n[tools.ruff]\nselect = "{PLANTED}"\n',
    "B10-broken": f"max_comments = {PLANTED}\n",
    "B10-dotted": ".".join(["a"] * 20_000) + f' = "{PLANTED}"\n',
    "B10-nested": "x = " + "[" * 100_000 + f'"{PLANTED}"\n',
}


QUICK = ("B10-include", "B10-format-env", "B10-url", "B10-dotted")
"""What the short run tries."""
TRIED = [pytest.param(one, marks=() if one in QUICK else pytest.mark.slow) for one in CONFIGURATIONS]


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=() if one in QUICK else pytest.mark.slow) for one in CONFIGURATIONS]
)
def test_our_configuration_has_no_moving_parts(hunkwise, make_repo, name):
    """In the base of a foreign change, what is no setting is an error of one line that does not echo its value."""
    repo = make_repo()
    repo.write(".hunkwise.toml", CONFIGURATIONS[name])
    repo.commit()
    repo.write("a.py", "import os\n")
    repo.commit()
    started = time.monotonic()
    code, out, err = hunkwise(
        "review", "-C", repo.path, "--base", "HEAD~1", "--foreign", "--format", "json", TOKEN="t0k"
    )
    assert (code, out) == (2, "")
    assert ".hunkwise.toml" in err
    assert PLANTED not in err
    assert "t0k" not in err
    assert "Traceback" not in err
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("name", ["B10-of-the-head"])
def test_the_heads_configuration_is_not_read(hunkwise, make_repo, name):
    """A foreign change cannot configure its own review, however broken its file is."""
    repo = make_repo()
    repo.commit()
    repo.write(".hunkwise.toml", f'exclude = ["*"]\n{PLANTED}\n')
    repo.write("a.py", "import os\n")
    repo.commit()
    code, out, err = hunkwise("review", "-C", repo.path, "--base", "HEAD~1", "--foreign", "--format", "json")
    assert code != 2, err
    assert '"path": "a.py"' in out


ROOTS = {"checkstyle": "checkstyle", "coverage": "coverage", "report": "report"}


def read_report(text):
    sources = Sources(PathIndex([], "/"), lambda path: b"")
    return read_findings(text, None, sources, "x")


@pytest.mark.parametrize("reader", [read_coverage, read_report])
@pytest.mark.parametrize("name", [f"B08-laughs-in-{root}" for root in ROOTS])
def test_reports_have_no_entities(reader, name):
    """A report that declares entities is refused at once, by each reader of XML."""
    root = name.rpartition("-")[2]
    text = f'<?xml version="1.0"?>\n<!DOCTYPE {root} [\n{GRAMMAR}{LAUGHS}]>\n<{root} version="1">&l9;</{root}>\n'
    started = time.monotonic()
    with pytest.raises(ReportError):
        reader(text.encode())
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("reader", [read_coverage, read_report])
@pytest.mark.parametrize("name", ["B04-external-entity-in-a-report"])
def test_reports_fetch_nothing(reader, name, tmp_path):
    """A report whose entity is a file or an address is refused, and says nothing of what is there."""
    (tmp_path / "secret").write_text(PLANTED)
    for place in (f"file://{tmp_path}/secret", "http://127.0.0.1:9/x"):
        text = f'<!DOCTYPE coverage [<!ENTITY e SYSTEM "{place}">]>\n<coverage version="1">&e;</coverage>\n'
        with pytest.raises(ReportError) as caught:
            reader(text.encode())
        assert PLANTED not in str(caught.value)
