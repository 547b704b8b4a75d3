"""Write the weights of a Llama as CTranslate2 reads them, one tensor in memory at a time."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend import llama
from hunkwise.llm_backend.llama import RopeScaling, Shape, Tensors

QUANTIZATIONS = ("int8", "int8_float16", "float16", "float32")
LARGEST = 2**32 - 1
ROWS = 1024
"""How many rows are rounded at once: enough for speed, and little beside the matrix itself."""
Array = np.ndarray[Any, np.dtype[Any]]
Load = Callable[[], Array]


class LazyVariable:
    """A weight that is computed when it is written.

    CTranslate2's writer asks for the shape, the type and the size, and then for the bytes.
    """

    def __init__(self, shape: tuple[int, ...], dtype: str, load: Load) -> None:
        self.shape, self.dtype, self._load = shape, dtype, load

    def num_bytes(self) -> int:
        """Return how many bytes it has."""
        return int(np.prod(self.shape)) * np.dtype(self.dtype).itemsize

    def to_bytes(self) -> bytes:
        """Compute it and return it."""
        return np.ascontiguousarray(self._load(), dtype=self.dtype).tobytes()


class Writer:
    """Fills the specification of one model; `tell` hears how many of its tensors are written."""

    def __init__(self, tensors: Tensors, quantization: str, tell: Callable[[int], None]) -> None:
        self._tensors, self._tell = tensors, tell
        self._is_int8 = quantization.startswith("int8")
        self._other = "float16" if quantization.endswith("float16") else "float32"
        self._scales: dict[tuple[str, ...], Array] = {}
        self._read = 0

    def norm(self, spec: Any, name: str, width: int) -> None:
        """Fill the specification of a normalisation."""
        spec.gamma = LazyVariable((width,), self._other, lambda: self._checked((name,), (width,)))

    def matrix(self, spec: Any, names: Sequence[str], shape: tuple[int, int]) -> None:
        """Fill a linear layer, or embeddings, with the matrices of those names, one below the other."""
        key = tuple(names)
        if shape[0] * shape[1] * (1 if self._is_int8 else np.dtype(self._other).itemsize) > LARGEST:
            raise ModelError(f"{key[0]} has more than 4 GiB, which CTranslate2 cannot hold; take --quantization int8")
        if self._is_int8:
            spec.weight = LazyVariable(shape, "int8", lambda: self._quantized(key, shape))
            # The writer goes by name, so the scale comes right after the weight.
            spec.weight_scale = LazyVariable((shape[0],), "float32", lambda: self._scales.pop(key))
        else:
            spec.weight = LazyVariable(shape, self._other, lambda: self._checked(key, shape))
        biases = [llama.bias(name) for name in key]
        if any(map(self._tensors.has, biases)):
            spec.bias = LazyVariable((shape[0],), self._other, lambda: self._checked(biases, (shape[0],)))

    def _checked(self, names: Sequence[str], shape: tuple[int, ...]) -> Array:
        parts = [self._tensors.read(name) for name in names]
        self._read += len(parts)
        self._tell(self._read)
        whole = parts[0] if len(parts) == 1 else np.concatenate(parts)
        if whole.shape != shape:
            raise ModelError(f"{' and '.join(names)}: the shape is {whole.shape}, and {shape} was expected")
        return whole

    def _quantized(self, key: tuple[str, ...], shape: tuple[int, ...]) -> Array:
        weight = self._checked(key, shape)
        largest = np.maximum(weight.max(axis=1), -weight.min(axis=1))
        if not np.isfinite(largest).all():
            raise ModelError(f"{' and '.join(key)}: there are weights that are no numbers")
        largest[largest == 0] = 127.0
        scale = self._scales[key] = (np.float32(127) / largest).astype(np.float32)
        quantized = np.empty(shape, np.int8)
        for start in range(0, len(weight), ROWS):
            rows = slice(start, start + ROWS)
            quantized[rows] = np.rint(weight[rows] * scale[rows, None])
        return quantized


def write_weights(
    folder: Path,
    shape: Shape,
    tensors: Tensors,
    tokens: Sequence[str],
    *,
    quantization: str,
    special: tuple[str, str, str],
    tell: Callable[[int, int], None],
) -> None:
    """Write `model.bin`, `config.json` and `vocabulary.json`.

    special: the tokens that begin and end a text, and the one for what is unknown.
    tell: hears how many tensors are done, of how many.
    """
    count = 9 * shape.layers + 2 + (not shape.is_tied)
    spec = specification(shape, Writer(tensors, quantization, lambda done: tell(min(done, count), count)))
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = special
    spec.config.layer_norm_epsilon = shape.epsilon
    spec.register_vocabulary(list(tokens))
    spec.validate()
    if shape.is_tied:
        # An alias, as the library's own `optimize` leaves it; `validate` would take it for a value.
        embeddings = "decoder/embeddings/weight"
        spec.decoder.projection.weight = embeddings
        if quantization.startswith("int8"):
            spec.decoder.projection.weight_scale = f"{embeddings}_scale"
    spec.save(str(folder))


def specification(shape: Shape, writer: Writer) -> Any:
    """Return CTranslate2's specification of the model, with the weights to be computed when it is saved."""
    from ctranslate2.specs import common_spec, transformer_spec

    spec: Any = transformer_spec.TransformerDecoderModelSpec.from_config(
        shape.layers,
        shape.heads,
        activation=common_spec.Activation.SWISH,
        ffn_glu=True,
        rms_norm=True,
        rotary_dim=shape.rotary,
        rotary_interleave=shape.is_interleaved,
        rotary_base=shape.rope_base,
        num_heads_kv=shape.heads_kv if shape.heads_kv != shape.heads else None,
        head_dim=shape.head_size if shape.head_size * shape.heads != shape.width else None,
        **_scaling(shape),
    )
    query, keys, width = shape.heads * shape.head_size, shape.heads_kv * shape.head_size, shape.width
    decoder = spec.decoder
    decoder.scale_embeddings = False
    writer.matrix(decoder.embeddings, (llama.EMBEDDINGS,), (shape.vocabulary, width))
    writer.norm(decoder.layer_norm, llama.NORM, width)
    projection = llama.EMBEDDINGS if shape.is_tied else llama.PROJECTION
    writer.matrix(decoder.projection, (projection,), (shape.vocabulary, width))
    for number, one in enumerate(decoder.layer):
        attention, feed_forward = one.self_attention, one.ffn
        if shape.scaling is not None and shape.scaling.kind == "llama3":
            _set_frequencies(attention, shape.scaling)

        def named(*names: str, at: int = number) -> tuple[str, ...]:
            return tuple(llama.layer(at, name) for name in names)

        writer.norm(attention.layer_norm, llama.layer(number, llama.ATTENTION_NORM), width)
        fused = named(llama.QUERY, llama.KEY, llama.VALUE)
        writer.matrix(attention.linear[0], fused, (query + 2 * keys, width))
        writer.matrix(attention.linear[1], named(llama.OUTPUT), (width, query))
        writer.norm(feed_forward.layer_norm, llama.layer(number, llama.FFN_NORM), width)
        writer.matrix(feed_forward.linear_0, named(llama.GATE), (shape.feed_forward, width))
        writer.matrix(feed_forward.linear_0_noact, named(llama.UP), (shape.feed_forward, width))
        writer.matrix(feed_forward.linear_1, named(llama.DOWN), (width, shape.feed_forward))
    return spec


def _scaling(shape: Shape) -> dict[str, Any]:
    from ctranslate2.specs import attention_spec

    if shape.scaling is None:
        return {}
    kinds = attention_spec.RotaryScalingType
    if shape.scaling.kind == "linear":
        return {"rotary_scaling_type": kinds.Linear, "rotary_scaling_factor": shape.scaling.factor}
    return {
        "rotary_scaling_type": kinds.Llama3,
        "original_max_position_embeddings": shape.scaling.original_length,
    }


def _set_frequencies(attention: Any, scaling: RopeScaling) -> None:
    attention.rotary_low_freq_factor = np.float32(scaling.low_frequency)
    attention.rotary_high_freq_factor = np.float32(scaling.high_frequency)
    # The engine reads it and takes 1 where it is missing, but the specification has no such name for this kind.
    vars(attention)["rotary_scaling_factor"] = np.float32(scaling.factor)
