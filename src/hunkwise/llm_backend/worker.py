"""The process that holds a model: token numbers in, logits or token numbers out, one JSON object a line.

It is started with `python -I -m`, with an environment of its own and nothing but pipes: what happens to it, be it a
crash, a want of memory or a hang, does not happen to the review.
"""

import json
import os
import sys
from typing import Any, TextIO

GREEDY = {"beam_size": 1, "sampling_topk": 1, "include_prompt_in_result": False}


class Worker:
    """Answers requests by their `do`; the shared beginning of all prompts is computed once and kept."""

    def __init__(self, request: dict[str, Any]) -> None:
        import ctranslate2

        path, device = request["path"], request["device"]
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        self.generator = ctranslate2.Generator(
            path,
            device=device,
            compute_type=request["compute_type"] or ("int8_float16" if device == "cuda" else "int8"),
            intra_threads=request["threads"],
        )
        self.device = device
        with open(os.path.join(path, "vocabulary.json"), encoding="utf-8") as file:  # noqa: PTH123, PTH118
            self.vocabulary = json.load(file)
        self.shared: list[str] | None = None

    def opened(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"device": self.device, "vocabulary": len(self.vocabulary), "compute_type": self.generator.compute_type}

    def share(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take the tokens with which prompts begin."""
        self.shared = self._words(request["tokens"]) or None
        return {}

    def next(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return of each prompt the logits of some tokens to come next."""
        import numpy as np

        found = []
        for prompt in request["prompts"]:
            (result,) = self.generator.generate_batch(
                [self._words(prompt)],
                static_prompt=self.shared,
                max_length=1,
                min_length=1,
                return_logits_vocab=True,
                **GREEDY,
            )
            logits = result.logits[0]
            row = np.asarray(logits if self.device == "cpu" else logits.to_device("cpu"), dtype=np.float32).ravel()
            found.append([round(float(row[token]), 4) for token in request["tokens"]])
        return {"logits": found}

    def generate(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return of each prompt the tokens that follow, up to a token of `end`."""
        results = self.generator.generate_batch(
            [self._words(prompt) for prompt in request["prompts"]],
            static_prompt=self.shared,
            max_length=request["longest"],
            end_token=request["end"],
            return_end_token=True,
            **GREEDY,
        )
        end = set(request["end"])
        answers = [list(result.sequences_ids[0]) for result in results]
        return {
            "tokens": [[token for token in answer if token not in end] for answer in answers],
            "is_cut": [not answer or answer[-1] not in end for answer in answers],
        }

    def _words(self, tokens: list[int]) -> list[str]:
        return [self.vocabulary[token] for token in tokens]


def peak_memory() -> int:
    """Return the most bytes of memory that this process ever had, or 0 where the system does not say."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def serve(source: TextIO, sink: TextIO) -> None:
    """Answer one request after the other; an error is an answer too, and ends nothing but the request."""
    worker: Worker | None = None
    for line in source:
        request = json.loads(line)
        try:
            if request["do"] == "open":
                worker = Worker(request)
                answer = worker.opened(request)
            elif worker is not None:
                answer = {"share": worker.share, "next": worker.next, "generate": worker.generate}[request["do"]](
                    request
                )
            else:
                answer = {"error": "nothing is open"}
        except (RuntimeError, ValueError, OSError, MemoryError, KeyError, IndexError, ImportError, TypeError) as error:
            answer = {"error": f"{type(error).__name__}: {error}", "is_memory": _is_memory(error)}
        sink.write(json.dumps({**answer, "peak": peak_memory()}) + "\n")
        sink.flush()


def _is_memory(error: BaseException) -> bool:
    words = str(error).lower()
    return isinstance(error, MemoryError) or any(word in words for word in ("bad_alloc", "out of memory", "allocate"))


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    # What libraries print must not get between the answers.
    os.dup2(2, 1)
    serve(sys.stdin, answers)
