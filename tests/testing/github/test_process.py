"""The fake as a process, by command, with a state that outlives it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from hunkwise.testing.github.control import Control
from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import RepositoryHandle


class Process:
    """A fake in a process of its own."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "hunkwise.testing.github", "--root", str(root)]
        self.child = subprocess.Popen(
            [*command, "--state", str(root / "state.json")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.child.stdout is not None
        self.where = json.loads(self.child.stdout.readline())

    def do(self, command: str, **given: Any) -> Any:
        answer = httpx.post(f"{self.where['url']}/_fake/{command}", json=given, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def end(self) -> str:
        self.child.send_signal(signal.SIGTERM)
        _, said = self.child.communicate(timeout=30)
        assert self.child.returncode == 0
        return said


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for it."""
    (tmp_path / "fake").mkdir()
    yield tmp_path / "fake"


def test_a_process_keeps_its_state(root: Path) -> None:
    """What was made by command is there again after a restart, the token too."""
    first = Process(root)
    pull = first.do("open_pull", repository="o/r", base_files={"a.py": "1\n"}, head_files={"a.py": "2\n"})
    first.do("push", repository="o/r", number=1, files={"a.py": "3\n"})
    token = first.do("token", repository="o/r", contents="read", pull_requests="read")
    assert "" == first.end()
    second = Process(root)
    answer = httpx.get(f"{second.where['api']}/repos/o/r/pulls/1", headers={"Authorization": f"token {token}"})
    assert (1, 2) == (answer.json()["number"], answer.json()["commits"])
    assert pull["base"] == answer.json()["base"]["sha"]
    assert [] == second.do("violations")
    assert ["GET"] == [one["method"] for one in second.do("log")]
    assert "" == second.end()
    assert os.access(root / "state.json", os.R_OK)


def test_commands_say_what_is_wrong(github: FakeGitHub, repository: RepositoryHandle) -> None:
    """In words, not with a traceback; the fake of a test takes none unless it is asked to."""
    assert 200 != httpx.post(f"{github.url}/_fake/state").status_code
    github.control(Control(github))
    for command, given, status in (
        ("nonsense", {}, 404),
        ("push", {"repository": "o/r", "number": 7, "files": {}}, 404),
        ("repository", {"full_name": "nameless"}, 400),
        ("save", {}, 400),
        ("limits", {"patience": 1}, 400),
        ("fault", {"match": "("}, 400),
    ):
        answer = httpx.post(f"{github.url}/_fake/{command}", json=given)
        assert (status, True) == (answer.status_code, bool(answer.json()["message"]))


def test_the_manifest_page_leads_back_with_a_code(github: FakeGitHub) -> None:
    """As GitHub's does once its reader agrees; a manifest without what it needs is refused."""
    manifest = {"name": "My Reviewer", "url": "http://x", "redirect_url": "http://127.0.0.1:1/back"}
    page = f"{github.url}/organizations/acme/settings/apps/new?state=s3"
    answer = httpx.post(page, data={"manifest": json.dumps(manifest)})
    back = urlsplit(answer.headers["Location"])
    query = parse_qs(back.query)
    assert (302, "/back", ["s3"]) == (answer.status_code, back.path, query["state"])
    made = httpx.post(f"{github.api}/app-manifests/{query['code'][0]}/conversions").json()
    assert ("my-reviewer", "acme") == (made["slug"], made["owner"]["login"])
    assert 422 == httpx.post(page, data={"manifest": json.dumps({"name": "x"})}).status_code
    assert 422 == httpx.post(page, data={"manifest": "no json"}).status_code
