"""Show the GitHub App at work: `hunkwise serve` as it is, a real repository, Octokit, and a fake in place of GitHub.

1. The fake GitHub starts as a process and gets the sample (samples/black-2343) as a bare repository with an App on it.
2. `hunkwise serve` starts with the tools and the model that are installed.
3. Octokit signs and posts `pull_request.opened`: the review appears, with comments on lines and a check run.
4. A push follows, signed and posted the same way: it brings only what is new.
5. Both processes are ended by their ids.

Exit code 1 where something did not come about.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SECRET = "It's a Secret to Everybody"
NAME = "octo-org/black"
PATIENCE = 900.0
MORE = {
    "scripts/remove_build.sh": "#!/bin/sh\n# Remove the build of one version.\n\ncd $1\nrm -rf build/$2\n",
}
"""What the second push adds: more for shellcheck."""
Json = dict[str, Any]
URLS: dict[str, str] = {}


def main() -> int:
    """Show it; return the exit code."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hunkwise-demo-")))
        fake = stack.enter_context(fake_github(folder))
        port = free_port()
        hook = f"http://127.0.0.1:{port}/webhook"
        # the App hears of no event by itself: here it is Octokit that brings them
        app = fake("app", hook_url=hook, webhook_secret=SECRET, events=[])
        subprocess.run([ROOT / "scripts" / "sample", folder / "black"], check=True, capture_output=True)
        fake("repository", full_name=NAME)
        refs = ["+refs/heads/main:refs/heads/main", "+refs/heads/change:refs/heads/change"]
        fake("fetch", repository=NAME, path=str(folder / "black"), refs=refs)
        installation = fake("install", app="hunkwise", repositories=[NAME])["id"]
        pull = fake("open_pull", repository=NAME, base="refs/heads/main", head="refs/heads/change", title="Fix errors")
        say(f"the fake GitHub has {NAME}, a real bare repository, with pull request {pull['url']}")

        with server(folder, app, port):
            say("hunkwise serve is up")
            show = Shown(fake, app["id"])
            post(fake, hook, installation, "opened")
            show.until_reviewed(pull["head"])
            first = len(show.comments)
            head = fake("push", repository=NAME, number=1, files=MORE)
            say("")
            say(f"a second push: {', '.join(MORE)}")
            post(fake, hook, installation, "synchronize")
            show.until_reviewed(head)
            new = show.comments[first:]
        say("")
        say(f"{first} comments from the first push, {len(new)} from the second, all on {', '.join(MORE)}")
        wrong = [str(one) for one in fake("violations")]
        for line in wrong:
            say(f"against GitHub's own description: {line}")
        is_new = bool(new) and {comment["path"] for comment in new} <= set(MORE)
        return 0 if first and is_new and not wrong else 1


class Shown:
    """What the fake has of ours, told as it comes."""

    def __init__(self, fake: Callable[..., Any], app: int) -> None:
        self._fake, self._app = fake, app
        self.comments: list[Json] = []
        self._reviews: set[int] = set()
        self._title = ""

    def until_reviewed(self, head: str) -> None:
        """Tell until the check run of a head is done."""
        deadline = time.monotonic() + PATIENCE
        while True:
            repository = next(iter(self._fake("state")["repositories"].values()))
            self._tell(repository["pulls"]["1"])
            runs = [one for one in repository["check_runs"].values() if one["head_sha"] == head]
            for run in runs:
                title = f"check run of {head[:12]}: {run['conclusion'] or run['status']}, {run['title']}"
                if title != self._title:
                    say(title)
                self._title = title
            if any(run["status"] == "completed" for run in runs):
                self._tell(next(iter(self._fake("state")["repositories"].values()))["pulls"]["1"])
                return
            if time.monotonic() > deadline:
                raise SystemExit(f"no review of {head[:12]} within {PATIENCE:g} s")
            time.sleep(1)

    def _tell(self, pull: Json) -> None:
        for review in pull["reviews"].values():
            if review["app"] == self._app and review["id"] not in self._reviews:
                self._reviews.add(review["id"])
                say(f"review of {review['commit'][:12]}: {plain(review['body']).splitlines()[0]}")
        known = {one["id"] for one in self.comments}
        for comment in pull["comments"].values():
            if comment["app"] == self._app and comment["id"] not in known:
                self.comments.append(comment)
                say(f"  {comment['path']}:{comment['line'] or comment['original_line']}")
                for line in plain(comment["body"]).splitlines()[:3]:
                    say(f"      {line[:140]}")


@contextmanager
def fake_github(folder: Path) -> Iterator[Callable[..., Any]]:
    """Run the fake as a process; give what does its commands."""
    argv = [sys.executable, "-m", "hunkwise.testing.github", "--root", str(folder / "github")]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        say(f"the fake GitHub is at {url}, process {process.pid}")

        def do(command: str, **arguments: object) -> Any:
            return ask(f"{url}/_fake/{command}", arguments)["result"]

        URLS["github"] = url
        yield do
    finally:
        end(process, "the fake GitHub")


@contextmanager
def server(folder: Path, app: Json, port: int) -> Iterator[None]:
    """Run `hunkwise serve` with settings in its environment."""
    (folder / "app.pem").write_text(app["private_key"])
    (folder / "secret").write_text(SECRET)
    passed = ("PATH", "HOME", "LANG", "HUNKWISE_TOOLS_DIR", "HUNKWISE_MODELS_DIR", "HUNKWISE_CACHE_DIR")
    environment = {
        **{name: os.environ[name] for name in passed if name in os.environ},
        "HUNKWISE_APP_ID": str(app["id"]),
        "HUNKWISE_PRIVATE_KEY_FILE": str(folder / "app.pem"),
        "HUNKWISE_WEBHOOK_SECRET_FILE": str(folder / "secret"),
        "HUNKWISE_GITHUB_SERVER": URLS["github"],
        "HUNKWISE_STATE_DIR": str(folder / "state"),
        "HUNKWISE_PORT": str(port),
        "HUNKWISE_REVIEW_TIMEOUT": str(PATIENCE),
        "HUNKWISE_RECONCILE": "86400",
    }
    log = folder / "server.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("hunkwise"), "serve"], env=environment, stdout=said, stderr=said
        )
        try:
            deadline = time.monotonic() + 120
            while not is_up(f"http://127.0.0.1:{port}/healthz"):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"hunkwise serve did not start:\n{log.read_text()}")
                time.sleep(0.2)
            yield
        except BaseException:
            print(log.read_text()[-4000:], file=sys.stderr)
            raise
        finally:
            end(process, "hunkwise serve")


def post(fake: Callable[..., Any], hook: str, installation: int, action: str) -> None:
    """Have Octokit sign and post an event about the pull request as GitHub's REST shows it."""
    token = fake("token", repository=NAME, pull_requests="read")
    headers = {"Authorization": f"token {token}"}
    pull = ask(f"{URLS['github']}/api/v3/repos/{NAME}/pulls/1", headers=headers)
    payload = {
        "action": action,
        "number": 1,
        "pull_request": pull,
        "repository": pull["base"]["repo"],
        "sender": pull["user"],
        "installation": {"id": installation},
    }
    node = shutil.which("node")
    if node is None:
        raise SystemExit("Octokit needs Node 20 or newer")
    done = subprocess.run(
        [node, ROOT / "tests" / "node" / "deliver.mjs", hook, "pull_request"],
        input=json.dumps(payload),
        env={"PATH": os.environ["PATH"], "WEBHOOK_SECRET": SECRET},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"Octokit: {done.stderr.strip()}")
    say(f"Octokit signed and posted pull_request.{action}: {json.loads(done.stdout)['status']}")


def ask(url: str, body: object = None, headers: dict[str, str] | None = None) -> Any:
    """Return what a server on this machine answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json", **(headers or {})})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        return json.load(answer)


def is_up(url: str) -> bool:
    """Return whether a server answers."""
    with suppress(OSError):
        return bool(ask(url))
    return False


def end(process: "subprocess.Popen[Any]", name: str) -> None:
    """End a process that was started here, by its id."""
    process.terminate()
    try:
        code = process.wait(timeout=90)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    say(f"{name} (process {process.pid}) ended with code {code}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def plain(body: str) -> str:
    """Return a body without its marker and markup, for a terminal."""
    text = re.sub(r"<!--.*?-->|</?[a-z]+>", "", body, flags=re.DOTALL)
    return re.sub(r"\n\s*\n+", "\n", text).replace("\\", "").strip() or "(empty)"


def say(words: str) -> None:
    """Print at once, with the time."""
    print(f"{time.strftime('%H:%M:%S')} {words}".rstrip(), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
