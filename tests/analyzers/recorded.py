"""What the real tools said of small files: recorded under `tests/samples`, by `python tests/analyzers/recorded.py`."""

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hunkwise.analyzers.detect_secrets import KEY
from hunkwise.core.model import FileDiff, FileOutcome, Trust
from hunkwise.core.ports import Analyzer, AnalyzerInputs, ToolResult, ToolRun
from hunkwise.plugins.manager import load_plugins
from hunkwise.testing import FakeWorkspace
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.toolbox import Toolbox, default_directory

SAMPLES = Path(__file__).parent.parent / "samples"
TOOLS = default_directory(os.environ)
ROOT = "{root}"
LANGUAGES = {
    "": "python",
    ".py": "python",
    ".pyi": "pyi",
    ".js": "javascript",
    ".ts": "ts",
    ".sh": "shell",
    ".java": "java",
    ".md": "markdown",
    ".yml": "yaml",
    ".Dockerfile": "dockerfile",
}
SETTINGS: Mapping[str, Mapping[str, object]] = {"flake8": {"select": ["E", "F"]}}
"""What a tool needs to be told before it runs at all."""

DEFECTS = """\
import subprocess


def run(name, seen=[]):
    subprocess.call(f"ls {name}", shell=True)
    é = "é"; seen.append(é); eval(é)
    return nobody


def count(text: str) -> int:
    return text.upper(1)
"""
PYTHON: Mapping[str, Mapping[str, str | bytes]] = {
    "defects": {"app/run.py": DEFECTS, "app/fine.py": "x = 1\n"},
    "syntax-error": {"broken.py": "def f(:\n    pass\n", "fine.py": "x = 1\n"},
    "not-utf8": {"latin.py": b"x = 1  # \xe9\n", "fine.py": "x = 1\n"},
    "nul": {"nul.py": "x = 1\0\n", "fine.py": "x = 1\n"},
    "sum-of-500": {"sum.py": f"a = 1\nx = {' + '.join(['a'] * 500)}\n", "fine.py": "x = 1\n"},
    "sum-of-1500": {"sum.py": f"a = 1\nx = {' + '.join(['a'] * 1500)}\n", "fine.py": "x = 1\n"},
    "missing": {"fine.py": "x = 1\n"},
    "told-to-skip": {"skip.py": "# pylint: skip-file\n# mypy: ignore-errors\nx: int = nobody\n", "fine.py": "x = 1\n"},
}
JAVA: Mapping[str, Mapping[str, str | bytes]] = {
    "defects": {
        "src/Run.java": (
            'class Run {\n\tboolean é(String s, Object o) {\n\t\tif ("😀" == s) ;\n'
            "\t\ttry { o.wait(); } catch (InterruptedException e) { }\n\t\treturn s.equals(null);\n\t}\n}\n"
        ),
        "src/Fine.java": "class Fine { }\n",
    },
    "syntax-error": {"Broken.java": "class Broken { int f( { }\n", "Fine.java": "class Fine { }\n"},
    "not-utf8": {"Latin.java": b'class Latin { String s = "\xe9"; }\n', "Fine.java": "class Fine { }\n"},
    "nul": {"Nul.java": "class Nul { \0 }\n", "Fine.java": "class Fine { }\n"},
    "sum-of-3000": {
        "Sum.java": f"class Sum {{ int f(int a) {{ return {' + '.join(['a'] * 3000)}; }} }}\n",
        "Fine.java": "class Fine { }\n",
    },
    "missing": {"Fine.java": "class Fine { }\n"},
}
WORKFLOWS = ".github/workflows"
WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: STEP\n"
CASES: Mapping[str, Mapping[str, Mapping[str, str | bytes]]] = {
    "pylint": PYTHON,
    "bandit": PYTHON,
    "mypy": PYTHON,
    "shellcheck": {
        "defects": {
            "bin/run.sh": '#!/bin/sh\ncd "é"; rm -rf $1/*\nif [ $1 = x ]; then echo `date`; fi\n',
            "fine.sh": "#!/bin/sh\n",
        },
        "syntax-error": {"broken.sh": "#!/bin/sh\nif true; then\n", "fine.sh": "#!/bin/sh\n"},
        "not-utf8": {"latin.sh": b"#!/bin/sh\necho \xe9 $1\n"},
        "nul": {"nul.sh": "#!/bin/sh\necho \0 $1\n"},
        "missing": {"fine.sh": "#!/bin/sh\n"},
        "zsh": {"z.sh": "#!/bin/zsh\necho $1\n"},
    },
    "checkstyle": JAVA,
    "pmd": JAVA,
    "eslint": {
        "defects": {
            "src/run.js": 'const é = "😀"; if (!é in {}) {}\r\nconst o = { a: 1, a: 2 };\ndebugger\n',
            "src/types.ts": "export const f = (x?: { a: number }) => (x?.a)!!;\n",
            "fine.js": "export const x = 1;\n",
        },
        "syntax-error": {"broken.js": "f(;\n", "fine.js": "export const x = 1;\n"},
        "flow": {"flow.js": "// @flow\nexport const f = (x: number) => x;\n"},
        "not-utf8": {"latin.js": b"f(\xe9\xff);\n"},
        "nul": {"nul.js": "f(\0);\n"},
        "missing": {"fine.js": "export const x = 1;\n"},
        "ignored": {"node_modules/x/index.js": "debugger;\n"},
    },
    "flake8": {
        "defects": {"app/run.py": DEFECTS, "app/fine.py": "x = 1\n"},
        "syntax-error": {"broken.py": "def f(:\n    pass\n", "fine.py": "x = 1\n"},
        "not-utf8": {"latin.py": b"x = 1  # \xe9\n", "fine.py": "x = 1\n"},
        "nul": {"nul.py": "x = 1\0\n", "fine.py": "x = 1\n"},
        "missing": {"fine.py": "x = 1\n"},
    },
    "yamllint": {
        "defects": {"a/twice.yml": "é: {a: 1, a: 2}\nb: *none\n", "fine.yml": "a: 1\n"},
        "syntax-error": {"broken.yml": "a: [1,\n", "chart.yml": "{{- if .x }}\na: 1\n", "fine.yml": "a: 1\n"},
        "not-utf8": {"latin.yml": b"a: \xe9\n", "fine.yml": "a: 1\n"},
        "forged": {"forged.yml": '"a\\n./fine.yml:1:1": 1\n"a\\n./fine.yml:1:1": 2\n', "fine.yml": "a: 1\n"},
        "missing": {"fine.yml": "a: 1\n"},
    },
    "hadolint": {
        "defects": {"a/b.Dockerfile": "FROM scratch\nCOPY a b /c\nWORKDIR éé\n", "fine.Dockerfile": "FROM scratch\n"},
        "syntax-error": {"broken.Dockerfile": "FRM scratch\n", "fine.Dockerfile": "FROM scratch\n"},
        "not-utf8": {"latin.Dockerfile": b"FROM scratch\n# \xe9\n", "fine.Dockerfile": "FROM scratch\n"},
        "missing": {"fine.Dockerfile": "FROM scratch\n"},
    },
    "zizmor": {
        "defects": {
            f"{WORKFLOWS}/run.yml": WORKFLOW.replace("STEP", 'echo "é ${{ github.head_ref }}"'),
            f"{WORKFLOWS}/fine.yml": WORKFLOW.replace("STEP", "echo"),
        },
        "syntax-error": {
            f"{WORKFLOWS}/broken.yml": "on: [\n",
            f"{WORKFLOWS}/other.yml": "a: 1\n",
            f"{WORKFLOWS}/fine.yml": WORKFLOW.replace("STEP", "echo"),
        },
        "nothing": {f"{WORKFLOWS}/broken.yml": "on: [\n"},
        "not-utf8": {
            f"{WORKFLOWS}/latin.yml": b"# \xe9\n",
            f"{WORKFLOWS}/fine.yml": WORKFLOW.replace("STEP", "echo"),
        },
        "missing": {f"{WORKFLOWS}/fine.yml": WORKFLOW.replace("STEP", "echo")},
    },
    "typos": {
        "defects": {"a/read.md": "é: it is neccessary\n", "fine.md": "It is.\n"},
        "not-utf8": {"latin.md": b"It is neccessary.\xe9\n", "fine.md": "It is.\n"},
        "nul": {"nul.md": "It is neccessary.\0\n"},
        "missing": {"fine.md": "It is.\n"},
    },
    "detect-secrets": {
        "defects": {"a/run.py": f'KEY = "{KEY}"\n', "fine.py": "x = 1\n"},
        "not-utf8": {"latin.py": b"# \xe9\n" + f'KEY = "{KEY}"\n'.encode(), "fine.py": "x = 1\n"},
        "nul": {"nul.py": f'KEY = "{KEY}"  # \0\n'},
        "missing": {"fine.py": "x = 1\n"},
    },
}
"""The files of each case; `missing` has one more target that is not there."""
ANALYZERS: Mapping[str, Analyzer] = {
    one.name: one
    for one in load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}).analyzers()
    if isinstance(one, Analyzer) and one.name in CASES
}


@contextmanager
def planned(tool: str, files: Mapping[str, str | bytes], *extra: str, trust: Trust = Trust.FOREIGN):
    """Give the inputs and the call of a tool for these files, and for extra targets that are not there."""
    with FakeWorkspace(files) as workspace, tempfile.TemporaryDirectory() as scratch:
        inputs = AnalyzerInputs(
            workspace=workspace,
            trust=trust,
            settings=SETTINGS.get(tool, {}),
            root=workspace.directory(),
            scratch=scratch,
        )
        targets = [FileDiff(path=path, language=LANGUAGES.get(Path(path).suffix, "")) for path in (*files, *extra)]
        run = ANALYZERS[tool].plan(targets, inputs)
        assert run is not None
        yield inputs, run


def call(tool: str, run: ToolRun, inputs: AnalyzerInputs) -> ToolResult:
    """Run the real tool on files of our own."""
    runner = Runner(toolbox=Toolbox(TOOLS, os.environ), trust=Trust.OWN)
    return runner.run(run, ANALYZERS[tool].tool, inputs)


def review(
    tool: str, files: Mapping[str, str | bytes], *extra: str, trust: Trust = Trust.OWN
) -> dict[str, FileOutcome]:
    """Return what the real tool says of these files, by path."""
    with planned(tool, files, *extra, trust=trust) as (inputs, run):
        return {one.path: one for one in ANALYZERS[tool].parse(run, call(tool, run, inputs), inputs)}


def extra_targets(tool: str, case: str) -> tuple[str, ...]:
    """Return the targets of a case that are not there."""
    if case != "missing":
        return ()
    first = Path(next(iter(CASES[tool][case])))
    return (str(first.with_name("gone" + first.suffix)),)


def load(tool: str, case: str, root: str) -> ToolResult:
    """Return what the tool said in a case, as if in this directory."""
    sample = json.loads((SAMPLES / tool / f"{case}.json").read_text(encoding="utf-8"))
    said = {name: sample[name].replace(ROOT, root).encode("utf-8", "surrogateescape") for name in ("stdout", "stderr")}
    return ToolResult(exit_code=sample["exit_code"], **said)


def parsed(tool: str, case: str, **changes: object) -> dict[str, FileOutcome]:
    """Return what the analyzer makes of a recorded case, by path."""
    with planned(tool, CASES[tool][case], *extra_targets(tool, case)) as (inputs, run):
        result = replace(load(tool, case, inputs.root), **changes)
        return {one.path: one for one in ANALYZERS[tool].parse(run, result, inputs)}


def _renamed(text: str, named: Mapping[str, str]) -> str:
    for here, there in named.items():
        text = text.replace(here, there)
    return text


def record() -> None:
    """Write all samples anew."""
    for tool, cases in CASES.items():
        for case, files in cases.items():
            with planned(tool, files, *extra_targets(tool, case)) as (inputs, run):
                result = call(tool, run, inputs)
                named = {str(Path(inputs.root).resolve()): ROOT, inputs.scratch: "/scratch", str(TOOLS): "/tools"}
                said = {
                    name: _renamed(text.decode("utf-8", "surrogateescape"), named)
                    for name, text in (("stdout", result.stdout), ("stderr", result.stderr[-2000:]))
                }
            sample = SAMPLES / tool / f"{case}.json"
            sample.parent.mkdir(parents=True, exist_ok=True)
            sample.write_text(json.dumps({"exit_code": result.exit_code, **said}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
