"""Build a tokenizer from the tokens and merges of a GGUF file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hunkwise.core.errors import ModelError

NORMAL, CONTROL, USER_DEFINED, UNUSED = 1, 3, 4, 5
DIGITS_ALONE = frozenset({"smollm", "starcoder", "refact", "command-r"})
"""Pre-tokenizers, as llama.cpp names them, that take digits one by one and then split as GPT-2 does."""
GPT2 = frozenset({"gpt-2", "default"})


def byte_level_tokenizer(
    tokens: Sequence[str], kinds: Sequence[int], merges: Sequence[str], *, model: str, pre: str, file: Path
) -> bytes:
    """Return a `tokenizer.json` for byte-level BPE.

    It is written by hand, so that its bytes do not depend on the version of the library that reads it.
    Raises ModelError for a tokenizer of another kind.
    """
    if model != "gpt2" or pre not in DIGITS_ALONE | GPT2:
        raise ModelError(
            f"{file} has a tokenizer {model!r} ({pre!r}), which cannot be built from GGUF; convert the Hugging Face "
            "folder of the model, which has a tokenizer.json"
        )
    pairs = [merge.split(" ") for merge in merges]
    if any(len(pair) != 2 for pair in pairs) or len(set(tokens)) != len(tokens):
        raise ModelError(f"{file} has a broken tokenizer: a merge is no pair, or a token is there twice")
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    digits = {"type": "Digits", "individual_digits": True}
    steps = [digits, byte_level] if pre in DIGITS_ALONE else [byte_level]
    description: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            _added(number, token, kind)
            for number, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
            if kind in (CONTROL, USER_DEFINED)
        ],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps},
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {token: number for number, token in enumerate(tokens)},
            "merges": [" ".join(pair) for pair in pairs],
        },
    }
    return (json.dumps(description, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _added(number: int, token: str, kind: int) -> dict[str, Any]:
    return {
        "id": number,
        "content": token,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": kind == CONTROL,
    }
