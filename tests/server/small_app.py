"""`hunkwise serve` as it is, but for who reviews: small_review.py with this folder.

Usage: small_app.py FOLDER      settings: the environment
"""

import sys
from pathlib import Path

from hunkwise.server.service import serve
from hunkwise.server.settings import read_settings

if __name__ == "__main__":
    reviewer = Path(__file__).with_name("small_review.py")
    raise SystemExit(serve(read_settings(), (sys.executable, str(reviewer), sys.argv[1])))
