"""Load plugins with the files that the command line and the user's own configuration name."""

from collections.abc import Sequence
from pathlib import Path

from hunkwise.core.failure import Failure
from hunkwise.locations import config_path
from hunkwise.plugins.manager import Plugins, guarded, load_plugins


def load_with_files(files: Sequence[Path] = ()) -> Plugins:
    """Return all plugins; a bad file in the user's configuration is a failure among them, a bad argument an error."""
    configured = guarded("configuration", "load", _configured)
    if isinstance(configured, Failure):
        plugins = load_plugins(files)
        plugins.failures.append(configured)
        return plugins
    plugins = load_plugins((*(file for file in configured if file.is_file()), *files))
    plugins.failures.extend(
        Failure(who=file.stem, stage="load", message=f"plugin file {file} does not exist", hint=f"see {config_path()}")
        for file in configured
        if not file.is_file()
    )
    return plugins


def _configured() -> tuple[Path, ...]:
    if not config_path().is_file():
        return ()
    from hunkwise.settings import user_file, user_plugins

    user = user_file()
    return user_plugins(user) if user else ()
