"""`hunkwise publish`: post a report that another process has made."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.commands.review import LEVELS
from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command


class Publish:
    """The verb `publish`."""

    name = "publish"

    def add(self, app: Any) -> None:
        """Add the verb to the application."""
        from pathlib import Path

        import typer

        application: typer.Typer = app

        @application.command("publish")
        def publish(
            context: typer.Context,
            report: Annotated[Path, typer.Argument(metavar="REPORT", help="A report in JSON, as `review` makes it.")],
            pr: Annotated[str | None, typer.Option("--pr", metavar="URL", help="The pull request to post to.")] = None,
            event: Annotated[
                Path | None,
                typer.Option(
                    "--event", metavar="FILE", help="Take the pull request and its head from a workflow's event."
                ),
            ] = None,
            dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be posted.")] = False,
            check: Annotated[
                bool, typer.Option("--check/--no-check", help="Write a check run too, where the token may.")
            ] = True,
            expect_head: Annotated[
                str | None,
                typer.Option("--expect-head", metavar="SHA", help="Post only if the pull request is at this commit."),
            ] = None,
            fail_on: Annotated[
                str,
                typer.Option(
                    "--fail-on", metavar="|".join(LEVELS), help="Let the check run fail if a comment is this severe."
                ),
            ] = "none",
            untrusted: Annotated[
                bool,
                typer.Option(
                    "--untrusted",
                    help="Others may have written the report, as a fork's job may: "
                    "no links, no suggestions, and no check run that succeeds.",
                ),
            ] = False,
            token_file: Annotated[
                Path | None,
                typer.Option("--token-file", metavar="FILE", help="Read the token here, not from the environment."),
            ] = None,
        ) -> int:
            """Post a report to a pull request, once; what the report says of where it belongs is not believed.

            The token comes from HUNKWISE_GITHUB_TOKEN, GITHUB_TOKEN or GH_TOKEN, and needs pull requests: write.
            """
            from hunkwise.commands.posting import post_report, publisher_for
            from hunkwise.core.config import FailOn
            from hunkwise.core.errors import UsageError
            from hunkwise.core.ports import Publication
            from hunkwise.github.report_file import read_report
            from hunkwise.plugins.github.markers import OBJECT

            if fail_on not in LEVELS:
                raise UsageError(f"--fail-on: expected one of {', '.join(LEVELS)}")
            if expect_head is not None and not OBJECT.fullmatch(expect_head.lower()):
                raise UsageError("--expect-head: give the full name of the commit, of 40 or 64 digits")
            found = read_report(report)
            where = Publication(
                pr=pr,
                event=str(event) if event else None,
                dry_run=dry_run,
                check=check,
                expect_head=expect_head,
                token_file=str(token_file) if token_file else None,
                is_forgeable=untrusted,
                fail_on=FailOn(fail_on),
            )
            return post_report(found, where, publisher_for(where, context.obj))


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verb."""
    return (Publish(),)
