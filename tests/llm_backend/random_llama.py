"""A Hugging Face folder of a model as Code Llama is built, small and with random weights; made without torch.

Its configuration has the keys and the kinds of values of CodeLlama-7b-Instruct-hf, its tokenizer is of the same class:
byte-pair encoding with a `▁` for each space, one put in front, and bytes where a character is unknown.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from reference_llama import Layer, Llama
from safetensors.numpy import save_file

TEXT = "def parse(line): return the value of the key in the line for the reader Answer: A B C D E F G H I J none " * 3
WIDTH, HEADS, LAYERS, FORWARD, HEAD = 64, 4, 3, 176, 16
CONFIG: dict[str, Any] = {
    "architectures": ["LlamaForCausalLM"],
    "bos_token_id": 1,
    "eos_token_id": 2,
    "hidden_act": "silu",
    "hidden_size": WIDTH,
    "initializer_range": 0.02,
    "intermediate_size": FORWARD,
    "max_position_embeddings": 16384,
    "model_type": "llama",
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "num_key_value_heads": HEADS,
    "pretraining_tp": 1,
    "rms_norm_eps": 1e-05,
    "rope_scaling": None,
    "rope_theta": 1000000,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
    "use_cache": True,
}
UNNAMED = 5
"""Embeddings beyond the tokens of the tokenizer."""


def tokenizer_json() -> dict[str, Any]:
    """Return a tokenizer like Code Llama's, with the merges that a few words give."""
    from tokenizers import Tokenizer, models, normalizers, trainers

    special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    learner = Tokenizer(models.BPE())
    learner.normalizer = normalizers.Replace(" ", "▁")
    learner.train_from_iterator(
        [word for word in f" {TEXT}".replace(" ", "\n ").split("\n") if word],
        trainers.BpeTrainer(vocab_size=400, special_tokens=special, show_progress=False),
    )
    learnt = json.loads(learner.to_str())["model"]
    vocab = dict(learnt["vocab"])
    for word in ("▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"):
        vocab[word] = len(vocab)
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": vocab[word], "content": word, "special": True, "normalized": False}
            | dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
            for word in ("<unk>", "<s>", "</s>", "▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>")
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Prepend", "prepend": "▁"},
                {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
            ],
        },
        "pre_tokenizer": None,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}},
        },
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
                {"type": "Strip", "content": " ", "start": 1, "stop": 0},
            ],
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>",
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": True,
            "vocab": vocab,
            "merges": learnt["merges"],
        },
    }


def random_weights(config: dict[str, Any], *, biases: bool = False, seed: int = 7) -> dict[str, np.ndarray]:
    """Return the tensors of a model, by the names that Hugging Face gives them."""
    random = np.random.default_rng(seed)
    width, forward = config["hidden_size"], config["intermediate_size"]
    head = config.get("head_dim", width // config["num_attention_heads"])
    query, keys = head * config["num_attention_heads"], head * config["num_key_value_heads"]

    def drawn(*shape: int) -> np.ndarray:
        return random.normal(0, 1.5 / np.sqrt(shape[-1]), shape).astype(np.float32)

    def gamma() -> np.ndarray:
        return random.uniform(0.5, 1.5, width).astype(np.float32)

    weights = {"model.embed_tokens.weight": drawn(config["vocab_size"], width) * 4, "model.norm.weight": gamma()}
    if not config["tie_word_embeddings"]:
        weights["lm_head.weight"] = drawn(config["vocab_size"], width)
    matrices = {
        "self_attn.q_proj": (query, width),
        "self_attn.k_proj": (keys, width),
        "self_attn.v_proj": (keys, width),
        "self_attn.o_proj": (width, query),
        "mlp.gate_proj": (forward, width),
        "mlp.up_proj": (forward, width),
        "mlp.down_proj": (width, forward),
    }
    for number in range(config["num_hidden_layers"]):
        layer = f"model.layers.{number}"
        weights[f"{layer}.input_layernorm.weight"] = gamma()
        weights[f"{layer}.post_attention_layernorm.weight"] = gamma()
        for name, shape in matrices.items():
            weights[f"{layer}.{name}.weight"] = drawn(*shape)
            if biases:
                weights[f"{layer}.{name}.bias"] = drawn(shape[0])
    return weights


def save(weights: dict[str, np.ndarray], file: Path, kind: str = "float32") -> dict[str, np.ndarray]:
    """Write tensors as safetensors, and return them as they read back after their rounding."""
    if kind != "bfloat16":
        rounded = {name: value.astype(kind) for name, value in weights.items()}
        save_file(rounded, str(file), {"format": "pt"})
        return {name: value.astype(np.float32) for name, value in rounded.items()}
    # numpy has no bfloat16, and so the library's numpy side cannot write it
    halves = {name: nearest_bfloat16(value) for name, value in weights.items()}
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, half in halves.items():
        header[name] = {"dtype": "BF16", "shape": list(half.shape), "data_offsets": [at, at := at + half.nbytes]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    content = b"".join(half.tobytes() for half in halves.values())
    file.write_bytes(len(text).to_bytes(8, "little") + text + content)
    return {name: (half.astype(np.uint32) << 16).view(np.float32) for name, half in halves.items()}


def nearest_bfloat16(value: np.ndarray) -> np.ndarray:
    """Return the upper halves of float32 values, rounded to the nearest, ties to even."""
    bits = value.view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def make_llama(
    folder: Path, *, kind: str = "bfloat16", shards: int = 1, biases: bool = False, **changes: Any
) -> tuple[Path, Llama]:
    """Write a model into a folder, and return the folder and the same model in numpy."""
    folder.mkdir(parents=True)
    tokenizer = tokenizer_json()
    config = {**CONFIG, "vocab_size": len(tokenizer["model"]["vocab"]) + UNNAMED, **changes}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"bos_token": {"content": "<s>"}, "eos_token": {"content": "</s>"}, "unk_token": "<unk>"})
    )
    weights = random_weights(config, biases=biases)
    names = sorted(weights)
    if shards == 1:
        kept = save(weights, folder / "model.safetensors", kind)
    else:
        kept, files = {}, {}
        for shard in range(shards):
            file = f"model-{shard + 1:05}-of-{shards:05}.safetensors"
            part = names[shard::shards]
            kept |= save({name: weights[name] for name in part}, folder / file, kind)
            files |= dict.fromkeys(part, file)
        (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": files}))
    return folder, reference(config, kept)


def reference(config: dict[str, Any], weights: dict[str, np.ndarray]) -> Llama:
    """Return the model in numpy."""
    places = {
        "q": "self_attn.q_proj",
        "k": "self_attn.k_proj",
        "v": "self_attn.v_proj",
        "o": "self_attn.o_proj",
        "gate": "mlp.gate_proj",
        "up": "mlp.up_proj",
        "down": "mlp.down_proj",
    }
    layers = []
    for number in range(config["num_hidden_layers"]):
        at = f"model.layers.{number}"
        biases = {short: weights[key] for short, name in places.items() if (key := f"{at}.{name}.bias") in weights}
        layers.append(
            Layer(
                attention_norm=weights[f"{at}.input_layernorm.weight"],
                ffn_norm=weights[f"{at}.post_attention_layernorm.weight"],
                biases=biases,
                **{short: weights[f"{at}.{name}.weight"] for short, name in places.items()},
            )
        )
    return Llama(
        embeddings=weights["model.embed_tokens.weight"],
        layers=layers,
        norm=weights["model.norm.weight"],
        projection=weights.get("lm_head.weight", weights["model.embed_tokens.weight"]),
        heads=config["num_attention_heads"],
        heads_kv=config["num_key_value_heads"],
        epsilon=config["rms_norm_eps"],
        base=float(config["rope_theta"]),
        halves=True,
        scaling=config.get("rope_scaling") or {},
    )
