"""`hunkwise schema` as people run it."""

import json

from jsonschema import Draft202012Validator


def test_the_schema_is_that_of_the_reports(hunkwise, repo):
    """What it writes is a schema, and a report of the json format is valid by it."""
    repo.write("a.txt", "a\n")
    repo.commit()
    repo.write("a.txt", "b\n")
    code, out, _ = hunkwise("schema")
    assert code == 0
    Draft202012Validator.check_schema(json.loads(out))
    _, report, _ = hunkwise("review", "--only", "coverage", "--format", "json", cwd=repo.path)
    Draft202012Validator(json.loads(out)).validate(json.loads(report))
