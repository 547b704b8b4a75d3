"""The table of faults in the documentation is whole, and names tests that are there."""

import re
from pathlib import Path

from test_tools import ELSEWHERE

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "docs" / "reference" / "faults.md"
IDS = {f"R{number:02}" for number in range(1, 31)}


def test_every_fault_has_a_test():
    """R01 to R30: a test carries the id in its name, or the part that the fault is in has one."""
    sources = "".join(file.read_text() for file in HERE.glob("test_*.py"))
    named = {f"R{one}" for one in re.findall(r"^def test_r(\d\d)_", sources, re.MULTILINE)}
    assert named | {name[:3] for name in ELSEWHERE} == IDS


def test_the_table_names_every_fault_and_tests_that_are_there():
    """Each row's tests exist in this folder, and no test of a fault is left out."""
    sources = "".join(file.read_text() for file in HERE.glob("test_*.py"))
    tests = set(re.findall(r"^def (test_r\d\d_\w+)", sources, re.MULTILINE))
    table = TABLE.read_text()
    assert {f"R{one}" for one in re.findall(r"^\| R(\d\d) \|", table, re.MULTILINE)} == IDS
    named = set(re.findall(r"`(test_\w+)`", table))
    assert tests <= named
    assert named <= set(re.findall(r"^def (test_\w+)", sources, re.MULTILINE))
