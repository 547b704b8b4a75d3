import json
from pathlib import Path
from typing import Any

import pytest

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.store import FILES, default_directory, find_model, folders, open_folder, remove


def make_model(path: Path, **changes: Any) -> Path:
    """Write a folder that looks like a converted model; None as a change leaves that key out."""
    path.mkdir(parents=True)
    for file in FILES:
        (path / file).write_text(f"content of {file}")
    said = {
        "schema": 1,
        "name": path.name,
        "identity": "ab" * 32,
        "architecture": "llama",
        "quantization": "int8",
        "context_length": 8192,
        "bos": "<s>",
        "eos": ["</s>"],
        "licence": "apache-2.0",
        "source": "a test",
        "files": {file: (path / file).stat().st_size for file in FILES},
        **changes,
    }
    marker = {key: value for key, value in said.items() if value is not None}
    (path / "hunkwise.json").write_text(json.dumps(marker))
    return path


def test_a_folder_says_what_its_model_is(tmp_path):
    """Opened, a model folder gives what was written at its conversion, and what it takes on disk."""
    model = open_folder(make_model(tmp_path / "tiny"))
    assert ("tiny", "llama", 8192, "<s>", ("</s>",)) == (
        model.name,
        model.architecture,
        model.context_length,
        model.bos,
        model.eos,
    )
    assert "content of chat_template.jinja" == model.chat_template
    assert sum(len(f"content of {file}") for file in FILES) == model.size


def test_a_model_is_found_by_name_or_path(tmp_path):
    """A name is looked up in the store, a path is taken as it is, and what is neither is not found."""
    make_model(tmp_path / "store/tiny")
    elsewhere = make_model(tmp_path / "elsewhere/mine")
    assert tmp_path / "store/tiny" == find_model("tiny", tmp_path / "store").path
    assert elsewhere == find_model(str(elsewhere), tmp_path / "store").path
    assert None is find_model("large", tmp_path / "store")
    assert None is find_model("", tmp_path / "store")
    assert None is find_model("tiny", tmp_path / "no-store")


def test_a_truncated_file_is_said(tmp_path):
    """A model whose weights were cut off is refused by their size, with both numbers and the way out."""
    model = make_model(tmp_path / "tiny")
    (model / "model.bin").write_text("cont")
    with pytest.raises(ModelError, match=r"tiny is broken: model.bin has 4 bytes instead of 20; .*hunkwise model rm"):
        open_folder(model)


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_said(tmp_path, file):
    """Each file of a model folder is needed, and named where it is not there."""
    model = make_model(tmp_path / "tiny")
    (model / file).unlink()
    with pytest.raises(ModelError, match=rf"{file} is missing; `hunkwise model rm tiny`"):
        open_folder(model)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"schema": 2}, "has schema 2, and this Hunkwise reads 1"),
        ({"files": None}, "does not name its files"),
        ({"eos": []}, "lacks `eos`"),
        ({"identity": None}, "lacks `identity`"),
        ({"context_length": "long"}, "`context_length`"),
    ],
)
def test_a_broken_marker_is_said(tmp_path, changes, expected):
    """What hunkwise.json does not say, or says for another version, is named."""
    with pytest.raises(ModelError, match=expected):
        open_folder(make_model(tmp_path / "tiny", **changes))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_marker_that_is_no_json_is_said(tmp_path, content):
    """Half a hunkwise.json is a broken folder, not a crash."""
    model = make_model(tmp_path / "tiny")
    (model / "hunkwise.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"is broken: hunkwise\.json"):
        open_folder(model)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (("config.json", "model-00001-of-00002.safetensors"), "holds a Hugging Face model; `hunkwise model convert"),
        (("model.bin", "config.json"), "its tokens are unknown; convert its source"),
        (("README.md",), "`hunkwise model pull` and `hunkwise model convert` make folders"),
    ],
)
def test_another_folder_is_told_apart(tmp_path, files, expected):
    """A folder that is no converted model is refused with what to do about that kind of folder."""
    for file in files:
        (tmp_path / file).touch()
    with pytest.raises(ModelError, match=expected):
        open_folder(tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path):
    """No folder, no model."""
    with pytest.raises(ModelError, match=r"no such folder; `hunkwise model list`"):
        open_folder(tmp_path / "tiny")


def test_the_store_has_folders_of_models(tmp_path):
    """Broken ones are among them, hidden ones and files are not."""
    make_model(tmp_path / "b")
    make_model(tmp_path / "a")
    make_model(tmp_path / ".a.partial")
    (make_model(tmp_path / "broken") / "model.bin").unlink()
    (tmp_path / "file").touch()
    assert ["a", "b", "broken"] == [path.name for path in folders(tmp_path)]
    assert () == folders(tmp_path / "nowhere")


def test_a_model_is_removed(tmp_path):
    """A broken model can be removed as well as a whole one; what is no model stays."""
    (make_model(tmp_path / "broken") / "hunkwise.json").unlink()
    (tmp_path / "photos").mkdir()
    remove("broken", tmp_path)
    with pytest.raises(ModelError, match="is no model of Hunkwise's"):
        remove("photos", tmp_path)
    assert ["photos"] == [path.name for path in folders(tmp_path)]


@pytest.mark.parametrize("name", ["", ".", "..", "../other", "tiny/..", ".hidden", "/"])
def test_nothing_outside_the_store_is_removed(tmp_path, name):
    """A name is one plain part of a path, so that it leads nowhere else."""
    make_model(tmp_path / "other")
    make_model(tmp_path / "store/tiny")
    make_model(tmp_path / "store/.hidden")
    with pytest.raises(ModelError, match="there are: tiny"):
        remove(name, tmp_path / "store")
    assert (tmp_path / "other/model.bin").is_file()


def test_a_link_is_removed_and_not_what_it_leads_to(tmp_path):
    """A model that lies elsewhere stays there."""
    model = make_model(tmp_path / "elsewhere/tiny")
    (tmp_path / "store").mkdir()
    (tmp_path / "store/tiny").symlink_to(model)
    remove("tiny", tmp_path / "store")
    assert model.is_dir()
    assert () == folders(tmp_path / "store")


def test_the_store_is_where_the_environment_says(tmp_path):
    """HUNKWISE_MODELS_DIR comes first, then the user's data directory."""
    assert Path("/models") == default_directory({"HUNKWISE_MODELS_DIR": "/models", "XDG_DATA_HOME": "/data"})
    assert Path("/data/hunkwise/models") == default_directory({"XDG_DATA_HOME": "/data"})
    assert Path.home() / ".local/share/hunkwise/models" == default_directory({"XDG_DATA_HOME": "relative"})
