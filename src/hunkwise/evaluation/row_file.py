"""Results on disk, one JSON object a line, so that a run that was killed goes on where it was."""

import json
from collections.abc import Mapping
from pathlib import Path


class RowFile:
    """Rows by their key; each is on disk once `add` returns. A line that was cut is passed over, and made anew."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._rows: dict[str, Mapping[str, object]] = {}
        data = path.read_bytes() if path.exists() else b""
        for line in data.split(b"\n"):
            row = _row(line)
            if row is not None:
                self._rows[str(row["key"])] = row
        if data and not data.endswith(b"\n"):
            with path.open("ab") as out:
                out.write(b"\n")

    def get(self, key: str) -> Mapping[str, object] | None:
        """Return the row of a key, if it is there."""
        return self._rows.get(key)

    def add(self, key: str, row: Mapping[str, object]) -> Mapping[str, object]:
        """Keep a row under a key."""
        kept = {"key": key, **row}
        with self._path.open("ab") as out:
            out.write(json.dumps(kept, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n")
        self._rows[key] = kept
        return kept

    def __len__(self) -> int:
        return len(self._rows)


def _row(line: bytes) -> dict[str, object] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) and isinstance(row.get("key"), str) else None
