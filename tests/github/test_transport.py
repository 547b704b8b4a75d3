"""One exchange over HTTP, with a server that misbehaves."""

import contextlib
import socket
import threading
import time
import zlib

import pytest

from hunkwise.github.transport import Connection, NoAnswer, NotSent

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextlib.contextmanager
def serving(*answers):
    """Serve each answer, bytes and pauses, to one request each; yields the address and the requests."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve():
            for answer in answers:
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    return
                with connection, contextlib.suppress(OSError):
                    asked.append(connection.recv(65536).decode())
                    for part in answer:
                        if isinstance(part, float):
                            time.sleep(part)
                        else:
                            connection.sendall(part)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        finally:
            thread.join()


def ask(url, verb="GET", seconds=5.0, most=10_000):
    with Connection(url, seconds=seconds, most=most) as connection:
        connection.request(verb, "/api/v3/x?y=1", None, {"Authorization": "token s3cret"})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


def test_an_answer_comes_back_whole():
    """Its headers are in lower case."""
    with serving([OK]) as (url, asked):
        assert ask(url) == (200, {"content-length": "2"}, "{}")
    assert asked[0].startswith("GET /api/v3/x?y=1 HTTP/1.1\r\n")


def test_a_compressed_answer_is_unpacked():
    """GitHub compresses what is long."""
    packed = zlib.compress(b"[]" * 3000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with serving([head, packed]) as (url, _):
        assert "[]" * 3000 == ask(url)[2]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([b""], "closed connection"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"], "3 bytes read, 7 more"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"], "IncompleteRead"),
        ([b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"], "incorrect header check"),
        ([b"not http at all\r\n\r\n"], "not http at all"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n", b"x" * 20000], "larger than"),
    ],
)
def test_a_broken_answer_leaves_open_what_was_done(answer, words):
    """A write that was asked so must be looked for."""
    with serving(answer) as (url, _), pytest.raises(NoAnswer, match=words):
        ask(url, "POST")


@pytest.mark.parametrize(
    "answer", [[1.5], [b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n", *[b"x", 0.1] * 30]], ids=["silent", "drip"]
)
def test_the_deadline_holds_for_the_whole_answer(answer):
    """A server that sends a byte now and then does not stretch it."""
    started = time.monotonic()
    with serving(answer) as (url, _):
        with pytest.raises(NoAnswer, match=r"within 0\.5 s"):
            ask(url, seconds=0.5)
        assert time.monotonic() - started < 1.2


def test_where_nobody_listens_nothing_was_sent():
    """The reason is named without the library's wrapping."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotSent, match=r"^Connection refused$"):
        ask(f"http://127.0.0.1:{port}", "POST")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_within_the_host_is_followed(status):
    """With the same verb and the token: GitHub sends those of renamed repositories."""
    lines = (f"HTTP/1.1 {status} X", "Connection: close", "Content-Length: 0", "Location: /api/v3/repositories/1/x?y=1")
    head = "\r\n".join((*lines, "", "")).encode()
    with serving([head], [OK]) as (url, asked):
        assert ask(url, "POST")[0] == 200
    assert asked[1].startswith("POST /api/v3/repositories/1/x?y=1 ")
    assert "s3cret" in asked[1]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("place", ["http://localhost:{port}/x", "https://127.0.0.1:{port}/x", "//127.0.0.1:1/x"])
def test_a_redirect_to_another_host_is_not_followed(status, place):
    """No other host, port or scheme sees the token; the answer tells where it led."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.setblocking(False)
        where = place.format(port=other.getsockname()[1])
        head = f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nLocation: {where}\r\n\r\n".encode()
        with serving([head]) as (url, _):
            found = ask(url)
        assert found[0] == status
        assert "location" not in found[1]
        assert found[1]["x-redirect"].partition("://")[2] == where.partition("//")[2].removesuffix("/x")
        with pytest.raises(BlockingIOError):
            other.accept()


def test_a_circle_of_redirects_ends():
    """After three steps."""
    head = b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nConnection: close\r\nLocation: /api/v3/x\r\n\r\n"
    with serving(*[[head]] * 4) as (url, _):
        assert ask(url)[0] == 508
