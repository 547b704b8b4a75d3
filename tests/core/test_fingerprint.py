from hunkwise.core.fingerprint import fingerprints


def test_white_space_does_not_count():
    """Indenting a line keeps its comment's id."""
    assert fingerprints([("a.py", "t.R", "x = 1")]) == fingerprints([("a.py", "t.R", "    x  =  1")])


def test_equal_lines_differ_by_ordinal():
    """Two equal lines with the same finding do not collide, and the first keeps its id."""
    one, two = fingerprints([("a.py", "t.R", "x")] * 2)
    assert one != two
    assert fingerprints([("a.py", "t.R", "x")]) == (one,)


def test_names_that_are_not_utf8_have_an_id():
    """A path with surrogate escapes is hashed by its bytes."""
    assert len(fingerprints([("\udcff.py", "t.R", "x")])[0]) == 16
