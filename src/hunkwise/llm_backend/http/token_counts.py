"""How many tokens a text has: asked of a server that can say it, else estimated."""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.http.connection import Connection, Refusal

KEPT = 4096
PIECES = re.compile(r"(?P<word>[A-Za-z]+)|(?P<blank>\s+)|(?P<sign>[!-~])|(?P<other>[^!-~\s]+)")
SAMPLE = "def f(x):"


def estimate_tokens(text: str) -> int:
    """Return more tokens than a vocabulary of some 50,000 needs for a text.

    One for every four letters of a word, one for each digit, sign, line end and stretch of blanks but a single space,
    one for each byte of UTF-8 beyond ASCII. On code and prose that is 1.2 to 1.5 times what SmolLM2 needs.
    """
    return sum(map(_estimate, PIECES.finditer(text)))


class TokenCounter:
    """Counts tokens as the server does, if it has a way: llama.cpp, vLLM and llama-cpp-python do, each its own.

    Which one it is, is found out once; the last few thousand counts are kept. `is_exact` tells whether it has one.
    """

    def __init__(self, connection: Connection, model: str) -> None:
        self._connection, self._model = connection, model
        self._kept: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()
        self._ask = next((ask for ask in self._ways() if _works(ask)), None)

    @property
    def is_exact(self) -> bool:
        return self._ask is not None

    def count(self, text: str) -> int:
        """Return the number of tokens of a text."""
        if self._ask is None or not text:
            return estimate_tokens(text)
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
        count = self._ask(text)
        if count is None:
            raise ModelError(f"the model server {self._connection.address.base} no longer counts tokens; start it anew")
        with self._lock:
            self._kept[text] = count
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return count

    def _ways(self) -> Iterator[Callable[[str], int | None]]:
        root = self._connection.address.root

        def asked(path: str, body: Callable[[str], dict[str, Any]]) -> Callable[[str], int | None]:
            return lambda text: _count_in(self._connection.post(root + path, body(text)))

        yield asked("/tokenize", lambda text: {"content": text, "add_special": False, "parse_special": False})
        yield asked("/tokenize", lambda text: {"model": self._model, "prompt": text, "add_special_tokens": False})
        yield asked("/extras/tokenize/count", lambda text: {"input": text, "model": self._model})


def _works(ask: Callable[[str], int | None]) -> bool:
    try:
        return bool(ask(SAMPLE))
    except Refusal as refusal:
        if refusal.status in (429, 503):
            raise
        return False


def _count_in(answer: Any) -> int | None:
    if not isinstance(answer, dict):
        return None
    if isinstance(answer.get("tokens"), list):
        return len(answer["tokens"])
    count = answer.get("count")
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None


def _estimate(piece: re.Match[str]) -> int:
    text = piece.group()
    if piece.lastgroup == "word":
        return -(-len(text) // 4)
    if piece.lastgroup == "blank":
        return 0 if text == " " else 1 + text.count("\n")
    return len(text.encode("utf-8", "surrogatepass"))
