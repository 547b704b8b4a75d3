import sys

import pytest

from hunkwise.analyzers.ast_grep import NO_EVAL, AstGrep
from hunkwise.core.errors import UsageError
from hunkwise.core.model import Edit, FileDiff, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.testing import FakeWorkspace

RULES = "rules/eval.yml"
CODE = 'é = eval("é")\n'


def inspect(files, *, base=None, trust=Trust.OWN, rules=("rules",), path="a.py", language="python"):
    with FakeWorkspace(files, base) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, trust=trust, settings={"rules": list(rules)} if rules else {})
        return AstGrep().inspect([FileDiff(path=path, language=language)], inputs)


def test_a_finding_says_all_that_the_rule_says():
    """Place, message with its variables, severity and fix come through, with columns in characters."""
    ((finding,),) = [one.findings for one in inspect({"a.py": CODE, RULES: NO_EVAL})]
    assert (finding.rule, finding.severity, finding.message) == ("no-eval", Severity.MEDIUM, 'Do not evaluate "é"')
    place = finding.location
    assert (place.start, place.column, place.end, place.end_column) == (1, 5, 1, 14)
    assert finding.fix is not None
    assert finding.fix.edits == (Edit(1, 5, 1, 14, 'ast.literal_eval("é")'),)


def test_without_rules_it_does_nothing():
    """Nothing is reviewed where no rules are named, or none is for the language."""
    assert inspect({"a.py": CODE, RULES: NO_EVAL}, rules=()) == ()
    assert inspect({"a.py": CODE, RULES: NO_EVAL.replace("python", "java")}) == ()


def test_a_foreign_change_brings_no_rules():
    """The rules of a foreign change are those of the base, which it can neither add to nor change."""
    head = {"a.py": CODE, RULES: NO_EVAL.replace("eval($WHAT)", "nothing($WHAT)")}
    ((finding,),) = [one.findings for one in inspect(head, base={RULES: NO_EVAL}, trust=Trust.FOREIGN)]
    assert finding.rule == "no-eval"
    with pytest.raises(UsageError, match="no rule file 'rules' in the base"):
        inspect(head, base={}, trust=Trust.FOREIGN)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- 1\n", "needs an `id`, a `language` and a `rule`"),
        ("id: [\n", "rules/eval.yml: not a rule file of ast-grep"),
        ("id: !!python/object/apply:os.system [id]\n", "not a rule file of ast-grep"),
        (NO_EVAL.replace("python", "klingon"), "the language 'klingon' is unknown"),
        (NO_EVAL.replace("pattern", "patern"), "cannot use the rule 'no-eval'"),
        (NO_EVAL.replace("{pattern: eval($WHAT)}", "{kind: nope}"), "cannot use the rule 'no-eval'"),
        (NO_EVAL.replace("{pattern: eval($WHAT)}", "{regex: '('}"), "cannot use the rule 'no-eval'"),
    ],
)
def test_a_bad_rule_is_named(text, reason):
    """A rule file that cannot be used is an error that names it."""
    with pytest.raises(UsageError, match=reason):
        inspect({"a.py": CODE, RULES: text})


@pytest.mark.parametrize("rules", ["rules", [1]])
def test_the_setting_is_a_list_of_paths(rules):
    """What is no list of paths is an error of the user."""
    wanted = r"tools\.ast-grep\.options\.rules must be a list"
    with FakeWorkspace({}) as workspace, pytest.raises(UsageError, match=wanted):
        AstGrep().inspect([], AnalyzerInputs(workspace=workspace, settings={"rules": rules}))


def test_without_its_extra_it_says_how_to_get_it(monkeypatch):
    """Where ast-grep is not installed, the files are told as not looked at, with the way out."""
    monkeypatch.setitem(sys.modules, "ast_grep_py", None)
    (outcome,) = inspect({"a.py": CODE, RULES: NO_EVAL})
    assert (outcome.state, outcome.reason) == (State.MISSING, "`pip install 'hunkwise[ast-grep]'` brings it")


def test_large_files_and_other_encodings_are_told():
    """What it does not look at has a state that says so."""
    (large,) = inspect({"a.py": "x = 1\n" * 200_000, RULES: NO_EVAL})
    (latin,) = inspect({"a.py": b"# \xe9\n", RULES: NO_EVAL})
    assert (large.state, latin.state) == (State.SKIPPED, State.FAILED)


def test_deep_code_does_no_harm():
    """A sum of 20 000 terms and 20 000 brackets are walked to their ends."""
    for text in ("x = " + " + ".join(["1"] * 20_000), "x = " + "(" * 20_000):
        (outcome,) = inspect({"a.py": f"{text}\n", RULES: NO_EVAL})
        assert outcome.state is State.REVIEWED


def test_a_fix_of_several_nodes_is_left_out():
    """What `$$$` stands for is not put together here."""
    rule = NO_EVAL.replace("eval($WHAT)}", "eval($$$WHAT)}").replace("literal_eval($WHAT)", "literal_eval($$$WHAT)")
    ((finding,),) = [one.findings for one in inspect({"a.py": CODE, RULES: rule})]
    assert finding.fix is None
