"""The publisher that posts a report as a review of a pull request."""

import os
from collections.abc import Mapping

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Report, Sha
from hunkwise.core.ports import Receipt


class GitHubReview:
    """Posts a review, once; what to is said by whoever calls, and never by the report."""

    name = "github"

    def publish(self, report: Report, target: Mapping[str, str]) -> Receipt:
        """Post what is kept; `target` has `pr`, its URL, and may have `head`, which it must be at."""
        from hunkwise.github.address import parse_target
        from hunkwise.github.checkout import full_diff
        from hunkwise.github.opening import app_name, marker_key, open_pull_request
        from hunkwise.github.publishing import PublishOptions, publish
        from hunkwise.github.tokens import need_token

        if "pr" not in target:
            raise UsageError("a report is published to a pull request: name its URL")
        where, token = parse_target(target["pr"]), need_token(os.environ)
        options = PublishOptions(
            expect_head=Sha(target["head"]) if target.get("head") else None,
            app=app_name(os.environ),
            key=marker_key(os.environ),
            full_diff=lambda pull: full_diff(pull, token),
        )
        with open_pull_request(where, token, os.environ) as github:
            return publish(report, github, options)
