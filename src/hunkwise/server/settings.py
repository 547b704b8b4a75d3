"""The settings of the server: from the environment, else from its configuration file, else defaults."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from hunkwise.core.errors import UsageError

PREFIX = "HUNKWISE_"
FILE_NAME = "server.toml"
SETTINGS: Mapping[str, str] = {
    "app_id": "The number of the GitHub App; `hunkwise app create` registers one.",
    "private_key_file": "The file with the App's private key (PEM).",
    "webhook_secret_file": "The file with the secret that GitHub signs deliveries with.",
    "marker_key_file": "The file with the key that signs the hidden markers of what is posted; none: not signed.",
    "database_url": "Where deliveries and jobs are kept: `sqlite:////path/to/file` or `postgresql://user@host/name`.",
    "database_url_file": "A file with the database URL, for one that holds a password.",
    "github_server": "The GitHub server, such as `https://github.example.com`; none: `https://github.com`.",
    "state_dir": "The folder of the server's own files, such as the SQLite database; none: `~/.local/state/hunkwise`.",
    "host": "The address to listen on; none: `127.0.0.1`.",
    "port": "The port to listen on.",
    "workers": "How many reviews run side by side in this process.",
    "review_timeout": "Seconds that one review may take.",
    "review_options": "What `hunkwise review` is given besides the pull request, such as `--no-llm --max-comments 5`.",
    "drafts": "Whether drafts are reviewed too.",
    "lease": "Seconds after which the jobs of a server that says nothing more are taken over.",
    "retry_delay": "Seconds before a failed job is tried again; doubled each time, with jitter.",
    "drain": "Seconds that running reviews get to end when the server is told to stop.",
    "reconcile": "Seconds between two looks for deliveries and pull requests that were missed.",
    "keep_days": "Days that finished deliveries and jobs are kept.",
}
"""Every setting and what it means; the names are the file's keys, and in capitals after HUNKWISE_ the environment's."""
SECRET = "HUNKWISE_WEBHOOK_SECRET"
"""The one secret that may be in the environment itself; the App's key may not."""
ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
NUMBERS: Mapping[str, tuple[float, float]] = {
    "port": (0, 8080),
    "workers": (1, 2),
    "review_timeout": (1, 900),
    "lease": (1, 60),
    "retry_delay": (0, 15),
    "drain": (0, 30),
    "reconcile": (1, 300),
    "keep_days": (0, 30),
}
"""The least and the default of each number."""
LAST_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What the server was told. Secrets are not shown by `repr`."""

    app_id: int
    private_key_file: Path
    webhook_secret: bytes = field(repr=False)
    marker_key: bytes = field(repr=False)
    database_url: str = field(repr=False)
    state_dir: Path
    github_server: str
    host: str
    port: int
    workers: int
    review_timeout: float
    review_options: tuple[str, ...]
    drafts: bool
    lease: float
    retry_delay: float
    drain: float
    reconcile: float
    keep_days: float

    @property
    def review_hash(self) -> str:
        """Return a name for how this server reviews: another one means another review of the same head."""
        import hashlib

        return hashlib.sha256("\0".join(self.review_options).encode()).hexdigest()[:12]


def state_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the server's files: `$HUNKWISE_STATE_DIR`, else `~/.local/state/hunkwise` or XDG's word."""
    if named := environ.get("HUNKWISE_STATE_DIR", ""):
        return Path(named).expanduser().absolute()
    given = environ.get("XDG_STATE_HOME", "")
    folder = Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "state"
    return folder / "hunkwise"


def read_settings(file: Path | None = None, environ: Mapping[str, str] = os.environ) -> ServerSettings:
    """Return the settings; without a file named, that of the state folder is read if it is there.

    Raises UsageError, which names the setting and the way out and never shows a secret.
    """
    chosen = file or state_path(environ) / FILE_NAME
    given = _Given(chosen, _file(chosen, required=file is not None), environ)
    state = given.path("state_dir") or state_path(environ)
    number = {name: given.number(name, low, default) for name, (low, default) in NUMBERS.items()}
    return ServerSettings(
        app_id=int(given.number("app_id", 0, 0)) or given.missing("app_id"),
        private_key_file=_readable(given, "private_key_file"),
        webhook_secret=_secret(given),
        marker_key=_marker_key(given),
        database_url=_database_url(given, state),
        state_dir=state,
        github_server=_server(given),
        review_options=given.words("review_options"),
        drafts=given.flag("drafts"),
        host=given.text("host") or "127.0.0.1",
        port=int(number["port"]),
        workers=int(number["workers"]),
        review_timeout=number["review_timeout"],
        lease=number["lease"],
        retry_delay=number["retry_delay"],
        drain=number["drain"],
        reconcile=number["reconcile"],
        keep_days=number["keep_days"],
    )


@dataclass(frozen=True, slots=True)
class _Given:
    """What the file and the environment say; the environment wins."""

    file: Path
    table: Mapping[str, Any]
    environ: Mapping[str, str]

    def where(self, name: str) -> str:
        variable = PREFIX + name.upper()
        return variable if self.environ.get(variable) else f"{self.file}: {name}"

    def value(self, name: str) -> Any:
        return self.environ.get(PREFIX + name.upper()) or self.table.get(name)

    def text(self, name: str) -> str:
        value = self.value(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise UsageError(f"{self.where(name)}: expected text")
        return value

    def path(self, name: str) -> Path | None:
        """Return the file that is named; what the configuration file names is beside it."""
        if not (text := self.text(name)):
            return None
        beside = Path() if self.environ.get(PREFIX + name.upper()) else self.file.parent
        return (beside / Path(text).expanduser()).absolute()

    def content(self, name: str) -> bytes | None:
        path = self.path(name)
        try:
            return path.read_bytes() if path else None
        except OSError as error:
            raise UsageError(f"{self.where(name)}: {path} cannot be read: {error.strerror}") from error

    def number(self, name: str, low: float, default: float) -> float:
        value = self.value(name)
        if value is None:
            return default
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = low - 1
        if isinstance(value, bool) or not low <= number < 2**53:
            raise UsageError(f"{self.where(name)}: expected a number of at least {low:g}")
        if name == "port" and number > LAST_PORT:
            raise UsageError(f"{self.where(name)}: expected a number of at most {LAST_PORT}")
        return number

    def flag(self, name: str) -> bool:
        value = self.value(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        if str(value).lower() not in (*ON, *OFF):
            raise UsageError(f"{self.where(name)}: expected true or false")
        return str(value).lower() in ON

    def words(self, name: str) -> tuple[str, ...]:
        import shlex

        value = self.value(name)
        try:
            words = shlex.split(value) if isinstance(value, str) else list(value or ())
        except ValueError as error:
            raise UsageError(f"{self.where(name)}: {error}") from error
        if not all(isinstance(word, str) for word in words):
            raise UsageError(f"{self.where(name)}: expected words")
        return tuple(words)

    def missing(self, name: str) -> NoReturn:
        raise UsageError(
            f"{name} is not set; `hunkwise app create` registers an App and writes {self.file}, "
            f"or set {PREFIX}{name.upper()}"
        )


def _file(path: Path, *, required: bool) -> Mapping[str, Any]:
    if not required and not path.exists():
        return {}
    from difflib import get_close_matches

    from hunkwise.core.toml import read_toml

    try:
        table = read_toml(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from error
    for name in table:
        if name not in SETTINGS:
            near = get_close_matches(name, SETTINGS, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(SETTINGS)}"
            raise UsageError(f"{path}: {name} is no setting of the server{hint}")
    return table


def _readable(given: _Given, name: str) -> Path:
    given.content(name)
    return given.path(name) or Path(given.missing(name))


def _server(given: _Given) -> str:
    from hunkwise.github.address import PUBLIC, parse_server

    try:
        return parse_server(given.text("github_server") or PUBLIC)
    except UsageError as error:
        raise UsageError(f"{given.where('github_server')}: {error}") from error


def _marker_key(given: _Given) -> bytes:
    name = "marker_key_file"
    key = given.content(name)
    if key is not None and len(key.strip()) < 16:
        raise UsageError(f"{given.where(name)}: expected at least 16 bytes")
    return (key or b"").strip()


def _secret(given: _Given) -> bytes:
    name = "webhook_secret_file"
    secret = given.environ.get(SECRET, "").encode()
    if not secret:
        content = given.content(name)
        secret = given.missing(name) if content is None else content.strip()
    if not secret:
        raise UsageError(f"{given.where(name)}: the secret is empty, and anyone could sign with it")
    return secret


def _database_url(given: _Given, state: Path) -> str:
    url = given.text("database_url")
    name = "database_url" if url else "database_url_file"
    if not url:
        url = (given.content(name) or b"").decode("utf-8", "replace").strip()
    url = url or f"sqlite:///{state / 'server.sqlite'}"
    if not url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise UsageError(f"{given.where(name)}: expected sqlite:///FILE or postgresql://USER@HOST/NAME")
    return "postgresql://" + url.removeprefix("postgres://") if url.startswith("postgres://") else url
