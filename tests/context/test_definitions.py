from reviews import told

from hunkwise.context.definitions import MOST, SEARCHED, Definitions
from hunkwise.testing import make_change
from hunkwise.workspace.patched import PatchWorkspace


def test_a_definition_of_the_same_file_comes_first(review):
    """Names of the changed lines are looked up in their own file, then in what it imports."""
    before = {
        "src/shop/tax.py": "def rate(base):\n    return base\n",
        "src/shop/cart.py": "from shop.tax import rate\n\n\ndef rounded(value):\n    return value\n"
        + "\n" * 10
        + "def total():\n    return 1\n",
    }
    after = {
        "src/shop/cart.py": before["src/shop/cart.py"].replace("return 1", "return rounded(rate(2))"),
    }
    opened = review(before, after)
    assert {
        ("src/shop/cart.py:4-5", "definition of rounded"),
        ("src/shop/tax.py:1-2", "definition of rate"),
    } == set(told(opened.offer(Definitions())))
    assert [] == opened.greps


def test_a_relative_import_is_followed(review):
    """The dots of an import are folders."""
    before = {"a/b/c.py": "from ..d import helper\n\n\ndef f():\n    return 1\n", "a/d.py": "def helper():\n    pass\n"}
    after = {"a/b/c.py": before["a/b/c.py"].replace("return 1", "return helper()")}
    assert [("a/d.py:1-2", "definition of helper")] == told(review(before, after).offer(Definitions()))


def test_a_java_import_is_followed(review):
    """A class is found by its package's folders, wherever the sources begin."""
    before = {
        "src/main/java/org/shop/Tax.java": "package org.shop;\n/** Taxes. */\nclass Tax {\n  int x;\n}\n",
        "src/main/java/org/web/Page.java": "package org.web;\nimport org.shop.Tax;\nclass Page {\n"
        "  void show() {\n    int a = 1;\n  }\n}\n",
    }
    after = {
        "src/main/java/org/web/Page.java": before["src/main/java/org/web/Page.java"].replace(
            "int a = 1;", "Tax t = new Tax();"
        )
    }
    assert [("src/main/java/org/shop/Tax.java:2-5", "definition of Tax")] == told(
        review(before, after).offer(Definitions())
    )


def test_a_script_import_is_followed(review):
    """A relative path of JavaScript may leave out the suffix, or mean a folder's index."""
    before = {
        "web/tax/index.ts": "export function rate(base: number) {\n  return base;\n}\n",
        "web/cart.ts": "import {rate} from './tax';\n\nexport function total() {\n  return 1;\n}\n",
    }
    after = {"web/cart.ts": before["web/cart.ts"].replace("return 1", "return rate(2)")}
    assert [("web/tax/index.ts:1-3", "definition of rate")] == told(review(before, after).offer(Definitions()))


def test_a_go_package_is_followed(review):
    """A name of an imported package is searched for in the repository."""
    before = {
        "tax/rate.go": "package tax\n\n// Rate is a share.\nfunc Rate(base int) int {\n\treturn base\n}\n",
        "cart/cart.go": 'package cart\n\nimport "example.org/shop/tax"\n\nfunc Total() int {\n\treturn 1\n}\n',
    }
    after = {"cart/cart.go": before["cart/cart.go"].replace("return 1", "return tax.Rate(2)")}
    assert [("tax/rate.go:3-6", "definition of Rate")] == told(review(before, after).offer(Definitions()))


def test_what_no_import_says_is_searched_for(review):
    """A method of another file is found by a search, if its name is not everywhere."""
    before = {
        "lib/store.py": "class Store:\n    def persist_all(self):\n        pass\n",
        "app.py": "def run(store):\n    return 1\n",
    }
    after = {"app.py": "def run(store):\n    return store.persist_all()\n"}
    opened = review(before, after)
    assert [("lib/store.py:2-3", "definition of persist_all")] == told(opened.offer(Definitions()))


def test_the_work_for_a_hunk_is_bounded(review):
    """However many names a hunk uses, the searches and the items are few."""
    files = {f"m{n}.py": f"def some_function_{n}():\n    pass\n" for n in range(40)}
    calls = "\n".join(f"    some_function_{n}()" for n in range(40))
    opened = review({**files, "app.py": "def run():\n    pass\n"}, {"app.py": f"def run():\n{calls}\n"})
    assert 0 < len(opened.offer(Definitions())) <= MOST
    assert len(opened.greps) <= SEARCHED * 2


def test_an_import_from_outside_is_not_searched_for(review):
    """What comes from a library is not in the repository."""
    opened = review({"a.py": "import json\n\nx = 1\n"}, {"a.py": "import json\n\nx = json.somewhere(1)\n"})
    opened.offer(Definitions())
    assert "def json(" not in opened.greps


def test_a_bare_patch_offers_what_it_adds(outlines_of):
    """Without a tree, only added files can be looked at, and the others are passed over in silence."""
    change = make_change({"new.py": "def helper():\n    pass\n", "old.py": ("x = 1\n", "x = helper()\n")})
    workspace = PatchWorkspace({"new.py": b"def helper():\n    pass\n"})
    outlines = outlines_of(workspace)
    assert [(), ()] == [
        Definitions().offer(hunk, change, workspace, outlines) for file in change.files for hunk in file.hunks
    ]
