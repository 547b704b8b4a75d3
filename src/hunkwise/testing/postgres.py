"""A PostgreSQL server of one's own for tests and benchmarks: a fresh cluster on a free port of 127.0.0.1."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER = "nobody"
"""Who runs it where the caller is root, as PostgreSQL refuses to."""
INITDB = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
SETTINGS = {"max_connections": "200", "unix_socket_directories": "", "listen_addresses": "127.0.0.1"}


class NoPostgres(Exception):
    """PostgreSQL is not installed here; says what was looked for."""


@dataclass(slots=True)
class Cluster:
    """A running server; `kill` and `start` are for tests of its absence."""

    programs: Path
    folder: Path
    port: int
    settings: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    made: int = 0

    def url(self, name: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def database(self) -> str:
        """Make an empty database and return its address."""
        self.made += 1
        name = f"test_{self.made}"
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name)
        return self.url(name)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        argv = [str(self.programs / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # type: ignore[call-overload]
                argv, stdout=log, stderr=log, start_new_session=True, **_as_user()
            )
        deadline = time.monotonic() + 30
        ask = [str(self.programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ask, capture_output=True).returncode:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-500:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server at once, as a crash would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=30)
            self.process = None

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs."""
        argv = [str(self.programs / program), *arguments]
        done = subprocess.run(argv, capture_output=True, **_as_user())  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode('utf-8', 'replace').strip()}")


@contextmanager
def cluster(**settings: str) -> Iterator[Cluster]:
    """Run a fresh server; `settings` are its configuration. Raises NoPostgres where it is not installed."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="hunkwise-postgres-"))
    made = Cluster(programs, folder, _free_port(), {**SETTINGS, **settings})
    try:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(USER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        made.run("initdb", "-D", str(folder / "data"), *INITDB)
        made.start()
        yield made
    finally:
        made.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    named = shutil.which("initdb")
    places = [Path(named).resolve().parent] if named else []
    for place in (*places, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)):
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise NoPostgres("PostgreSQL is not installed (no initdb on PATH or under /usr/lib/postgresql)")


def _as_user() -> dict[str, object]:
    if os.geteuid():
        return {"cwd": "/"}
    owner = pwd.getpwnam(USER)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": [], "cwd": "/"}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
