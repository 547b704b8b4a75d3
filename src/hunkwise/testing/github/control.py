"""The fake by command from another process: POST /_fake/COMMAND with a JSON object of arguments."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hunkwise.testing.github.answers import Answer, Refused
from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle
from hunkwise.testing.github.state_file import to_json, write_state

Command = Callable[..., object]


class Control:
    """The commands; `file` is where `save` writes the state."""

    def __init__(self, fake: FakeGitHub, file: Path | None = None) -> None:
        self._fake = fake
        self._file = file
        self._commands: dict[str, Command] = {
            "advance": fake.clock.advance,
            "app": self._app,
            "collaborator": lambda repository, login, level: fake.repository(repository).collaborator(login, level),
            "commit": lambda repository, **given: fake.repository(repository).commit(**given),
            "decide": self._decide,
            "fault": lambda **given: asdict(fake.faults.add(**given)),
            "faults_clear": fake.faults.clear,
            "fetch": lambda repository, path, refs: (
                fake.repository(repository).git("fetch", "-q", path, *refs).decode()
            ),
            "install": self._install,
            "limits": self._limits,
            "log": lambda: [asdict(one) for one in fake.log.entries],
            "open_pull": lambda repository, **given: _shown(fake.repository(repository).open_pull(**given)),
            "redeliver": lambda id: fake.hooks.redeliver(fake.state.deliveries[id]).id,
            "release": fake.hooks.release,
            "repository": lambda full_name, private=True: fake.repository(full_name, private=private).clone_url,
            "save": self.save,
            "settle": fake.hooks.settle,
            "state": self._state,
            "token": lambda repository, **given: fake.token(fake.repository(repository), **given),
            "user_token": fake.user_token,
            "violations": lambda: [str(one) for one in fake.violations],
        }
        for name in ("push", "force_push", "set_head", "close", "reopen", "merge", "draft", "lock", "comment"):
            self._commands[name] = self._on_pull(name)
        for name in ("review_comment", "reply", "react", "resolve", "delete_comment"):
            self._commands[name] = self._on_pull(name)

    def __call__(self, name: str, body: bytes) -> Answer:
        """Do a command; what it cannot do is 400, in words."""
        try:
            return Answer(body={"result": self._commands[name](**json.loads(body or b"{}"))})
        except KeyError as error:
            return Answer(status=404, body={"message": f"there is no {error}"})
        except Refused as refused:
            return refused.answer()
        except (AttributeError, OSError, RuntimeError, TypeError, ValueError, re.error) as error:
            return Answer(status=400, body={"message": f"{name}: {error}"})

    def save(self) -> None:
        """Write the state to the file."""
        if self._file is None:
            raise ValueError("no file was given for the state")
        with self._fake.world.lock:
            write_state(self._file, self._fake.state)

    def _state(self) -> object:
        with self._fake.world.lock:
            return json.loads(to_json(self._fake.state))

    def _app(self, **given: Any) -> object:
        return asdict(self._fake.app(**given))

    def _install(self, app: str, repositories: list[str], account: str = "") -> object:
        handles = [self._fake.repository(name) for name in repositories]
        return asdict(self._fake.install(self._fake.app(app), *handles, account=account))

    def _decide(self, fate: Any) -> None:
        self._fake.hooks.decide = lambda delivery: fate

    def _limits(self, **given: int | None) -> None:
        for name, value in given.items():
            setattr(self._fake.limits, name, value)

    def _on_pull(self, name: str) -> Command:
        def do(repository: str, number: int, **given: Any) -> object:
            pull = self._fake.repository(repository).pull(number)
            done = getattr(pull, name)(**given)
            return done if done is None or isinstance(done, str) else asdict(done)

        return do


def _shown(pull: PullHandle) -> object:
    return {"number": pull.number, "url": pull.url, "head": pull.head, "base": pull.base}
