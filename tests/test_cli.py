"""The command line as people meet it: a process with its output and exit code."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hunkwise.cli import run


def plugin(tmp_path: Path, body: str) -> Path:
    """Write a plugin file whose verb `boom` does what the body says."""
    path = tmp_path / "boom.py"
    path.write_text(
        "from hunkwise import hookimpl\n"
        "class Boom:\n"
        "    name = 'boom'\n"
        "    def add(self, app):\n"
        "        @app.command('boom')\n"
        "        def boom():\n"
        f"            {body}\n"
        "@hookimpl\n"
        "def hunkwise_commands():\n"
        "    return [Boom()]\n"
    )
    return path


def test_help_lists_the_verbs(hunkwise):
    """`--help` is plain text on stdout that names every built-in verb."""
    code, out, err = hunkwise("--help")
    assert (code, err) == (0, "")
    for verb in ("review", "init", "config"):
        assert re.search(rf"^  {verb} ", out, re.MULTILINE)


def test_no_verb(hunkwise):
    """Without a verb the help goes to stderr, and that is no success."""
    code, out, err = hunkwise()
    assert (code, out) == (2, "")
    assert err.startswith("Usage: hunkwise")


def test_version(hunkwise):
    """`--version` names the program and its Python."""
    code, out, _ = hunkwise("--version")
    assert code == 0
    assert re.fullmatch(r"hunkwise \d\S* \(Python \d\S*\)\n", out)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["reveiw"], "hunkwise: error: No such command 'reveiw'. Did you mean 'review'?; see `hunkwise --help`\n"),
        (["review", "--bsae"], "see `hunkwise review --help`\n"),
        (["review", "--max-comments", "x"], "see `hunkwise review --help`\n"),
        (["--plugin", "gone.py", "review"], "hunkwise: error: plugin file gone.py does not exist\n"),
    ],
)
def test_wrong_use(hunkwise, args, expected):
    """A wrong verb, option or argument is one line with where to read more, and exit code 2."""
    code, out, err = hunkwise(*args)
    assert (code, out) == (2, "")
    assert err.startswith("hunkwise: error: ")
    assert err.count("\n") == 1
    assert err.endswith(expected)


def test_plugin_file_brings_a_verb(hunkwise, tmp_path):
    """A file named before the verb may bring that verb, and its return value is the exit code."""
    path = plugin(tmp_path, "print('bang'); return 7")
    assert hunkwise("--plugin", str(path), "boom") == (7, "bang\n", "")


def test_unexpected_error(hunkwise, tmp_path, clean_environ):
    """A fault is one line that names a log file, which holds the traceback; none is shown."""
    path = plugin(tmp_path, "raise RuntimeError('no\\nway')")
    code, out, err = hunkwise("--plugin", str(path), "boom")
    assert (code, out) == (2, "")
    assert err.startswith("hunkwise: error: RuntimeError: no; this is a fault of hunkwise or of a plugin")
    assert err.count("\n") == 1
    [log] = Path(clean_environ["HOME"]).rglob("error-*.log")
    assert str(log) in err
    assert "Traceback" in log.read_text()


def test_unexpected_error_where_no_log_can_be_written(hunkwise, tmp_path):
    """Then the line says so, and how to see the traceback."""
    path = plugin(tmp_path, "raise RuntimeError('no way')")
    _, _, err = hunkwise("--plugin", str(path), "boom", HOME="/dev/null", XDG_STATE_HOME="/dev/null")
    assert "no log could be written" in err
    assert "HUNKWISE_DEBUG=1" in err
    assert err.count("\n") == 1


def test_debug_shows_the_traceback(hunkwise, tmp_path):
    """`HUNKWISE_DEBUG=1` is for those who mend it."""
    path = plugin(tmp_path, "raise RuntimeError('no way')")
    assert "Traceback" in hunkwise("--plugin", str(path), "boom", HUNKWISE_DEBUG="1")[2]


def test_interrupt(tmp_path):
    """An interrupt ends with 130, quietly."""
    path = plugin(tmp_path, "raise KeyboardInterrupt")
    assert run(["--plugin", str(path), "boom"], {}) == 130


def test_reader_that_has_gone(clean_environ, tmp_path):
    """When nobody reads any more the program ends without a word."""
    path = plugin(tmp_path, "[print('x' * 1000) for _ in range(1000)]")
    line = f"{sys.executable} -m hunkwise --plugin {path} boom | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], env=clean_environ, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[1] == "141"
    assert done.stderr == ""


def test_names_cannot_steer_the_terminal(hunkwise):
    """What others wrote reaches the terminal without control characters."""
    _, _, err = hunkwise("config", "show", "-C", "a\x1b[31mb")
    assert "\x1b" not in err
    assert err.count("\n") == 1


def test_config_show(hunkwise, tmp_path):
    """The effective settings name their origins."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".hunkwise.toml").write_text("focus = 1\n")
    code, out, _ = hunkwise("config", "show", "--origin", HUNKWISE_FLOOR="0.5")
    assert code == 0
    assert "focus = 1  # .hunkwise.toml\n" in out
    assert "floor = 0.5  # HUNKWISE_FLOOR\n" in out
    assert "max_comments = 10  # default\n" in out


def test_config_show_with_problems(hunkwise, tmp_path):
    """All problems come at once, a line each."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".hunkwise.toml").write_text('max_coments = 1\nfocus = "x"\n')
    assert hunkwise("config", "show") == (
        2,
        "",
        'hunkwise: error: .hunkwise.toml: focus: expected a whole number, got "x"\n'
        "hunkwise: error: .hunkwise.toml: max_coments: unknown key; did you mean 'max_comments'?\n",
    )


def test_config_schema(hunkwise):
    """The schema is written as JSON."""
    code, out, _ = hunkwise("config", "schema")
    assert code == 0
    assert "max_comments" in json.loads(out)["properties"]


def test_init(hunkwise, tmp_path):
    """`init` writes a file at the root that is valid, once."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "inner").mkdir()
    code, out, _ = hunkwise("init", cwd=tmp_path / "inner")
    assert code == 0
    assert out.startswith(f"wrote {tmp_path / '.hunkwise.toml'}\n")
    assert hunkwise("config", "show")[0] == 0
    code, _, err = hunkwise("init")
    assert code == 2
    assert err == f"hunkwise: error: {tmp_path / '.hunkwise.toml'} exists; edit it, or remove it first\n"


def test_init_beside_pyproject(hunkwise, tmp_path):
    """`init` does not add a second place for settings."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "pyproject.toml").write_text("[tool.hunkwise]\n")
    code, _, err = hunkwise("init")
    assert code == 2
    assert "holds settings already, under [tool.hunkwise]" in err


def test_init_outside_a_repository(hunkwise):
    """Without a repository there is nothing to configure."""
    code, _, err = hunkwise("init")
    assert code == 2
    assert "is not in a git repository" in err


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_completion_in_bash(clean_environ, tmp_path):
    """Bash, having read what --show-completion prints, completes verbs, options and values."""
    bin_dir = tmp_path / "bin"
    bin_dir.mkdir()
    program = bin_dir / "hunkwise"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m hunkwise "$@"\n')
    program.chmod(0o755)
    script = """
    eval "$(_HUNKWISE_COMPLETE=source_bash hunkwise)"
    complete -p hunkwise >/dev/null || exit 9
    function=$(complete -p hunkwise | sed 's/.*-F \\([^ ]*\\).*/\\1/')
    try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; $function hunkwise; echo "${COMPREPLY[*]}"; }
    try hunkwise rev
    try hunkwise review --max
    try hunkwise review --fail-on cri
    """
    env = {**clean_environ, "PATH": f"{bin_dir}{os.pathsep}{clean_environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:3] == ["review", "--max-comments", "critical"]


def test_help_is_cheap():
    """What the help does not need is not imported for it: it must be there at once."""
    code = (
        "import sys; from hunkwise.cli import run; assert run(['--help']) == 0;"
        "names = ('hunkwise.core.model', 'hunkwise.core.ports', 'hunkwise.settings', 'rich', 'pydantic');"
        "print([name for name in names if name in sys.modules], file=sys.stderr)"
    )
    env = {**os.environ, "HUNKWISE_LOAD_PLUGINS": "", "XDG_CONFIG_HOME": "/dev/null"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_doctor(hunkwise):
    """The doctor's lines come with a mark each, and it ends with 2 where something must be mended."""
    code, out, err = hunkwise("doctor")
    assert (code, err) == (0, "")
    assert all(line[:4] in ("ok  ", "--  ") for line in out.splitlines())
    code, out, _ = hunkwise("doctor", HUNKWISE_FOCUS="x")
    assert code == 2
    assert "!!  configuration: HUNKWISE_FOCUS" in out


def test_empty_review_is_cheap(tmp_path):
    """Where nothing differs, and nothing is configured, what renders and what validates is not imported."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    code = (
        "import sys; from hunkwise.cli import run; assert run(['review', '-C', sys.argv[1]]) == 0;"
        "print([name for name in ('rich', 'pydantic', 'unidiff') if name in sys.modules])"
    )
    env = {**os.environ, "HUNKWISE_LOAD_PLUGINS": "", "XDG_CONFIG_HOME": "/dev/null"}
    call = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(call, env=env, capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr
