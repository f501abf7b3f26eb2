"""Small faults that a person could make, one for each place in a file that allows it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

COMPARE = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|WHERE|AND|ORDER BY)\b")
SQL_CHANGES = (
    (re.compile(r" AND (?!NOT\b)"), " OR "),
    (re.compile(r" = \?"), " <> ?"),
    (re.compile(r" <= "), " < "),
    (re.compile(r" < "), " <= "),
    (re.compile(r" DESC\b"), " ASC"),
    (re.compile(r"\bNOT EXISTS\b"), "EXISTS"),
    (re.compile(r"\bIS NOT NULL\b"), "IS NULL"),
)


@dataclass(frozen=True)
class Change:
    """A fault: what to write in the place of a piece of a file."""

    what: str
    line: int
    start: int
    """Offset in bytes, as is `end`."""
    end: int
    new: str

    def applied(self, source: bytes) -> bytes:
        """The file with this fault in it."""
        return source[: self.start] + self.new.encode() + source[self.end :]


def changes_of(source: bytes) -> Iterator[Change]:
    """Every fault that can be put into a file, in the order of its lines."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(source)
    texts = _docstrings(tree) | _logged(tree) | _checked(tree)

    def at(node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + (
            node.end_col_offset
        )

    def change(what: str, node: ast.expr | ast.stmt, new: str) -> Change:
        return Change(what, node.lineno, *at(node), new)

    def text(node: ast.AST) -> str:
        return ast.unparse(node)

    for node in ast.walk(tree):
        if id(node) in texts:
            continue
        match node:
            case ast.Compare(left, [operator], [right]) if type(operator) in COMPARE:
                new = COMPARE[type(operator)]
                yield change(f"{new} instead", node, f"({text(left)} {new} {text(right)})")
            case ast.BoolOp(operator, values):
                word = " or " if isinstance(operator, ast.And) else " and "
                new = word.join(f"({text(value)})" for value in values)
                yield change(f"{word.strip()} instead", node, f"({new})")
            case ast.UnaryOp(ast.Not(), operand):
                yield change("not is gone", node, f"({text(operand)})")
            case ast.BinOp(left, ast.Add() | ast.Sub() as operator, right) if not _is_text(node):
                sign = "-" if isinstance(operator, ast.Add) else "+"
                yield change(f"{sign} instead", node, f"({text(left)} {sign} {text(right)})")
            case ast.Constant(bool() as value):
                yield change(f"{not value} instead", node, str(not value))
            case ast.Constant(int() as value) if not isinstance(value, bool):
                yield change(f"{value + 1} instead", node, str(value + 1))
            case ast.Constant(str() as value) if SQL.search(value):
                yield from _in_sql(source, *at(node), node.lineno)
            case ast.Return(value) if value is not None and not _is_none(value):
                yield change("returns None", node, "return None")
            case ast.Expr(ast.Await() | ast.Call()):
                yield change("not called", node, "pass")
            case ast.AsyncWith([item]) if "lock" in text(item).lower():
                yield change("without its lock", item.context_expr, "contextlib_nullcontext()")
            case ast.If(test):
                yield change("always", test, "True")
                yield change("never", test, "False")
            case _:
                pass


def _in_sql(source: bytes, start: int, end: int, line: int) -> Iterator[Change]:
    written = source[start:end].decode()
    for pattern, new in SQL_CHANGES:
        for found in pattern.finditer(written):
            before = len(written[: found.start()].encode())
            yield Change(
                f"{new.strip()} in SQL",
                line + written[: found.start()].count("\n"),
                start + before,
                start + before + len(found[0].encode()),
                new,
            )


def _docstrings(tree: ast.AST) -> set[int]:
    """The statements and texts that are only said."""
    return {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for part in (node, node.value)
    }


def _logged(tree: ast.AST) -> set[int]:
    """What is written into the log: nobody asks a test for that."""
    return {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and ast.unparse(node).startswith("log.")
        for part in ast.walk(node)
    }


def _checked(tree: ast.AST) -> set[int]:
    """`strict=True`: it raises where the program is wrong already."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "strict"
    }


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(part, ast.JoinedStr | ast.List)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in ast.walk(node)
    )
