"""Who calls, and what they may say and see (R85). Pure; the separated duties of one order are the order's own."""

from __future__ import annotations

from pydantic import BaseModel

from models.decisions.subjects import SUBJECTS
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Subject
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Term, Words

ALL = "*"
TOLD = "told"
"""The outcome of an act as it is noted, before it is told; what became of it the order's journal says."""
_WRONG_ROLE = Words("{who} 没有角色 {role};有:{have}", "{who} has not the role {role}; has: {have}")
_NOT_THIS_FACT = Words("{who} 不得报告 {kind};可报告:{may}", "{who} may not report {kind}; it may: {may}")
_NOT_BY_THEM = Words("「{what}」由 {may} 报告或决定,不由 {have}", "“{what}” is for {may}, not for {have}")
_NOT_THIS_ORDER = Words("{who} 不得查看或处理订单 {order}", "{who} may neither see nor touch order {order}")
_NOT_THIS = Words("{who} 不得进行此操作", "{who} may not do this")


class CallerKind(Term):
    """Which sort of caller this is: a person of the staff, a service with a key, a customer with a link."""

    SERVICE = "service", "服务", "service"
    STAFF = "staff", "员工", "staff"
    CUSTOMER = "customer", "客户", "customer"


def who_may(kind: str, subject: Subject | None = None) -> tuple[Role, ...]:
    """The roles that may report this fact, or decide this subject; all for a kind that nobody knows."""
    if subject is not None:
        return SUBJECTS[subject].roles
    known = FACT_KINDS.get(kind)
    return known.roles if known is not None else tuple(Role)


SEES_ALL = frozenset(Role) - {Role.CUSTOMER, Role.SALESPERSON, Role.LOGISTICS, Role.SYSTEM}
"""Staff who see every order; a salesperson sees the own ones."""
OUTSIDERS = frozenset({Role.CUSTOMER, Role.SYSTEM, Role.LOGISTICS})
"""Roles of those who need not stand on the staff list: customers, connected services, carriers."""
PLACES = frozenset(
    {Role.SALESPERSON, Role.SERVICE_CLERK, Role.MERCHANDISER, Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR}
)
"""Staff who may place an order."""


class Caller(BaseModel):
    """Somebody who has shown who they are. `facts` and `customers` are a service's scope; `order` a customer's one order."""

    name: str
    kind: CallerKind
    roles: tuple[Role, ...]
    facts: tuple[str, ...] = (ALL,)
    customers: tuple[str, ...] = (ALL,)
    order: str = ""
    places_orders: bool = False

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
        role = asked or next((each for each in may if each in self.roles), None)
        if role is None or role not in may:
            words = _NOT_BY_THEM.filled(
                what=subject or FACT_KINDS[kind].words, may=Words.listed(may), have=Words.listed(self.roles)
            )
            raise Refusal(Code.WRONG_ROLE, words, where="role")
        return role

    def require_role(self, role: Role) -> None:
        """Raises Refusal(wrong_role) for who has not this role."""
        if role not in self.roles:
            have = ", ".join(each.value for each in self.roles)
            raise Refusal(Code.WRONG_ROLE, _WRONG_ROLE.filled(who=self.name, role=role.value, have=have))

    def sees(self, order: str, customer: str, salesperson: str) -> bool:
        """Whether they may see this order (R85)."""
        if self.kind is CallerKind.CUSTOMER:
            return order == self.order
        if self.kind is CallerKind.SERVICE:
            return ALL in self.customers or customer in self.customers
        return bool(SEES_ALL & set(self.roles)) or salesperson == self.name

    def require_sight(self, order: str, customer: str, salesperson: str) -> None:
        """Raises Refusal(wrong_role) for an order that is not theirs to see."""
        if not self.sees(order, customer, salesperson):
            words = _NOT_THIS_ORDER.filled(who=self.name, order=order)
            raise Refusal(Code.WRONG_ROLE, words, where=order, rule="R85")

    def require_placing(self) -> None:
        """Raises Refusal(wrong_role) for who may not place orders."""
        if not self.places_orders and not (self.kind is CallerKind.STAFF and PLACES & set(self.roles)):
            raise Refusal(Code.WRONG_ROLE, _NOT_THIS.filled(who=self.name))

    @property
    def only_salesperson(self) -> str | None:
        """The salesperson whose orders are all they see; None: they see more, or are no staff."""
        staff = self.kind is CallerKind.STAFF
        return self.name if staff and not SEES_ALL & set(self.roles) else None
