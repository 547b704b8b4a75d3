"""Where models are kept: one folder a model, found by name or by path."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hunkwise.core.errors import ModelError

DIRECTORY_VARIABLE = "HUNKWISE_MODELS_DIR"
MARKER = "hunkwise.json"
SCHEMA = 1
FILES = ("model.bin", "config.json", "vocabulary.json", "tokenizer.json", "chat_template.jinja")
"""What a model folder holds beside the marker, which names each with its size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFolder:
    """A converted model on disk.

    identity: SHA-256 over its weights and tokenizer. eos: the tokens that end an answer. size: bytes on disk.
    quantization: how its weights are stored, such as `int8`. source: where the weights come from, in words.
    """

    path: Path
    name: str
    identity: str
    architecture: str
    quantization: str
    context_length: int
    chat_template: str
    bos: str
    eos: tuple[str, ...]
    licence: str
    source: str
    size: int


def default_directory(environ: Mapping[str, str]) -> Path:
    """Return the folder of models: `$HUNKWISE_MODELS_DIR`, or `models` in the user's data directory."""
    if named := environ.get(DIRECTORY_VARIABLE):
        return Path(named).expanduser().absolute()
    data = Path(environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else Path.home() / ".local" / "share") / "hunkwise" / "models"


def find_model(reference: str, directory: Path) -> ModelFolder | None:
    """Return the model of that name in the store, or in the folder of that path; None where there is neither.

    Raises ModelError where there is one that cannot be used.
    """
    if is_name(reference) and (directory / reference).is_dir():
        return open_folder(directory / reference)
    path = Path(reference).expanduser()
    return open_folder(path.absolute()) if reference and path.is_dir() else None


def is_name(reference: str) -> bool:
    """Whether it can be the name of a model in the store: one plain part of a path."""
    return bool(reference) and not reference.startswith(".") and Path(reference).name == reference


def folders(directory: Path) -> tuple[Path, ...]:
    """Return the folders of the store, broken ones too, sorted by name."""
    if not directory.is_dir():
        return ()
    return tuple(sorted(path for path in directory.iterdir() if path.is_dir() and is_name(path.name)))


def open_folder(path: Path) -> ModelFolder:
    """Return the model in a folder; ModelError, naming what is missing or broken and the way out, if it is none."""
    if not path.is_dir():
        raise ModelError(f"{path}: there is no such folder; `hunkwise model list` shows the models at hand")
    marker = _marker(path)
    name = _text(path, marker, "name")
    sizes = marker.get("files")
    if not isinstance(sizes, dict) or set(FILES) - set(sizes):
        raise _broken(path, f"{MARKER} does not name its files", name)
    for file, size in sizes.items():
        found = _size(path / file)
        if found is None:
            raise _broken(path, f"{file} is missing", name)
        if found != size:
            raise _broken(path, f"{file} has {found:,} bytes instead of {size:,}", name)
    ends, context = marker.get("eos"), marker.get("context_length")
    if not isinstance(ends, list) or not ends or not isinstance(context, int):
        raise _broken(path, f"{MARKER} lacks `eos` or `context_length`", name)
    try:
        template = (path / "chat_template.jinja").read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        raise _broken(path, f"chat_template.jinja cannot be read: {error}", name) from error
    return ModelFolder(
        path=path,
        name=name,
        identity=_text(path, marker, "identity"),
        architecture=_text(path, marker, "architecture"),
        quantization=_text(path, marker, "quantization"),
        context_length=context,
        chat_template=template,
        bos=_text(path, marker, "bos"),
        eos=tuple(map(str, ends)),
        licence=_text(path, marker, "licence"),
        source=_text(path, marker, "source"),
        size=sum(sizes.values()),
    )


def remove(name: str, directory: Path) -> Path:
    """Remove a model from the store, a broken one too, and return where it was; ModelError if it is not there."""
    path = directory / name
    if not is_name(name) or not path.is_dir():
        there = ", ".join(one.name for one in folders(directory)) or "none"
        raise ModelError(f"there is no model {name!r} in {directory}; there are: {there}")
    if not (path / MARKER).is_file() and not (path / "model.bin").is_file():
        raise ModelError(f"{path} is no model of Hunkwise's: it has neither {MARKER} nor model.bin; remove it yourself")
    try:
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be removed: {error}") from error
    return path


def _marker(path: Path) -> Mapping[str, object]:
    try:
        marker = json.loads((path / MARKER).read_bytes())
    except FileNotFoundError:
        raise ModelError(f"{path} is no converted model: {_what_else(path)}") from None
    except (OSError, ValueError) as error:
        raise _broken(path, f"{MARKER} cannot be read: {error}") from error
    if not isinstance(marker, dict):
        raise _broken(path, f"{MARKER} is no JSON object")
    if marker.get("schema") != SCHEMA:
        raise _broken(path, f"{MARKER} has schema {marker.get('schema')!r}, and this Hunkwise reads {SCHEMA}")
    return marker


def _what_else(path: Path) -> str:
    convert = f"`hunkwise model convert {path}` makes one of it"
    if (path / "config.json").is_file() and any(path.glob("*.safetensors")):
        return f"it holds a Hugging Face model; {convert}"
    if (path / "model.bin").is_file():
        return f"it has no {MARKER}, so its tokens are unknown; convert its source with `hunkwise model convert`"
    return f"it has no {MARKER}; `hunkwise model pull` and `hunkwise model convert` make folders that have one"


def _broken(path: Path, what: str, name: str = "") -> ModelError:
    called = name or path.name
    return ModelError(
        f"model folder {path} is broken: {what}; `hunkwise model rm {called}`, then `hunkwise model pull {called}` "
        "or `hunkwise model convert SOURCE` makes it anew"
    )


def _text(path: Path, marker: Mapping[str, object], key: str) -> str:
    value = marker.get(key)
    if not isinstance(value, str):
        raise _broken(path, f"{MARKER} lacks `{key}`")
    return value


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size if file.is_file() else None
    except OSError:
        return None
