"""The settings that hold for what is checked out in a directory."""

from collections.abc import Mapping

from hunkwise.core.errors import NoRepository
from hunkwise.settings import ConfigFile, Settings, load_config, repository_file, user_file


def effective_settings(directory: str, environ: Mapping[str, str]) -> Settings:
    """Return the settings of the repository around a directory, or without one, the user's alone."""
    return load_config(repository=checked_out_file(directory), user=user_file(), environ=environ)


def checked_out_file(directory: str) -> ConfigFile | None:
    """Return the configuration in the working tree around a directory, if there is one."""
    from hunkwise.workspace.git import open_repository

    try:
        root = open_repository(directory).work_tree
    except NoRepository:
        return None
    return repository_file(lambda path: (root / path).read_bytes(), is_foreign=False) if root else None
