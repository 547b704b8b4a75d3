"""What broke without ending the review; apart from the model, so that start-up does not pay for that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something broke and the review went on: who, while doing what, and how to mend it."""

    who: str
    stage: str
    message: str
    hint: str = ""
