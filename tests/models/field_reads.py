"""Which fields of which models a source reads: followed from expression to expression by the types that stand there.

No program runs. `order.customer.contract` is a field of OrderRequest's neighbour because the annotations say so; what
is got by a name in a variable (`getattr`) cannot be followed, and the test names those places by hand.
"""

from __future__ import annotations

import ast
import collections.abc
import dataclasses
import importlib
import types
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[2]
Types = frozenset[Any]
NONE: Types = frozenset()
_SEQUENCES = {"next", "max", "min", "sorted", "tuple", "list", "set", "reversed", "iter", "frozenset"}


@dataclasses.dataclass(frozen=True)
class Many:
    """A container or an iterator of these."""

    of: Types


def spread(annotation: Any) -> Types:
    """The types that an annotation allows."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return spread(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return NONE.union(*(spread(each) for each in arguments))
    if origin is collections.abc.Callable:
        return frozenset({origin})
    if origin is not None and origin is not type:
        inner = arguments[-1:] if origin in (dict,) or "Mapping" in str(origin) else arguments
        return frozenset({Many(NONE.union(*(spread(each) for each in inner if each is not Ellipsis)))})
    return frozenset({annotation})


def hints_of(owner: Any) -> dict[str, Any]:
    """The annotations of a function or class, as far as they can be looked up."""
    try:
        return typing.get_type_hints(owner)
    except (NameError, TypeError):
        return {}


class Reads(ast.NodeVisitor):
    """The fields that one module reads, as (name of the model, name of the field)."""

    def __init__(self, module: types.ModuleType, models: Iterable[type[BaseModel]]) -> None:
        self.scope: dict[str, Any] = dict(vars(module))
        self.known: dict[str, Types] = {}
        self.owner: list[Any] = []
        self.models = frozenset(models)
        self.found: set[tuple[str, str]] = set()

    # --- where names come from -----------------------------------------------------------------------------------

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.owner.append(self.scope.get(node.name))
        self.generic_visit(node)
        self.owner.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before = dict(self.known)
        for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
            if argument.annotation is not None:
                self.known[argument.arg] = self._annotated(argument.annotation)
            elif argument.arg == "self" and self.owner:
                self.known["self"] = frozenset({self.owner[-1]})
        for _ in range(2):  # a name may be used above the line that tells its type
            for statement in node.body:
                self.visit(statement)
        self.known = before

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for argument in node.args.args:
            if argument.arg == "order":
                self.known.setdefault("order", self._named("Order"))
        self.visit(node.body)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self._bind(target, node.value)
            self.visit(target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._bind(node.target, node.value)

    def visit_For(self, node: ast.For) -> None:
        self._loop(node.target, node.iter)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._loop(node.target, node.iter)
        self.generic_visit(node)

    def _comprehends(self, node: Any) -> None:
        for generator in node.generators:
            self.visit(generator)
        self.generic_visit(node)

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _comprehends  # noqa: N815

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), looked]):
                self.known[name] = self.known.get(name, NONE) | self._classes(looked)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        for owner in self.types(node.value):
            if isinstance(owner, type) and isinstance(node.ctx, ast.Load):
                for model in self.models:
                    if issubclass(owner, model) and node.attr in model.model_fields:
                        self.found.add((model.__name__, node.attr))
        self.generic_visit(node)

    def _named(self, name: str) -> Types:
        found = self.scope.get(name)
        return frozenset({found}) if isinstance(found, type) else NONE

    def _annotated(self, node: ast.expr) -> Types:
        try:
            return spread(eval(ast.unparse(node), self.scope))  # noqa: S307 - our own annotations
        except (NameError, AttributeError, TypeError):
            return NONE

    def _classes(self, node: ast.expr) -> Types:
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        return NONE.union(*(self._annotated(part) for part in parts))

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.known[target.id] = self.types(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for part, given in zip(target.elts, value.elts, strict=False):
                self._bind(part, given)

    def _loop(self, target: ast.expr, over: ast.expr) -> None:
        inner = elements(self.types(over))
        for part in target.elts if isinstance(target, ast.Tuple) else [target]:
            if isinstance(part, ast.Name):
                self.known[part.id] = inner

    # --- what an expression is -----------------------------------------------------------------------------------

    def types(self, node: ast.expr) -> Types:
        """The types that an expression may have; empty where it cannot be told."""
        match node:
            case ast.Name(id=name):
                return self.known.get(name) or NONE
            case ast.Attribute(value=owner, attr=name):
                return NONE.union(*(member(each, name) for each in self.types(owner)))
            case ast.Call():
                return self._called(node)
            case ast.IfExp(body=one, orelse=other):
                return self.types(one) | self.types(other)
            case ast.BoolOp(values=parts):
                return NONE.union(*(self.types(part) for part in parts))
            case ast.Subscript(value=owner):
                return elements(self.types(owner))
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._gathered(node)
            case ast.NamedExpr(value=value):
                return self.types(value)
        return NONE

    def _gathered(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Types:
        for generator in node.generators:
            self._loop(generator.target, generator.iter)
        each = node.value if isinstance(node, ast.DictComp) else node.elt
        return frozenset({Many(self.types(each))})

    def _called(self, node: ast.Call) -> Types:
        match node.func:
            case ast.Name(id=name) if name in _SEQUENCES and node.args:
                inner = elements(self.types(node.args[0]))
                return inner if name in ("next", "max", "min") else frozenset({Many(inner)})
            case ast.Name(id="enumerate" | "zip"):
                return frozenset({Many(NONE.union(*(elements(self.types(each)) for each in node.args)))})
            case ast.Name(id="read_content"):
                return self._classes(node.args[0])
            case ast.Name(id=name):
                made = self.scope.get(name)
                if isinstance(made, type):
                    return frozenset({made})
                return spread(hints_of(made).get("return")) if isinstance(made, types.FunctionType) else NONE
            case ast.Attribute(value=ast.Name(), attr="model_validate"):
                return self._classes(node.func.value)
            case ast.Attribute(value=owner, attr="values" | "items" | "get" | "setdefault" | "pop" as name):
                inner = elements(self.types(owner))
                return inner if name in ("get", "setdefault", "pop") else frozenset({Many(inner)})
            case ast.Attribute(value=owner, attr=name):
                methods = [getattr(each, name, None) for each in self.types(owner) if isinstance(each, type)]
                return NONE.union(
                    *(spread(hints_of(each).get("return")) for each in methods if callable(each))
                )
        return NONE


def elements(found: Types) -> Types:
    """What stands in containers of these types."""
    return NONE.union(*(each.of for each in found if isinstance(each, Many)))


def member(owner: Any, name: str) -> Types:
    """The type of a field or property."""
    if not isinstance(owner, type):
        return NONE
    if issubclass(owner, BaseModel) and name in owner.model_fields:
        return spread(hints_of(owner).get(name, owner.model_fields[name].annotation))
    looked_up = getattr(owner, name, None)
    if isinstance(looked_up, property):
        return spread(hints_of(looked_up.fget).get("return"))
    return spread(hints_of(owner)[name]) if name in hints_of(owner) else NONE


def modules_of(*rooms: str) -> Iterator[tuple[str, Path]]:
    """Every module of these rooms with its file."""
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path


def fields_read(
    models: Iterable[type[BaseModel]], *rooms: str, leaving_out: str = ""
) -> set[tuple[str, str]]:
    """The fields of these models that the rooms read, as (model, field)."""
    found: set[tuple[str, str]] = set()
    wanted = list(models)
    for name, path in modules_of(*rooms):
        if leaving_out and name.startswith(leaving_out):
            continue
        reads = Reads(importlib.import_module(name.removesuffix(".__init__")), wanted)
        reads.visit(ast.parse(path.read_text(encoding="utf-8")))
        found |= reads.found
    return found
