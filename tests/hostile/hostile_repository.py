"""A repository whose head is hostile: configuration that is code, names that are options, a sum that breaks tools."""

import json
import os
import subprocess
import sys

import pytest
from code_recipes import FIRE_JAVASCRIPT, FIRE_PYTHON, PLUGIN, SECRET
from confined import as_somebody, ran, under
from reached import reached

FILES = {
    ".pylintrc": "[MAIN]\ninit-hook=import sys; sys.path.insert(0, '.'); import evil\n",
    "eslint.config.js": FIRE_JAVASCRIPT + "module.exports = [];\n",
    "mypy.ini": "[mypy]\nplugins = ./plugin.py\n",
    "evil.py": FIRE_PYTHON,
    "plugin.py": PLUGIN,
    "sitecustomize.py": FIRE_PYTHON,
    "setup.py": FIRE_PYTHON,
    "conftest.py": FIRE_PYTHON,
    ".prettierrc.cjs": FIRE_JAVASCRIPT + "module.exports = {};\n",
    ".stylelintrc.js": FIRE_JAVASCRIPT + "module.exports = {};\n",
    "babel.config.js": FIRE_JAVASCRIPT + "module.exports = {};\n",
    ".mcp.json": '{"mcpServers": {"x": {"command": "touch", "args": ["@MARKER@"]}}}\n',
    "package.json": '{"scripts": {"preinstall": "touch @MARKER@", "prepare": "touch @MARKER@"}}\n',
    "Makefile": "all:\n\ttouch @MARKER@\nX := $(shell touch @MARKER@)\n",
    ".pre-commit-config.yaml": "repos:\n- repo: local\n  hooks:\n"
    "  - {id: x, name: x, entry: touch @MARKER@, language: system, always_run: true}\n",
    ".envrc": "touch @MARKER@\n",
    ".npmrc": "node-options=--require=./babel.config.js\n",
    "run.py": "import os\n\n\ndef run(command, into=[]):\n    into.append(command)\n    return eval(command)\n",
    "page.js": "debugger;\nif (NaN === 1) { page(); }\n",
    "deploy.sh": "#!/bin/sh\ncd $1\nrm -rf *\n",
    "sum.py": "import os\n\n\ndef f(command, into=[]):\n    return eval(command)\n\n\nx = "
    + " + ".join(["1"] * 500)
    + "\n",
}
CODE = "import os\n\n\ndef f(command, into=[]):\n    return eval(command)\n"
NAMES = {
    "D01-rcfile": "--rcfile=evil.py",
    "D02-init-hook": "--init-hook=import evil.py",
    "D03-config-file": "--config-file=mypy.ini.py",
    "D04-append-config": "--append-config=evil.py",
    "D05-plugin": "--plugin=evil.py",
    "D06-substitution": "$(touch marker).py",
    "D06-backticks": "`touch marker`.py",
    "D06-semicolon": ";touch marker;.py",
    "D07-newline": "new\nline.py",
    "D07-tab": "tab\t.py",
    "D07-quotes": "quote\"'.py",
    "D07-backslash": "back\\slash.py",
    "D08-not-utf8": "latin\udce9.py",
    "D09-bidi": "a\u202eyp.py",
    "D09-zero-width": "a\u200b.py",
    "D10-response-file": "@evil.py",
    "D10-dash": "-.py",
    "D10-device": "CON.py",
    "D10-trailing-space": "dir /space.py",
    "D10-trailing-dot": "dir./dot.py",
    "D11-link": "](http:\\evil.example).py",
    "D11-image": "<img src=x onerror=1>.py",
    "D11-mention": "@team @org.py",
}
"""Hostile names of a file with defects, by id."""
MESSAGE = "--rcfile=x $(touch marker) `touch marker` [x](http://evil.example) <img src=x> @team \u202e"
SCRIPTS = {"D05-config": "--config=eslint.config.js", "D05-plugin-of-eslint": "--plugin=.js"}


class Hostile:
    """A repository with a hostile head, a listener and a secret."""

    def __init__(self, folder, port):
        self.folder, self.port, self.repo = folder, port, folder / "repo"
        port.setblocking(False)
        (folder / "secret").write_text(SECRET)
        for name in ("open", "home"):
            (folder / name).mkdir()
            (folder / name).chmod(0o777)
        self.repo.mkdir()
        self.git("init", "-q", "-b", "main")
        self.git("commit", "-q", "--allow-empty", "-m", "start")
        facts = {
            "secret": str(folder / "secret"),
            "marker": str(folder / "open" / "marker"),
            "port": port.getsockname()[1],
            "name": "x",
        }
        fired = (PLUGIN, FIRE_PYTHON, FIRE_JAVASCRIPT)
        for name, text in {
            **FILES,
            **dict.fromkeys(NAMES.values(), CODE),
            **dict.fromkeys(SCRIPTS.values(), "debugger;\n"),
        }.items():
            template = next((one for one in fired if one in text), None)
            text = text.replace(template, template.format(**facts)) if template else text
            text = text.replace("@MARKER@", facts["marker"])
            (self.repo / name).parent.mkdir(exist_ok=True)
            (self.repo / name).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", MESSAGE)

    @property
    def env(self):
        """Return the environment of a review: with a secret in it, and without the user's own settings."""
        kept = {name: os.environ[name] for name in ("PATH", "HUNKWISE_TOOLS_DIR") if name in os.environ}
        trusted = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        return {
            **kept,
            **trusted,
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": str(self.folder / "home"),
            "LANG": "C.UTF-8",
            "HUNKWISE_LOAD_PLUGINS": "",
            "TOKEN": SECRET,
        }

    def git(self, *args):
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", *identity, *args], cwd=self.repo, check=True, env=env, capture_output=True)

    def review(self, who, *args, filters=("container",), **more):
        """Review the hostile change; return the exit code, the report and all that was printed."""
        call = (sys.executable, "-m", "hunkwise", "review", "-C", str(self.repo), "--base", "HEAD~1", *args)
        env = {**self.env, **more}
        if "refused" in who:
            call = under(filters, call, env=env)
        call = as_somebody(call, reach=[self.folder], env=env) if "ordinary" in who else reached(call)
        done = ran((*call, "--format", "json"), env=env, cwd=self.folder)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout), done.stdout + done.stderr

    def nothing_happened(self, printed):
        """Require that no hostile code did anything, and nothing was left behind."""
        assert list((self.folder / "open").iterdir()) == []
        assert not (self.repo / "marker").exists()
        assert SECRET not in printed
        with pytest.raises(BlockingIOError):
            self.port.accept()


def states(report):
    """Return the states of each file by reviewer."""
    return {(one["reviewer"], one["path"]): one["state"] for one in report["cover"]}
