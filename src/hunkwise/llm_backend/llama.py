"""What a model of the Llama architecture consists of, wherever its weights are read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np

EMBEDDINGS, NORM, PROJECTION = "embeddings", "norm", "projection"
"""The tensors outside the layers; a model without a projection of its own uses its embeddings."""

ATTENTION_NORM, QUERY, KEY, VALUE, OUTPUT = "attention_norm", "query", "key", "value", "output"
FFN_NORM, GATE, UP, DOWN = "ffn_norm", "gate", "up", "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class RopeScaling:
    """How positions are stretched: `linear` or `llama3`, as Hugging Face's configurations name it."""

    kind: str
    factor: float
    low_frequency: float = 1.0
    high_frequency: float = 4.0
    original_length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The numbers that a Llama is made of.

    rotary: how many dimensions of a head turn with the position. is_interleaved: they turn in neighbouring pairs, as
    in the paper and in GGUF, or else in two halves, as in Hugging Face's files.
    """

    layers: int
    heads: int
    heads_kv: int
    head_size: int
    width: int
    feed_forward: int
    vocabulary: int
    context_length: int
    epsilon: float
    rope_base: float
    rotary: int
    is_interleaved: bool
    is_tied: bool
    scaling: RopeScaling | None = None


class Tensors(Protocol):
    """The weights of a model, read one at a time."""

    def has(self, name: str) -> bool:
        """Whether there is a tensor of that name: one of the above, or `layer.N.` and one, maybe with `.bias`."""

    def read(self, name: str) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """Return a tensor, as output × input; raise ModelError where it is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A model that can be converted.

    tokens: the vocabulary, by id. tokenizer: the bytes of a `tokenizer.json`. files: texts that go along, by name.
    """

    name: str
    shape: Shape
    tensors: Tensors
    tokens: tuple[str, ...]
    tokenizer: bytes
    chat_template: str
    bos: str
    eos: tuple[str, ...]
    unknown: str
    licence: str
    origin: str
    files: Mapping[str, bytes] = field(default_factory=dict)


def layer(number: int, name: str) -> str:
    """Return the name of a layer's tensor."""
    return f"layer.{number}.{name}"


def bias(name: str) -> str:
    """Return the name of the bias that goes with a weight."""
    return f"{name}.bias"
