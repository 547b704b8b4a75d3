"""Tell what kind of model lies at a path, and convert it."""

import re
from pathlib import Path

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.conversion import Tell, convert
from hunkwise.llm_backend.store import MARKER, ModelFolder

LLAMA = "LlamaForCausalLM"


def convert_path(path: Path, directory: Path, *, name: str, quantization: str, tell: Tell) -> ModelFolder:
    """Convert the Hugging Face folder or the GGUF file at a path into the store; ModelError where it is neither.

    name: how the model will be called; empty takes it from the path.
    """
    from hunkwise.llm_backend.gguf_file import read_gguf
    from hunkwise.llm_backend.huggingface import architecture_of, read_huggingface

    name = name or name_for(path)
    if path.is_file():
        if path.suffix.lower() != ".gguf":
            raise ModelError(f"{path} is no GGUF file; name one, or a Hugging Face folder")
        source = read_gguf(path, name=name, origin=f"GGUF file {path.name}")
        return convert(source, directory, quantization=quantization, tell=tell)
    if not path.is_dir():
        raise ModelError(f"{path}: there is no such folder or file; name a Hugging Face folder or a GGUF file")
    if (path / MARKER).is_file():
        raise ModelError(f"{path} is converted already; name it as it is: --model {path}")
    if architecture_of(path) == LLAMA:
        return convert(read_huggingface(path, name=name), directory, quantization=quantization, tell=tell)
    from hunkwise.llm_backend.other_architectures import convert_other

    return convert_other(path, directory, name=name, quantization=quantization, tell=tell)


def name_for(path: Path) -> str:
    """Return the name for the model at a path: `CodeLlama-7b-Instruct-hf` is `codellama-7b-instruct`."""
    stem = path.stem if path.suffix.lower() == ".gguf" else path.absolute().name
    return re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).removesuffix("-hf").strip("-.")
