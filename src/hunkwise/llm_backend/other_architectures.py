"""Convert models that are no Llamas, with CTranslate2's own converter, transformers and torch."""

from importlib.util import find_spec
from pathlib import Path

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.chat_template import find_chat_template
from hunkwise.llm_backend.conversion import Tell, check_quantization, put
from hunkwise.llm_backend.huggingface import (
    architecture_of,
    licence_files,
    licence_of,
    read_json,
    read_tokenizer,
    special_tokens,
    vocabulary,
)
from hunkwise.llm_backend.store import ModelFolder

NEEDED = ("transformers", "torch")


def convert_other(folder: Path, directory: Path, *, name: str, quantization: str, tell: Tell) -> ModelFolder:
    """Convert the model in a Hugging Face folder into the store.

    Raises ModelError where the extra is not installed or CTranslate2 does not know the architecture.
    """
    check_quantization(quantization)
    architecture = architecture_of(folder)
    missing = [package for package in NEEDED if find_spec(package) is None]
    if missing:
        raise ModelError(
            f"{folder} holds a {architecture}, which is no Llama: its conversion needs {' and '.join(missing)}; "
            'install them with: pip install "hunkwise[convert]"'
        )
    config = read_json(folder / "config.json", is_needed=True)
    tokenizer = read_tokenizer(folder)
    size = config.get("vocab_size")
    if not isinstance(size, int):
        raise ModelError(f"{folder / 'config.json'} does not say vocab_size")
    bos, eos, _ = special_tokens(folder, vocabulary(tokenizer, size, folder))

    def fill(partial: Path) -> None:
        from ctranslate2.converters import TransformersConverter

        tell("converting with transformers", 0, 1)
        try:
            converter = TransformersConverter(str(folder), low_cpu_mem_usage=True)
            # The folder is there and empty; `force` writes into it.
            converter.convert(str(partial), quantization=quantization, force=True)
        except (ValueError, NotImplementedError, RuntimeError, ImportError, AttributeError, KeyError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise ModelError(f"CTranslate2 cannot convert {folder}, a {architecture}: {reason}") from error
        if not (partial / "vocabulary.json").is_file():
            raise ModelError(f"{folder}, a {architecture}, does not continue texts: it is no model to converse with")
        for file, content in licence_files(folder).items():
            (partial / file).write_bytes(content)

    length = config.get("max_position_embeddings", config.get("n_positions", 2048))
    return put(
        fill,
        directory,
        name=name,
        tokenizer=tokenizer,
        chat_template=find_chat_template(folder, (folder.name, name)),
        said={
            "architecture": architecture,
            "bos": bos,
            "context_length": int(length),
            "eos": list(eos),
            "licence": licence_of(folder),
            "quantization": quantization,
            "source": f"Hugging Face folder {folder.name}",
        },
        tell=tell,
    )
