from hypothesis import given, settings
from hypothesis import strategies as st

from hunkwise.core.model import Finding, Severity
from hunkwise.core.packing import MOST_HINTS, heading, hint_text, pack
from hunkwise.core.reading import ContextItem
from hunkwise.testing import make_change, make_finding

OLD = "".join(f"line {n}\n" for n in range(1, 61))
HUNK = make_change({"a.py": (OLD, OLD.replace("line 30\n", "changed\n"))}).files[0].hunks[0]
"""Shows lines 27 to 33 of a.py."""


def count(text):
    """Count words."""
    return len(text.split())


def item(start, end, *, kind="definition", path="a.py", origin="somewhere", words=1):
    text = "\n".join(" ".join([f"{path}:{n}"] * words) for n in range(start, end + 1))
    return ContextItem(kind=kind, path=path, start=start, end=end, text=text, origin=origin)


def cost(packed):
    return sum(count(f"{heading(one)}\n{one.text}\n") for one in packed.context) + sum(
        count(hint_text(hint) + "\n") for hint in packed.hints
    )


def test_what_fits_is_kept_in_its_order():
    """Nothing is left out where the budget suffices, and the best comes first."""
    offers = [item(1, 3, path="b.py"), item(1, 3, path="c.py", kind="test")]
    packed = pack(HUNK, offers, (), 1000, count)
    assert (tuple(offers), (), ()) == (packed.context, packed.hints, packed.left_out)
    assert cost(packed) == packed.tokens


def test_hints_come_first():
    """A hint takes its room before any context does."""
    hint = make_finding("Name x is not defined", line=30)
    packed = pack(HUNK, [item(1, 30, path="b.py")], [hint], 24, count)
    assert (hint,) == packed.hints
    assert packed.context == () or packed.context[0].end < 30


def test_hints_are_few():
    """Of many hints the first are kept and the others told."""
    hints = [make_finding(f"message {n}", line=n) for n in range(1, 20)]
    packed = pack(HUNK, (), hints, 10_000, count)
    assert tuple(hints[:MOST_HINTS]) == packed.hints
    assert hints[MOST_HINTS:] == [left.item for left in packed.left_out]


def test_one_kind_does_not_eat_all():
    """A kind that has much to offer leaves room for what comes after it."""
    offers = [item(1, 10, path=f"d{n}.py", words=2) for n in range(20)] + [item(1, 4, path="t.py", kind="test")]
    packed = pack(HUNK, offers, (), 120, count)
    assert {"definition", "test"} == {one.kind for one in packed.context}


def test_what_one_kind_leaves_another_takes():
    """Where only one kind has offers, it may use the whole budget."""
    offers = [item(1, 10, path=f"d{n}.py") for n in range(20)]
    packed = pack(HUNK, offers, (), 100, count)
    assert packed.tokens > 80


def test_the_hunks_own_lines_are_not_shown_again():
    """What the hunk shows is cut from the offers."""
    packed = pack(HUNK, [item(20, 40)], (), 1000, count)
    assert [(20, 26), (34, 40)] == [(one.start, one.end) for one in packed.context]


def test_lines_that_were_offered_twice_are_shown_once():
    """Overlapping items are joined, with both origins."""
    packed = pack(HUNK, [item(1, 5, origin="one"), item(3, 8, origin="two"), item(2, 4, origin="three")], (), 99, count)
    assert [(1, 8, "one; two")] == [(one.start, one.end, one.origin) for one in packed.context]
    assert [f"a.py:{n}" for n in range(1, 9)] == packed.context[0].text.split("\n")


def test_a_long_item_is_cut_at_a_line():
    """What does not fit keeps its first lines, and the rest is told."""
    packed = pack(HUNK, [item(1, 50, path="b.py")], (), 20, count)
    assert 1 == packed.context[0].start
    assert packed.context[0].text.split("\n")[-1] == f"b.py:{packed.context[0].end}"
    assert [(packed.context[0].end + 1, 50, "cut to fit")] == [
        (left.item.start, left.item.end, left.reason) for left in packed.left_out
    ]


def test_what_leads_to_the_hunk_is_cut_at_its_beginning():
    """Of the lines right before the hunk, the nearest are kept."""
    packed = pack(HUNK, [item(1, 26, kind="enclosing")], (), 20, count)
    assert 26 == packed.context[0].end
    assert 1 < packed.context[0].start


def test_an_item_that_is_not_line_for_line_is_taken_whole():
    """A plugin's summary is kept or left out as it is."""
    summary = ContextItem(kind="note", path="b.py", start=1, end=90, text="many words in one line", origin="plugin")
    assert (summary,) == pack(HUNK, [summary], (), 100, count).context
    assert summary == pack(HUNK, [summary], (), 3, count).left_out[0].item


def test_nothing_fits_into_nothing():
    """Without a budget all is left out."""
    packed = pack(HUNK, [item(1, 3, path="b.py")], [make_finding()], 0, count)
    assert ((), (), 0, 2) == (packed.context, packed.hints, packed.tokens, len(packed.left_out))


def test_what_no_tokenizer_takes_is_not_counted():
    """Names and texts of bytes that were not UTF-8 are counted in a form that can be encoded."""
    counted = []

    def strict(text):
        counted.append(text.encode("utf-8"))
        return 1

    odd = ContextItem(kind="note", path="\udcff.py", start=1, end=1, text="\udcff", origin="\udcff")
    packed = pack(HUNK, [odd], [make_finding("\udcff", line=30)], 100, strict)
    assert (1, 1) == (len(packed.context), len(packed.hints))
    assert counted


def test_a_hint_is_one_line():
    """A message of several lines does not break the prompt's lines."""
    assert "line 3: a b (ruff F1)" == hint_text(make_finding("a\n  b", tool="ruff", rule="F1", line=3))


ITEMS = st.builds(
    lambda start, length, kind, path, words, origin: item(
        start, start + length, kind=kind, path=path, words=words, origin=origin
    ),
    st.integers(1, 60),
    st.integers(0, 30),
    st.sampled_from(["enclosing", "definition", "caller", "imports", "test", "note"]),
    st.sampled_from(["a.py", "b.py"]),
    st.integers(1, 4),
    st.sampled_from(["one", "two words", "three more words"]),
)
HINTS = st.builds(
    lambda message, line, severity: make_finding(message, line=line, severity=Severity(severity)),
    st.sampled_from(["short", "a longer message", "a message that has quite some words in it"]),
    st.integers(1, 60),
    st.integers(0, 4),
)


@settings(max_examples=300, deadline=None)
@given(offers=st.lists(ITEMS, max_size=12), hints=st.lists(HINTS, max_size=12), budget=st.integers(0, 400))
def test_nothing_is_over_the_budget_or_lost(offers, hints, budget):
    """What is shown fits, no line is shown twice, and each offered line is shown, in the hunk, or told as left out."""
    packed = pack(HUNK, offers, hints, budget, count)
    assert packed.tokens == cost(packed) <= budget
    shown = [(one.path, n) for one in packed.context for n in range(one.start, one.end + 1)]
    assert len(shown) == len(set(shown))
    in_hunk = {("a.py", line.new) for line in HUNK.lines}
    assert not in_hunk.intersection(shown)
    left = {
        (out.item.path, n)
        for out in packed.left_out
        if isinstance(out.item, ContextItem)
        for n in range(out.item.start, out.item.end + 1)
    }
    offered = {(one.path, n) for one in offers for n in range(one.start, one.end + 1)}
    assert offered == (offered & in_hunk) | set(shown) | left
    for one in packed.context:
        assert [" ".join(line.split()[:1]) for line in one.text.split("\n")] == [
            f"{one.path}:{n}" for n in range(one.start, one.end + 1)
        ]
    hints_left = [out.item for out in packed.left_out if isinstance(out.item, Finding)]
    assert sorted(map(repr, hints)) == sorted(map(repr, [*packed.hints, *hints_left]))
