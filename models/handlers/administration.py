"""What is said about the order rather than to it: contacts, extensions, overrides, calendar, policy and edition (R13, R18)."""

from __future__ import annotations

from models.dossier.named_people import require_named
from models.dossier.papers_due import Paper
from models.messages import fact_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import STAFF, FactTable
from models.order.incidents import Question
from models.order.order import Order
from models.values.editions import Edition, is_known
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

FACTS = FactTable()


@FACTS.row(fact_contents.ContactLogged, STAFF, Words("联系记录", "contact logged"))
def contact_logged(order: Order, envelope: Envelope, content: fact_contents.ContactLogged) -> None:
    """R18: kept in the journal; reading back and explaining the freight agent are remembered.

    R140: a question has an owner and is answered within its limit, by another contact that names it.
    """
    if content.answers is not None:
        _answer(order, envelope, content.answers)
    if content.topic is fact_contents.Topic.QUESTION and content.answers is None:
        _ask(order, envelope, content)
    order.read_back = order.read_back or content.topic is fact_contents.Topic.READ_BACK
    order.agent_explained = order.agent_explained or content.topic is fact_contents.Topic.FREIGHT_AGENT


def _ask(order: Order, envelope: Envelope, content: fact_contents.ContactLogged) -> None:
    if content.owner:
        require_named(
            order, content.owner, None, where="content.owner", rule="R140", on_staff=content.on_staff
        )
    owner = content.owner or order.staff.person(Role.SERVICE_CLERK)
    number = 1 + len(order.customer_questions)
    order.customer_questions[number] = Question(
        words=content.words, owner=owner, asked_at=envelope.happened_at
    )
    order.intend(
        Paper.CUSTOMER_ASKED, str(number), (Role.SERVICE_CLERK,), "R140", person=owner, words=content.words
    )


def _answer(order: Order, envelope: Envelope, number: int) -> None:
    question = order.customer_questions.get(number)
    if question is None or question.answered_at is not None:
        raise Refusal(
            Code.CONTRADICTION,
            Words("没有待答复的提问 {number}", "there is no open question {number}").filled(number=number),
            where="content.answers",
            rule="R140",
        )
    question.answered_at = envelope.happened_at


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
    step.extended_to = content.due
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
    """A separation of duties is set aside for one person, by another."""
    if envelope.by == content.person:
        raise Refusal(
            Code.SAME_PERSON,
            Words("不能为自己特批", "nobody sets a duty aside for oneself"),
            where="content.person",
        )
    require_named(
        order, content.person, None, where="content.person", rule=content.rule, on_staff=content.on_staff
    )
    order.overrides.append((content.rule, content.person))


@FACTS.row(fact_contents.CalendarRefreshed, (Role.SYSTEM,), Words("日历更新", "calendar refreshed"))
def calendar_refreshed(order: Order, envelope: Envelope, content: fact_contents.CalendarRefreshed) -> None:
    """A newer list of public holidays and make-up working days replaces the one that the order had."""
    order.calendar = content.calendar


@FACTS.row(fact_contents.Adopted, (Role.OPERATOR,), Words("采用新政策", "newer policy or edition adopted"))
def adopted(order: Order, envelope: Envelope, content: fact_contents.Adopted) -> None:
    """Another policy that the installation has, or an edition of the rules that this program knows."""
    if content.edition is not None and not is_known(content.edition):
        raise Refusal(
            Code.UNKNOWN_EDITION,
            Words(
                "没有规则版次 {edition}；有：{known}", "there is no edition {edition}; there are: {known}"
            ).filled(edition=content.edition, known=", ".join(str(each.value) for each in Edition)),
            where="content.edition",
        )
    if content.edition is not None and content.edition < order.edition:
        raise Refusal(
            Code.CONTRADICTION,
            Words("规则版次不能退回：现为 {now}", "an edition is not gone back to; it is {now} now").filled(
                now=order.edition
            ),
            where="content.edition",
        )
    named, policy = content.policy_version, content.policy
    if (policy is None and named) or (policy is not None and named and policy.version != named):
        raise Refusal(
            Code.UNKNOWN_POLICY,
            Words("没有附上政策 {version} 的内容", "the content of policy {version} is not with it").filled(
                version=named
            ),
            where="content.policy_version",
        )
    order.edition = content.edition or order.edition
    order.policy = policy or order.policy
