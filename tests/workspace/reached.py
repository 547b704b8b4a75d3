"""Stay who one is, in a place where the user that tools run as can reach the interpreter and the tools too."""

import os
import sys
from pathlib import Path

from hunkwise.workspace.sandbox.system import USER, is_root, launcher

CHECKOUT = Path(__file__).resolve().parents[2]
CODE = """
import os, runpy, sys
runpy.run_path({launcher!r})["reach"]({paths!r}, {user})
os.execv(sys.argv[1], sys.argv[1:])
"""


def reached(argv):
    """Return the call.

    Under a filter like Docker's, root cannot mount, and a home directory that is closed to others would be in the way.
    """
    if not is_root():
        return tuple(argv)
    paths = [str(CHECKOUT), sys.prefix, sys.base_prefix, os.environ.get("HUNKWISE_TOOLS_DIR", sys.prefix)]
    code = CODE.format(launcher=launcher()[-1], paths=paths, user=USER)
    return (sys.executable, "-I", "-S", "-c", code, *argv)
