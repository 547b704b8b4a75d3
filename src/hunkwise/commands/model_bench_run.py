"""One `hunkwise model bench`: what the user asked for, checked, measured and written."""

import os
import shlex
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hunkwise.core.errors import ModelError, UsageError

if TYPE_CHECKING:
    from hunkwise.core.reader_ports import LanguageModel
    from hunkwise.core.reading import ModelCard
    from hunkwise.evaluation.cases import Cases
    from hunkwise.plugins.facade import Plugins


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of the verb, as they were given."""

    name: str
    cases: tuple[Path, ...] = ()
    trees: Path | None = None
    work: Path | None = None
    only: tuple[str, ...] = ()
    with_hints: bool = True
    limit: int | None = None
    tokens: int | None = None
    texts: Path | None = None
    marks: Path | None = None
    card: Path | None = None

    def command(self) -> str:
        """Return the call as a card tells it: files by their names alone."""
        parts = ["hunkwise", "model", "bench", self.name, *(path.name for path in self.cases)]
        if self.trees is not None:
            parts += ["--trees", self.trees.name]
        for tool in self.only:
            parts += ["--only", tool]
        if self.limit is not None:
            parts += ["--limit", str(self.limit)]
        if self.tokens is not None:
            parts += ["--tokens", str(self.tokens)]
        return shlex.join(parts)


def run(asked: Asked, plugins: "Plugins", environ: Mapping[str, str] = os.environ) -> None:
    """Measure, write the card and the texts, and print what the card says.

    Raises UsageError where there is nothing to do or a file is bad, ModelError where the model is.
    """
    if not asked.cases and asked.marks is None:
        raise UsageError(
            "name files of commented pull requests to measure the model on, or a marked reading with --marks"
        )
    if asked.texts is not None and not asked.cases:
        raise UsageError("--texts takes places from pull requests: name files of them")
    from hunkwise.evaluation.model_card import card_folder, marked_card, save_card, start_card, summary
    from hunkwise.llm_backend.prompts import prompts_hash
    from hunkwise.llm_backend.store import default_directory

    models = default_directory(environ)
    with closing(_opened(plugins, asked.name, environ)) as model:
        folder = card_folder(asked.name, models)
        path = asked.card or _card_path(folder)
        card = start_card(model.name, model.identity, prompts_hash(), path.parent)
        if asked.cases:
            card = _measured(asked, plugins, environ, model, card)
            save_card(card, path)
    if asked.marks is not None:
        from hunkwise.evaluation.blind_reading import key_path, read_marks, write_marks

        marks = read_marks(asked.marks, key_path(asked.marks))
        card = marked_card(card, marks)
        save_card(card, path)
        write_marks(marks, path.with_suffix(".reading.jsonl"))
    print(summary(card))
    _tell(f"the card is {path}")


def _opened(plugins: "Plugins", name: str, environ: Mapping[str, str]) -> "LanguageModel":
    from hunkwise.core.model import Failure
    from hunkwise.model_session import open_model

    found = open_model(plugins, name, environ)
    if isinstance(found, Failure):
        raise ModelError(f"{found.who}: {found.message}")
    if found is None:
        raise UsageError("name a model: `hunkwise model list` shows those at hand")
    return found


def _measured(
    asked: Asked, plugins: "Plugins", environ: Mapping[str, str], model: "LanguageModel", card: "ModelCard"
) -> "ModelCard":
    from hunkwise.evaluation.blind_reading import write_reading
    from hunkwise.evaluation.cases import read_cases
    from hunkwise.evaluation.model_bench import Bench, bench_location, write_texts
    from hunkwise.evaluation.model_card import location_card
    from hunkwise.evaluation.model_tasks import task_maker
    from hunkwise.evaluation.row_file import RowFile
    from hunkwise.locations import cache_path
    from hunkwise.plugins.tasks import suited_tokens

    tokens = suited_tokens(model, asked.tokens or 0)
    read = read_cases(asked.cases, asked.trees)
    for problem in read.problems:
        _tell(problem)
    cases = read.cases[: asked.limit]
    _warn(read, asked)
    hints = "with hints" if asked.with_hints else "without hints"
    work = asked.work or cache_path() / "model-bench"
    bench = Bench(
        plugins=plugins,
        environ=environ,
        command_line={"only": asked.only} if asked.only else {},
        findings=RowFile(work / "findings.jsonl"),
        readings=RowFile(work / "readings.jsonl"),
        texts=RowFile(work / "texts.jsonl"),
        setting=f"{card.prompts} {hints} {tokens} {' '.join(sorted(asked.only))}",
        make_tasks=task_maker(plugins, model, tokens=tokens, with_hints=asked.with_hints),
        tell=_tell,
    )
    location = bench_location(cases, model, bench)
    if asked.texts is not None:
        texts = write_texts(cases, model, bench)
        key = write_reading(texts, asked.texts)
        _tell(f"{len(texts)} texts to be marked are in {asked.texts}; do not look at {key.name} before")
    return location_card(
        card,
        location,
        data=read.digest,
        command=asked.command(),
        settings=(f"prompts of at most {tokens} tokens, {hints}",),
        setting="" if asked.with_hints else hints,
    )


def _warn(read: "Cases", asked: Asked) -> None:
    without = sum(case.tree is None for case in read.cases)
    if without:
        where = f"in {asked.trees}" if asked.trees else "given: name their directory with --trees"
        _tell(f"{without} of {len(read.cases)} cases have no tree {where}; tools and context see only their patches")


def _card_path(folder: Path | None) -> Path:
    if folder is None:
        raise UsageError("the model is not on this disk: say with --card where its card is to be written")
    from hunkwise.core.card import CARD_NAME

    return folder / CARD_NAME


def _tell(text: str) -> None:
    print(f"hunkwise: {text}", file=sys.stderr, flush=True)
