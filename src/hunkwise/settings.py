"""Read the layers of configuration: command line, environment, repository, user, defaults, the first one wins."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from hunkwise.core.config import CommandConfig, Config, UserConfig
from hunkwise.core.errors import UsageError
from hunkwise.core.toml import LARGEST, read_toml
from hunkwise.locations import config_path

FILE_NAME = ".hunkwise.toml"
PYPROJECT = "pyproject.toml"
PREFIX = "HUNKWISE_"
TABLES = ("tools", "rules", "overrides", "plugins", "programs", "commands")
"""Settings that no single word can hold: only files have them."""
SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """A configuration file as bytes; `path` names it in messages, `table` is where in it our settings are.

    is_foreign: messages must not show its values. is_user: it is the user's own, which may name programs.
    """

    path: str
    content: bytes
    table: tuple[str, ...] = ()
    is_foreign: bool = False
    is_user: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The effective configuration; `sources` says by key, such as `tools.ruff.timeout`, where a value came from.

    foreign: the source whose values no message may show, if there is one. user: the user's own file, likewise.
    """

    config: Config = field(default_factory=Config)
    plugins: tuple[Path, ...] = ()
    programs: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, CommandConfig] = field(default_factory=dict)
    model: str = ""
    trust_model: bool = False
    ranker: Path | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    foreign: str = ""
    user: str = ""

    def user_options(self) -> Mapping[str, frozenset[str]]:
        """Return by tool which of its options the user's own file gives, and no other source."""
        if not self.user:
            return {}
        from hunkwise.validation import dotted

        return {
            tool: frozenset(
                option
                for option in values.options
                if self.sources.get(dotted(["tools", tool, "options", option])) == self.user
            )
            for tool, values in self.config.tools.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    origin: str
    table: Mapping[str, object]
    is_file: bool = False
    is_foreign: bool = False
    is_user: bool = False


def load_config(
    *,
    repository: ConfigFile | None = None,
    user: ConfigFile | None = None,
    environ: Mapping[str, str] | None = None,
    command_line: Mapping[str, object] | None = None,
) -> Settings:
    """Validate and merge the layers; raise UsageError with one line for each problem.

    Tables merge key by key and overrides add up, the repository's after the user's.
    command_line: the values that were given, by the name of the field of `Config`.
    """
    files = [_read(file) for file in (user, repository) if file is not None]
    single = [*_environment(environ or {}), *_command_line(command_line or {})]
    layers = [layer for layer in (*files, *single) if layer.table]
    if not layers:
        return Settings()
    from hunkwise.validation import convert, find_problems

    problems = [
        f"{layer.origin}: {line if layer.is_file else line.partition(': ')[2]}"
        for layer in layers
        for line in find_problems(layer.table, is_user=layer.is_user, echo=not layer.is_foreign)
    ]
    if problems:
        raise UsageError("\n".join(problems))
    merged: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for layer in layers:
        _merge(merged, layer.table)
        sources.update(_sources(layer, len(merged.get("overrides", ()))))
    values = convert(merged)
    folder = Path(user.path).parent if user else Path()
    return Settings(
        config=Config(**{field.name: getattr(values, field.name) for field in fields(Config)}),
        plugins=tuple(folder / Path(name).expanduser() for name in values.plugins),
        programs={tool: _program(tool, name, user) for tool, name in sorted(values.programs.items()) if user},
        commands={name: _command(name, command, user) for name, command in values.commands.items() if user},
        model=values.model,
        trust_model=values.trust_model,
        ranker=_ranker(values.ranker, folder if user and sources.get("ranker") == user.path else Path()),
        sources=sources,
        foreign=next((layer.origin for layer in layers if layer.is_foreign), ""),
        user=next((layer.origin for layer in layers if layer.is_user and layer.is_file), ""),
    )


def repository_file(read: Callable[[str], bytes], *, is_foreign: bool) -> ConfigFile | None:
    """Return the repository's configuration, if it has one; `read` raises FileNotFoundError where there is no file."""
    own, pyproject = _content(read, FILE_NAME), _content(read, PYPROJECT)
    found = []
    if own is not None:
        found.append(ConfigFile(path=FILE_NAME, content=own, is_foreign=is_foreign))
    if pyproject is not None and b"hunkwise" in pyproject:
        file = ConfigFile(path=PYPROJECT, content=pyproject, table=("tool", "hunkwise"), is_foreign=is_foreign)
        if _has_table(_parse(file), file.table):
            found.append(file)
    if len(found) > 1:
        raise UsageError(f"there are settings in {FILE_NAME} and in [tool.hunkwise] of {PYPROJECT}: keep one of them")
    return found[0] if found else None


def user_file() -> ConfigFile | None:
    """Return the user's own configuration, if there is one."""
    path = config_path()
    try:
        return ConfigFile(path=str(path), content=path.read_bytes(), is_user=True)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def user_plugins(user: ConfigFile) -> tuple[Path, ...]:
    """Return the plugin files that the user's own configuration names."""
    return load_config(user=user).plugins if b"plugins" in user.content else ()


def variable_of(name: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + name.upper()


def check_names(settings: Settings, tools: Collection[str]) -> None:
    """Raise UsageError where the configuration names a tool that no plugin brings.

    A name under `tools` or `rules` that resembles none is left alone: its plugin may be installed elsewhere.
    """
    config = settings.config
    asked: list[tuple[tuple[str | int, ...], str, bool]] = [(("only",), name, True) for name in config.only]
    asked += [(("skip",), name, True) for name in config.skip]
    asked += [(("overrides", index), name, True) for index, one in enumerate(config.overrides) for name in one.skip]
    asked += [(("tools", name), name, False) for name in config.tools]
    asked += [(("rules", name), name.partition(".")[0], False) for name in config.rules]
    asked = [one for one in asked if one[1] not in tools]
    if not asked:
        return
    from hunkwise.validation import dotted, nearest

    problems = []
    for path, name, is_strict in asked:
        near = nearest(name, tools)
        if near or is_strict:
            origin = _origin(settings, dotted(path))
            is_hidden = bool(origin) and origin == settings.foreign
            what = "a tool is named that does not exist" if is_hidden else f"there is no tool {dotted([name])}"
            rest = f"did you mean {near!r}?" if near else f"there are {', '.join(sorted(tools)) or 'none'}"
            where = origin if origin.startswith(("--", PREFIX)) else f"{origin}: {path[0]}"
            problems.append(f"{where}: {what}; {rest}")
    if problems:
        raise UsageError("\n".join(dict.fromkeys(problems)))


@contextmanager
def hiding(settings: Settings, *keys: str) -> Iterator[None]:
    """Where these settings are a foreign change's, replace an error about one of them by one without its value."""
    try:
        yield
    except UsageError as error:
        hidden = [key for key in keys if settings.foreign and _origin(settings, key) == settings.foreign]
        if not hidden:
            raise
        raise UsageError(f"{settings.foreign}: {' or '.join(hidden)}: a value there cannot be used") from error


def _origin(settings: Settings, key: str) -> str:
    """Return where the value under a key, or the first of those below it, came from."""
    return next((origin for name, origin in settings.sources.items() if name == key or name.startswith(f"{key}.")), "")


def _read(file: ConfigFile) -> _Layer:
    found: object = _parse(file)
    for key in file.table:
        found = found.get(key, {}) if isinstance(found, dict) else {}
    if not isinstance(found, dict):
        raise UsageError(f"{file.path}: {'.'.join(file.table)}: expected a table")
    origin = f"{file.path}, [{'.'.join(file.table)}]" if file.table else file.path
    return _Layer(origin=origin, table=found, is_file=True, is_foreign=file.is_foreign, is_user=file.is_user)


def _parse(file: ConfigFile) -> dict[str, Any]:
    if len(file.content) > LARGEST:
        raise UsageError(f"{file.path}: larger than {LARGEST} bytes")
    try:
        return read_toml(file.content)
    except UnicodeDecodeError as error:
        line = file.content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{file.path}, line {line}: not UTF-8") from error
    except ValueError as error:
        place = re.search(r"\(at (line \d+, column \d+|end of document)\)$", str(error))
        why = "" if file.is_foreign or not place else f": {str(error)[: place.start()].strip()}"
        where = f", {place[1]}" if place else ""
        raise UsageError(f"{file.path}{where}: not valid TOML{why}") from error


def _content(read: Callable[[str], bytes], path: str) -> bytes | None:
    try:
        return read(path)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _has_table(document: Mapping[str, Any], table: tuple[str, ...]) -> bool:
    for key in table:
        if not isinstance(document, dict) or key not in document:
            return False
        document = document[key]
    return True


def _environment(environ: Mapping[str, str]) -> Iterator[_Layer]:
    ours = sorted(name for name, value in environ.items() if name.startswith(PREFIX) and value)
    if not ours:
        return
    defaults = {variable_of(one.name): one for one in fields(UserConfig) if one.name not in TABLES}
    for name in ours:
        if name in defaults:
            value = _word(environ[name], defaults[name].default)
            yield _Layer(origin=name, table={defaults[name].name: value}, is_user=True)
        elif near := _misspelt(name, defaults):
            raise UsageError(f"{name}: there is no such setting; did you mean {near}?")


def _misspelt(name: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    # other programs and plugins have variables with our prefix too, so that only a near miss is an error
    return next(iter(get_close_matches(name, sorted(known), n=1, cutoff=0.9)), "")


def _word(text: str, default: object) -> object:
    try:
        match default:
            case bool():
                return SWITCH.get(text.strip().lower(), text)
            case int():
                return int(text)
            case float():
                return float(text)
            case tuple():
                return [part.strip() for part in text.split(",") if part.strip()]
    except ValueError:
        return text
    return text.strip()


def _command_line(values: Mapping[str, object]) -> Iterator[_Layer]:
    for name, value in values.items():
        listed = list(value) if isinstance(value, tuple) else value
        yield _Layer(origin="--" + name.replace("_", "-"), table={name: listed}, is_user=True)


def _merge(into: dict[str, Any], table: Mapping[str, Any]) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        elif key == "overrides":
            into[key] = [*into.get(key, ()), *value]
        else:
            into[key] = value


def _sources(layer: _Layer, overrides: int) -> Iterator[tuple[str, str]]:
    from hunkwise.validation import dotted

    def walk(path: tuple[str, ...], value: object) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                yield from walk((*path, key), inner)
        elif path == ("overrides",) and isinstance(value, list):
            for index in range(overrides - len(value), overrides):
                yield dotted(["overrides", index]), layer.origin
        else:
            yield dotted(path), layer.origin

    yield from walk((), layer.table)


def _ranker(name: str, folder: Path) -> Path | None:
    return folder / Path(name).expanduser() if name else None


def _program(tool: str, name: str, user: ConfigFile) -> str:
    import shutil

    path = Path(name).expanduser()
    if path.name == name:
        found = shutil.which(name)
    else:
        whole = Path(user.path).parent / path
        found = str(whole) if whole.is_file() else None
    if found is None:
        raise UsageError(f"{user.path}: programs.{tool}: there is no program {name}")
    return found


def _command(name: str, command: CommandConfig, user: ConfigFile) -> CommandConfig:
    where = f"{user.path}: commands.{name}"
    if not re.fullmatch(r"[a-z0-9][a-z0-9_+-]{0,59}", name):
        raise UsageError(f"{where}: name it by small letters, digits and `-`, for rules are written as NAME.RULE")
    if not command.run or not command.run[0]:
        raise UsageError(f"{where}.run: the first of the list is the program, and there is none")
    for word in ("{files}", "{report}"):
        if word in command.run[0]:
            raise UsageError(f"{where}.run: the program cannot be {word}")
    if any("{files}" in argument and argument != "{files}" for argument in command.run):
        raise UsageError(f"{where}.run: {{files}} must be an argument of its own")
    program = Path(command.run[0]).expanduser()
    if program.name != command.run[0]:
        program = Path(user.path).parent / program
    folders = tuple(str((Path(user.path).parent / Path(name).expanduser()).absolute()) for name in command.reads)
    for folder in folders:
        if not Path(folder).is_dir():
            raise UsageError(f"{where}.reads: there is no folder {folder}")
    return replace(command, run=(str(program), *command.run[1:]), reads=folders)
