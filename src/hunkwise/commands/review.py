"""`hunkwise review`: the options of the main verb."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Command

LEVELS = ("none", "info", "low", "medium", "high", "critical")
MODES = ("added", "diff_context", "file", "nofilter")
COLORS = ("auto", "always", "never")


class Review:
    """The verb `review`."""

    name = "review"

    def add(self, app: Any) -> None:
        """Add the verb to the application."""
        from pathlib import Path

        import typer

        def option(*names: str, help: str, metavar: str | None = None, choices: Sequence[str] = ()) -> Any:
            # the values are checked where those of files and the environment are, with the same messages
            shown = "|".join(choices) if choices else metavar
            complete = (lambda: list(choices)) if choices else None
            return typer.Option(*names, help=help, metavar=shown, autocompletion=complete)

        application: typer.Typer = app

        @application.command("review")
        def review(
            context: typer.Context,
            directory: Annotated[
                Path, option("-C", "--directory", metavar="DIR", help="Look for the repository here.")
            ] = Path(),
            base: Annotated[str | None, option("--base", metavar="REV", help="Compare with this revision.")] = None,
            head: Annotated[str | None, option("--head", metavar="REV", help="Review this revision.")] = None,
            staged: Annotated[bool, option("--staged", help="Review what is staged.")] = False,
            working: Annotated[bool, option("--working", help="Review what is not committed.")] = False,
            diff: Annotated[
                str | None, option("--diff", metavar="FILE", help="Review a patch file, or - for standard input.")
            ] = None,
            pr: Annotated[str | None, option("--pr", metavar="URL", help="Review a pull request on GitHub.")] = None,
            full: Annotated[
                bool, option("--full", help="With --pr: review all of it, not only what is new since the last review.")
            ] = False,
            post: Annotated[bool, option("--post", help="With --pr: post the review.")] = False,
            dry_run: Annotated[
                bool, option("--dry-run", help="With --pr: print what would be posted, and post nothing.")
            ] = False,
            own: Annotated[
                bool | None,
                option(
                    "--own/--foreign",
                    help="Trust the change to make tools run with its own configuration, or not. "
                    "Without it, what is checked out here is your own, all else and all in CI foreign.",
                ),
            ] = None,
            form: Annotated[
                str | None,
                option("--format", metavar="NAME", help="The form of the report: terminal, json, sarif, ..."),
            ] = None,
            output: Annotated[
                Path | None,
                option("-o", "--output", metavar="FILE", help="Write the report here; the suffix tells the form."),
            ] = None,
            fail_on: Annotated[
                str | None,
                option("--fail-on", choices=LEVELS, help="Exit with 1 if a comment is this severe."),
            ] = None,
            max_comments: Annotated[
                int | None, option("--max-comments", metavar="N", help="Keep at most so many comments.")
            ] = None,
            floor: Annotated[
                float | None, option("--floor", metavar="P", help="Keep what is at least so probably worth saying.")
            ] = None,
            focus: Annotated[
                int | None, option("--focus", metavar="N", help="Name at most so many places to look at first.")
            ] = None,
            thorough: Annotated[
                bool, option("--thorough", help="Name all places that are worth a look, not just the surest.")
            ] = False,
            only: Annotated[
                list[str] | None, option("--only", metavar="TOOL", help="Run these tools alone; repeat, or use commas.")
            ] = None,
            skip: Annotated[list[str] | None, option("--skip", metavar="TOOL", help="Leave these tools out.")] = None,
            no_analyzers: Annotated[bool, option("--no-analyzers", help="Run no analyzers.")] = False,
            no_llm: Annotated[bool, option("--no-llm", help="Ask no language model.")] = False,
            model: Annotated[
                str | None,
                option("--model", metavar="NAME|PATH|URL", help="The language model; `model list` names some."),
            ] = None,
            trust_model: Annotated[
                bool, option("--trust-model", help="Use the model's places and words whatever its card says.")
            ] = False,
            filter_mode: Annotated[
                str | None,
                option("--filter-mode", choices=MODES, help="Which findings may become comments."),
            ] = None,
            allow_incomplete: Annotated[
                bool, option("--allow-incomplete", help="Exit with 0 instead of 3 if the review is incomplete.")
            ] = False,
            explain: Annotated[bool, option("--explain", help="Show what was held back, and why.")] = False,
            manifest: Annotated[
                Path | None, option("--manifest", metavar="FILE", help="Write versions, settings and timings here.")
            ] = None,
            color: Annotated[str, option("--color", choices=COLORS, help="Colour the terminal's report.")] = "auto",
            plugin: Annotated[
                list[Path] | None, option("--plugin", metavar="FILE", help="Load a plugin file too; repeatable.")
            ] = None,
            verbose: Annotated[bool, option("-v", "--verbose", help="List every file and reviewer.")] = False,
            quiet: Annotated[bool, option("-q", "--quiet", help="Say nothing on stderr but errors.")] = False,
        ) -> int:
            """Review a change: by default all that differs from the default branch, uncommitted work included.

            Exit codes: 0 done, 1 a comment reaches --fail-on, 2 an error, 3 the review is incomplete.
            """
            from hunkwise.commands.plugin_files import load_with_files
            from hunkwise.commands.review_run import Asked, run
            from hunkwise.core.errors import UsageError
            from hunkwise.core.ports import Request

            if color not in COLORS:
                raise UsageError(f"--color: expected one of {', '.join(COLORS)}")
            if (post or dry_run) and pr is None:
                raise UsageError(f"{'--post' if post else '--dry-run'} needs --pr: say to which pull request")
            if pr is not None and own:
                raise UsageError("--own: a pull request is another's; check it out and review it here to trust it")
            given = {
                "fail_on": fail_on,
                "max_comments": max_comments,
                "floor": floor,
                "focus": focus,
                "focus_mode": "thorough" if thorough else None,
                "only": _names(only),
                "skip": _names(skip),
                "filter_mode": filter_mode,
                "analyzers": False if no_analyzers else None,
                "llm": False if no_llm else None,
                "model": model,
                "trust_model": trust_model or None,
                "allow_incomplete": allow_incomplete or None,
            }
            at_root = context.parent.params.get("plugin") if context.parent else None
            asked = Asked(
                request=Request(
                    directory=str(directory),
                    base=base,
                    head=head,
                    staged=staged,
                    working=working,
                    diff=diff,
                    pr=pr,
                    full=full,
                ),
                post=post,
                dry_run=dry_run,
                own=own,
                command_line={name: value for name, value in given.items() if value is not None},
                form=form,
                output=output,
                manifest=manifest,
                color=color,
                explain=explain,
                verbose=verbose,
                quiet=quiet,
            )
            return run(asked, load_with_files((*(at_root or ()), *plugin)) if plugin else context.obj)


@hookimpl
def hunkwise_commands() -> "Sequence[Command]":
    """Return the verb."""
    return (Review(),)


def _names(given: Sequence[str] | None) -> tuple[str, ...] | None:
    if not given:
        return None
    return tuple(name.strip() for word in given for name in word.split(",") if name.strip())
