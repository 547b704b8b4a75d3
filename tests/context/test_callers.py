from reviews import told

from hunkwise.context.callers import CALLERS, DEFINITIONS, Callers

CART = "def total(items):\n    return sum(items)\n\n\ndef tidy(items):\n    return items\n"
PAGE = "from cart import total\n\n\ndef show(items):\n    x = 1\n    return total(items)\n"


def test_callers_of_a_changed_definition_are_offered(review):
    """A call in another file comes with the lines around it, an import does not."""
    opened = review({"cart.py": CART, "page.py": PAGE}, {"cart.py": CART.replace("sum(items)", "sum(items) + 1")})
    assert [("page.py:4-6", "show, which uses total")] == told(opened.offer(Callers()))


def test_a_changed_signature_comes_first(review):
    """Who calls what is called differently now matters most."""
    page = PAGE + "\n\ndef clean(items):\n    return tidy(items)\n"
    after = CART.replace("return sum(items)", "return 1").replace("def tidy(items)", "def tidy(items, base)")
    opened = review({"cart.py": CART, "page.py": page}, {"cart.py": after})
    assert ["clean, which uses tidy", "show, which uses total"] == [
        origin for _, origin in told(opened.offer(Callers()))
    ]


def test_other_words_are_no_callers(review):
    """A longer name, another language and a test do not count."""
    before = {
        "cart.py": CART,
        "other.py": "def f():\n    subtotal(1)\n    totals(1)\n",
        "note.md": "total(1)\n",
        "tests/test_cart.py": "def test_total():\n    assert total([]) == 0\n",
    }
    assert [] == review(before, {"cart.py": CART.replace("sum(items)", "sum(items) + 1")}).offer(Callers())


def test_the_callers_of_a_constructor_name_its_class(review):
    """Who calls `__init__` writes the name of the class."""
    cart = "class Cart:\n    def __init__(self):\n        self.x = 1\n"
    before = {"cart.py": cart, "page.py": "def show():\n    return Cart()\n"}
    opened = review(before, {"cart.py": cart.replace("x = 1", "x = 2")})
    assert [("page.py:1-2", "show, which uses Cart")] == told(opened.offer(Callers()))


def test_callers_are_few(review):
    """Of many callers the nearest are offered, with one search for each definition."""
    many = {f"m{n}/p.py": f"def show{n}():\n    return total([])\n" for n in range(30)}
    opened = review({"cart.py": CART, **many}, {"cart.py": CART.replace("sum(items)", "sum(items) + 1")})
    assert CALLERS == len(opened.offer(Callers()))
    assert len(opened.greps) <= DEFINITIONS


def test_a_name_that_is_everywhere_has_no_callers(review):
    """Hundreds of hits say nothing."""
    opened = review(
        {"cart.py": CART, "big.py": "total([])\n" * 900}, {"cart.py": CART.replace("sum(items)", "sum(items) + 1")}
    )
    assert [] == opened.offer(Callers())


def test_methods_of_everything_have_no_callers(review):
    """Who calls `toString` calls that of another class."""
    java = "class Cart {\n  public String toString() {\n    return name;\n  }\n}\n"
    before = {"Cart.java": java, "Page.java": "class Page {\n  String show() {\n    return x.toString();\n  }\n}\n"}
    assert [] == review(before, {"Cart.java": java.replace("return name", "return id")}).offer(Callers())
