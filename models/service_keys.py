"""What a key may be made for, and what one may do that was made before this was asked.

A key says only what it was made for, in roles that a machine can have; what a person answers for, a person says. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.access import ALL, Caller, CallerKind
from models.facts.fact_kinds import FACT_KINDS
from models.facts.known_facts import KNOWN_FACTS
from models.facts.speakers import key_roles, who_may
from models.messages.authors import OF_PERSONS
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.entry import require_text

ADOPTED = "adopted"
OUTSIDE = frozenset({Role.SYSTEM, Role.LOGISTICS, Role.CUSTOMER})
"""Roles of connected services, carriers and customers: what such a key says by its kind is clear."""
_NO_LIST = Words(
    "请逐一写明此密钥可报告的事实；只查看或只下单的密钥写明没有事实",
    "name each fact that the key may report; for a key that only reads or places orders, say that it reports none",
)
_NO_FACT = Words("没有事实 {fact}", "there is no fact {fact}")
_NO_ROLE = Words("请写明密钥的角色", "name the role of the key")
_NOT_A_KEYS_ROLE = Words(
    "{role} 由人员本人担任，服务的密钥不得有此角色；请为其本人新建密钥",
    "{role} is a person's own role and no service's key has it; make a key of that person's own",
)
_ALONE = Words(
    "{role} 的密钥是单独的一把，不得另有角色；其事实只有 {facts}",
    "a key as {role} is a key of its own, with no other role; its facts are {facts}",
)
_CUSTOMERS_ALONE = Words("客户的密钥不得另有员工或系统的角色", "a customer's key has no role beside that one")
_NOT_ITS_FACT = Words(
    "以角色 {roles} 的密钥不得报告 {fact}（{what}）", "a key as {roles} may not report {fact} ({what})"
)
_NO_NAME = Words("密钥须有名字", "a key has a name")


def require_key(
    name: str, roles: Sequence[Role], facts: Sequence[str], *, places_orders: bool, own: bool = False
) -> None:
    """Raises Refusal for a key that may not be made.

    Of every key: `malformed` for a name in signs that no text may hold;
    `missing_field` without a name, a role, or a list of its facts; `unknown_fact`. Of a key that is no
    person's `own` also `wrong_role`: a role or a fact of persons, an operator's or a customer's role beside another, a
    fact that none of its roles may say.
    """
    if not name.strip():
        raise Refusal(Code.MISSING_FIELD, _NO_NAME, where="name")
    require_text(name, "name")
    if not roles:
        raise Refusal(Code.MISSING_FIELD, _NO_ROLE, where="role")
    if ALL in facts:
        raise Refusal(Code.MISSING_FIELD, _NO_LIST, where="fact")
    for fact in facts:
        if fact not in KNOWN_FACTS:
            raise Refusal(Code.UNKNOWN_FACT, _NO_FACT.filled(fact=fact), where="fact")
    if not own:
        _require_roles(roles, facts, places_orders=places_orders)
    for fact in facts:
        may = who_may(fact) if own else key_roles(fact)
        if not set(may) & set(roles):
            words = _NOT_ITS_FACT.filled(roles=Words.listed(roles), fact=fact, what=KNOWN_FACTS[fact].words)
            raise Refusal(Code.WRONG_ROLE, words, where="fact")


def _require_roles(roles: Sequence[Role], facts: Sequence[str], *, places_orders: bool) -> None:
    persons = next((role for role in roles if role in OF_PERSONS), None)
    if persons is not None:
        raise Refusal(Code.WRONG_ROLE, _NOT_A_KEYS_ROLE.filled(role=persons), where="role")
    if Role.OPERATOR in roles and (len(set(roles)) > 1 or places_orders or not set(facts) <= {ADOPTED}):
        raise Refusal(Code.WRONG_ROLE, _ALONE.filled(role=Role.OPERATOR, facts=ADOPTED), where="role")
    if Role.CUSTOMER in roles and len(set(roles)) > 1:
        raise Refusal(Code.WRONG_ROLE, _CUSTOMERS_ALONE, where="role")


def service_caller(
    name: str, roles: Sequence[Role], facts: Sequence[str], customers: Sequence[str], *, places_orders: bool
) -> Caller:
    """Who comes with a key that is no person's own: never with more than such a key may have today.

    A key that was made before lists were asked for (`*`) reads as before and says what its kind says from outside, as a
    bank, a carrier or a customer does; nothing of the house, until it is renewed with a list.
    """
    own = keys_own_roles(roles)
    return Caller(
        name=name,
        kind=CallerKind.SERVICE,
        roles=own,
        facts=said_without_list(own) if ALL in facts else tuple(facts),
        customers=tuple(customers),
        places_orders=places_orders,
    )


def keys_own_roles(roles: Sequence[Role]) -> tuple[Role, ...]:
    """Those of the roles that a key may have which is no person's own: an operator's or a customer's stands alone."""
    own = tuple(role for role in roles if role not in OF_PERSONS)
    if len(set(own)) > 1:
        own = tuple(role for role in own if role is not Role.OPERATOR)
    if len(set(own)) > 1:
        own = tuple(role for role in own if role is not Role.CUSTOMER)
    return own


ONLY_WHERE_NAMED = ("invoice_issued", "invoice_reversed")
"""What a key says only where its list names it: no bank issues invoices (R162)."""


def said_without_list(roles: Sequence[Role]) -> tuple[str, ...]:
    """The facts of a key that has no list of them: those of its outside roles, and an operator's own."""
    outside = OUTSIDE & set(roles)
    said = [fact for fact in FACT_KINDS if fact not in (DECISION, *ONLY_WHERE_NAMED)]
    facts = [fact for fact in said if outside & set(key_roles(fact))]
    return (*facts, ADOPTED) if tuple(roles) == (Role.OPERATOR,) else tuple(facts)
