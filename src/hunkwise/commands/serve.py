"""`hunkwise serve`: run the GitHub App's server."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command

EXTRA = ("dbos", "fastapi", "prometheus_client", "psycopg", "uvicorn")


class Serve:
    """The verb `serve`."""

    name = "serve"

    def add(self, app: Any) -> None:
        """Add the verb to the application."""
        from pathlib import Path

        import typer

        application: typer.Typer = app

        @application.command("serve")
        def serve(
            config: Annotated[
                Path | None,
                typer.Option("-c", "--config", metavar="FILE", help="Read the settings here; the environment wins."),
            ] = None,
            host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Listen on this address.")] = "",
            port: Annotated[int | None, typer.Option("--port", metavar="N", help="Listen on this port.")] = None,
        ) -> int:
            """Serve a GitHub App: take its webhooks, review pull requests, post what was found.

            `hunkwise app create` registers the App and writes the settings. SIGTERM ends the server in order.
            """
            import os

            require_extra("hunkwise serve")
            from hunkwise.server.service import serve as run
            from hunkwise.server.settings import read_settings

            given = {"HUNKWISE_HOST": host, "HUNKWISE_PORT": "" if port is None else str(port)}
            environ = {**os.environ, **{name: value for name, value in given.items() if value}}
            return run(read_settings(config, environ))


def require_extra(who: str) -> None:
    """Raise UsageError where the packages of the server are not installed."""
    from importlib.util import find_spec

    from hunkwise.core.errors import UsageError

    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise UsageError(f"{who} needs {', '.join(missing)}: pip install 'hunkwise[server]'")


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verb."""
    return (Serve(),)
