"""Check that a sink keeps its contract."""

from collections.abc import Mapping

from hunkwise.core.model import Cover, Decision, Failure, Focus, RepoPath, Report, Side, State
from hunkwise.core.ports import RenderOptions, Sink
from hunkwise.testing.builders import make_change, make_comment, make_finding, make_location, make_report
from hunkwise.testing.words import called, require, require_shape

OPTIONS = (RenderOptions(), RenderOptions(width=20, color=True, explain=True, verbose=True))
NASTY = "<b>&amp;</b> `x` ]]> \x1b[31mred\x1b[0m ::error::%0A \u202e \ud83d\ude00"


def check_sink(sink: Sink) -> None:
    """Require that it renders any report to the same bytes each time, and that a comment shows.

    Runs on empty, full, failed and hostile reports; raises AssertionError in words.
    """
    name = require_shape("hunkwise_sinks", sink)
    require(isinstance(sink.description, str) and bool(sink.description), f"{name} has no description")
    rendered = {case: _rendered(sink, case, report) for case, report in _reports().items()}
    require(
        rendered["one comment"] != rendered["nothing to say"], f"{name} writes the same with a comment as without one"
    )


def _rendered(sink: Sink, case: str, report: Report) -> bytes:
    outputs = []
    for options in OPTIONS:
        what = f"{sink.name}.render"
        output = called(what, case, lambda options=options: sink.render(report, options))  # type: ignore[misc]
        require(isinstance(output, bytes), f"{what} returned {type(output).__name__} on {case}; return bytes")
        again = called(what, case, lambda options=options: sink.render(report, options))  # type: ignore[misc]
        require(output == again, f"{what} gave other bytes for the same report ({case})")
        if b"\0" not in output:
            _require_utf8(what, case, output)
        outputs.append(output)
    return outputs[0]


def _require_utf8(what: str, case: str, output: bytes) -> None:
    try:
        output.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AssertionError(f"{what} is not UTF-8 on {case}: {error.reason} at byte {error.start}") from error


def _reports() -> Mapping[str, Report]:
    comment = make_comment(make_finding(line=2))
    nasty = make_finding(NASTY.encode("utf-8", "surrogatepass").decode("utf-8", "replace"), path="a <b>&\u00f1.py")
    held = [make_comment(make_finding(rule=one.name), decision=one, reason="why") for one in Decision]
    path = RepoPath("a.py")
    cover = [
        Cover(path=path, side=Side.HEAD, start=1, end=3, reviewer=f"r{n}", state=state, reason="why")
        for n, state in enumerate(State)
    ]
    return {
        "nothing to say": make_report(),
        "an empty change": make_report(change=make_change({})),
        "one comment": make_report([comment]),
        "every decision": make_report(held),
        "a failure": make_report(failures=[Failure(who="ruff", stage="analyze", message="was killed", hint="try")]),
        "every state": make_report(cover=cover, notes=["a note"]),
        "a focus": make_report(focus=[Focus(location=make_location(line=2), probability=0.9, reasons=("new branch",))]),
        "a comment on a file": make_report([make_comment(make_finding(line=None))]),
        "hostile text": make_report([make_comment(nasty)], change=make_change({"a <b>&\u00f1.py": "x\n"})),
        "a name that is not UTF-8": make_report(
            [make_comment(make_finding(path="\udce9.py"))], change=make_change({"\udce9.py": "x\n"})
        ),
    }
