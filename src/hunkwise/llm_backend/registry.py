"""Register the built-in backends, each imported only when asked for."""

from typing import TYPE_CHECKING

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.reader_ports import Backend


@hookimpl
def hunkwise_backends() -> "tuple[Backend, ...]":
    from hunkwise.llm_backend.ctranslate2_backend import CTranslate2
    from hunkwise.llm_backend.openai import OpenAI

    return (CTranslate2(), OpenAI())
