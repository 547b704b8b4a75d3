from collections.abc import Callable

import pytest

HOOK = "from hunkwise import hookimpl\n"


@pytest.fixture
def install(tmp_path, monkeypatch) -> Callable[..., None]:
    """Install a distribution of one module, as pip would, onto the path of this test."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def write(point: str, code: str, *, distribution: str = "", version: str = "1.0", module: str = "") -> None:
        module = module or f"plugin_{tmp_path.name}_{point}".replace("-", "_")
        (site / f"{module}.py").write_text(code)
        info = site / f"{distribution or point}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution or point}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[hunkwise]\n{point} = {module}\n")

    return write


@pytest.fixture
def write_plugin(tmp_path):
    """Write a single-file plugin."""

    def write(name: str, code: str):
        path = tmp_path / name
        path.write_text(code)
        return path

    return write
