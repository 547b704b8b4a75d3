"""Hostile trees, by id: what is beside one harmless file `fine.py`; class C of the hostile corpus."""

from objects import DIRECTORY, LINK, MODULE, REGULAR

FINE = "import os\n"
MODULES = """\
[submodule "a"]
\tpath = local
\turl = file:///etc
[submodule "b"]
\tpath = option
\turl = -u./x
[submodule "../../x"]
\tpath = up
\turl = ../../x
[submodule "c"]
\tpath = "cr\\r"
\turl = ./cr
"""
EVIL_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = @RUN@\n"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
ATTRIBUTES = """\
*.py filter=evil diff=evil merge=evil
big.py filter=lfs diff=lfs merge=lfs -text
wide.py working-tree-encoding=UTF-16
"""


def _named(*names):
    """Return a directory of each name with a file in it."""
    return lambda objects, facts: [
        (DIRECTORY, name, objects.tree((REGULAR, b"config", objects.blob(EVIL_CONFIG.replace("@RUN@", facts["run"])))))
        for name in names
    ]


def _links(**targets):
    return lambda objects, facts: [
        (LINK, name.encode() + b".py", objects.blob(target.format(**facts))) for name, target in targets.items()
    ]


def _files(*names):
    return lambda objects, facts: [(REGULAR, name, objects.blob(FINE)) for name in names]


def _link_and_directory(objects, facts):
    inner = objects.tree((REGULAR, b"x.py", objects.blob("pwned\n")))
    return [(LINK, b"d", objects.blob(facts["open"])), (DIRECTORY, b"d", inner)]


def _modules(objects, facts):
    names = (b"local", b"option", b"up", b"cr\r")
    return [(REGULAR, b".gitmodules", objects.blob(MODULES)), *((MODULE, name, "1" * 40) for name in names)]


def _embedded(objects, facts):
    empty = objects.tree((REGULAR, b"x", objects.blob("")))
    inner = objects.tree(
        (REGULAR, b"HEAD", objects.blob("ref: refs/heads/main\n")),
        (REGULAR, b"config", objects.blob(EVIL_CONFIG.replace("@RUN@", facts["run"]))),
        (DIRECTORY, b"objects", empty),
        (DIRECTORY, b"refs", empty),
    )
    return [(DIRECTORY, b"embedded", inner)]


def _attributes(objects, facts):
    return [(REGULAR, b".gitattributes", objects.blob(ATTRIBUTES)), (REGULAR, b"wide.py", objects.blob(FINE))]


def _deep(objects, facts):
    oid, mode, name = objects.blob(FINE), REGULAR, b"x.py"
    for _ in range(3000):
        oid, mode, name = objects.tree((mode, name, oid)), DIRECTORY, b"d"
    return [(mode, name, oid)]


TREES = {
    "C01-dot-dot": _named(b".."),
    "C02-up-and-down": _named(b"../PWN"),
    "C02-up-and-down-file": _files(b"../PWN.py"),
    "C03-git-config": _named(b".git"),
    "C04-git-in-capitals": _named(b".GiT", b".GIT"),
    "C05-git-with-an-invisible-mark": _named(".g\u200cit".encode(), "\ufeff.git".encode()),
    "C06-git-by-its-short-name": _named(b"git~1", b"GIT~1"),
    "C07-slash-in-a-name": _files(b"a/../../x.py", b"/tmp/x.py", b"x/y.py"),
    "C08-link-to-a-secret": _links(a="{secret}"),
    "C09-link-and-directory": _link_and_directory,
    "C10-links-to-devices": _links(zero="/dev/zero", itself="itself.py", pipe="{pipe}"),
    "C11-submodules": _modules,
    "C12-case": _files(b"Readme.py", b"README.py", b"readme.py"),
    "C13-embedded-repository": _embedded,
    "C14-attributes": _attributes,
    "C15-lfs-pointer": lambda objects, facts: [(REGULAR, b"big.py", objects.blob(POINTER))],
    "C16-depth-3000": _deep,
    "C18-name-of-5000-bytes": _files(b"n" * 5000 + b".py"),
}  # fmt: skip
WRITTEN = {
    "C07-slash-in-a-name": {"x/y.py"},
    "C09-link-and-directory": {"d/x.py"},
    "C11-submodules": {".gitmodules"},
    "C12-case": {"Readme.py", "README.py", "readme.py"},
    "C13-embedded-repository": {"embedded/HEAD", "embedded/config", "embedded/objects/x", "embedded/refs/x"},
    "C14-attributes": {".gitattributes", "wide.py"},
    "C15-lfs-pointer": {"big.py"},
}
"""What of a tree may be written besides `fine.py`; of the others nothing."""
REFUSED = ("C01-dot-dot", "C02-up-and-down", "C02-up-and-down-file", "C07-slash-in-a-name")
"""Trees with a path that leads out: the whole review is refused, as no host takes such a push."""
