"""Converted weights compute what the model computes: against numpy, on models of Code Llama's shape, made small."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from random_llama import make_llama, random_weights, save, tokenizer_json
from reference_llama import Llama

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.formats import convert_path
from hunkwise.llm_backend.store import ModelFolder
from hunkwise.llm_backend.weights import Writer

TEXTS = (
    "def parse the value: é\n  12 for the reader of the key in the line",
    "the line the line return",
    "\r\n\tx = 日本 🙂",
)
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}
KINDS: dict[str, dict[str, Any]] = {
    "Code Llama's": {},
    "in three shards": {"shards": 3},
    "float16": {"kind": "float16"},
    "float32, grouped queries": {"kind": "float32", "num_key_value_heads": 2},
    "one key head, biases": {"num_key_value_heads": 1, "biases": True},
    "tied embeddings": {"tie_word_embeddings": True},
    "heads of their own size": {"head_dim": 32, "num_key_value_heads": 2},
    "linear scaling": {"rope_scaling": {"type": "linear", "factor": 4.0}},
    "Llama 3's scaling": {"rope_scaling": LLAMA3, "rope_theta": 10000.0},
}


def quiet(stage: str, done: int, count: int) -> None:
    """Tell nobody."""


def converted(folder: Path, quantization: str) -> ModelFolder:
    return convert_path(folder, folder.parent / "store", name="small", quantization=quantization, tell=quiet)


def encode(model: ModelFolder, text: str) -> tuple[list[int], list[str]]:
    from tokenizers import Tokenizer

    encoding = Tokenizer.from_file(str(model.path / "tokenizer.json")).encode(text)
    return encoding.ids, encoding.tokens


def engine(model: ModelFolder, compute: str = "float32") -> Any:
    import ctranslate2

    return ctranslate2.Generator(str(model.path), compute_type=compute, intra_threads=1)


def differences(model: ModelFolder, expected: Llama, compute: str = "float32") -> tuple[float, float]:
    """Return the largest difference of logits, and the root of the mean square one as a share of their spread."""
    generator, largest, relative = engine(model, compute), 0.0, 0.0
    for text in TEXTS:
        ids, tokens = encode(model, text)
        actual, wanted = np.array(generator.forward_batch([tokens]))[0], expected.logits(ids)
        assert wanted.shape == actual.shape
        largest = max(largest, float(np.abs(actual - wanted).max()))
        relative = max(relative, float(np.sqrt(((actual - wanted) ** 2).mean()) / wanted.std()))
    return largest, relative


@pytest.mark.parametrize("changes", KINDS.values(), ids=KINDS.keys())
def test_float32_logits_are_those_of_the_papers(tmp_path, changes):
    """Converted in float32, each form of a Llama gives numpy's logits within 2e-4; they spread over 6 and more."""
    folder, expected = make_llama(tmp_path / "CodeLlama-7b-Instruct-hf", **changes)
    largest, _ = differences(converted(folder, "float32"), expected)
    assert largest < 2e-4


@pytest.mark.parametrize("quantization", ["int8", "int8_float16"])
def test_int8_logits_are_near(tmp_path, quantization):
    """In int8 the logits are off by less than a tenth of their spread, on matrices that are only 64 wide."""
    folder, expected = make_llama(tmp_path / "CodeLlama-7b-Instruct-hf")
    _, relative = differences(converted(folder, quantization), expected, "int8")
    assert relative < 0.1


def rounded(weights: np.ndarray) -> np.ndarray:
    """Return each row rounded to 255 steps between its largest value and the negative of it."""
    step = np.abs(weights).max(axis=1, keepdims=True) / 127
    return np.rint(weights / step) * step


def test_int8_weights_are_rounded_row_by_row(tmp_path):
    """Computed in float32 with int8 weights, the logits are those of numpy with weights rounded the same way."""
    # not bfloat16, whose few values lie between two steps often enough to be rounded either way
    folder, expected = make_llama(tmp_path / "CodeLlama-7b-Instruct-hf", kind="float32")
    model = converted(folder, "int8")
    for layer in expected.layers:
        for name in ("q", "k", "v", "o", "gate", "up", "down"):
            setattr(layer, name, rounded(getattr(layer, name)))
    expected.embeddings, expected.projection = rounded(expected.embeddings), rounded(expected.projection)
    largest, _ = differences(model, expected)
    assert largest < 2e-4


def test_greedy_text_is_the_same(tmp_path):
    """Converted in float32, the model continues a prompt with the tokens that numpy finds likeliest."""
    folder, expected = make_llama(tmp_path / "CodeLlama-7b-Instruct-hf")
    model = converted(folder, "float32")
    ids, tokens = encode(model, TEXTS[0])
    answer = engine(model).generate_batch(
        [tokens], max_length=24, include_prompt_in_result=False, end_token=[], sampling_topk=1
    )
    assert expected.greedy(ids, 24) == answer[0].sequences_ids[0]


def test_a_matrix_of_another_shape_is_refused(tmp_path):
    """Weights that do not fit the configuration are named, with both shapes."""
    folder, _ = make_llama(tmp_path / "CodeLlama-7b-Instruct-hf", intermediate_size=176)
    text = (folder / "config.json").read_text().replace('"intermediate_size": 176', '"intermediate_size": 160')
    (folder / "config.json").write_text(text)
    with pytest.raises(ModelError, match=r"layer\.0\.gate: the shape is \(176, 64\), and \(160, 64\) was expected"):
        converted(folder, "float32")


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    """NaN in a matrix is said, since int8 would hide it."""
    folder, _ = make_llama(tmp_path / "CodeLlama-7b-Instruct-hf", kind="float32")
    config = json.loads((folder / "config.json").read_text())
    weights = random_weights(config)
    weights["lm_head.weight"][3, 5] = np.nan
    save(weights, folder / "model.safetensors")
    with pytest.raises(ModelError, match="projection: there are weights that are no numbers"):
        converted(folder, "int8")


def test_a_matrix_beyond_4_gib_is_refused():
    """What does not fit the file format is said before anything is read."""

    class Nothing:
        def has(self, name):
            return False

        def read(self, name):
            raise AssertionError(name)

    writer = Writer(Nothing(), "float32", lambda done: None)
    with pytest.raises(ModelError, match=r"embeddings has more than 4 GiB.*int8"):
        writer.matrix(object(), ("embeddings",), (128256, 16384))


def test_the_tokenizer_is_of_code_llamas_class(tmp_path):
    """Spaces are `▁` with one in front, unknown characters become bytes, and `<s>` comes first."""
    folder, _ = make_llama(tmp_path / "CodeLlama-7b-Instruct-hf")
    _, tokens = encode(converted(folder, "int8"), "the lineé")
    assert ["<s>", "▁the", "▁line", "<0xC3>", "<0xA9>"] == tokens
    assert "▁<PRE>" in tokenizer_json()["model"]["vocab"]
