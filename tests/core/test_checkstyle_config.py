import re

import pytest

from hunkwise.core.checkstyle_config import HEAD, MODULES, PROPERTIES, reduced, robust
from hunkwise.core.markup import MarkupError, read_markup

TYPE = '<!DOCTYPE module PUBLIC "-//Puppy Crawl//DTD Check Configuration 1.3//EN" "http://127.0.0.1:9/x.dtd">'


def checker(*modules: str, walker: str = "") -> bytes:
    inner = f'<module name="TreeWalker">{walker}</module>' if walker else ""
    return f'<?xml version="1.0"?>{TYPE}<module name="Checker">{"".join(modules)}{inner}</module>'.encode()


def module(name: str, **properties: str) -> str:
    inner = "".join(f'<property name="{key}" value="{value}"/>' for key, value in properties.items())
    return f'<module name="{name}">{inner}</module>'


def modules_of(text: str) -> list[str]:
    return [one.get("name") for one in read_markup(text.encode(), may_name_a_type=True).iter("module")]


def test_checks_with_plain_values_are_kept():
    """Numbers, switches, names and lists of them are data."""
    walker = module("MagicNumber", ignoreNumbers="-1, 0, 1", ignoreAnnotation="true", severity="error") + module(
        "com.puppycrawl.tools.checkstyle.checks.blocks.LeftCurlyCheck", option="eol", tokens="CLASS_DEF, IF"
    )
    found = reduced(checker(module("LineLength", max="100"), walker=walker))
    assert (found.checks, found.left_out) == (3, ())
    assert modules_of(found.text) == ["Checker", "LineLength", "TreeWalker", "MagicNumber", "LeftCurly"]
    assert '<property name="max" value="100" />' in found.text


@pytest.mark.parametrize(
    "bad",
    [
        module("SuppressionFilter", file="http://127.0.0.1:9/x.xml"),
        module("SuppressionFilter", file="checkstyle-suppressions.xml"),
        module("SuppressionXpathFilter", file="x.xml"),
        module("Header", headerFile="/etc/passwd"),
        module("RegexpHeader", header="(a+)+$"),
        module("RegexpSingleline", format="(a+)+$"),
        module("SuppressWarningsFilter"),
        module("BeforeExecutionExclusionFileFilter", fileNamePattern=".*"),
        module("LineLength", max="100", ignorePattern="(a+)+$"),
        module("LineLength", max="../../etc/passwd"),
        module("LineLength", max="${nobody}"),
        module("org.example.EvilCheck"),
        module("Evil", max="1"),
    ],
)
def test_what_reaches_out_of_the_configuration_is_left_out(bad):
    """Files, addresses, patterns, filters, placeholders and unknown modules are not data; the other checks stay."""
    found = reduced(checker(bad, walker=module("EmptyStatement")))
    assert (found.checks, len(found.left_out)) == (1, 1)
    assert not re.search(r"127\.0\.0\.1|passwd|\(a\+\)|Suppress|\$|evil", found.text.removeprefix(HEAD), re.IGNORECASE)


def test_properties_of_the_checker_are_few():
    """A cache that would be written, a base directory and a locale are not taken over; the severity is."""
    root = module("Checker", cacheFile="/tmp/x", basedir="/", localeCountry="DE", severity="error", tabWidth="4")
    found = reduced(root.encode())
    names = [one.get("name") for one in read_markup(found.text.encode(), may_name_a_type=True).findall("property")]
    assert names == ["haltOnException", "charset", "severity", "tabWidth"]


def test_a_default_takes_the_place_of_a_placeholder():
    """What the configuration itself says for an undefined property is its value."""
    width = '<module name="LineLength"><property name="max" value="${width}" default="90"/></module>'
    assert '<property name="max" value="90" />' in reduced(checker(width)).text


@pytest.mark.parametrize("read", [robust, reduced])
def test_entities_are_refused(read):
    """A configuration with declarations of its own, which may expand without bound or load files, is not read."""
    laughs = b'<!DOCTYPE module [<!ENTITY a "ha">]><module name="Checker"/>'
    with pytest.raises(MarkupError, match="DOCTYPE with declarations"):
        read(laughs)


def test_a_bad_file_does_not_end_the_run():
    """An own configuration stays as it is but for what turns one file's failure into a message."""
    content = checker(
        module("SuppressionFilter", file="x.xml"),
        walker='<property name="skipFileOnJavaParseException" value="false"/>' + module("EmptyStatement"),
    )
    text = robust(content)
    assert modules_of(text) == ["Checker", "SuppressionFilter", "TreeWalker", "EmptyStatement"]
    assert 'name="haltOnException" value="false"' in text
    assert re.findall(r'skipFileOnJavaParseException" value="(\w+)"', text) == ["true"]
    assert "127.0.0.1" not in text


def test_no_allowed_name_is_one_of_the_dangerous():
    """The lists of what is taken over hold no filter, no pattern and no file."""
    dangerous = re.compile(r"filter|suppress|regexp|header|xpath|import.?control|translation|properties", re.IGNORECASE)
    assert [name for name in MODULES if dangerous.search(name)] == []
    assert [name for name in PROPERTIES if re.search(r"file|format|pattern|query|url|path|cache|dir", name, re.I)] == []
