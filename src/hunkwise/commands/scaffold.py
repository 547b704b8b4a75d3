"""Write a new plugin package from the templates that ship with Hunkwise."""

import re
import sys
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template

from hunkwise.core.errors import UsageError

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
TARGETS = {
    "pyproject.toml.template": "pyproject.toml",
    "README.md.template": "README.md",
    "gitignore.template": ".gitignore",
    "analyzer.py.template": "src/{module}/__init__.py",
    "test_plugin.py.template": "tests/test_{module}.py",
}
"""Where each template goes; a file `py.typed` comes along."""


def write_package(name: str, directory: Path) -> tuple[Path, ...]:
    """Write the package and return its files; raise UsageError for a bad name and where something is in the way."""
    module = module_of(name)
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory} is a file; name another place with --directory")
    if directory.is_dir() and any(directory.iterdir()):
        raise UsageError(f"{directory} is not empty, and nothing is overwritten; name another place with --directory")
    texts = render(name, module)
    for path, text in texts.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return tuple(directory / path for path in texts)


def module_of(name: str) -> str:
    """Return the module's name for a package's name; raise UsageError with a better one for a name that will not do."""
    if not NAME.fullmatch(name):
        better = "-".join(re.findall(r"[a-z0-9]+", name.lower())).lstrip("0123456789-")
        wanted = better if NAME.fullmatch(better) and not _is_taken(better) else f"hunkwise-{better or 'todo'}"
        raise UsageError(f"{name!r} is no name for a package: small letters, digits and hyphens; try {wanted}")
    if _is_taken(name):
        raise UsageError(f"{name!r} is taken by Python, pytest or Hunkwise itself; try hunkwise-{name}-plugin")
    return name.replace("-", "_")


def render(name: str, module: str) -> Mapping[str, str]:
    """Return the text of each file of the package, by its path."""
    fields = {"name": name, "module": module, "version": version("hunkwise")}
    folder = files("hunkwise.commands") / "new_plugin"
    texts = {
        target.format(module=module): Template((folder / template).read_text(encoding="utf-8")).substitute(fields)
        for template, target in TARGETS.items()
    }
    return {**texts, f"src/{module}/py.typed": ""}


def _is_taken(name: str) -> bool:
    from keyword import iskeyword

    module = name.replace("-", "_")
    return iskeyword(module) or module in sys.stdlib_module_names or module in ("hunkwise", "pytest", "tests")
