"""The fake GitHub as a process: python -m hunkwise.testing.github --root DIR [--port N] [--state FILE]."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from hunkwise.testing.github.control import Control
from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.state_file import read_state


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the first line on stdout is JSON with the URL."""
    parser = argparse.ArgumentParser(prog="python -m hunkwise.testing.github", description=__doc__)
    parser.add_argument("--root", type=Path, required=True, help="the folder of the git repositories")
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1; a free one unless given")
    parser.add_argument("--state", type=Path, help="read at the start if it is there, written at the end")
    given = parser.parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    state = read_state(given.state) if given.state and given.state.exists() else None
    fake = FakeGitHub(given.root, port=given.port, state=state)
    control = Control(fake, given.state)
    fake.control(control)
    fake.start()
    print(json.dumps({"url": fake.url, "api": fake.api, "graphql": fake.graphql}), flush=True)
    ended.wait()
    fake.stop()
    if given.state:
        control.save()
    for violation in fake.violations:
        print(violation, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
