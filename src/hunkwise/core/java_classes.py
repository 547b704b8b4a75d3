"""Which class files belong to a Java source, from the source's text alone."""

import re
from typing import NamedTuple

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
PACKAGE = re.compile(r"^\s*package\s+([\w.\s]+?)\s*;", re.MULTILINE)
TYPE = re.compile(r"\b(?:class|interface|enum|record)\s+(\w+)")


class JavaSource(NamedTuple):
    """The package of a source, and the names of the types that it declares, in their order."""

    package: str
    types: tuple[str, ...]

    def class_names(self) -> tuple[str, ...]:
        """Return the full names of the classes that may be its top-level ones."""
        return tuple(f"{self.package}.{name}" if self.package else name for name in self.types)


def read_source(text: str) -> JavaSource:
    """Return what a source declares; words in strings that look like declarations come along."""
    code = COMMENT.sub(" ", text)
    package = PACKAGE.search(code)
    name = re.sub(r"\s", "", package[1]) if package else ""
    return JavaSource(name, tuple(dict.fromkeys(TYPE.findall(code))))


def field_line(text: str, name: str) -> int | None:
    """Return the first line that declares a field of this name, which class files do not tell."""
    pattern = re.compile(rf"^[ \t]*(?:[\w@<>\[\],.?]+\s+)+{re.escape(name)}\s*[=;,]", re.MULTILINE)
    match = pattern.search(text)
    return text.count("\n", 0, match.end()) + 1 if match else None
