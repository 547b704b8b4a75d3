"""`hunkwise schema`: write the JSON schema of a report."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command


class SchemaCommand:
    """The verb `schema`."""

    name = "schema"

    def add(self, app: Any) -> None:
        """Add the verb to the application."""
        import typer

        application: typer.Typer = app

        @application.command("schema")
        def schema() -> None:
            """Write the JSON schema of what `review --format json` writes."""
            import json

            from hunkwise.plugins.sinks.json import report_schema

            print(json.dumps(report_schema(), indent=2))


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verb."""
    return (SchemaCommand(),)
