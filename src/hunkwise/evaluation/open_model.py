"""Open the model that a user names, by the first backend that knows it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from hunkwise.core.errors import UsageError
from hunkwise.core.reader_ports import LanguageModel, ModelRequest
from hunkwise.plugins.facade import Plugins


def open_model(
    plugins: Plugins,
    reference: str,
    models: Path,
    environ: Mapping[str, str],
    threads: int = 0,
    tell: Callable[[str], None] = lambda text: None,
) -> LanguageModel:
    """Return the model, ready to be asked; raise ModelError where it is bad, UsageError where nobody knows it."""
    request = ModelRequest(reference=reference, directory=str(models), environ=environ, threads=threads, tell=tell)
    for backend in plugins.backends():
        model = backend.open(request)
        if model is not None:
            return model
    raise UsageError(f"no backend knows the model {reference!r}; `hunkwise model list` shows the models at hand")
