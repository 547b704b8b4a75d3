"""The whole server: its parts put together, and run until it is told to stop."""

import fcntl
import logging
import os
import signal
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvicorn

from hunkwise.core.errors import HunkwiseError, UsageError
from hunkwise.server.app import make_app
from hunkwise.server.app_work import AppWork
from hunkwise.server.database import Database
from hunkwise.server.engine import Chore, Engine
from hunkwise.server.folders import Folders
from hunkwise.server.logs import log_to_stderr
from hunkwise.server.metrics import Metrics
from hunkwise.server.orders import Rules
from hunkwise.server.reconcile import Reconciler
from hunkwise.server.retention import forget_notes, forget_old
from hunkwise.server.reviewing import PROGRAM, Reviewing
from hunkwise.server.router import Router
from hunkwise.server.settings import ServerSettings
from hunkwise.server.steps import Pace
from hunkwise.server.tokens import Tokens

KEEP_ALIVE = 30
CONNECTIONS = 1000
SWEEPING = 3600.0
log = logging.getLogger(__name__)


def serve(settings: ServerSettings, program: Sequence[str] = PROGRAM) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code. `program` is what reviews."""
    import sqlalchemy as sa

    password = sa.make_url(settings.database_url).password
    log_to_stderr([secret for secret in (_text(settings.webhook_secret), str(password or "")) if secret])
    with ExitStack() as stack:
        database = stack.enter_context(Database(settings.database_url))
        if database.is_sqlite:
            stack.enter_context(only_one(settings.state_dir))
        database.prepare()
        tokens = stack.enter_context(Tokens(settings.app_id, settings.private_key_file, settings.github_server))
        _check(tokens, settings)
        folders = stack.enter_context(Folders())
        # so that what any part of the server writes for a while goes with it
        stack.callback(setattr, tempfile, "tempdir", tempfile.tempdir)
        tempfile.tempdir = str(folders.root)
        router = Router(database, Rules(app_id=settings.app_id, drafts=settings.drafts), settings.review_hash)
        metrics = Metrics(database)
        reconciler = Reconciler(database, tokens, router, settings)
        engine = Engine(
            database,
            AppWork(database, Reviewing(settings, tokens, folders, program), router),
            router,
            Pace(workers=settings.workers, lease=settings.lease, retry=settings.retry_delay, drain=settings.drain),
            alone=database.is_sqlite,
            ended=metrics.job,
            chores=(
                Chore(name="reconcile", call=reconciler.look, every=settings.reconcile),
                Chore(name="retention", call=lambda: forget_old(database, settings.keep_days), every=SWEEPING),
                Chore(name="notes", call=forget_notes, every=SWEEPING / 6),
                Chore(name="folders", call=folders.sweep, every=settings.lease),
            ),
        )
        app = make_app(
            database,
            settings.webhook_secret,
            metrics,
            arrived=engine.wake,
            is_alive=engine.is_alive,
            start=engine.start,
            close=engine.close,
        )
        log.info("serving %s at http://%s:%s", settings.github_server, settings.host, settings.port)
        server = _Server(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                limit_concurrency=CONNECTIONS,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=5,
            )
        )
        server.run(sockets=[stack.enter_context(listen(settings.host, settings.port))])
        return 0 if server.started else 2


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises UsageError where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host}, port {port}: {error}; HUNKWISE_HOST and HUNKWISE_PORT name another address"
        ) from error


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the state folder: on SQLite one server is all there may be."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "server.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"another server uses {folder}; several servers share a PostgreSQL database (HUNKWISE_DATABASE_URL)"
            ) from None
        yield
    finally:
        os.close(lock)


class _Server(uvicorn.Server):
    """A server that ends by returning, so that what it holds is put away."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _check(tokens: Tokens, settings: ServerSettings) -> None:
    """Learn the App's name; where GitHub says that key and number do not belong together, do not start."""
    from hunkwise.github.refusals import BadToken, NotFound

    try:
        log.info("the App is %s", tokens.check())
    except (BadToken, NotFound) as error:
        raise UsageError(
            f"GitHub does not know App {settings.app_id} by {settings.private_key_file}: {error}; "
            f"its number and keys are at {settings.github_server}/settings/apps"
        ) from error
    except HunkwiseError as error:
        raise UsageError(f"{settings.github_server} cannot be asked who the App is: {error}") from error


def _text(secret: bytes) -> str:
    return secret.decode("utf-8", "replace")
