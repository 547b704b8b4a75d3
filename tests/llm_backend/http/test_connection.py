import threading
import time

import pytest
from chat_server import ChatServer, Play, break_off, drip, drip_body, flood, hang

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.http.address import parse_address
from hunkwise.llm_backend.http.connection import Connection, Limits, Refusal

KEY = "sk-secret-9Qx"
QUICK = Limits(connect=2, request=0.3, call=5, wait=0.05, size=100_000)


@pytest.fixture
def serve(request):
    """Return a function that starts a server for a path `/x` and connects to it."""

    def start(answer, limits=QUICK, key=""):
        server = ChatServer({("POST", "/v1/x"): answer})
        request.addfinalizer(server.close)
        connection = Connection(parse_address(server.url), key, limits)
        request.addfinalizer(connection.close)
        return server, connection, f"{server.url}/x"

    return start


def refused_port():
    """Return an address at which nothing listens."""
    with ChatServer() as server:
        return server.url


def test_the_key_is_sent_as_a_bearer(serve):
    """The server gets the key in the usual header, and the body in JSON."""
    server, connection, url = serve({"a": 1}, key=KEY)
    assert connection.post(url, {"q": 1}) == {"a": 1}
    ((_, _, headers, body),) = server.requests
    assert (headers["Authorization"], body) == (f"Bearer {KEY}", {"q": 1})


def test_without_a_key_none_is_sent(serve):
    """A server without a key sees no header for it."""
    server, connection, url = serve({})
    connection.post(url, {})
    assert "Authorization" not in server.requests[0][2]


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (Play({"error": {"message": "boom\nat\x1b[31m line 3"}}, 500), r"/x answers 500: boom at \[31m line 3$"),
        (Play(b"<html>", 502), r"/x answers 502$"),
        (Play({"detail": "no"}, 404), "answers 404: no; the address usually ends in /v1"),
        (
            Play({"error": f"bad key {KEY}"}, 401),
            r"answers 401: bad key \*\*\*; set HUNKWISE_API_KEY to the server's key",
        ),
        (Play({"error": "x" * 9999}, 400), r"answers 400: x{200}$"),
        (Play(b"<html>hello</html>"), "what is no JSON"),
        (Play(b"[" * 50_000), "what is no JSON"),
        (Play(b"\xff\xfe"), "what is no JSON"),
        (Play(b""), "what is no JSON"),
        (Play(b" " * 200_000), "answers with more than 100,000 bytes"),
        (Play({}, headers={"Content-Encoding": "gzip"}), "answers compressed, which was not asked for"),
        (Play(act=break_off), "broke off"),
        (Play(act=flood), "answers with more than 100,000 bytes"),
        (Play(act=hang), "did not answer within 0.3 s"),
        (Play(act=drip), "did not answer within 0.3 s"),
        (Play(act=drip_body), "did not answer within 0.3 s"),
    ],
)
def test_a_bad_answer_is_one_clear_line(serve, play, words):
    """Whatever a server does, it ends soon and in one line that names it, without the key."""
    server, connection, url = serve(play, key=KEY)
    start = time.monotonic()
    with pytest.raises(ModelError, match=words) as caught:
        connection.post(url, {})
    assert time.monotonic() - start < 3
    assert str(caught.value).startswith(("http://127.0.0.1:", "the answer of http://127.0.0.1:"))
    assert "\n" not in str(caught.value) and KEY not in str(caught.value)
    assert len(server.requests) == 1


def test_a_redirect_is_not_followed(serve):
    """The host that a server sends us to hears nothing, least of all the key."""
    with ChatServer() as other:
        _, connection, url = serve(Play({}, 307, {"Location": f"{other.url}/x"}), key=KEY)
        with pytest.raises(ModelError, match="redirects elsewhere, which is not followed"):
            connection.post(url, {})
        assert other.requests == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(serve, status):
    """A request that was not taken is sent again, after the time that the server asks for, within bounds."""
    server, connection, url = serve([Play({}, status, {"Retry-After": "3600"}), Play({"a": 1})])
    assert connection.post(url, {}) == {"a": 1}
    assert len(server.requests) == 2


def test_a_server_that_stays_busy_is_given_up(serve):
    """The number of attempts is bounded."""
    server, connection, url = serve(Play({"error": "loading"}, 503, {"Retry-After": "tomorrow"}))
    with pytest.raises(Refusal, match="answers 503: loading; it is busy or still loading, try again later"):
        connection.post(url, {})
    assert len(server.requests) == QUICK.attempts


def test_a_server_that_is_not_there_is_told():
    """A refused connection is tried again and then told with the way out."""
    connection = Connection(parse_address(refused_port()), limits=QUICK)
    try:
        with pytest.raises(ModelError, match=r"http://127.0.0.1:\d+/v1 cannot be reached .*; start it, or mend"):
            connection.post(f"{connection.address.base}/x", {})
    finally:
        connection.close()


@pytest.mark.parametrize("is_one_by_one", [False, True])
def test_answers_come_in_the_order_of_the_questions(serve, is_one_by_one):
    """A few are asked at a time, or one; a slow one does not change the order."""
    most, now, lock = [0], [0], threading.Lock()

    def answer(body):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02 if body["n"] % 3 else 0.1)
        with lock:
            now[0] -= 1
        return {"n": body["n"]}

    _, connection, url = serve(answer, Limits(concurrent=3))
    if is_one_by_one:
        connection.ask_one_by_one()
    answers = connection.post_all(url, [{"n": number} for number in range(12)])
    assert [one["n"] for one in answers] == list(range(12))
    assert most[0] == (1 if is_one_by_one else 3)


def test_the_first_failure_ends_the_others(serve):
    """What is not asked yet is not asked any more."""
    server, connection, url = serve(
        lambda body: Play({}, 500) if body["n"] == 0 else Play(act=hang), Limits(concurrent=2)
    )
    with pytest.raises(ModelError, match="answers 500"):
        connection.post_all(url, [{"n": number} for number in range(12)])
    assert len(server.requests) < 12


def test_all_requests_of_a_call_have_a_limit_together(serve):
    """Many answers that are each in time do not take for ever."""

    def slow(body):
        time.sleep(0.1)
        return {}

    _, connection, url = serve(slow, Limits(concurrent=1, call=0.35))
    with pytest.raises(ModelError, match=r"took more than 0.35 s for all that was asked"):
        connection.post_all(url, [{}] * 50)


def test_closing_ends_a_call_under_way(serve):
    """Another thread can end a call that waits."""
    server, connection, url = serve(Play(act=hang), Limits())
    said = []

    def ask():
        try:
            connection.post(url, {})
        except ModelError as error:
            said.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    while not server.requests:
        time.sleep(0.01)
    connection.close()
    thread.join(5)
    assert not thread.is_alive()
    assert [line.partition(" was ")[2] for line in said] == ["not waited for: the model was closed"]


def test_a_closed_connection_is_not_used(serve):
    """After closing, nothing is asked; closing twice does no harm."""
    server, connection, url = serve({})
    connection.close()
    connection.close()
    with pytest.raises(ModelError, match="the model was closed"):
        connection.post(url, {})
    assert server.requests == []


def test_proxies_are_not_used_for_the_machine_itself(serve, monkeypatch):
    """A proxy that the environment names does not see what goes to 127.0.0.1."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, refused_port())
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    _, connection, url = serve({"a": 1})
    assert connection.post(url, {}) == {"a": 1}


def test_proxies_are_used_for_other_hosts(monkeypatch):
    """A server elsewhere is reached as the user's environment says."""
    with ChatServer({("GET", "http://models.invalid/v1/x"): {"by": "proxy"}}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/v1"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        connection = Connection(parse_address("http://models.invalid/v1"), limits=QUICK)
        try:
            assert connection.get("http://models.invalid/v1/x") == {"by": "proxy"}
        finally:
            connection.close()
