"""`hunkwise app`: register a GitHub App, and read what people made of its comments."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command


class AppCommand:
    """The verbs `app create` and `app feedback`."""

    name = "app"

    def add(self, app: Any) -> None:
        """Add the group to the application."""
        from pathlib import Path

        import typer

        group = typer.Typer(name=self.name, help="Register a GitHub App, and read its feedback.", no_args_is_help=True)

        @group.command()
        def create(
            webhook_url: Annotated[
                str, typer.Option("--webhook-url", metavar="URL", help="Where GitHub reaches `hunkwise serve`.")
            ],
            name: Annotated[
                str, typer.Option("--name", metavar="NAME", help="The App's name, one of its kind on the server.")
            ] = "",
            organization: Annotated[
                str, typer.Option("--org", metavar="NAME", help="The organization that owns it, not you.")
            ] = "",
            server: Annotated[
                str, typer.Option("--server", metavar="URL", help="The GitHub server.")
            ] = "https://github.com",
            directory: Annotated[
                Path | None, typer.Option("--dir", metavar="DIR", help="Write the App's files here.")
            ] = None,
            port: Annotated[int, typer.Option("--port", metavar="N", help="Serve the page on this port.")] = 0,
        ) -> None:
            """Serve a page that registers an App with the least permissions, and keep its key and secret.

            Open the page in a browser on this machine; GitHub shows what the App may do before you agree.
            """
            import re

            from hunkwise.commands.serve import require_extra
            from hunkwise.core.errors import UsageError
            from hunkwise.github.address import parse_server

            require_extra("hunkwise app create")
            from hunkwise.server.manifest import Page, check_webhook, convert, refuse_taken, write_files
            from hunkwise.server.settings import state_path

            if organization and not re.fullmatch(r"[A-Za-z0-9-]{1,39}", organization):
                raise UsageError(f"--org {organization}: no name of an organization")
            folder = (directory or state_path()).expanduser().absolute()
            refuse_taken(folder)
            where = parse_server(server)
            page = Page(where, organization, name or "Hunkwise", check_webhook(webhook_url), port)
            print(f"Open {page.url} in a browser on this machine.", flush=True)
            made = convert(where, page.wait())
            file = write_files(made, where, folder)
            print(f"App {made.slug} ({made.id}) is registered; its files are in {folder}.")
            print(f"Next: install it on repositories at {made.page}/installations/new,")
            print(f"then run `hunkwise serve --config {file}`.")

        @group.command()
        def feedback(
            config: Annotated[
                Path | None, typer.Option("-c", "--config", metavar="FILE", help="The server's settings.")
            ] = None,
            as_json: Annotated[
                bool, typer.Option("--json", help="One JSON object a line, with every comment.")
            ] = False,
        ) -> None:
            """Show what people made of the App's comments: by rule, or each with `--json`."""
            from hunkwise.commands.serve import require_extra

            require_extra("hunkwise app feedback")
            from hunkwise.server.database import Database
            from hunkwise.server.feedback import by_rule, export
            from hunkwise.server.settings import read_settings

            with Database(read_settings(config).database_url) as database:
                database.prepare()
                for line in export(database) if as_json else by_rule(database):
                    print(line)

        app.add_typer(group)


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verbs."""
    return (AppCommand(),)
