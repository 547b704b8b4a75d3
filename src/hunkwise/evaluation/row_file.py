"""Results on disk, one JSON object a line, so that a run that was killed goes on where it was."""

import json
from collections.abc import Mapping
from pathlib import Path


class RowFile:
    """Rows by their key; each is on disk once `add` returns. A line that was cut is passed over, and made anew.

    Several runs may add to one file: what another one added is found as well.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._rows: dict[str, Mapping[str, object]] = {}
        self._read_to = 0
        data = path.read_bytes() if path.exists() else b""
        if data and not data.endswith(b"\n"):
            with path.open("ab") as out:
                out.write(b"\n")
        self._refresh()

    def get(self, key: str) -> Mapping[str, object] | None:
        """Return the row of a key, if it is there."""
        if key not in self._rows:
            self._refresh()
        return self._rows.get(key)

    def add(self, key: str, row: Mapping[str, object]) -> Mapping[str, object]:
        """Keep a row under a key."""
        kept = {"key": key, **row}
        line = json.dumps(kept, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"
        with self._path.open("ab", buffering=0) as out:
            out.write(line)
        self._rows[key] = json.loads(line)
        return self._rows[key]

    def __len__(self) -> int:
        self._refresh()
        return len(self._rows)

    def _refresh(self) -> None:
        if not self._path.exists() or self._path.stat().st_size <= self._read_to:
            return
        with self._path.open("rb") as source:
            source.seek(self._read_to)
            data = source.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._read_to += len(whole)
        for line in whole.split(b"\n"):
            row = _row(line)
            if row is not None:
                self._rows[str(row["key"])] = row


def _row(line: bytes) -> dict[str, object] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) and isinstance(row.get("key"), str) else None
