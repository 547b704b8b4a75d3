import json
from pathlib import Path

import pytest
from random_llama import UNNAMED, make_llama

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.huggingface import read_huggingface


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of a model as Code Llama is."""
    return make_llama(tmp_path / "CodeLlama-7b-Instruct-hf")[0]


def configure(folder: Path, file: str = "config.json", **changes: object) -> None:
    said = json.loads((folder / file).read_text()) if (folder / file).exists() else {}
    (folder / file).write_text(json.dumps({**said, **changes}))


def test_the_shape_is_that_of_the_configuration(folder):
    """Rotation base, epsilon and context are taken from the configuration, and halves turn, not pairs."""
    shape = read_huggingface(folder, name="m").shape
    assert (1e6, 1e-5, 16384) == (shape.rope_base, shape.epsilon, shape.context_length)
    assert (4, 4, 16, 16) == (shape.heads, shape.heads_kv, shape.head_size, shape.rotary)
    assert not shape.is_interleaved
    assert not shape.is_tied


def test_newer_names_of_the_rotation_are_read(folder):
    """transformers 5 writes `rope_parameters`."""
    configure(folder, rope_theta=None, rope_parameters={"rope_theta": 5000.0, "rope_type": "linear", "factor": 2.0})
    shape = read_huggingface(folder, name="m").shape
    assert (5000.0, "linear", 2.0) == (shape.rope_base, shape.scaling.kind, shape.scaling.factor)


def test_every_embedding_has_a_token(folder):
    """Embeddings beyond the tokenizer's tokens get names, and tokens beyond the embeddings are left out."""
    tokens = read_huggingface(folder, name="m").tokens
    assert [f"<extra_id_{len(tokens) - UNNAMED + at}>" for at in range(UNNAMED)] == list(tokens[-UNNAMED:])
    assert ("<unk>", "<s>", "</s>", "<0x00>") == tokens[:4]
    configure(folder, vocab_size=100)
    assert tokens[:100] == read_huggingface(folder, name="m").tokens


def test_all_tokens_that_end_an_answer_are_known(folder):
    """The tokenizer's own comes first, and those of the generation's configuration are added once."""
    configure(folder, "generation_config.json", eos_token_id=[2, 5])
    assert ("</s>", "<0x02>") == read_huggingface(folder, name="m").eos
    (folder / "tokenizer_config.json").unlink()
    assert ("</s>", "<0x02>") == read_huggingface(folder, name="m").eos


def test_a_model_without_an_end_is_refused(folder):
    """Nothing would stop it."""
    (folder / "tokenizer_config.json").unlink()
    configure(folder, eos_token_id=None)
    with pytest.raises(ModelError, match="does not say which token ends a text"):
        read_huggingface(folder, name="m")


def test_a_missing_tokenizer_is_said(folder):
    """Without tokenizer.json the way to make one is named, also where there is tokenizer.model."""
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.model").touch()
    with pytest.raises(ModelError, match=r"has no tokenizer.json; its tokenizer.model alone is not read: .*make"):
        read_huggingface(folder, name="m")


def test_a_broken_tokenizer_is_said(folder):
    """What the library cannot read is named."""
    (folder / "tokenizer.json").write_text('{"model": {"type": "BPE"}}')
    with pytest.raises(ModelError, match=r"tokenizer.json cannot be used: .*; fetch it anew"):
        read_huggingface(folder, name="m")


def test_the_tokenizer_neither_pads_nor_cuts(folder):
    """A tokenizer that was saved with truncation would lose the end of a prompt."""
    plain = read_huggingface(folder, name="m").tokenizer
    assert (folder / "tokenizer.json").read_bytes() == plain
    cut = {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0}
    configure(folder, "tokenizer.json", truncation=cut)
    assert json.loads(plain) == json.loads(read_huggingface(folder, name="m").tokenizer)


def test_the_licence_goes_along(folder):
    """The licence is named as the model's README names it, and its text is kept with the weights."""
    assert "not stated" == read_huggingface(folder, name="m").licence
    (folder / "LICENSE").write_text("Use it well.")
    assert "see LICENSE" == read_huggingface(folder, name="m").licence
    (folder / "README.md").write_text("---\nlanguage:\n- code\nlicense: llama2\n---\n# A model\nlicense: none\n")
    source = read_huggingface(folder, name="m")
    assert ("llama2", {"LICENSE": b"Use it well."}) == (source.licence, dict(source.files))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"quantization_config": {"quant_method": "gptq"}}, "already quantized; take the model in bf16"),
        ({"hidden_act": "gelu"}, "activation 'gelu' is not that of a Llama"),
        ({"rope_scaling": {"rope_type": "yarn", "factor": 4}}, "positions scaled by 'yarn' are not supported"),
        ({"rope_scaling": {"rope_type": "llama3", "factor": 8}}, "rope_scaling of 'llama3' is not whole"),
        ({"num_hidden_layers": 0}, "num_hidden_layers has to be a number above 0, not 0"),
        ({"hidden_size": "wide"}, "hidden_size has to be a number above 0, not 'wide'"),
        ({"rms_norm_eps": None}, "rms_norm_eps has to be a number above 0"),
    ],
)
def test_what_cannot_be_converted_is_said(folder, changes, expected):
    """A configuration that would give a wrong model gives none."""
    configure(folder, **changes)
    with pytest.raises(ModelError, match=expected):
        read_huggingface(folder, name="m")


def test_a_missing_tensor_is_said(folder):
    """The tensor is named as the file would name it."""
    configure(folder, num_hidden_layers=4)
    tensors = read_huggingface(folder, name="m").tensors
    assert not tensors.has("layer.3.query")
    with pytest.raises(ModelError, match=r"has no tensor model.layers.3.self_attn.q_proj.weight"):
        tensors.read("layer.3.query")
