"""`hunkwise model`: list the language models, fetch, convert or measure them, and remove them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.commands.model_bench import add_bench
from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command


class ModelCommand:
    """The verbs `model list`, `model pull`, `model convert`, `model bench` and `model rm`."""

    name = "model"

    def add(self, app: Any) -> None:
        """Add the group to the application."""
        import typer

        group = typer.Typer(
            name=self.name,
            help="List the language models, fetch, convert or measure them, or remove them.",
            no_args_is_help=True,
        )

        @group.command("list")
        def list_models(as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False) -> None:
            """Show the models at hand, and those that can be had."""
            from hunkwise.commands.model_report import print_json, print_table, surveyed
            from hunkwise.commands.model_setup import models_directory

            directory = models_directory()
            rows = surveyed(directory)
            if as_json:
                print_json(rows, directory)
            else:
                print_table(rows, directory)

        @group.command()
        def pull(
            names: Annotated[
                list[str] | None, typer.Argument(metavar="[NAME]...", help="Models; the small one by default.")
            ] = None,
            again: Annotated[bool, typer.Option("--again", help="Fetch anew what is there.")] = False,
        ) -> None:
            """Fetch models that Hunkwise knows, and convert them."""
            from hunkwise.commands.model_setup import pull_models

            pull_models(names or (), again=again)

        @group.command()
        def convert(
            source: Annotated[Path, typer.Argument(help="A Hugging Face folder, or a GGUF file of a Llama.")],
            name: Annotated[str, typer.Option("--name", help="How to call it; its folder's name by default.")] = "",
            quantization: Annotated[
                str, typer.Option("--quantization", help="int8, int8_float16 (for a GPU), float16 or float32.")
            ] = "int8",
        ) -> None:
            """Convert a model that is on disk."""
            from hunkwise.commands.model_setup import convert_model

            convert_model(source, name=name, quantization=quantization)

        @group.command("rm")
        def remove(names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Models to remove.")]) -> None:
            """Remove models from the models folder."""
            from hunkwise.commands.model_setup import remove_models

            remove_models(names)

        add_bench(group)
        app.add_typer(group)


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verbs."""
    return (ModelCommand(),)
