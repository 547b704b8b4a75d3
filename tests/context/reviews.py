"""A change in a real repository, and what a provider offers for its hunks."""

from dataclasses import dataclass, field

from hunkwise.context.parsed_outlines import ParsedOutlines
from hunkwise.core.kinds import classify
from hunkwise.core.model import Change
from hunkwise.workspace.comparison import compare, look


@dataclass
class Review:
    """An open change; `offer` asks a provider about its hunks, one by one."""

    change: Change
    workspace: object
    outlines: ParsedOutlines
    greps: list[str] = field(default_factory=list)

    def offer(self, provider, path=None, number=None):
        hunks = [hunk for file in self.change.files for hunk in file.hunks if path in (None, hunk.path)]
        chosen = hunks if number is None else hunks[number : number + 1]
        return [item for hunk in chosen for item in provider.offer(hunk, self.change, self.workspace, self.outlines)]


def open_review(repo, before, after):
    """Commit the files before and after, and compare the two commits; None removes a file."""
    for path, text in before.items():
        repo.write(path, text)
    base = repo.commit()
    for path, text in after.items():
        if text is None:
            (repo.path / path).unlink()
        else:
            repo.write(path, text)
    head = repo.commit()
    comparison = compare(look(str(repo.path)), base, head, staged=False, working=False)
    workspace = comparison.workspace()
    change = Change(id="example", files=classify(comparison.files()))
    review = Review(change, workspace, ParsedOutlines(workspace, workers=1))
    grep = workspace.grep

    def counted(text, *side):
        review.greps.append(text)
        return grep(text, *side)

    workspace.grep = counted
    return review


def told(items):
    """Return items in short: where, and why."""
    return [(f"{item.path}:{item.start}-{item.end}", item.origin) for item in items]
