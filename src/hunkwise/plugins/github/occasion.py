"""What one review is posted for: all that the trusted side knows, and that no report may say."""

from dataclasses import dataclass

from hunkwise.core.model import Sha
from hunkwise.plugins.github.markers import Marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """The markers, the head that is reviewed, the hash of the configuration, and the head reviewed before.

    `is_forgeable` says that others may have written the report, as with the artefact of a fork's job: it then brings
    no link and no suggestion.
    """

    marks: Marks
    head: Sha
    config: str = ""
    since: Sha | None = None
    is_forgeable: bool = False
