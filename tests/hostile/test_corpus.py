"""The corpus is whole: each of its ids is tried by a test, or belongs to something that is not run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from corpus import ELSEWHERE, IDS, NOT_RUN, SIZES
from trap import ANALYZERS

HERE = Path(__file__).parent


def tried():
    """Return the ids that tests of this folder carry in their names, and those of the short run."""
    found = []
    for marks in ("", "not slow"):
        call = [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            marks,
            str(HERE),
        ]
        said = subprocess.run(call, cwd=HERE, check=True, capture_output=True, text=True).stdout
        lines = [line for line in said.splitlines() if "test_corpus.py" not in line]
        found.append({one for line in lines for one in re.findall(r"\[(?:[a-z]+-)?([A-G][0-9]{2})-", line)})
    return found


@pytest.mark.parametrize("name", [f"{one}-{'-'.join(NOT_RUN[one]).replace(' ', '-')}" for one in NOT_RUN])
def test_what_it_is_for_is_not_run(name):
    """An id is left out only as long as Hunkwise has no analyzer that runs what it attacks; it counts as skipped."""
    things = NOT_RUN[name[:3]]
    assert not set(things) & set(ANALYZERS), "there is an analyzer now: give it a recipe"
    pytest.skip(f"not run here: we do not run {' or '.join(things)}")


def test_the_table_has_all_ids():
    """A01 to G11 are in the table, and nothing else."""
    assert set(IDS) == {f"{letter}{number:02}" for letter, size in SIZES.items() for number in range(1, size + 1)}
    assert set(NOT_RUN) | set(ELSEWHERE) < set(IDS)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_tried_elsewhere_is_there(name):
    """The test that an id points to exists."""
    path, test = ELSEWHERE[name]
    assert f"\ndef {test}(" in (HERE.parent / path).read_text()


def test_every_id_has_a_test_or_a_reason():
    """The collected tests name each id that is run, and none of the others; the short run has all but long bombs."""
    everything, short = tried()
    assert everything == set(IDS) - set(NOT_RUN) - set(ELSEWHERE)
    assert {one for one in everything if one[0] != "E"} <= short
    assert {"E01", "E02", "E07", "E08", "E09", "E13", "E15", "E16"} <= short
