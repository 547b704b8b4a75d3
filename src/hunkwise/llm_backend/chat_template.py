"""Find the chat template of a model in a Hugging Face folder."""

import json
import re
from pathlib import Path
from typing import Any

from hunkwise.core.errors import ModelError

LLAMA2 = (
    "{%- set told = messages[0]['role'] == 'system' -%}"
    "{%- set before = '<<SYS>>\\n' + messages[0]['content'] | trim + '\\n<</SYS>>\\n\\n' if told else '' -%}"
    "{%- for message in (messages[1:] if told else messages) -%}"
    "{%- if message['role'] == 'user' -%}"
    "{{- bos_token + '[INST] ' + (before if loop.first else '') + message['content'] | trim + ' [/INST]' -}}"
    "{%- else -%}"
    "{{- ' ' + message['content'] | trim + ' ' + eos_token -}}"
    "{%- endif -%}"
    "{%- endfor -%}\n"
)
"""How Code Llama's and Llama 2's papers say that their instructed models are talked to."""
SPEAKS_LLAMA2 = re.compile(r"code[-_ ]?llama.*instruct|llama[-_ ]?2.*chat", re.IGNORECASE)


def find_chat_template(folder: Path, names: tuple[str, ...]) -> str:
    """Return the model's own chat template, or Llama 2's where one of its names says that it is of that family.

    Raises ModelError where there is neither.
    """
    own = _own(folder)
    if own is not None:
        return own
    if any(map(SPEAKS_LLAMA2.search, names)):
        return LLAMA2
    raise ModelError(
        f"{folder} has no chat template, neither chat_template.jinja nor in tokenizer_config.json: is it a base model? "
        "Take one that is tuned to follow instructions, or put its template there as chat_template.jinja"
    )


def _own(folder: Path) -> str | None:
    try:
        if (folder / "chat_template.jinja").is_file():
            return (folder / "chat_template.jinja").read_bytes().decode("utf-8")
        for file in (folder / "chat_template.json", folder / "tokenizer_config.json"):
            if file.is_file() and (found := _of(json.loads(file.read_bytes()))) is not None:
                return found
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: the chat template cannot be read: {error}; fetch it anew") from error
    return None


def _of(said: Any) -> str | None:
    given = said.get("chat_template") if isinstance(said, dict) else None
    if isinstance(given, list):
        named = {one.get("name"): one.get("template") for one in given if isinstance(one, dict)}
        given = named.get("default")
    return given if isinstance(given, str) else None
