"""The JSON form and its published schema."""

import json

import jsonschema
import pytest

from hunkwise.core.model import Category, Decision, Kind, Severity, State, Status
from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.json import JsonSink, report_schema


def render(report):
    return JsonSink().render(report, RenderOptions())


def test_every_report_meets_the_published_schema(report):
    """Whatever a report holds, its JSON is valid by the schema, as strict UTF-8."""
    jsonschema.validate(
        json.loads(render(report).decode("utf-8", "strict")), report_schema(), cls=jsonschema.Draft202012Validator
    )


def test_the_schema_is_itself_valid():
    """The schema meets the 2020-12 meta-schema."""
    jsonschema.Draft202012Validator.check_schema(report_schema())


def test_the_schema_lets_nothing_unknown_pass(realistic):
    """A key that the schema does not name, at any depth, is an error."""
    value = json.loads(render(realistic))
    for holder in (value, value["comments"][0], value["comments"][0]["sources"][0], value["change"], value["summary"]):
        holder["surprise"] = 1
        with pytest.raises(jsonschema.ValidationError, match="surprise"):
            jsonschema.validate(value, report_schema())
        del holder["surprise"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("state", [one.value for one in State]),
        ("decision", [one.value for one in Decision]),
        ("category", [one.value for one in Category]),
        ("severity", [one.label for one in Severity]),
    ],
)
def test_the_schema_names_the_words_of_the_model(name, values):
    """The closed sets of the model and of the schema are the same."""
    assert report_schema()["$defs"][name]["enum"] == values


def test_the_schema_names_the_words_of_a_file():
    """Kinds and statuses of files are the model's."""
    properties = report_schema()["$defs"]["file"]["properties"]
    assert properties["kind"]["enum"] == [one.value for one in Kind]
    assert properties["status"]["enum"] == [one.value for one in Status]


def test_the_same_report_gives_the_same_bytes(make):
    """Nothing depends on the moment or on the order of a set."""
    assert render(make("hostile")) == render(make("hostile"))


def test_it_has_counts_a_program_can_act_on(realistic, make):
    """The summary counts decisions and severities and says whether the review is complete."""
    summary = json.loads(render(realistic))["summary"]
    assert summary["is_complete"] is True
    assert summary["comments"]["kept"] == 4
    assert summary["severities"] == {"critical": 0, "high": 2, "medium": 1, "low": 1, "info": 0}
    assert json.loads(render(make("incomplete")))["summary"]["is_complete"] is False


def test_a_path_that_is_not_utf8_is_readable_and_exact(hostile):
    """Its display form is valid Unicode, and `uri` has the bytes."""
    file = json.loads(render(hostile))["change"]["files"][0]
    assert "\\xff" in file["path"]
    assert "%FF" in file["uri"]


def test_what_a_terminal_would_obey_is_escaped(hostile):
    """Printed as it is, the JSON moves no cursor and turns no line around."""
    text = render(hostile).decode()
    assert not [character for character in "\x1b\x9b\u202e\u200b\x7f" if character in text]
