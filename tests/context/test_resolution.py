import pytest

from hunkwise.context.resolution import Resolver

PATHS = (
    "src/app/__init__.py",
    "src/app/core.py",
    "src/app/db/__init__.py",
    "src/app/db/models.py",
    "src/main/java/org/a/B.java",
    "src/main/java/org/a/C.java",
    "web/a.ts",
    "web/b/index.js",
    "web/c.tsx",
    "pkg/tax/tax.go",
    "pkg/tax/tax_test.go",
    "include/tax.h",
    "lib/cart.rb",
)


@pytest.mark.parametrize(
    ("text", "name", "importer", "language", "expected"),
    [
        ("from app.core import f", "f", "src/app/x.py", "python", ["src/app/core.py"]),
        ("from app.db import models", "models", "x.py", "python", ["src/app/db/models.py", "src/app/db/__init__.py"]),
        ("from .core import f", "f", "src/app/x.py", "python", ["src/app/core.py"]),
        ("from ..core import f", "f", "src/app/db/models.py", "python", ["src/app/core.py"]),
        ("from . import core", "core", "src/app/x.py", "python", ["src/app/core.py", "src/app/__init__.py"]),
        ("import app.core as c", "c", "x.py", "python", ["src/app/core.py"]),
        ("from ..... import x", "x", "a.py", "python", []),
        ("import org.a.B;", "B", "X.java", "java", ["src/main/java/org/a/B.java"]),
        ("import static org.a.B.f;", "f", "X.java", "java", ["src/main/java/org/a/B.java"]),
        ("import org.a.*;", "C", "X.java", "java", ["src/main/java/org/a/C.java"]),
        ("import {x} from './a'", "x", "web/y.js", "javascript", ["web/a.ts"]),
        ("import {x} from './a.js'", "x", "web/y.ts", "ts", ["web/a.ts"]),
        ("const b = require('../web/b')", "b", "srv/y.js", "javascript", ["web/b/index.js"]),
        ("import x from 'react'", "x", "web/y.js", "javascript", []),
        ('import "example.org/shop/pkg/tax"', "tax", "main.go", "go", ["pkg/tax/tax.go"]),
        ('#include "tax.h"', "tax", "src/a.c", "c", ["include/tax.h"]),
        ("require_relative '../lib/cart'", "cart", "bin/a.rb", "ruby", ["lib/cart.rb"]),
        ("import anything", "x", "a.elm", "elm", []),
    ],
)
def test_an_import_names_files(text, name, importer, language, expected):
    """Each language's imports lead to the files of the repository that they mean, likeliest first."""
    assert expected == list(Resolver(PATHS).files(text, name, importer, language))
