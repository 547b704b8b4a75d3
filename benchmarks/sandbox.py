"""What a launch costs with and without a sandbox: of a program that does nothing, and of the smallest tool.

Usage: python benchmarks/sandbox.py [--runs N]     run it as an ordinary user and as root: root's launches cost more
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from hunkwise.core.ports import Confinement
from hunkwise.workspace.private_tree import private_directory
from hunkwise.workspace.process import run_process
from hunkwise.workspace.sandbox.choice import choose_sandbox
from hunkwise.workspace.toolbox import readable_by

NAMES = ("none", "bubblewrap", "landlock")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50, help="launches of each kind, taken in turns")
    runs = parser.parse_args().runs
    root, scratch = private_directory("hunkwise-bench-"), private_directory("hunkwise-bench-")
    (root / "a.py").write_text("import os\n")
    (root / "a.py").chmod(0o644)
    print(f"user {os.geteuid()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {runs} launches of each kind")
    try:
        for program in (("/bin/true",), (sys.executable, "-I", "-S", "-c", "pass")):
            calls = {name: launch(name, program, root, scratch) for name in NAMES}
            report(program, {name: call for name, call in calls.items() if call}, runs)
    finally:
        for directory in (root, scratch):
            for file in directory.iterdir():
                file.unlink()
            directory.rmdir()
    return 0


def launch(name: str, program: Sequence[str], root: Path, scratch: Path) -> Callable[[], object] | None:
    """Return what starts the program in the sandbox of this name, or None where this machine has none."""
    choice = choose_sandbox({"HUNKWISE_SANDBOX": name})
    if choice.name != name:
        print(f"{name}: {'; '.join(choice.reasons)}")
        return None
    env = {"PATH": "/usr/bin:/bin", "HOME": str(scratch)}
    needs = Confinement(
        cwd=str(root), env=env, readable=(str(root), *readable_by(tuple(program[:1]))), writable=(str(scratch),)
    )

    def start() -> object:
        argv = choice.sandbox.wrap(program, needs) if choice.sandbox else tuple(program)
        result = run_process(argv, cwd=str(root), env={} if choice.sandbox else env)
        if result.exit_code:
            raise SystemExit(f"{name}: {result.stderr.decode()}")
        return result

    return start


def report(program: Sequence[str], calls: dict[str, Callable[[], object]], runs: int) -> None:
    """Print the median and the least of each kind, and what is added to the plain launch."""
    took: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(runs):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            took[name].append((time.perf_counter() - started) * 1000)
    plain = statistics.median(took["none"])
    print(" ".join(Path(part).name if part.startswith("/") else part for part in program))
    for name, times in took.items():
        median = statistics.median(times)
        added = f", +{median - plain:.1f} ms, {median / plain:.1f} x" if name != "none" else ""
        print(f"  {name:<10} median {median:6.1f} ms, least {min(times):6.1f} ms{added}")


if __name__ == "__main__":
    raise SystemExit(main())
