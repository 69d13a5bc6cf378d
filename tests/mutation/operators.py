"""What a fault can be: cosmic-ray's operators that make sense here, and four of our own for tables and effects.

cosmic-ray brings the parser, the walk and the usual operators. What this product gets wrong most easily is data, so
our own take an element out of a table, another member of a vocabulary, another key, or leave an effect out.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from typing import Any

from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator
from parso.python.tree import Keyword, Name, String
from parso.tree import BaseNode, NodeOrLeaf

Position = tuple[tuple[int, int], tuple[int, int]]

FROM_COSMIC_RAY = (
    "core/AddNot",
    "core/NumberReplacer",
    "core/ReplaceAndWithOr",
    "core/ReplaceBinaryOperator_Add_Sub",
    "core/ReplaceBinaryOperator_BitAnd_BitOr",
    "core/ReplaceBinaryOperator_BitOr_BitAnd",
    "core/ReplaceBinaryOperator_Div_Mul",
    "core/ReplaceBinaryOperator_Mul_Div",
    "core/ReplaceBinaryOperator_Sub_Add",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceComparisonOperator_Eq_NotEq",
    "core/ReplaceComparisonOperator_GtE_Gt",
    "core/ReplaceComparisonOperator_Gt_GtE",
    "core/ReplaceComparisonOperator_IsNot_Is",
    "core/ReplaceComparisonOperator_Is_IsNot",
    "core/ReplaceComparisonOperator_LtE_Lt",
    "core/ReplaceComparisonOperator_Lt_LtE",
    "core/ReplaceComparisonOperator_NotEq_Eq",
    "core/ReplaceContinueWithBreak",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ZeroIterationForLoop",
)
"""Of cosmic-ray's 213 those whose mutants a person could write by mistake; `+` turned into `<<` tells nobody anything."""


class _Ours(Operator):  # type: ignore[misc]
    """An operator that knows its places; cosmic-ray asks for examples only in its own tests."""

    def places(self, node: NodeOrLeaf) -> Iterator[Any]:
        """What can be changed at this node, each a mutant of its own."""
        raise NotImplementedError

    def change(self, node: NodeOrLeaf, place: Any) -> NodeOrLeaf:
        """The node with that changed."""
        raise NotImplementedError

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Position]:
        """As cosmic-ray asks it."""
        for _ in self.places(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        """As cosmic-ray asks it."""
        return self.change(node, list(self.places(node))[index])

    @classmethod
    def examples(cls) -> tuple[()]:
        """None."""
        return ()


_COLLECTIONS = ("testlist_comp", "dictorsetmaker", "arglist", "testlist_star_expr", "subscriptlist")


class DropElement(_Ours):
    """One element of a tuple, list, set, dict, or one keyword argument of several, is not there."""

    def places(self, node: NodeOrLeaf) -> Iterator[tuple[int, int]]:
        """From which child to which."""
        if not isinstance(node, BaseNode) or node.type not in _COLLECTIONS or _is_loop(node):
            return
        start = 0
        commas = [at for at, child in enumerate(node.children) if _value(child) == ","]
        for end in [*(at + 1 for at in commas), len(node.children)]:
            element = node.children[start:end]
            named = node.type != "arglist" or (element[:1] and getattr(element[0], "type", "") == "argument")
            if element and named and len(commas) > 0:
                yield start, end
            start = end

    def change(self, node: NodeOrLeaf, place: tuple[int, int]) -> NodeOrLeaf:
        """Without it."""
        assert isinstance(node, BaseNode)
        del node.children[place[0] : place[1]]
        return node


class DropStatement(_Ours):
    """A call for its effect, or an assignment to an attribute or an item, does not happen."""

    def places(self, node: NodeOrLeaf) -> Iterator[None]:
        """The statement itself."""
        parent = node.parent
        if parent is None or parent.type != "simple_stmt":
            return
        text = _code(node)
        try:
            statement = ast.parse(text).body[0]
        except (SyntaxError, IndexError):
            return
        match statement:
            case ast.Expr(value=ast.Call() | ast.Await()):
                yield None
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]) | ast.AugAssign():
                yield None
            case ast.Assign(targets=[ast.Tuple(elts=[ast.Attribute(), *_])]):
                yield None

    def change(self, node: NodeOrLeaf, place: None) -> NodeOrLeaf:
        """`pass`."""
        return Keyword("pass", node.start_pos, prefix=_prefix(node))


class OtherMember(_Ours):
    """`Role.FINANCE` is another `Role` that the same file names."""

    def places(self, node: NodeOrLeaf) -> Iterator[str]:
        """The next member in the file's own order."""
        if node.type not in ("power", "atom_expr") or not isinstance(node, BaseNode):
            return
        owner, dotted = node.children[0], node.children[1]
        if owner.type != "name" or dotted.type != "trailer" or not isinstance(dotted, BaseNode):
            return
        if _value(dotted.children[0]) != "." or not _value(dotted.children[1]).isupper():
            return
        members = _members(_code(_root(node)), _value(owner))
        if len(members) > 1:
            yield members[(members.index(_value(dotted.children[1])) + 1) % len(members)]

    def change(self, node: NodeOrLeaf, place: str) -> NodeOrLeaf:
        """With the other name."""
        assert isinstance(node, BaseNode)
        dotted = node.children[1]
        assert isinstance(dotted, BaseNode)
        old = dotted.children[1]
        dotted.children[1] = Name(place, old.start_pos)
        return node


@functools.cache
def _members(code: str, owner: str) -> list[str]:
    found = {
        each.attr
        for each in ast.walk(ast.parse(code))
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == owner
        if each.attr.isupper()
    }
    return sorted(found)


class OtherText(_Ours):
    """A key, a rule, a figure written as text is another. What people read is not mutated: wording is free."""

    def places(self, node: NodeOrLeaf) -> Iterator[None]:
        """Texts without a blank and of ASCII alone, but for an English word that stands after its Chinese one."""
        if not isinstance(node, String) or (node.parent is not None and node.parent.type == "simple_stmt"):
            return
        siblings = node.parent.children if node.parent is not None else []
        before = [each for each in siblings[: siblings.index(node)] if isinstance(each, String)]
        if any(not each.value.isascii() for each in before):
            return
        try:
            text = ast.literal_eval(node.value)
        except (SyntaxError, ValueError):
            return
        if isinstance(text, str) and text and text.isascii() and not any(sign.isspace() for sign in text):
            yield None

    def change(self, node: NodeOrLeaf, place: None) -> NodeOrLeaf:
        """A number is one more, another text gets a letter more."""
        assert isinstance(node, String)
        text = ast.literal_eval(node.value)
        other = text + "1" if text.replace(".", "").isdigit() else text + "x"
        return String(repr(other), node.start_pos, prefix=node.prefix)


OURS: dict[str, type[_Ours]] = {
    "ours/DropElement": DropElement,
    "ours/DropStatement": DropStatement,
    "ours/OtherMember": OtherMember,
    "ours/OtherText": OtherText,
}
NAMES = (*FROM_COSMIC_RAY, *OURS)


def operator_named(name: str) -> Any:
    """The operator of this name, ours or cosmic-ray's."""
    return OURS[name]() if name in OURS else get_operator(name)()


def is_idle(node: NodeOrLeaf) -> bool:
    """Whether the node only imports or says a type (nothing of that runs), or is the star of `*names`."""
    child, parent = node, node.parent
    if (
        parent is not None
        and _value(node) == "*"
        and parent.type in ("parameters", "param", "argument", "star_expr")
    ):
        return True
    while parent is not None:
        if parent.type == "annassign" and child is parent.children[1]:
            return True
        if parent.type == "tfpdef" and child is not parent.children[0]:
            return True
        if parent.type == "funcdef" and _value(parent.children[-4]) == "->" and child is parent.children[-3]:
            return True
        if parent.type in ("import_name", "import_from"):
            return True
        child, parent = parent, parent.parent
    return False


def _is_loop(node: BaseNode) -> bool:
    return any(child.type in ("comp_for", "sync_comp_for") for child in node.children)


def _code(node: Any) -> str:
    return str(node.get_code(include_prefix=False))


def _root(node: NodeOrLeaf) -> NodeOrLeaf:
    while node.parent is not None:
        node = node.parent
    return node


def _prefix(node: NodeOrLeaf) -> str:
    while isinstance(node, BaseNode):
        node = node.children[0]
    return str(getattr(node, "prefix", ""))


def _value(node: Any) -> str:
    return str(getattr(node, "value", ""))
