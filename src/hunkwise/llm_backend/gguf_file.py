"""Read a Llama from a GGUF file: its shape, its weights and all that its metadata says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend import llama
from hunkwise.llm_backend.gguf_tokenizer import byte_level_tokenizer
from hunkwise.llm_backend.llama import RopeScaling, Shape, Source

NAMES = {llama.EMBEDDINGS: "token_embd", llama.NORM: "output_norm", llama.PROJECTION: "output"}
LAYER_NAMES = {
    llama.ATTENTION_NORM: "attn_norm",
    llama.QUERY: "attn_q",
    llama.KEY: "attn_k",
    llama.VALUE: "attn_v",
    llama.OUTPUT: "attn_output",
    llama.FFN_NORM: "ffn_norm",
    llama.GATE: "ffn_gate",
    llama.UP: "ffn_up",
    llama.DOWN: "ffn_down",
}
ENDS = ("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>")
"""Control tokens that end an answer although the metadata names only one."""
CONTROL = 3


class GgufTensors:
    """The weights of a GGUF file, dequantised one at a time."""

    def __init__(self, file: Path, tensors: Mapping[str, Any]) -> None:
        self._file, self._tensors = file, tensors

    def has(self, name: str) -> bool:
        """Whether the file has a tensor."""
        return gguf_name(name) in self._tensors

    def read(self, name: str) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """Return a tensor, as output × input."""
        from gguf.quants import dequantize

        tensor = self._tensors.get(gguf_name(name))
        if tensor is None:
            raise ModelError(f"{self._file} has no tensor {gguf_name(name)}")
        try:
            values = dequantize(tensor.data, tensor.tensor_type)
        except NotImplementedError as error:
            raise ModelError(f"{self._file}: {gguf_name(name)}: {error}") from error
        return np.ascontiguousarray(values, dtype=np.float32)


def gguf_name(name: str) -> str:
    """Return how GGUF calls a tensor."""
    stem, _, last = name.removesuffix(".bias").rpartition(".")
    kind = "bias" if name.endswith(".bias") else "weight"
    if not stem:
        return f"{NAMES[last]}.{kind}"
    return f"blk.{stem.removeprefix('layer.')}.{LAYER_NAMES[last]}.{kind}"


def read_gguf(file: Path, *, name: str, origin: str) -> Source:
    """Return the model in a GGUF file; ModelError where it is broken, or no Llama with a byte-level tokenizer."""
    from gguf import GGUFReader

    try:
        reader = GGUFReader(file)
        said = {key: field.contents() for key, field in reader.fields.items()}
    except (OSError, ValueError, KeyError, IndexError, UnicodeDecodeError) as error:
        raise ModelError(f"{file} cannot be read as GGUF: {error or type(error).__name__}; fetch it anew") from error
    metadata = _Metadata(file, said)
    architecture = metadata.text("general.architecture")
    if architecture != "llama":
        raise ModelError(f"{file} holds a model of architecture {architecture!r}; from GGUF only `llama` is converted")
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    tokens = metadata.texts("tokenizer.ggml.tokens")
    kinds = metadata.numbers("tokenizer.ggml.token_type")
    if len(kinds) != len(tokens):
        raise ModelError(f"{file} has {len(tokens)} tokens and the types of {len(kinds)}")
    control = {token for token, kind in zip(tokens, kinds, strict=True) if kind == CONTROL}
    end = tokens[metadata.number("tokenizer.ggml.eos_token_id", limit=len(tokens))]
    return Source(
        name=name,
        shape=_shape(metadata, tensors, len(tokens)),
        tensors=GgufTensors(file, tensors),
        tokens=tokens,
        tokenizer=byte_level_tokenizer(
            tokens,
            kinds,
            metadata.texts("tokenizer.ggml.merges"),
            model=metadata.text("tokenizer.ggml.model"),
            pre=metadata.text("tokenizer.ggml.pre", "gpt-2"),
            file=file,
        ),
        chat_template=metadata.text("tokenizer.chat_template"),
        bos=tokens[metadata.number("tokenizer.ggml.bos_token_id", limit=len(tokens))],
        eos=(end, *(token for token in ENDS if token in control and token != end)),
        unknown=tokens[metadata.number("tokenizer.ggml.unknown_token_id", 0, limit=len(tokens))],
        licence=metadata.text("general.license", "not stated"),
        origin=origin,
    )


def _shape(metadata: "_Metadata", tensors: Mapping[str, Any], vocabulary: int) -> Shape:
    width, heads = metadata.number("llama.embedding_length"), metadata.number("llama.attention.head_count")
    head_size = metadata.number("llama.attention.key_length", width // max(heads, 1))
    scaling = metadata.text("llama.rope.scaling.type", "none")
    if scaling not in ("none", "linear") or "rope_freqs.weight" in tensors:
        raise ModelError(f"{metadata.file}: positions scaled by {scaling!r} or by frequencies are not supported")
    factor = metadata.real("llama.rope.scaling.factor", 1.0)
    return Shape(
        layers=metadata.number("llama.block_count"),
        heads=heads,
        heads_kv=metadata.number("llama.attention.head_count_kv", heads),
        head_size=head_size,
        width=width,
        feed_forward=metadata.number("llama.feed_forward_length"),
        vocabulary=vocabulary,
        context_length=metadata.number("llama.context_length"),
        epsilon=metadata.real("llama.attention.layer_norm_rms_epsilon"),
        rope_base=metadata.real("llama.rope.freq_base", 10_000.0),
        rotary=metadata.number("llama.rope.dimension_count", head_size),
        is_interleaved=True,
        is_tied=gguf_name(llama.PROJECTION) not in tensors,
        scaling=RopeScaling(kind="linear", factor=factor) if scaling == "linear" else None,
    )


class _Metadata:
    def __init__(self, file: Path, said: Mapping[str, Any]) -> None:
        self.file, self._said = file, said

    def text(self, key: str, default: str | None = None) -> str:
        value = self._said.get(key, default)
        return value if isinstance(value, str) else self._fail(key)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._said.get(key)
        return tuple(map(str, value)) if isinstance(value, list) else self._fail(key)

    def numbers(self, key: str) -> tuple[int, ...]:
        value = self._said.get(key)
        return tuple(map(int, value)) if isinstance(value, list) else self._fail(key)

    def number(self, key: str, default: int | None = None, *, limit: int | None = None) -> int:
        value = self._said.get(key, default)
        if not isinstance(value, int) or value < 0 or (limit is not None and value >= limit):
            return self._fail(key)
        return value

    def real(self, key: str, default: float | None = None) -> float:
        value = self._said.get(key, default)
        return float(value) if isinstance(value, int | float) else self._fail(key)

    def _fail(self, key: str) -> NoReturn:
        raise ModelError(
            f"{self.file} does not say {key}, or not in the usual form: it is not a model to converse with"
        )
