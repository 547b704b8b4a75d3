import json

import pytest
from recorded import ANALYZERS

from hunkwise.core.allowed_rules import ALLOWED
from hunkwise.core.model import FileDiff, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.plugins.manager import load_plugins
from hunkwise.testing import FakeWorkspace

ALL = {one.name: one for one in load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}).analyzers()} | dict(ANALYZERS)
PATHS = {"eslint": ("a.js", "javascript"), "shellcheck": ("a.sh", "shell")}
EVIL = "zzz-evil"
HOSTILE = {
    "bandit": {".bandit": f"[bandit]\nskips = B101,{EVIL}\ntargets = {EVIL}\nini = {EVIL}\n"},
    "eslint": {
        ".eslintrc.json": json.dumps(
            {
                "rules": {f"{EVIL}!": "error", f"{EVIL}/x": 2, "eqeqeq": ["error", EVIL], "semi": EVIL},
                "parser": f"./{EVIL}.js",
                "plugins": [EVIL],
                "extends": [f"./{EVIL}.js"],
            }
        )
    },
    "flake8": {
        ".flake8": (
            f"[flake8]\nselect = F,{EVIL}\nformat = {EVIL}\noutput-file = {EVIL}\nrequire-plugins = {EVIL}\n"
            f"max-line-length = {EVIL}\nper-file-ignores = ../{EVIL}:F401\n"
            f"[flake8:local-plugins]\nextension = X = {EVIL}:x\npaths = {EVIL}\n"
        )
    },
    "mypy": {
        "mypy.ini": (
            f"[mypy]\nstrict = True\nplugins = {EVIL}\npython_executable = ./{EVIL}\nmypy_path = {EVIL}\n"
            f"cache_dir = {EVIL}\ncustom_typeshed_dir = {EVIL}\ndisallow_untyped_defs = {EVIL}\n"
        )
    },
    "pylint": {
        "pylintrc": (
            f"[MASTER]\ninit-hook={EVIL}\nload-plugins={EVIL}_x\nrcfile={EVIL}\noutput-format={EVIL}\n"
            f"[MESSAGES CONTROL]\ndisable=C0114,{EVIL}!,--init-hook={EVIL}\n[FORMAT]\nmax-line-length={EVIL}\n"
        )
    },
    "ruff": {
        "ruff.toml": (
            f'extend = "/{EVIL}"\ncache-dir = "{EVIL}"\ntarget-version = "{EVIL}"\nline-length = 80\n'
            f'[lint]\nselect = ["F", "{EVIL}", "F,--config={EVIL}"]\n[lint.per-file-ignores]\n"-{EVIL}" = ["F"]\n'
        )
    },
    "shellcheck": {".shellcheckrc": f"disable=SC2086,{EVIL}\nexternal-sources=true\nsource-path={EVIL}\n"},
}
GOOD = {
    "bandit": "B101",
    "eslint": "{}",
    "flake8": "--select=F",
    "mypy": "strict = True",
    "pylint": "disable=C0114",
    "ruff": "--line-length=80",
    "shellcheck": "SC2086",
}
"""What of it must hold."""


def plan(tool, *, head, base, trust=Trust.FOREIGN):
    path, language = PATHS.get(tool, ("a.py", "python"))
    with FakeWorkspace({path: "x", **head}, base) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, trust=trust, root="/root", scratch="/scratch")
        return ALL[tool].plan([FileDiff(path=path, language=language)], inputs)


def test_each_tool_on_the_list_has_its_hostile_case():
    """No tool's rules are read from the base without a test of what must not come through."""
    assert set(HOSTILE) == set(GOOD) == set(ALLOWED)


@pytest.mark.parametrize("tool", HOSTILE)
def test_only_rules_reach_the_call(tool):
    """Of a hostile configuration in the base, rules reach the call and its data files, and nothing else does."""
    run = plan(tool, head=HOSTILE[tool], base=HOSTILE[tool])
    call = json.dumps([run.args, dict(run.files), dict(run.env)])
    assert EVIL not in call
    assert any(GOOD[tool] in part for part in (*run.args, *run.files.values()))


@pytest.mark.parametrize("tool", HOSTILE)
def test_the_head_changes_nothing(tool):
    """The call is the same whatever the change makes of the configuration that the base has."""
    calls = [plan(tool, head=head, base=HOSTILE[tool]) for head in ({}, HOSTILE[tool], {"pyproject.toml": "x = 1\n"})]
    assert calls[0] == calls[1] == calls[2]
