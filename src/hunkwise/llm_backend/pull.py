"""Fetch a model that Hunkwise knows, with pip or uv, and convert it."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from hunkwise.core.errors import ModelError, ToolError
from hunkwise.llm_backend.conversion import Tell, convert
from hunkwise.llm_backend.known import KNOWN, KnownModel
from hunkwise.llm_backend.store import ModelFolder, open_folder
from hunkwise.workspace.process import Stop, run_process

TIMEOUT = 1800.0
SAID = 400


def known_model(name: str) -> KnownModel:
    """Return the known model of that name; ModelError, naming those that are known, where there is none."""
    models = {one.name: one for one in KNOWN}
    if name not in models:
        near = get_close_matches(name.lower(), models, n=1)
        rest = f"did you mean {near[0]!r}? It knows" if near else "it knows"
        raise ModelError(
            f"Hunkwise does not know where to fetch a model {name!r}; {rest} {', '.join(models)}; any other is "
            "converted from its files: `hunkwise model convert FOLDER`"
        )
    return models[name]


def pull(
    name: str, directory: Path, environ: Mapping[str, str], *, again: bool, tell: Tell, stop: Stop | None = None
) -> tuple[ModelFolder, bool]:
    """Return a known model of the store, fetched and converted if it is not there whole, and whether that was done.

    environ: for the client, whole, since proxies and indexes are configured there. again: fetch it in any case.
    """
    known = known_model(name)
    if not again:
        try:
            return open_folder(directory / known.name), False
        except ModelError:
            pass
    if known.steps:
        steps = "".join(f"\n  {step}" for step in known.steps)
        raise ModelError(
            f"{known.name} is not fetched for you, since its licence ({known.licence}) is between you and who gives it "
            f"out; these commands make it:{steps}"
        )
    try:
        with TemporaryDirectory(prefix="hunkwise-model-") as folder:
            fetched = fetch(known, Path(folder), environ, tell=tell, stop=stop)
            return _convert(known, fetched, directory, tell), True
    except OSError as error:
        raise ModelError(f"{known.name} could not be fetched: {error}") from error


def fetch(known: KnownModel, folder: Path, environ: Mapping[str, str], *, tell: Tell, stop: Stop | None = None) -> Path:
    """Unpack the wheel of a known model into a folder, its hash checked by the client, and return where it is.

    Nothing of it is imported or run, and nothing that it depends on is fetched.
    """
    pin = f"{known.package}=={known.version}"
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{pin} --hash=sha256:{known.sha256}\n", encoding="utf-8")
    target = folder / "wheel"
    tell(f"fetching {pin}", 0, 1)
    options = ("--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:")
    for argv in _calls(folder, environ, (*options, "--target", str(target), "-r", str(requirements))):
        try:
            result = run_process(argv, cwd="/", env=environ, timeout=TIMEOUT, name=known.name, stop=stop)
        except ToolError as error:
            raise ModelError(f"{pin} could not be fetched: {error}") from error
        if result.exit_code:
            words = " ".join((result.stderr or result.stdout).decode("utf-8", "replace").split())
            said = words if len(words) <= SAID else f"{words[: SAID // 2]} … {words[-SAID // 2 :]}"
            raise ModelError(
                f"{known.name}: {pin} could not be fetched with {Path(argv[0]).name}, which ended with exit code "
                f"{result.exit_code}: {said or 'it said nothing'}; is there a network, and does the index have it?"
            )
    if not (target / known.file).is_file():
        raise ModelError(f"{known.name}: {pin} does not hold {known.file}")
    return target


def _convert(known: KnownModel, wheel: Path, directory: Path, tell: Tell) -> ModelFolder:
    from hunkwise.llm_backend.gguf_file import read_gguf

    tell("reading", 0, 1)
    origin = f"Python package {known.package} {known.version}"
    source = read_gguf(wheel / known.file, name=known.name, origin=origin)
    licence = {"LICENSE": (wheel / known.licence_file).read_bytes()}
    return convert(replace(source, files=licence), directory, quantization=known.quantization, tell=tell)


def _calls(folder: Path, environ: Mapping[str, str], arguments: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    path = environ.get("PATH")
    if uv := shutil.which("uv", path=path):
        yield (uv, "pip", "install", "--python", sys.executable, *arguments)
        return
    options = ("--no-input", "--disable-pip-version-check", "--no-compile")
    python = sys.executable
    if find_spec("pip") is None:
        home = folder / "venv"
        python = str(home / "bin" / "python")
        yield (sys.executable, "-m", "venv", str(home))
    yield (python, "-m", "pip", "install", *options, *arguments)
