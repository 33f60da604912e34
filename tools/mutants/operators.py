"""The changes: every small change of a module that a test should notice."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_FAULT_CODE = re.compile(r"JF-[A-Z]\d{3}")
_Statement = ast.Expr | ast.AugAssign | ast.Raise | ast.Return | ast.Continue


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the bytes [start, stop) of a module become `after`."""

    line: int
    column: int
    kind: str
    before: str
    after: str
    start: int
    stop: int
    node_lines: tuple[int, int]
    """First and last line of what is changed."""
    statement_lines: tuple[int, int]
    """First and last line of the statement (or its head) around it."""
    in_function: bool
    """False for what runs while the module is imported."""

    def __str__(self) -> str:
        return f"{self.line}:{self.column} {self.kind}: {_shorten(self.before)} → {self.after}"

    def apply_to(self, source: str) -> str:
        """The module with the change."""
        text = source.encode()
        return (text[: self.start] + self.after.encode() + text[self.stop :]).decode()


def _shorten(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 70 else f"{words[:69]}…"


def list_mutants(source: str) -> list[Mutant]:
    """All mutants of a module, in the order of the text; two that read the same count once."""
    distinct: dict[tuple[int, int, str], Mutant] = {}
    for mutant in _MutantFinder(source).find_mutants():
        distinct.setdefault((mutant.start, mutant.stop, mutant.after), mutant)
    return sorted(distinct.values(), key=lambda mutant: (mutant.start, mutant.stop, mutant.after))


@dataclass(frozen=True, slots=True)
class _Context:
    """What a node stands in."""

    statement: tuple[int, int] = (1, 1)
    in_function: bool = False
    returns_truth: bool = False


class _MutantFinder:
    def __init__(self, source: str) -> None:
        self._tree = ast.parse(source)
        self._text = source.encode()
        lines = self._text.splitlines(keepends=True)
        self._offsets = [0]
        for line in lines:
            self._offsets.append(self._offsets[-1] + len(line))

    def find_mutants(self) -> Iterator[Mutant]:
        for statement in self._tree.body:
            yield from self._visit_node(statement, _Context())

    def _visit_node(self, node: ast.AST, around: _Context) -> Iterator[Mutant]:
        if _is_ignored(node):
            return
        if isinstance(node, ast.stmt):
            around = _Context(_head_lines(node), around.in_function, around.returns_truth)
        for kind, changed, after in _list_changes(node, around):
            yield self._build_mutant(kind, changed, after, around)
        for child in _list_children(node):
            yield from self._visit_node(child, _context_of_child(node, child, around))

    def _build_mutant(
        self, kind: str, node: ast.expr | ast.stmt, after: str, around: _Context
    ) -> Mutant:
        last_line, last_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        start = self._offsets[node.lineno - 1] + node.col_offset
        stop = self._offsets[last_line - 1] + last_column
        return Mutant(
            line=node.lineno,
            column=node.col_offset,
            kind=kind,
            before=self._text[start:stop].decode(),
            after=after,
            start=start,
            stop=stop,
            node_lines=(node.lineno, last_line),
            statement_lines=around.statement,
            in_function=around.in_function,
        )


def _is_ignored(node: ast.AST) -> bool:
    """Docstrings, imports, guards of the type checker, and text with holes (Python 3.11 does not
    say where the parts of an f-string stand)."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.JoinedStr():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
    return False


def _head_lines(node: ast.stmt) -> tuple[int, int]:
    """The lines of a statement without the statements inside it."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.lineno, node.lineno
        case ast.If(test=head) | ast.While(test=head) | ast.For(iter=head):
            return node.lineno, head.end_lineno or node.lineno
        case ast.With(items=items):
            return node.lineno, items[-1].context_expr.end_lineno or node.lineno
        case ast.Match(subject=head):
            return node.lineno, head.end_lineno or node.lineno
        case ast.Try():
            return node.lineno, node.lineno
    return node.lineno, node.end_lineno or node.lineno


def _list_children(node: ast.AST) -> Iterator[ast.AST]:
    """What runs. Annotations, decorators and bases say types and are left alone."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from node.args.defaults
            yield from (default for default in node.args.kw_defaults if default)
            yield from node.body
        case ast.Lambda():
            yield node.body
        case ast.ClassDef():
            yield from node.body
        case ast.AnnAssign():
            if node.value:
                yield node.value
        case _:
            yield from ast.iter_child_nodes(node)


def _context_of_child(node: ast.AST, child: ast.AST, around: _Context) -> _Context:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and child in node.body:
        truth = isinstance(node.returns, ast.Name) and node.returns.id == "bool"
        return _Context(around.statement, True, truth)
    if isinstance(node, ast.Lambda):
        return _Context(around.statement, True, around.returns_truth)
    return around


_Change = tuple[str, ast.expr | ast.stmt, str]


def _list_changes(node: ast.AST, around: _Context) -> Iterator[_Change]:
    match node:
        case ast.expr():
            yield from _change_expression(node, around)
        case ast.If():
            yield from _force_condition(node.test)
        case ast.While():
            yield "condition forced", node.test, "False"
        case ast.comprehension():
            for test in node.ifs:
                yield from _force_condition(test)
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Return() | ast.Continue():
            yield from _change_statement(node, around)


def _change_expression(node: ast.expr, around: _Context) -> Iterator[_Change]:
    match node:
        case ast.Compare():
            yield from _change_comparison(node)
        case ast.BoolOp():
            yield from _change_and_or(node)
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            yield "not dropped", node, _unparse(node.operand)
        case ast.BinOp():
            yield from _change_arithmetic(node, around)
        case ast.Constant(value=value):
            yield from _change_constant(node, value)
        case ast.Call():
            yield from _change_call(node)
        case ast.IfExp():
            yield from _force_condition(node.test)


def _change_comparison(node: ast.Compare) -> Iterator[_Change]:
    for place, operator in enumerate(node.ops):
        for kind, table in (("boundary", _BOUNDARY), ("comparison negated", _OPPOSITE)):
            if other := table.get(type(operator)):
                ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
                yield kind, node, _unparse(ast.Compare(node.left, ops, node.comparators))
    if len(node.ops) > 1:
        chain = [node.left, *node.comparators]
        yield (
            "comparison dropped",
            node,
            _unparse(ast.Compare(chain[0], node.ops[:-1], chain[1:-1])),
        )
        yield "comparison dropped", node, _unparse(ast.Compare(chain[1], node.ops[1:], chain[2:]))


def _change_and_or(node: ast.BoolOp) -> Iterator[_Change]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "and/or swapped", node, _unparse(ast.BoolOp(other, node.values))
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        after = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        yield "operand dropped", node, _unparse(after)


def _change_arithmetic(node: ast.BinOp, around: _Context) -> Iterator[_Change]:
    if not around.in_function and isinstance(node.op, ast.BitOr):
        return  # a union of types
    if _is_text(node.left) or _is_text(node.right):
        return
    if other := _SWAPPED.get(type(node.op)):
        yield "operator swapped", node, _unparse(ast.BinOp(node.left, other(), node.right))
    yield "operand dropped", node, _unparse(node.left)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _change_constant(node: ast.Constant, value: object) -> Iterator[_Change]:
    if type(value) is int:
        yield "constant", node, _unparse(ast.Constant(value + 1))
        yield "constant", node, _unparse(ast.Constant(value - 1))
    elif type(value) is bool:
        yield "constant", node, str(not value)
    elif isinstance(value, str) and _FAULT_CODE.fullmatch(value):
        yield "fault code", node, repr(f"{value[:-3]}000")


def _change_call(node: ast.Call) -> Iterator[_Change]:
    if isinstance(node.func, ast.Name) and (twin := _TWINS.get(node.func.id)):
        yield f"{node.func.id} → {twin}", node.func, twin
    for keyword in node.keywords:
        if keyword.arg is not None:
            rest = [other for other in node.keywords if other is not keyword]
            after = ast.unparse(ast.Call(node.func, node.args, rest))
            yield f"argument {keyword.arg} dropped", node, after


def _force_condition(test: ast.expr) -> Iterator[_Change]:
    if not isinstance(test, ast.Constant):
        yield "condition forced", test, "True"
        yield "condition forced", test, "False"


def _change_statement(node: _Statement, around: _Context) -> Iterator[_Change]:
    match node:
        case ast.Expr(value=ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom()):
            yield "statement removed", node, "pass"
        case ast.AugAssign():
            yield "statement removed", node, "pass"
        case ast.Raise():
            yield "raise removed", node, "pass"
        case ast.Continue():
            yield "continue → break", node, "break"
        case ast.Return(value=ast.expr() as value):
            yield from _change_return(node, value, around)


def _change_return(node: ast.Return, value: ast.expr, around: _Context) -> Iterator[_Change]:
    if isinstance(value, ast.Constant) and (value.value is None or type(value.value) is bool):
        return  # the constant's own mutant says it
    if around.returns_truth:
        yield "return value", node, "return True"
        yield "return value", node, "return False"
    else:
        yield "return value", node, "return None"


def _unparse(node: ast.expr) -> str:
    """The source of an expression, in parentheses where its neighbours could tear it apart."""
    text = ast.unparse(node)
    whole = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.List, ast.Dict)
    return text if isinstance(node, whole) and not text.startswith("-") else f"({text})"
