"""The empty databases that benchmarks of the server run on."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hunkwise.testing.postgres import cluster


@contextmanager
def database_url(name: str) -> Iterator[str]:
    """Yield the address of an empty database."""
    if name == "postgresql":
        with cluster() as running:
            yield running.database()
        return
    # where the disk is, and not the memory that /tmp may be
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        yield f"sqlite:///{folder}/server.sqlite"
