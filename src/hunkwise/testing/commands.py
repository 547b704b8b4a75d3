"""Check that a command keeps its contract."""

from hunkwise.core.ports import Command
from hunkwise.testing.words import called, require, require_shape


def check_command(command: Command) -> None:
    """Require that it adds the verb of its name, which explains itself on `--help`; raises AssertionError in words."""
    import typer
    from typer.main import get_command
    from typer.testing import CliRunner

    name = require_shape("hunkwise_commands", command)
    app = typer.Typer()
    app.callback()(lambda: None)
    called(f"{name}.add", "an application", lambda: command.add(app))
    root = called(f"{name}.add", "building its verb", lambda: get_command(app))
    verbs = getattr(root, "commands", {})
    require(name in verbs, f"{name}.add adds {', '.join(verbs) or 'no verb'}; its name says {name}")
    outcome = CliRunner().invoke(app, [name, "--help"])
    require(outcome.exit_code == 0, f"`{name} --help` ends with {outcome.exit_code}: {outcome.output.strip()}")
