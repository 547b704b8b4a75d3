"""The reference pages are what the code says."""

import json
from pathlib import Path

import jsonschema

from hunkwise.commands.reference import settings_page
from hunkwise.validation import config_schema

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_schema_is_published():
    """The published schema is the one of the code: `hunkwise config schema > docs/reference/config.schema.json`."""
    assert json.loads((REFERENCE / "config.schema.json").read_text()) == config_schema()


def test_schema_is_valid():
    """The schema is one of draft 2020-12, and each of its keys is described."""
    schema = config_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    tables = [schema, *(table for table in schema["$defs"].values() if "properties" in table)]
    assert [key for table in tables for key, value in table["properties"].items() if "description" not in value] == []


def test_schema_judges_like_the_program():
    """A validator that is not ours accepts a good file and rejects an unknown key and a bad value."""
    validator = jsonschema.Draft202012Validator(config_schema())
    assert validator.is_valid({"max_comments": 3, "rules": {"ruff.*": {"severity": "low"}}})
    assert not validator.is_valid({"max_coments": 3})
    assert not validator.is_valid({"floor": 2})
    assert not validator.is_valid({"plugins": ["x.py"]})


def test_page_shows_bounds_and_variables():
    """A setting's row has its type with its bounds, its default and its variable."""
    rows = [line for line in settings_page() if line.startswith("| `max_comments`")]
    assert rows == [
        "| `max_comments` | whole number, 0 to 1000 | `10` | `HUNKWISE_MAX_COMMENTS` | "
        "How many comments a review may keep. |"
    ]
