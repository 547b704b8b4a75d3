"""How long the program takes to be there, as multiples of starting Python: of `--help`, and of an empty review.

Usage: python benchmarks/start_up.py [--runs N]     exit 1 where a limit is passed
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

LIMITS = {"hunkwise --help": 15.0, "hunkwise review of an empty diff": 25.0}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="paired runs of each call")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "repository"
        commit_something(repository)
        hunkwise = str(Path(sys.executable).with_name("hunkwise"))
        calls = {
            "hunkwise --help": [hunkwise, "--help"],
            "hunkwise review of an empty diff": [hunkwise, "review", "-C", str(repository)],
        }
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"}
        passed = False
        for name, call in calls.items():
            ratio, milliseconds = compare(call, [sys.executable, "-c", "pass"], environment, runs)
            passed |= ratio > LIMITS[name]
            print(f"{name}: {ratio:.1f} x `python -c pass` (limit {LIMITS[name]:g}), {milliseconds:.0f} ms")
    return 1 if passed else 0


def compare(call: Sequence[str], other: Sequence[str], environment: dict[str, str], runs: int) -> tuple[float, float]:
    """Return the median of the ratios of paired runs, and the median time of the call in milliseconds."""
    for command in (call, other):
        seconds(command, environment)  # the first run writes bytecode and fills the caches
    pairs = [(seconds(call, environment), seconds(other, environment)) for _ in range(runs)]
    return statistics.median(one / two for one, two in pairs), statistics.median(one for one, _ in pairs) * 1000


def seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
    took = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()}")
    return took


def commit_something(repository: Path) -> None:
    """Make a repository whose branch has nothing that its main branch has not."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        **{
            f"GIT_{who}_{what}": "bench@hunkwise.invalid"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    repository.mkdir()
    (repository / "a.py").write_text("x = 1\n")
    for arguments in (["init", "--quiet", "--initial-branch=main"], ["add", "."], ["commit", "--quiet", "-m", "One"]):
        subprocess.run(["git", *arguments], cwd=repository, env=environment, check=True)


if __name__ == "__main__":
    raise SystemExit(main())
