"""A hostile tree for one tool, tried outside, in a sandbox, and through our own call; class A and B share it."""

import os
import socket
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from code_recipes import SCRIPT, SECRET, SOURCE, filled
from confined import Place, as_somebody, open_folder, sandbox_named

from hunkwise.core.errors import ToolError, ToolTimeout
from hunkwise.core.kinds import language_of
from hunkwise.core.model import FileDiff, RepoPath, Status, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.plugins.manager import load_plugins
from hunkwise.testing import FakeWorkspace
from hunkwise.workspace.process import run_process
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.toolbox import Toolbox, default_directory, readable_by

ANALYZERS = {one.name: one for one in load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}).analyzers()}
SOURCES = {
    "a.py": SOURCE,
    "a.js": SCRIPT,
    "a.ts": SCRIPT,
    "a.yml": "a: {b: 1, b: 2}\n",
    "A.java": "class A { int f() { ; return 1; } }\n",
}
TIERS = ("bubblewrap", pytest.param("landlock", marks=pytest.mark.slow))
"""The short run tries the first, `make test-all` both."""


PATIENCE = 20.0
"""Seconds after which a call counts as busy for ever."""


def by_id(cases):
    """Return parameters named by their ids; of each id the short run has the first."""
    seen, found = set(), []
    for case in cases:
        name = case if isinstance(case, str) else case.id
        found.append(pytest.param(case, id=name, marks=pytest.mark.slow if name[:3] in seen else ()))
        seen.add(name[:3])
    return found


class Trap:
    """A hostile tree, and what tells whether its code ran."""

    def __init__(self, folder, port):
        self.place, self.port, self.folder = Place(folder), port, folder
        self.calls, self.stop = 0, Event()
        (folder / "secret").write_text(f"{SECRET}\n")
        (folder / "open").mkdir()
        (folder / "open").chmod(0o777)
        port.setblocking(False)

    def lay(self, recipe):
        self.recipe = recipe
        files = {**SOURCES, **filled(recipe, self.folder, self.port.getsockname()[1])}
        for name, text in files.items():
            path = self.place.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o755 if text.startswith("#!") else 0o644)
        self.toolbox = Toolbox(directory=default_directory(os.environ), environ=os.environ)
        self.program = self.toolbox.find(ANALYZERS[recipe.tool].tool)
        if self.program is None:
            pytest.skip(f"{recipe.tool} is not installed")
        return self

    def obvious(self):
        """Return the call as anybody would make it, and its environment."""
        python = str(Path(self.program[-1]).parent / "python")
        parts = {"{tool}": self.program, "{python}": (python,)}
        argv = tuple(one for part in self.recipe.call for one in parts.get(part, (part,)))
        env = {"PATH": self.toolbox.path, "HOME": str(self.place.scratch), **self.recipe.env}
        return argv, env, (str(self.place.root), *readable_by((*self.program, python)))

    def fired(self, output=b""):
        """Return what the hostile code managed to do."""
        found = set()
        if (self.folder / "open" / "marker").exists():
            found.add("marker")
        if SECRET.encode() in output:
            found.add("secret")
        self.answer()
        return found | ({"connected"} if self.calls else set())

    def answer(self):
        """Take the calls that wait, and hang up."""
        with suppress(BlockingIOError):
            while True:
                self.port.accept()[0].close()
                self.calls += 1

    def answering(self):
        """Hang up on whoever calls, so that nobody waits for an answer, until `stop` is set."""
        while not self.stop.wait(0.1):
            self.answer()


@contextmanager
def set_trap():
    """Give a trap in a folder that everybody reaches."""
    with open_folder() as folder, socket.create_server(("127.0.0.1", 0)) as port:
        trap = Trap(folder, port)
        thread = Thread(target=trap.answering)
        thread.start()
        try:
            yield trap
        finally:
            trap.stop.set()
            thread.join()


def fire_outside(recipe):
    """Return what the obvious call does as an ordinary user without a sandbox, and all that it said."""
    with set_trap() as trap:
        argv, env, readable = trap.lay(recipe).obvious()
        trap.place.scratch.chmod(0o777)
        call = as_somebody(argv, reach=readable, env=env)
        try:
            done = run_process(call, cwd=str(trap.place.root), env=env, timeout=PATIENCE, name=recipe.tool)
        except ToolTimeout as error:
            return trap.fired() | {"busy"}, str(error)
        said = done.stdout + done.stderr
        return trap.fired(said), said.decode("utf-8", "replace")


def fire_inside(recipe, sandbox):
    """Return what the obvious call does in a sandbox, and whether the hostile code left a sign that it ran."""
    with set_trap() as trap:
        argv, env, readable = trap.lay(recipe).obvious()
        call = sandbox_named(sandbox).wrap(argv, trap.place.needs(env=env, readable=readable))
        done = run_process(call, cwd=str(trap.place.root), env={}, name=recipe.tool)
        return trap.fired(done.stdout + done.stderr), (trap.place.scratch / "ran").exists()


class Somebody:
    """No sandbox, but another user: for calls whose flags alone must hold."""

    name = "somebody"

    def wrap(self, argv, needs):
        for directory in needs.writable:
            Path(directory).chmod(0o777)
        return as_somebody(argv, reach=(*needs.readable, *needs.writable), env=needs.env)


def fire_through_us(recipe):
    """Return what the call that we make on a foreign change does without any sandbox, and the file's outcome."""
    with set_trap() as trap:
        trap.lay(recipe)
        analyzer = ANALYZERS[recipe.tool]
        path = RepoPath(recipe.target)
        change = FileDiff(path=path, status=Status.ADDED, language=language_of(path))
        root = trap.place.root
        files = {str(one.relative_to(root)): one.read_text() for one in root.rglob("*") if one.is_file()}
        with FakeWorkspace(files, base=files if recipe.base else {}) as workspace:
            inputs = AnalyzerInputs(
                workspace=workspace,
                trust=Trust.FOREIGN,
                settings=recipe.settings,
                root=str(root),
                scratch=str(trap.place.scratch),
            )
            runner = Runner(toolbox=trap.toolbox, trust=Trust.FOREIGN, sandbox=Somebody())
            try:
                run = analyzer.plan([change], inputs)
                result = runner.run(run, analyzer.tool, inputs)
                (outcome,) = analyzer.parse(run, result, inputs)
            except ToolError as error:
                pytest.fail(f"{recipe.id}: {error}")
        assert not (trap.place.scratch / "ran").exists()
        said = result.stdout + result.stderr + repr(outcome).encode()
        return trap.fired(said), outcome
