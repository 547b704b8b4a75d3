"""A language model in a process of this machine: it locates by the logits of labels, and writes greedily."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hunkwise.core.errors import ModelError
from hunkwise.core.reading import HunkTask, ModelCard, Reading, WriteJob, Written
from hunkwise.llm_backend.answers import Answers, bias_key
from hunkwise.llm_backend.chat import Chat
from hunkwise.llm_backend.engine import Engine
from hunkwise.llm_backend.labels import ANSWER, Labels, find_labels
from hunkwise.llm_backend.prompts import PROMPT_TOKENS, TEXT_TOKENS, content_free, render_locate, render_write
from hunkwise.llm_backend.store import ModelFolder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SMALL, SMALL_PROMPT = 500 * 10**6, 400
"""A model of fewer bytes is shown a shorter prompt: a long one takes as much memory as its weights."""
FILLED_TO = 32
"""Prompts to be continued are filled up to a multiple of this many tokens, so that some of them are of one length."""
TOGETHER = {"cpu": 640, "cuda": 16384}
"""Tokens of the prompts that are continued in one batch: on a CPU memory is dear, and a batch gains little."""
SECONDS = 600.0
"""How long one call of the engine may take; the review has a deadline of its own."""
LEAST_SHARED = 8
"""A shared beginning of fewer tokens is not worth keeping."""


class LocalModel:
    """A model folder that is open; a process holds its weights."""

    def __init__(
        self,
        folder: ModelFolder,
        card: ModelCard | None,
        start: Callable[[], Engine],
        answers: Answers | None = None,
    ) -> None:
        """Raise ModelError where the tokenizer or the template cannot be used.

        start: begins the process with the weights, when the model is first asked. answers: keeps its biases.
        """
        self.name, self.identity, self.card = folder.name, folder.identity, card
        self.context_length = folder.context_length
        self.prompt_tokens = SMALL_PROMPT if folder.size < SMALL else PROMPT_TOKENS
        self._start, self._is_closed = start, False
        self._engine: Engine | None = None
        self._chat = Chat(_tokenizer(folder), folder.chat_template, folder.bos, folder.eos, folder.name)
        self._end = [token for word in folder.eos for token in self._chat.special(word)]
        if not self._end:
            raise ModelError(f"{folder.name}: it has no token that ends an answer; convert the model anew")
        self._labels: Labels | None = None
        self._bias: dict[int, list[float]] = {}
        self._answers = answers
        self._shared: list[int] | None = None
        self._filler = self._chat.text_tokens("\n")[-1]

    @property
    def peak_memory(self) -> int:
        """The most bytes that its process had."""
        return self._engine.peak_memory if self._engine else 0

    def count_tokens(self, text: str) -> int:
        return len(self._chat.text_tokens(text))

    def locate(self, tasks: Sequence[HunkTask]) -> Sequence[Reading]:
        """Return softmax(logits - bias) over the labels and "none": the bias is what a content-free hunk gives."""
        return [self._read(task) for task in tasks]

    def write(self, jobs: Sequence[WriteJob]) -> Sequence[Written]:
        labels = self._found_labels().words
        prompts = []
        for job in jobs:
            words = labels[: len(job.task.places)]
            prompts.append(self._own(self._chat.encode(render_write(job.task, words, job.place, job.claim))))
        filled = [[self._filler] * (-len(prompt) % FILLED_TO) + prompt for prompt in prompts]
        written: dict[int, Written] = {}
        engine = self._running()
        for batch in _batches(filled, TOGETHER.get(engine.device, TOGETHER["cpu"])):
            answers = engine.generate([filled[index] for index in batch], TEXT_TOKENS, self._end, SECONDS)
            for index, (tokens, is_cut) in zip(batch, answers, strict=True):
                text = self._chat.decode(tokens).strip()
                written[index] = Written(text, is_cut, len(filled[index]), len(tokens))
        return [written[index] for index in range(len(jobs))]

    def close(self) -> None:
        self._is_closed = True
        if self._engine is not None:
            self._engine.close()

    def _running(self) -> Engine:
        if self._is_closed:
            raise ModelError(f"{self.name}: it was closed")
        if self._engine is None:
            self._engine = self._start()
        return self._engine

    def _read(self, task: HunkTask) -> Reading:
        labels = self._found_labels()
        if len(task.places) > len(labels.ids):
            raise ModelError(f"{self.name}: {len(task.places)} places in one task, and {len(labels.ids)} labels")
        logits, tokens = self._logits(task)
        biases, extra = self._biases(len(task.places))
        scores = [value - bias for value, bias in zip(logits, biases, strict=True)]
        top = max(scores)
        weights = [math.exp(score - top) for score in scores]
        whole = sum(weights)
        *probabilities, none = [weight / whole for weight in weights]
        return Reading(tuple(probabilities), none, tokens + extra)

    def _biases(self, count: int) -> tuple[list[float], int]:
        """Return the logits of a content-free task of so many places, and the tokens that were read for them."""
        tokens = 0
        if count not in self._bias:
            key = bias_key(self.identity, count)
            kept = self._answers.find([key]).get(key) if self._answers else None
            if isinstance(kept, list) and len(kept) == count + 1 and all(isinstance(one, float) for one in kept):
                self._bias[count] = kept
            else:
                self._bias[count], tokens = self._logits(content_free(count))
                if self._answers:
                    self._answers.keep({key: self._bias[count]})
        return self._bias[count], tokens

    def _logits(self, task: HunkTask) -> tuple[list[float], int]:
        labels = self._found_labels()
        words, ids = labels.words[: len(task.places)], labels.ids[: len(task.places)]
        prompt = self._own(self._chat.encode(render_locate(task, words, labels.none), ANSWER))
        (logits,) = self._running().next([prompt], [*ids, labels.none_id], SECONDS)
        return logits, len(prompt)

    def _found_labels(self) -> Labels:
        if self._labels is None:
            self._labels = find_labels(self._chat.text_tokens, self.name)
        return self._labels

    def _own(self, tokens: list[int]) -> list[int]:
        """Return the tokens after the beginning that all prompts share, which is handed to the engine once."""
        if len(tokens) > self.context_length - TEXT_TOKENS:
            raise ModelError(
                f"{self.name}: a prompt of {len(tokens)} tokens, and its context is {self.context_length}; "
                "set `prompt_tokens` lower"
            )
        if self._shared is None:
            labels = self._found_labels()
            first, second = (
                self._chat.encode(render_locate(content_free(1, path), labels.words[:1], labels.none))
                for path in ("a", "Z")
            )
            # Less two tokens: what the path begins with could join with the last ones.
            shared = _common(first, second)[:-2]
            self._shared = shared if len(shared) >= LEAST_SHARED else []
            if self._shared:
                self._running().share(self._shared)
        count = len(self._shared)
        if tokens[:count] != self._shared or len(tokens) == count:
            raise ModelError(f"{self.name}: its chat template does not begin every chat alike; it cannot be used")
        return tokens[count:]


def open_local(
    folder: ModelFolder,
    card: ModelCard | None,
    environ: Mapping[str, str],
    threads: int = 0,
    answers: Answers | None = None,
) -> LocalModel:
    """Return the model of a folder; raise ModelError where it cannot be used."""
    return LocalModel(folder, card, lambda: Engine(str(folder.path), folder.name, environ, threads=threads), answers)


def _tokenizer(folder: ModelFolder) -> "Tokenizer":
    from tokenizers import Tokenizer

    path = Path(folder.path) / "tokenizer.json"
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:
        raise ModelError(f"{folder.name}: {path} cannot be read: {error}; pull or convert the model anew") from error


def _common(first: Sequence[int], second: Sequence[int]) -> list[int]:
    """Return the tokens that both begin with."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return list(first[:count])


def _batches(prompts: Sequence[Sequence[int]], together: int) -> Iterator[list[int]]:
    """Yield the indices of prompts of one length, at most `together` tokens at a time."""
    batch: list[int] = []
    for index in sorted(range(len(prompts)), key=lambda index: (len(prompts[index]), index)):
        length = len(prompts[index])
        if batch and (len(prompts[batch[0]]) != length or (len(batch) + 1) * length > together):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
