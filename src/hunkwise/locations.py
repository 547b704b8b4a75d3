"""Where the user's own files are."""

import os
from pathlib import Path


def config_path() -> Path:
    """Return the user's configuration file: `~/.config/hunkwise/config.toml`, or as `XDG_CONFIG_HOME` says."""
    # platformdirs would say the same on Linux, but costs as much to import as a whole Python to start
    given = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(given) if Path(given).is_absolute() else Path.home() / ".config"
    return folder / "hunkwise" / "config.toml"
