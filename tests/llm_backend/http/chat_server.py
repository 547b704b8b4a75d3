"""A small real HTTP server for tests: it plays what it is told, on a free port of 127.0.0.1."""

import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODELS = {"object": "list", "data": [{"id": "tiny", "object": "model", "owned_by": "me"}]}


@dataclass
class Play:
    """An answer: status, headers and body; `act` takes the connection's handler instead, to do worse."""

    body: object = None
    status: int = 200
    headers: dict = field(default_factory=dict)
    act: object = None


def completion(content="B", *, top=None, finish="stop", **fields):
    """Return the body of a chat completion; top: log-probabilities of the first token, by token."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    if top is not None:
        listed = [{"token": token, "logprob": value, "bytes": None} for token, value in top.items()]
        choice["logprobs"] = {"content": [{"token": content, "logprob": -1.0, "top_logprobs": listed}]}
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    return {"object": "chat.completion", "choices": [choice], "usage": usage} | fields


class ChatServer:
    """Serves answers by path: a `Play`, or a function of the request's body; the last of a list is repeated.

    requests: all that was asked, as (method, path, headers, body).
    """

    def __init__(self, answers=None):
        self.answers = {("GET", "/v1/models"): MODELS, **(answers or {})}
        self.requests = []
        self.lock = threading.Lock()
        self.released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.serve(self, "GET")

            def do_POST(self):
                outer.serve(self, "POST")

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda request, address: None
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def bodies(self, path="/v1/chat/completions"):
        """Return the bodies of the POSTs to a path, in order."""
        return [body for method, where, _, body in self.requests if (method, where) == ("POST", path)]

    def serve(self, handler, method):
        content = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        body = json.loads(content) if content else None
        with self.lock:
            self.requests.append((method, handler.path, dict(handler.headers), body))
            answer = self.answers.get((method, handler.path), Play({"error": {"message": "no such path"}}, 404))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer(body)
        self.play(handler, answer if isinstance(answer, Play) else Play(answer))

    def play(self, handler, play):
        """Give an answer."""
        if play.act:
            play.act(handler, self)
            return
        content = play.body if isinstance(play.body, bytes) else json.dumps(play.body).encode()
        handler.send_response(play.status)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(content))} | play.headers
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


def hang(handler, server):
    """Take the request and say nothing until the test is over."""
    server.released.wait(30)
    handler.close_connection = True


def drip(handler, server):
    """Send a byte of the headers now and then, for ever."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 10_000:
        if server.released.wait(0.02):
            break
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
    handler.close_connection = True


def drip_body(handler, server):
    """Send the headers, and then a blank now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not server.released.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()
    handler.close_connection = True


def break_off(handler, server):
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def flood(handler, server):
    """Send without an end."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    while not server.released.is_set():
        handler.wfile.write(b" " * 65536)


@dataclass
class Recorded:
    """Answers that a real server gave, kept in a file beside; matched by all of a request but its messages.

    Requests that differ in their messages only are answered in the order of the recording, the last one repeatedly.
    """

    path: Path

    def server(self):
        """Return a server that plays them."""
        queues = defaultdict(list)
        for entry in json.loads(self.path.read_text(encoding="utf-8"))["exchanges"]:
            queues[key_of(entry["method"], entry["path"], entry["body"])].append(Play(entry["answer"], entry["status"]))
        paths = {(method, path) for method, path, _ in queues}

        def play(method, path):
            def answer(body):
                queue = queues.get(key_of(method, path, body))
                if not queue:
                    return Play({"error": {"message": "this was not recorded; run record_openai.py anew"}}, 418)
                return queue.pop(0) if len(queue) > 1 else queue[0]

            return answer

        return ChatServer({(method, path): play(method, path) for method, path in paths})


def key_of(method, path, body):
    """Return what must agree for a recorded answer to be given."""
    rest = {
        name: value for name, value in (body or {}).items() if name not in ("messages", "content", "prompt", "input")
    }
    return method, path, json.dumps(rest, sort_keys=True)
