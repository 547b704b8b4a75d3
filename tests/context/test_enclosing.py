from reviews import told

from hunkwise.context.enclosing import NEAR, Enclosing

CLASS = '''import os


# A cart.
class Cart:
    """What a visitor wants to buy."""

    def total(self, items):
        """Return the sum."""
{body}
        return 0
'''


def body(changed=None, length=60):
    return "\n".join(f"        x{n} = {'changed' if n == changed else n}" for n in range(1, length + 1))


def test_a_function_gives_its_signature_and_its_nearest_lines(review):
    """Of a long function the head and the lines around the hunk are offered, of its class the head."""
    opened = review({"a.py": CLASS.format(body=body())}, {"a.py": CLASS.format(body=body(30))})
    items = opened.offer(Enclosing())
    first, last = 9 + 30 - 3, 9 + 30 + 3
    assert [
        ("a.py:8-9", "function total, which the change is in"),
        (f"a.py:{first - NEAR}-{first - 1}", "in total, before the change"),
        (f"a.py:{last + 1}-{last + NEAR}", "in total, after the change"),
        ("a.py:4-6", "class Cart, which the change is in"),
    ] == told(items)
    assert '    def total(self, items):\n        """Return the sum."""' == items[0].text


def test_a_short_function_is_not_repeated(review):
    """What the hunk shows is not offered again."""
    opened = review({"a.py": CLASS.format(body=body(None, 3))}, {"a.py": CLASS.format(body=body(2, 3))})
    assert ["a.py:4-6"] == [where for where, origin in told(opened.offer(Enclosing())) if "Cart" in origin]
    shown = {line.new for line in opened.change.files[0].hunks[0].lines}
    assert not any(shown & set(range(item.start, item.end + 1)) for item in opened.offer(Enclosing()))


def test_code_outside_of_any_scope_has_none(review):
    """At the top of a file there is nothing around a change."""
    assert [] == review({"a.py": "x = 1\n"}, {"a.py": "x = 2\n"}).offer(Enclosing())


def test_a_deletion_has_a_scope_too(review):
    """Where lines are only removed, what they were in is offered."""
    long = body()
    opened = review(
        {"a.py": CLASS.format(body=long)}, {"a.py": CLASS.format(body=long.replace("        x30 = 30\n", ""))}
    )
    assert "function total, which the change is in" in dict(map(reversed, told(opened.offer(Enclosing()))))


def test_what_is_no_code_has_none(review):
    """A text has no scopes."""
    assert [] == review({"a.md": "a\n"}, {"a.md": "b\n"}).offer(Enclosing())
