"""Make pr_fixture_12.bundle from the review data: the files of the 12 pull requests at base, head and end.

python tests/samples/pr_fixture_12.py DATA     (the folder that holds trees/ and pr_fixture_12.jsonl)
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "fixture"), ("EMAIL", "fixture@example.org"), ("DATE", "2020-01-01T00:00:00Z"))
}


def git(*args, where, stdin=b"", **more):
    env = {**os.environ, **NOBODY, "GIT_DIR": str(where), **more}
    return subprocess.run(["git", *args], env=env, input=stdin, check=True, capture_output=True).stdout.strip()


def main(data):
    rows = [json.loads(line) for line in (HERE / "pr_fixture_12.jsonl").read_text().splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "made.git")
        subprocess.run(["git", "init", "-q", "--bare", str(made)], check=True)
        for row in rows:
            name = row["repo"].replace("/", "+")
            source = data / "trees" / f"{name}.git"
            ends = [end for end in ("base", "head", "final") if has(source, row["pr"], end)]
            paths = changed(source, row["pr"], ends)
            parent = None
            for end in ends:
                tree = tree_of(made, source, f"refs/pull/{row['pr']}/{end}", paths, Path(folder))
                parents = ["-p", parent] if parent else []
                parent = git("commit-tree", tree, *parents, "-m", end, where=made).decode()
                git("update-ref", f"refs/{name}/pull/{row['pr']}/{end}", parent, where=made)
        git("bundle", "create", str(HERE / "pr_fixture_12.bundle"), "--all", where=made)


def has(source, number, end):
    return bool(git("for-each-ref", f"refs/pull/{number}/{end}", where=source))


def changed(source, number, ends):
    found = git("diff", "--name-only", "--no-renames", "-z", *(f"refs/pull/{number}/{end}" for end in ends[:2]), where=source)
    return sorted(name for name in found.decode().split("\0") if name)


def tree_of(made, source, ref, paths, folder):
    index = folder / "index"
    index.unlink(missing_ok=True)
    for line in git("ls-tree", "-r", ref, "--", *paths, where=source).decode().splitlines():
        mode, kind, blob, name = line.split(None, 3)
        content = subprocess.run(["git", "cat-file", kind, blob], env={**os.environ, "GIT_DIR": str(source)}, check=True, capture_output=True).stdout
        written = git("hash-object", "-w", "--stdin", where=made, stdin=content).decode()
        git("update-index", "--add", "--cacheinfo", f"{mode},{written},{name}", where=made, GIT_INDEX_FILE=str(index))
    return git("write-tree", where=made, GIT_INDEX_FILE=str(index)).decode()


main(Path(sys.argv[1]))
