"""One `hunkwise train ranker`: read the cases, fit, write the weights, and say what was kept and why."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from hunkwise.commands.bench_run import tell
from hunkwise.commands.output import check_writable, write

if TYPE_CHECKING:
    from hunkwise.core.reading import Gain
    from hunkwise.training.own_history import Choice, Refit


def train(paths: Sequence[Path], output: Path) -> None:
    """Write the weights and print what was done; raise UsageError where there is too little to learn from."""
    check_writable(output)
    from hunkwise.evaluation.cases import read_cases
    from hunkwise.plugins.places.ranker_weights import shipped_text
    from hunkwise.training.own_history import refit, stored_form
    from hunkwise.training.ranker import as_text

    read = read_cases(paths)
    for problem in read.problems:
        tell(problem)
    shipped = shipped_text()
    found = refit(read.cases, shipped)
    hashes = {_name(path, paths): sha256(path.read_bytes()).hexdigest() for path in paths}
    write(as_text(stored_form(found, read.cases, shipped), hashes).encode(), output)
    for line in _lines(found, output):
        print(line)


def _lines(found: "Refit", output: Path) -> Iterator[str]:
    yield f"{found.commented} pull requests with comments; what was fitted on four fifths is measured on the rest"
    yield f"which hunk: {_said(found.hunks, 'a comment')}"
    yield f"how sure:   {_said(found.curve, 'a pick')}"
    for name, one in found.f1.items():
        yield f"F1 {name}: {one.shipped:.3f} by the shipped weights, {one.kept:.3f} by those kept ({_gain(one.gain)})"
    if found.overlap:
        yield f"the shipped weights were learned from {', '.join(found.overlap)} too, which flatters them here"
    if found.is_own:
        yield f"the weights are in {output}; a review uses them where your own settings say"
        yield f'  ranker = "{output.absolute()}"'
    else:
        yield f"the shipped weights do as well or better; {output} holds them with this record, and need not be named"


def _said(choice: "Choice", of: str) -> str:
    from hunkwise.training.own_history import OWN

    kept = "your own are kept" if choice.kept == OWN else "the shipped weights are kept"
    return f"your own weights score {_gain(choice.gain)} nats {of} beside the shipped ones: {kept}"


def _gain(gain: "Gain") -> str:
    return f"{gain.value:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}]"


def _name(path: Path, paths: Sequence[Path]) -> str:
    return path.name if sum(one.name == path.name for one in paths) == 1 else str(path)
