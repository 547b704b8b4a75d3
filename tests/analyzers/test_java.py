"""A change to a real Maven project, compiled and tested by Maven, reviewed as people do."""

import json
import os
import shutil
import time

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.tools]
CART = "src/main/java/org/example/shop/Cart.java"
TOOLS = "checkstyle,pmd,spotbugs"


@pytest.fixture
def shop(built_java_project, tmp_path):
    """A copy of the built project that the test may change."""
    return shutil.copytree(built_java_project, tmp_path / "shop")


def kept(out: str) -> list[tuple[int, set[str]]]:
    """Return the line and the rules of each kept comment, with those that were joined into it, by line."""
    comments = json.loads(out)["comments"]
    rules = {
        one["fingerprint"]: {f"{source['tool']}.{source['rule']}" for source in one["sources"]} for one in comments
    }
    for one in comments:
        if one["verdict"]["decision"] == "duplicate":
            rules[one["duplicate_of"]] |= rules[one["fingerprint"]]
    shown = [one for one in comments if one["verdict"]["decision"] == "kept"]
    return sorted((one["location"]["start"], rules[one["fingerprint"]]) for one in shown)


def test_three_tools_give_one_review(hunkwise, shop):
    """What checkstyle, PMD and SpotBugs say of one line is one comment that names them all."""
    code, out, err = hunkwise("review", "--only", TOOLS, "--format", "json", cwd=shop)
    assert code == 0, err
    assert kept(out) == [
        (
            26,
            {
                "checkstyle.StringLiteralEquality",
                "pmd.UseEqualsToCompareStrings",
                "spotbugs.ES_COMPARING_PARAMETER_STRING_WITH_EQ",
            },
        ),
        (40, {"spotbugs.NP_ALWAYS_NULL", "spotbugs.NP_LOAD_OF_KNOWN_NULL_VALUE"}),
        (48, {"checkstyle.EmptyCatchBlock", "pmd.EmptyCatchBlock"}),
    ]
    assert not json.loads(out)["failures"]


def test_the_build_ran_the_tests_under_jacoco(built_java_project):
    """The project that other tests read has a real coverage report, of the changed text."""
    report = (built_java_project / "target/site/jacoco/jacoco.xml").read_text()
    assert '<sourcefile name="Cart.java">' in report
    assert '<line nr="26" mi=' in report


def test_class_files_older_than_their_source_are_left_alone(hunkwise, shop):
    """A source that was changed after the build is not applicable, with the reason, and not a failure."""
    cart = shop / CART
    cart.write_text(cart.read_text().replace("nothing costs", "there is nothing that costs"))
    os.utime(cart, (time.time() + 60,) * 2)
    _, out, _ = hunkwise("review", "--only", "spotbugs", "--format", "json", cwd=shop)
    states = {(one["state"], one["reason"]) for one in json.loads(out)["cover"]}
    assert states == {("not applicable", "its class files are older than it: build the project first")}


def test_without_a_build_the_reason_says_how_to_name_one(hunkwise, shop):
    """Where no class files are, SpotBugs says what it needs."""
    shutil.rmtree(shop / "target")
    _, out, _ = hunkwise("review", "--only", "checkstyle,spotbugs", "--format", "json", cwd=shop)
    reasons = {one["reason"] for one in json.loads(out)["cover"] if one["reviewer"] == "spotbugs"}
    assert reasons == {
        "no class files of it: build the project, and name their folder as `tools.spotbugs.options.classes`"
    }


def test_class_files_of_a_foreign_change_are_not_taken(hunkwise, shop):
    """What a foreign change has built is not looked at, and nothing is built for it."""
    _, out, _ = hunkwise("review", "--foreign", "--only", "spotbugs", "--format", "json", cwd=shop)
    states = {one["state"] for one in json.loads(out)["cover"]}
    assert states == {"not applicable"}


def test_java_runs_in_the_sandbox(hunkwise, shop):
    """On a foreign change checkstyle and PMD find the same, confined as every tool is."""
    _, out, _ = hunkwise("review", "--foreign", "--only", "checkstyle,pmd", "--format", "json", cwd=shop)
    states = {one["state"] for one in json.loads(out)["cover"]}
    if states == {"refused"}:
        pytest.skip("there is no sandbox on this machine")
    assert states == {"reviewed"}
    assert kept(out) == [
        (26, {"checkstyle.StringLiteralEquality", "pmd.UseEqualsToCompareStrings"}),
        (48, {"checkstyle.EmptyCatchBlock", "pmd.EmptyCatchBlock"}),
    ]
