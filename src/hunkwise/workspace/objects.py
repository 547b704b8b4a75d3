"""Read blobs from one `git cat-file --batch` process that stays open."""

import contextlib
import subprocess
import threading
from collections.abc import Iterable, Iterator
from types import TracebackType

from hunkwise.core.errors import ToolError
from hunkwise.workspace.git import Repository


class BlobReader:
    """Gives the content of blobs by their object name; safe to share between threads."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "BlobReader":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def read(self, oid: str) -> bytes:
        """Return a blob's content; raise ToolError where the object is not there."""
        with self._lock:
            process = self._started()
            assert process.stdin is not None
            process.stdin.write(oid.encode("ascii") + b"\n")
            process.stdin.flush()
            return self._content(process, oid)

    def read_all(self, oids: Iterable[str]) -> Iterator[bytes]:
        """Yield the content of many blobs, in order, asking ahead."""
        names = list(oids)
        with BlobReader(self._repository) as other:
            process = other._started()
            feeder = threading.Thread(target=_feed, args=(process, names), daemon=True)
            feeder.start()
            for oid in names:
                yield other._content(process, oid)
            feeder.join()

    def sizes(self, oids: Iterable[str], *, may_miss: bool = False) -> dict[str, int]:
        """Return the sizes of objects, in bytes; raise ToolError where one is not there, unless some `may_miss`."""
        stdin = "".join(f"{oid}\n" for oid in dict.fromkeys(oids)).encode("ascii")
        output = self._repository.run("cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=stdin)
        found = {}
        for row in output.decode("ascii").splitlines():
            oid, size = row.split(" ")
            if size.isdigit():
                found[oid] = int(size)
            elif not may_miss:
                raise _missing(oid)
        return found

    def close(self) -> None:
        """End the process."""
        with self._lock:
            process, self._process = self._process, None
            if process is not None:
                process.kill()
                for stream in (process.stdin, process.stdout):
                    if stream is not None:
                        with contextlib.suppress(BrokenPipeError):
                            stream.close()
                process.wait()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = subprocess.Popen(
                self._repository.argv("cat-file", "--batch"),
                cwd=self._repository.git_dir,
                env=self._repository.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _content(self, process: "subprocess.Popen[bytes]", oid: str) -> bytes:
        assert process.stdout is not None
        header = process.stdout.readline().split()
        if len(header) != 3:
            raise _missing(oid)
        content = process.stdout.read(int(header[2]))
        process.stdout.read(1)
        return content


def _feed(process: "subprocess.Popen[bytes]", oids: list[str]) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError, ValueError, OSError):
        for oid in oids:
            process.stdin.write(oid.encode("ascii") + b"\n")
        process.stdin.flush()


def _missing(oid: str) -> ToolError:
    return ToolError("git", f"object {oid} is not in the repository; git fsck says what else is missing")
