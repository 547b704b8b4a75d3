from dataclasses import replace

import pytest

from hunkwise.core.analysis import Analysis, Timing
from hunkwise.core.config import Config, FocusMode
from hunkwise.core.failure import Failure
from hunkwise.core.fixes import Suggestions
from hunkwise.core.model import Change, Edit, FileOutcome, Finding, Fix, Location, RepoPath, State
from hunkwise.core.pipeline import Parts
from hunkwise.evaluation.analysis_store import AnalysisStore, Kept, Replay
from hunkwise.plugins.parts import describe_places, rank_candidates, score_places
from hunkwise.plugins.places.plain_scorer import PlainScorer
from hunkwise.workspace.patched import PatchWorkspace

FOUND = Finding(
    tool="x",
    rule="r",
    message="Mind é.",
    location=Location(path=RepoPath("a.py"), start=1),
    fix=Fix(edits=(Edit(1, 1, 1, 2, "y"),)),
)
SAID = Analysis(
    (FileOutcome(tool="x", path=RepoPath("a.py"), state=State.REVIEWED, findings=(FOUND,)),),
    (Failure(who="y", stage="run", message="boom"),),
    (Timing("x", 1.5, 0.5),),
)
CHANGE = Change(id="o/r#1", files=())


@pytest.fixture
def store(tmp_path):
    """Return an empty store."""
    return AnalysisStore(folder=tmp_path / "kept", mark="m")


@pytest.fixture
def reviewed():
    """Return a function that analyzes with a store, and a list that grows with each run of the analyzers."""
    runs = []

    def call(store, case="c", config=None, reviewers=("x",)):
        def analyze(change, workspace, config):
            runs.append(config)
            return SAID

        parts = Parts(
            reviewers=reviewers,
            analyze=analyze,
            describe=describe_places(()),
            score_places=score_places(PlainScorer()),
            explain=lambda place: (),
            rank=rank_candidates(()),
            suggest=lambda *asked: Suggestions(),
            clock=lambda: 0.0,
        )
        replay = Replay(store, case)
        return replay.around(parts).analyze(CHANGE, PatchWorkspace({}), config or Config()), replay

    return call, runs


def test_what_is_kept_comes_out_as_it_was(store):
    """With its fixes, failures and timings."""
    store.put("k", Kept(SAID, 2.0))
    assert store.get("k") == Kept(SAID, 2.0)


def test_analyzers_run_once(store, reviewed):
    """The second time they are not run, and the time that they took then is told."""
    call, runs = reviewed
    first, made = call(store)
    second, replayed = call(store)
    assert first == second == SAID
    assert len(runs) == 1
    assert (made.cpu, replayed.cpu) == (0.0, 0.5)


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({"config": Config(floor=0.9, focus_mode=FocusMode.THOROUGH, scorer="plain")}, 1),
        ({"config": Config(timeout=1.0)}, 2),
        ({"case": "d"}, 2),
        ({"reviewers": ("x", "y")}, 2),
    ],
)
def test_they_run_anew_where_they_could_say_something_else(store, reviewed, change, count):
    """Settings that only what comes after them sees do not count."""
    call, runs = reviewed
    call(store)
    call(store, **change)
    assert len(runs) == count


@pytest.mark.parametrize("other", [{"mark": "n"}, {"again": True}])
def test_another_mark_and_again_run_them_anew(store, reviewed, other):
    """Tools or code have changed, or the user says so."""
    call, runs = reviewed
    call(store)
    call(replace(store, **other))
    assert len(runs) == 2


def test_what_cannot_be_read_back_is_not_kept(store):
    """A path that is no UTF-8 has no form in JSON; the analyzers are run each time."""
    strange = SAID._replace(failures=(Failure(who="y", stage="run", message="\udc80"),))
    store.put("k", Kept(strange, 2.0))
    assert store.get("k") is None


def test_broken_file_is_as_if_it_were_not_there(store):
    """As after a full disk."""
    store.put("k", Kept(SAID, 2.0))
    (path,) = store.folder.rglob("*.json")
    path.write_bytes(path.read_bytes()[:20])
    assert store.get("k") is None
