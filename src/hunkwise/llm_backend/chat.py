"""Turn chat messages into tokens by the model's own template: what is in a message can never become a special token."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hunkwise.core.errors import ModelError

if TYPE_CHECKING:
    from jinja2 import Template
    from tokenizers import Tokenizer

MARK = "\ue000{}\ue001"
"""Stands in the rendered template for the text of a message."""
_MARKED = re.compile("\ue000(\\d+)\ue001")


class Chat:
    """A model's tokenizer and chat template.

    The template is run in jinja's sandbox: it comes with the model and not from us.
    """

    def __init__(self, tokenizer: "Tokenizer", template: str, bos: str, eos: Sequence[str], name: str) -> None:
        """Raise ModelError where the template cannot be compiled; name: the model's, for errors."""
        self._tokenizer, self._bos, self._eos, self._name = tokenizer, bos, eos[0] if eos else "", name
        self._template = _compiled(template, name)
        added = tokenizer.get_added_tokens_decoder()
        self._special = {token.content: identity for identity, token in added.items() if token.special}
        texts = sorted(map(re.escape, self._special), key=len, reverse=True)
        self._split = re.compile("|".join(texts)) if texts else None

    def encode(self, messages: Sequence[dict[str, str]], answer: str = "") -> list[int]:
        """Return the tokens of a chat, with the turn of the assistant opened and begun with `answer`.

        Raises ModelError where the template refuses the messages.
        """
        texts = [message["content"] for message in messages]
        marked = [{**message, "content": MARK.format(index)} for index, message in enumerate(messages)]
        tokens: list[int] = []
        for part in self._parts(self._render(marked) + answer):
            if isinstance(part, int):
                tokens.append(part)
            else:
                tokens += self.text_tokens(_MARKED.sub(lambda match: texts[int(match[1])], part))
        return tokens

    def text_tokens(self, text: str) -> list[int]:
        """Return the tokens of plain text, in which the names of special tokens are just letters."""
        # The switch belongs to the tokenizer, which is this object's own.
        self._tokenizer.encode_special_tokens = True
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def special(self, word: str) -> tuple[int, ...]:
        """Return the token of a special word, or nothing where it is none."""
        return (self._special[word],) if word in self._special else ()

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens, without special ones."""
        return str(self._tokenizer.decode(list(tokens), skip_special_tokens=True))

    def _render(self, messages: Sequence[dict[str, str]]) -> str:
        from jinja2 import TemplateError

        values: dict[str, Any] = {"bos_token": self._bos, "eos_token": self._eos, "add_generation_prompt": True}
        try:
            try:
                return self._template.render(messages=list(messages), **values)
            except TemplateError:
                # Templates without a place for the system's words refuse them: they go before the user's.
                return self._template.render(messages=_without_system(messages), **values)
        except (TemplateError, TypeError, KeyError, ArithmeticError) as error:
            raise ModelError(f"{self._name}: its chat template does not take a plain chat: {error}") from error

    def _parts(self, text: str) -> Iterator[int | str]:
        start = 0
        for match in self._split.finditer(text) if self._split else ():
            if match.start() > start:
                yield text[start : match.start()]
            yield self._special[match[0]]
            start = match.end()
        if start < len(text):
            yield text[start:]


def _compiled(template: str, name: str) -> "Template":
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)

    def refuse(message: str) -> str:
        raise TemplateError(message)

    environment.globals["raise_exception"] = refuse
    try:
        return environment.from_string(template)
    except TemplateError as error:
        raise ModelError(f"{name}: its chat template is broken: {error}; convert the model anew") from error


def _without_system(messages: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    system = "\n\n".join(message["content"] for message in messages if message["role"] == "system")
    others = [message for message in messages if message["role"] != "system"]
    if not system or not others:
        return others
    return [{**others[0], "content": f"{system}\n\n{others[0]['content']}"}, *others[1:]]
