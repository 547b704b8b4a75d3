"""`hunkwise cache`: what models answered before, and how to forget it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command


class CacheCommand:
    """The verbs `cache show` and `cache clear`."""

    name = "cache"

    def add(self, app: Any) -> None:
        """Add the group to the application."""
        import typer

        group = typer.Typer(name=self.name, help="Show or clear what models answered before.", no_args_is_help=True)

        @group.command()
        def show() -> None:
            """Show where the answers are, how many, and how large the file is."""
            from hunkwise.llm_backend.answers import Answers
            from hunkwise.locations import cache_path

            answers = Answers(cache_path())
            if not answers.path.exists():
                print(f"{answers.path}: nothing is kept")
                return
            size = answers.path.stat().st_size / 2**20
            print(f"{answers.path}: {answers.count():,} answers, {size:.1f} MB")

        @group.command()
        def clear() -> None:
            """Forget all answers; the next review asks anew."""
            from hunkwise.core.errors import UsageError
            from hunkwise.llm_backend.answers import Answers
            from hunkwise.locations import cache_path

            answers = Answers(cache_path())
            count = answers.count() if answers.path.exists() else 0
            try:
                answers.clear()
            except OSError as error:
                raise UsageError(f"{answers.path} cannot be removed: {error.strerror}") from error
            print(f"{answers.path}: {count:,} answers forgotten")

        app.add_typer(group)


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verbs."""
    return (CacheCommand(),)
