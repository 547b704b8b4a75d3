from pathlib import Path

import hunkwise
from hunkwise.evaluation.analysis_sources import analysis_hash, analysis_sources

PACKAGE = Path(hunkwise.__file__).parent


def test_what_runs_tools_counts_and_what_ranks_does_not():
    """Analyzers, their data and all that they import; no ranker, no sink and no model."""
    names = {path.relative_to(PACKAGE).as_posix() for path in analysis_sources(PACKAGE)}
    assert {"analyzers/ruff.py", "analyzers/pmd.xml", "plugins/analysis.py", "workspace/process.py"} <= names
    assert {"core/diff.py", "core/model.py", "plugins/halves.py"} <= names
    assert not any(name.startswith(("plugins/places", "plugins/rankers", "plugins/sinks", "llm_")) for name in names)
    assert "core/focus.py" not in names


def test_hash_changes_with_what_is_imported_and_with_nothing_else(tmp_path):
    """An import inside a function is one too."""
    package = tmp_path / "own"
    for name in ("analyzers/one.py", "core/near.py", "core/far.py", "core/kinds.py", "plugins/analysis.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("")
    (package / "analyzers/one.py").write_text("def plan():\n    from own.core import near\n")
    found = [analysis_hash(package)]
    for name in ("core/far.py", "core/near.py"):
        (package / name).write_text("changed = 1\n")
        found.append(analysis_hash(package))
    assert found[0] == found[1] != found[2]
