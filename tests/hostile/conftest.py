"""Let the tests of this folder import what they share, and what the sandbox's, the drafts' and the faults' tests do."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
for folder in (Path(__file__).parent, TESTS / "workspace", TESTS / "plugins" / "github", TESTS / "faults"):
    sys.path.append(str(folder))
