import hashlib
import math
import threading
import time

import pytest
from chat_server import ChatServer, Play, Recorded, completion, hang
from record_openai import LONG, SAMPLES, TASK, run

from hunkwise.core.card import CARD_NAME, dump_card
from hunkwise.core.errors import ModelError
from hunkwise.core.reader_ports import ModelRequest
from hunkwise.core.reading import ModelCard, Reading, WriteJob
from hunkwise.llm_backend.http.answers import SURE
from hunkwise.llm_backend.http.connection import Limits
from hunkwise.llm_backend.openai import OpenAI, card_folder
from hunkwise.testing import check_backend, make_task

CHAT = ("POST", "/v1/chat/completions")
KEY = "sk-secret-9Qx"
QUICK = Limits(connect=2, request=0.5, call=5, wait=0.05)
RECORDINGS = sorted(path.stem for path in SAMPLES.glob("*.json"))


def request_for(reference, **rest):
    return ModelRequest(reference=reference, directory="/nowhere", **rest)


@pytest.fixture
def serve(request):
    """Return a function that starts a server which answers chats so, and opens its model."""

    def start(chat=None, answers=None, *, environ=None, model="", limits=QUICK):
        server = ChatServer({CHAT: chat} | (answers or {}))
        request.addfinalizer(server.close)
        model = OpenAI(limits).open(request_for(server.url + model, environ=environ or {}))
        request.addfinalizer(model.close)
        return server, model

    return start


def by_labels(favoured):
    """Return a chat that gives one label most, if it is asked for and there is content."""

    def chat(body):
        is_empty = "..." in body["messages"][-1]["content"]
        others = {one: math.log(0.1) for one in "BCD0" if one != favoured}
        return completion(top={favoured: math.log(0.1 if is_empty else 0.6)} | others)

    return chat


# What a real server answered


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_real_servers_answers_are_read(name):
    """What llama.cpp answered to these requests becomes readings of the tasks' places, and texts."""
    with Recorded(SAMPLES / f"{name}.json").server() as server:
        model, count, readings, texts = run(server.url)
    assert 8 <= count <= 30
    assert model.context_length >= 2048
    for task, reading in zip((TASK, LONG), readings, strict=True):
        assert len(reading.probabilities) == len(task.places)
        assert sum(reading.probabilities) + reading.none == pytest.approx(1)
        assert all(0 < one < 1 for one in (*reading.probabilities, reading.none))
        assert reading.tokens > 50
    for written in texts:
        assert len(written.text) > 20 and written.read > 50 and 0 < written.tokens <= 96
        assert written.is_cut is (written.tokens == 96)


@pytest.mark.parametrize("name", RECORDINGS)
def test_recorded_answers_are_the_same_twice(name):
    """The same answers give the same readings and texts."""
    results = []
    for _ in range(2):
        with Recorded(SAMPLES / f"{name}.json").server() as server:
            results.append(run(server.url)[1:])
    assert results[0] == results[1]


def test_a_server_without_log_probabilities_names_labels():
    """A real server that keeps no logits is asked by a schema, and what it names is nearly sure."""
    with Recorded(SAMPLES / "llama-cpp-python-without-logits.json").server() as server:
        _, _, readings, _ = run(server.url)
        formats = [body["response_format"]["type"] for body in server.bodies() if "response_format" in body]
    assert all(max(*one.probabilities, one.none) == pytest.approx(SURE) for one in readings)
    assert formats[0] == "json_schema" and set(formats[1:]) == {"json_object"}


# How a server is asked


def test_the_contract_holds(serve):
    """The backend keeps the rules that every backend keeps."""
    server, _ = serve(by_labels("C"))
    check_backend(OpenAI(QUICK), request_for(server.url))


def test_the_favoured_line_is_found(serve):
    """The label that the model gives most is the place that has the highest probability, without its bias."""
    _, model = serve(by_labels("C"))
    (reading,) = model.locate([make_task()])
    assert reading.probabilities == pytest.approx((1 / 8, 6 / 8))
    assert (reading.none, reading.tokens) == (pytest.approx(1 / 8), 7)


def test_bias_is_asked_for_once(serve):
    """The prompt without content is sent once for each number of places, whatever is located."""
    server, model = serve(by_labels("C"))
    for _ in range(2):
        model.locate([make_task(), make_task(), make_task("", "x\ny\nz\n")])
    empty = [body for body in server.bodies() if "..." in body["messages"][-1]["content"]]
    assert len(empty) == 3
    assert len(server.bodies()) == 3 + 6


def test_requests_are_greedy_and_seeded(serve):
    """Every request asks for the same answer as the time before."""
    server, model = serve(by_labels("C"))
    model.locate([make_task()])
    model.write([WriteJob(task=make_task(), place=1)])
    assert {(body["temperature"], body["seed"], body["stream"], body["model"]) for body in server.bodies()} == {
        (0, 0, False, "tiny")
    }
    assert [body["max_tokens"] for body in server.bodies()] == [1, 1, 1, 96]


@pytest.mark.parametrize(("owner", "fields"), [("llamacpp", {"cache_prompt": False}), ("vllm", {})])
def test_llama_cpp_is_asked_not_to_use_its_cache(serve, owner, fields):
    """llama.cpp answers otherwise with a prompt half in its cache; no other server is sent the field."""
    models = {"data": [{"id": "tiny", "owned_by": owner}]}
    server, model = serve(by_labels("C"), {("GET", "/v1/models"): models})
    model.locate([make_task()])
    model.write([WriteJob(task=make_task(), place=1)])
    sent = [{name: value for name, value in body.items() if name == "cache_prompt"} for body in server.bodies()]
    assert sent == [fields] * 4


def test_log_probabilities_are_asked_for_as_many_as_the_server_gives(serve):
    """A server that gives at most 20 says so, and is asked for 20 from then on."""

    def chat(body):
        if body.get("top_logprobs", 0) > 20:
            return Play({"error": {"message": "at most 20"}}, 400)
        return by_labels("B")(body)

    server, model = serve(chat)
    model.locate([make_task()])
    assert [body["top_logprobs"] for body in server.bodies()] == [100, 20, 20, 20]


def named(text):
    """Return a chat of a server that knows no log-probabilities and always says this."""
    return lambda body: completion(text)


@pytest.mark.parametrize("text", ['{"line": "C"}', "C", "`C`"])
def test_a_label_that_is_named_is_taken(serve, text):
    """Without log-probabilities the named place has 0.9 and the others share the rest."""
    _, model = serve(named(text))
    (reading,) = model.locate([make_task()])
    assert reading.probabilities == pytest.approx((0.05, 0.9))
    assert reading.none == pytest.approx(0.05)


def test_a_label_outside_the_task_is_nothing_to_say(serve):
    """A label that the task has not, is no line of it: the answer counts as nothing to say."""
    _, model = serve(lambda body: completion("D"))  # the three places by which it is found out how to ask have it
    assert model.locate([make_task()]) == (Reading((0.0, 0.0), 1.0, 7),)


@pytest.mark.parametrize("text", ["I think line 1 is bad.", None, "", "Z", '{"line": 17}'])
def test_a_model_that_never_names_a_label_is_told(serve, text):
    """A model that cannot be asked for labels is an error, not silence."""
    _, model = serve(named(text))
    with pytest.raises(ModelError, match=r"#tiny answers with no label of a line, however it is asked; name another"):
        model.locate([make_task()])


def test_an_answer_without_log_probabilities_is_nothing_to_say(serve):
    """A single answer that lacks what all others have does not spoil them."""
    _, model = serve(lambda body: completion("B") if "odd.py" in str(body["messages"]) else by_labels("B")(body))
    odd, good = model.locate([make_task(path="odd.py"), make_task()])
    assert odd == Reading((0.0, 0.0), 1.0, 7)
    assert good.probabilities[0] == pytest.approx(0.75)


def test_a_task_with_more_places_than_labels_is_joined(serve):
    """However many places a task has, each has a probability, and they sum to 1 with none."""
    _, model = serve(by_labels("C"))
    task = make_task("", "x\n" * 120)
    (reading,) = model.locate([task])
    assert len(reading.probabilities) == 120
    assert sum(reading.probabilities) + reading.none == pytest.approx(1)
    assert reading.tokens == 3 * 7
    (written,) = model.write([WriteJob(task=task, place=120)])
    assert written.text == "B"


def test_a_task_without_places_is_not_asked_about(serve):
    """Where nothing may be pointed at, there is nothing to say, and nothing is sent."""
    server, model = serve(by_labels("C"))
    assert model.locate([make_task(places=())]) == (Reading((), 1.0),)
    assert server.bodies() == []


def test_texts_come_in_order(serve):
    """Several jobs are asked at a time, and their texts keep the order."""

    def chat(body):
        prompt = body["messages"][-1]["content"]
        time.sleep(0.1 if "claim 0" in prompt else 0)
        return completion(prompt[prompt.index("claim ") :].split("\n")[0])

    _, model = serve(chat)
    texts = model.write([WriteJob(task=make_task(), place=1, claim=f"claim {number}") for number in range(9)])
    assert [written.text for written in texts] == [f"claim {number}" for number in range(9)]


def test_a_cut_text_is_known(serve):
    """A text that ran into the limit is marked; one without content is empty."""
    _, model = serve([completion("Half a", finish="length"), completion(None)])
    first, second = (model.write([WriteJob(task=make_task(), place=1)])[0] for _ in range(2))
    assert (first.text, first.is_cut, second.text, second.is_cut) == ("Half a", True, "", False)


@pytest.mark.parametrize("answer", [{}, {"choices": []}, {"choices": None}, [], "x", {"choices": [None]}])
def test_an_answer_without_a_completion_is_told(serve, answer):
    """JSON that is no completion is an error, in both calls."""
    _, model = serve(lambda body: answer)
    for call in (lambda: model.locate([make_task()]), lambda: model.write([WriteJob(task=make_task(), place=1)])):
        with pytest.raises(ModelError, match="answers without a completion"):
            call()


def test_code_cannot_speak_as_somebody_else(serve):
    """Control tokens of chat templates in the code reach the server broken up."""
    server, model = serve(by_labels("C"))
    model.locate([make_task("", "x = '<|im_end|>'\n")])
    assert "<|" not in str(server.bodies())


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (Play({"error": {"message": "out of memory"}}, 500), "answers 500: out of memory"),
        (Play(act=hang), "did not answer within 0.5 s"),
        (Play({"error": "bad key"}, 401), "answers 401: bad key; set HUNKWISE_API_KEY"),
    ],
)
def test_a_failing_server_fails_the_call(serve, play, words):
    """What the server fails with is told in one line, without the key."""
    _, model = serve(play, environ={"HUNKWISE_API_KEY": KEY})
    with pytest.raises(ModelError, match=words) as caught:
        model.locate([make_task()])
    assert KEY not in str(caught.value)


def test_closing_ends_a_call_under_way(serve):
    """A model that is closed from another thread ends what it waits for."""
    server, model = serve(Play(act=hang), limits=Limits())
    said = []

    def ask():
        try:
            model.write([WriteJob(task=make_task(), place=1)] * 9)
        except ModelError as error:
            said.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    while not server.bodies():
        time.sleep(0.01)
    model.close()
    thread.join(5)
    assert len(said) == 1 and "the model was closed" in said[0]


# Opening


@pytest.mark.parametrize("reference", ["", "smollm2-135m-instruct", "/models/tiny"])
def test_other_references_are_left_alone(reference):
    """What is no URL is for another backend."""
    assert OpenAI().open(request_for(reference)) is None


def test_the_key_comes_from_the_users_environment(serve):
    """The key is sent with every request, and is in no name."""
    server, model = serve(by_labels("C"), environ={"HUNKWISE_API_KEY": f" {KEY}\n", "OPENAI_API_KEY": "other"})
    model.locate([make_task()])
    assert {headers.get("Authorization") for _, _, headers, _ in server.requests} == {f"Bearer {KEY}"}
    assert KEY not in model.name + model.identity + repr(model)


def test_a_key_that_cannot_be_one_is_told():
    """A key with a line end inside would be another header; it is refused without being repeated."""
    with pytest.raises(ModelError, match="HUNKWISE_API_KEY has characters") as caught:
        OpenAI().open(request_for("http://127.0.0.1:1/v1", environ={"HUNKWISE_API_KEY": "geheim\nX: y"}))
    assert "geheim" not in str(caught.value)


def test_an_unencrypted_key_is_told():
    """The user learns that a key goes over a network in the clear."""
    said = []
    with pytest.raises(ModelError, match="cannot be reached"):
        OpenAI(Limits(connect=0.2, attempts=1)).open(
            request_for("http://model.invalid/v1", environ={"HUNKWISE_API_KEY": KEY, "NO_PROXY": "*"}, tell=said.append)
        )
    assert said == [
        "http://model.invalid/v1 is not encrypted: the key in HUNKWISE_API_KEY can be read on the way there"
    ]


MANY = {"data": [{"id": "a"}, {"id": "b:latest"}, {"id": "c"}, {}, "d"]}


@pytest.mark.parametrize(("wanted", "name"), [("", "a"), ("#c", "c"), ("#b", "b:latest")])
def test_the_model_is_chosen(serve, wanted, name):
    """The model is the one after `#`, with Ollama's tag or without, else the first."""
    server, model = serve(answers={("GET", "/v1/models"): MANY}, model=wanted)
    assert model.name == f"{server.url}#{name}"


def test_a_model_that_is_not_there_is_told(serve):
    """The error lists what there is."""
    with pytest.raises(ModelError, match=r"/v1 has no model 'x'; it lists 'a', 'b:latest', 'c'$"):
        serve(answers={("GET", "/v1/models"): MANY}, model="#x")


@pytest.mark.parametrize("models", [{"data": []}, {"data": None}, [], {}])
def test_a_server_without_models_is_told(serve, models):
    """A server that has no model loaded cannot be used."""
    with pytest.raises(ModelError, match="lists no model; load one"):
        serve(answers={("GET", "/v1/models"): lambda body: models})


def test_a_server_that_does_not_list_is_believed(serve):
    """Where models are not listed, the named one is asked."""
    _, model = serve(answers={("GET", "/v1/models"): Play({}, 404)}, model="#x")
    assert model.name.endswith("#x")


def test_a_wrong_path_is_told(serve):
    """Without a list and without a name, the address is the likely mistake."""
    with pytest.raises(ModelError, match="answers 404; the address usually ends in /v1"):
        serve(answers={("GET", "/v1/models"): Play({}, 404)})


@pytest.mark.parametrize(
    ("answers", "length"),
    [
        ({}, 4096),
        ({("GET", "/v1/models"): {"data": [{"id": "a", "max_model_len": 16384}]}}, 16384),
        ({("GET", "/props"): {"default_generation_settings": {"n_ctx": 2048}}}, 2048),
        ({("GET", "/props"): {"default_generation_settings": None}}, 4096),
        ({("GET", "/v1/models"): {"data": [{"id": "a", "max_model_len": -1}]}}, 4096),
    ],
)
def test_the_context_length_is_what_the_server_says(serve, answers, length):
    """vLLM says it of the model, llama.cpp of its slots; else it is taken for 4096."""
    assert serve(answers=answers)[1].context_length == length


def test_the_identity_does_not_drift():
    """The time at which a server was asked is no part of it; which model it is, and how large, is."""
    with ChatServer() as server:

        def identity(**entry):
            server.answers["GET", "/v1/models"] = {"data": [{"id": "a", "owned_by": "vllm"} | entry]}
            model = OpenAI(QUICK).open(request_for(server.url))
            model.close()
            return model.identity

        assert identity(created=1) == identity(created=2)
        assert len({identity(), identity(id="b"), identity(meta={"n_params": 7}), identity(root="/x")}) == 4
        assert identity(owned_by="library", created=1) != identity(owned_by="library", created=2)
        assert len(identity()) == len(hashlib.sha256().hexdigest())


def test_a_measured_card_is_found(tmp_path):
    """The card of a served model is kept under its identity, beside the models."""
    with ChatServer() as server:
        request = ModelRequest(reference=server.url, directory=str(tmp_path))
        model = OpenAI(QUICK).open(request)
        model.close()
        assert model.card is None
        card = ModelCard(model=model.name, identity=model.identity, changes=3)
        folder = card_folder(tmp_path, model.identity)
        folder.mkdir(parents=True)
        (folder / CARD_NAME).write_text(dump_card(card))
        again = OpenAI(QUICK).open(request)
        again.close()
        assert again.card == card
