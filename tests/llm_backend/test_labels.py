import pytest

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.labels import ANSWER, FEWEST, find_labels


def tokenizer(words):
    """Return what encodes known words, each with its space, as one token, and all else letter by letter."""
    numbers = {word: number for number, word in enumerate(words, start=1000)}

    def encode(text):
        rest = text.removeprefix(ANSWER)
        opening = [1, 2] if rest != text else []
        word = rest.removeprefix(" ")
        return opening + ([numbers[word]] if word in numbers else [ord(letter) for letter in rest])

    return encode


def test_labels_are_single_tokens_after_the_answer():
    """Only words of one token count, capitals first."""
    labels = find_labels(tokenizer([*"ZYXWVUTSRQ", "none", "a"]), "m")
    assert labels.words[:3] == ("Q", "R", "S") and labels.words[-1] == "a"
    assert labels.none == "none" and len(set(labels.ids)) == len(labels.words)


def test_a_word_for_nothing_is_no_label():
    """The token that says that no line needs a comment names no line."""
    labels = find_labels(tokenizer([*"ABCDEFGHI", "0"]), "m")
    assert labels.none == "0" and "0" not in labels.words


@pytest.mark.parametrize("words", [[*"ABC", "none"], [*"ABCDEFGHIJ"]], ids=["few", "no word for nothing"])
def test_a_model_without_labels_is_refused(words):
    """The error says how many there are, and how many are needed."""
    with pytest.raises(ModelError, match=f"m: its vocabulary has .* it needs {FEWEST} and one: use another model"):
        find_labels(tokenizer(words), "m")
