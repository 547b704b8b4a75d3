import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "llm_backend"))

from random_llama import make_llama

from hunkwise.core.card import dump_card
from hunkwise.core.reading import Gain, ModelCard


@pytest.fixture
def model(hunkwise, tmp_path):
    """Return a function that runs `hunkwise model` with a store of its own."""
    return lambda *args: hunkwise("model", *args, HUNKWISE_MODELS_DIR=str(tmp_path / "store"), COLUMNS="200")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a Hugging Face folder of a small model as Code Llama is."""
    return make_llama(tmp_path / "CodeLlama-7b-Instruct-hf")[0]


def test_an_empty_store_lists_what_can_be_had(model):
    """Known models are listed with the command that brings each."""
    code, out, _ = model("list")
    assert 0 == code
    assert "Bring smollm2-135m-instruct (small, for a CPU): hunkwise model pull smollm2-135m-instruct" in out
    assert (
        "Bring codellama-7b-instruct (for a GPU with 10 GB of memory): hunkwise model pull codellama-7b-instruct" in out
    )


def test_a_model_is_converted_listed_and_removed(model, folder, tmp_path):
    """From a folder to a model of the store and out again; stdout holds the list only."""
    code, out, err = model("convert", folder, "--name", "tiny", "--quantization", "int8_float16")
    assert (0, "") == (code, out)
    assert "tiny: converting tensors\ntiny: checking\n" in err
    assert f"(int8_float16), in {tmp_path / 'store/tiny'}" in err

    (row,) = [line for line in model("list")[1].splitlines() if line.lstrip().startswith("tiny")]
    assert ["tiny", "int8_float16"] == row.split()[:2]
    assert row.rstrip().endswith("not yet")

    assert 0 == model("rm", "tiny")[0]
    assert "tiny" not in model("list")[1].replace("tiny-", "")


def test_the_list_is_json_for_programs(model, folder):
    """Each model has its identity, its size and where it lies; one that is not there has none."""
    model("convert", folder)
    said = json.loads(model("list", "--json")[1])
    models = {one["name"]: one for one in said["models"]}
    there = models["codellama-7b-instruct"]
    assert ("int8", 16384, "llama") == (there["state"], there["context_length"], there["architecture"])
    assert 64 == len(there["identity"])
    assert there["size"] > 0
    assert ("not here", None, "apache-2.0") == tuple(
        models["smollm2-135m-instruct"][key] for key in ("state", "path", "licence")
    )


def test_a_card_is_summarised(model, folder, tmp_path):
    """What a model was measured to be good for stands in the list, also after the same conversion again."""
    model("convert", folder, "--name", "tiny")
    identity = json.loads((tmp_path / "store/tiny/hunkwise.json").read_text())["identity"]
    gain = Gain(value=0.0123, low=-0.01, high=0.03)
    card = ModelCard(model="tiny", identity=identity, location=gain, unusable=0.62, texts=50)
    (tmp_path / "store/tiny/card.json").write_text(dump_card(card))
    expected = "places add +0.012 [-0.010, +0.030], not used; 62% of 50 texts unusable, not shown"
    assert expected in model("list")[1]
    model("convert", folder, "--name", "tiny")
    assert expected in model("list")[1]
    model("convert", folder, "--name", "tiny", "--quantization", "float32")
    assert expected not in model("list")[1]


def test_a_broken_card_is_said(model, folder, tmp_path):
    """A card that cannot be read is no card, and the list says so."""
    model("convert", folder, "--name", "tiny")
    (tmp_path / "store/tiny/card.json").write_text("{")
    assert "card.json cannot be read: it is not JSON" in model("list")[1]


def test_a_broken_model_is_listed_with_the_way_out(model, folder, tmp_path):
    """A model that was cut off is shown as broken, in both forms, and why."""
    model("convert", folder, "--name", "tiny")
    weights = tmp_path / "store/tiny/model.bin"
    weights.write_bytes(weights.read_bytes()[:-1])
    code, out, _ = model("list")
    assert 0 == code
    assert "tiny is broken: model.bin has" in out
    assert "`hunkwise model rm tiny`" in out
    rows = {one["name"]: one for one in json.loads(model("list", "--json")[1])["models"]}
    assert "broken" == rows["tiny"]["state"]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("convert", "nowhere"), "nowhere: there is no such folder or file"),
        (("rm", "nothing"), "there is no model 'nothing' in "),
        (("pull", "unheard-of"), "does not know where to fetch a model 'unheard-of'"),
        (("pull", "codellama-7b-instruct"), "hf download codellama/CodeLlama-7b-Instruct-hf"),
        (("convert", ".", "--quantization", "int4"), "is no Hugging Face model"),
    ],
)
def test_what_cannot_be_done_is_one_clear_error(model, args, expected):
    """Whatever is wrong, the program ends with 2 and says it on stderr, without a traceback."""
    code, out, err = model(*args)
    assert (2, "") == (code, out)
    assert expected in err
    assert "Traceback" not in err


def test_the_names_are_looked_at_before_anything_is_fetched(model):
    """A wrong name among several stops the whole call at once."""
    code, _, err = model("pull", "smollm2-135m-instruct", "unheard-of")
    assert 2 == code
    assert "fetching" not in err
