"""The port of verbs; apart from the others, so that start-up does not pay for those."""

from typing import Any, Protocol


class Command(Protocol):
    """A verb of the command line, or a group of them."""

    name: str

    def add(self, app: Any) -> None:
        """Add the verb to the `typer.Typer` application; import what is heavy only when it is called."""
