"""A stand-in for `hunkwise review`: one comment on the first new line of every file.

Usage: small_review.py FOLDER review --pr URL --format json -o FILE [OPTION...]

FOLDER/environment gets the environment. FOLDER/hold: wait while it is there, with a child in a session of its own whose
number goes into FOLDER/child. FOLDER/exit: end with this code and say `token` aloud.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from hunkwise.core.model import Change
from hunkwise.github.address import parse_target
from hunkwise.github.api import Api
from hunkwise.github.client import PullRequestClient
from hunkwise.github.tokens import find_token

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

from reports import report_on


def main(folder: Path, arguments: list[str]) -> int:
    """Review, and return the exit code."""
    assert arguments[0] == "review"
    given = dict(zip(arguments[1::2], arguments[2::2], strict=False))
    (folder / "environment").write_text(json.dumps(dict(os.environ)))
    token = find_token(os.environ)
    assert token is not None
    target = parse_target(given["--pr"])
    with Api(target.server, token) as api:
        github = PullRequestClient(api, target)
        pull, files = github.pull(), github.files() or ()
    with (folder / "reviews").open("a") as log:
        log.write(f"{target.repository}#{target.number} {pull.head}\n")
    if (folder / "exit").exists():
        print(f"cannot review with {token.value}", file=sys.stderr)
        return int((folder / "exit").read_text())
    if (folder / "hold").exists():
        child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
        (folder / "child").write_text(str(child.pid))
        while (folder / "hold").exists():
            time.sleep(0.05)
        child.kill()
    change = Change(id=f"{target.repository}#{target.number}", files=files, base=pull.base, head=pull.head)
    Path(given["-o"]).write_bytes(report_on(change))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2:]))
