"""`make demo-app` end to end: real server, analyzers and model, Octokit, a real repository; only GitHub is a fake."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.model
def test_the_demo_shows_a_review_and_then_only_what_is_new():
    """Comments on lines and a check run for the first push, only what is new for the second; all processes end."""
    if shutil.which("node") is None or not (ROOT / "tests/node/node_modules/@octokit/webhooks-methods").exists():
        pytest.skip("needs Node and the packages of tests/node (scripts/test installs them)")
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "demo_app.py"],
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    before, _, after = done.stdout.partition("a second push")
    assert "check run of" in before
    assert "src/black/" in before
    assert "src/black/" not in after
    assert done.stdout.count("ended with code 0") == 2
