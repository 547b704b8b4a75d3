"""The layers of configuration."""

import subprocess
import sys
from pathlib import Path

import pytest

from hunkwise.core.config import Config, FailOn, Level, Override, RuleConfig, ToolConfig
from hunkwise.core.errors import UsageError
from hunkwise.settings import ConfigFile, Settings, check_names, load_config, repository_file, user_plugins


def repository(text: str, *, is_foreign: bool = False) -> ConfigFile:
    return ConfigFile(path=".hunkwise.toml", content=text.encode(), is_foreign=is_foreign)


def user(text: str, path: str = "/elsewhere/hunkwise/config.toml") -> ConfigFile:
    return ConfigFile(path=path, content=text.encode(), is_user=True)


def problems(**layers) -> list[str]:
    with pytest.raises(UsageError) as caught:
        load_config(**layers)
    return str(caught.value).splitlines()


def reader(**files: str):
    def read(path: str) -> bytes:
        name = {".hunkwise.toml": "own", "pyproject.toml": "pyproject"}[path]
        if name not in files:
            raise FileNotFoundError(path)
        return files[name].encode()

    return read


def test_defaults_without_configuration():
    """Without any layer the settings are the defaults."""
    assert load_config() == Settings(config=Config())


def test_defaults_do_not_import_pydantic():
    """Where there is nothing to validate, pydantic, which is slow to import, stays out."""
    code = (
        "import sys; from hunkwise.settings import load_config, ConfigFile;"
        "load_config(repository=ConfigFile(path='x', content=b'# nothing'), environ={'HUNKWISE_DEBUG': '1'});"
        "print('pydantic' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "False\n"


def test_file_is_typed():
    """Every kind of setting becomes the value that the code works with."""
    text = """
    exclude = ["docs/"]
    max_comments = 4
    floor = 0
    fail_on = "high"
    [tools.ruff]
    enabled = false
    timeout = 5
    options = {select = ["E", "F"], preview = true, limit = 3, factor = 1.5, name = "x"}
    [rules."ruff.F401"]
    severity = "low"
    [[overrides]]
    paths = ["tests/"]
    skip = ["bandit"]
    rules = {"ruff.*" = {enabled = false}}
    """
    options = {"select": ["E", "F"], "preview": True, "limit": 3, "factor": 1.5, "name": "x"}
    expected = Config(
        exclude=("docs/",),
        max_comments=4,
        floor=0.0,
        fail_on=FailOn.HIGH,
        tools={"ruff": ToolConfig(enabled=False, timeout=5.0, options=options)},
        rules={"ruff.F401": RuleConfig(severity=Level.LOW)},
        overrides=(Override(paths=("tests/",), skip=("bandit",), rules={"ruff.*": RuleConfig(enabled=False)}),),
    )
    assert load_config(repository=repository(text)).config == expected


def test_order_of_layers():
    """The command line wins over the environment, that over the repository, that over the user, that over defaults."""
    found = load_config(
        user=user("max_comments = 1\nfocus = 1\nfloor = 0.1\ntimeout = 1"),
        repository=repository("max_comments = 2\nfocus = 2\nfloor = 0.2"),
        environ={"HUNKWISE_MAX_COMMENTS": "3", "HUNKWISE_FOCUS": "3"},
        command_line={"max_comments": 4},
    )
    config = found.config
    assert (config.max_comments, config.focus, config.floor, config.timeout) == (4, 3, 0.2, 1.0)
    assert found.sources == {
        "max_comments": "--max-comments",
        "focus": "HUNKWISE_FOCUS",
        "floor": ".hunkwise.toml",
        "timeout": "/elsewhere/hunkwise/config.toml",
    }


def test_tables_merge_by_key():
    """A tool that two layers mention keeps what only the lower one says of it."""
    found = load_config(
        user=user("[tools.ruff]\nenabled = false\noptions = {a = 1, b = 1}\n[tools.mypy]\ntimeout = 9"),
        repository=repository("[tools.ruff]\ntimeout = 2\noptions = {b = 2}"),
    )
    assert found.config.tools == {
        "ruff": ToolConfig(enabled=False, timeout=2.0, options={"a": 1, "b": 2}),
        "mypy": ToolConfig(timeout=9.0),
    }
    assert found.sources["tools.ruff.options.b"] == ".hunkwise.toml"


def test_overrides_add_up():
    """The repository's overrides follow the user's, so that they win."""
    found = load_config(
        user=user('[[overrides]]\npaths = ["a"]'), repository=repository('[[overrides]]\npaths = ["b"]')
    )
    assert found.config.overrides == (Override(paths=("a",)), Override(paths=("b",)))
    assert found.sources["overrides[1]"] == ".hunkwise.toml"


def test_all_problems_at_once():
    """Every problem of every layer is one line that names file, key and what is expected."""
    text = """
    max_coments = 3
    fail_on = "hgh"
    floor = nan
    focus = -1
    include = "x"
    timeout = 1979-05-27
    [tools.ruff]
    tmeout = 3
    options = {a = {b = 1}}
    [rules]
    F401 = {enabled = false}
    [[overrides]]
    path = ["a"]
    """
    assert problems(repository=repository(text), command_line={"floor": 3.0}) == [
        ".hunkwise.toml: fail_on: expected 'none', 'info', 'low', 'medium', 'high' or 'critical', got \"hgh\"",
        ".hunkwise.toml: floor: expected a finite number, got NaN",
        ".hunkwise.toml: focus: expected at least 0, got -1",
        '.hunkwise.toml: include: expected a list, got "x"',
        ".hunkwise.toml: max_coments: unknown key; did you mean 'max_comments'?",
        ".hunkwise.toml: overrides[0].path: unknown key; did you mean 'paths'?",
        ".hunkwise.toml: overrides[0].paths: this key is required",
        '.hunkwise.toml: rules.F401: write the name of a rule as "tool.rule" or "tool.*"',
        ".hunkwise.toml: timeout: expected a number",
        ".hunkwise.toml: tools.ruff.options.a: expected text, a number, true or false, or a list of texts"
        ', got {"b": 1}',
        ".hunkwise.toml: tools.ruff.tmeout: unknown key; did you mean 'timeout'?",
        "--floor: expected at most 1, got 3.0",
    ]


def test_foreign_values_are_not_shown():
    """A foreign repository cannot make its values, or raw control characters, appear in messages."""
    text = 'floor = "sesame"\n["\\u001b[31m"]\n'
    shown = "\n".join(problems(repository=repository(text, is_foreign=True)))
    assert "sesame" not in shown
    assert "\x1b" not in shown
    assert ".hunkwise.toml: floor: expected a number" in shown


def test_unquoted_rule_gets_a_hint():
    """A rule written without quotes is a table too many, and the message says how to write it."""
    assert problems(repository=repository("[rules.ruff.F401]\nenabled = false")) == [
        '.hunkwise.toml: rules.ruff.F401: unknown key; if it is the name of a rule, put it in quotes: rules."ruff.F401"'
    ]


def test_number_of_problems_shown_is_capped():
    """A file with thousands of problems does not fill the screen."""
    shown = problems(repository=repository("\n".join(f"k{number} = 1" for number in range(3000))))
    assert len(shown) == 21
    assert shown[-1] == ".hunkwise.toml: and 2980 more problems"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = = 3", ".hunkwise.toml, line 1, column 5: not valid TOML: Invalid value"),
        ("\n[tools", ".hunkwise.toml, end of document: not valid TOML: Expected ']' at the end of a table declaration"),
        ("x = " + "[" * 5000, ".hunkwise.toml: not valid TOML"),
        ("focus = 0x" + "f" * 5000, ".hunkwise.toml: holds a number with too many digits, or tables that are nested"),
        ("a" * 2**21, ".hunkwise.toml: larger than 1048576 bytes"),
    ],
    ids=["value", "header", "nesting", "digits", "size"],
)
def test_what_cannot_be_parsed(text, expected):
    """Malformed and malicious TOML is one line with the place."""
    [shown] = problems(repository=repository(text))
    assert shown.startswith(expected)


def test_not_utf8():
    """A file in another encoding is named with the line."""
    file = ConfigFile(path=".hunkwise.toml", content=b"# ok\n# caf\xe9\n")
    assert problems(repository=file) == [".hunkwise.toml, line 2: not UTF-8"]


def test_repository_may_not_run_programs():
    """What makes programs run is for the user's own file."""
    found = problems(repository=repository('plugins = ["x.py"]\n[programs]\nruff = "./evil"'))
    assert [line.split(": ")[1] for line in found] == ["plugins", "programs"]
    assert "only your own configuration file may hold this key" in found[0]


def test_user_names_plugins_and_programs(tmp_path):
    """The user's plugins and programs are found relative to the user's file."""
    program = tmp_path / "bin" / "ruff"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    file = user('plugins = ["mine.py"]\n[programs]\nruff = "bin/ruff"\nsh = "sh"', str(tmp_path / "config.toml"))
    found = load_config(user=file)
    assert found.plugins == (tmp_path / "mine.py",)
    assert found.programs["ruff"] == str(program)
    assert Path(found.programs["sh"]).is_absolute()
    assert user_plugins(file) == (tmp_path / "mine.py",)


def test_missing_program():
    """A program that is configured and not there is an error that names it."""
    file = user('[programs]\nruff = "/nowhere/ruff"')
    assert problems(user=file) == [f"{file.path}: programs.ruff: there is no program /nowhere/ruff"]


@pytest.mark.parametrize(
    ("name", "text", "field", "expected"),
    [
        ("HUNKWISE_FLOOR", "0.5", "floor", 0.5),
        ("HUNKWISE_ALLOW_INCOMPLETE", "yes", "allow_incomplete", True),
        ("HUNKWISE_ALLOW_INCOMPLETE", "0", "allow_incomplete", False),
        ("HUNKWISE_ONLY", "ruff, mypy", "only", ("ruff", "mypy")),
        ("HUNKWISE_FAIL_ON", "low", "fail_on", FailOn.LOW),
        ("HUNKWISE_MAX_COMMENTS", "", "max_comments", 10),
        ("HUNKWISE_LOAD_PLUGINS", "a,b", "max_comments", 10),
    ],
)
def test_environment(name, text, field, expected):
    """Words and comma lists come from the environment; an empty variable and one that is no setting do not count."""
    assert getattr(load_config(environ={name: text}).config, field) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("HUNKWISE_MAX_COMMENTS", "many", 'HUNKWISE_MAX_COMMENTS: expected a whole number, got "many"'),
        ("HUNKWISE_ALLOW_INCOMPLETE", "maybe", 'HUNKWISE_ALLOW_INCOMPLETE: expected true or false, got "maybe"'),
        (
            "HUNKWISE_MAX_COMENTS",
            "1",
            "HUNKWISE_MAX_COMENTS: there is no such setting; did you mean HUNKWISE_MAX_COMMENTS?",
        ),
    ],
)
def test_bad_environment(name, text, expected):
    """A bad or misspelt variable is named."""
    assert problems(environ={name: text}) == [expected]


def test_pyproject_table():
    """Settings may stand in pyproject.toml, and messages say where."""
    file = repository_file(reader(pyproject="[tool.hunkwise]\nmax_comments = true"), is_foreign=False)
    assert problems(repository=file) == [
        "pyproject.toml, [tool.hunkwise]: max_comments: expected a whole number, got true"
    ]


def test_pyproject_table_must_be_a_table():
    """Another value under that name is an error."""
    file = repository_file(reader(pyproject="[tool]\nhunkwise = 3"), is_foreign=False)
    assert problems(repository=file) == ["pyproject.toml: tool.hunkwise: expected a table"]


def test_pyproject_of_others_is_left_alone():
    """A pyproject.toml without our table, even a broken one, is no configuration of ours."""
    assert repository_file(reader(pyproject="this is = = broken"), is_foreign=False) is None
    assert repository_file(reader(pyproject='[project]\nname = "hunkwise"'), is_foreign=False) is None


def test_two_files_are_an_error():
    """Settings in both files are an error, so that none is silently ignored."""
    with pytest.raises(UsageError, match="keep one of them"):
        repository_file(reader(own="", pyproject="[tool.hunkwise]"), is_foreign=False)


def test_unknown_tools_are_named():
    """A tool asked for that does not exist is an error with its origin and the nearest name."""
    settings = load_config(
        repository=repository('[[overrides]]\npaths = ["a"]\nskip = ["pylnt"]\n[tools.ruf]\n[rules."pylnt.*"]'),
        environ={"HUNKWISE_SKIP": "zzz"},
        command_line={"only": ("rufff",)},
    )
    with pytest.raises(UsageError) as caught:
        check_names(settings, ["ruff", "pylint"])
    assert str(caught.value).splitlines() == [
        "--only: there is no tool rufff; did you mean 'ruff'?",
        "HUNKWISE_SKIP: there is no tool zzz; there are pylint, ruff",
        ".hunkwise.toml: overrides: there is no tool pylnt; did you mean 'pylint'?",
        ".hunkwise.toml: tools: there is no tool ruf; did you mean 'ruff'?",
        ".hunkwise.toml: rules: there is no tool pylnt; did you mean 'pylint'?",
    ]


def test_foreign_names_are_not_shown():
    """What a foreign repository calls a tool is a value too."""
    with pytest.raises(UsageError) as caught:
        check_names(load_config(repository=repository('only = ["sesame"]', is_foreign=True)), ["ruff"])
    assert str(caught.value) == ".hunkwise.toml: only: a tool is named that does not exist; there are ruff"


def test_settings_of_absent_plugins_are_allowed():
    """A table for a tool that resembles none is left alone: its plugin may be installed elsewhere."""
    check_names(load_config(repository=repository('[tools.zzz]\ntimeout = 1\n[rules."zzz.*"]\n')), ["ruff"])
