"""Who calls, and what they may say and see (R85). Pure; the separated duties of one order are the order's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pydantic import BaseModel

from models.facts.known_facts import KNOWN_FACTS
from models.facts.speakers import key_roles, who_may
from models.messages.authors import customer_author, key_author, own_fact_id
from models.messages.decision_subjects import Subject
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Term, Words

ALL = "*"
TOLD = "told"
"""The outcome of an act as it is noted, before it is told; what became of it the order's journal says."""
_WRONG_ROLE = Words("{who} 没有角色 {role}；有：{have}", "{who} has not the role {role}; has: {have}")
_NOT_THIS_FACT = Words("{who} 不得报告 {kind}；可报告：{may}", "{who} may not report {kind}; it may: {may}")
_NOT_BY_THEM = Words("「{what}」由 {may} 报告或决定，不由 {have}", "“{what}” is for {may}, not for {have}")
_BY_PERSONS = Words(
    "「{what}」由人员本人报告或决定，服务的密钥不得代替；请用其本人的密钥或登录",
    "“{what}” is said by persons themselves and by no service's key; use their own key or log-in",
)
_NO_ORDER = Words("没有订单 {number}", "there is no order {number}")
_NOT_THIS_ORDER = Words("{who} 不得查看或处理订单 {order}", "{who} may neither see nor touch order {order}")
_NOT_THIS = Words("{who} 不得进行此操作", "{who} may not do this")


class CallerKind(Term):
    """Which sort of caller this is: a person of the staff, a service with a key, a customer with a link."""

    SERVICE = "service", "服务", "service"
    STAFF = "staff", "员工", "staff"
    CUSTOMER = "customer", "客户", "customer"


SEES_ALL = frozenset(Role) - {
    Role.CUSTOMER, Role.SALESPERSON, Role.LOGISTICS, Role.SYSTEM, Role.ADMINISTRATOR,
}  # fmt: skip
"""Staff who see every order; a salesperson sees the own ones."""
OUTSIDERS = frozenset({Role.CUSTOMER, Role.SYSTEM, Role.LOGISTICS})
"""Roles of those who need not stand on the staff list: customers, connected services, carriers."""
PLACES = frozenset(
    {Role.SALESPERSON, Role.SERVICE_CLERK, Role.MERCHANDISER, Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR}
)
"""Staff who may place an order."""

NEEDS_SECOND_FACTOR = frozenset({Role.FINANCE, Role.MARKETING_DIRECTOR, Role.ADMINISTRATOR})
"""Staff who move money, decide above all others, or keep people and keys: a password alone is not enough for them."""


def no_order(number: str) -> Refusal:
    """There is no such order; and the same words for one that is another customer's, which is not confirmed to exist."""
    return Refusal(Code.UNKNOWN_ORDER, _NO_ORDER.filled(number=number), where=number)


class NextInLine(BaseModel):
    """Somebody acts for an absent colleague, in these roles, where all who come before them are barred (R133)."""

    before: tuple[str, ...]
    roles: tuple[Role, ...]


def stands_in(
    person: str,
    represents: Mapping[str, tuple[Role, ...]],
    next_for: Mapping[str, NextInLine],
    barred: Collection[str],
) -> dict[str, tuple[Role, ...]]:
    """For whom a person acts, and in which roles, in something that the barred may not do because of what else they did."""
    if person in barred:
        return {}
    later = {who: each.roles for who, each in next_for.items() if set(each.before) <= set(barred)}
    return {**represents, **later}


class Caller(BaseModel):
    """Somebody who has shown who they are. `facts` and `customers` are a key's scope; `order` a customer's one order.

    `name` is unique among callers of its kind alone: compared and written down is `author`.
    """

    name: str
    kind: CallerKind
    roles: tuple[Role, ...]
    facts: tuple[str, ...] = (ALL,)
    customers: tuple[str, ...] = (ALL,)
    order: str = ""
    places_orders: bool = False
    with_key: bool = False
    """A person who comes with their own key: it places orders only if it was made for that."""
    represents: dict[str, tuple[Role, ...]] = {}
    """Absent colleagues for whom they act now, and in which roles (R13)."""
    covers: tuple[Role, ...] = ()
    """Roles of those colleagues that nobody has who is there."""
    next_for: dict[str, NextInLine] = {}
    """Absent colleagues for whom they act where the separation of duties bars those before them (R133)."""
    acts_for: str = ""
    """For whom of them they answer a step; empty where it is their own."""

    @property
    def author(self) -> str:
        """Who they are in what is written down, in a name space of their kind (`models.messages.authors`)."""
        if self.kind is CallerKind.STAFF:
            return self.name
        return key_author(self.name) if self.kind is CallerKind.SERVICE else customer_author(self.name)

    @property
    def request_space(self) -> str:
        """Where the ids of their requests belong (R10): to the customer, empty; to the service that numbers for several."""
        several = self.kind is CallerKind.SERVICE and (ALL in self.customers or len(self.customers) != 1)
        return self.author if several else ""

    def fact_id(self, given: str) -> str:
        """Their own id of a fact as it is told to orders: another caller's same id is another fact.

        An order keeps apart the ids of keys and of customers itself; those of persons say whose they are.
        """
        return own_fact_id(self.author, given) if self.kind is CallerKind.STAFF else given

    def role_for(self, kind: str, asked: Role | None = None, subject: Subject | None = None) -> Role:
        """The role in which they say this fact, or decide this subject: the one asked for, or the first that may.

        Raises Refusal(wrong_role). The order asks the same tables again, and keeps duties apart.
        """
        if asked is not None:
            self.require_role(asked)
        if ALL not in self.facts and kind not in self.facts:
            words = _NOT_THIS_FACT.filled(who=self.name, kind=kind, may=", ".join(self.facts))
            raise Refusal(Code.WRONG_ROLE, words, where="kind")
        may = who_may(kind, subject)
        if self.kind is CallerKind.SERVICE:
            said = key_roles(kind, subject)
            if may and not said:
                words = _BY_PERSONS.filled(what=subject or KNOWN_FACTS[kind].words)
                raise Refusal(Code.WRONG_ROLE, words, where="kind")
            may = said
        role = asked or next((each for each in may if each in self.roles), None)
        if role is None or role not in may:
            words = _NOT_BY_THEM.filled(
                what=subject or KNOWN_FACTS[kind].words, may=Words.listed(may), have=Words.listed(self.roles)
            )
            raise Refusal(Code.WRONG_ROLE, words, where="role")
        return role

    def stands_in(self, barred: Collection[str] = ()) -> dict[str, tuple[Role, ...]]:
        """For whom they act, and in which roles, in something that these people may not do."""
        return stands_in(self.name, self.represents, self.next_for, barred)

    def asked_as(self, roles: Iterable[str], people: Collection[str], barred: Collection[str] = ()) -> Caller:
        """The same person as they may answer a step of these roles that names these people: where it names an absent
        colleague whom they represent, in that colleague's roles too; where it names nobody, in those that they cover.

        Who is named themselves answers for themselves. Only the roles of the step are lent, and only for it; nothing is
        lent to who is `barred` from it, and what was theirs goes to the next in line (R133).
        """
        asked, represents = set(roles), self.stands_in(barred)
        absent = next((each for each in people if each in represents), "")
        if absent and self.name not in people:
            lent = tuple(role for role in represents[absent] if role.value in asked)
        elif self.name in barred:
            return self
        else:
            absent, lent = "", () if people else tuple(role for role in self.covers if role.value in asked)
        if not absent and not lent:
            return self
        if not absent:
            covered = set(lent)
            absent = next((who for who, theirs in represents.items() if covered & set(theirs)), "")
        own = tuple(role for role in lent if role not in self.roles)
        return self.model_copy(update={"roles": (*self.roles, *own), "acts_for": absent})

    @property
    def desk_roles(self) -> tuple[Role, ...]:
        """The roles whose steps are theirs to settle where no person is named: their own, and those that they cover."""
        return (*self.roles, *(role for role in self.covers if role not in self.roles))

    def require_role(self, role: Role) -> None:
        """Raises Refusal(wrong_role) for who has not this role."""
        if role not in self.roles:
            words = _WRONG_ROLE.filled(who=self.name, role=role, have=Words.listed(self.roles))
            raise Refusal(Code.WRONG_ROLE, words)

    def sees(self, order: str, customer: str, salesperson: str) -> bool:
        """Whether they may see this order (R85)."""
        if self.kind is CallerKind.CUSTOMER:
            return order == self.order
        theirs = ALL in self.customers or customer in self.customers
        if self.kind is CallerKind.SERVICE:
            return theirs
        return theirs and (bool(SEES_ALL & set(self.roles)) or salesperson in (self.name, *self.represents))

    def require_sight(self, order: str, customer: str, salesperson: str) -> None:
        """Raises Refusal for an order that is not theirs to see: `wrong_role` to staff, who may know that it is there;
        to anybody else `unknown_order`, as for one that nobody knows."""
        if not self.sees(order, customer, salesperson):
            if self.kind is not CallerKind.STAFF:
                raise no_order(order)
            words = _NOT_THIS_ORDER.filled(who=self.name, order=order)
            raise Refusal(Code.WRONG_ROLE, words, where=order, rule="R85")

    def require_placing(self) -> None:
        """Raises Refusal(wrong_role) for who may not place orders."""
        may = self.places_orders if self.kind is not CallerKind.STAFF else PLACES & set(self.roles)
        if not may or (self.with_key and not self.places_orders):
            raise Refusal(Code.WRONG_ROLE, _NOT_THIS.filled(who=self.name))

    @property
    def only_salesperson(self) -> str | None:
        """The salesperson whose orders are all they see; None: they see more, or are no staff."""
        staff = self.kind is CallerKind.STAFF
        return self.name if staff and not SEES_ALL & set(self.roles) else None
