"""Chat messages as a server is sent them: what it would take for control tokens of its template is broken up."""

import re
from collections.abc import Mapping, Sequence

CONTROL = re.compile(
    r"(?<=<)(?=\|)|(?<=\|)(?=>)|(?<=\[)(?=/?INST\])|(?<=<)(?=/?s>|<SYS>>|</SYS>>|(?:start|end)_of_turn>)"
)
"""Between the characters of `<|...|>`, `[INST]`, `<s>`, `<<SYS>>` and `<start_of_turn>`."""


def defused(messages: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the messages with a blank inside whatever a chat template may hold for the end of a turn.

    Over HTTP nobody says where the template ends and the code begins, so code could otherwise speak as somebody else.
    Bytes that are no UTF-8 become question marks.
    """
    return [
        {name: CONTROL.sub(" ", text).encode("utf-8", "replace").decode() for name, text in message.items()}
        for message in messages
    ]
