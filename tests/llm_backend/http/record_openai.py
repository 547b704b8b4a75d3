"""Record what a real server answers to the requests of the tests, into tests/samples/openai.

Usage: python tests/llm_backend/http/record_openai.py http://127.0.0.1:8000/v1 NAME "what server it is, and how started"
"""

import json
import re
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from chat_server import ChatServer, Play

from hunkwise.core.reader_ports import ModelRequest
from hunkwise.core.reading import WriteJob
from hunkwise.llm_backend.http.connection import Limits
from hunkwise.llm_backend.openai import OpenAI
from hunkwise.testing import make_task

SAMPLES = Path(__file__).parents[2] / "samples" / "openai"
INSTALLED = re.compile(r"/[^\s\"]*/site-packages")
ONE_BY_ONE = Limits(concurrent=1)
TASK = make_task(path="src/total.py")
LONG = make_task(
    "", "".join(f"value_{number} = {number} / {number % 3}\n" for number in range(1, 13)), path="values.py"
)
JOBS = (WriteJob(task=TASK, place=1, claim="Mutable default argument"), WriteJob(task=LONG, place=3))


def run(url):
    """Ask all that the tests ask of a recording, and return it."""
    model = OpenAI(ONE_BY_ONE).open(ModelRequest(reference=url, directory="/nowhere"))
    try:
        return model, model.count_tokens("def f(x):\n    return 10"), model.locate([TASK, LONG]), model.write(JOBS)
    finally:
        model.close()


class Recorder(ChatServer):
    """Stands before a real server and keeps what passes."""

    def __init__(self, url):
        super().__init__()
        self.netloc = urlsplit(url).netloc
        self.exchanges = []

    def serve(self, handler, method):
        content = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        connection = HTTPConnection(self.netloc, timeout=600)
        connection.request(method, handler.path, content, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        answer = json.loads(reply.read() or b"null")
        connection.close()
        body = json.loads(content) if content else None
        self.exchanges.append(
            {"method": method, "path": handler.path, "body": body, "status": reply.status, "answer": answer}
        )
        self.play(handler, Play(answer, reply.status))


def main(url, name, about):
    with Recorder(url) as recorder:
        model, *results = run(recorder.url)
        print(model.name, *results, sep="\n", file=sys.stderr)
    save(name, about, recorder.exchanges)


def save(name, about, exchanges):
    """Write a recording, one exchange a line, without the folder that the server was installed in."""
    lines = ",\n".join(INSTALLED.sub("/site-packages", json.dumps(one)) for one in exchanges)
    SAMPLES.mkdir(parents=True, exist_ok=True)
    (SAMPLES / f"{name}.json").write_text(f'{{"about": {json.dumps(about)}, "exchanges": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main(*sys.argv[1:])
