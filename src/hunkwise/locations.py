"""Where the user's own files are."""

import os
from pathlib import Path


def config_path() -> Path:
    """Return the user's configuration file.

    That is `$HUNKWISE_CONFIG_FILE`, else `~/.config/hunkwise/config.toml`, or as `XDG_CONFIG_HOME` says.
    """
    if named := os.environ.get("HUNKWISE_CONFIG_FILE", ""):
        return Path(named).expanduser().absolute()
    # platformdirs would say the same on Linux, but costs as much to import as a whole Python to start
    given = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(given) if Path(given).is_absolute() else Path.home() / ".config"
    return folder / "hunkwise" / "config.toml"


def cache_path() -> Path:
    """Return the folder of what can be made again: `$HUNKWISE_CACHE_DIR`, else `~/.cache/hunkwise` or XDG's word."""
    if named := os.environ.get("HUNKWISE_CACHE_DIR", ""):
        return Path(named).expanduser().absolute()
    given = os.environ.get("XDG_CACHE_HOME", "")
    folder = Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
    return folder / "hunkwise"
