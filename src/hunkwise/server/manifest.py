"""Register a GitHub App by a manifest: what it says, the page that sends it, and the files that come of it."""

import hmac
import html
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from hunkwise.core.errors import UsageError
from hunkwise.core.text import printable
from hunkwise.github.address import api_url
from hunkwise.server.settings import FILE_NAME

PERMISSIONS: Mapping[str, str] = {
    "checks": "write",
    "contents": "read",
    "metadata": "read",
    "pull_requests": "write",
}
"""All that the App asks for. It cannot write code, and nothing of what it does needs that."""
EVENTS = (
    "check_run",
    "check_suite",
    "issue_comment",
    "pull_request",
    "pull_request_review_comment",
    "pull_request_review_thread",
)
WHY: Mapping[str, str] = {
    "checks": "show on a commit whether it was reviewed",
    "contents": "fetch the two sides of a pull request",
    "metadata": "see who has write access and may command it",
    "pull_requests": "post reviews and answer commands",
}
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color:#1f2328}"
    "td{padding:.2rem 1.5rem .2rem 0;vertical-align:top}code{font-size:.9em;white-space:nowrap}"
    "button{font:inherit;padding:.5rem 1rem;border:0;border-radius:6px;background:#1f883d;color:#fff;cursor:pointer}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
CODE = re.compile(r"[A-Za-z0-9_-]{1,100}")
KEY, HOOK_SECRET, MARKER_KEY = "app.pem", "webhook-secret", "marker.key"


def manifest(name: str, webhook: str, redirect: str) -> dict[str, object]:
    """Return what GitHub makes the App of."""
    return {
        "name": name,
        "url": "https://github.com/hunkwise/hunkwise",
        "hook_attributes": {"url": webhook, "active": True},
        "redirect_url": redirect,
        "public": False,
        "default_permissions": dict(PERMISSIONS),
        "default_events": list(EVENTS),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A new App; its secrets are not shown."""

    id: int
    slug: str
    page: str
    key: str = field(repr=False)
    webhook_secret: str = field(repr=False)


def convert(server: str, code: str) -> Registered:
    """Exchange the code that GitHub sent the browser back with for the App's number and secrets; works once."""
    try:
        with httpx.Client(timeout=30, follow_redirects=False) as client:
            answer = client.post(
                f"{api_url(server)}/app-manifests/{code}/conversions",
                headers={"Accept": "application/vnd.github+json", "User-Agent": "hunkwise"},
            )
    except httpx.HTTPError as error:
        raise UsageError(f"{server} cannot be asked for the new App: {type(error).__name__}") from error
    if answer.status_code != 201:
        raise UsageError(f"{server} did not give the new App (status {answer.status_code}); a code is good for an hour")
    value = answer.json()
    try:
        return Registered(
            id=int(value["id"]),
            slug=str(value["slug"]),
            page=str(value["html_url"]),
            key=str(value["pem"]),
            webhook_secret=str(value["webhook_secret"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{server} gave an App without {error}") from error


def write_files(app: Registered, server: str, folder: Path) -> Path:
    """Write the App's secrets and the server's configuration, readable by this user alone; return the latter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / FILE_NAME
    lines = {
        "app_id": app.id,
        "private_key_file": KEY,
        "webhook_secret_file": HOOK_SECRET,
        "marker_key_file": MARKER_KEY,
        "github_server": server,
    }
    text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())
    for path, content in (
        (folder / KEY, app.key),
        (folder / HOOK_SECRET, app.webhook_secret + "\n"),
        (folder / MARKER_KEY, secrets.token_hex(32) + "\n"),
        (file, text),
    ):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(content)
    return file


def refuse_taken(folder: Path) -> None:
    """Raise UsageError where a file of an App is there already."""
    for name in (FILE_NAME, KEY, HOOK_SECRET, MARKER_KEY):
        if (folder / name).exists():
            raise UsageError(f"{folder / name} is there already; --dir names another folder, or move it away")


class Page:
    """The page on 127.0.0.1 that sends the browser to GitHub with the manifest, and takes it back."""

    def __init__(self, server: str, organization: str, name: str, webhook: str, port: int = 0) -> None:
        self._state = secrets.token_urlsafe(24)
        self._http = HTTPServer(("127.0.0.1", port), self._handler())
        self._code = ""
        owner = f"organizations/{organization}/settings" if organization else "settings"
        self._action = f"{server}/{owner}/apps/new?state={self._state}"
        self._manifest = json.dumps(manifest(name, webhook, f"{self.url}created"))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/"

    def wait(self) -> str:
        """Serve until GitHub has sent the browser back; return the code."""
        try:
            while not self._code:
                self._http.handle_request()
            return self._code
        finally:
            self._http.server_close()

    def answer(self, path: str, host: str) -> tuple[int, str]:
        """Return status and page for a request of the browser's."""
        parts = urlsplit(path)
        if host != urlsplit(self.url).netloc:
            return 403, "<p>This page is for the browser on this machine."
        if parts.path == "/":
            rights = "".join(
                f"<tr><td><code>{name}: {right}</code><td>{WHY[name]}" for name, right in PERMISSIONS.items()
            )
            return 200, (
                "<h1>Register the Hunkwise App</h1><p>It asks for no more than this, and cannot write code:"
                f"<table>{rights}</table>"
                f'<form action="{html.escape(self._action)}" method="post">'
                f'<input type="hidden" name="manifest" value="{html.escape(self._manifest)}">'
                "<p><button>Go on at GitHub</button></form><p>GitHub shows it again, and sends you back here."
            )
        if parts.path != "/created":
            return 404, "<p>There is nothing here."
        given = parse_qs(parts.query)
        state, code = (given.get(name, [""])[0] for name in ("state", "code"))
        if not hmac.compare_digest(state.encode(), self._state.encode()) or not CODE.fullmatch(code):
            return 403, "<p>This does not come from the page that was opened here."
        self._code = code
        return 200, "<p>The App is registered. Go back to the terminal."

    def _handler(page: "Page") -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self) -> None:
                status, text = page.answer(self.path, self.headers.get("Host", ""))
                head = f"<!doctype html><html lang=en><meta charset=utf-8><title>Hunkwise</title><style>{STYLE}</style>"
                body = f"{head}{text}".encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", POLICY)
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *values: Any) -> None:
                """Say nothing: the code is in the address."""

        return Handler


def check_webhook(url: str) -> str:
    """Return the address that GitHub is to deliver to; raises UsageError where it is none."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"--webhook-url {printable(url)}: expected an address such as https://bot.example.com/webhook")
    return url if parts.path.strip("/") else f"{url.rstrip('/')}/webhook"
