from hunkwise.evaluation.row_file import RowFile


def test_rows_are_there_in_the_next_run(tmp_path):
    """What was added is found by its key, odd paths included."""
    path = tmp_path / "new" / "rows.jsonl"
    RowFile(path).add("a", {"path": "caf\udce9", "n": 1})
    found = RowFile(path)
    assert found.get("a") == {"key": "a", "path": "caf\udce9", "n": 1}
    assert found.get("b") is None
    assert len(found) == 1


def test_cut_line_is_passed_over(tmp_path):
    """A run that was killed in the midst of a line costs that row alone."""
    path = tmp_path / "rows.jsonl"
    rows = RowFile(path)
    rows.add("a", {"n": 1})
    rows.add("b", {"n": 2})
    path.write_bytes(path.read_bytes()[:-4])
    again = RowFile(path)
    assert again.get("b") is None
    again.add("b", {"n": 3})
    assert [RowFile(path).get(key)["n"] for key in "ab"] == [1, 3]


def test_rows_of_another_run_are_found(tmp_path):
    """Two runs over one file share what each of them did."""
    one, two = RowFile(tmp_path / "rows.jsonl"), RowFile(tmp_path / "rows.jsonl")
    one.add("a", {"n": 1})
    two.add("b", {"n": 2})
    assert two.get("a") == {"key": "a", "n": 1}
    assert one.get("b") == {"key": "b", "n": 2}
