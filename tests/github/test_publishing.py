"""Reports posted to a pull request on the fake GitHub: once, for its head, on its lines."""

from dataclasses import replace
from itertools import pairwise

import pytest

from hunkwise.core.config import FailOn
from hunkwise.core.errors import UsageError
from hunkwise.core.model import Cover, Sha, Side, State
from hunkwise.github.api import Pace
from hunkwise.github.preview import preview
from hunkwise.github.publishing import NotOpen, Outcome, PublishOptions, Stale, plan, publish
from hunkwise.github.tokens import Token
from hunkwise.plugins.github.port import AskLater, Conclusion, Unknown
from hunkwise.testing.builders import make_change, make_comment, make_finding, make_report

OLD = "".join(f"line {number}\n" for number in range(1, 41))
NEW = OLD.replace("line 3\n", "line three\n").replace("line 30\n", "line thirty\nline more\n")
FILES = {"a.py": (OLD, NEW), "b.py": (None, "one\ntwo\n"), "gone.py": ("x\n", None)}


def finding(line=3, path="a.py", **more):
    return make_finding(f"Found on {line} of {path}", path=path, line=line, **more)


def report(pull, *findings, since=None, files=FILES, tools=("example",)):
    change = replace(make_change(files, id="o/r#1"), head=Sha(pull.head), base=Sha(pull.base), since=since)
    cover = [
        Cover(path=file.path, side=Side.HEAD, start=1, end=99, reviewer=tool, state=State.REVIEWED)
        for file in change.files
        for tool in tools
    ]
    return make_report([make_comment(one) for one in findings], change=change, cover=cover)


def places(pull):
    return [(one.path, one.line) for one in pull.comments]


def bodies(pull):
    """Return the reviews that say something: a reply or a comment on a file makes one without words."""
    return [review.body for review in pull.reviews if review.body]


def test_a_report_becomes_one_review(client, pull, fake):
    """All comments on lines go out in one request; what cannot be on one is on its file."""
    done = publish(report(pull, finding(), finding(2, "b.py"), finding(20)), client)
    assert [("a.py", 3), ("b.py", 2), ("a.py", None)] == places(pull)
    assert (3, Outcome.POSTED, pull.head) == (done.posted, done.outcome, done.head)
    assert "### Hunkwise: 3 comments" in bodies(pull)[0]
    assert 1 == len([one for one in fake.log.entries if one.method == "POST" and one.path.endswith("/reviews")])


def test_it_is_posted_once(client, pull):
    """A second call finds it; also one by another process."""
    first = publish(report(pull, finding(), finding(20)), client)
    second = publish(report(pull, finding(), finding(20)), client)
    assert (Outcome.FOUND, 0, first.url) == (second.outcome, second.posted, second.url)
    assert [("a.py", 3), ("a.py", None)] == places(pull)


def test_another_configuration_may_say_more_of_a_head(client, pull):
    """But nothing that was said."""
    publish(report(pull, finding()), client, PublishOptions(config="c1" * 8))
    publish(report(pull, finding(), finding(30)), client, PublishOptions(config="c2" * 8))
    assert [("a.py", 3), ("a.py", 30)] == places(pull)


@pytest.mark.parametrize("kind", ["store_then_cut", "store_then_status", "truncated_json"])
def test_a_review_whose_answer_is_lost_is_found(client, pull, fake, kind):
    """It is looked for before anything is sent again."""
    fake.faults.add("POST .*/reviews", kind)
    done = publish(report(pull, finding()), client)
    assert (Outcome.POSTED, [("a.py", 3)]) == (done.outcome, places(pull))


@pytest.mark.parametrize("kind", ["cut", "status"])
def test_a_review_that_may_be_lost_is_not_sent_again_at_once(client, pull, fake, kind):
    """Whoever asked decides; a second call then posts it, once."""
    fake.faults.add("POST .*/reviews", kind)
    with pytest.raises(Unknown):
        publish(report(pull, finding()), client)
    assert [] == places(pull)
    publish(report(pull, finding()), client)
    assert [("a.py", 3)] == places(pull)


@pytest.mark.parametrize(
    "request_line", ["POST .*/reviews$", "POST .*/comments$", "POST .*/check-runs", "GET .*/files", "POST .*/graphql"]
)
def test_a_limit_is_passed_on_and_a_second_call_goes_on(client, pull, fake, request_line):
    """Wherever it strikes, all is there once in the end."""
    fake.faults.add(request_line, "status", status=429, headers={"retry-after": "3"})
    with pytest.raises(AskLater):
        publish(report(pull, finding(), finding(20)), client)
    publish(report(pull, finding(), finding(20)), client)
    assert [("a.py", 3), ("a.py", None)] == places(pull)
    assert 1 == len(bodies(pull)) == len(pull.repository.state.check_runs)


def test_comments_on_files_are_looked_for(client, pull, fake):
    """One whose answer was lost is there once."""
    fake.faults.add("POST .*/comments$", "store_then_cut")
    publish(report(pull, finding(20), finding(15)), client)
    assert [("a.py", None), ("a.py", None)] == places(pull)


def test_a_line_that_github_refuses_moves_to_the_body(client, pull, fake):
    """All are told there, and the review goes out once."""
    words = "Pull request review thread line must be part of the diff and ..."
    fake.faults.add("POST .*/reviews$", "status", status=422, body={"message": "Unprocessable", "errors": [words]})
    done = publish(report(pull, finding(), finding(30)), client)
    assert (0, 2) == (done.posted, done.listed)
    assert "Found on 3 of" in bodies(pull)[0] and "Found on 30 of" in bodies(pull)[0]
    assert Outcome.FOUND is publish(report(pull, finding(), finding(30)), client).outcome


def test_a_file_that_github_refuses_moves_to_the_body(client, pull, fake):
    """Nothing is lost."""
    fake.faults.add("POST .*/comments$", "status", status=422, body={"message": "no"})
    done = publish(report(pull, finding(), finding(20)), client)
    assert (1, 1) == (done.posted, done.listed)
    assert "Found on 20 of" in bodies(pull)[0]
    assert "was not taken" in done.notes[0]


def test_a_report_on_another_head_is_not_posted(client, pull):
    """A push came in between."""
    old = report(pull, finding())
    pull.push({"c.py": "x\n"})
    with pytest.raises(Stale, match=r"the report is about .* nothing was posted; review the new head"):
        publish(old, client)
    assert [] == pull.reviews


def test_the_trusted_event_decides_on_the_head(client, pull):
    """Whatever the report says of itself."""
    old = pull.head
    pull.push({"c.py": "x\n"})
    with pytest.raises(Stale, match="nothing was posted"):
        publish(report(pull, finding()), client, PublishOptions(expect_head=Sha(old)))
    assert [] == pull.reviews


def test_the_head_is_looked_at_right_before_posting(client, pull, monkeypatch):
    """A push while all else was read leaves nothing behind."""
    made = plan(report(pull, finding()), client, PublishOptions())
    pull.push({"c.py": "x\n"})
    from hunkwise.github.publishing import carry_out

    with pytest.raises(Stale, match=r"moved to .* meanwhile"):
        carry_out(made, client, PublishOptions())
    assert [] == pull.reviews


@pytest.mark.parametrize("end", ["close", "merge", "lock"])
def test_nothing_is_posted_to_what_is_over(client, pull, end):
    """Closed, merged or locked."""
    wanted = report(pull, finding())
    getattr(pull, end)()
    with pytest.raises(NotOpen, match="nothing was posted"):
        publish(wanted, client)


def test_a_report_on_no_commit_is_refused(client, pull):
    """Such as one on a patch."""
    bare = report(pull, finding())
    with pytest.raises(UsageError, match="about no commit"):
        publish(replace(bare, change=replace(bare.change, head=None)), client)


def test_a_second_push_says_what_is_new(client, pull):
    """What was said is not repeated, the older review points to the newer, what is fixed is answered once."""
    first = Sha(pull.head)
    publish(report(pull, finding(), finding(30)), client)
    pull.push({"b.py": "one\nnew\n"})
    done = publish(report(pull, finding(30), finding(2, "b.py"), since=first), client)
    assert [("a.py", 3), ("a.py", 30), ("b.py", 2)] == places(pull)[:3]
    assert (1, 1) == (done.posted, done.answered)
    assert "1 new comment, 1 earlier one still stands, 1 no longer found" in bodies(pull)[1]
    assert bodies(pull)[0].startswith("### Hunkwise: superseded")
    pull.push({"c.py": "x\n"})
    again = publish(report(pull, finding(30), finding(2, "b.py"), since=first), client)
    assert (0, 0) == (again.posted, again.answered)


def test_a_push_without_news_makes_no_new_review(client, pull):
    """The last one says it in its place, and knows the new head."""
    publish(report(pull, finding()), client)
    pull.push({"b.py": "one\ntwo\nthree\n"})
    done = publish(report(pull, finding()), client)
    assert (Outcome.UPDATED, 1) == (done.outcome, len(bodies(pull)))
    assert "No new comments; 1 earlier one still stands" in bodies(pull)[0]
    assert Outcome.FOUND is publish(report(pull, finding()), client).outcome
    assert [("a.py", 3)] == places(pull)


def test_a_body_that_holds_comments_is_kept(client, pull, fake):
    """They have no thread, so the review that lists them is not replaced."""
    words = "Pull request review thread line must be part of the diff"
    fake.faults.add("POST .*/reviews$", "status", status=422, body={"message": words})
    publish(report(pull, finding()), client)
    pull.push({"b.py": "one\ntwo\nthree\n"})
    done = publish(report(pull, finding()), client)
    assert Outcome.POSTED is done.outcome
    assert "Found on 3 of" in bodies(pull)[0]
    assert 0 == done.posted


def test_threads_with_answers_of_people_are_left_alone(client, pull):
    """Whatever became of what they are about."""
    publish(report(pull, finding()), client)
    pull.reply(pull.comments[0].id, "no", user="bob")
    pull.push({"a.py": NEW.replace("three", "3")})
    done = publish(report(pull), client)
    assert (0, 0) == (done.answered, done.resolved)
    assert 2 == len(pull.comments)


def test_a_comment_that_people_deleted_is_not_said_again(client, pull):
    """The review remembers."""
    publish(report(pull, finding()), client)
    pull.delete_comment(pull.comments[0].id)
    pull.push({"b.py": "one\ntwo\nthree\n"})
    publish(report(pull, finding()), client)
    assert [] == places(pull)


def test_a_copied_marker_of_a_person_does_not_count(client, pull, connect, fake, repository):
    """Only our own account's do."""
    wanted = report(pull, finding())
    body = plan(wanted, client, PublishOptions()).draft.review.body
    repository.collaborator("eve", "write")
    eve = connect(pull, Token(value=fake.user_token("eve"), origin="x"))
    from hunkwise.plugins.github.port import DraftReview

    eve.post_review(DraftReview(head=Sha(pull.head), body=body))
    assert Outcome.POSTED is publish(wanted, client).outcome


def test_the_check_run_is_green_only_where_nothing_is_left(client, pull):
    """Complete and without comments; it is written once a head."""
    done = publish(report(pull), client)
    assert Conclusion.SUCCESS is done.check.conclusion
    assert done.check == publish(report(pull), client).check
    assert 1 == len(pull.repository.state.check_runs)


def test_the_check_run_fails_as_asked(client, pull):
    """By the severity that the trusted side names."""
    done = publish(report(pull, finding()), client, PublishOptions(fail_on=FailOn.MEDIUM))
    assert Conclusion.FAILURE is done.check.conclusion


def test_without_the_right_for_check_runs_there_is_none(pull, connect, fake, repository):
    """The review is posted all the same."""
    poor = connect(pull, Token(value=fake.token(repository, app=fake.app(), pull_requests="write"), origin="x"))
    done = publish(report(pull, finding()), poor)
    assert (1, None) == (done.posted, done.check)


def test_a_dry_run_writes_nothing(client, pull, fake):
    """It shows all that would be posted."""
    shown = preview(plan(report(pull, finding(), finding(20)), client, PublishOptions()))
    assert "--- a review of o/r#1 at" in shown
    assert "--- on a.py:3\n**medium** · Found on 3 of a.py" in shown
    assert "--- on a.py\n" in shown
    assert [] == pull.reviews
    assert {"GET"} == {one.method for one in fake.log.entries if "graphql" not in one.path}


def test_where_github_lists_not_all_git_does(client, pull, fake):
    """Comments on what it leaves out stay on their lines."""
    fake.limits.patch_lines = 3
    asked = []

    def full(now):
        asked.append(now.head)
        return report(pull).change.files

    publish(report(pull, finding()), client, PublishOptions(full_diff=full))
    assert ([pull.head], [("a.py", 3)]) == (asked, places(pull))


def test_without_git_what_is_not_listed_goes_to_the_body(client, pull, fake):
    """It is said, and nothing is lost."""
    fake.limits.patch_lines = 3
    done = publish(report(pull, finding()), client)
    assert (0, 1) == (done.posted, done.listed)
    assert "does not list the whole diff" in done.notes[0]


def test_the_pause_between_writes_is_kept(pull, connect, token, fake):
    """GitHub bans those who do not."""
    client = connect(pull, token, Pace(between_writes=0.3))
    publish(report(pull, finding(20), finding(15)), client)
    writes = [
        one.arrived_monotonic
        for one in fake.log.entries
        if one.method in ("POST", "PUT", "PATCH") and "graphql" not in one.path
    ]
    assert all(later - earlier > 0.25 for earlier, later in pairwise(writes))
