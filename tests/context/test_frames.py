import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkwise.context.frames import outline_as_json, outline_from_json, pack_frame, read_frame
from hunkwise.core.outline import Outline, Scope, Syntax

OUTLINE = Outline(
    language="python",
    lines=3,
    scopes=(Scope("function", "f", 1, 2, 3, -1, 1, 1),),
    imports=((1, 1, ("os",)),),
    names={1: ("os",)},
    syntax={1: Syntax("import_statement", 1)},
    broken=((2, 3),),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["lines", "scopes", "names"]), inner),
    max_leaves=8,
)


def reader(data):
    stream = io.BytesIO(data)
    return stream.read


def test_an_outline_survives_the_way():
    """What a worker found is what the review gets."""
    head, body = read_frame(reader(pack_frame({"outline": outline_as_json(OUTLINE)}, b"\xff")), 10_000)
    assert (OUTLINE, b"\xff") == (outline_from_json("python", head["outline"]), body)


def test_a_frame_that_is_too_large_is_refused():
    """A worker cannot make the review take more than a limit."""
    with pytest.raises(ValueError, match="a frame of"):
        read_frame(reader(pack_frame({"a": "b" * 100})), 50)


@given(
    key=st.sampled_from(["lines", "scopes", "imports", "names", "syntax", "broken"]),
    value=JSON,
)
def test_nonsense_is_refused_in_words(key, value):
    """Whatever a worker says, there is an outline or a ValueError, never anything else."""
    data = {**outline_as_json(OUTLINE), key: value}
    try:
        outline = outline_from_json("python", data)
    except ValueError:
        return
    assert all(scope.start <= scope.end for scope in outline.scopes)
    assert all(isinstance(name, str) for names in outline.names.values() for name in names)
