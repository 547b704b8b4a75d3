import math

import pytest
from chat_server import completion

from hunkwise.core.reading import Reading, Written
from hunkwise.llm_backend.http.answers import (
    joined,
    shares_from_logprobs,
    shares_from_text,
    without_bias,
    written_from,
)

LABELS = ("B", "C", "0")


def logs(**masses):
    return {token: math.log(mass) for token, mass in masses.items()}


def test_shares_follow_the_log_probabilities():
    """Labels share what the model gives them, whatever it gives to other tokens."""
    answer = completion(top={**logs(B=0.3, C=0.1, The=0.4), "0": math.log(0.1)})
    assert shares_from_logprobs(answer, LABELS) == pytest.approx((0.6, 0.2, 0.2))


def test_a_label_is_known_with_blanks_and_marks_around_it():
    """A blank, as vocabularies write it too, and quotes around a label do not make it another."""
    answer = completion(
        top={" B": math.log(0.2), "\u2581B": math.log(0.1), "`C": math.log(0.1), "\u01200": math.log(0.1)}
    )
    assert shares_from_logprobs(answer, LABELS) == pytest.approx((0.6, 0.2, 0.2))


def test_a_missing_label_gets_its_part_of_the_rest():
    """What the listed tokens leave over is shared by the labels that are missing."""
    shares = shares_from_logprobs(completion(top=logs(B=0.9, x=0.09)), LABELS)
    assert shares == pytest.approx((0.9 / 0.91, 0.005 / 0.91, 0.005 / 0.91))


def test_a_missing_label_gets_no_more_than_the_smallest_listed():
    """A token that is not listed cannot be likelier than one that is."""
    shares = shares_from_logprobs(completion(top=logs(B=0.2, x=0.02)), LABELS)
    assert shares == pytest.approx((0.2 / 0.24, 0.02 / 0.24, 0.02 / 0.24))


@pytest.mark.parametrize(
    "answer",
    [
        completion(),
        completion(top={}),
        completion(top=logs(The=0.9)),
        completion(top={"B": -math.inf}),
        completion(top={"B": math.nan}),
        completion(top={"B": "high"}),
        completion(top={"B": True}),
        completion(top={"B": -2000.0}),
        {"choices": [{"logprobs": {"content": None}}]},
        {"choices": [{"logprobs": {"content": [{"top_logprobs": ["B", None, 3]}]}}]},
        {"choices": "B"},
        [],
        None,
    ],
)
def test_an_answer_without_a_label_has_no_shares(answer):
    """Whatever else an answer has, without log-probabilities of labels nothing is read out of it."""
    assert shares_from_logprobs(answer, LABELS) is None


@pytest.mark.parametrize("text", ['{"line": "C"}', '{ "line":"C" , "x": 1}', "C", " `C`.\n", '"C"', "[C]"])
def test_a_named_label_is_nearly_sure(text):
    """A label that is only named has 0.9, the others share the rest."""
    assert shares_from_text(completion(text), LABELS) == pytest.approx((0.05, 0.9, 0.05))


@pytest.mark.parametrize(
    "text",
    ["Z", '{"line": "Z"}', '{"line": null}', '{"line": ["C"]}', "Line C is bad", "", None, "{", "[" * 100_000, 3],
)
def test_what_names_no_label_is_not_believed(text):
    """An answer outside the labels of the task is no answer."""
    assert shares_from_text(completion(text), LABELS) is None


def test_bias_is_divided_out():
    """A model that answers as it does without content says nothing."""
    assert without_bias((0.5, 0.3, 0.2), (0.5, 0.3, 0.2)) == pytest.approx((1 / 3,) * 3)
    assert without_bias((0.5, 0.25, 0.25), (0.25, 0.5, 0.25)) == pytest.approx((4 / 7, 1 / 7, 2 / 7))


def test_parts_are_joined_by_what_outweighs_nothing():
    """Each part says how much likelier a place is than nothing; together they sum to 1 again."""
    reading = joined([Reading((0.4, 0.2), 0.4, 10), Reading((0.5,), 0.5, 5)])
    assert reading.probabilities == pytest.approx((1 / 3.5, 0.5 / 3.5, 1 / 3.5))
    assert reading.none == pytest.approx(1 / 3.5)
    assert reading.tokens == 15


def test_a_sure_part_does_not_break_the_sum():
    """A part without any doubt is joined as well."""
    reading = joined([Reading((1.0,), 0.0), Reading((0.0,), 1.0)])
    assert sum(reading.probabilities) + reading.none == pytest.approx(1)


def test_a_text_is_read_with_its_counts():
    """The text, whether it was cut, and the tokens are taken from the completion."""
    assert written_from(completion(" Odd.\n", finish="length")) == Written("Odd.", is_cut=True, read=7, tokens=3)


@pytest.mark.parametrize("content", [None, 3, ["a"], {"text": "a"}])
def test_a_text_that_is_none_is_empty(content):
    """An answer without a text is an empty one, which is counted and not shown."""
    assert written_from(completion(content)).text == ""


@pytest.mark.parametrize("usage", [None, [], {"prompt_tokens": "7", "completion_tokens": -1}, {"prompt_tokens": True}])
def test_counts_that_are_none_are_zero(usage):
    """A server that does not count is believed to have read nothing."""
    assert written_from(completion("x", usage=usage))[2:] == (0, 0)
