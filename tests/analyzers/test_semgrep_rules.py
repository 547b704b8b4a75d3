import os
import re
from pathlib import Path

import pytest

from hunkwise.analyzers.semgrep import PACKS, Semgrep
from hunkwise.core.model import Category, FileDiff, RepoPath, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.toolbox import Toolbox, default_directory

CASES = Path(__file__).parent / "semgrep_rules"
RULES = Path(__file__).parents[2] / "src" / "hunkwise" / "analyzers" / "rules"
LANGUAGES = {".py": "python", ".js": "javascript", ".ts": "ts", ".tsx": "tsx", ".java": "java"}
NOTE = re.compile(r"^\s*(?:#|//) (ruleid|ok): (\S+)$", re.MULTILINE)


class Cases:
    """A workspace over the cases."""

    is_complete = True

    def read(self, path, side=None):
        return (CASES / path).read_bytes()

    def paths(self, side=None):
        return ()


def rules():
    """Return the text of each rule by its id; that of a pack is split by a reader of no YAML."""
    found = {}
    for pack in sorted(RULES.glob("*.yaml")):
        for text in re.split(r"^  - (?=id: )", pack.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            found[re.match(r"id: (\S+)\n", text)[1]] = text
    return found


def notes(kind):
    """Return (file, rule, line) of each annotated line: the one below its comment."""
    return {
        (case.name, rule, number + 1)
        for case in CASES.iterdir()
        for number, line in enumerate(case.read_text(encoding="utf-8").splitlines(), 1)
        for found, rule in NOTE.findall(line)
        if found == kind
    }


@pytest.mark.tools
def test_the_rules_find_exactly_the_annotated_lines(tmp_path):
    """Every rule reports each line that its cases mark with `ruleid`, and no other line of any case."""
    inputs = AnalyzerInputs(workspace=Cases(), trust=Trust.FOREIGN, root=str(CASES), scratch=str(tmp_path))
    files = [FileDiff(path=RepoPath(case.name), language=LANGUAGES[case.suffix]) for case in sorted(CASES.iterdir())]
    run = Semgrep().plan(files, inputs)
    runner = Runner(toolbox=Toolbox(default_directory(os.environ), os.environ), trust=Trust.OWN)
    outcomes = Semgrep().parse(run, runner.run(run, Semgrep.tool, inputs), inputs)
    assert {outcome.path: outcome.reason for outcome in outcomes if outcome.state is not State.REVIEWED} == {}
    found = {(one.location.path, one.rule, one.location.start) for outcome in outcomes for one in outcome.findings}
    assert found == notes("ruleid")


def test_every_pack_is_used():
    """A file of rules that no language names would never run."""
    assert {pack.name for pack in RULES.glob("*.yaml")} == {name for names in PACKS.values() for name in names}


@pytest.mark.parametrize("rule", rules())
def test_a_rule_has_hits_and_near_misses(rule):
    """Each rule has a file of cases named after it, with two hits and two near misses at least."""
    assert [case.stem for case in CASES.iterdir() if case.stem == rule] == [rule]
    for kind in ("ruleid", "ok"):
        assert len([line for case, name, line in notes(kind) if name == rule and Path(case).stem == rule]) >= 2


@pytest.mark.parametrize("rule", rules())
def test_a_rule_says_what_is_wrong_and_what_to_do(rule):
    """Each rule has two sentences without text of the change in them, a severity and a category; none needs `paths`."""
    text = rules()[rule]
    message = re.search(r"message: >-\n((?:      .+\n)+)", text)[1]
    assert len(re.findall(r"\.\n", message)) >= 2
    assert "$" not in message
    assert re.search(r"severity: (\S+)\n      category", text)[1] in {severity.label for severity in Severity}
    assert re.search(r"category: (\S+)\n", text)[1] in set(Category)
    assert "\n    paths:" not in text
    assert re.match(r"(python|javascript|java|jenkins)-[a-z-]+$", rule)


def test_no_case_is_left_of_a_rule_that_is_gone():
    """Cases are of rules that there are."""
    assert {case.stem for case in CASES.iterdir()} == set(rules())
