"""A real server of llama.cpp, built by scripts/llama, with the embedded model's own weights."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from record_openai import LONG, TASK

from hunkwise.core.errors import ModelError
from hunkwise.core.reader_ports import ModelRequest
from hunkwise.core.reading import WriteJob
from hunkwise.llm_backend.openai import OpenAI
from hunkwise.testing import check_backend, make_task

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
HOME = Path(os.environ.get("HUNKWISE_LLAMA_DIR", ROOT / ".llama"))
PYTHON = HOME / "bin" / "python"
START = 120


@pytest.fixture(scope="session", params=["with logits", "without logits"])
def url(request, embedded_source, tmp_path_factory):
    """Return the address of a server that is started for the tests."""
    if not PYTHON.exists():
        pytest.skip(f"llama.cpp's server is not in {HOME}; scripts/llama builds it")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--host", "127.0.0.1", "--port", str(port), "--model", str(embedded_source), "--model_alias", "smollm2"]
    options += ["--n_ctx", "2048", "--n_threads", "1", "--logits_all", str(request.param == "with logits").lower()]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [PYTHON, "-m", "llama_cpp.server", *options], stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            if server.poll() is not None:
                pytest.fail(f"the server ended with {server.returncode}: {log.read_text(errors='replace')[-2000:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def request_for(url):
    return ModelRequest(reference=f"{url}#smollm2", directory="/nowhere")


def test_the_contract_holds(url):
    """The conformance kit passes against the real server."""
    check_backend(OpenAI(), request_for(url))


def test_readings_and_texts_are_about_the_task(url):
    """Each reading has a probability for each line of its task, and a text is written for any of them."""
    model = OpenAI().open(request_for(url))
    try:
        readings = model.locate([TASK, LONG])
        texts = model.write(
            [WriteJob(task=TASK, place=1, claim="Mutable default argument"), WriteJob(task=LONG, place=3)]
        )
    finally:
        model.close()
    for task, reading in zip((TASK, LONG), readings, strict=True):
        assert len(reading.probabilities) == len(task.places)
        assert sum(reading.probabilities) + reading.none == pytest.approx(1)
        assert reading.tokens > 50
    assert all(written.text and 0 < written.tokens <= 96 for written in texts)


def test_tokens_are_counted_by_the_server(url):
    """The real tokenizer counts, and special tokens' own counts are left out."""
    model = OpenAI().open(request_for(url))
    try:
        assert model.count_tokens("") == 0
        assert model.count_tokens("def f(x):") in range(4, 8)
    finally:
        model.close()


def test_a_prompt_that_is_too_long_is_told(url):
    """What does not fit the server's context is an error that says so."""
    model = OpenAI().open(request_for(url))
    try:
        with pytest.raises(ModelError, match="maximum context length is 2048"):
            model.write([WriteJob(task=make_task("", "value = compute(1, 2, 3)\n" * 400), place=1)])
    finally:
        model.close()
