import pytest
from chat_server import ChatServer, Play

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.http.address import parse_address
from hunkwise.llm_backend.http.connection import Connection
from hunkwise.llm_backend.http.token_counts import TokenCounter, estimate_tokens


def counted(answers, *texts):
    with ChatServer(answers) as server:
        connection = Connection(parse_address(server.url))
        try:
            counter = TokenCounter(connection, "tiny")
            return counter.is_exact, [counter.count(text) for text in texts], server.requests
        finally:
            connection.close()


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/tokenize", lambda body: {"tokens": list(body["content"])} if "content" in body else Play({}, 400)),
        ("/tokenize", lambda body: {"count": len(body["prompt"])} if "prompt" in body else Play({}, 400)),
        ("/extras/tokenize/count", lambda body: {"count": len(body["input"])}),
    ],
)
def test_the_server_is_asked_in_its_own_way(path, answer):
    """llama.cpp, vLLM and llama-cpp-python count tokens, each in another way, which is found out."""
    is_exact, counts, _ = counted({("POST", path): answer}, "abc", "")
    assert (is_exact, counts) == (True, [3, 0])


def test_a_text_is_asked_about_once():
    """Counts are kept."""
    _, counts, requests = counted({("POST", "/extras/tokenize/count"): {"count": 5}}, "abc", "abc", "abd")
    assert counts == [5, 5, 5]
    assert [body["input"] for _, path, _, body in requests if path.startswith("/extras")][1:] == ["abc", "abd"]


@pytest.mark.parametrize("answer", [Play(b"<html>", 200), {"count": "many"}, lambda body: [], Play({}, 500)])
def test_a_server_that_cannot_count_is_estimated_for(answer):
    """Without a count of the server's own, there is an estimate."""
    is_exact, counts, _ = counted({("POST", "/tokenize"): answer}, "def f(x): return x")
    assert (is_exact, counts) == (False, [estimate_tokens("def f(x): return x")])


def test_a_server_that_stops_counting_is_told():
    """A count that was there and is gone is an error, not an estimate."""
    with pytest.raises(ModelError, match="no longer counts tokens"):
        counted({("POST", "/extras/tokenize/count"): [{"count": 5}, {}]}, "abc")


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("word", 1), ("words", 2), ("x = 10", 4), ("a\n\n  b", 5), ("é", 2), ("\udcff", 3)]
)
def test_the_estimate_counts_pieces(text, tokens):
    """Words by their letters, digits, signs and line ends one by one, other characters by their bytes."""
    assert estimate_tokens(text) == tokens
