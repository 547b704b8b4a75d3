"""Make a model's card from what was measured, and keep it where the model's backend looks for it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hunkwise.core.card import dump_card
from hunkwise.core.errors import UsageError
from hunkwise.core.reading import Gain, ModelCard
from hunkwise.evaluation.blind_reading import Marks
from hunkwise.evaluation.model_bench import Location
from hunkwise.llm_backend.cards import card_of
from hunkwise.llm_backend.store import find_model

READING = "texts: "
"""How the note on the reading of texts begins."""


def location_card(
    card: ModelCard, location: Location, *, data: str, command: str, settings: Sequence[str], setting: str
) -> ModelCard:
    """Return the card with the figures on where the model points; what else it says is kept.

    data: the content hash of the cases. command: what was run. setting: as it goes before the name of a figure that is
    measured beside the main one, such as "without hints"; empty for the main one.
    """
    figures = location.figures
    if setting:
        beside = {
            f"{setting}: gain in AUC": figures.added.auc,
            f"{setting}: AUC of P(line) alone": figures.alone,
            f"{setting}: nats a comment that P(line) adds": figures.added.nats,
        }
        return replace(card, figures={**card.figures, **beside})
    speed = location.tokens / location.seconds if location.seconds else 0.0
    notes = [
        f"{figures.comments} commented lines of {', '.join(figures.repositories)}",
        f"{location.tokens:,} tokens in {location.seconds:.0f} s, {speed:.0f} a second",
        *settings,
    ]
    if location.problems:
        notes.append(f"{len(location.problems)} failures of tools, the first: {location.problems[0]}")
    kept = {name: gain for name, gain in card.figures.items() if ": " in name}
    return replace(
        card,
        data=data,
        command=command,
        changes=figures.cases,
        hunks=figures.hunks,
        location=figures.added.auc,
        alone=figures.alone,
        figures={**kept, **figures.figures()},
        notes=(*notes, *(note for note in card.notes if note.startswith(READING))),
    )


def marked_card(card: ModelCard, marks: Marks) -> ModelCard:
    """Return the card with what a reading of its texts came to."""
    withheld = ", ".join(f"{count} {word}" for word, count in marks.withheld.items()) or "none"
    note = (
        f"{READING}{marks.unusable} of {marks.written} unusable, of which the guard withholds: {withheld}; "
        f"of the tools' own messages {marks.unusable_messages} of {marks.messages}"
    )
    notes = (*(one for one in card.notes if not one.startswith(READING)), note)
    return replace(card, unusable=marks.share, texts=marks.written, notes=notes)


def card_folder(reference: str, models: Path) -> Path | None:
    """Return the folder of a model that is on disk; None for one that a server holds."""
    found = find_model(reference, models)
    return found.path if found else None


def start_card(model: str, identity: str, prompts: str, folder: Path | None) -> ModelCard:
    """Return the card to go on from: the one at hand if it is of these weights and prompts, else an empty one."""
    found = card_of(identity, folder)
    if found is not None and found.prompts == prompts:
        return found
    return ModelCard(model=model, identity=identity, prompts=prompts)


def save_card(card: ModelCard, path: Path) -> None:
    """Write a card, whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        partial.write_text(dump_card(card), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write the card {path}: {error.strerror}") from error


def summary(card: ModelCard) -> str:
    """Return what a card says, in lines for people."""
    lines = [f"{card.model} ({card.identity[:12]}), {card.changes} changes, {card.hunks} hunks"]
    if card.location is not None:
        verdict = "its places are used" if card.may_locate else "its places are not used"
        lines.append(f"  gain in AUC beside shape and tools  {_signed(card.location)}: {verdict}")
    if card.alone is not None:
        lines.append(f"  AUC of P(line) alone  {_shown(card.alone)}")
    lines += [f"  {name}  {_shown(gain)}" for name, gain in sorted(card.figures.items())]
    if card.unusable is not None:
        verdict = "its texts are shown" if card.may_write else "its texts are not shown"
        lines.append(f"  unusable texts  {card.unusable:.0%} of {card.texts}: {verdict}")
    return "\n".join([*lines, *(f"  {note}" for note in card.notes)])


def _shown(gain: Gain) -> str:
    return f"{gain.value:.3f}" if gain.low == gain.high else f"{gain.value:.3f} [{gain.low:.3f}, {gain.high:.3f}]"


def _signed(gain: Gain) -> str:
    return f"{gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
