from typing import Annotated

import pytest
import typer

from hunkwise.commands.plugins import PluginsCommand
from hunkwise.testing import check_command


class Command:
    """Says hello."""

    name = "hello"

    def add(self, app):
        app.command("hello")(lambda: print("hello"))


def adding(name, function=lambda: None):
    return {"add": lambda self, app: app.command(name)(function) and None}


def unreadable(value: Annotated[str, typer.Option(), typer.Argument()]) -> None:
    """A verb whose argument is an option too."""


BROKEN = {
    "adds nothing": ({"add": lambda self, app: None}, "hello.add adds no verb; its name says hello"),
    "adds another": (adding("bye"), "hello.add adds bye; its name says hello"),
    "raises": ({"add": lambda self, app: 1 / 0}, "hello.add raised on an application: ZeroDivisionError"),
    "cannot be built": (adding("hello", unreadable), "raised on building its verb: MultipleTyperAnnotationsError"),
}


def test_good_commands_pass():
    """A command and a group that keep the rules pass."""
    check_command(Command())
    check_command(PluginsCommand())


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_command_is_told(case):
    """Each rule that a command breaks is an AssertionError that says which."""
    members, words = BROKEN[case]
    with pytest.raises(AssertionError, match=words):
        check_command(type("Changed", (Command,), members)())


def test_a_help_that_raises_is_told():
    """A verb whose help cannot be shown is refused."""

    def add(self, app):
        def refuse(value: bool) -> None:
            raise typer.Exit(3)

        @app.command("hello", context_settings={"help_option_names": []})
        def hello(flag: bool = typer.Option(False, "--help", is_eager=True, callback=refuse)) -> None: ...

    with pytest.raises(AssertionError, match="`hello --help` ends with 3"):
        check_command(type("Changed", (Command,), {"add": add})())
