"""Checkstyle's configuration as data: read, made robust, and reduced to what cannot reach out of itself."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from hunkwise.core.markup import read_markup

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE module PUBLIC "-//Checkstyle//DTD Checkstyle Configuration 1.3//EN"'
    ' "https://checkstyle.org/dtds/configuration_1_3.dtd">\n'
)
"""Checkstyle has this type on board and does not load it."""
ROBUST = {
    "Checker": {"haltOnException": "false"},
    "TreeWalker": {"skipFileOnJavaParseException": "true", "javaParseExceptionSeverity": "warning"},
}
"""What makes one bad file a message instead of the end of the run."""

MODULES = frozenset(
    name
    for row in (
        "AbbreviationAsWordInName AbstractClassName AnnotationLocation AnnotationOnSameLine AnnotationUseStyle",
        "AnonInnerLength ArrayTrailingComma ArrayTypeStyle AtclauseOrder AvoidDoubleBraceInitialization",
        "AvoidEscapedUnicodeCharacters AvoidInlineConditionals AvoidNestedBlocks AvoidNoArgumentSuperConstructorCall",
        "AvoidStarImport AvoidStaticImport BooleanExpressionComplexity CatchParameterName",
        "ClassDataAbstractionCoupling ClassFanOutComplexity ClassMemberImpliedModifier ClassTypeParameterName",
        "CommentsIndentation ConstantName ConstructorsDeclarationGrouping CovariantEquals CyclomaticComplexity",
        "DeclarationOrder DefaultComesLast EmptyBlock EmptyCatchBlock EmptyForInitializerPad EmptyForIteratorPad",
        "EmptyLineSeparator EmptyStatement EqualsAvoidNull EqualsHashCode ExecutableStatementCount",
        "ExplicitInitialization FallThrough FileLength FileTabCharacter FinalClass FinalLocalVariable FinalParameters",
        "GenericWhitespace HiddenField HideUtilityClassConstructor Indentation InnerAssignment InnerTypeLast",
        "InterfaceIsType InterfaceMemberImpliedModifier InterfaceTypeParameterName InvalidJavadocPosition JavaNCSS",
        "JavadocMethod JavadocMissingLeadingAsterisk JavadocParagraph JavadocStyle JavadocTagContinuationIndentation",
        "JavadocType JavadocVariable LambdaBodyLength LambdaParameterName LeftCurly LineLength LocalFinalVariableName",
        "LocalVariableName MagicNumber MemberName MethodCount MethodLength MethodName MethodParamPad",
        "MethodTypeParameterName MissingDeprecated MissingJavadocMethod MissingJavadocPackage MissingJavadocType",
        "MissingOverride MissingSwitchDefault ModifiedControlVariable ModifierOrder MultipleStringLiterals",
        "MultipleVariableDeclarations MutableException NPathComplexity NeedBraces NestedForDepth NestedIfDepth",
        "NestedTryDepth NewlineAtEndOfFile NoArrayTrailingComma NoClone NoEnumTrailingComma NoFinalizer NoLineWrap",
        "NoWhitespaceAfter NoWhitespaceBefore NoWhitespaceBeforeCaseDefaultColon NonEmptyAtclauseDescription",
        "OneStatementPerLine OneTopLevelClass OperatorWrap OuterTypeFilename OuterTypeNumber",
        "OverloadMethodsDeclarationOrder PackageAnnotation PackageDeclaration PackageName ParameterAssignment",
        "ParameterName ParameterNumber ParenPad PatternVariableAssignment PatternVariableName RecordComponentName",
        "RecordComponentNumber RecordTypeParameterName RedundantImport RedundantModifier RequireThis ReturnCount",
        "RightCurly SealedShouldHavePermitsList SeparatorWrap SimplifyBooleanExpression SimplifyBooleanReturn",
        "SingleLineJavadoc SingleSpaceSeparator StaticVariableName StringLiteralEquality SummaryJavadoc SuperClone",
        "SuperFinalize ThrowsCount TrailingComment TypeName TypecastParenPad UncommentedMain",
        "UnnecessaryNullCheckWithInstanceOf UnnecessaryParentheses UnnecessarySemicolonAfterOuterTypeDeclaration",
        "UnnecessarySemicolonAfterTypeMemberDeclaration UnnecessarySemicolonInEnumeration",
        "UnnecessarySemicolonInTryWithResources UnusedImports UnusedLocalVariable UpperEll",
        "VariableDeclarationUsageDistance VisibilityModifier WhenShouldBeUsed WhitespaceAfter WhitespaceAround",
    )
    for name in row.split()
)
"""Checks that look at a file by themselves: those that search by a pattern or read another file are left out."""
PROPERTIES = frozenset(
    name
    for row in (
        "accessModifiers allowByTailComment allowEmptyCatches allowEmptyConstructors allowEmptyLambdas",
        "allowEmptyLoops allowEmptyMethods allowEmptySwitchBlockStatements allowEmptyTypes",
        "allowEscapesForControlCharacters allowInSwitchCase allowLineBreaks allowMissingParamTags",
        "allowMissingReturnTag allowMultipleEmptyLines allowMultipleEmptyLinesInsideClassMembers",
        "allowNoEmptyLineBetweenFields allowNonPrintableEscapes allowPackagePrivate allowSamelineMultipleAnnotations",
        "allowSamelineSingleParameterlessAnnotation allowSingleLineStatement allowedAbbreviationLength",
        "allowedDuplicates applyToPackage applyToPrivate applyToProtected applyToPublic arrayInitIndent basicOffset",
        "braceAdjustment caseIndent checkEnhancedForLoopVariable checkFields checkMethods closingParens countEmpty",
        "eachLine elementStyle excludeScope forceStrictCondition headerlessOk ignoreAnnotation",
        "ignoreAnnotationCanonicalNames ignoreConstructorParameter ignoreEnhancedForColon ignoreEqualsIgnoreCase",
        "ignoreFieldDeclaration ignoreFinal ignoreHashCodeMethod ignoreModifiers ignoreNumbers",
        "ignoreOverriddenMethods ignoreSetter ignoreStatic ignoreStaticFinal ignoreVariablesInFor lineWrapIndent",
        "lineWrappingIndentation max maxForVoid maximum minimum offset option packageAllowed processJavadoc",
        "protectedAllowed scope severity skipEnhancedForLoopVariable skipIfLastAndSharedWithCase strictConditions",
        "tabWidth throwsIndent tokens trailingArrayComma validateCompactConstructor validateEnhancedForLoopVariable",
        "validateOnlyOverlapping validateThrows violateExecutionOnNonTightHtml",
    )
    for name in row.split()
)
VALUE = re.compile(r"-?\d{1,6}|[A-Za-z_]+(\s*,\s*[A-Za-z_]+)*|-?\d{1,6}(\s*,\s*-?\d{1,6})*")
"""Numbers, switches and names; no pattern, path or address."""


class Reduced(NamedTuple):
    """A configuration that is data alone, the number of its checks, and the names of the modules that were left out."""

    text: str
    checks: int
    left_out: tuple[str, ...]


def robust(content: bytes) -> str:
    """Return the configuration with what lets a run survive a bad file; raise MarkupError where it cannot be read."""
    root = _read(content)
    for module in root.iter("module"):
        _set_robust(module)
    return HEAD + tostring(root, encoding="unicode") + "\n"


def reduced(content: bytes) -> Reduced:
    """Return what of a configuration is data: known checks with plain values; raise MarkupError for what is no XML."""
    root = _read(content)
    checker, walker = Element("module", name="Checker"), Element("module", name="TreeWalker")
    _property(checker, "charset", "UTF-8")
    for one in root.findall("property"):
        if one.get("name") in ("severity", "tabWidth") and (value := _value(one)):
            _property(checker, one.get("name", ""), value)
    left_out: list[str] = []
    for module, into in _checks(root, checker, walker):
        name = _name(module)
        plain = _plain(module) if name in MODULES else None
        if plain is None:
            left_out.append(name)
        else:
            into.append(plain)
    checker.append(walker)
    checks = sum(1 for _ in checker.iter("module")) - 2
    for module in (checker, walker):
        _set_robust(module)
    return Reduced(HEAD + tostring(checker, encoding="unicode") + "\n", checks, tuple(sorted(set(left_out))))


def _read(content: bytes) -> Element:
    return read_markup(content, may_name_a_type=True)


def _set_robust(module: Element) -> None:
    for name, value in ROBUST.get(_name(module), {}).items():
        for old in [one for one in module.findall("property") if one.get("name") == name]:
            module.remove(old)
        _property(module, name, value, first=True)


def _checks(root: Element, checker: Element, walker: Element) -> Iterator[tuple[Element, Element]]:
    for module in root.findall("module"):
        if _name(module) == "TreeWalker":
            for inner in module.findall("module"):
                yield inner, walker
        else:
            yield module, checker


def _plain(module: Element) -> Element | None:
    built = Element("module", name=_name(module))
    for one in module.findall("property"):
        name, value = one.get("name", ""), _value(one)
        if name in ("id", "fileExtensions"):
            continue
        if name not in PROPERTIES or value is None:
            return None
        _property(built, name, value)
    return built


def _name(module: Element) -> str:
    return (module.get("name") or "").rpartition(".")[2].removesuffix("Check")


def _value(element: Element) -> str | None:
    value = element.get("value", "")
    if value.startswith("${"):
        value = element.get("default", "")
    return value.strip() if VALUE.fullmatch(value.strip()) else None


def _property(module: Element, name: str, value: str, *, first: bool = False) -> None:
    if first:
        module.insert(0, Element("property", name=name, value=value))
    else:
        SubElement(module, "property", name=name, value=value)
