"""The page about the fake, and the page that it shows."""

import re
from pathlib import Path

import httpx

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle

PAGE = Path(__file__).parents[3] / "docs/reference/fake-github.md"


def test_the_example_runs() -> None:
    """What the reference shows is true."""
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(example, str(PAGE), "exec"), {})


def test_a_pull_has_a_page(github: FakeGitHub, pull: PullHandle) -> None:
    """What was said is shown as text, without its hidden marks."""
    pull.review_comment("a.py", 3, "<b>why</b>? <!-- mark -->")
    pull.comment("a remark")
    text = httpx.get(pull.url).text
    assert "&lt;b&gt;why&lt;/b&gt;?" in text
    assert "a remark" in text
    assert "mark --" not in text
    assert 404 == httpx.get(f"{github.url}/o/r/pull/9").status_code
