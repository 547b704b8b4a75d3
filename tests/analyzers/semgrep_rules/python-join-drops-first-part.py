import os
import os.path
from pathlib import Path


def paths(root, name):
    # ruleid: python-join-drops-first-part
    a = os.path.join(root, "/etc/app.conf")
    # ruleid: python-join-drops-first-part
    b = os.path.join(root, name, "/data")
    # ruleid: python-join-drops-first-part
    c = Path(root) / "/data"
    # ruleid: python-join-drops-first-part
    d = Path.home() / "/.cache"
    # ok: python-join-drops-first-part
    e = os.path.join("/etc", name)
    # ok: python-join-drops-first-part
    f = os.path.join(root, "data/")
    # ok: python-join-drops-first-part
    g = Path("/srv") / "data"
    # ok: python-join-drops-first-part
    h = ",".join([root, "/data"])
    return a, b, c, d, e, f, g, h
