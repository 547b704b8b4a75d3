import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import hunkwise
from hunkwise.core import model

HEAVY = ("pluggy", "typer", "rich", "pydantic", "unidiff", "dataclasses", "enum", "re", "logging")


@pytest.mark.parametrize("name", hunkwise.__all__)
def test_every_stable_name_resolves(name):
    """Each stable name is there, and is the very object of its home."""
    value = getattr(hunkwise, name)
    assert value is getattr(hunkwise, name)
    assert name in dir(hunkwise)


def test_what_type_checkers_see_is_what_is_there():
    """The names that type checkers see are those of __all__, each from a module that has it."""
    tree = ast.parse(Path(hunkwise.__file__).read_text())
    imports = [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module.startswith("hunkwise")
    ]
    assert sorted(alias.name for node in imports for alias in node.names) == sorted(hunkwise.__all__)
    for node in imports:
        for alias in node.names:
            assert getattr(importlib.import_module(node.module), alias.name) is getattr(hunkwise, alias.name)


def test_an_unknown_name_is_an_attribute_error():
    """A name that is not stable is not there, even where a home module has it."""
    assert hasattr(model, "SCHEMA_VERSION")
    with pytest.raises(AttributeError, match="module 'hunkwise' has no attribute 'SCHEMA_VERSION'"):
        hunkwise.SCHEMA_VERSION  # noqa: B018


def loaded_by(code: str) -> set[str]:
    """Return the modules that code loads beyond those that a bare interpreter has."""
    script = (
        f"import sys; sys.path[:] = {sys.path!r}; before = set(sys.modules); "
        f"exec({code!r}); print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_hunkwise_imports_nothing_of_weight():
    """`import hunkwise` loads neither a third party nor any module of ours, nor what typing does not need."""
    modules = loaded_by("import hunkwise")
    assert "hunkwise" in modules
    assert [name for name in modules if name.startswith("hunkwise.")] == []
    needed = loaded_by("import importlib, typing")
    assert modules - needed == {"hunkwise"}
    assert modules & set(HEAVY) - needed == set()


def test_the_marker_of_hooks_loads_no_command_line():
    """A plugin that imports the marker and the values loads no command line and no parser."""
    modules = loaded_by("from hunkwise import Finding, hookimpl")
    assert modules & {"typer", "rich", "pydantic", "unidiff", "click"} == set()


def test_finding_the_verbs_loads_no_value_of_a_review():
    """Start-up with the built-in plugins loads neither the values of a review nor their protocols."""
    modules = loaded_by("from hunkwise.plugins.manager import load_plugins; load_plugins(environ={}).commands()")
    assert modules & {"hunkwise.core.model", "hunkwise.core.ports", "typer", "rich", "pydantic", "difflib"} == set()
