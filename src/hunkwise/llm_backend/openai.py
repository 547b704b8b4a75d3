"""Language models behind a server with OpenAI's interface: vLLM, llama.cpp, Ollama and others."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.http.address import KEY_VARIABLE, Address, parse_address

if TYPE_CHECKING:
    from hunkwise.core.reader_ports import ModelRequest
    from hunkwise.llm_backend.http.connection import Connection, Limits
    from hunkwise.llm_backend.http.model import ServedModel

Json = Any
CONTEXT_LENGTH = 4096
"""Where a server does not say."""
SHOWN = 5
LLAMA_CPP = "llamacpp"
"""The owner of models that llama.cpp's own server lists."""
REPEATABLE: Mapping[str, Json] = {"cache_prompt": False}
"""What llama.cpp is told beside, and asked one by one, so that it answers the same twice.

It computes a prompt that is half in its cache, or beside another, a little otherwise than alone: the probability of
a line was 0.39 at first and 0.36 from then on. On two cores four requests at a time were no faster than one.
"""


class OpenAI:
    """Opens `http://host:port/v1#model`; without `#model`, the first model that the server lists.

    The key is taken from the user's `HUNKWISE_API_KEY` alone, and goes to no other address.
    """

    name = "openai"

    def __init__(self, limits: "Limits | None" = None) -> None:
        self._limits = limits

    def open(self, request: "ModelRequest") -> "ServedModel | None":
        """Return the model, or None where the reference is no URL; raise ModelError where no server answers there."""
        address = parse_address(request.reference)
        if address is None:
            return None
        from hunkwise.llm_backend.cards import card_of
        from hunkwise.llm_backend.http.connection import Connection
        from hunkwise.llm_backend.http.model import ServedModel

        key = request.environ.get(KEY_VARIABLE, "").strip()
        if not (key.isascii() and key.isprintable()):
            raise ModelError(f"{KEY_VARIABLE} has characters that no key has; set it to the server's key alone")
        if key and not address.is_encrypted and not address.is_loopback:
            request.tell(f"{address.base} is not encrypted: the key in {KEY_VARIABLE} can be read on the way there")
        connection = Connection(address, key, self._limits)
        try:
            entry = _entry(connection, address)
            identity = _identity(address, entry)
            is_llama_cpp = entry.get("owned_by") == LLAMA_CPP
            if is_llama_cpp:
                connection.ask_one_by_one()
            return ServedModel(
                connection,
                str(entry["id"]),
                identity=identity,
                context_length=_context_length(connection, entry),
                card=card_of(identity, card_folder(Path(request.directory), identity)),
                fields=REPEATABLE if is_llama_cpp else {},
            )
        except BaseException:
            connection.close()
            raise


def card_folder(directory: Path, identity: str) -> Path:
    """Return where the card of a served model is kept, which has no folder of its own among the models."""
    return directory / ".served" / identity[:16]


def _entry(connection: "Connection", address: Address) -> Mapping[str, Json]:
    from hunkwise.llm_backend.http.connection import Refusal

    try:
        answer = connection.get(f"{address.base}/models")
    except Refusal as refusal:
        if refusal.status in (404, 405, 501) and address.model:
            return {"id": address.model}
        raise
    listed = answer.get("data") if isinstance(answer, dict) else None
    entries: list[Mapping[str, Json]] = [one for one in listed if _is_entry(one)] if isinstance(listed, list) else []
    if not entries:
        raise ModelError(f"{address.base}/models lists no model; load one in the server, or mend the address")
    if not address.model:
        return entries[0]
    for wanted in (address.model, f"{address.model}:latest"):  # Ollama lists a name without a tag so
        for entry in entries:
            if entry["id"] == wanted:
                return entry
    names = ", ".join(repr(one["id"]) for one in entries[:SHOWN]) + (", ..." if len(entries) > SHOWN else "")
    raise ModelError(f"{address.base} has no model {address.model!r}; it lists {names}")


def _is_entry(entry: Json) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("id"), str) and bool(entry["id"])


def _identity(address: Address, entry: Mapping[str, Json]) -> str:
    """Hash what a server says of a model and does not change by itself.

    Weights that are replaced under the same address, name and size go unnoticed: no server tells their hash.
    """
    told = entry.get("meta")
    meta = told if isinstance(told, dict) else {}
    stable = {name: entry.get(name) for name in ("id", "owned_by", "root", "parent")}
    sizes = {name: meta.get(name) for name in ("n_params", "size", "n_vocab", "n_embd", "n_ctx_train")}
    # Ollama's `created` is when the model was last changed; llama.cpp and vLLM give the time of the question.
    created = entry.get("created") if entry.get("owned_by") == "library" else None
    text = json.dumps([address.base, stable, sizes, created], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _context_length(connection: "Connection", entry: Mapping[str, Json]) -> int:
    """Return what vLLM says of the model, or llama.cpp of a slot."""
    from hunkwise.llm_backend.http.connection import Refusal

    if length := _length(entry.get("max_model_len")):
        return length
    try:
        props = connection.get(f"{connection.address.root}/props")
    except Refusal:
        return CONTEXT_LENGTH
    settings = props.get("default_generation_settings") if isinstance(props, dict) else None
    return _length(settings.get("n_ctx") if isinstance(settings, dict) else None) or CONTEXT_LENGTH


def _length(value: Json) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else 0
