import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkwise.core.allowed_rules import ALLOWED
from hunkwise.core.inherited_rules import inherited_rules
from hunkwise.core.model import Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.testing import FakeWorkspace


def read(tool, base, *, head=None, trust=Trust.FOREIGN):
    with FakeWorkspace(head or {}, base) as workspace:
        return inherited_rules(tool, AnalyzerInputs(workspace=workspace, trust=trust))


@pytest.mark.parametrize(
    ("tool", "file", "text", "expected"),
    [
        ("ruff", "ruff.toml", 'lint.select = ["F"]\nline-length = 88\n', {"select": ("F",), "line-length": 88}),
        ("ruff", "pyproject.toml", '[tool.ruff]\ntarget-version = "py310"\n', {"target-version": "py310"}),
        (
            "ruff",
            ".ruff.toml",
            '[lint.per-file-ignores]\n"tests/*" = ["S101", "D"]\n',
            {"per-file-ignores": ("tests/*:S101", "tests/*:D")},
        ),
        (
            "flake8",
            "tox.ini",
            "[flake8]\nextend-ignore = E203,\n  W503\nmax_line_length = 100\n"
            "per-file-ignores =\n  a.py:F401,E1\n  b/*:F\n",
            {
                "extend-ignore": ("E203", "W503"),
                "max-line-length": 100,
                "per-file-ignores": ("a.py:F401", "a.py:E1", "b/*:F"),
            },
        ),
        (
            "pylint",
            ".pylintrc",
            "[MASTER]\n[MESSAGES CONTROL]\ndisable=all,C0114\nenable=\n  no-member\n[FORMAT]\nmax-line-length=99\n",
            {"disable": ("all", "C0114"), "enable": ("no-member",), "max-line-length": 99},
        ),
        ("pylint", "pyproject.toml", '[tool.pylint.main]\ndisable = ["R"]\n', {"disable": ("R",)}),
        ("mypy", "setup.cfg", "[mypy]\nstrict = True\ndisable_error_code = misc\n", None),
        ("bandit", ".bandit", "[bandit]\nskips = B101,B102\n", {"skips": ("B101", "B102")}),
        (
            "shellcheck",
            ".shellcheckrc",
            "disable=SC2086 # x\n# x=1\ndisable=SC2164\n",
            {"disable": ("SC2086", "SC2164")},
        ),
        (
            "eslint",
            ".eslintrc",
            '{"rules": {"eqeqeq": 2, "semi": ["off"]}}',
            {"rules": ("eqeqeq:error", "semi:off")},
        ),
        ("eslint", "package.json", '{"eslintConfig": {"rules": {"semi": "warn"}}}', {"rules": ("semi:warn",)}),
    ],
)
def test_rules_are_read_in_each_form(tool, file, text, expected):
    """Codes, severities, lengths and truth values come through from every file that the tool takes them from."""
    rules = read(tool, {file: text})
    expected = {"strict": True, "disable-error-code": ("misc",)} if expected is None else expected
    assert (rules.file, dict(rules.values), rules.ignored) == (file, expected, 0)
    assert rules.reason == ""


@pytest.mark.parametrize(
    ("tool", "file", "text", "ignored"),
    [
        ("ruff", "ruff.toml", 'extend = "/etc/passwd"\n', 1),
        ("ruff", "ruff.toml", 'lint.select = ["F", "--config=x", "F401,--fix"]\n', 2),
        ("ruff", "ruff.toml", 'target-version = "py310 --fix"\nline-length = "88"\n', 1),
        (
            "ruff",
            "ruff.toml",
            'lint.per-file-ignores = { "../x" = ["F"], "-a" = ["F"], "a:b" = ["F"], c = "F" }\n',
            4,
        ),
        ("pylint", ".pylintrc", "[MASTER]\ninit-hook=import os\nload-plugins=evil\nrcfile=x\n", 3),
        ("pylint", "setup.cfg", "[pylint.MASTER]\ndisable=all\n  init-hook=x\n", 1),
        ("flake8", ".flake8", "[flake8]\nselect = F, --x\n[flake8:local-plugins]\nextension = X = evil:x\n", 1),
        ("flake8", ".flake8", "[flake8]\nmax-line-length = 99999\nformat = x\noutput-file = /tmp/x\n", 3),
        ("mypy", "mypy.ini", "[mypy]\nplugins = evil.py\npython_executable = ./x\nmypy_path = /\nstrict = maybe\n", 4),
        ("mypy", "pyproject.toml", '[tool.mypy]\nplugins = ["evil"]\nexclude = "."\n', 2),
        ("bandit", "pyproject.toml", '[tool.bandit]\nskips = ["B101", "all"]\nexclude_dirs = ["."]\n', 2),
        ("shellcheck", ".shellcheckrc", "disable=all\nexternal-sources=true\nsource-path=/etc\n", 3),
        ("eslint", ".eslintrc.json", '{"parser": "./x.js", "plugins": ["x"], "extends": "./y"}', 3),
        (
            "eslint",
            ".eslintrc.json",
            '{"rules": {"x/y": 2, "__proto__": 2, "semi": ["error", "never"], "curly": 7}}',
            4,
        ),
    ],
)
def test_what_is_no_rule_does_not_hold(tool, file, text, ignored):
    """Paths, programs, plugins and values of another form are counted, and nothing of them is taken."""
    rules = read(tool, {file: text})
    assert rules.ignored >= ignored
    shown = repr(dict(rules.values))
    for word in ("passwd", "evil", "--", "./", "..", "hook", "all", "/etc", "plugin", "__proto__"):
        assert word not in shown.replace("'disable': ('all',)", "")
    assert f"by {file} of the base, but for " in rules.reason


@pytest.mark.parametrize("tool", ALLOWED)
def test_the_head_is_never_read(tool):
    """Without a configuration in the base there are no rules, whatever the change brings; nor for one's own change."""
    files = dict.fromkeys(ALLOWED[tool].files, "[flake8]\nselect=F\n[mypy]\n[bandit]\n[pylint]\n")
    assert read(tool, {}, head=files) is None
    assert read(tool, files, trust=Trust.OWN) is None


@pytest.mark.parametrize(
    "text", ["[", "\x00", b"\xff", "a" * (2**20 + 1), "[" * 100_000, "a." * 50_000 + "a = 1", '{"rules": ' * 100_000]
)
@pytest.mark.parametrize("tool", ALLOWED)
def test_what_cannot_be_read_is_none(tool, text):
    """Broken, deep, huge and binary files never raise, and set nothing."""
    for file in ALLOWED[tool].files:
        rules = read(tool, {file: text})
        assert rules is None or not rules.values


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(SCALARS, lambda one: st.lists(one) | st.dictionaries(st.text(max_size=8), one), max_leaves=6)
SAFE = re.compile(r"[\w*?.\[][\w*?./\[\]:-]*")


@given(tool=st.sampled_from(sorted(ALLOWED)), value=VALUES, data=st.data())
def test_whatever_is_set_has_a_safe_form(tool, value, data):
    """No value of any type makes a reader raise, or give more than rules, numbers and truth values."""
    name = data.draw(st.sampled_from(sorted(ALLOWED[tool].settings)))
    found, dropped = ALLOWED[tool].settings[name](value)
    assert dropped >= 0
    for one in found if isinstance(found, tuple) else (found,):
        assert one is None or isinstance(one, int) or SAFE.fullmatch(one)


@given(rules=st.dictionaries(st.text(max_size=10), SCALARS | st.lists(SCALARS, max_size=3), max_size=4))
def test_severities_are_rules_of_eslint_only(rules):
    """What comes of JSON is names of eslint's own rules with one of three severities."""
    found = read("eslint", {".eslintrc.json": json.dumps({"rules": rules}, allow_nan=True)})
    assert found is not None
    assert all(re.fullmatch(r"[a-z-]+:(off|warn|error)", one) for one in found.texts("rules"))
