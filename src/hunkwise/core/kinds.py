"""Decide what each file of a change is, and with it whether it is reviewed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hunkwise.core import conventions
from hunkwise.core.model import FileDiff, Kind, RepoPath
from hunkwise.core.patterns import Patterns

_NO_ATTRIBUTES: frozenset[str] = frozenset()


def classify(
    files: Sequence[FileDiff],
    *,
    attributes: Mapping[RepoPath, frozenset[str]] | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    first_lines: Mapping[RepoPath, Sequence[str]] | None = None,
) -> tuple[FileDiff, ...]:
    """Set `kind`, `reason` and `language` of each file.

    attributes: as `Workspace.attributes` returns them. include, exclude: gitignore patterns; raises UsageError for a
    bad one. first_lines: the first lines of files, where the caller has them; else those that the hunks show are used.
    """
    included = Patterns(include, "include") if include else None
    excluded = Patterns(exclude, "exclude") if exclude else None

    def one(file: FileDiff) -> FileDiff:
        known = (attributes or {}).get(file.path, _NO_ATTRIBUTES)
        top = tuple((first_lines or {}).get(file.path, ())) or shown_top(file)
        language = language_of(file.path, top[0] if top else "")
        kind, reason = file.kind, file.reason
        if kind in (Kind.CODE, Kind.TEXT):
            kind, reason = _kind(file, known, top, language)
        if excluded is not None and excluded.match(file.path):
            kind, reason = Kind.EXCLUDED, "excluded by configuration"
        elif included is not None and not included.match(file.path):
            kind, reason = Kind.EXCLUDED, "not among the paths that the configuration includes"
        return replace(file, kind=kind, reason=reason, language=language)

    return tuple(one(file) for file in files)


def language_of(path: RepoPath, first_line: str = "") -> str:
    """Return identify's tag for a file's language, by its name or its `#!` line; empty where it is not known."""
    from identify import identify

    tags = identify.tags_from_filename(path) or _interpreter_tags(first_line)
    programming = tags & conventions.PROGRAMMING
    for tag in conventions.PREFERRED:
        if tag in programming:
            return tag
    return min(programming or tags - conventions.FORMATS, default="")


def shown_top(file: FileDiff) -> tuple[str, ...]:
    """Return the first lines of the new file as far as its hunks show them, from line 1 on."""
    top: list[str] = []
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.new is None:
                continue
            if line.new != len(top) + 1 or len(top) == conventions.MARKER_LINES:
                return tuple(top)
            top.append(line.text)
    return tuple(top)


def _kind(file: FileDiff, attributes: frozenset[str], top: Sequence[str], language: str) -> tuple[Kind, str]:
    path = file.path
    if "linguist-generated" in attributes:
        return Kind.GENERATED, "generated: .gitattributes says so"
    if "linguist-vendored" in attributes:
        return Kind.VENDORED, "vendored: .gitattributes says so"
    if "-linguist-vendored" not in attributes and (vendored := conventions.VENDORED.fullmatch(path)):
        where = vendored["directory"]
        return Kind.VENDORED, f"vendored: under {where}" if where else "vendored: a well-known library"
    if "-linguist-generated" not in attributes:
        if path.rpartition("/")[2].lower() in conventions.LOCK_FILES:
            return Kind.LOCK, "lock file"
        if conventions.MINIFIED_NAMES.fullmatch(path):
            return Kind.MINIFIED, "minified: by its name"
        if _has_long_lines(file):
            return Kind.MINIFIED, "minified: very long lines"
        if conventions.GENERATED_NAMES.fullmatch(path):
            return Kind.GENERATED, "generated: by its name"
        if any(map(conventions.GENERATED_MARKERS.match, top[: conventions.MARKER_LINES])):
            return Kind.GENERATED, "generated: its first lines say so"
    return (Kind.CODE if language in conventions.PROGRAMMING else Kind.TEXT), ""


def _has_long_lines(file: FileDiff) -> bool:
    if not file.path.lower().endswith(conventions.MAYBE_MINIFIED):
        return False
    lengths = [len(line.text) for hunk in file.hunks for line in hunk.lines]
    if not lengths or max(lengths) <= conventions.MINIFIED_LONGEST:
        return False
    return sum(lengths) / len(lengths) > conventions.MINIFIED_MEAN


def _interpreter_tags(first_line: str) -> set[str]:
    if not first_line.startswith("#!"):
        return set()
    import io

    from identify import identify, interpreters

    words = identify.parse_shebang(io.BytesIO(first_line.encode("utf-8", "replace") + b"\n"))
    name = words[0].rpartition("/")[2] if words else ""
    while name and name not in interpreters.INTERPRETERS:
        name = name.rpartition(".")[0]
    return set(interpreters.INTERPRETERS.get(name, ()))
