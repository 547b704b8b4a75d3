"""How often a request is sent, and what its failures become."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hunkwise.github.api import Api, Pace
from hunkwise.github.refusals import BadToken
from hunkwise.github.tokens import Token
from hunkwise.plugins.github.port import AskLater, GitHubError, Unknown

TOKEN = Token(value="s3cret-s3cret", origin="test")
QUICK = Pace(exchange=1.0, total=5.0, pause=0.01, between_writes=0.0)
CUT = object()


class Script:
    """A server that gives one scripted answer after the other, and keeps what it was asked."""

    def __init__(self):
        self.answers, self.asked = [], []
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("content-length", 0))
                body = self.rfile.read(length)
                script.asked.append((self.command, self.path, dict(self.headers), json.loads(body) if body else None))
                one = script.answers.pop(0)
                if one is CUT:
                    self.close_connection = True
                    return
                status, headers, value = one
                content = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                for name, text in headers.items():
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = answer

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # a client that gave up is what is tested
        self.http.handle_error = lambda *about: None
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def close(self):
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def script():
    found = Script()
    yield found
    found.close()


def ok(value, **headers):
    return 200, headers, value


def test_a_read_names_the_token_and_the_form(script):
    """The path goes below the API's."""
    script.answers = [ok({"a": 1})]
    with Api(script.url, TOKEN, QUICK) as api:
        assert {"a": 1} == api.read("/repos/o/r", asked="reading", parameters={"x": "y z"})
    verb, path, headers, _ = script.asked[0]
    assert ("GET", "/api/v3/repos/o/r?x=y+z") == (verb, path)
    assert headers["Authorization"] == "token s3cret-s3cret"
    assert headers["Accept"] == "application/vnd.github+json"
    assert headers["User-Agent"].startswith("hunkwise/")


def test_without_a_token_none_is_sent(script):
    """Public repositories can be read so."""
    script.answers = [ok({})]
    with Api(script.url, None, QUICK) as api:
        api.read("/repos/o/r", asked="reading")
    assert "Authorization" not in script.asked[0][2]


@pytest.mark.parametrize("bad", [(502, {}, b""), (503, {}, {}), CUT, (200, {}, b'{"a":'), (202, {}, {})])
def test_a_read_is_tried_again(script, bad):
    """After any failure that may pass."""
    script.answers = [bad, bad, ok([1])]
    with Api(script.url, TOKEN, QUICK) as api:
        assert [1] == api.read("/x", asked="reading")
    assert len(script.asked) == 3


def test_a_read_that_keeps_failing_is_to_be_asked_later(script):
    """After a few tries, with the last reason."""
    script.answers = [(502, {}, b"")] * 9
    with Api(script.url, TOKEN, QUICK) as api, pytest.raises(AskLater, match=r"reading o/r: 127.*status 502"):
        api.read("/x", asked="reading o/r")
    assert len(script.asked) == 4


@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_a_refused_read_is_not_tried_again(script, status):
    """The answer would be the same."""
    script.answers = [(status, {}, {"message": "no"})]
    with Api(script.url, TOKEN, QUICK) as api, pytest.raises(GitHubError):
        api.read("/x", asked="reading")
    assert len(script.asked) == 1


def test_a_limited_read_is_not_tried_again(script):
    """Whoever asked decides when."""
    script.answers = [(429, {"Retry-After": "5"}, {})]
    with Api(script.url, TOKEN, QUICK) as api, pytest.raises(AskLater) as caught:
        api.read("/x", asked="reading")
    assert caught.value.seconds == 5
    assert len(script.asked) == 1


@pytest.mark.parametrize("bad", [(500, {}, {}), (502, {}, b""), (504, {}, b""), CUT, (201, {}, b'{"id":')])
def test_a_write_is_sent_once(script, bad):
    """Where no answer says whether it was done, that is what is raised."""
    script.answers = [bad, ok({})]
    with Api(script.url, TOKEN, QUICK) as api, pytest.raises(Unknown, match="posting"):
        api.write("POST", "/x", {"a": 1}, asked="posting")
    assert [{"a": 1}] == [body for _, _, _, body in script.asked]


def test_a_write_without_an_answer_in_time_is_unknown(script):
    """It is not sent again either."""
    gate = threading.Event()
    script.answers = [ok({})]
    original = script.http.RequestHandlerClass.do_POST

    def slow(handler):
        gate.wait(3)
        original(handler)

    script.http.RequestHandlerClass.do_POST = slow
    with Api(script.url, TOKEN, Pace(exchange=0.3, between_writes=0.0)) as api, pytest.raises(Unknown, match=r"0.3 s"):
        api.write("POST", "/x", {}, asked="posting")
    gate.set()


def test_a_write_that_was_never_sent_is_to_be_sent_later(script):
    """Nobody listened, so nothing was done."""
    script.close()
    with Api(script.url, TOKEN, QUICK) as api, pytest.raises(AskLater, match="nothing was sent: Connection refused"):
        api.write("POST", "/x", {}, asked="posting")
    script.thread = threading.Thread(target=lambda: None)
    script.thread.start()
    script.http.shutdown = lambda: None


def test_writes_keep_apart(script):
    """GitHub asks for a second between two."""
    import time

    script.answers = [ok({})] * 2
    with Api(script.url, TOKEN, Pace(between_writes=0.3)) as api:
        api.write("POST", "/x", {}, asked="posting")
        started = time.monotonic()
        api.write("POST", "/x", {}, asked="posting")
    assert time.monotonic() - started > 0.25


def test_all_pages_are_read(script):
    """While the server says that there is a next one; where it leads does not matter."""
    more = {"Link": '<http://evil.example/repositories/1?page=2>; rel="next", <x>; rel="last"'}
    script.answers = [(200, more, [1, 2]), ok([3])]
    with Api(script.url, TOKEN, QUICK) as api:
        assert [1, 2, 3] == api.read_all("/x", asked="reading")
    assert ["/api/v3/x?page=1&per_page=100", "/api/v3/x?page=2&per_page=100"] == [path for _, path, *_ in script.asked]


def test_a_list_may_be_wrapped(script):
    """As that of check runs is."""
    script.answers = [ok({"total_count": 1, "check_runs": [1]}), ok({"message": "?"})]
    with Api(script.url, TOKEN, QUICK) as api:
        assert [1] == api.read_all("/x", key="check_runs", asked="reading")
        with pytest.raises(GitHubError, match=r"is .* a server of GitHub's"):
            api.read_all("/x", key="check_runs", asked="reading")


def test_graphql_is_asked_beside_the_api(script):
    """A query is a read, and tried again; its errors come with status 200."""
    script.answers = [(502, {}, b""), ok({"data": {"a": 1}}), ok({"data": None, "errors": [{"message": "bad"}]})]
    with Api(script.url, TOKEN, QUICK) as api:
        assert {"a": 1} == api.query("query Q { a }", {"v": 1}, asked="reading")
        with pytest.raises(GitHubError, match="GitHub says: bad"):
            api.query("query Q { a }", {}, asked="reading")
    assert {("POST", "/api/graphql")} == {(verb, path) for verb, path, *_ in script.asked}
    assert {"query": "query Q { a }", "variables": {"v": 1}} == script.asked[1][3]


def test_a_mutation_is_sent_once(script):
    """Like any write."""
    script.answers = [(502, {}, b""), ok({})]
    with Api(script.url, TOKEN, QUICK) as api, pytest.raises(Unknown):
        api.mutate("mutation M { a }", {}, asked="resolving")
    assert len(script.asked) == 1


def test_an_error_never_repeats_the_token(script):
    """Even if the server does."""
    script.answers = [(401, {}, {"message": "bad token s3cret-s3cret"})]
    with Api(script.url, TOKEN, QUICK) as api, pytest.raises(BadToken) as caught:
        api.read("/x", asked="reading", needs="contents: read")
    assert "s3cret" not in str(caught.value)


def test_a_redirect_elsewhere_is_refused(script):
    """Nothing is asked there."""
    script.answers = [(302, {"Location": "http://evil.example/"}, b"")]
    with Api(script.url, TOKEN, QUICK) as api, pytest.raises(GitHubError, match=r"points to http://evil.example"):
        api.write("POST", "/x", {}, asked="posting")
