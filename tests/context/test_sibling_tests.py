from reviews import told

from hunkwise.context.sibling_tests import SiblingTests

CART = "def total(items):\n    return sum(items)\n"
AFTER = {"shop/cart.py": CART.replace("sum(items)", "sum(items) + 1")}


def test_a_test_that_mentions_the_change_is_offered(review):
    """The whole test comes, from the file's own tests first."""
    before = {
        "shop/cart.py": CART,
        "tests/test_app.py": "def test_app():\n    assert total([])\n",
        "tests/test_cart.py": "x = 1\n\n\n# Empty.\ndef test_total():\n    assert total([]) == 0\n",
    }
    assert [
        ("tests/test_cart.py:4-6", "test test_total, which mentions total"),
        ("tests/test_app.py:1-2", "test test_app, which mentions total"),
    ] == told(review(before, AFTER).offer(SiblingTests()))


def test_a_change_of_a_test_has_none(review):
    """What is a test itself is not tested."""
    test = "def test_total():\n    assert helper(1)\n\n\ndef helper(x):\n    return x\n"
    opened = review({"tests/test_a.py": test}, {"tests/test_a.py": test.replace("return x", "return 1")})
    assert [] == opened.offer(SiblingTests())


def test_an_import_in_a_test_file_is_no_test(review):
    """A mention outside of any function is not offered."""
    before = {"shop/cart.py": CART, "tests/test_cart.py": "from shop.cart import total\n"}
    assert [] == review(before, AFTER).offer(SiblingTests())


def test_a_test_that_is_named_after_the_change_comes_first(review):
    """Of several tests in a file, the one with the name in its own is the nearest."""
    tests = "def test_a():\n    assert total([])\n\n\ndef testTotal():\n    assert total([1])\n"
    before = {"shop/cart.py": CART, "tests/test_cart.py": tests}
    assert ["testTotal", "test_a"] == [
        origin.split()[1].rstrip(",") for _, origin in told(review(before, AFTER).offer(SiblingTests()))
    ]
