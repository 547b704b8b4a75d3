"""The grammars of tree-sitter: official wheels, imported when first needed, and what plugins bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from hunkwise.context.languages import family
from hunkwise.core.errors import PluginError

if TYPE_CHECKING:
    from hunkwise.plugins.facade import Plugins

WHEELS: Mapping[str, tuple[str, str]] = {
    "python": ("tree_sitter_python", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "ts": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "go": ("tree_sitter_go", "language"),
    "c": ("tree_sitter_c", "language"),
    "c++": ("tree_sitter_cpp", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "c#": ("tree_sitter_c_sharp", "language"),
    "ruby": ("tree_sitter_ruby", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "kotlin": ("tree_sitter_kotlin", "language"),
    "scala": ("tree_sitter_scala", "language"),
    "shell": ("tree_sitter_bash", "language"),
}
"""Module and function that give the grammar of a language."""
GIVEN = "given"
"""The origin of plugins that are objects of this process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginGrammar:
    """Where a worker finds a grammar: the capsule of a grammar cannot go from one process to another.

    plugin: the name of the entry point, or `file`, an absolute path.
    """

    grammar: str
    plugin: str = ""
    file: str = ""


def plugin_grammars(plugins: "Plugins") -> Mapping[str, PluginGrammar]:
    """Return what plugins bring, by language; they come before the wheels, the first one of a language counts.

    A plugin that was handed over as an object, and is not installed, has no place where a worker could find it.
    """
    origins = {info.name: info.origin for info in plugins.infos}
    found: dict[str, PluginGrammar] = {}
    for one in plugins.provided("hunkwise_grammars"):
        origin = origins.get(one.plugin, GIVEN)
        if origin == GIVEN:
            continue
        file = origin if origin.endswith(".py") else ""
        for language in one.item.languages:
            brought = PluginGrammar(grammar=one.name, plugin="" if file else one.plugin, file=file)
            found.setdefault(language, brought)
    return found


def load_grammar(language: str, brought: PluginGrammar | None = None) -> object:
    """Return the capsule of a language's grammar; raise KeyError where there is none."""
    if brought is not None:
        return _from_plugin(language, brought)
    module, function = WHEELS[family(language)]
    return getattr(import_module(module), function)()


def _from_plugin(language: str, brought: PluginGrammar) -> object:
    from pathlib import Path

    from hunkwise.plugins.manager import LOAD_VARIABLE, load_plugins

    files = [Path(brought.file)] if brought.file else []
    plugins = load_plugins(files, {LOAD_VARIABLE: brought.plugin})
    for one in plugins.grammars():
        if one.name == brought.grammar:
            return one.load(language)
    raise PluginError(brought.plugin or brought.file, "grammars", f"it brings no grammar named {brought.grammar}")
