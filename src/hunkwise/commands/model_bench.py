"""`hunkwise model bench`: measure what a model is good for, and keep that on its card."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from typer import Typer


def add_bench(group: "Typer") -> None:
    """Add the verb to the group of `hunkwise model`."""
    import typer

    @group.command()
    def bench(
        context: typer.Context,
        name: Annotated[str, typer.Argument(help="A model: its name, its folder, or the URL of its server.")],
        cases: Annotated[
            list[Path] | None,
            typer.Argument(metavar="[CASES]...", help="Files of commented pull requests, JSON lines."),
        ] = None,
        trees: Annotated[
            Path | None, typer.Option("--trees", help="Repositories OWNER+NAME.git with refs/pull/N/base and head.")
        ] = None,
        work: Annotated[
            Path | None, typer.Option("--work", help="Where results are kept, so that a run can go on.")
        ] = None,
        only: Annotated[
            list[str] | None, typer.Option("--only", help="Run these tools and no others; may be repeated.")
        ] = None,
        hints: Annotated[bool, typer.Option("--hints/--no-hints", help="Show the model what tools found.")] = True,
        limit: Annotated[int | None, typer.Option("--limit", min=1, help="Read the first N cases alone.")] = None,
        tokens: Annotated[
            int | None, typer.Option("--tokens", min=256, help="Tokens of one prompt; as in a review by default.")
        ] = None,
        texts: Annotated[
            Path | None,
            typer.Option("--texts", help="Write texts to be marked here, in random order, without their sources."),
        ] = None,
        marks: Annotated[
            Path | None, typer.Option("--marks", help="Join this marked file of --texts into the card.")
        ] = None,
        card: Annotated[
            Path | None, typer.Option("--card", help="Write the card here; beside the model by default.")
        ] = None,
    ) -> None:
        """Measure a model on pull requests, and write its card."""
        from hunkwise.commands.model_bench_run import Asked, run

        run(
            Asked(
                name=name,
                cases=tuple(cases or ()),
                trees=trees,
                work=work,
                only=tuple(only or ()),
                with_hints=hints,
                limit=limit,
                tokens=tokens,
                texts=texts,
                marks=marks,
                card=card,
            ),
            context.obj,
        )
