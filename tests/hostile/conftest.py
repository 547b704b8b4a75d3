"""Let the tests of this folder import what they share, and what the tests of the sandbox share."""

import sys
from pathlib import Path

for folder in (Path(__file__).parent, Path(__file__).parents[1] / "workspace"):
    sys.path.append(str(folder))
