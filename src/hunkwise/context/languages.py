"""What the nodes of each grammar mean, as data: one entry a language, by the tag of `identify`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

_CONTAINERS = """
block body_statement class_body compound_statement constructor_body declaration_list do_group enum_body
field_declaration_list import_spec_list interface_body statement_block statement_list statements switch_block
template_body annotation_type_body function_body
"""
CONTAINERS = frozenset(_CONTAINERS.split())
"""Nodes that only hold others: the line is what begins inside."""
DECLARATORS = ("declarator", "name")
"""Fields that lead from a definition to its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Which node types of a grammar are what.

    functions, classes: definitions. closures: functions without a name, which take that of the node around them.
    bodied: those of the classes that are definitions only with a body. imports: import statements.
    import_calls: names of functions that import when called. wrappers: what stands around a definition and belongs to
    it. prefixes: what stands before it. names: leaves that are identifiers, beside all `…identifier`.
    bodies: types of bodies, where the field `body` is missing.
    definition: what a definition looks like in text, for a search; `{}` is the name. type_definition: that of types.
    """

    functions: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    closures: frozenset[str] = frozenset()
    bodied: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    import_calls: frozenset[str] = frozenset()
    wrappers: frozenset[str] = frozenset()
    prefixes: frozenset[str] = field(default_factory=lambda: frozenset({"comment", "line_comment", "block_comment"}))
    names: frozenset[str] = frozenset()
    bodies: frozenset[str] = CONTAINERS
    definition: tuple[str, ...] = ()
    type_definition: tuple[str, ...] = ("class {}",)
    has_docstrings: bool = False


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_JAVASCRIPT = Nodes(
    functions=_set("function_declaration generator_function_declaration method_definition"),
    closures=_set("arrow_function function_expression generator_function"),
    classes=_set("class_declaration class"),
    imports=_set("import_statement"),
    import_calls=_set("require"),
    wrappers=_set("export_statement lexical_declaration variable_declaration variable_declarator"),
    names=_set("shorthand_property_identifier_pattern"),
    definition=("function {}(", "const {} =", "{}("),
)
_TYPESCRIPT = replace(
    _JAVASCRIPT,
    functions=_JAVASCRIPT.functions | _set("function_signature method_signature abstract_method_signature"),
    classes=_JAVASCRIPT.classes
    | _set("abstract_class_declaration interface_declaration enum_declaration type_alias_declaration"),
    type_definition=("class {}", "interface {}", "type {}", "enum {}"),
)
_C = Nodes(
    functions=_set("function_definition"),
    classes=_set("struct_specifier union_specifier enum_specifier"),
    bodied=_set("struct_specifier union_specifier enum_specifier class_specifier"),
    imports=_set("preproc_include"),
    wrappers=_set("type_definition"),
    definition=("{}(",),
    type_definition=("struct {}", "}} {};"),
)
_BASH = Nodes(
    functions=_set("function_definition"),
    import_calls=_set("source ."),
    names=_set("variable_name command_name"),
    definition=("{}()", "function {}"),
    type_definition=(),
)

LANGUAGES: Mapping[str, Nodes] = {
    "python": Nodes(
        functions=_set("function_definition"),
        classes=_set("class_definition"),
        imports=_set("import_statement import_from_statement future_import_statement"),
        wrappers=_set("decorated_definition"),
        definition=("def {}(",),
        has_docstrings=True,
    ),
    "java": Nodes(
        functions=_set("method_declaration constructor_declaration compact_constructor_declaration"),
        classes=_set(
            "class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration"
        ),
        imports=_set("import_declaration"),
        definition=(" {}(",),
        type_definition=("class {}", "interface {}", "enum {}", "record {}"),
    ),
    "javascript": _JAVASCRIPT,
    "ts": _TYPESCRIPT,
    "tsx": _TYPESCRIPT,
    "go": Nodes(
        functions=_set("function_declaration method_declaration"),
        classes=_set("type_spec"),
        imports=_set("import_declaration"),
        wrappers=_set("type_declaration"),
        bodies=_set("struct_type interface_type"),
        definition=("func {}(", ") {}("),
        type_definition=("type {} ",),
    ),
    "c": _C,
    "c++": replace(
        _C,
        classes=_C.classes | _set("class_specifier"),
        imports=_C.imports | _set("using_declaration"),
        wrappers=_C.wrappers | _set("template_declaration"),
        type_definition=("class {}", "struct {}"),
    ),
    "rust": Nodes(
        functions=_set("function_item function_signature_item macro_definition"),
        classes=_set("struct_item enum_item union_item trait_item impl_item type_item"),
        imports=_set("use_declaration extern_crate_declaration"),
        prefixes=_set("line_comment block_comment attribute_item"),
        definition=("fn {}",),
        type_definition=("struct {}", "enum {}", "trait {}", "type {}"),
    ),
    "c#": Nodes(
        functions=_set(
            "method_declaration constructor_declaration destructor_declaration local_function_statement"
            " operator_declaration property_declaration"
        ),
        classes=_set(
            "class_declaration struct_declaration interface_declaration enum_declaration record_declaration"
            " delegate_declaration"
        ),
        imports=_set("using_directive"),
        bodies=_set("accessor_list arrow_expression_clause"),
        definition=(" {}(",),
        type_definition=("class {}", "interface {}", "struct {}", "record {}", "enum {}"),
    ),
    "ruby": Nodes(
        functions=_set("method singleton_method"),
        classes=_set("class module singleton_class"),
        import_calls=_set("require require_relative load autoload"),
        names=_set("constant instance_variable class_variable global_variable"),
        definition=("def {}", "def self.{}"),
        type_definition=("class {}", "module {}"),
    ),
    "php": Nodes(
        functions=_set("function_definition method_declaration"),
        classes=_set("class_declaration interface_declaration trait_declaration enum_declaration"),
        imports=_set(
            "namespace_use_declaration require_expression require_once_expression include_expression"
            " include_once_expression"
        ),
        names=_set("name"),
        definition=("function {}(",),
        type_definition=("class {}", "interface {}", "trait {}"),
    ),
    "kotlin": Nodes(
        functions=_set("function_declaration secondary_constructor"),
        classes=_set("class_declaration object_declaration companion_object type_alias"),
        imports=_set("import"),
        definition=("fun {}(", ".{}("),
        type_definition=("class {}", "interface {}", "object {}"),
    ),
    "scala": Nodes(
        functions=_set("function_definition function_declaration"),
        classes=_set("class_definition object_definition trait_definition enum_definition given_definition"),
        imports=_set("import_declaration"),
        definition=("def {}",),
        type_definition=("class {}", "trait {}", "object {}"),
    ),
    "shell": _BASH,
}
ALIASES: Mapping[str, str] = {"pyi": "python", "jsx": "javascript", "bash": "shell", "zsh": "shell"}


def family(language: str) -> str:
    """Return the tag under which a language stands here, which is its own where it is not another's."""
    return ALIASES.get(language, language)


def nodes_of(language: str) -> Nodes:
    """Return the table of a language; of one that is not known, what most grammars call these things."""
    return LANGUAGES.get(family(language), _USUAL)


_USUAL = Nodes(
    functions=_set(
        "function_definition function_declaration method_declaration method_definition function_item method"
    ),
    classes=_set("class_definition class_declaration interface_declaration struct_declaration"),
    imports=_set("import_statement import_declaration import use_declaration"),
    definition=("{}(",),
)
