import subprocess
import sys
from pathlib import Path

import pytest

import hunkwise
from hunkwise import testing

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("page", ["hooks", "api", "testing", "cli", "configuration"])
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
