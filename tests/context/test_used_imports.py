from hunkwise.context.used_imports import UsedImports


def test_the_imports_that_a_change_uses_are_offered(review):
    """Only those that bring a name of the added lines, whole."""
    before = "import os\nimport sys\nfrom a import (\n    b,\n    c,\n)\n" + "\n" * 10 + "x = 1\n"
    items = review({"m.py": before}, {"m.py": before.replace("x = 1", "x = c(os.sep)")}).offer(UsedImports())
    assert [(1, 1), (3, 6)] == [(item.start, item.end) for item in items]
    assert "from a import (\n    b,\n    c,\n)" == items[1].text


def test_imports_that_the_hunk_shows_are_not_repeated(review):
    """An import in the hunk itself is there already."""
    assert [] == review({"m.py": "import os\nx = 1\n"}, {"m.py": "import os\nx = os.sep\n"}).offer(UsedImports())
