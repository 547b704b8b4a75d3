import json

import numpy as np
import pytest
from random_llama import save

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.safetensors_files import find_tensors, read_tensor

WEIGHTS = {
    "a.weight": np.array([[1.0, -2.5], [3.25e-3, 65504.0], [0.0, -0.0]], np.float32),
    "b.weight": np.linspace(-3, 3, 7, dtype=np.float32),
}


@pytest.mark.parametrize("kind", ["float32", "float16", "bfloat16"])
def test_tensors_come_back_as_float32(tmp_path, kind):
    """Each type is read to exactly the values that it holds."""
    kept = save(WEIGHTS, tmp_path / "model.safetensors", kind)
    places = find_tensors(tmp_path)
    assert set(WEIGHTS) == set(places)
    for name, expected in kept.items():
        actual = read_tensor(places[name])
        assert np.float32 == actual.dtype
        np.testing.assert_array_equal(expected, actual)


def test_shards_are_those_of_the_index(tmp_path):
    """With an index its shards are read, and no other file."""
    save({"a.weight": WEIGHTS["a.weight"]}, tmp_path / "model-00001-of-00002.safetensors")
    save({"b.weight": WEIGHTS["b.weight"]}, tmp_path / "model-00002-of-00002.safetensors")
    save({"c.weight": WEIGHTS["b.weight"]}, tmp_path / "consolidated.safetensors")
    shards = {"a.weight": "model-00001-of-00002.safetensors", "b.weight": "model-00002-of-00002.safetensors"}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    assert {"a.weight", "b.weight"} == set(find_tensors(tmp_path))


def test_a_missing_shard_is_named(tmp_path):
    """A download that stopped half way is said before anything is converted."""
    save(WEIGHTS, tmp_path / "model-00001-of-00002.safetensors")
    shards = {"a.weight": "model-00001-of-00002.safetensors", "c.weight": "model-00002-of-00002.safetensors"}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    with pytest.raises(ModelError, match=r"lacks 1 of 2 shards: model-00002-of-00002.safetensors; fetch them"):
        find_tensors(tmp_path)


@pytest.mark.parametrize("index", ["", "[]", '{"weight_map": 3}', "{}"])
def test_a_broken_index_is_said(tmp_path, index):
    """An index that is not one is named."""
    (tmp_path / "model.safetensors.index.json").write_text(index)
    with pytest.raises(ModelError, match=r"index.json cannot be read: .+; fetch it anew"):
        find_tensors(tmp_path)


@pytest.mark.parametrize("kept", [0, 5, 40, -1])
def test_a_file_that_is_cut_off_is_said(tmp_path, kept):
    """Wherever a file ends too early, in its header or in its last tensor, it is named."""
    file = tmp_path / "model.safetensors"
    save(WEIGHTS, file)
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"model.safetensors (is cut off|is no safetensors file|cannot be read)"):
        find_tensors(tmp_path)


@pytest.mark.parametrize(
    "header",
    [
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}},
        {"a": {"dtype": "F32", "shape": [1], "data_offsets": [-4, 0]}},
        {"a": {"dtype": "F32", "shape": [1]}},
        {"a": {"dtype": "F32", "shape": "x", "data_offsets": [0, 4]}},
        {"a": 3},
    ],
)
def test_a_header_that_lies_is_refused(tmp_path, header):
    """A tensor that does not fit its bytes, or says no bytes, is no reason to read elsewhere, or to crash."""
    text = json.dumps(header).encode()
    (tmp_path / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + bytes(64))
    with pytest.raises(ModelError, match=r"model.safetensors (is broken|is cut off|cannot be read)"):
        find_tensors(tmp_path)


def test_pickles_are_not_read(tmp_path):
    """A folder with pickled weights only is refused, and why."""
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(ModelError, match=r"pickles, which can run code and are not read; fetch the \*.safetensors"):
        find_tensors(tmp_path)
