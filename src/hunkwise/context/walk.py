"""Walk a syntax tree with a cursor, never recursively, and say what is in the file."""

import re
from dataclasses import dataclass, field
from typing import Any

from hunkwise.context.languages import CONTAINERS, DECLARATORS, Nodes
from hunkwise.core.outline import Outline, Scope, Syntax

MAX_NODES = 1_000_000
MAX_DEPTH = 20_000
MAX_NAMES = 500
"""Identifiers kept of one line."""
MAX_WORDS = 200
"""Words kept of one import."""
NAME_LENGTH = 200
ERROR = 0xFFFF
"""What tree-sitter numbers nodes that did not parse with."""
WORD = re.compile(r"[^\W\d]\w*")
NAMED_BY = ("name", "key", "left", "property")
"""Fields of the node around a closure that say how the closure is called."""
_KEYWORDS = "import from as static use using namespace include require require_relative const let var pub type source"
NO_WORDS = frozenset(_KEYWORDS.split())
"""Words of an import that bring nothing."""


def outline_of(tree: Any, content: bytes, language: str, nodes: Nodes, max_nodes: int = MAX_NODES) -> Outline:
    """Return what is in a parsed file; what lies beyond the limits of nodes and depth is called broken."""
    walk = _Walk(language=language, nodes=nodes, content=content)
    walk.run(tree, max_nodes)
    return walk.outline()


@dataclass(slots=True)
class _Walk:
    language: str
    nodes: Nodes
    content: bytes
    scopes: list[Scope] = field(default_factory=list)
    imports: list[tuple[int, int, tuple[str, ...]]] = field(default_factory=list)
    names: dict[int, list[str]] = field(default_factory=dict)
    named: dict[int, Syntax] = field(default_factory=dict)
    tokens: dict[int, Syntax] = field(default_factory=dict)
    broken: list[tuple[int, int]] = field(default_factory=list)
    open: list[tuple[int, int]] = field(default_factory=list)
    prefix: tuple[int, int] = (0, 0)
    wrap: tuple[int, int, int, int] = (0, 0, 0, 0)

    def run(self, tree: Any, max_nodes: int) -> None:
        roles = {ERROR: "token"}
        root = tree.root_node
        is_sound = not root.has_error
        cursor = root.walk()
        depth = count = 0
        while True:
            count += 1
            node = cursor.node
            kind = node.kind_id
            if kind not in roles:
                roles[kind] = self._role(node)
            role = roles[kind]
            line = node.start_point[0] + 1
            if depth:
                self._place(node, role, line, depth)
            if not is_sound and (kind == ERROR or node.is_missing):
                self.broken.append((line, _last_line(node)))
            if count >= max_nodes:
                self.broken.append((line, self._lines()))
                return
            if role != "name" and depth < MAX_DEPTH and cursor.goto_first_child():
                depth += 1
                continue
            if depth == MAX_DEPTH and node.child_count:
                self.broken.append((line, _last_line(node)))
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    return
                depth -= 1

    def outline(self) -> Outline:
        syntax = {line: self.named.get(line) or self.tokens[line] for line in sorted({*self.named, *self.tokens})}
        return Outline(
            language=self.language,
            lines=self._lines(),
            scopes=tuple(self.scopes),
            imports=tuple(sorted(set(self.imports))),
            names={line: tuple(found) for line, found in sorted(self.names.items())},
            syntax=syntax,
            broken=_merged(self.broken),
        )

    def _lines(self) -> int:
        return self.content.count(b"\n") + (not self.content.endswith(b"\n") and bool(self.content))

    def _role(self, node: Any) -> str:
        """Return what nodes of this type are; asked once a type."""
        kind, nodes = node.type, self.nodes
        if not node.is_named:
            return "token"
        for role in ("functions", "classes", "closures", "imports", "wrappers", "prefixes"):
            if kind in getattr(nodes, role):
                return role
        if kind in nodes.names:
            return "name"
        if kind.endswith("identifier") and kind != "operator_identifier":
            # A compound one, such as `scoped_identifier`, has others inside.
            return "path" if node.named_child_count else "name"
        if kind in ("call", "call_expression", "command") and nodes.import_calls:
            return "call"
        return "container" if kind in CONTAINERS else ""

    def _place(self, node: Any, role: str, line: int, depth: int) -> None:
        while self.open and node.start_byte >= self.open[-1][1]:
            self.open.pop()
        if role == "token":
            if line not in self.tokens:
                self.tokens[line] = Syntax(node.type[:NAME_LENGTH], depth)
            return
        is_first = line not in self.named
        if role == "prefixes" and is_first and line not in self.tokens:
            end = _last_line(node)
            self.prefix = (self.prefix[0] if self.prefix[1] in (line - 1, line) else line, end)
        if is_first and role != "container":
            self.named[line] = Syntax(node.type, depth)
        if role in ("", "container", "prefixes"):
            return
        if role in ("name", "path"):
            if role == "name" or not node.named_child_count:
                self._name(node, line)
        elif role == "wrappers":
            _, wrapped_until, at_depth, start_byte = self.wrap
            if not (node.start_byte < wrapped_until and depth == at_depth + 1):
                self.wrap = (line, node.end_byte, depth, node.start_byte)
            else:
                self.wrap = (self.wrap[0], wrapped_until, depth, start_byte)
        elif role == "imports":
            self._import(line, _last_line(node), self._text(node, 20_000))
        elif role == "call":
            self._import_call(node, line)
        else:
            self._scope(node, role, line, depth)

    def _name(self, node: Any, line: int) -> None:
        names = self.names.setdefault(line, [])
        if len(names) < MAX_NAMES:
            names.append(self._text(node, NAME_LENGTH))

    def _import(self, start: int, end: int, text: str) -> None:
        words = dict.fromkeys(word for word in WORD.findall(text) if word not in NO_WORDS)
        self.imports.append((start, end, tuple(words)[:MAX_WORDS]))

    def _import_call(self, node: Any, line: int) -> None:
        function = node.child_by_field_name("function") or node.child_by_field_name("method")
        function = function or node.child_by_field_name("name")
        if function is None or self._text(function, 40) not in self.nodes.import_calls:
            return
        begin = self.content.rfind(b"\n", 0, node.start_byte) + 1
        text = self.content[begin : min(node.end_byte, begin + 2000)].decode("utf-8", "replace")
        self._import(line, _last_line(node), text)

    def _scope(self, node: Any, role: str, line: int, depth: int) -> None:
        kind = "class" if role == "classes" else "function"
        body, before = self._body(node)
        if body is None and node.type in self.nodes.bodied:
            return
        start, end, name_node = line, _last_line(node), _name_node(node)
        wrap_line, wrap_end, wrap_depth, _ = self.wrap
        if node.start_byte < wrap_end and depth == wrap_depth + 1:
            start = wrap_line
        if role == "closures":
            parent = node.parent
            name_node = next((found for by in NAMED_BY if (found := parent.child_by_field_name(by))), None)
            if name_node is None or name_node.id == node.id:
                return
            start = min(start, name_node.start_point[0] + 1)
        elif name_node is None and wrap_depth == depth - 1:
            name_node = node.parent.child_by_field_name("declarator")
        name = "" if name_node is None else self._text(name_node, NAME_LENGTH)
        if role == "closures" and "." in name:
            name = name.rpartition(".")[2]
        if not WORD.search(name) and "operator" not in name:
            name = f"({node.type.replace('_', ' ')})"
        named_at = line if name_node is None else name_node.start_point[0] + 1
        signature, after = self._signature(body, before, max(named_at, line), end)
        if self.prefix[1] and self.prefix[1] == start - 1:
            start = self.prefix[0]
        self.scopes.append(
            Scope(
                kind=kind,
                name=name,
                start=start,
                body=min(after, end),
                end=end,
                parent=self.open[-1][0] if self.open else -1,
                line=named_at,
                signature=min(signature, end),
            )
        )
        self.open.append((len(self.scopes) - 1, node.end_byte))

    def _body(self, node: Any) -> tuple[Any, Any]:
        """Return the body of a definition and the node before it."""
        body = node.child_by_field_name("body")
        before = None
        for child in node.children:
            if child == body or (body is None and child.type in self.nodes.bodies):
                return child, before
            if child.type not in self.nodes.prefixes:
                before = child
        return None, None

    def _signature(self, body: Any, before: Any, line: int, end: int) -> tuple[int, int]:
        """Return the last line of a signature, and the first one after it and its docstring."""
        if body is None:
            return end, end
        first = body.start_point[0] + 1
        if body.child_count and body.child(0).type == "{":
            return first, first + 1
        signature = max(line, first if before is None else _last_line(before))
        if first == signature:
            return signature, signature + 1
        if self.nodes.has_docstrings and body.child_count:
            statement = body.child(0)
            if statement.type == "expression_statement" and statement.child(0).type == "string":
                return signature, _last_line(statement) + 1
        return signature, signature + 1

    def _text(self, node: Any, limit: int) -> str:
        text = self.content[node.start_byte : min(node.end_byte, node.start_byte + limit)].decode("utf-8", "replace")
        return text.strip()


def _name_node(node: Any) -> Any:
    found = None
    here = node.child_by_field_name("name") or node.child_by_field_name("type")
    if node.type.endswith("definition") or here is None:
        here = node.child_by_field_name("declarator") or here
    for _ in range(20):
        if here is None:
            return found
        found = here
        inner = next((inner for by in DECLARATORS if (inner := here.child_by_field_name(by))), None)
        here = inner
    return found


def _last_line(node: Any) -> int:
    (first, _), (row, column) = node.start_point, node.end_point
    return int(row if column == 0 and row > first else row + 1)


def _merged(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)
