"""Let the tests of this folder import what they share, and what those of the sandbox and of drafts for GitHub share."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
for folder in (Path(__file__).parent, TESTS / "workspace", TESTS / "plugins" / "github"):
    sys.path.append(str(folder))
