import pytest

from hunkwise.core.reading import Written
from hunkwise.core.usable import LONGEST, Flaw, judge

CODE = ["def load(path, cache={}):", "    data = open_file(path)", "    if data == None:", "        return eval(data)"]


def flaw(text, *, is_cut=False, given=()):
    return judge(Written(text, is_cut), CODE, given).flaw


@pytest.mark.parametrize(
    "text",
    [
        "The mutable default `cache` is shared by all calls; use None instead.",
        "open_file may raise FileNotFoundError, which nobody catches here.",
        "Compare with `is`: `data == None` calls __eq__ of whatever data is.",
    ],
)
def test_a_text_that_names_the_code_is_shown(text):
    """What is concrete about the hunk passes as it is."""
    assert judge(Written(text), CODE) == (text, None)


@pytest.mark.parametrize(
    "text", ["", "  \n", "Line C:", "```python\ndef load(path): pass\n```", "None.", "eval(data)", "A|+def load(path):"]
)
def test_a_text_without_prose_is_empty(text):
    """Nothing, code alone, or fewer than four words."""
    assert flaw(text) is Flaw.EMPTY


def test_a_sentence_that_was_cut_is_not_shown():
    """A text that ran into the limit before its first sentence ended is truncated."""
    assert flaw("The mutable default `cache` is shared by all calls and", is_cut=True) is Flaw.TRUNCATED


def test_whole_sentences_before_the_cut_are_kept():
    """What was complete when the limit came is shown without the rest."""
    written = Written("The default `cache` is shared by all calls. It should be", is_cut=True)
    assert judge(written, CODE) == ("The default `cache` is shared by all calls.", None)


def test_what_follows_the_first_paragraph_is_left_out():
    """A cut after a blank line does not matter: the paragraph before it is whole."""
    written = Written("The default `cache` is shared by all calls.\n\nHere is", is_cut=True)
    assert judge(written, CODE) == ("The default `cache` is shared by all calls.", None)


@pytest.mark.parametrize(
    "text",
    [
        "The `cache` is a bug. The `cache` is a bug.",
        "A bug of cache is a bug of cache is a bug of cache is a bug of cache is a bug of cache",
        "Here def load(path, cache={}) again.",
        "The line is data = open_file(path)",
    ],
)
def test_a_text_that_goes_round_is_repetitive(text):
    """The same sentence twice, the same words over and over, or a line of the code once more."""
    assert flaw(text) is Flaw.REPETITIVE


def test_a_text_that_says_what_it_was_told_is_repetitive():
    """The tool's own message again is nothing new."""
    message = "Dangerous default value {} as argument cache"
    assert flaw("Dangerous default value {} as the argument cache.", given=[message]) is Flaw.REPETITIVE


@pytest.mark.parametrize(
    "text",
    [
        "This code looks good and should work as expected.",
        "Consider adding a comment that explains what happens.",
        "The line above is a bug in the Python language itself.",
        "Here's a more concise version of open_file and cache.",
        "Everything in this function could be improved somewhat.",
        "A tool says of line M: open_file is not closed.",
        "Here is a complete example of how to fix the open_file issue.",
        "One or two sentences that say what is wrong with open_file.",
    ],
)
def test_a_text_that_would_fit_anywhere_is_generic(text):
    """Praise, stock phrases, and what names nothing of the hunk."""
    assert flaw(text) is Flaw.GENERIC


def test_a_hint_said_again_is_repetitive():
    """A label and the name of the tool around it change nothing."""
    hint = "No need to check for null before an instanceof"
    assert flaw("A: No need to check for null before an instanceof (pmd)", given=[hint]) is Flaw.REPETITIVE


def test_leading_labels_and_quotes_are_tidied_away():
    """A model that answers in a form is read as if it had not."""
    assert judge(Written('Line C: "The default `cache` is shared by calls."'), CODE).text == (
        "The default `cache` is shared by calls."
    )


def test_a_long_text_ends_at_a_sentence():
    """What is beyond the limit of characters is left out by whole sentences."""
    long = " ".join(f"The default `cache{number}` is shared by call number {number}." for number in range(20))
    text = judge(Written(long), [f"cache{number}" for number in range(20)]).text
    assert len(text) <= LONGEST and text.endswith(".")
