"""Convert a BERT encoder from a Hugging Face folder into CTranslate2's form, without torch."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.huggingface import read_json
from hunkwise.llm_backend.safetensors_files import find_tensors, read_tensor

LAYER = {
    "attention.output.dense": ("self_attention", "linear", 1),
    "intermediate.dense": ("ffn", "linear_0"),
    "output.dense": ("ffn", "linear_1"),
}
NORMS = {"attention.output.LayerNorm": "self_attention", "output.LayerNorm": "ffn"}
PARTS = ("query", "key", "value")


class Weights:
    """The tensors of a folder; their names may begin with `bert.`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places = find_tensors(folder)
        self._prefix = "bert." if any(name.startswith("bert.") for name in self._places) else ""

    def read(self, name: str) -> Any:
        """Return a tensor as 32-bit floats; raise ModelError where the folder has none of the name."""
        place = self._places.get(self._prefix + name)
        if place is None:
            raise ModelError(f"{self._folder} has no tensor {name}: it is no BERT")
        return read_tensor(place)


def convert_bert(folder: Path, target: Path) -> Path:
    """Write the encoder into a folder, with its tokenizer, and return it; raise ModelError for what is no BERT."""
    config = read_json(folder / "config.json", is_needed=True)
    if config.get("model_type") != "bert" or config.get("hidden_act", "gelu") != "gelu":
        raise ModelError(f"{folder} is no BERT with GELU, but {config.get('model_type', 'unnamed')}")
    if not (folder / "tokenizer.json").is_file():
        raise ModelError(f"{folder} has no tokenizer.json")
    target.mkdir(parents=True, exist_ok=True)
    specification = _specification(config, Weights(folder))
    vocabulary = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    specification.register_vocabulary(sorted(vocabulary, key=lambda word: int(vocabulary[word])))
    specification.config.layer_norm_epsilon = config.get("layer_norm_eps", 1e-12)
    specification.config.unk_token = "[UNK]"
    specification.validate()
    specification.optimize(quantization="float32")
    specification.save(str(target))
    shutil.copy(folder / "tokenizer.json", target)
    return target


def _specification(config: Mapping[str, Any], weights: Weights) -> Any:
    from ctranslate2.specs import common_spec, transformer_spec

    encoder = transformer_spec.TransformerEncoderSpec(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights.read("embeddings.word_embeddings.weight")
    encoder.embeddings[1].weight = weights.read("embeddings.token_type_embeddings.weight")
    encoder.position_encodings.encodings = weights.read("embeddings.position_embeddings.weight")
    _norm(encoder.layernorm_embedding, "embeddings.LayerNorm", weights)
    for number, layer in enumerate(encoder.layer):
        _layer(layer, f"encoder.layer.{number}", weights)
    return transformer_spec.TransformerEncoderModelSpec(encoder)


def _layer(layer: Any, name: str, weights: Weights) -> None:
    import numpy as np

    joined = layer.self_attention.linear[0]
    for kind in ("weight", "bias"):
        parts = [weights.read(f"{name}.attention.self.{part}.{kind}") for part in PARTS]
        setattr(joined, kind, np.concatenate(parts))
    for source, (part, *rest) in LAYER.items():
        linear = getattr(layer, str(part))
        linear = getattr(linear, str(rest[0]))
        linear = linear[rest[1]] if len(rest) > 1 else linear
        linear.weight = weights.read(f"{name}.{source}.weight")
        linear.bias = weights.read(f"{name}.{source}.bias")
    for source, part in NORMS.items():
        _norm(getattr(layer, part).layer_norm, f"{name}.{source}", weights)


def _norm(norm: Any, name: str, weights: Weights) -> None:
    norm.gamma = weights.read(f"{name}.weight")
    norm.beta = weights.read(f"{name}.bias")
