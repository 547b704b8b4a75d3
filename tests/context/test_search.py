from hunkwise.context.search import by_nearness, is_kindred, search_of
from hunkwise.testing import FakeWorkspace


class Counting(FakeWorkspace):
    """Remembers what was searched for."""

    def grep(self, text, *side):
        self.searched = [*getattr(self, "searched", []), text]
        return super().grep(text, *side)


def test_a_word_stands_by_itself():
    """Longer names do not count, and what must follow the name is seen."""
    workspace = FakeWorkspace(head={"a.py": "total(1)\nsubtotal(1)\ntotals(1)\nx.total\n$total(1)\n"})
    search = search_of(workspace)
    assert (("a.py", 1), ("a.py", 4)) == search.word(workspace, "total")
    assert (("a.py", 1),) == search.word(workspace, "total", "(")


def test_definitions_look_like_definitions():
    """A use of a name is none, nor is a definition in another language."""
    workspace = FakeWorkspace(
        head={"a.py": "def total(x):\n    total(1)\ndef total_of(x): pass\n", "a.rb": "def total(x)\nend\n"}
    )
    assert (("a.py", 1),) == search_of(workspace).definitions(workspace, "total", "python")


def test_types_come_before_functions():
    """A name with a capital letter is a type, unless there is none of that name."""
    workspace = FakeWorkspace(
        head={"a.go": "type Cart struct {\n}\nfunc Cart() {\n}\n", "b.go": "func Rate() {\n}\ntype Rated int\n"}
    )
    search = search_of(workspace)
    assert (("a.go", 1),) == search.definitions(workspace, "Cart", "go")
    assert (("b.go", 1),) == search.definitions(workspace, "Rate", "go")


def test_a_text_is_searched_for_once():
    """Callers, tests and definitions of one name share a search."""
    workspace = Counting(head={"a.py": "def total(x): pass\n"})
    search = search_of(workspace)
    assert search is search_of(workspace)
    search.word(workspace, "total")
    search.word(workspace, "total", "(")
    search.definitions(workspace, "total", "python")
    assert ["total"] == workspace.searched


def test_a_common_name_is_looked_for_as_a_definition():
    """Where a name is on too many lines, its definition is still found."""
    workspace = FakeWorkspace(head={"a.py": "total(1)\n" * 1000 + "def total(x): pass\n"})
    search = search_of(workspace)
    assert () == search.word(workspace, "total")
    assert (("a.py", 1001),) == search.definitions(workspace, "total", "python")


def test_near_files_come_first():
    """Files of the same folder come before others."""
    assert ("a/b/d.py", "a/x.py", "z/y/x.py") == by_nearness(["z/y/x.py", "a/x.py", "a/b/d.py"], "a/b/c.py")


def test_languages_that_share_definitions_are_kindred():
    """TypeScript uses JavaScript, and Python uses neither."""
    assert is_kindred("tsx", "javascript")
    assert is_kindred("pyi", "python")
    assert not is_kindred("python", "javascript")


def test_a_workspace_that_cannot_be_a_key_is_searched_too():
    """A plugin's workspace without a hash costs the memory of searches, not the offers."""

    class Unhashable(FakeWorkspace):
        __hash__ = None

    workspace = Unhashable(head={"a.py": "total(1)\n"})
    assert (("a.py", 1),) == search_of(workspace).word(workspace, "total")
