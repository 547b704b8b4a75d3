"""Files that make a tool run what they bring: class A of the hostile corpus, and the code that tells whether it ran."""

from dataclasses import dataclass, field

SECRET = "planted-secret-7f3a"
FIRE_PYTHON = """
import os, socket
def fire():
    open(os.environ["HOME"] + "/ran", "w").close()
    try:
        print(open({secret!r}).read())
    except OSError as error:
        pass
    try:
        open({marker!r}, "a").write({name!r} + "\\n")
    except OSError as error:
        pass
    try:
        socket.create_connection(("127.0.0.1", {port}), timeout=5).close()
    except OSError as error:
        pass
fire()
"""
FIRE_JAVASCRIPT = """
const fs = require("fs"), {{ execFileSync }} = require("child_process");
fs.writeFileSync(process.env.HOME + "/ran", "");
try {{ console.log(fs.readFileSync({secret!r}, "utf8")); }} catch (error) {{}}
try {{ fs.appendFileSync({marker!r}, {name!r} + "\\n"); }} catch (error) {{}}
try {{ execFileSync("/bin/sh", ["-c", "echo child >> {marker}"]); }} catch (error) {{}}
try {{
  const socket = require("net").connect({port}, "127.0.0.1");
  socket.on("error", () => {{}}).on("connect", () => socket.destroy());
}} catch (error) {{}}
"""
SOURCE = "import os\n\nx = 1\n"
SCRIPT = "debugger;\n"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Hostile files, and the obvious call that honours them.

    tool: whose call it is; `{python}` in the call stands for the tool's own interpreter, `{tool}` for its program.
    settings: what makes our analyzer run at all.
    files: by name; FIRE_PYTHON, FIRE_JAVASCRIPT and `@SECRET@`, `@MARKER@`, `@PORT@` are filled in.
    fires: what the obvious call is seen to do outside. base: whether the files lie in the base too, where some hold.
    """

    id: str
    tool: str
    call: tuple[str, ...]
    files: dict[str, str]
    env: dict[str, str] = field(default_factory=dict)
    target: str = "a.py"
    settings: dict[str, object] = field(default_factory=dict)
    fires: frozenset[str] = frozenset({"marker", "connected"})
    base: bool = False


PLUGIN = FIRE_PYTHON + "\ndef plugin(version):\n    from mypy.plugin import Plugin\n    return Plugin\n"
REGISTER = FIRE_PYTHON + "\ndef register(linter):\n    pass\n"
EXTENSION = (
    FIRE_PYTHON
    + """
class Plugin:
    name, version = "evil", "1"
    def __init__(self, tree):
        pass
    def run(self):
        return ()
"""
)
LOCAL_PLUGINS = "[flake8]\nselect = X\n[flake8:local-plugins]\nextension = X = evil:Plugin\npaths = .\n"
CHOICE = {"flake8": {"select": ["F401"]}}
REQUIRE = 'import { createRequire } from "module";\nconst require = createRequire(import.meta.url);\n'
HOOK = "init-hook=import sys; sys.path.insert(0, '.'); import evil"
HERE = {"PYTHONPATH": "."}


def _pylint(name: str, files: dict[str, str], **more: dict[str, str]) -> Recipe:
    return Recipe(id=name, tool="pylint", call=("{tool}", "a.py"), files=files, **more)


def _mypy(name: str, files: dict[str, str]) -> Recipe:
    return Recipe(id=name, tool="mypy", call=("{tool}", "--cache-dir=/dev/null", "a.py"), files=files)


def _shadow(tool: str, module: str) -> Recipe:
    files = {f"{module}.py": FIRE_PYTHON}
    call = ("{python}", "-m", tool, "a.py")
    return Recipe(
        id=f"A07-shadow-{module}-for-{tool}", tool=tool, call=call, files=files, settings=CHOICE.get(tool, {})
    )


def _site(module: str) -> Recipe:
    files = {f"{module}.py": FIRE_PYTHON}
    return Recipe(id=f"A08-{module}", tool="bandit", call=("{tool}", "a.py"), files=files, env=HERE)


def _eslint(name: str, file: str, text: str) -> Recipe:
    return Recipe(id=name, tool="eslint", call=("{tool}", "a.js"), target="a.js", files={file: text})


RECIPES = (
    _pylint("A01-pylint-init-hook", {".pylintrc": f"[MAIN]\n{HOOK}\n", "evil.py": FIRE_PYTHON}),
    _pylint(
        "A02-pylint-load-plugins",
        {"pyproject.toml": '[tool.pylint.main]\nload-plugins = ["evil"]\n', "evil.py": REGISTER},
        env=HERE,
    ),
    _pylint("A03-pylint-setup-cfg", {"setup.cfg": f"[pylint.MAIN]\n{HOOK}\n", "evil.py": FIRE_PYTHON}),
    _pylint("A03-pylint-tox-ini", {"tox.ini": f"[pylint.MAIN]\n{HOOK}\n", "evil.py": FIRE_PYTHON}),
    _mypy("A04-mypy-plugins", {"mypy.ini": "[mypy]\nplugins = ./evil.py\n", "evil.py": PLUGIN}),
    _mypy(
        "A05-mypy-python-executable",
        {"mypy.ini": "[mypy]\npython_executable = ./evil\n", "evil": f"#!/usr/bin/python3\n{FIRE_PYTHON}"},
    ),
    Recipe(
        id="A06-flake8-local-plugins",
        tool="flake8",
        call=("{tool}", "a.py"),
        files={".flake8": LOCAL_PLUGINS, "evil.py": EXTENSION},
        settings=CHOICE["flake8"],
    ),
    _shadow("flake8", "mccabe"),
    _shadow("mypy", "tomllib"),
    _shadow("mypy", "pathspec"),
    _shadow("bandit", "stevedore"),
    _site("sitecustomize"),
    _site("usercustomize"),
    _eslint("A09-eslint-config-js", "eslint.config.js", FIRE_JAVASCRIPT + "module.exports = [];"),
    _eslint("A09-eslint-config-cjs", "eslint.config.cjs", FIRE_JAVASCRIPT + "module.exports = [];"),
    _eslint("A09-eslint-config-mjs", "eslint.config.mjs", REQUIRE + FIRE_JAVASCRIPT + "export default [];"),
    _eslint("A09-eslint-config-ts", "eslint.config.ts", REQUIRE + FIRE_JAVASCRIPT + "export default [];"),
    _eslint("A10-eslintrc-js", ".eslintrc.js", FIRE_JAVASCRIPT + "module.exports = {};"),
)
NOT_HONOURED = {
    "A08-usercustomize": "an environment of a tool's own has no user directory",
    "A09-eslint-config-ts": "this ESLint reads it only where jiti is installed beside it",
    "A10-eslintrc-js": "this ESLint reads no .eslintrc",
}
"""Recipes that do not fire outside either, with the tools that are pinned, and why."""


def filled(recipe, folder, port):
    """Return the recipe's files, ready to write."""
    facts = {
        "secret": str(folder / "secret"),
        "marker": str(folder / "open" / "marker"),
        "port": port,
        "name": recipe.id,
    }
    return {name: _filled(text, facts) for name, text in recipe.files.items()}


def _filled(text, facts):
    for template in (PLUGIN, REGISTER, EXTENSION, FIRE_PYTHON, FIRE_JAVASCRIPT):
        if template in text:
            return text.replace(template, template.format(**facts))
    for word in ("secret", "marker", "port"):
        text = text.replace(f"@{word.upper()}@", str(facts[word]))
    return text
