"""Finds where the code keeps a query to one team, and takes one such place away in the running process."""

from __future__ import annotations

import ast
import copy
import gc
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

from tests.architecture.source import dotted, name, parsed, python_files

# Of a query set first() takes no conditions; of a Lookup (apps/common/lookups.py) it does.
QUERIES = {
    "filter",
    "first",
    "exclude",
    "get",
    "get_or_create",
    "update_or_create",
    "get_object_or_404",
    "get_list_or_404",
    "Q",
}
SQL = re.compile(r"(?:\w+\.)?team_id\s*=\s*(%s|%\(\w+\)s)")
# A Team's own relations are scopes as well: team.runs is Run.objects.filter(team=team).
TEAMS = {"team", "self.team", "request.team"}


@dataclass(frozen=True, slots=True)
class Scope:
    """One place. kind: `keyword` of a query, `relation` of a team, or `sql`; index: which of its kind on that line."""

    path: Path
    line: int
    function: str
    kind: str
    text: str
    index: int

    def __str__(self) -> str:
        return f"{name(self.path)}:{self.line} {self.function or 'module'}: {self.text}"


def scopes(relations: set[str]) -> list[Scope]:
    """Every scope in apps, but for commands, which whoever runs the server types; relations: accessors of a Team."""
    found: list[Scope] = []
    for path in python_files("apps"):
        if "management" not in path.parts and path.name != "first_start.py":
            found += _Finder(path, relations).found
    return found


class _Finder(ast.NodeVisitor):
    def __init__(self, path: Path, relations: set[str]) -> None:
        self.path, self.relations, self.found = path, relations, []
        self._functions: list[str] = []
        self.visit(parsed(path))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._functions.append(node.name)
        self.generic_visit(node)
        self._functions.pop()

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)  # type: ignore[arg-type]  # the two have the same parts

    def visit_Call(self, node: ast.Call) -> None:
        for index, word in enumerate(node.keywords):
            if is_scope(node, word):
                self._add(word.value, "keyword", f"{word.arg}={ast.unparse(word.value)}", index)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in self.relations and dotted(node.value) in TEAMS:
            self._add(node, "relation", ast.unparse(node), 0)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and "SELECT" in node.value:
            for index, place in enumerate(SQL.finditer(node.value)):
                self._add(node, "sql", place.group(), index)

    def _add(self, node: ast.expr, kind: str, text: str, index: int) -> None:
        self.found.append(Scope(self.path, node.lineno, ".".join(self._functions), kind, text, index))


def is_scope(call: ast.Call, word: ast.keyword) -> bool:
    """Whether the keyword keeps a query to one team: by its name, or by whose membership it looks for."""
    called = dotted(call.func).rpartition(".")[2] or getattr(call.func, "attr", "")
    if called not in QUERIES or word.arg is None or word.arg == "defaults":
        return False
    parts = word.arg.split("__")
    if "team" in parts or "team_id" in parts:
        return True
    return word.arg in {"user", "user_id"} and "membership" in ast.unparse(call.func).lower()


class _Without(ast.NodeTransformer):
    """Takes one scope out of a tree."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        scope = self.scope
        kept = [
            word
            for index, word in enumerate(node.keywords)
            if not (
                scope.kind == "keyword"
                and (word.value.lineno, index) == (scope.line, scope.index)
                and f"{word.arg}={ast.unparse(word.value)}" == scope.text
                and is_scope(node, word)
            )
        ]
        node.keywords = kept
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if self.scope.kind == "relation" and node.lineno == self.scope.line and ast.unparse(node) == self.scope.text:
            field = f"type({dotted(node.value)})._meta.get_field({node.attr!r}).related_model.objects"
            return ast.copy_location(ast.parse(field, mode="eval").body, node)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if self.scope.kind == "sql" and node.lineno == self.scope.line and isinstance(node.value, str):
            return ast.copy_location(ast.Constant(without_sql(node.value, self.scope.index)), node)
        return node


def without_sql(text: str, index: int) -> str:
    """The statement with its index-th condition on a team made true."""
    place = list(SQL.finditer(text))[index]
    return f"{text[: place.start()]}({place.group(1)} IS NOT NULL){text[place.end() :]}"


@contextmanager
def taken_away(scope: Scope) -> Iterator[int]:
    """Run the block without the scope: the code of the very functions that are loaded is exchanged, and put back.

    Gives how many objects were exchanged: 0 means that nothing loaded came from there.
    """
    tree = ast.fix_missing_locations(_Without(scope).visit(copy.deepcopy(parsed(scope.path))))
    changed: list[tuple[object, str, object]] = []
    if scope.function:
        wanted = _outermost(_codes(compile(tree, str(scope.path), "exec", dont_inherit=True)), scope)
        for function in _functions(scope.path, wanted):
            changed.append((function, "__code__", function.__code__))
            function.__code__ = wanted
    else:
        changed += _constants(tree, scope)
    try:
        yield len(changed)
    finally:
        for owner, attribute, before in changed:
            setattr(owner, attribute, before)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of every function that stands in no other function."""
    for part in code.co_consts:
        if isinstance(part, CodeType) and "<" not in part.co_name:
            yield part
            yield from _codes(part)


def _outermost(codes: Iterator[CodeType], scope: Scope) -> CodeType:
    first = scope.function.split(".")[0]
    fitting = [
        code
        for code in codes
        if code.co_name == first
        and "<locals>" not in code.co_qualname
        and code.co_firstlineno <= scope.line <= max(line for *_, line in code.co_lines() if line) + 40
    ]
    # Several methods of one name may stand in a file; the last that begins before the line is the one.
    return max(fitting, key=lambda code: code.co_firstlineno)


def _functions(path: Path, wanted: CodeType) -> list[FunctionType]:
    def same(function: FunctionType) -> bool:
        code = function.__code__
        return (code.co_filename, code.co_qualname, code.co_firstlineno) == (
            str(path), wanted.co_qualname, wanted.co_firstlineno,
        )  # fmt: skip

    # By type and not by isinstance, which would wake Django's lazy objects.
    return [thing for thing in gc.get_objects() if type(thing) is FunctionType and same(thing)]


def _constants(tree: ast.Module, scope: Scope) -> list[tuple[object, str, object]]:
    """Exchange a statement that a module holds under a name, wherever that name was taken to."""
    home = next(module for module in list(sys.modules.values()) if getattr(module, "__file__", "") == str(scope.path))
    changed: list[tuple[object, str, object]] = []
    for node in tree.body:
        holds = isinstance(node, ast.Assign) and node.lineno <= scope.line <= (node.end_lineno or 0)
        if not (holds and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Constant)):
            continue
        before = getattr(home, node.targets[0].id)
        for module in list(sys.modules.values()):
            if module.__dict__.get(node.targets[0].id) is before:
                changed.append((module, node.targets[0].id, before))
                setattr(module, node.targets[0].id, node.value.value)
    return changed
