"""A bare repository whose objects are written by hand, so that they may be what git itself would not write."""

import hashlib
import subprocess
import zlib
from pathlib import Path

REGULAR, LINK, DIRECTORY, MODULE = b"100644", b"120000", b"40000", b"160000"
PERSON = b"A Tester <tester@example.org> 0 +0000"


class Objects:
    """Writes blobs, trees and commits as loose objects; names are bytes."""

    def __init__(self, path: Path):
        self.path = path
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)

    def write(self, kind: str, content: bytes) -> str:
        raw = f"{kind} {len(content)}\0".encode() + content
        oid = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
        place = self.path / "objects" / oid[:2]
        place.mkdir(exist_ok=True)
        if not (place / oid[2:]).exists():
            (place / oid[2:]).write_bytes(zlib.compress(raw, 1))
        return oid

    def blob(self, content: bytes | str) -> str:
        return self.write("blob", content.encode() if isinstance(content, str) else content)

    def tree(self, *entries: tuple[bytes, bytes, str]) -> str:
        """Write a tree of (mode, name, object); sorted as git does, but nothing is refused."""
        ordered = sorted(entries, key=lambda one: one[1] + (b"/" if one[0] == DIRECTORY else b""))
        return self.write(
            "tree", b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in ordered)
        )

    def commit(self, tree: str, *parents: str, message: bytes = b"x", author: bytes = PERSON) -> str:
        lines = [b"tree " + tree.encode(), *(b"parent " + one.encode() for one in parents)]
        return self.write(
            "commit", b"\n".join([*lines, b"author " + author, b"committer " + author, b"", message]) + b"\n"
        )

    def ref(self, name: str, commit: str) -> None:
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(commit + "\n")
