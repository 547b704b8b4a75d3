"""What holds of a tool's configuration in the base for a foreign change: an allow list for each tool.

A setting holds only if it is on its tool's list and its value has the form that the list says: a rule's code, a number
within limits, a truth value. What names a file, a program, a plugin or an address is on no list.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Value = tuple[str, ...] | int | bool | str
Reader = Callable[[object], tuple[Value | None, int]]
"""Takes a value as it is in the file; gives what holds of it, None for nothing, and how many parts do not."""
LONGEST = 1000
"""Items of a list."""
GLOB = re.compile(r"(?!.*\.\.)[\w*?.\[][\w*?./\[\]-]{0,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Where a tool's configuration is, and which of its settings hold.

    files: with the keys of the tool's table in each; of an INI file, the names of its sections, `x*` for all that begin
    with `x`. settings: by their dotted names in small letters with dashes or, by_last, by the last part of it alone.
    """

    files: Mapping[str, tuple[str, ...]]
    settings: Mapping[str, Reader]
    by_last: bool = False


def words(pattern: str) -> Reader:
    """Return the reader of a list, or of words in a text, each of which has the form."""
    form = re.compile(pattern)

    def read(raw: object) -> tuple[Value | None, int]:
        items = re.split(r"[,\s]+", raw) if isinstance(raw, str) else raw if isinstance(raw, list) else None
        if items is None or len(items) > LONGEST:
            return None, 1
        items = [item for item in items if item != ""]
        good = tuple(item for item in items if isinstance(item, str) and form.fullmatch(item))
        return good, len(items) - len(good)

    return read


def number(lowest: int, highest: int) -> Reader:
    """Return the reader of a whole number within limits."""

    def read(raw: object) -> tuple[Value | None, int]:
        if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,6}", raw):
            raw = int(raw)
        is_good = isinstance(raw, int) and not isinstance(raw, bool) and lowest <= raw <= highest
        return (raw, 0) if is_good and isinstance(raw, int) else (None, 1)

    return read


def word(pattern: str) -> Reader:
    """Return the reader of one word of the form."""
    form = re.compile(pattern)

    def read(raw: object) -> tuple[Value | None, int]:
        return (raw, 0) if isinstance(raw, str) and form.fullmatch(raw) else (None, 1)

    return read


def flag(raw: object) -> tuple[Value | None, int]:
    """Read a truth value."""
    if isinstance(raw, str):
        raw = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False}.get(
            raw.strip().lower()
        )
    return (raw, 0) if isinstance(raw, bool) else (None, 1)


def by_file(pattern: str) -> Reader:
    """Return the reader of rules by pattern of files; it gives `pattern:rule` for each of them."""
    form = re.compile(pattern)

    def read(raw: object) -> tuple[Value | None, int]:
        if isinstance(raw, str):
            lines = [line.partition(":") for line in raw.splitlines() if line.strip()]
            raw = {name.strip(): [rule for rule in re.split(r"[,\s]+", rules) if rule] for name, _, rules in lines}
        if not isinstance(raw, dict) or len(raw) > LONGEST:
            return None, 1
        good, dropped = [], 0
        for name, rules in raw.items():
            if not GLOB.fullmatch(name) or not isinstance(rules, list):
                dropped += 1
                continue
            fine = [rule for rule in rules if isinstance(rule, str) and form.fullmatch(rule)]
            dropped += len(rules) - len(fine)
            good += [f"{name}:{rule}" for rule in fine]
        return tuple(good), dropped

    return read


def severities(pattern: str) -> Reader:
    """Return the reader of eslint's rules; it gives `rule:severity` for each.

    A rule that is on with options is left out, for it would say something else without them.
    """
    form = re.compile(pattern)

    def read(raw: object) -> tuple[Value | None, int]:
        if not isinstance(raw, dict) or len(raw) > LONGEST:
            return None, 1
        good = []
        for rule, setting in raw.items():
            level = setting[0] if isinstance(setting, list) and setting else setting
            severity = SEVERITIES.get(level) if isinstance(level, str | int) and not isinstance(level, bool) else None
            has_options = isinstance(setting, list) and len(setting) > 1
            if severity and form.fullmatch(rule) and (severity == "off" or not has_options):
                good.append(f"{rule}:{severity}")
        return tuple(good), len(raw) - len(good)

    return read


SEVERITIES = {"off": "off", 0: "off", "warn": "warn", 1: "warn", "error": "error", 2: "error"}
RUFF = r"[A-Z]{1,6}[0-9]{0,4}"
FLAKE8 = r"[A-Z]{1,3}[0-9]{0,3}"
PYLINT = r"[A-Z][0-9]{4}|[a-z][a-z0-9-]{2,60}|[CEFIRW]"
BANDIT = r"B[0-9]{3}"
MYPY_FLAGS = (
    "allow-redefinition",
    "allow-untyped-globals",
    "check-untyped-defs",
    "disallow-any-decorated",
    "disallow-any-explicit",
    "disallow-any-expr",
    "disallow-any-generics",
    "disallow-any-unimported",
    "disallow-incomplete-defs",
    "disallow-subclassing-any",
    "disallow-untyped-calls",
    "disallow-untyped-decorators",
    "disallow-untyped-defs",
    "extra-checks",
    "implicit-optional",
    "implicit-reexport",
    "local-partial-types",
    "no-implicit-optional",
    "no-implicit-reexport",
    "strict",
    "strict-equality",
    "strict-optional",
    "warn-no-return",
    "warn-redundant-casts",
    "warn-return-any",
    "warn-unreachable",
    "warn-unused-ignores",
)
ALLOWED: Mapping[str, Allowed] = {
    "bandit": Allowed(
        files={".bandit": ("bandit",), "pyproject.toml": ("tool", "bandit")},
        settings={"skips": words(BANDIT), "tests": words(BANDIT)},
    ),
    "eslint": Allowed(
        files={".eslintrc.json": (), ".eslintrc": (), "package.json": ("eslintConfig",)},
        settings={"rules": severities(r"[a-z][a-z-]{2,60}")},
    ),
    "flake8": Allowed(
        files=dict.fromkeys(("setup.cfg", "tox.ini", ".flake8"), ("flake8",)),
        settings={
            **dict.fromkeys(("select", "ignore", "extend-select", "extend-ignore"), words(FLAKE8)),
            "per-file-ignores": by_file(FLAKE8),
            "max-complexity": number(-1, 1000),
            "max-doc-length": number(1, 1000),
            "max-line-length": number(1, 1000),
        },
    ),
    "mypy": Allowed(
        files={
            **dict.fromkeys(("mypy.ini", ".mypy.ini"), ("mypy",)),
            "pyproject.toml": ("tool", "mypy"),
            "setup.cfg": ("mypy",),
        },
        settings={
            **dict.fromkeys(MYPY_FLAGS, flag),
            **dict.fromkeys(("disable-error-code", "enable-error-code"), words(r"[a-z][a-z-]{2,40}")),
        },
    ),
    "pylint": Allowed(
        files={
            **dict.fromkeys(("pylintrc", ".pylintrc"), ("*",)),
            **dict.fromkeys(("pylintrc.toml", ".pylintrc.toml", "pyproject.toml"), ("tool", "pylint")),
            **dict.fromkeys(("setup.cfg", "tox.ini"), ("pylint*",)),
        },
        settings={"disable": words(PYLINT), "enable": words(PYLINT), "max-line-length": number(1, 1000)},
        by_last=True,
    ),
    "ruff": Allowed(
        files={".ruff.toml": (), "ruff.toml": (), "pyproject.toml": ("tool", "ruff")},
        settings={
            **dict.fromkeys(("select", "ignore", "extend-select", "extend-ignore"), words(RUFF)),
            **dict.fromkeys(("per-file-ignores", "extend-per-file-ignores"), by_file(RUFF)),
            "line-length": number(1, 320),
            "target-version": word(r"py3[0-9]{1,2}"),
        },
        by_last=True,
    ),
    "shellcheck": Allowed(
        files={".shellcheckrc": (), "shellcheckrc": ()},
        settings={"disable": words(r"SC[0-9]{4}")},
    ),
}
"""yamllint is not on it: its configuration is YAML, which the standard library cannot read."""
