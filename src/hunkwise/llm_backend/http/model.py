"""A language model behind a server with OpenAI's interface: asked to locate and to write."""

import logging
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from hunkwise.core.errors import ModelError
from hunkwise.core.reading import HunkTask, ModelCard, Reading, WriteJob, Written
from hunkwise.llm_backend.http.answers import choice_of, joined, tokens_of, without_bias, written_from
from hunkwise.llm_backend.http.connection import Connection, Refusal
from hunkwise.llm_backend.http.labels import NONE, labels_of, parts_of
from hunkwise.llm_backend.http.manner import REFUSED, Manner, manners
from hunkwise.llm_backend.http.prompting import defused
from hunkwise.llm_backend.http.token_counts import TokenCounter
from hunkwise.llm_backend.prompts import PROMPT_TOKENS, TEXT_TOKENS, content_free, render_locate, render_write

Json = Any
logger = logging.getLogger(__name__)
SEED = 0
PROBED = 3
"""How many places the task without content has by which it is found out how to ask."""


class ServedModel:
    """Asks a server for labels of lines, by log-probabilities where it gives them, and for texts.

    fields: what each request has beside the usual.
    A label that is merely named, by a server without log-probabilities, has the probability 0.9 (`SURE`).
    An answer that names no label is read as "nothing to say".
    The tokens of a reading are those of its own prompts, without the empty ones that the bias is taken from.
    """

    def __init__(
        self,
        connection: Connection,
        model: str,
        *,
        identity: str,
        context_length: int,
        card: ModelCard | None = None,
        fields: Mapping[str, Json] | None = None,
    ) -> None:
        self.name = f"{connection.address.base}#{model}"
        self.identity, self.context_length, self.card = identity, context_length, card
        self.prompt_tokens = PROMPT_TOKENS
        self._connection, self._model, self._fields = connection, model, dict(fields or {})
        self._chat = f"{connection.address.base}/chat/completions"
        self._counter = TokenCounter(connection, model)
        self._lock = Lock()
        self._manner: Manner | None = None
        self._biases: dict[int, tuple[float, ...]] = {}

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the server says that a text has, or more than it will have where it cannot say."""
        return self._counter.count(text)

    def locate(self, tasks: Sequence[HunkTask]) -> tuple[Reading, ...]:
        """Return one reading a task, in order; raise ModelError where the server fails or never names a label."""
        parts = [tuple(parts_of(task)) for task in tasks]
        asked = [part for group in parts for part in group]
        if not asked:
            return tuple(Reading((), 1.0) for _ in tasks)
        with self._lock:
            manner = self._manner = self._manner or self._find_manner()
            if manner.is_graded:
                self._learn_biases(manner, {len(part.places) for part in asked})
        answers = self._connection.post_all(self._chat, [self._label_body(part, manner) for part in asked])
        readings = iter([self._reading(part, manner, answer) for part, answer in zip(asked, answers, strict=True)])
        return tuple(joined([next(readings) for _ in group]) if group else Reading((), 1.0) for group in parts)

    def write(self, jobs: Sequence[WriteJob]) -> tuple[Written, ...]:
        """Return one text a job, in order."""
        answers = self._connection.post_all(self._chat, [self._write_body(job) for job in jobs])
        return tuple(written_from(self._completed(answer)) for answer in answers)

    def close(self) -> None:
        """End the calls under way and leave the server alone."""
        self._connection.close()

    def _find_manner(self) -> Manner:
        task, refusal = content_free(PROBED), None
        for manner in manners():
            try:
                answer = self._completed(self._connection.post(self._chat, self._label_body(task, manner)))
            except Refusal as error:
                if error.status not in REFUSED:
                    raise
                refusal = error
                continue
            refusal = None
            if manner.read(answer, self._labels(task)) is not None:
                logger.info("%s is asked for labels by %s", self.name, manner.name)
                return manner
        if refusal is not None:
            raise refusal
        raise ModelError(f"the model {self.name} answers with no label of a line, however it is asked; name another")

    def _learn_biases(self, manner: Manner, counts: set[int]) -> None:
        new = sorted(counts - set(self._biases))
        tasks = [content_free(count) for count in new]
        answers = self._connection.post_all(self._chat, [self._label_body(task, manner) for task in tasks])
        for count, task, answer in zip(new, tasks, answers, strict=True):
            labels = self._labels(task)
            shares = manner.read(self._completed(answer), labels)
            self._biases[count] = shares or tuple(1 / len(labels) for _ in labels)

    def _reading(self, task: HunkTask, manner: Manner, answer: Json) -> Reading:
        read = tokens_of(self._completed(answer), "prompt")
        shares = manner.read(answer, self._labels(task))
        if shares is None:
            return Reading(tuple(0.0 for _ in task.places), 1.0, read)
        if manner.is_graded:
            shares = without_bias(shares, self._biases[len(task.places)])
        return Reading(shares[:-1], shares[-1], read)

    def _labels(self, task: HunkTask) -> tuple[str, ...]:
        return (*labels_of(task), NONE)

    def _label_body(self, task: HunkTask, manner: Manner) -> Json:
        messages = render_locate(task, labels_of(task), NONE)
        return self._body(messages) | manner.fields(self._labels(task))

    def _write_body(self, job: WriteJob) -> Json:
        task = next((part for part in parts_of(job.task) if job.place in part.places), job.task)
        messages = render_write(task, labels_of(task), job.place, job.claim)
        return self._body(messages) | {"max_tokens": TEXT_TOKENS}

    def _body(self, messages: Sequence[dict[str, str]]) -> dict[str, Json]:
        asked = {"model": self._model, "messages": defused(messages), "temperature": 0, "seed": SEED, "stream": False}
        return self._fields | asked

    def _completed(self, answer: Json) -> Json:
        if choice_of(answer) is None:
            raise ModelError(f"{self._chat} answers without a completion; is a server with OpenAI's interface there?")
        return answer
