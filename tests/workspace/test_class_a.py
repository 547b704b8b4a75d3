"""Configuration that is code: it fires outside, and neither in a sandbox nor through our own calls."""

import os
import socket
from pathlib import Path

import pytest
from confined import Place, as_somebody, open_folder, ran, sandbox_named
from hostile import NOT_HONOURED, NOT_RUN, RECIPES, SCRIPT, SECRET, SOURCE, filled

from hunkwise.core.model import FileDiff, RepoPath, Status, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.plugins.manager import load_plugins
from hunkwise.testing import FakeWorkspace
from hunkwise.workspace.process import run_process
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.toolbox import Toolbox, default_directory, readable_by

ANALYZERS = {one.name: one for one in load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}).analyzers()}
LANGUAGES = {"a.py": "python", "a.js": "javascript"}


class Trap:
    """A hostile tree, and what tells whether its code ran."""

    def __init__(self, folder, port):
        self.place, self.port, self.folder = Place(folder), port, folder
        (folder / "secret").write_text(SECRET)
        (folder / "open").mkdir()
        (folder / "open").chmod(0o777)
        port.setblocking(False)

    def lay(self, recipe):
        self.recipe = recipe
        files = {"a.py": SOURCE, "a.js": SCRIPT, **filled(recipe, self.folder, self.port.getsockname()[1])}
        for name, text in files.items():
            path = self.place.root / name
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
        try:
            self.port.accept()[0].close()
            found.add("connected")
        except BlockingIOError:
            pass
        return found


@pytest.fixture
def trap():
    """Return a trap in a folder that everybody reaches."""
    with open_folder() as folder, socket.create_server(("127.0.0.1", 0)) as port:
        yield Trap(folder, port)


def by_id(recipes):
    return [pytest.param(recipe, id=recipe.id) for recipe in recipes]


@pytest.mark.tools
@pytest.mark.parametrize("recipe", by_id(RECIPES))
def test_it_fires_outside(trap, recipe):
    """The control: as an ordinary user, the obvious call runs the hostile code; or the tool no longer honours it."""
    argv, env, readable = trap.lay(recipe).obvious()
    trap.place.scratch.chmod(0o777)
    call = as_somebody(argv, reach=readable, env=env)
    done = ran(call, cwd=trap.place.root, env=env)
    fired = trap.fired((done.stdout + done.stderr).encode())
    expected = set() if recipe.id in NOT_HONOURED else {"marker", "connected"}
    assert fired - {"secret"} == expected, done.stderr


@pytest.mark.tools
@pytest.mark.parametrize("name", ["bubblewrap", pytest.param("landlock", marks=pytest.mark.slow)])
@pytest.mark.parametrize("recipe", by_id(one for one in RECIPES if one.id not in NOT_HONOURED))
def test_it_is_inert_in_the_sandbox(trap, recipe, name):
    """The same call, honoured: the code runs, as it can write to the scratch directory, and does nothing else."""
    argv, env, readable = trap.lay(recipe).obvious()
    call = sandbox_named(name).wrap(argv, trap.place.needs(env=env, readable=readable))
    done = run_process(call, cwd=str(trap.place.root), env={}, name=recipe.tool)
    assert (trap.place.scratch / "ran").exists()
    assert trap.fired(done.stdout + done.stderr) == set()


class Somebody:
    """No sandbox, but another user: for calls whose flags alone must hold."""

    name = "somebody"

    def wrap(self, argv, needs):
        for directory in needs.writable:
            Path(directory).chmod(0o777)
        return as_somebody(argv, reach=(*needs.readable, *needs.writable), env=needs.env)


@pytest.mark.tools
@pytest.mark.parametrize("recipe", by_id(RECIPES))
def test_our_calls_do_not_honour_it(trap, recipe):
    """By its options alone, the call that we make on a foreign change runs none of it; the file is still looked at."""
    trap.lay(recipe)
    analyzer = ANALYZERS[recipe.tool]
    change = FileDiff(path=RepoPath(recipe.target), status=Status.ADDED, language=LANGUAGES[recipe.target])
    files = {path.name: path.read_text() for path in trap.place.root.iterdir()}
    with FakeWorkspace(files) as workspace:
        inputs = AnalyzerInputs(
            workspace=workspace,
            trust=Trust.FOREIGN,
            settings=recipe.settings,
            root=str(trap.place.root),
            scratch=str(trap.place.scratch),
        )
        run = analyzer.plan([change], inputs)
        result = Runner(toolbox=trap.toolbox, trust=Trust.FOREIGN, sandbox=Somebody()).run(run, analyzer.tool, inputs)
        assert not (trap.place.scratch / "ran").exists()
        assert trap.fired(result.stdout + result.stderr) == set()
        (outcome,) = analyzer.parse(run, result, inputs)
    assert (outcome.state.value, outcome.reason) == ("reviewed", "")


def test_every_id_of_the_class_is_accounted_for():
    """A01 to A24 are tried, or belong to something that is not run."""
    tried = {recipe.id.split()[0] for recipe in RECIPES}
    assert tried | set(NOT_RUN) == {f"A{number:02}" for number in range(1, 25)}
    assert not tried & set(NOT_RUN)
    tools = {word for words in NOT_RUN.values() for word in words.split()}
    assert not tools & set(ANALYZERS), "there is an analyzer now: give it a recipe"
