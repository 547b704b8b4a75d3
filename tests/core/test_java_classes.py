import pytest

from hunkwise.core.java_classes import field_line, read_source


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("package a.b;\nclass C {}\n", ("a.b.C",)),
        ("class C {}\ninterface D {}\n", ("C", "D")),
        (
            "/* package x;\n class Y */ package a . b ;\nsealed interface S permits R {}\nrecord R() {}",
            ("a.b.S", "a.b.R"),
        ),
        ("package a; // class No\npublic @interface Marked {}\nenum E { ONE }\n", ("a.Marked", "a.E")),
        ("package a;\n", ()),
        ("", ()),
    ],
)
def test_declared_types_are_named_in_full(text, names):
    """Classes, interfaces, enums, records and annotations are found, and none in comments."""
    assert read_source(text).class_names() == names


def test_a_field_is_found_by_its_declaration():
    """Uses of the name, and fields whose names begin alike, are no declarations."""
    text = "class C {\n  int f() { return data; }\n  byte[] datas;\n  private final byte[] data = {};\n}\n"
    assert field_line(text, "data") == 4
    assert field_line(text, "nobody") is None
