"""What is said about the order rather than to it: contacts, extensions, overrides, calendar, policy and edition (R13, R18)."""

from __future__ import annotations

from models.dossier.papers_due import Paper
from models.messages import fact_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import STAFF, FactTable
from models.order.order import Order
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

FACTS = FactTable()


@FACTS.row(fact_contents.ContactLogged, STAFF, Words("联系记录", "contact logged"))
def contact_logged(order: Order, envelope: Envelope, content: fact_contents.ContactLogged) -> None:
    """R18: kept in the journal; reading back and explaining the freight agent are remembered."""
    order.read_back = order.read_back or content.topic is fact_contents.Topic.READ_BACK
    order.agent_explained = order.agent_explained or content.topic is fact_contents.Topic.FREIGHT_AGENT


@FACTS.row(
    fact_contents.ExtensionGiven,
    (Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR),
    Words("延长时限", "time limit extended"),
)
def extension_given(order: Order, envelope: Envelope, content: fact_contents.ExtensionGiven) -> None:
    """R13: more time for a step, told to the customer."""
    step = order.steps.get(content.step)
    if step is None:
        raise Refusal(
            Code.CONTRADICTION,
            Words("没有这个待办", "there is no such open step"),
            where="content.step",
            rule="R13",
        )
    if content.due <= order.clock:
        raise Refusal(
            Code.DATE_IN_PAST,
            Words("新时限须在将来", "the new limit lies in the future"),
            where="content.due",
            rule="R13",
        )
    step.due, step.overdue_at, step.escalated_at = content.due, None, None
    order.intend(
        Paper.EXTENSION,
        f"{content.step}:{order.sequence}",
        (Role.CUSTOMER,),
        "R13",
        due=content.due,
        reason=content.reason,
    )


@FACTS.row(
    fact_contents.Overridden,
    (Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR),
    Words("职责分离特批", "separation of duties set aside"),
)
def overridden(order: Order, envelope: Envelope, content: fact_contents.Overridden) -> None:
    """A separation of duties is set aside for one person, by another (DESIGN §8)."""
    if envelope.by == content.person:
        raise Refusal(
            Code.SAME_PERSON,
            Words("不能为自己特批", "nobody sets a duty aside for oneself"),
            where="content.person",
        )
    order.overrides.append((content.rule, content.person))


@FACTS.row(fact_contents.CalendarRefreshed, (Role.SYSTEM,), Words("日历更新", "calendar refreshed"))
def calendar_refreshed(order: Order, envelope: Envelope, content: fact_contents.CalendarRefreshed) -> None:
    """Newer holidays (DESIGN §2)."""
    order.calendar = content.calendar


@FACTS.row(
    fact_contents.Adopted,
    (Role.SALES_SUPERVISOR, Role.SYSTEM),
    Words("采用新政策", "newer policy or edition adopted"),
)
def adopted(order: Order, envelope: Envelope, content: fact_contents.Adopted) -> None:
    """A newer policy or edition (DESIGN §2)."""
    if content.edition is not None:
        order.edition = content.edition
    if content.policy is not None:
        order.policy = content.policy
