from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.gguf_file import read_gguf

WORDS = ["<|endoftext|>", "<|im_end|>", *(chr(code) for code in range(ord("!"), ord("~") + 1)), "Ġ", "Ċ", "ab", "Ġab"]
MERGES = ["a b", "Ġ ab"]


def write_gguf(
    file: Path, *, architecture: str = "llama", pre: str = "smollm", leave_out: str = "", **more: Any
) -> Path:
    """Write the metadata of a small model, and one tensor of it."""
    from gguf import GGUFWriter

    writer = GGUFWriter(file, architecture)
    numbers = {
        "block_count": 1,
        "context_length": 128,
        "embedding_length": 32,
        "feed_forward_length": 64,
        "attention.head_count": 2,
        "attention.head_count_kv": 1,
    }
    for key, value in numbers.items():
        if key != leave_out:
            writer.add_uint32(f"{architecture}.{key}", value)
    writer.add_float32(f"{architecture}.attention.layer_norm_rms_epsilon", 1e-5)
    writer.add_tokenizer_model(more.get("tokenizer", "gpt2"))
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(WORDS)
    writer.add_token_types([3, 3, *[1] * (len(WORDS) - 2)])
    writer.add_token_merges(more.get("merges", MERGES))
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(more.get("eos", 1))
    if leave_out != "template":
        writer.add_chat_template("{{ messages }}")
    if "scaling" in more:
        writer.add_string("llama.rope.scaling.type", more["scaling"])
    writer.add_tensor("token_embd.weight", np.arange(len(WORDS) * 32, dtype=np.float32).reshape(-1, 32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def test_the_metadata_are_read(tmp_path):
    """Shape, ends and template come from the file; what it does not say is as GGUF's defaults are."""
    source = read_gguf(write_gguf(tmp_path / "m.gguf"), name="m", origin="a test")
    assert (1, 2, 1, 16, 32, 64) == (
        source.shape.layers,
        source.shape.heads,
        source.shape.heads_kv,
        source.shape.head_size,
        source.shape.width,
        source.shape.feed_forward,
    )
    assert (10_000.0, True, True) == (source.shape.rope_base, source.shape.is_interleaved, source.shape.is_tied)
    assert ("<|im_end|>", "<|endoftext|>") == source.eos
    assert ("<|endoftext|>", "not stated", "{{ messages }}") == (source.bos, source.licence, source.chat_template)
    assert (len(WORDS), 32) == source.tensors.read("embeddings").shape
    assert 33.0 == source.tensors.read("embeddings")[1, 1]


def test_the_tokenizer_is_built(tmp_path):
    """The library reads what was built: merges are applied, digits stand alone, control tokens are whole."""
    from tokenizers import Tokenizer

    source = read_gguf(write_gguf(tmp_path / "m.gguf"), name="m", origin="a test")
    tokenizer = Tokenizer.from_buffer(source.tokenizer)
    assert ["ab", "Ġab", "Ġ", "1", "2", "<|im_end|>", "Ċ"] == tokenizer.encode("ab ab 12<|im_end|>\n").tokens
    assert "ab ab 12\n" == tokenizer.decode(tokenizer.encode("ab ab 12<|im_end|>\n").ids)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"architecture": "gemma"}, "architecture 'gemma'; from GGUF only `llama` is converted"),
        ({"pre": "llama-bpe"}, r"tokenizer 'gpt2' \('llama-bpe'\), which cannot be built .* Hugging Face folder"),
        ({"tokenizer": "llama"}, "tokenizer 'llama'"),
        ({"merges": ["a b c"]}, "a merge is no pair"),
        ({"eos": 10**6}, "does not say tokenizer.ggml.eos_token_id, or not in the usual form"),
        ({"scaling": "yarn"}, "positions scaled by 'yarn'"),
        ({"leave_out": "block_count"}, "does not say llama.block_count"),
        ({"leave_out": "template"}, "does not say tokenizer.chat_template"),
    ],
)
def test_what_cannot_be_converted_is_said(tmp_path, changes, expected):
    """A file that would give a wrong model gives none."""
    with pytest.raises(ModelError, match=expected):
        read_gguf(write_gguf(tmp_path / "m.gguf", **changes), name="m", origin="a test")


def test_a_missing_tensor_is_said(tmp_path):
    """The tensor is named as the file would name it."""
    source = read_gguf(write_gguf(tmp_path / "m.gguf"), name="m", origin="a test")
    with pytest.raises(ModelError, match=r"has no tensor blk\.0\.attn_q\.weight"):
        source.tensors.read("layer.0.query")


@pytest.mark.parametrize("kept", [0, 4, 100, 2000, -1000])
def test_a_file_that_is_cut_off_is_said(tmp_path, kept):
    """Wherever a file ends too early, it is named."""
    file = write_gguf(tmp_path / "m.gguf")
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"m\.gguf cannot be read as GGUF"):
        read_gguf(file, name="m", origin="a test")


def test_another_file_is_said(tmp_path):
    """What is no GGUF file is refused."""
    (tmp_path / "m.gguf").write_bytes(b"PK\x03\x04" + bytes(5000))
    with pytest.raises(ModelError, match="cannot be read as GGUF"):
        read_gguf(tmp_path / "m.gguf", name="m", origin="a test")
