"""Files that make a tool read, fetch or write what is not the change's: class B of the hostile corpus."""

from code_recipes import Recipe

CALL = ("{tool}", "-c", "checkstyle.xml", "A.java")
CHECKS = (
    '<module name="Checker">\n@MODULES@<module name="TreeWalker"><module name="EmptyStatement"/></module></module>\n'
)
HTTP = "http://127.0.0.1:@PORT@"
XML = '<?xml version="1.0"?>\n'
KNOWN = (
    'PUBLIC "-//Checkstyle//DTD Checkstyle Configuration 1.3//EN" "https://checkstyle.org/dtds/configuration_1_3.dtd"'
)
"""Checkstyle has it on board."""
GRAMMAR = (
    "<!ELEMENT module (module|property)*>\n<!ATTLIST module name CDATA #REQUIRED>\n"
    "<!ELEMENT property EMPTY>\n<!ATTLIST property name CDATA #REQUIRED value CDATA #REQUIRED>\n"
)
LAUGHS = "".join(
    f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">\n' if number else '<!ENTITY l0 "lol">\n' for number in range(10)
)


def _checkstyle(name: str, fires: str, modules: str, dtd: str = KNOWN) -> Recipe:
    text = XML + f"<!DOCTYPE module {dtd}>\n" + CHECKS.replace("@MODULES@", modules)
    return Recipe(
        id=name,
        tool="checkstyle",
        call=CALL,
        files={"checkstyle.xml": text, "suppressions.xml": XML + "<suppressions/>"},
        target="A.java",
        fires=frozenset({fires} - {""}),
        base=True,
    )


def _property(name: str, value: str) -> str:
    return f'<property name="{name}" value="{value}"/>'


def _module(name: str, *properties: str) -> str:
    return f'<module name="{name}">{"".join(properties)}</module>\n'


REACH = (
    Recipe(
        id="B01-ruff-extend",
        tool="ruff",
        call=("{tool}", "check", "--no-cache", "a.py"),
        files={"ruff.toml": 'extend = "@SECRET@"\n'},
        fires=frozenset({"secret"}),
        base=True,
    ),
    Recipe(
        id="B01-ruff-extend-in-pyproject",
        tool="ruff",
        call=("{tool}", "check", "--no-cache", "a.py"),
        files={"pyproject.toml": '[tool.ruff]\nextend = "@SECRET@"\n'},
        fires=frozenset({"secret"}),
        base=True,
    ),
    Recipe(
        id="B02-yamllint-extends",
        tool="yamllint",
        call=("{tool}", "a.yml"),
        files={".yamllint": "extends: @SECRET@\n"},
        target="a.yml",
        base=True,
    ),
    Recipe(
        id="B03-shellcheckrc-sources",
        tool="shellcheck",
        call=("{tool}", "-a", "a.sh"),
        files={".shellcheckrc": "external-sources=true\n", "a.sh": "#!/bin/bash\nsource @SECRET@\n"},
        target="a.sh",
        base=True,
    ),
    _checkstyle("B04-checkstyle-dtd", "connected", "", dtd=f'PUBLIC "-//x//y" "{HTTP}/x.dtd"'),
    _checkstyle(
        "B05-checkstyle-suppression-url", "connected", _module("SuppressionFilter", _property("file", f"{HTTP}/x.xml"))
    ),
    _checkstyle("B06-checkstyle-header-file", "secret", _module("Header", _property("headerFile", "@SECRET@"))),
    _checkstyle("B07-checkstyle-cache-file", "marker", _property("cacheFile", "@MARKER@")),
    _checkstyle(
        "B08-billion-laughs", "busy", _module("FileLength", _property("max", "&l9;")), f"[\n{GRAMMAR}{LAUGHS}]"
    ),
)
HARMLESS = {
    "B02-yamllint-extends": "yamllint reads the file, and says nothing of what is in it",
    "B08-billion-laughs": "Java stops it after 64 000 of them",
    "B03-shellcheckrc-sources": "ShellCheck reads the file, and says nothing of what is in it",
}
"""Recipes that disclose nothing outside either, with the tools that are pinned, and why."""
