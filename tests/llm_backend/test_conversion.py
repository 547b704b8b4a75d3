import json
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from random_llama import make_llama

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.conversion import check_quantization, convert, weights_of
from hunkwise.llm_backend.formats import convert_path, name_for
from hunkwise.llm_backend.huggingface import read_huggingface
from hunkwise.llm_backend.store import ModelFolder, open_folder


def quiet(stage: str, done: int, count: int) -> None:
    """Tell nobody."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of a model as Code Llama is."""
    return make_llama(tmp_path / "CodeLlama-7b-Instruct-hf")[0]


def converted(folder: Path, store: Path, name: str = "small", quantization: str = "int8") -> ModelFolder:
    return convert_path(folder, store, name=name, quantization=quantization, tell=quiet)


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def test_the_folder_is_whole(folder, tmp_path):
    """What is converted can be opened, and says where it comes from and how it is stored."""
    model = converted(folder, tmp_path / "store")
    assert model == open_folder(tmp_path / "store/small")
    assert ("small", "llama", "int8", 16384, "<s>", ("</s>",)) == (
        model.name,
        model.architecture,
        model.quantization,
        model.context_length,
        model.bos,
        model.eos,
    )
    assert "Hugging Face folder CodeLlama-7b-Instruct-hf" == model.source
    assert "[INST]" in model.chat_template


def test_the_same_bytes_come_twice(folder, tmp_path):
    """A conversion depends on its source and on nothing else."""
    first = converted(folder, tmp_path / "one")
    second = converted(folder, tmp_path / "two")
    assert contents(first.path) == contents(second.path)


def test_the_identity_changes_with_the_weights(folder, tmp_path):
    """Another rounding or another tokenizer makes another model; another name does not."""
    store = tmp_path / "store"
    first = converted(folder, store)
    assert first.identity == converted(folder, store, "other").identity
    assert first.identity != converted(folder, store, quantization="float32").identity
    said = json.loads((folder / "tokenizer.json").read_text())
    (folder / "tokenizer.json").write_text(json.dumps(said, indent=2))
    assert first.identity != converted(folder, store).identity


def test_progress_is_told(folder, tmp_path):
    """Each tensor is told once, up to the last."""
    told = []
    convert_path(folder, tmp_path, name="m", quantization="int8", tell=lambda *one: told.append(one))
    tensors = [done for stage, done, _ in told if stage == "converting tensors"]
    assert sorted(tensors) == tensors
    assert 9 * 3 + 3 == tensors[-1] == told[0][2]
    assert "checking" == told[-1][0]


def test_the_weights_are_counted():
    """The count that free space is asked for is what Code Llama's paper calls 7B."""
    from hunkwise.llm_backend.llama import Shape

    shape = Shape(
        layers=32, heads=32, heads_kv=32, head_size=128, width=4096, feed_forward=11008, vocabulary=32016,
        context_length=16384, epsilon=1e-5, rope_base=1e6, rotary=128, is_interleaved=False, is_tied=False,
    )  # fmt: skip
    assert 6.73e9 < weights_of(shape) < 6.75e9


def test_a_failed_conversion_leaves_what_was_there(folder, tmp_path):
    """A model stays as it was where one of its name could not be converted, and nothing half stays beside it."""
    store = tmp_path / "store"
    before = contents(converted(folder, store).path)
    said = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**said, "num_hidden_layers": 4}))
    with pytest.raises(ModelError, match=r"has no tensor model\.layers\.3"):
        converted(folder, store)
    assert before == contents(store / "small")
    assert [".small.lock", "small"] == sorted(path.name for path in store.iterdir())


def test_a_killed_conversion_is_no_model(folder, tmp_path):
    """What a kill leaves behind is not taken for a model, and the next conversion clears it away."""
    store = tmp_path / "store"
    script = (
        "import sys, time; from pathlib import Path; from hunkwise.llm_backend.formats import convert_path\n"
        "def tell(*said):\n    print(*said, flush=True); time.sleep(60 if said[1] > 3 else 0)\n"
        "convert_path(Path(sys.argv[1]), Path(sys.argv[2]), name='small', quantization='int8', tell=tell)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(folder), str(store)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    while not process.stdout.readline().startswith(b"converting tensors 4"):
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert (store / ".small.partial").is_dir()
    assert not (store / "small").exists()
    assert converted(folder, store).path == store / "small"
    assert [".small.lock", "small"] == sorted(path.name for path in store.iterdir())


def test_a_full_disk_is_said(folder, tmp_path):
    """Where a file cannot be written whole, the folder is named, and nothing is left behind."""
    script = (
        "import resource, sys; from pathlib import Path; from hunkwise.core.errors import ModelError\n"
        "from hunkwise.llm_backend.formats import convert_path\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "folder, store = map(Path, sys.argv[1:])\n"
        "try:\n    convert_path(folder, store, name='m', quantization='int8', tell=lambda *_: None)\n"
        "except ModelError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder), str(tmp_path / "store")], capture_output=True)
    assert done.stdout.decode().startswith(f"m: cannot write to the models folder {tmp_path / 'store'}: "), done.stderr
    assert [".m.lock"] == [path.name for path in (tmp_path / "store").iterdir()]


def test_a_folder_that_cannot_be_written_is_said(folder, tmp_path):
    """A file where the store should be is named."""
    (tmp_path / "store").touch()
    with pytest.raises(ModelError, match="cannot write to the models folder"):
        converted(folder, tmp_path / "store")


def test_too_little_space_is_said_first(folder, tmp_path):
    """What the model needs is compared with what is free, before anything is read."""
    from dataclasses import replace

    source = read_huggingface(folder, name="vast")
    vast = replace(source, shape=replace(source.shape, layers=10**9))
    with pytest.raises(ModelError, match=r"has [\d.]+ GB left, and the model needs [\d.]+ GB"):
        convert(vast, tmp_path / "store", quantization="int8", tell=quiet)


def test_conversions_of_one_name_wait_for_each_other(folder, tmp_path):
    """Two at once give one whole model."""
    script = (
        "import sys; from pathlib import Path; from hunkwise.llm_backend.formats import convert_path\n"
        "convert_path(Path(sys.argv[1]), Path(sys.argv[2]), name='m', quantization='int8', tell=lambda *_: None)\n"
    )
    command = [sys.executable, "-c", script, str(folder), str(tmp_path / "store")]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate()[1] for process in both]
    assert [b"", b""] == said
    assert "m" == open_folder(tmp_path / "store/m").name


@pytest.mark.parametrize("name", ["..", "a/b", ".hidden"])
def test_a_name_is_one_plain_part_of_a_path(folder, tmp_path, name):
    """A name that leads out of the store is refused."""
    with pytest.raises(ModelError, match="cannot be the name of a model"):
        converted(folder, tmp_path / "store", name)


def test_an_unknown_quantization_is_said():
    """Those that there are are named."""
    with pytest.raises(ModelError, match="no quantization 'int4'; there are int8, int8_float16, float16, float32"):
        check_quantization("int4")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("models/CodeLlama-7b-Instruct-hf", "codellama-7b-instruct"),
        ("SmolLM2-135M-Instruct.Q4_1.gguf", "smollm2-135m-instruct.q4_1"),
        ("My Model (v2)", "my-model-v2"),
    ],
)
def test_a_name_comes_from_the_path(path, expected):
    """Without a name a model is called like its folder or file."""
    assert expected == name_for(Path(path))


def test_a_converted_folder_is_not_converted_again(folder, tmp_path):
    """It can be named as it is, and that is said."""
    model = converted(folder, tmp_path / "store")
    with pytest.raises(ModelError, match="is converted already; name it as it is: --model"):
        converted(model.path, tmp_path / "store")


@pytest.mark.parametrize(("name", "expected"), [("nothing", "no such folder or file"), ("x.txt", "is no GGUF file")])
def test_what_is_no_model_is_said(tmp_path, name, expected):
    """A path without a model is refused."""
    (tmp_path / "x.txt").touch()
    with pytest.raises(ModelError, match=expected):
        converted(tmp_path / name, tmp_path / "store")
    with pytest.raises(ModelError, match=r"is no Hugging Face model: it has no config\.json"):
        converted(tmp_path, tmp_path / "store")


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_another_architecture_names_the_extra(folder, tmp_path):
    """A model that is no Llama needs transformers and torch, and how to get them is said."""
    said = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**said, "architectures": ["GPTBigCodeForCausalLM"]}))
    with pytest.raises(ModelError, match=r'a GPTBigCodeForCausalLM, .* pip install "hunkwise\[convert\]"'):
        converted(folder, tmp_path / "store")
    assert not (tmp_path / "store").exists()
