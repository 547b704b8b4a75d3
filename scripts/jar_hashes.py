"""Write src/hunkwise/analyzers/jars/NAME.sha256 anew: the SHA-256 of each jar that Maven brings for a tool.

    .venv/bin/python scripts/jar_hashes.py [NAME...]

Run it after a version was changed in an analyzer, and read the diff: a hash that changes while its version does not is
an alarm.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from hunkwise.core.ports import Analyzer
from hunkwise.plugins.manager import load_plugins
from hunkwise.workspace.jars import LIBRARY, copy_call

FOLDER = Path(__file__).parent.parent / "src/hunkwise/analyzers/jars"


def main() -> None:
    """Fetch the jars of the named tools, or of all, and write their hashes."""
    analyzers = load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}).analyzers()
    tools = [one.tool for one in analyzers if isinstance(one, Analyzer) and one.tool.kind == "maven"]
    for tool in tools:
        if sys.argv[1:] and tool.name not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as home:
            subprocess.run(copy_call(tool, Path(home), os.environ.get("PATH")), check=True)
            jars = sorted((Path(home) / LIBRARY).iterdir())
            lines = [f"{hashlib.sha256(jar.read_bytes()).hexdigest()}  {jar.name}\n" for jar in jars]
        (FOLDER / f"{tool.name}.sha256").write_text("".join(lines), encoding="utf-8")
        print(f"{tool.name}: {len(lines)} jars")


if __name__ == "__main__":
    main()
