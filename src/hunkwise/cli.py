"""The root of the command line: builds the application from the plugins' verbs and turns errors into exit codes."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.core.errors import HunkwiseError
from hunkwise.core.failure import Failure

if TYPE_CHECKING:
    import typer

    from hunkwise.plugins.manager import Plugins

PROGRAM = "hunkwise"
INTERRUPTED = 130
BROKEN_PIPE = 141
DEBUG_VARIABLE = "HUNKWISE_DEBUG"


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    raise SystemExit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Run the command line; return the exit code, having said on stderr what went wrong."""
    try:
        code = _invoke(list(argv))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_gone()
    except SystemExit as end:
        # typer ends with 1 then, which is taken
        if isinstance(end.__context__, BrokenPipeError):
            return _reader_gone()
        raise
    except HunkwiseError as error:
        if environ.get(DEBUG_VARIABLE):
            raise
        _complain(str(error))
    except Exception as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(str(error), file=sys.stderr)
        elif usage := _usage_message(error):
            _complain(usage)
        elif type(error).__name__ == "Abort":
            return INTERRUPTED
        elif environ.get(DEBUG_VARIABLE):
            raise
        else:
            _complain(f"{type(error).__name__}: {error}".splitlines()[0] + f"; {_log(error, argv)}")
    return 2


def build(plugins: "Plugins") -> "typer.Typer":
    """Return the application with the verbs of all plugins, sorted by name."""
    import typer

    from hunkwise.plugins.manager import guarded

    app = typer.Typer(
        name=PROGRAM,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Review a change: static analyzers on its lines, merged into few, well-placed comments.",
        epilog="`hunkwise VERB --help` shows what a verb takes.",
    )

    @app.callback()
    def root(
        context: typer.Context,
        version: Annotated[
            bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
        ] = False,
        plugin: Annotated[
            list[Path] | None, typer.Option("--plugin", metavar="FILE", help="Load a plugin file too; repeatable.")
        ] = None,
    ) -> None:
        context.obj = plugins

    for command in sorted(plugins.commands(), key=lambda one: one.name):

        def add(command: Any = command) -> None:
            command.add(app)

        outcome = guarded(command.name, "hunkwise_commands", add)
        if isinstance(outcome, Failure):
            plugins.failures.append(outcome)
    return app


def _invoke(argv: list[str]) -> int:
    from typer.main import get_command

    from hunkwise.commands.plugin_files import load_with_files

    plugins = load_with_files(_plugin_files(argv))
    command = get_command(build(plugins))
    code = command.main(args=argv, prog_name=PROGRAM, standalone_mode=False)
    return code if isinstance(code, int) else 0


def _plugin_files(argv: Sequence[str]) -> tuple[Path, ...]:
    """Return the files that `--plugin` names before the verb: they may bring the verb itself."""
    files, words = [], iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if name == "--plugin":
            files.append(Path(value if equals else next(words, "")))
        elif not word.startswith("-"):
            break
    return tuple(file for file in files if file.name)


def _reader_gone() -> int:
    # keep the interpreter from complaining when it flushes once more
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE


def _show_version(wanted: bool) -> None:
    if wanted:
        import platform
        from importlib.metadata import version

        import typer

        print(f"{PROGRAM} {version(PROGRAM)} (Python {platform.python_version()})")
        raise typer.Exit


def _usage_message(error: Exception) -> str:
    """Return the message of one of typer's own errors, with where to read more; empty for any other error."""
    describe = getattr(error, "format_message", None)
    if describe is None or not hasattr(error, "exit_code"):
        return ""
    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else PROGRAM
    return f"{' '.join(str(describe()).split()).rstrip('.')}; see `{where} --help`"


def _complain(message: str) -> None:
    from hunkwise.core.text import printable

    for line in message.split("\n"):
        print(f"{PROGRAM}: error: {printable(line)}", file=sys.stderr)


def _log(error: Exception, argv: Sequence[str]) -> str:
    """Write the traceback to a log file; return where it is, or why it is nowhere."""
    import platform
    import shlex
    import traceback
    from datetime import UTC, datetime
    from importlib.metadata import version

    from platformdirs import user_log_path

    now = datetime.now(UTC)
    head = f"{now.isoformat()} {PROGRAM} {version(PROGRAM)}, Python {platform.python_version()}, {platform.platform()}"
    text = "\n".join([head, shlex.join([PROGRAM, *argv]), *traceback.format_exception(error)])
    path = user_log_path(PROGRAM) / f"error-{now:%Y%m%d-%H%M%S}-{os.getpid()}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as failure:
        return f"no log could be written to {path.parent} ({failure.strerror}); {DEBUG_VARIABLE}=1 shows the traceback"
    return f"this is a fault of {PROGRAM} or of a plugin, and the traceback is in {path}"
