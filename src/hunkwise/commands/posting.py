"""Post a report by the publisher that knows where to, or show what would be posted."""

import sys
from typing import TYPE_CHECKING

from hunkwise.core.model import Report
from hunkwise.core.ports import Publication, Publisher
from hunkwise.plugins.first import first_answer

if TYPE_CHECKING:
    from hunkwise.plugins.facade import Plugins


def publisher_for(where: Publication, plugins: "Plugins") -> Publisher:
    """Return the first publisher that posts there; raise UsageError where none does, or it lacks something."""
    return first_answer(
        plugins.publishers(), "publish", lambda one: one if one.is_for(where) else None, "no publisher posts there"
    )[0]


def post_report(report: Report, where: Publication, publisher: Publisher) -> int:
    """Post it, or print what would be; say on stderr what was done and return the exit code."""
    receipt = publisher.publish(report, where)
    sys.stdout.write(receipt.preview)
    for line in receipt.said:
        print(f"hunkwise: {line}", file=sys.stderr)
    return 0
