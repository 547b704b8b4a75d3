"""Read a Llama from a Hugging Face folder: config.json, safetensors and tokenizer.json."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend import llama
from hunkwise.llm_backend.chat_template import find_chat_template
from hunkwise.llm_backend.llama import RopeScaling, Shape, Source
from hunkwise.llm_backend.safetensors_files import TYPES, Place, find_tensors, read_tensor

NAMES = {llama.EMBEDDINGS: "model.embed_tokens", llama.NORM: "model.norm", llama.PROJECTION: "lm_head"}
LAYER_NAMES = {
    llama.ATTENTION_NORM: "input_layernorm",
    llama.QUERY: "self_attn.q_proj",
    llama.KEY: "self_attn.k_proj",
    llama.VALUE: "self_attn.v_proj",
    llama.OUTPUT: "self_attn.o_proj",
    llama.FFN_NORM: "post_attention_layernorm",
    llama.GATE: "mlp.gate_proj",
    llama.UP: "mlp.up_proj",
    llama.DOWN: "mlp.down_proj",
}
LICENCES = ("LICENSE*", "LICENCE*", "USE_POLICY*", "NOTICE*")
"""Files that have to go along with the weights."""


class SafeTensors:
    """The weights of a Hugging Face folder, read one at a time."""

    def __init__(self, folder: Path, places: Mapping[str, Place]) -> None:
        self._folder, self._places = folder, places

    def has(self, name: str) -> bool:
        """Whether the folder has a tensor."""
        return huggingface_name(name) in self._places

    def read(self, name: str) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """Return a tensor, as output × input."""
        key = huggingface_name(name)
        place = self._places.get(key)
        if place is None:
            raise ModelError(f"{self._folder} has no tensor {key}")
        if place.type not in TYPES:
            raise ModelError(f"{place.file}: {key} is of type {place.type}; read are {', '.join(TYPES)}")
        return read_tensor(place)


def huggingface_name(name: str) -> str:
    """Return how Hugging Face calls a tensor."""
    stem, _, last = name.removesuffix(".bias").rpartition(".")
    kind = "bias" if name.endswith(".bias") else "weight"
    if not stem:
        return f"{NAMES[last]}.{kind}"
    return f"model.layers.{stem.removeprefix('layer.')}.{LAYER_NAMES[last]}.{kind}"


def read_json(file: Path, *, is_needed: bool = False) -> Mapping[str, Any]:
    """Return the object in a JSON file; an empty one where the file is not there and not needed."""
    try:
        said = json.loads(file.read_bytes())
    except FileNotFoundError:
        if not is_needed:
            return {}
        raise ModelError(f"{file.parent} is no Hugging Face model: it has no {file.name}") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{file} cannot be read: {error}; fetch it anew") from error
    if not isinstance(said, dict):
        raise ModelError(f"{file} is no JSON object; fetch it anew")
    return said


def architecture_of(folder: Path) -> str:
    """Return the architecture that config.json names, such as `LlamaForCausalLM`."""
    config = read_json(folder / "config.json", is_needed=True)
    named = config.get("architectures")
    if isinstance(named, list) and named:
        return str(named[0])
    return "LlamaForCausalLM" if config.get("model_type") == "llama" else str(config.get("model_type", "unnamed"))


def read_huggingface(folder: Path, *, name: str) -> Source:
    """Return the Llama in a Hugging Face folder; ModelError, with the way out, where something is missing."""
    config = _Config(folder, read_json(folder / "config.json", is_needed=True))
    places = find_tensors(folder)
    tensors = SafeTensors(folder, places)
    shape = read_shape(config, is_tied=not tensors.has(llama.PROJECTION))
    tokenizer = read_tokenizer(folder)
    tokens = vocabulary(tokenizer, shape.vocabulary, folder)
    bos, eos, unknown = special_tokens(folder, tokens)
    return Source(
        name=name,
        shape=shape,
        tensors=tensors,
        tokens=tokens,
        tokenizer=tokenizer,
        chat_template=find_chat_template(folder, (folder.name, name, str(config.said.get("_name_or_path", "")))),
        bos=bos,
        eos=eos,
        unknown=unknown,
        licence=licence_of(folder),
        origin=f"Hugging Face folder {folder.name}",
        files=licence_files(folder),
    )


def read_shape(config: "_Config", *, is_tied: bool) -> Shape:
    """Return the numbers of a Llama from its configuration."""
    if config.said.get("quantization_config"):
        raise ModelError(f"{config.folder} holds weights that are already quantized; take the model in bf16 or fp16")
    if config.said.get("hidden_act", "silu") != "silu":
        raise ModelError(f"{config.folder}: activation {config.said['hidden_act']!r} is not that of a Llama (silu)")
    width, heads = config.number("hidden_size"), config.number("num_attention_heads")
    head_size = config.number("head_dim", width // heads)
    rope = {**(config.said.get("rope_scaling") or {}), **(config.said.get("rope_parameters") or {})}
    return Shape(
        layers=config.number("num_hidden_layers"),
        heads=heads,
        heads_kv=config.number("num_key_value_heads", heads),
        head_size=head_size,
        width=width,
        feed_forward=config.number("intermediate_size"),
        vocabulary=config.number("vocab_size"),
        context_length=config.number("max_position_embeddings", 2048),
        epsilon=config.real("rms_norm_eps", 1e-6),
        rope_base=float(rope.get("rope_theta") or config.real("rope_theta", 10_000.0)),
        rotary=int(head_size * config.real("partial_rotary_factor", 1.0)),
        is_interleaved=False,
        is_tied=is_tied or config.said.get("tie_word_embeddings") is True,
        scaling=_scaling(config.folder, rope),
    )


def _scaling(folder: Path, rope: Mapping[str, Any]) -> RopeScaling | None:
    kind = str(rope.get("rope_type") or rope.get("type") or "default")
    if kind == "default":
        return None
    if kind not in ("linear", "llama3"):
        raise ModelError(
            f"{folder}: positions scaled by {kind!r} are not supported; models with none, `linear` or `llama3` are"
        )
    try:
        return RopeScaling(
            kind=kind,
            factor=float(rope["factor"]),
            low_frequency=float(rope.get("low_freq_factor", 1.0)),
            high_frequency=float(rope.get("high_freq_factor", 4.0)),
            original_length=int(rope["original_max_position_embeddings"] if kind == "llama3" else 0),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / 'config.json'}: rope_scaling of {kind!r} is not whole: {error}") from error


def read_tokenizer(folder: Path) -> bytes:
    """Return the tokenizer.json of a folder, without padding and truncation, which nobody here wants."""
    file = folder / "tokenizer.json"
    if not file.is_file():
        has_other = (folder / "tokenizer.model").is_file()
        raise ModelError(
            f"{folder} has no tokenizer.json"
            + ("; its tokenizer.model alone is not read" if has_other else "")
            + ": fetch it from where the model is, or make it of the others with transformers: "
            "AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)"
        )
    said = read_json(file)
    if not said.get("padding") and not said.get("truncation"):
        return file.read_bytes()
    plain = {**said, "padding": None, "truncation": None}
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def vocabulary(tokenizer: bytes, size: int, folder: Path) -> tuple[str, ...]:
    """Return the tokens by id, exactly as many as the model has embeddings: unnamed ones get a name of their own."""
    from tokenizers import Tokenizer

    try:
        ids = Tokenizer.from_buffer(tokenizer).get_vocab(with_added_tokens=True)
    # The library raises plain Exception for a file that it cannot read.
    except Exception as error:
        raise ModelError(f"{folder / 'tokenizer.json'} cannot be used: {error}; fetch it anew") from error
    named = {number: token for token, number in ids.items() if number < size}
    return tuple(named.get(number, f"<extra_id_{number}>") for number in range(size))


def special_tokens(folder: Path, tokens: tuple[str, ...]) -> tuple[str, tuple[str, ...], str]:
    """Return the token that begins a text, those that end it, and the one for what is unknown."""
    said = {**read_json(folder / "special_tokens_map.json"), **read_json(folder / "tokenizer_config.json")}
    numbers = {**read_json(folder / "config.json"), **read_json(folder / "generation_config.json")}

    def by_number(key: str) -> tuple[str, ...]:
        given = numbers.get(key)
        several = given if isinstance(given, list) else [given]
        return tuple(tokens[one] for one in several if isinstance(one, int) and 0 <= one < len(tokens))

    def by_name(key: str) -> tuple[str, ...]:
        given = said.get(key)
        text = given.get("content") if isinstance(given, dict) else given
        return (str(text),) if text else ()

    eos = tuple(dict.fromkeys((*by_name("eos_token"), *by_number("eos_token_id"))))
    if not eos:
        raise ModelError(f"{folder} does not say which token ends a text: no eos_token in tokenizer_config.json")
    bos = (*by_name("bos_token"), *by_number("bos_token_id"), "")[0]
    return bos, eos, (*by_name("unk_token"), "")[0]


def licence_of(folder: Path) -> str:
    """Return the licence that the model's README names in its head, or where to look for it."""
    try:
        head = (folder / "README.md").read_text("utf-8", "replace")[:8192].split("\n---", 1)[0]
    except OSError:
        head = ""
    if head.startswith("---"):
        for line in head.splitlines():
            key, _, value = line.partition(":")
            if key == "license" and value.strip():
                return value.strip().strip("\"'")
    kept = sorted(licence_files(folder))
    return f"see {kept[0]}" if kept else "not stated"


def licence_files(folder: Path) -> Mapping[str, bytes]:
    """Return the files about the licence, which stay with the weights."""
    files = sorted({file for pattern in LICENCES for file in folder.glob(pattern) if file.is_file()})
    return {file.name: file.read_bytes() for file in files if file.stat().st_size < 1 << 20}


class _Config:
    def __init__(self, folder: Path, said: Mapping[str, Any]) -> None:
        self.folder, self.said = folder, said

    def number(self, key: str, default: int | None = None) -> int:
        value = self.said.get(key)
        value = default if value is None else value
        if not isinstance(value, int) or value <= 0:
            raise ModelError(f"{self.folder / 'config.json'}: {key} has to be a number above 0, not {value!r}")
        return value

    def real(self, key: str, default: float) -> float:
        value = self.said.get(key, default)
        if not isinstance(value, int | float) or value <= 0:
            raise ModelError(f"{self.folder / 'config.json'}: {key} has to be a number above 0, not {value!r}")
        return float(value)
