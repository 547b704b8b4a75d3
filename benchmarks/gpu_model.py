"""What a model of CodeLlama-7B's shape needs on a GPU: memory, and tokens a second against the bandwidth roof.

    python benchmarks/gpu_model.py [--folder DIR] [--bandwidth GB/s] [--runs 5] [--try-out]

The weights are random, as speed and memory do not depend on them; they are written once, 7 GB, into DIR (a temporary
folder by default) in the form that `hunkwise model convert --quantization int8_float16` writes. Then one hunk: 600
tokens in, 80 out, greedy. Each token that is written reads all weights once, so bandwidth / bytes of the weights is a
roof for the tokens a second. Without a GPU nothing is measured, and the exit code is 0; --try-out runs the script with
two narrow layers on a CPU, which measures nothing of interest.
"""

import argparse
import ctypes
import subprocess
import sys
import tempfile
import time
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from hunkwise.llm_backend import llama
from hunkwise.llm_backend.conversion import weights_of
from hunkwise.llm_backend.llama import Shape
from hunkwise.llm_backend.weights import write_weights

TOKENS_IN, TOKENS_OUT = 600, 80
CODELLAMA_7B = Shape(
    layers=32,
    heads=32,
    heads_kv=32,
    head_size=128,
    width=4096,
    feed_forward=11008,
    vocabulary=32016,
    context_length=16384,
    epsilon=1e-5,
    rope_base=1e6,
    rotary=128,
    is_interleaved=False,
    is_tied=False,
)
"""The numbers of `config.json` of CodeLlama-7b-Instruct-hf."""
MEMORY_CLOCK, BUS_WIDTH = 36, 37
"""The numbers of CUDA's device attributes: kHz, and bits."""


class RandomTensors:
    """Weights of a shape, the same for the same name."""

    def __init__(self, shape: Shape) -> None:
        attention = shape.heads * shape.head_size
        keys = shape.heads_kv * shape.head_size
        self._shapes = {
            llama.EMBEDDINGS: (shape.vocabulary, shape.width),
            llama.PROJECTION: (shape.vocabulary, shape.width),
            llama.NORM: (shape.width,),
            llama.ATTENTION_NORM: (shape.width,),
            llama.FFN_NORM: (shape.width,),
            llama.QUERY: (attention, shape.width),
            llama.KEY: (keys, shape.width),
            llama.VALUE: (keys, shape.width),
            llama.OUTPUT: (shape.width, attention),
            llama.GATE: (shape.feed_forward, shape.width),
            llama.UP: (shape.feed_forward, shape.width),
            llama.DOWN: (shape.width, shape.feed_forward),
        }

    def has(self, name: str) -> bool:
        return name.rpartition(".")[2] in self._shapes

    def read(self, name: str) -> np.ndarray:
        shape = self._shapes[name.rpartition(".")[2]]
        if len(shape) == 1:
            return np.ones(shape, np.float32)
        values = np.random.default_rng(zlib.crc32(name.encode())).random(shape, np.float32)
        values -= 0.5
        values *= (12 / shape[1]) ** 0.5
        return values


def main() -> int:
    """Write the weights, load them, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where the weights are, or are to be written")
    parser.add_argument("--bandwidth", type=float, help="of the GPU's memory, GB/s; asked of the driver by default")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--try-out", action="store_true")
    arguments = parser.parse_args()
    import ctranslate2

    if arguments.try_out:
        with tempfile.TemporaryDirectory() as temporary:
            write(Path(temporary), replace(CODELLAMA_7B, layers=2, width=256, heads=2, heads_kv=2, feed_forward=688))
            measure(Path(temporary), arguments.bandwidth or 10.0, arguments.runs, device="cpu", compute_type="int8")
        return 0
    if not ctranslate2.get_cuda_device_count():
        print("not run: CTranslate2 sees no GPU with CUDA on this machine")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        if not (folder / "model.bin").is_file():
            write(folder, CODELLAMA_7B)
        measure(folder, arguments.bandwidth or bandwidth(), arguments.runs)
    return 0


def write(folder: Path, shape: Shape) -> None:
    """Write random weights as our converter writes real ones."""
    started = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    tokens = tuple(f"<{number}>" for number in range(shape.vocabulary))
    write_weights(
        folder,
        shape,
        RandomTensors(shape),
        tokens,
        quantization="int8_float16",
        special=(tokens[1], tokens[2], tokens[0]),
        tell=lambda done, count: None,
    )
    print(f"wrote {weights_of(shape) / 1e9:.2f} G weights in {time.perf_counter() - started:.0f} s")


def measure(
    folder: Path, roof: float | None, runs: int, *, device: str = "cuda", compute_type: str = "int8_float16"
) -> None:
    """Print the memory, and the fastest of the runs."""
    import ctranslate2

    before = used_memory()
    generator = ctranslate2.Generator(str(folder), device=device, compute_type=compute_type)
    loaded = used_memory()
    prompt = [f"<{100 + number}>" for number in range(TOKENS_IN)]
    greedy = {"beam_size": 1, "sampling_topk": 1, "include_prompt_in_result": False}

    def seconds(count: int) -> float:
        started = time.perf_counter()
        (result,) = generator.generate_batch([prompt], max_length=count, min_length=count, **greedy)
        took = time.perf_counter() - started
        assert len(result.sequences_ids[0]) == count
        return took

    seconds(TOKENS_OUT)
    first = min(seconds(1) for _ in range(runs))
    whole = min(seconds(TOKENS_OUT) for _ in range(runs))
    peak = used_memory()
    weights = (folder / "model.bin").stat().st_size
    rate = (TOKENS_OUT - 1) / (whole - first)
    print(f"weights {weights / 2**30:.2f} GiB on disk; compute type {generator.compute_type}")
    if None not in (before, loaded, peak):
        print(
            f"memory of the GPU: {(loaded - before) / 1024:.2f} GiB loaded, {(peak - before) / 1024:.2f} GiB after use"
        )
    print(f"{TOKENS_IN} tokens in: {first * 1000:.0f} ms, {TOKENS_IN / first:.0f} tokens/s")
    print(f"{TOKENS_OUT} tokens out: {whole * 1000:.0f} ms in all, {rate:.1f} tokens/s after the first")
    if roof is None:
        print("the driver does not say the bandwidth of the memory: give it with --bandwidth")
        return
    limit = roof * 1e9 / weights
    print(f"roof: {roof:.0f} GB/s / {weights / 1e9:.2f} GB = {limit:.0f} tokens/s; reached {rate / limit:.0%}")


def used_memory() -> float | None:
    """Return the MiB of the first GPU that are in use, by all programs; None where nvidia-smi is not there."""
    query = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits", "--id=0"]
    try:
        return float(subprocess.run(query, capture_output=True, check=True, text=True).stdout.strip())
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None


def bandwidth() -> float | None:
    """Return what the memory of the first GPU can move, GB/s, as the driver says; None where it does not."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None
    clock, width, device = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    failed = driver.cuInit(0) or driver.cuDeviceGet(ctypes.byref(device), 0)
    failed = failed or driver.cuDeviceGetAttribute(ctypes.byref(clock), MEMORY_CLOCK, device)
    failed = failed or driver.cuDeviceGetAttribute(ctypes.byref(width), BUS_WIDTH, device)
    # memory of a double data rate moves two words a clock
    found = 2 * clock.value * 1000 * width.value / 8 / 1e9
    return None if failed or not found else found


if __name__ == "__main__":
    sys.exit(main())
