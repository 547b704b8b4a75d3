"""Convert a model: into a temporary folder, checked, and then put in its place at once."""

import errno
import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hunkwise.core.card import CARD_NAME
from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.llama import Shape, Source
from hunkwise.llm_backend.store import FILES, MARKER, SCHEMA, ModelFolder, is_name, open_folder
from hunkwise.llm_backend.weights import QUANTIZATIONS, write_weights

HASHED = ("model.bin", "config.json", "vocabulary.json", "tokenizer.json")
"""What the identity of a model is made of: its prompts have one of their own."""
PARTIAL = ".partial"
BYTES = {"int8": 1.0, "int8_float16": 1.0, "float16": 2.0, "float32": 4.0}
"""Bytes on disk for one weight."""
SPARE = 64 << 20

Tell = Callable[[str, int, int], None]
"""Hears what is being done, and how much of it is done, of how much."""


def convert(source: Source, directory: Path, *, quantization: str, tell: Tell) -> ModelFolder:
    """Convert a model into the store, in place of one of the same name, and return it.

    Raises ModelError where it cannot be done; then nothing has changed in the store.
    """
    check_quantization(quantization)

    def fill(folder: Path) -> None:
        _check_space(folder, weights_of(source.shape) * BYTES[quantization])
        write_weights(
            folder,
            source.shape,
            source.tensors,
            source.tokens,
            quantization=quantization,
            special=(source.bos, source.eos[0], source.unknown),
            tell=lambda done, count: tell("converting tensors", done, count),
        )
        for name, content in source.files.items():
            (folder / name).write_bytes(content)

    return put(
        fill,
        directory,
        name=source.name,
        tokenizer=source.tokenizer,
        chat_template=source.chat_template,
        said={
            "architecture": "llama",
            "bos": source.bos,
            "context_length": source.shape.context_length,
            "eos": list(source.eos),
            "licence": source.licence,
            "quantization": quantization,
            "source": source.origin,
        },
        tell=tell,
    )


def put(
    fill: Callable[[Path], None],
    directory: Path,
    *,
    name: str,
    tokenizer: bytes,
    chat_template: str,
    said: dict[str, Any],
    tell: Tell,
) -> ModelFolder:
    """Have a temporary folder filled with CTranslate2's files, add the rest, and put it in its place."""
    if not is_name(name):
        raise ModelError(f"{name!r} cannot be the name of a model: it has to be one plain part of a path; see --name")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(directory / f".{name}.lock"):
            partial = directory / f".{name}{PARTIAL}"
            # One that was killed left it behind.
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            try:
                fill(partial)
                (partial / "tokenizer.json").write_bytes(tokenizer)
                (partial / "chat_template.jinja").write_bytes(chat_template.encode("utf-8"))
                tell("checking", 0, 1)
                _check(partial, said["eos"])
                _mark(partial, name, said)
                if (directory / name / CARD_NAME).is_file():
                    # It says which weights it is of, and counts for these only if they are the same.
                    shutil.copy(directory / name / CARD_NAME, partial)
                _replace(partial, directory / name)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
        return open_folder(directory / name)
    except OSError as error:
        full = "; free some space, or name another folder in HUNKWISE_MODELS_DIR" if error.errno == errno.ENOSPC else ""
        raise ModelError(f"{name}: cannot write to the models folder {directory}: {error}{full}") from error
    except MemoryError as error:
        raise ModelError(f"{name}: not enough memory to convert one of its tensors") from error


def check_quantization(quantization: str) -> None:
    """Raise ModelError for a quantization that there is not."""
    if quantization not in QUANTIZATIONS:
        raise ModelError(f"there is no quantization {quantization!r}; there are {', '.join(QUANTIZATIONS)}")


def weights_of(shape: Shape) -> int:
    """Return how many weights the matrices of a model have."""
    attention = shape.head_size * (2 * shape.heads + 2 * shape.heads_kv)
    layer = shape.width * (attention + 3 * shape.feed_forward)
    return shape.layers * layer + shape.vocabulary * shape.width * (1 if shape.is_tied else 2)


def _check_space(folder: Path, needed: float) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise ModelError(
            f"{folder.parent} has {free / 1e9:.1f} GB left, and the model needs {(needed + SPARE) / 1e9:.1f} GB; "
            "free some space, or name another folder in HUNKWISE_MODELS_DIR"
        )


def _check(folder: Path, eos: list[str]) -> None:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    # The library raises plain Exception for a file that it cannot read.
    except Exception as error:
        raise ModelError(f"its tokenizer.json cannot be used: {error}") from error
    unknown = [token for token in eos if tokenizer.token_to_id(token) is None]
    if unknown:
        raise ModelError(f"its tokenizer does not know the tokens that end an answer: {', '.join(unknown)}")


def _mark(folder: Path, name: str, said: dict[str, Any]) -> None:
    identity = hashlib.sha256()
    for file in HASHED:
        with (folder / file).open("rb") as stream:
            identity.update(hashlib.file_digest(stream, "sha256").digest())
    sizes = {file: (folder / file).stat().st_size for file in FILES}
    marker = {"schema": SCHEMA, "name": name, "identity": identity.hexdigest(), **said, "files": sizes}
    (folder / MARKER).write_text(json.dumps(marker, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _replace(partial: Path, home: Path) -> None:
    old = partial.with_suffix(".old")
    shutil.rmtree(old, ignore_errors=True)
    if home.exists() or home.is_symlink():
        home.rename(old)
    partial.rename(home)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
