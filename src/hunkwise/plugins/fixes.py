"""Offer the fixes of kept comments that hold: tried on a copy, in one more run of each tool that has one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hunkwise.core.config import Config
from hunkwise.core.fixes import OVERLAP, Suggestions, apart, mended_file, mended_text, unmended
from hunkwise.core.model import Change, FileOutcome, Finding, RepoPath, ReviewComment, State
from hunkwise.core.ports import Workspace
from hunkwise.core.suggest import Proposal, propose, still_parses
from hunkwise.plugins.analysis import Reviewer, User, analyze
from hunkwise.workspace.mended import MendedWorkspace
from hunkwise.workspace.runner import Runner


def suggest(
    comments: Sequence[ReviewComment],
    change: Change,
    workspace: Workspace,
    config: Config,
    outcomes: Sequence[FileOutcome],
    *,
    reviewers: Sequence[Reviewer],
    runner: Runner,
    user: User | None = None,
) -> Suggestions:
    """Return the replacements for the lines of the comments whose fix clears its finding and brings no other.

    outcomes: what the reviewers said of the change. Where no comment has a fix, nothing is run.
    """
    proposals, refused = propose(comments, change, workspace)
    texts: dict[str, str] = {}
    by_tool: dict[str, list[Proposal]] = defaultdict(list)
    owners = _owners(outcomes) if proposals else {}
    for one in proposals:
        by_tool[owners.get(one.source, one.source.tool)].append(one)
    reasons = dict(refused)
    for name in sorted(by_tool):
        reviewer = next((one for one in reviewers if one.name == name), None)
        together, others = apart(by_tool[name])
        wrong = {one.fingerprint: OVERLAP for one in others}
        if reviewer is None:
            wrong |= {one.fingerprint: "comes from nobody who could try it" for one in together}
        else:
            known = [outcome for outcome in outcomes if outcome.tool == name]
            wrong |= _tried(together, known, change, workspace, config, reviewer, runner, user)
        reasons |= {fingerprint: f"{name}'s fix {reason}" for fingerprint, reason in wrong.items()}
        texts |= {one.fingerprint: one.text for one in together if one.fingerprint not in wrong}
    return Suggestions(texts=texts, refused=reasons)


def _owners(outcomes: Sequence[FileOutcome]) -> Mapping[Finding, str]:
    """Return who brought each finding: a report or a command names the tools that it has them from."""
    return {finding: outcome.tool for outcome in outcomes for finding in outcome.findings if finding.fix is not None}


def _tried(
    proposals: Sequence[Proposal],
    known: Sequence[FileOutcome],
    change: Change,
    workspace: Workspace,
    config: Config,
    reviewer: Reviewer,
    runner: Runner,
    user: User | None,
) -> Mapping[str, str]:
    """Run the tool over the files with these fixes, and return why some are not good, by fingerprint."""
    by_path: dict[RepoPath, list[Proposal]] = defaultdict(list)
    for one in proposals:
        by_path[one.path].append(one)
    texts: dict[RepoPath, str] = {}
    wrong: dict[str, str] = {}
    for path, fixes in by_path.items():
        old = workspace.read(path).decode("utf-8")
        texts[path] = mended_text(old, fixes)
        if not still_parses(path, old, texts[path]):
            wrong |= {one.fingerprint: "leaves a file that does not parse" for one in fixes}
            del texts[path]
    files = tuple(mended_file(file, by_path[file.path]) for file in change.files if file.path in texts)
    if not files:
        return wrong
    alone = replace(config, only=(reviewer.name,), skip=())
    with MendedWorkspace(workspace, texts) as mended:
        try:
            analysis = analyze(replace(change, files=files), mended, alone, [reviewer], runner, user=user)
        except OSError as error:
            reason = f"could not be tried: {error.strerror or error}"
            return wrong | {one.fingerprint: reason for path in texts for one in by_path[path]}
    said = {outcome.path: outcome for outcome in analysis.outcomes}
    for path in texts:
        outcome = said.get(path)
        if outcome is None or outcome.state is not State.REVIEWED:
            reason = outcome.reason if outcome else "it says nothing about the file"
            wrong |= {one.fingerprint: f"could not be tried: {reason}" for one in by_path[path]}
            continue
        before = tuple(finding for one in known if one.path == path for finding in one.findings)
        wrong |= unmended(by_path[path], before, outcome.findings)
    return wrong
