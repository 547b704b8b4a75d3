"""The speed and the memory of the local model, as ratios within one run.

    python benchmarks/model_speed.py CASES.jsonl --trees DIR [--model NAME] [--prs 20] [--weights FILE|FOLDER]
        [--llama-python PYTHON --llama-model FILE.gguf] [--only NAME]...

1. The hunks of the first PRs, as prompts of a review: tokens a second of our backend, of CTranslate2 with one prompt at
   a time (`loop`), of CTranslate2 with all prompts in the order of the diff in batches of 8 (`batch`), of transformers
   in float32 (`transformers`, if torch is there; --weights names the GGUF or the Hugging Face folder that the model was
   converted from), and of llama.cpp (`llama.cpp`, in the Python of --llama-python). All read the same tokens, and
   tokens are counted the same: those of whole prompts, whether a backend computes them or has them already.
2. A second push that changes one line of a change of 20 hunks: the share of tokens that is computed again.
3. The peak memory of the model's process against its weights on disk.

Each contender runs three times, in turns; the fastest counts. What cannot run is named. Exit 1 where a limit is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from hunkwise.core.model import Change, RepoPath, Side
from hunkwise.core.places import commentable
from hunkwise.core.ports import Workspace
from hunkwise.core.reading import HunkTask
from hunkwise.evaluation.cases import Case, read_cases
from hunkwise.evaluation.known import Known, opened
from hunkwise.evaluation.model_tasks import task_maker
from hunkwise.llm_backend.answers import Answers, CachedModel
from hunkwise.llm_backend.chat import Chat
from hunkwise.llm_backend.labels import ANSWER, find_labels
from hunkwise.llm_backend.local import open_local
from hunkwise.llm_backend.prompts import render_locate
from hunkwise.llm_backend.store import ModelFolder, default_directory, find_model
from hunkwise.plugins.manager import load_plugins
from hunkwise.plugins.tasks import suited_tokens

RUNS = 3
HUNKS = 20
BATCH = 8
WORDS = "  # as discussed"
LIMITS = {"transformers": 4.0, "loop": 2.0}
"""How many times as fast as these our backend should be at least."""
COMPUTED_AGAIN, MEMORY = 0.10, 2.5


def main() -> int:
    """Run all three parts, and return 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--trees", type=Path, required=True)
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--prs", type=int, default=20)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--llama-python", type=Path)
    parser.add_argument("--llama-model", type=Path)
    parser.add_argument("--only", action="append", help="run this contender beside ours; may be repeated")
    arguments = parser.parse_args()
    folder = find_model(arguments.model, default_directory(os.environ))
    if folder is None:
        print(f"there is no model {arguments.model}: `hunkwise model pull` brings the embedded one")
        return 2
    cases = read_cases(arguments.cases, arguments.trees).cases
    tasks = tasks_of(cases[: arguments.prs], folder)
    print(f"{len(tasks)} prompts of {arguments.prs} pull requests, {os.cpu_count()} cores, model {folder.name}")
    missed = compare(tasks, folder, arguments)
    missed |= second_push(cases, folder)
    return int(missed)


def tasks_of(cases: Sequence[Case], folder: ModelFolder) -> list[HunkTask]:
    """Return what a review asks of all hunks, without hints of tools."""
    plugins = load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""})
    model = open_local(folder, None, os.environ)
    make = task_maker(plugins, model, tokens=suited_tokens(model), with_hints=False)
    found = []
    for case in cases:
        with opened(case, plugins, environ=os.environ, command_line={"only": ("reports",)}) as known:
            hunks = {place.hunk for place in known.places}
            found += [task for one in make(known, hunks) for task in one.tasks]
    model.close()
    return found


def compare(tasks: Sequence[HunkTask], folder: ModelFolder, arguments: argparse.Namespace) -> bool:
    """Print tokens a second of all contenders that can run, and return whether a limit is missed."""
    prompts = whole_prompts(tasks, folder)
    tokens = sum(map(len, prompts))
    lengths = sorted(map(len, prompts))
    print(f"{tokens} tokens: {lengths[0]} to {lengths[-1]} a prompt, median {lengths[len(lengths) // 2]}")
    contenders: dict[str, Callable[[], tuple[float, int]]] = {"ours": lambda: ours(tasks, folder)}
    contenders |= others(prompts, folder, arguments)
    best: dict[str, float] = {}
    memory: dict[str, int] = {}
    for _ in range(RUNS):
        for name, run in contenders.items():
            seconds, peak = run()
            best[name] = min(seconds, best.get(name, seconds))
            memory[name] = max(peak, memory.get(name, 0))
    missed = False
    for name, seconds in best.items():
        ratio = seconds / best["ours"]
        limit = LIMITS.get(name)
        verdict = "" if limit is None else f", limit {limit:g}: {'reached' if ratio >= limit else 'MISSED'}"
        missed |= limit is not None and ratio < limit
        peak = f", peak memory {memory[name] / 2**20:.0f} MB" if memory[name] else ""
        print(f"{name:13} {tokens / seconds:7.0f} tokens/s, ours is {ratio:.2f} x as fast{verdict}{peak}")
    weights = (folder.path / "model.bin").stat().st_size
    share = memory["ours"] / weights
    missed |= share > MEMORY
    print(f"memory of our model's process: {share:.2f} x its weights on disk (limit {MEMORY})")
    return missed


def whole_prompts(tasks: Sequence[HunkTask], folder: ModelFolder) -> list[list[int]]:
    """Return the tokens of each prompt from its very beginning."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder.path / "tokenizer.json"))
    chat = Chat(tokenizer, folder.chat_template, folder.bos, folder.eos, folder.name)
    labels = find_labels(chat.text_tokens, folder.name)
    return [chat.encode(render_locate(task, labels.words[: len(task.places)], labels.none), ANSWER) for task in tasks]


def ours(tasks: Sequence[HunkTask], folder: ModelFolder) -> tuple[float, int]:
    """Read all tasks as a review does that is not the first: the model's biases are kept, its process is started."""
    with tempfile.TemporaryDirectory() as kept:
        model = open_local(folder, None, os.environ, answers=Answers(Path(kept)))
        try:
            model.locate(list({len(one.places): one for one in tasks}.values()))
            started = time.perf_counter()
            model.locate(tasks)
            return time.perf_counter() - started, model.peak_memory
        finally:
            model.close()


def others(
    prompts: Sequence[Sequence[int]], folder: ModelFolder, arguments: argparse.Namespace
) -> dict[str, Callable[[], tuple[float, int]]]:
    """Return the other contenders, each in a process of its own; print why one cannot run."""
    known = {
        "loop": (sys.executable, NAIVE, str(folder.path), "1", ""),
        "batch": (sys.executable, NAIVE, str(folder.path), str(BATCH), ""),
        "transformers": (sys.executable, TRANSFORMERS, str(arguments.weights or ""), "", "--weights"),
        "llama.cpp": (str(arguments.llama_python or ""), LLAMA, str(arguments.llama_model or ""), "", "--llama-python"),
    }
    modules = {"transformers": "import torch, transformers", "llama.cpp": "import llama_cpp"}
    found: dict[str, Callable[[], tuple[float, int]]] = {}
    for name, (python, program, model, extra, option) in known.items():
        if arguments.only and name not in arguments.only:
            continue
        if not python or not model:
            print(f"{name}: not run, for {option} and its model are not given")
        elif name in modules and subprocess.run([python, "-c", modules[name]], capture_output=True).returncode:
            print(f"{name}: not run, for `{modules[name]}` fails in {Path(python).name}")
        else:
            call = [python, "-c", program, model, extra]
            found[name] = lambda call=call, name=name: timed(call, prompts, name)
    return found


def timed(call: Sequence[str], prompts: Sequence[Sequence[int]], name: str) -> tuple[float, int]:
    """Return the seconds and the peak memory that a contender's process says."""
    run = subprocess.run(call, input=json.dumps(list(map(list, prompts))).encode(), capture_output=True)
    if run.returncode:
        sys.exit(f"{name} failed: {run.stderr.decode(errors='replace').strip()[-500:]}")
    seconds, peak = json.loads(run.stdout.splitlines()[-1])
    return seconds, peak


_AROUND = """
import json, os, resource, sys, time
prompts = json.load(sys.stdin)
model, extra = sys.argv[1:]
{load}
read(prompts[:1])
started = time.perf_counter()
read(prompts)
print(json.dumps([time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))
"""
NAIVE = _AROUND.format(
    load="""
import ctranslate2
generator = ctranslate2.Generator(model, compute_type="int8", intra_threads=os.cpu_count())
words = json.load(open(os.path.join(model, "vocabulary.json"), encoding="utf-8"))
def read(prompts):
    for start in range(0, len(prompts), int(extra)):
        batch = [[words[token] for token in prompt] for prompt in prompts[start : start + int(extra)]]
        generator.generate_batch(batch, max_length=1, min_length=1, sampling_topk=1, include_prompt_in_result=False)
"""
)
TRANSFORMERS = _AROUND.format(
    load="""
import torch, transformers
file = {"gguf_file": os.path.basename(model)} if model.endswith(".gguf") else {}
folder = os.path.dirname(model) if file else model
network = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, **file).eval()
def read(prompts):
    with torch.inference_mode():
        for prompt in prompts:
            network(torch.tensor([prompt]), logits_to_keep=1)
"""
)
LLAMA = _AROUND.format(
    load="""
import llama_cpp
network = llama_cpp.Llama(model, n_ctx=4096, n_batch=512, n_threads=os.cpu_count(), verbose=False)
def read(prompts):
    for prompt in prompts:
        network.reset()
        network.eval(prompt)
"""
)


def second_push(cases: Sequence[Case], folder: ModelFolder) -> bool:
    """Change one line of a change of 20 hunks, print what is computed again, and return whether it is too much."""
    case = next((case for case in cases if hunks_with_places(case.change()) >= HUNKS), None)
    if case is None:
        print(f"second push: not run, no case has {HUNKS} hunks")
        return False
    plugins = load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""})
    with tempfile.TemporaryDirectory() as cache:
        model = CachedModel(open_local(folder, None, os.environ), Answers(Path(cache)))
        make = task_maker(plugins, model, tokens=suited_tokens(model), with_hints=False)
        with opened(case, plugins, environ=os.environ, command_line={"only": ("reports",)}) as known:
            first_hunks = list(dict.fromkeys(place.hunk for place in known.places))[:HUNKS]
            tasks = [task for one in make(known, set(first_hunks)) for task in one.tasks]
            first = sum(reading.tokens for reading in model.locate(tasks))
            again = sum(reading.tokens for reading in model.locate(tasks))
            # Another process reads the second push: what is not on disk is gone.
            model.close()
            model = CachedModel(open_local(folder, None, os.environ), Answers(Path(cache)))
            pushed = with_one_line_changed(known, first_hunks)
            tasks = [task for one in make(pushed, set(first_hunks)) for task in one.tasks]
            second = sum(reading.tokens for reading in model.locate(tasks))
        model.close()
    share = second / first
    print(
        f"second push on {HUNKS} hunks of {case.id}: {second} of {first} tokens computed again, {share:.1%} "
        f"(limit {COMPUTED_AGAIN:.0%}); {again} when nothing changed"
    )
    return share > COMPUTED_AGAIN


def hunks_with_places(change: Change) -> int:
    """Return how many hunks can be commented on."""
    return len({place.hunk for place in commentable(change)})


class Pushed:
    """The files around a change after a push that changed one line of one of them."""

    def __init__(self, workspace: Workspace, path: RepoPath, line: int) -> None:
        self._workspace, self._path = workspace, path
        lines = workspace.read(path).split(b"\n")
        lines[line - 1] += WORDS.encode()
        self._content = b"\n".join(lines)

    def read(self, path: RepoPath, side: Side = Side.HEAD) -> bytes:
        return self._content if (path, side) == (self._path, Side.HEAD) else self._workspace.read(path, side)

    def __getattr__(self, name: str) -> object:
        return getattr(self._workspace, name)


def with_one_line_changed(known: Known, hunks: Sequence[str]) -> Known:
    """Return the case after a push that adds words to an added line in the midst of these hunks, file and diff."""
    inside = [hunk for file in known.change.files for hunk in file.hunks if hunk.id in hunks]
    midst = inside[len(inside) // 2 :] + inside[: len(inside) // 2]
    hunk, line = next((hunk, line) for hunk in midst for line in hunk.lines if line.is_added and line.text.strip())
    changed = replace(
        hunk, lines=tuple(one._replace(text=one.text + WORDS) if one is line else one for one in hunk.lines)
    )
    files = tuple(
        replace(file, hunks=tuple(changed if one is hunk else one for one in file.hunks)) for file in known.change.files
    )
    workspace = Pushed(known.workspace, hunk.path, line.new or 0)
    return replace(known, change=replace(known.change, files=files), workspace=workspace)


if __name__ == "__main__":
    sys.exit(main())
