"""Find the card of a model: the one beside its weights, else the one that comes with Hunkwise."""

from importlib import resources
from pathlib import Path

from hunkwise.core.card import CARD_NAME, parse_card
from hunkwise.core.errors import ModelError
from hunkwise.core.reading import ModelCard


def card_of(identity: str, folder: Path | None = None) -> ModelCard | None:
    """Return the card of the weights with this identity; None where they were not measured.

    folder: where the model lies. A card there that is of other weights does not count.
    Raises ModelError for one that is broken.
    """
    if folder is not None and (found := read_card(folder / CARD_NAME)) is not None and found.identity == identity:
        return found
    return shipped_card(identity)


def read_card(path: Path) -> ModelCard | None:
    """Return the card in a file; None where there is none."""
    try:
        return parse_card(path.read_bytes().decode("utf-8"), str(path))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"the model card {path} cannot be read: {error}") from error


def shipped_card(identity: str) -> ModelCard | None:
    """Return the card that comes with Hunkwise."""
    if not identity.isalnum():
        return None
    file = resources.files("hunkwise.llm_backend") / "cards" / f"{identity}.json"
    return parse_card(file.read_text("utf-8"), file.name) if file.is_file() else None
