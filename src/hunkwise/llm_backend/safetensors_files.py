"""Read tensors from safetensors files, one at a time, without torch: they are memory-mapped."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hunkwise.core.errors import ModelError

INDEX = "model.safetensors.index.json"
LONGEST_HEADER = 100 << 20
TYPES = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}
Array = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a tensor lies: bytes `start` to `end` (exclusive) of a file."""

    file: Path
    type: str
    shape: tuple[int, ...]
    start: int
    end: int


def find_tensors(folder: Path) -> Mapping[str, Place]:
    """Return where each tensor of a model lies, sharded or not; ModelError where a file is missing or broken."""
    found: dict[str, Place] = {}
    for file in _files(folder):
        found.update(_header(file))
    return found


def read_tensor(place: Place) -> Array:
    """Return a tensor as float32."""
    mapped = np.memmap(place.file, dtype=np.uint8, mode="r", offset=place.start, shape=(place.end - place.start,))
    values = mapped.view(TYPES[place.type])
    if place.type == "BF16":
        # bfloat16 is the upper half of a float32
        wide = values.astype(np.uint32)
        wide <<= 16
        return wide.view(np.float32).reshape(place.shape)
    return values.astype(np.float32).reshape(place.shape)


def _files(folder: Path) -> tuple[Path, ...]:
    index = folder / INDEX
    if not index.is_file():
        found = tuple(sorted(folder.glob("*.safetensors")))
        if found:
            return found
        pickled = any(folder.glob("*.bin")) or any(folder.glob("*.pth"))
        other = "; its *.bin or *.pth files are pickles, which can run code and are not read" if pickled else ""
        raise ModelError(f"{folder} has no weights: no *.safetensors{other}; fetch the *.safetensors of the model")
    try:
        names = set(json.loads(index.read_bytes())["weight_map"].values())
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise ModelError(f"{index} cannot be read: {error or type(error).__name__}; fetch it anew") from error
    # A name with a path in it could point anywhere.
    files = tuple(folder / Path(str(name)).name for name in sorted(names, key=str))
    missing = [file.name for file in files if not file.is_file()]
    if missing:
        raise ModelError(f"{folder} lacks {len(missing)} of {len(files)} shards: {', '.join(missing)}; fetch them")
    return files


def _header(file: Path) -> Mapping[str, Place]:
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if not 2 <= length <= min(LONGEST_HEADER, size - 8):
                raise ModelError(f"{file} is no safetensors file, or is cut off; fetch it anew")
            header = json.loads(stream.read(length))
        return {
            name: _place(file, name, said, 8 + length, size) for name, said in header.items() if name != "__metadata__"
        }
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise ModelError(f"{file} cannot be read as safetensors: {error or type(error).__name__}") from error


def _place(file: Path, name: str, said: Mapping[str, Any], begin: int, size: int) -> Place:
    kind, shape, (start, end) = str(said["dtype"]), tuple(map(int, said["shape"])), said["data_offsets"]
    if kind in TYPES and end - start != int(np.prod(shape)) * np.dtype(TYPES[kind]).itemsize:
        raise ModelError(f"{file} is broken: {name} has {end - start} bytes for {kind} of shape {shape}")
    if start < 0 or begin + end > size:
        raise ModelError(f"{file} is cut off: {name} ends at byte {begin + end:,} of {size:,}; fetch it anew")
    return Place(file=file, type=kind, shape=shape, start=begin + start, end=begin + end)
