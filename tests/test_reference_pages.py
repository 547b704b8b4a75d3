import subprocess
import sys
from pathlib import Path

import pytest

import hunkwise
from hunkwise import testing
from hunkwise.analyzers.registry import hunkwise_analyzers
from hunkwise.core.allowed_rules import ALLOWED

ROOT = Path(__file__).parents[1]


ANALYZERS = {one.name: one for one in hunkwise_analyzers()}
PAGES = ["hooks", "api", "testing", "cli", "configuration", "analyzers", *(f"analyzers/{name}" for name in ANALYZERS)]


@pytest.mark.parametrize("page", PAGES)
def test_a_generated_page_is_up_to_date(page):
    """The reference says what the code says; `python -m cogapp -r docs/reference/*.md` brings it up to date."""
    path = ROOT / "docs/reference" / f"{page}.md"
    run = subprocess.run([sys.executable, "-m", "cogapp", "--check", "--diff", path], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(("page", "names"), [("api", hunkwise.__all__), ("testing", testing.__all__)])
def test_every_public_name_is_documented(page, names):
    """Every name that plugins may rely on is on its page."""
    text = (ROOT / "docs/reference" / f"{page}.md").read_text().split("]]] -->")[1]
    assert [name for name in names if f"`{name}`" not in text and f"`{name}(" not in text] == []


def test_the_deprecation_policy_is_stated():
    """The page of stable names says what a reader can rely on."""
    assert "## Deprecation policy" in (ROOT / "docs/reference/api.md").read_text()


@pytest.mark.parametrize("name", ANALYZERS)
def test_an_analyzer_says_what_its_page_needs(name):
    """What an analyzer needs, how its tool is called and what it cannot see is said, and each example is shown."""
    text = (ROOT / "docs/reference/analyzers" / f"{name}.md").read_text()
    sections = ("Needs", "Call", "Cannot see") if hasattr(ANALYZERS[name], "tool") else ("Needs", "Cannot see")
    assert all(f"\n**{section}**: " in text for section in sections)
    examples = sys.modules[type(ANALYZERS[name]).__module__].EXAMPLES
    assert text.count("\n### ") == len(examples)
    assert ("What holds of the base's configuration" in text) is (name in ALLOWED)


def test_no_page_is_of_an_analyzer_that_is_gone():
    """There is a page for each analyzer that ships with Hunkwise, and for no other."""
    assert {page.stem for page in (ROOT / "docs/reference/analyzers").glob("*.md")} == set(ANALYZERS)
