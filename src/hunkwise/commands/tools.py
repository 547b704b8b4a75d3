"""`hunkwise tools`: list the outside tools, install them, and find out what is wrong with them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command

FAILED = 2


class ToolsCommand:
    """The verbs `tools list`, `tools install` and `tools doctor`."""

    name = "tools"

    def add(self, app: Any) -> None:
        """Add the group to the application."""
        import typer

        group = typer.Typer(
            name=self.name, help="List the outside tools, install them, or check them.", no_args_is_help=True
        )

        @group.command("list")
        def list_tools(
            context: typer.Context,
            as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
        ) -> None:
            """Show where each tool and each command of your own was found, and its version."""
            from hunkwise.commands.tool_report import print_json, print_table, surveyed
            from hunkwise.commands.tool_setup import own_commands, tools_of, user_toolbox

            toolbox = user_toolbox()
            rows = surveyed((*tools_of(context.obj), *own_commands()), toolbox)
            if as_json:
                print_json(rows, toolbox)
            else:
                print_table(rows, toolbox)

        @group.command()
        def install(
            context: typer.Context,
            names: Annotated[
                list[str] | None, typer.Argument(metavar="[NAME]...", help="Tools; all by default.")
            ] = None,
            again: Annotated[bool, typer.Option("--again", help="Install anew what is there.")] = False,
        ) -> None:
            """Install tools in their pinned versions."""
            from hunkwise.commands.tool_setup import install_tools, tools_of, user_toolbox

            if not install_tools(tools_of(context.obj, names or ()), user_toolbox(), is_all=not names, again=again):
                raise typer.Exit(FAILED)

        @group.command()
        def doctor(context: typer.Context) -> None:
            """Start each tool; say what is wrong and the way out."""
            from hunkwise.commands.tool_report import print_diagnoses
            from hunkwise.commands.tool_setup import diagnosed, own_commands, tools_of, user_toolbox

            tools = (*tools_of(context.obj), *own_commands())
            if not print_diagnoses(diagnosed(tools, user_toolbox())):
                raise typer.Exit(FAILED)

        app.add_typer(group)


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verbs."""
    return (ToolsCommand(),)
