"""`hunkwise config`: show the effective configuration and where it came from, and its schema."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command


class ConfigCommand:
    """The verbs `config show` and `config schema`."""

    name = "config"

    def add(self, app: Any) -> None:
        """Add the group to the application."""
        from pathlib import Path

        import typer

        group = typer.Typer(name=self.name, help="Show the configuration, or its schema.", no_args_is_help=True)

        @group.command()
        def show(
            directory: Annotated[
                Path, typer.Option("-C", "--directory", metavar="DIR", help="Look for the repository here.")
            ] = Path(),
            origin: Annotated[bool, typer.Option("--origin", help="Say where each value came from.")] = False,
            as_json: Annotated[bool, typer.Option("--json", help="Write JSON, with the origins.")] = False,
        ) -> None:
            """Show the effective configuration of a repository, as a configuration file would hold it."""
            import os

            from hunkwise.commands.config_text import json_lines, toml_lines
            from hunkwise.commands.effective import effective_settings

            settings = effective_settings(str(directory), os.environ)
            print("\n".join(json_lines(settings) if as_json else toml_lines(settings, with_origin=origin)))

        @group.command()
        def schema() -> None:
            """Write the JSON schema of the repository's configuration file, for editors."""
            import json

            from hunkwise.validation import config_schema

            print(json.dumps(config_schema(), indent=2))

        app.add_typer(group)


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verb."""
    return (ConfigCommand(),)
