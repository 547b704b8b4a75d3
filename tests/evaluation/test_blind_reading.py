import json

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.evaluation.blind_reading import Text, key_path, read_marks, shown_hunk, write_reading
from hunkwise.testing import make_change

TEXTS = [
    Text(case="o/r#1", path="a.py", line=number, hunk=">+x", text=f"Text {number}.", source=source, guard=guard)
    for number, source, guard in [
        (1, "model", ""),
        (2, "model", ""),
        (3, "model", "generic"),
        (4, "model", ""),
        (5, "tool", ""),
        (6, "tool", ""),
    ]
]


@pytest.fixture
def reading(tmp_path):
    """A reading of six texts, and a function that marks them by their text."""
    path = tmp_path / "texts.jsonl"
    write_reading(TEXTS, path)

    def mark(unusable=()):
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        for row in rows:
            row["usable"] = row["text"] not in unusable
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))

    return path, mark


def test_reader_sees_no_source(reading):
    """The items hold the hunk and the text, and nothing of who wrote it; the key does."""
    path, _ = reading
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert {name for row in rows for name in row} == {"id", "path", "line", "hunk", "text", "usable", "why"}
    assert {json.loads(line)["source"] for line in key_path(path).read_text().splitlines()} == {"model", "tool"}


def test_order_tells_nothing_and_is_the_same_each_time(reading, tmp_path):
    """Items are shuffled by a seed: not as they came, and twice the same."""
    path, _ = reading
    texts = [json.loads(line)["text"] for line in path.read_text().splitlines()]
    assert texts != sorted(texts)
    write_reading(TEXTS[::-1], tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()


def test_marks_are_joined_with_the_key(reading):
    """What the reader or the guard would not show is unusable, once."""
    path, mark = reading
    mark(unusable={"Text 1.", "Text 3.", "Text 5."})
    found = read_marks(path, key_path(path))
    assert (found.written, found.unusable, found.share) == (4, 2, 0.5)
    assert (found.messages, found.unusable_messages) == (2, 1)
    assert found.withheld == {"generic": 1}
    assert {row["text"]: (row["source"], row["usable"]) for row in found.rows}["Text 5."] == ("tool", False)
    assert all("hunk" not in row for row in found.rows)


def test_guard_counts_also_where_the_reader_liked_the_text(reading):
    """A text that the guard withholds is never shown."""
    path, mark = reading
    mark()
    assert read_marks(path, key_path(path)).unusable == 1


def test_unmarked_text_is_named(reading):
    """A reading that is not finished is an error with its line."""
    path, _ = reading
    with pytest.raises(UsageError, match=r"texts\.jsonl, line 1: usable: "):
        read_marks(path, key_path(path))


def test_missing_and_foreign_texts_are_named(reading):
    """Marks belong to their key: none more, none less, none twice."""
    path, mark = reading
    mark()
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[1:]))
    with pytest.raises(UsageError, match="1 texts are missing"):
        read_marks(path, key_path(path))
    path.write_text("".join([*lines, json.dumps({"id": "zz", "usable": True})]))
    with pytest.raises(UsageError, match="does not know zz"):
        read_marks(path, key_path(path))
    path.write_text("".join([*lines, lines[0]]))
    with pytest.raises(UsageError, match=r"line 7: .* twice"):
        read_marks(path, key_path(path))


def test_hunk_is_shown_with_its_line_marked():
    """The line that a text is about stands out of the diff around it."""
    change = make_change({"a.py": ("a\nb\nc\n", "a\nB\nc\n")})
    assert shown_hunk(change.files[0].hunks[0], 2).split("\n") == ["  a", " -b", ">+B", "  c"]
