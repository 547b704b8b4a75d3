"""Hostile names: options to an obvious call, never to ours; shown so that they neither mislead nor run."""

import json
import os
import re
import socket
import sys

import pytest
from code_recipes import EXTENSION, FIRE_JAVASCRIPT, FIRE_PYTHON, HOOK, LOCAL_PLUGINS, PLUGIN, SCRIPT, SOURCE, Recipe
from confined import open_folder, ran
from hostile_repository import MESSAGE, NAMES, SCRIPTS, Hostile, states
from markdown_it import MarkdownIt
from trap import TIERS, by_id, fire_outside, fire_through_us

from hunkwise.core.text import valid_text

EVIL = "import evil, sys  # .py"
OPTIONS = (
    Recipe(
        id="D01-rcfile",
        tool="pylint",
        call=("{tool}", "--", "--rcfile=x.py"),
        target="--rcfile=x.py",
        files={"--rcfile=x.py": SOURCE, "x.py": f"[MAIN]\n{HOOK}\n", "evil.py": FIRE_PYTHON},
    ),
    Recipe(
        id="D02-init-hook",
        tool="pylint",
        call=("{tool}", "--", f"--init-hook={EVIL}"),
        target=f"--init-hook={EVIL}",
        files={f"--init-hook={EVIL}": SOURCE, "evil.py": FIRE_PYTHON},
        env={"PYTHONPATH": "."},
    ),
    Recipe(
        id="D03-config-file",
        tool="mypy",
        call=("{tool}", "--cache-dir=/dev/null", "--config-file=m.py", "a.py"),
        target="--config-file=m.py",
        files={"--config-file=m.py": SOURCE, "m.py": "[mypy]\nplugins = ./evil.py\n", "evil.py": PLUGIN},
    ),
    Recipe(
        id="D04-append-config",
        tool="flake8",
        call=("{tool}", "--append-config=f.py", "a.py"),
        target="--append-config=f.py",
        files={"--append-config=f.py": SOURCE, "f.py": LOCAL_PLUGINS, "evil.py": EXTENSION},
        settings={"flake8": {"select": ["F401"]}}["flake8"],
    ),
    Recipe(
        id="D05-config",
        tool="eslint",
        call=("{tool}", "--config=e.js", "a.js"),
        target="--config=e.js",
        files={"--config=e.js": SCRIPT, "e.js": FIRE_JAVASCRIPT + "module.exports = [];"},
    ),
)
PYTHON_TOOLS = ("ruff", "bandit", "pylint", "mypy", "semgrep")


@pytest.mark.tools
@pytest.mark.parametrize("recipe", by_id(OPTIONS))
def test_a_name_is_an_option_outside(recipe):
    """The control: given by its bare name, as an ordinary user, the file makes the tool run the hostile code."""
    fired, said = fire_outside(recipe)
    assert fired - {"secret"} == {"marker", "connected"}, said


@pytest.mark.tools
@pytest.mark.parametrize("recipe", by_id(OPTIONS))
def test_a_name_is_a_file_to_us(recipe):
    """The call that we make on a foreign change looks at the file of that name, and runs nothing."""
    fired, outcome = fire_through_us(recipe)
    assert fired == set()
    assert (outcome.path, outcome.state.value, outcome.reason) == (recipe.target, "reviewed", "")


@pytest.fixture(scope="module", params=TIERS)
def review(request):
    """Return one review, in the sandbox of the tier, of all names at once: its JSON, and all that was printed."""
    with open_folder() as folder, socket.create_server(("127.0.0.1", 0)) as port:
        hostile = Hostile(folder, port)
        options = ("--foreign", "--filter-mode", "nofilter")
        _, report, printed = hostile.review("as it is", *options, HUNKWISE_SANDBOX=request.param)
        assert report["manifest"]["sandbox"] == request.param
        hostile.nothing_happened(printed)
        yield report, printed


@pytest.mark.tools
@pytest.mark.parametrize("name", [*NAMES, *SCRIPTS])
def test_a_file_of_any_name_is_reviewed(review, name):
    """Each tool has looked at the file, or says why not; its defect is found under its name, and the name is inert."""
    report, printed = review
    path = valid_text({**NAMES, **SCRIPTS}[name])
    seen = states(report)
    tools = ("eslint",) if name in SCRIPTS else PYTHON_TOOLS
    reviewed = {tool for tool in tools if seen[tool, path] == "reviewed"}
    reasons = {one["reviewer"]: one["reason"] for one in report["cover"] if one["path"] == path}
    assert all(reasons[tool] for tool in {*tools} - reviewed)
    assert "ruff" in reviewed or name in SCRIPTS
    assert path in {one["location"]["path"] for one in report["comments"]}
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200b\x1b]", printed)


@pytest.fixture(scope="module")
def pages():
    """Return the same review, by ruff, in Markdown and for a terminal; branch and author are hostile too."""
    with open_folder() as folder, socket.create_server(("127.0.0.1", 0)) as port:
        hostile = Hostile(folder, port)
        hostile.git("checkout", "-q", "-b", "$(touch${IFS}marker)/@team/<img>")
        hostile.git("-c", f"user.name={MESSAGE}", "commit", "-q", "--amend", "--reset-author", "-m", MESSAGE)
        call = (sys.executable, "-m", "hunkwise", "review", "-C", str(hostile.repo), "--base", "HEAD~1", "--foreign")
        more = ("--only", "ruff", "--max-comments", "200", "--explain", "--filter-mode", "nofilter")
        yield {form: ran((*call, *more, "--format", form), env=hostile.env, cwd=folder).stdout for form in FORMS}
        assert not os.path.lexists(folder / "marker")
        assert list((folder / "open").iterdir()) == []


SHOWN = {
    "D07-newline": "line.py",
    "D09-bidi": "202e",
    "D09-zero-width": "200b",
    "D11-link": "evil.example",
    "D11-image": "onerror",
    "D11-mention": "team",
    "D12-branch-author-title": "$(touch marker).py",
}
"""What of each name is seen, so that the test is about something."""
FORMS = ("markdown", "terminal")


@pytest.mark.tools
@pytest.mark.parametrize("name", SHOWN)
def test_names_are_rendered_inert(pages, name):
    """No link, image, markup, mention or control character of the change's comes out of Markdown or a terminal."""
    for text in pages.values():
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08\x0b-\x1f]", text)
    tokens = MarkdownIt("commonmark").enable("table").parse(pages["markdown"])
    parts = [part for token in tokens for part in (token, *(token.children or ()))]
    assert not [part.content for part in parts if part.type.startswith("html") and "onerror" in part.content]
    assert not [part for part in parts if part.type == "image"]
    assert not [part for part in parts if "evil.example" in str(part.attrGet("href"))]
    assert not [part.content for part in parts if part.type == "text" and "@team" in part.content]
    assert all(SHOWN[name] in text for text in pages.values())


@pytest.mark.tools
@pytest.mark.parametrize("name", ["D12-in-json"])
def test_what_a_change_is_called_runs_nothing(hunkwise, make_repo, name):
    """Hostile words of a branch, an author and a message are data, and no word of theirs is an option."""
    repo = make_repo("$(touch marker) --help")
    repo.git("commit", "-q", "--allow-empty", "-m", "start")
    repo.git("checkout", "-q", "-b", "x;touch-marker/--rcfile=x")
    repo.write("a.py", SOURCE)
    repo.git("add", "-A")
    repo.git("-c", f"user.name={MESSAGE}", "commit", "-q", "-m", MESSAGE)
    call = ("review", "-C", repo.path, "--base", "main", "--head", "x;touch-marker/--rcfile=x", "--only", "ruff")
    code, out, err = hunkwise(*call, "--foreign", "--format", "json")
    assert code in (0, 1, 3), err
    assert {one["location"]["path"] for one in json.loads(out)["comments"]} == {"a.py"}
    assert [path.name for path in repo.path.rglob("*marker*") if ".git" not in path.parts] == []
