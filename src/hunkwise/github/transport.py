"""One exchange with GitHub's API over HTTP: within a deadline and a size, and with no other host than the API's."""

import re
import time
from collections.abc import ItemsView
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import requests
from github.Requester import HTTPSRequestsConnectionClass, RequestsResponse
from urllib3.exceptions import HTTPError

from hunkwise.core.errors import HunkwiseError
from hunkwise.github.address import is_loopback

REDIRECTS = 3
CONNECT_SECONDS = 10.0
CHUNK = 65_536
SHORTEST = 0.05
ERRNO = re.compile(r"\[Errno -?\d+\] ([^)'\"]+)")


class NotSent(HunkwiseError):
    """No connection came about, so that nothing was asked; says why."""


class NoAnswer(HunkwiseError):
    """The request may have arrived, but no whole answer came back; says why."""


class Answer(RequestsResponse):
    """What came back, read to its end."""

    def __init__(self, status: int, headers: dict[str, str], text: str) -> None:
        self.status, self._headers, self._text = status, headers, text

    def getheaders(self) -> ItemsView[str, str]:
        return self._headers.items()

    def read(self) -> str:
        return self._text


class Connection(HTTPSRequestsConnectionClass):
    """PyGithub's connection, bounded: it gives up at a deadline, and follows a redirect within its own host only.

    seconds: what one exchange may take, redirects included. most: bytes of an answer. Sends each request once.
    """

    def __init__(self, url: str, *, seconds: float, most: int) -> None:
        parts = urlsplit(url)
        super().__init__(parts.hostname or "", parts.port, retry=0)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._seconds, self._most = seconds, most
        self.session.mount("http://", self.adapter)
        if is_loopback(parts.hostname or ""):
            self.session.trust_env = False

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def getresponse(self) -> RequestsResponse:
        """Send the request that `request` was given and read the answer; raise NotSent or NoAnswer."""
        deadline = time.monotonic() + self._seconds
        url = self._origin + self.url
        for _ in range(REDIRECTS + 1):
            answer = self._exchange(url, deadline)
            location = answer._headers.get("location", "")
            if answer.status == 202 and self.verb == "GET":
                # "not ready yet"; PyGithub would ask again by itself, for ever
                return Answer(503, {}, "")
            if answer.status not in (301, 302, 307, 308) or not location:
                return answer
            there = urljoin(url, location)
            parts = urlsplit(there)
            if f"{parts.scheme}://{parts.netloc}" != self._origin:
                # PyGithub follows a 301 by itself and sends the token along, so it must not see where to
                return Answer(answer.status, {"x-redirect": f"{parts.scheme}://{parts.netloc}"}, "")
            url = there
        return Answer(508, {}, "")

    def _exchange(self, url: str, deadline: float) -> Answer:
        left = max(deadline - time.monotonic(), SHORTEST)
        try:
            with self.session.request(
                self.verb,
                url,
                headers=self.headers,
                data=self.input,
                timeout=(min(left, CONNECT_SECONDS), left),
                verify=self.verify,
                allow_redirects=False,
                stream=True,
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, headers, self._body(response, deadline))
        except requests.exceptions.SSLError as error:
            raise NotSent(f"its certificate is not trusted ({_words(error)})") from error
        except (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError) as error:
            raise NotSent(_words(error)) from error
        except requests.exceptions.ConnectionError as error:
            if _is_before_sending(error):
                raise NotSent(_words(error)) from error
            raise NoAnswer(_words(error)) from error
        except requests.exceptions.Timeout as error:
            raise NoAnswer(f"no answer within {self._seconds:g} s") from error
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            raise NoAnswer(_words(error)) from error

    def _body(self, response: requests.Response, deadline: float) -> str:
        parts, size = [], 0
        # iter_content waits for a whole chunk, however slowly it trickles in
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            parts.append(chunk)
            size += len(chunk)
            if size > self._most:
                raise NoAnswer(f"the answer is larger than {self._most / 2**20:g} MB")
            if time.monotonic() > deadline:
                raise NoAnswer(f"no whole answer within {self._seconds:g} s")
        length = response.headers.get("content-length", "")
        if length.isdigit() and not response.headers.get("content-encoding") and size < int(length):
            raise NoAnswer("the answer was cut")
        return b"".join(parts).decode("utf-8", "replace")


def _is_before_sending(error: requests.exceptions.ConnectionError) -> bool:
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _words(error: BaseException) -> str:
    """Return the innermost reason: the libraries wrap it three times, with addresses of objects around it."""
    reason = error
    for _ in range(5):
        inner = next((one for one in (getattr(reason, "reason", None), *reason.args) if _is_error(one)), None)
        if inner is None:
            break
        reason = inner
    words = str(reason)
    named = ERRNO.search(words)
    return named[1] if named else words.rpartition(": ")[2] or type(reason).__name__


def _is_error(value: object) -> bool:
    return isinstance(value, BaseException)
