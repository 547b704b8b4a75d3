"""The backend of model folders on this machine, run by CTranslate2."""

from pathlib import Path

from hunkwise.core.reader_ports import LanguageModel, ModelRequest
from hunkwise.llm_backend.answers import Answers
from hunkwise.llm_backend.cards import card_of
from hunkwise.llm_backend.known import DEFAULT
from hunkwise.llm_backend.local import open_local
from hunkwise.llm_backend.store import find_model


class CTranslate2:
    """Opens the models of the store and folders by their path; without a reference the embedded one, if it is there."""

    name = "ctranslate2"

    def open(self, request: ModelRequest) -> LanguageModel | None:
        """Return the model, whose process starts when it is first asked; ModelError where its folder is broken."""
        if "://" in request.reference:
            return None
        folder = find_model(request.reference or DEFAULT, Path(request.directory))
        if folder is None:
            return None
        answers = Answers(Path(request.cache)) if request.cache else None
        return open_local(folder, card_of(folder.identity, folder.path), request.environ, request.threads, answers)
