"""The reference page of each built-in analyzer, made from what the analyzer itself says."""

import inspect
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from types import ModuleType

from hunkwise.analyzers.registry import hunkwise_analyzers
from hunkwise.core.allowed_rules import ALLOWED
from hunkwise.core.errors import NotApplicable
from hunkwise.core.kinds import language_of
from hunkwise.core.model import Category, FileDiff, RepoPath, Severity, Trust
from hunkwise.core.ports import Analyzer, AnalyzerInputs, Example, Inspector
from hunkwise.testing.examples import workspace_of

ROOT, SCRATCH = "/root", "/scratch"
SECTIONS = re.compile(r"^([A-Z][a-z]+(?: [a-z]+){0,2}): ", re.MULTILINE)
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z`])")
KINDS = {"python": "PyPI", "npm": "npm", "maven": "Maven"}
CAPTIONS = {
    "BY_LETTER": "By the first letter of the rule",
    "DEFECTS": "By rule",
    "GROUPS": "By group of rules",
    "LEVELS": "By the level that the tool itself gives",
    "MEANINGS": "By rule, or by what the rule begins with; the longest match counts",
    "OTHERS": "Other rules, by the level that the tool itself gives",
}
WIDTH = 110


def analyzer_index() -> str:
    """Return the table of all built-in analyzers."""
    rows = ["| analyzer | what it finds | brought by | licence |", "|---|---|---|---|"]
    for analyzer in _built_ins().values():
        tool = getattr(analyzer, "tool", None)
        title = (_module(analyzer).__doc__ or "").partition("\n")[0].partition(": ")[2].rstrip(".")
        kind = KINDS.get(tool.kind, tool.kind) if tool else "runs in process"
        licence = tool.licence if tool else ""
        rows.append(f"| [{analyzer.name}](analyzers/{analyzer.name}.md) | {title} | {kind} | {licence} |")
    return "\n".join(rows) + "\n"


def analyzer_page(name: str) -> str:
    """Return the page of a built-in analyzer, without its title."""
    analyzer = _built_ins()[name]
    text = "\n".join(_lines(analyzer)).strip("\n") + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _built_ins() -> Mapping[str, Analyzer | Inspector]:
    return {analyzer.name: analyzer for analyzer in hunkwise_analyzers()}


def _module(analyzer: object) -> ModuleType:
    return sys.modules[type(analyzer).__module__]


def _lines(analyzer: Analyzer | Inspector) -> Iterator[str]:
    module = _module(analyzer)
    said = SECTIONS.split((module.__doc__ or "").strip().partition("\n\n")[2])
    title = (module.__doc__ or "").partition("\n")[0].partition(": ")[2]
    yield title[:1].upper() + title[1:]
    described = inspect.getdoc(type(analyzer)) or ""
    if "etting" in described:
        yield _sentences(described)
    for title, text in zip(said[1::2], said[2::2], strict=True):
        yield f"\n**{title}**: {_sentences(text)}"
    if tool := getattr(analyzer, "tool", None):
        yield f"\nPinned to {', '.join(f'`{package}`' for package in tool.packages)}."
        yield f"Licence: {tool.licence}; see <{tool.url}>."
        yield f"\n```sh\nhunkwise tools install {tool.name}\n```"
        yield from _calls(analyzer, module)
    yield from _base_settings(analyzer.name)
    yield from _severities(module)
    yield "\n## Examples"
    for example in module.EXAMPLES:
        yield from _example(example)


def _sentences(text: str) -> str:
    return SENTENCE.sub("\n", " ".join(text.split()))


def _calls(analyzer: Analyzer | Inspector, module: ModuleType) -> Iterator[str]:
    yield "\n## The call"
    yield f"\n`{ROOT}` holds the files of the change, and is where the tool runs; `{SCRATCH}` is its private directory."
    for trust, words in ((Trust.OWN, "an own change"), (Trust.FOREIGN, "a foreign change")):
        mine = [one for one in module.EXAMPLES if one.trust is trust]
        yield f"\nOn {words}:\n"
        yield _call(analyzer, replace((mine or module.EXAMPLES)[0], trust=trust))


def _call(analyzer: Analyzer | Inspector, example: Example) -> str:
    assert isinstance(analyzer, Analyzer)
    path = RepoPath(example.path)
    try:
        run = analyzer.plan([FileDiff(path=path, language=language_of(path))], _inputs(example))
    except NotApplicable as error:
        return f"It does not run: {error}."
    if run is None:
        return "It does not run."
    lines = [analyzer.tool.program.rpartition("/")[2]]
    for argument in run.args:
        shown = _quoted(argument)
        if len(lines[-1]) + len(shown) > WIDTH:
            lines.append(f"   {shown}")
        else:
            lines[-1] += f" {shown}"
    return "```sh\n" + " \\\n".join(lines) + "\n```"


def _inputs(example: Example) -> AnalyzerInputs:
    return AnalyzerInputs(
        workspace=workspace_of(example), trust=example.trust, settings=example.settings, root=ROOT, scratch=SCRATCH
    )


def _quoted(argument: str) -> str:
    if not argument.isprintable():
        return "$" + ascii(argument)
    return shlex.quote(argument)


def _base_settings(name: str) -> Iterator[str]:
    if name not in ALLOWED:
        return
    yield "\n## What holds of the base's configuration for a foreign change\n"
    yield f"The first of {_listed(ALLOWED[name].files)} that the base revision has is read as data."
    yield f"Of it hold {_listed(ALLOWED[name].settings)}."
    yield "Their values must be rules, numbers or switches."
    yield "All else is left out, and counted in the outcome's reason."


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _severities(module: ModuleType) -> Iterator[str]:
    tables = {
        name: value
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, Mapping) and _severity(next(iter(value.values()), None)) is not None
    }
    if tables:
        yield "\n## Severities"
    for name, table in sorted(tables.items()):
        yield f"\n{CAPTIONS.get(name, 'By rule')}:\n"
        yield from _table(table)


def _table(table: Mapping[object, object]) -> Iterator[str]:
    rows: dict[tuple[str, ...], list[str]] = {}
    for rule, meaning in sorted(table.items(), key=lambda one: -(_severity(one[1]) or 0)):
        severity, category = _severity(meaning), _category(meaning)
        if severity is not None:
            rows.setdefault((severity.label, category), []).append(f"`{rule}`" if rule != "" else "any other")
    is_wide = any(category for _, category in rows)
    yield "| severity | category | rules |\n|---|---|---|" if is_wide else "| severity | rules |\n|---|---|"
    for (level, category), rules in rows.items():
        yield f"| {level} | {f'{category} | ' if is_wide else ''}{', '.join(rules)} |"


def _category(meaning: object) -> str:
    parts = meaning if isinstance(meaning, tuple) else ()
    return next((one.value for one in parts if isinstance(one, Category)), "")


def _severity(meaning: object) -> Severity | None:
    parts = meaning if isinstance(meaning, tuple) else (meaning,)
    return next((one for one in parts if isinstance(one, Severity)), None)


def _example(example: Example) -> Iterator[str]:
    yield f"\n### {example.name[:1].upper()}{example.name[1:]}\n"
    if example.trust is Trust.FOREIGN:
        yield "On a foreign change."
    if example.settings:
        settings = ", ".join(f"`{name} = {value!r}`" for name, value in example.settings.items())
        yield f"With the settings {settings}."
    for path, text in example.files.items():
        where = "" if example.base is None or path in example.base else ", which the change itself brings"
        is_text = all(character.isprintable() or character in "\n\t" for character in text)
        yield f"`{path}`{where}:\n\n{_fenced(path, text)}\n" if is_text else f"`{path}`{where}: not a text.\n"
    yield f"`{example.path}`:\n\n{_fenced(example.path, example.source)}\n"
    yield f"Finds {', '.join(f'`{rule}`' for rule in example.rules)}." if example.rules else "Finds nothing."


def _fenced(path: str, text: str) -> str:
    suffix = PurePosixPath(path).suffix.removeprefix(".")
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{ticks}{suffix}\n{text.rstrip(chr(10))}\n{ticks}"
