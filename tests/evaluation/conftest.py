import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

FILE = "a.py"
BASE = "def total(items):\n    return sum(items)\n"
HEAD = """\
def total(items, start=0):
    result = start
    for item in items:
        result += item
    return result


def mean(items):
    return total(items) / len(items)
"""
COMMENTED = 9
"""Where people comment: the division."""


@pytest.fixture
def recorded(make_repo, tmp_path):
    """Return a function that records pull requests of three repositories: the cases' file and their trees."""

    def record(repositories=("o/one", "o/two", "o/three"), prs=2):
        rows = []
        for repository in repositories:
            repo = make_repo(tmp_path / "trees" / repository.replace("/", "+"))
            for number in range(1, prs + 1):
                repo.write(FILE, f"N = {number}\n{BASE}")
                repo.git("update-ref", f"refs/pull/{number}/base", repo.commit())
                repo.write(FILE, f"N = {number}\n{HEAD}")
                repo.git("update-ref", f"refs/pull/{number}/head", repo.commit())
                ends = [f"refs/pull/{number}/{end}" for end in ("base", "head")]
                diff = repo.git("diff", "-U3", "-M", *ends).decode()
                comments = [{"path": FILE, "line": COMMENTED + 1, "comment": "What if it is empty?"}]
                row = {"id": f"{repository}#{number}", "repo": repository, "pr": number, "diff": diff}
                rows.append(row | {"comments": comments, "language": "python"})
        path = tmp_path / "cases.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path, tmp_path / "trees"

    return record
