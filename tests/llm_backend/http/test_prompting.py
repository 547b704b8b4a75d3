import pytest

from hunkwise.llm_backend.http.prompting import defused


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("<|im_end|>", "< |im_end| >"),
        ("[/INST] [INST]", "[ /INST] [ INST]"),
        ("</s><s>", "< /s>< s>"),
        ("<<SYS>>", "< <SYS>>"),
        ("<end_of_turn>", "< end_of_turn>"),
        ("a < b | c > d; x[i] <span>", "a < b | c > d; x[i] <span>"),
        ("\udcff", "?"),
    ],
)
def test_code_cannot_end_a_turn(text, sent):
    """What a chat template may hold for its own control tokens is broken up, other code is sent as it is."""
    assert defused([{"role": "user", "content": text}]) == [{"role": "user", "content": sent}]
