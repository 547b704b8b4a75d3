"""A stand-in for `hunkwise review` that starts in the time that Python takes, and reports what was prepared.

Usage: quick_review.py FOLDER review --pr URL --format json -o FILE [OPTION...]

It asks GitHub for the head of the pull request with the token that it was given, and copies FOLDER/reports/HEAD.
FOLDER/early: wait while it is there before all else. FOLDER/reviews: one line for each call. FOLDER/hold: wait while it
is there, with a child in a session of its own, whose number goes into FOLDER/child. FOLDER/fault: Python that is run
before the report is written.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from urllib.parse import urlsplit


def main(folder, arguments):
    """Review, and return the exit code."""
    early = os.path.join(folder, "early")  # noqa: PTH118 pathlib costs as much to import as all the rest
    while os.path.exists(early):  # noqa: PTH110
        open(os.path.join(folder, "waits"), "w").close()  # noqa: PTH118, PTH123
        time.sleep(0.02)
    given = dict(zip(arguments[1::2], arguments[2::2]))  # noqa: B905 the last may lack its partner
    parts = urlsplit(given["--pr"])
    owner, name, _, number = parts.path.strip("/").split("/")
    request = urllib.request.Request(
        f"{parts.scheme}://{parts.netloc}/api/v3/repos/{owner}/{name}/pulls/{number}",
        headers={"Authorization": f"token {os.environ['HUNKWISE_GITHUB_TOKEN']}"},
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        head = json.load(answer)["head"]["sha"]
    line = f"{time.time():.3f} {owner}/{name}#{number} {head}\n".encode()
    log = os.open(os.path.join(folder, "reviews"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)  # noqa: PTH118
    os.write(log, line)
    os.close(log)
    fault = os.path.join(folder, "fault")  # noqa: PTH118
    if os.path.exists(fault):  # noqa: PTH110
        with open(fault) as file:  # noqa: PTH123
            exec(file.read())
    hold = os.path.join(folder, "hold")  # noqa: PTH118
    if os.path.exists(hold):  # noqa: PTH110
        child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
        with open(os.path.join(folder, "child"), "w") as file:  # noqa: PTH118, PTH123
            file.write(str(child.pid))
        while os.path.exists(hold):  # noqa: PTH110
            time.sleep(0.02)
        child.kill()
    shutil.copyfile(os.path.join(folder, "reports", head), given["-o"])  # noqa: PTH118
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
