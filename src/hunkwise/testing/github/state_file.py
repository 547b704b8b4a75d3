"""The state as a JSON file, so that another process can go on with it or look at it."""

from pathlib import Path

from hunkwise.testing.github.state import State


def to_json(state: State) -> bytes:
    """Return the state as JSON."""
    from pydantic import TypeAdapter

    return TypeAdapter(State).dump_json(state, indent=1)


def write_state(path: Path, state: State) -> None:
    """Write the state, at once or not at all."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(to_json(state))
    beside.replace(path)


def read_state(path: Path) -> State:
    """Read a state that was written; raises ValueError, naming the file, for anything else."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(State).validate_json(path.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{path} holds no state of the fake GitHub: {error}") from error
