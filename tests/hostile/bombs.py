"""Files that break, choke or flood tools, by id; class E of the hostile corpus."""

import io
import zipfile

BAD = "import os\n\n\ndef f(command, into=[]):\n    return eval(command)\n\n\n"
FINE = {
    "fine.py": BAD,
    "fine.js": "debugger;\n",
    "fine.sh": "#!/bin/sh\ncd $1\nrm -rf *\n",
    "fine.yml": "a: {b: 1, b: 2}\n",
}
"""What must be reviewed all the same, each with something to find."""


def _sum(terms):
    return f"{BAD}x = {' + '.join(['1'] * terms)}\n"


def _zip():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.py", b"\0" * 2**24)
    return packed.getvalue()


SHORT = {
    "E01-sum-of-500": lambda: {"x.py": _sum(500)},
    "E01-sum-of-1500": lambda: {"x.py": _sum(1500)},
    "E01-sum-of-50k": lambda: {"x.py": _sum(50_000)},
    "E02-500-attributes": lambda: {"x.py": f"{BAD}x = a{'.b' * 500}\n"},
    "E02-500-calls": lambda: {"x.py": f"{BAD}x = a{'.b()' * 500}\n"},
    "E03-30k-not": lambda: {"x.py": f"{BAD}x = {'not ' * 30_000}1\n"},
    "E05-100k-parentheses": lambda: {"x.py": f"{BAD}x = {'(' * 100_000}1{')' * 100_000}\n"},
    "E08-nul": lambda: {"x.py": f"{BAD}x = 1\0\n", "y.py": f"{BAD}x = 1\x1a\n"},
    "E09-encodings": lambda: {
        "bytes.py": BAD.encode() + b"# \xff\xfe\n",
        "wide.py": BAD.encode("utf-16"),
        "marked.py": b"\xef\xbb\xbf" + BAD.encode(),
        "rot13.py": f"# coding: rot13\n{BAD}",
        "utf7.py": f"# coding: utf-7\n{BAD}",
    },
    "E13-200k-digits": lambda: {"x.py": f"{BAD}x = {'9' * 200_000}\n"},
    "E16-zip": lambda: {"x.py": _zip(), "x.ipynb": _zip()},
}
LONG = {
    "E02-1500-attributes": lambda: {"x.py": f"{BAD}x = a{'.b' * 1500}\n"},
    "E02-20k-attributes": lambda: {"x.py": f"{BAD}x = a{'.b' * 20_000}\n"},
    "E04-20k-elif": lambda: {"x.py": f"{BAD}if a:\n    pass\n" + "elif a:\n    pass\n" * 20_000},
    "E06-one-line": lambda: {
        "x.py": f"{BAD}x = [{'1, ' * 3_300_000}]\n",
        "x.js": f"debugger; x = [{'1, ' * 3_300_000}];\n",
        "x.json": f"[{'1, ' * 3_300_000}1]\n",
    },
    "E07-300k-findings": lambda: {"x.py": "import os\n" + "eval(a)\n" * 300_000},
    "E10-20k-levels": lambda: {
        "x.yml": f"a: {'[' * 20_000}{']' * 20_000}\n",
        "x.json": f"{'[' * 20_000}{']' * 20_000}\n",
    },
    "E11-anchors": lambda: {
        "x.yml": "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    },
    "E12-5k-shell-parentheses": lambda: {"x.sh": f"#!/bin/sh\ncd $1\necho {'$(' * 5000}x{')' * 5000}\n"},
    "E14-500k-lines": lambda: {"x.py": "x = 1\n" * 500_000},
    "E14-3000-files": lambda: {f"d/{number}.py": "x = 1\n" for number in range(3000)},
}
