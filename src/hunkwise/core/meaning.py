"""Whether two findings mean the same: rules that several tools share, and alike messages."""

import re
from collections.abc import Mapping
from functools import cache

from hunkwise.core.model import Candidate

ALIKE = 0.6
"""The share of common words from which two messages say the same."""

_FAMILIES: tuple[frozenset[str], ...] = tuple(
    frozenset(names.split())
    for names in (
        "ruff.F401 pylint.W0611",
        "ruff.F841 pylint.W0612",
        "ruff.F821 ruff.F822 pylint.E0602 pylint.E0603 mypy.name-defined",
        "ruff.F811 pylint.E0102 mypy.no-redef",
        "ruff.F632 pylint.R0123",
        "ruff.F541 pylint.W1309",
        "ruff.F601 ruff.PLW0109 pylint.W0109",
        "ruff.F631 ruff.B011 pylint.W0199",
        "ruff.F402 pylint.R1704",
        "pylint.W0101 mypy.unreachable",
        "pylint.E0601 mypy.used-before-def",
        "ruff.F501 ruff.F502 ruff.F506 ruff.F507 ruff.F509 pylint.E1305 pylint.E1306 mypy.str-format",
        "ruff.F524 pylint.E1303 pylint.W1303",
        "ruff.F523 pylint.W1304",
        "ruff.F706 pylint.E0104",
        "ruff.B006 ruff.B039 pylint.W0102",
        "ruff.B012 pylint.W0150 pylint.W0134",
        "ruff.B015 ruff.B018 pylint.W0104 pylint.W0106",
        "ruff.B023 pylint.W0640",
        "ruff.B904 pylint.W0707",
        "ruff.B017 ruff.PT011",
        "ruff.E711 ruff.E712 pylint.C0121",
        "ruff.E722 pylint.W0702",
        "ruff.BLE001 pylint.W0718 pylint.W0703",
        "ruff.S110 ruff.SIM105 bandit.B110",
        "ruff.S112 bandit.B112",
        "ruff.S101 bandit.B101",
        "ruff.S102 bandit.B102 pylint.W0122",
        "ruff.S307 bandit.B307 pylint.W0123",
        "ruff.S602 bandit.B602 semgrep.python-shell-with-list",
        "ruff.S603 bandit.B603",
        "ruff.S605 bandit.B605",
        "ruff.S607 bandit.B607",
        "ruff.S301 bandit.B301",
        "ruff.S324 bandit.B324",
        "ruff.S506 bandit.B506",
        "ruff.S113 bandit.B113 pylint.W3101",
        "ruff.PLW1510 pylint.W1510",
        "ruff.PLW1514 pylint.W1514",
        "ruff.SIM115 pylint.R1732 semgrep.python-release-not-in-finally",
        "mypy.unused-coroutine semgrep.python-coroutine-not-awaited",
        "ruff.E999 ruff.invalid-syntax pylint.E0001 mypy.syntax bandit.syntax",
        "checkstyle.UnusedLocalVariable pmd.UnusedLocalVariable pmd.UnusedAssignment spotbugs.DLS_DEAD_LOCAL_STORE",
        "checkstyle.StringLiteralEquality pmd.UseEqualsToCompareStrings "
        "spotbugs.ES_COMPARING_STRINGS_WITH_EQ spotbugs.ES_COMPARING_PARAMETER_STRING_WITH_EQ "
        "semgrep.java-text-compared-by-identity",
        "checkstyle.EqualsHashCode pmd.OverrideBothEqualsAndHashcode spotbugs.HE_EQUALS_NO_HASHCODE "
        "spotbugs.HE_EQUALS_USE_HASHCODE spotbugs.HE_HASHCODE_NO_EQUALS spotbugs.HE_HASHCODE_USE_OBJECT_EQUALS "
        "semgrep.java-equals-without-hash-code",
        "checkstyle.EmptyCatchBlock pmd.EmptyCatchBlock spotbugs.DE_MIGHT_IGNORE spotbugs.DE_MIGHT_DROP "
        "semgrep.java-error-swallowed",
        "checkstyle.EmptyStatement checkstyle.EmptyBlock pmd.EmptyControlStatement pmd.UnnecessarySemicolon "
        "spotbugs.UCF_USELESS_CONTROL_FLOW spotbugs.UCF_USELESS_CONTROL_FLOW_NEXT_LINE",
        "checkstyle.FallThrough pmd.ImplicitSwitchFallThrough spotbugs.SF_SWITCH_FALLTHROUGH "
        "spotbugs.SF_DEAD_STORE_DUE_TO_SWITCH_FALLTHROUGH",
        "checkstyle.MissingSwitchDefault pmd.NonExhaustiveSwitch spotbugs.SF_SWITCH_NO_DEFAULT",
        "checkstyle.InnerAssignment pmd.AssignmentInOperand",
        "checkstyle.ModifiedControlVariable pmd.AvoidReassigningLoopVariables",
        "checkstyle.ParameterAssignment pmd.AvoidReassigningParameters",
        "checkstyle.SimplifyBooleanExpression pmd.SimplifyBooleanExpressions",
        "checkstyle.SimplifyBooleanReturn pmd.SimplifyBooleanReturns",
        "checkstyle.UnnecessaryNullCheckWithInstanceOf pmd.SimplifyConditional",
        "checkstyle.NeedBraces pmd.ControlStatementBraces",
        "checkstyle.UnusedImports checkstyle.RedundantImport pmd.UnnecessaryImport",
        "checkstyle.HideUtilityClassConstructor pmd.UseUtilityClass pmd.InstantiableUtilityClass",
        "checkstyle.DefaultComesLast pmd.DefaultLabelNotLastInSwitch",
        "checkstyle.NoFinalizer pmd.EmptyFinalizer spotbugs.FI_EMPTY",
        "checkstyle.SuperFinalize pmd.FinalizeDoesNotCallSuperFinalize spotbugs.FI_MISSING_SUPER_CALL",
        "checkstyle.SuperClone pmd.ProperCloneImplementation spotbugs.CN_IDIOM_NO_SUPER_CALL",
        "checkstyle.CovariantEquals pmd.SuspiciousEqualsMethodName spotbugs.EQ_SELF_NO_OBJECT "
        "spotbugs.EQ_SELF_USE_OBJECT",
        "checkstyle.AvoidDoubleBraceInitialization pmd.DoubleBraceInitialization",
        "checkstyle.MissingOverride pmd.MissingOverride",
        "checkstyle.IllegalCatch pmd.AvoidCatchingGenericException spotbugs.REC_CATCH_EXCEPTION",
        "checkstyle.MultipleVariableDeclarations pmd.OneDeclarationPerLine",
        "checkstyle.EqualsAvoidNull pmd.LiteralsFirstInComparisons",
        "checkstyle.RedundantModifier pmd.UnnecessaryModifier",
        "checkstyle.ModifierOrder pmd.ModifierOrder",
        "checkstyle.UnnecessaryParentheses pmd.UselessParentheses",
        "checkstyle.FinalClass pmd.ClassWithOnlyPrivateConstructorsShouldBeFinal",
        "checkstyle.CyclomaticComplexity pmd.CyclomaticComplexity",
        "pmd.CloseResource pmd.UseTryWithResources spotbugs.OS_OPEN_STREAM spotbugs.OS_OPEN_STREAM_EXCEPTION_PATH "
        "spotbugs.OBL_UNSATISFIED_OBLIGATION spotbugs.ODR_OPEN_DATABASE_RESOURCE "
        "semgrep.java-directory-stream-left-open",
        "pmd.ReturnEmptyCollectionRatherThanNull spotbugs.PZLA_PREFER_ZERO_LENGTH_ARRAYS",
        "pmd.UseLocaleWithCaseConversions spotbugs.DM_CONVERT_CASE",
        "pmd.RelianceOnDefaultCharset spotbugs.DM_DEFAULT_ENCODING",
        "pmd.UnusedPrivateField spotbugs.UUF_UNUSED_FIELD spotbugs.URF_UNREAD_FIELD",
        "pmd.UnusedPrivateMethod spotbugs.UPM_UNCALLED_PRIVATE_METHOD",
        "pmd.FinalFieldCouldBeStatic spotbugs.SS_SHOULD_BE_STATIC",
        "pmd.EqualsNull spotbugs.EC_NULL_ARG",
        "pmd.PrimitiveWrapperInstantiation spotbugs.DM_NUMBER_CTOR spotbugs.DM_BOOLEAN_CTOR spotbugs.DM_FP_NUMBER_CTOR",
        "pmd.DoNotCallGarbageCollectionExplicitly spotbugs.DM_GC",
        "pmd.DontCallThreadRun spotbugs.RU_INVOKE_RUN semgrep.java-thread-run-called",
        "pmd.DoubleCheckedLocking spotbugs.DC_DOUBLECHECK spotbugs.DC_PARTIALLY_CONSTRUCTED",
        "pmd.CompareObjectsWithEquals spotbugs.RC_REF_COMPARISON semgrep.java-boxed-compared-by-identity",
        "pmd.UnsynchronizedStaticFormatter spotbugs.STCAL_STATIC_SIMPLE_DATE_FORMAT_INSTANCE "
        "spotbugs.STCAL_INVOKE_ON_STATIC_DATE_FORMAT_INSTANCE semgrep.java-shared-date-format",
        "pmd.ReturnFromFinallyBlock semgrep.java-return-in-finally",
        "spotbugs.NP_OPTIONAL_RETURN_NULL semgrep.java-null-for-optional",
        "spotbugs.RV_ABSOLUTE_VALUE_OF_HASHCODE semgrep.java-absolute-of-hash",
        "spotbugs.RV_RETURN_VALUE_IGNORED_BAD_PRACTICE semgrep.java-file-result-ignored",
        "spotbugs.RV_RETURN_VALUE_IGNORED semgrep.java-text-result-ignored",
        "spotbugs.WA_NOT_IN_LOOP spotbugs.UW_UNCOND_WAIT semgrep.java-wait-without-loop",
        "spotbugs.UL_UNRELEASED_LOCK spotbugs.UL_UNRELEASED_LOCK_EXCEPTION_PATH semgrep.java-unlock-not-in-finally",
        "spotbugs.DL_SYNCHRONIZATION_ON_SHARED_CONSTANT spotbugs.DL_SYNCHRONIZATION_ON_BOXED_PRIMITIVE "
        "spotbugs.DL_SYNCHRONIZATION_ON_UNSHARED_BOXED_PRIMITIVE semgrep.java-lock-on-shared-value",
        "spotbugs.EC_BAD_ARRAY_COMPARE semgrep.java-array-compared-by-identity",
        "spotbugs.SQL_NONCONSTANT_STRING_PASSED_TO_EXECUTE "
        "spotbugs.SQL_PREPARED_STATEMENT_GENERATED_FROM_NONCONSTANT_STRING semgrep.java-query-from-text",
        "pmd.UseNotifyAllInsteadOfNotify spotbugs.NO_NOTIFY_NOT_NOTIFYALL",
        "pmd.AssignmentToNonFinalStatic spotbugs.ST_WRITE_TO_STATIC_FROM_INSTANCE_METHOD",
        "pmd.AvoidDecimalLiteralsInBigDecimalConstructor spotbugs.DMI_BIGDECIMAL_CONSTRUCTED_FROM_DOUBLE "
        "semgrep.java-decimal-from-binary",
        "pmd.BrokenNullCheck pmd.MisplacedNullCheck spotbugs.NP_NULL_ON_SOME_PATH spotbugs.NP_ALWAYS_NULL",
        "pmd.CollectionTypeMismatch spotbugs.GC_UNRELATED_TYPES",
        "pmd.ComparisonWithNaN spotbugs.FE_TEST_IF_EQUAL_TO_NOT_A_NUMBER",
        "pmd.CloneMethodMustImplementCloneable spotbugs.CN_IMPLEMENTS_CLONE_BUT_NOT_CLONEABLE",
        "pmd.UseStringBufferForStringAppends spotbugs.SBSC_USE_STRINGBUFFER_CONCATENATION",
    )
)
_FAMILY_OF: Mapping[str, int] = {name: number for number, names in enumerate(_FAMILIES) for name in names}
_FILLER = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "was",
        "be",
        "of",
        "to",
        "in",
        "on",
        "for",
        "and",
        "or",
        "not",
        "this",
        "that",
        "it",
        "with",
        "as",
        "by",
        "from",
        "use",
    ]
)


def aliases(rule: str) -> frozenset[str]:
    """Return the short names by which a rule and its like in other tools are known, such as `F401` and `W0611`."""
    return frozenset(name.partition(".")[2] for name in family(rule))


def family(rule: str) -> frozenset[str]:
    """Return a rule and its like in other tools, such as `ruff.F401` and `pylint.W0611`."""
    rule = _as_ruff(rule)
    return _FAMILIES[_FAMILY_OF[rule]] if rule in _FAMILY_OF else frozenset((rule,))


def is_same_meaning(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates at the same place say the same."""
    if one.rule == other.rule:
        return one.message == other.message or one.location == other.location
    rule, another_rule = _as_ruff(one.rule), _as_ruff(other.rule)
    if rule == another_rule:
        return True
    if rule in _FAMILY_OF or another_rule in _FAMILY_OF:
        family, another = _FAMILY_OF.get(rule), _FAMILY_OF.get(another_rule)
        if family is not None and another is not None:
            return family == another
    mine, theirs = _words(one.message), _words(other.message)
    shared = len(mine & theirs)
    return shared >= 2 and shared / min(len(mine), len(theirs)) >= ALIKE


def _as_ruff(rule: str) -> str:
    """Return ruff's name for a rule that it took over, code and all, from flake8."""
    return rule.replace("flake8.", "ruff.", 1) if rule.startswith("flake8.") else rule


@cache
def _words(message: str) -> frozenset[str]:
    words = re.findall(r"[a-z_][a-z0-9_]+", message.lower())
    return frozenset(word.rstrip("s") for word in words if word not in _FILLER)
