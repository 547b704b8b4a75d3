"""What a request is about: the repository, the pull request, and who writes there."""

from hunkwise.testing.github.calls import Call
from hunkwise.testing.github.reviewing import Author
from hunkwise.testing.github.state import Pull, Repository


def repository_of(call: Call) -> Repository:
    """Return the repository that the path names; raises Refused where there is none."""
    return call.world.repository(call.parameters["owner"], call.parameters["repo"])


def pull_of(call: Call, name: str = "pull_number") -> tuple[Repository, Pull]:
    """Return the pull request that the path names, with its repository; raises Refused where there is none."""
    repository = repository_of(call)
    return repository, call.world.pull(repository, call.integer(name))


def author_of(call: Call) -> Author:
    """Return who writes with this request."""
    return Author(login=call.actor.login or "", app=call.actor.app_id, request=call.number)
