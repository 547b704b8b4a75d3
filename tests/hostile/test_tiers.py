"""Tools that look at several files at once work in both sandboxes."""

import json

import pytest


@pytest.mark.tools
@pytest.mark.parametrize("tier", ["bubblewrap", "landlock"])
def test_detect_secrets_reads_many_files(hunkwise, make_repo, tier):
    """It needs no shared memory for more than one file, which only one of the sandboxes has."""
    repo = make_repo()
    repo.commit()
    for name in ("a.py", "b.py", "c.py"):
        repo.write(name, 'KEY = "AKIA' + 'Z3MSJV4WXNQ2RTYD"\n')
    repo.commit()
    call = ("review", "-C", repo.path, "--base", "HEAD~1", "--foreign", "--only", "detect-secrets", "--format", "json")
    _, out, err = hunkwise(*call, HUNKWISE_SANDBOX=tier)
    assert {one["state"] for one in json.loads(out)["cover"]} == {"reviewed"}, err
    assert len(json.loads(out)["comments"]) == 3
