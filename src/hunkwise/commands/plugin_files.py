"""Load plugins with the files that the command line and the user's own configuration name."""

from collections.abc import Sequence
from pathlib import Path

from hunkwise.core.model import Failure
from hunkwise.plugins.manager import Plugins, guarded, load_plugins
from hunkwise.settings import ConfigFile, user_file, user_plugins

CONFIG = "configuration"


def load_with_files(files: Sequence[Path] = ()) -> Plugins:
    """Return all plugins; a bad file in the user's configuration is a failure among them, a bad argument an error."""
    failures = []
    configured: tuple[Path, ...] = ()
    user = guarded(CONFIG, "load", user_file)
    found = guarded(CONFIG, "load", lambda: user_plugins(user)) if isinstance(user, ConfigFile) else user
    if isinstance(found, Failure):
        failures.append(found)
    elif found:
        configured = tuple(file for file in found if file.is_file())
        failures += [
            Failure(who=file.stem, stage="load", message=f"plugin file {file} does not exist", hint=f"see {user.path}")
            for file in found
            if file not in configured and isinstance(user, ConfigFile)
        ]
    plugins = load_plugins((*configured, *files))
    plugins.failures.extend(failures)
    return plugins
