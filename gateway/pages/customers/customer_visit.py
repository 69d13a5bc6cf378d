"""A customer at the own order, by a link or after a log-in: what there is to see, and the page that shows it (R31, R85)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from activities.access.customer_links import note_use
from activities.access.customer_sessions import CustomerSession
from activities.cases.after_sales_views import CaseRow, list_cases
from activities.documents.printed_papers import Document, documents_of
from activities.facts.customer_questions import Question, questions_of
from activities.invoices.invoice_lists import invoices_of
from activities.orders.requests import start_of
from activities.orders.views.customer_story import ShipmentSeen, account_of, shipments_seen
from activities.orders.views.order_views import OrderSummary, OrderView, show_order
from activities.scans.scan_folder import MEDIA_TYPES
from gateway.api.problems import RETRY_AFTER
from gateway.api.telling import say
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.cases.case_shown import state_of_case
from gateway.pages.rendering import label, page
from gateway.security.customer_links import open_link
from gateway.security.customer_sessions import logged_in, own_access
from models.access import Caller, CallerKind, no_order
from models.customer_links import CustomerLink, LinkUse
from models.documents.customer_texts import CAUSES, STATES
from models.documents.paper_words import title_of
from models.documents.service_progress import is_accepted, service_reports
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.facts.fact_envelope import fact_envelope
from models.forms.shown import carried_in
from models.invoices.terms import InvoiceKind
from models.messages.decision_subjects import Subject
from models.messages.goods_contents import Condition
from models.order.kinds.kind import COURSE, KINDS
from models.request.order_start import CustomerFile, OrderStart
from models.signing_codes import DIGITS
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.fingerprint import canonical
from models.values.vocabulary import Ending, Headline, PromiseCause, Role, Words
from models.writing.written_numbers import Manner
from runtime.delivery.looked_up import CUSTOMER_FILE_REFRESHED

SHOWN = {Paper.SHEET, Paper.BALANCE, Paper.SHIPMENT, Paper.RECALL, Paper.CREDIT_NOTE}
"""What a customer may open: never what is said in the house."""
NOT_WAITED_FOR = Words("现在不需要这一步", "this is not waited for now")
BY_LINK = "link/"
"""How the reference of a signature by a link begins."""
_ON_THE_RECEIPT = (Condition.GOOD, Condition.DAMAGED, Condition.REFUSED)
"""What the customer may say of the goods; how many are missing follows from what was counted (R74)."""
_SAID = {
    "yes": Words("已收到，谢谢！", "Received, thank you!"),
    "signed": Words("已收到您的签字，谢谢！", "Your signature was received, thank you!"),
    "looked": Words(
        "已收到您的签字。我们的客服将核对签字后确认。",
        "Your signature was received. Our clerk looks at it and confirms it.",
    ),
    "asked": Words(
        "已收到您的问题，答复会显示在本页。", "We have your question; the answer will stand on this page."
    ),
    "again": Words(
        "已收到。业务员会与您确认后下单，答复会显示在本页。",
        "We have it. Our salesperson confirms it with you before anything is ordered; the answer will stand on this page.",
    ),
    "answered": Words("已收到您的答复。", "We have your answer."),
    "invoice": Words(
        "已收到您的开票申请，开好后会通知您。",
        "We have your request for an invoice; you hear when it is issued.",
    ),
    "code": Words(
        "如果该姓名是贵公司的指定签字人且我们有其手机或邮箱，验证码已发出，10 分钟内有效。一分钟内没有收到的，可以不用验证码直接"
        "签字，由客服核对。",
        "If this is the name of one of your designated signers whose phone or mailbox we know, a code is on its way, good for "
        "ten minutes. If none comes within a minute, sign without a code and our clerk will look at the signature.",
    ),
}


_TRIAL = f"decision:{Subject.TRIAL.value}"
_ACCEPTANCE = f"decision:{Subject.ACCEPTANCE.value}"
_SHORTAGE = f"decision:{Subject.SHORTAGE.value}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The version that is to be signed. `document` is the SHA-256 of its very PDF."""

    version: str
    document: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper as a customer sees it."""

    document: str
    title: Words
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A customer at their order's page: by which link, and what there is to see."""

    door: Door
    caller: Caller
    link: CustomerLink
    view: OrderView
    papers: list[Document]
    now: datetime
    address: str
    home: str
    """The path of the page that they are at."""
    session: CustomerSession | None = None
    """The customer's log-in; None for who comes by a link."""

    @property
    def may_act(self) -> bool:
        """Whether they may say something, and not only look (R120)."""
        return self.session is None or self.session.may_act(self.view.order.customer)

    @property
    def sheet(self) -> Sheet | None:
        """The sheet that is waited for, where it was printed."""
        key = self.open_step(StepKind.SHEET_BACK) or self.open_step(StepKind.SHEET_OWED)
        version = key.rpartition(":")[2] if key else ""
        identity = f"{Paper.SHEET.value}:{version}"
        paper = next((each for each in self.papers if each.identity == identity), None)
        return Sheet(version, paper.document or "") if paper else None

    @property
    def signs(self) -> bool:
        """Whether the sheet that is waited for is the one that this link is for."""
        sheet = self.sheet
        return sheet is not None and self.link.may_sign(int(sheet.version))

    @property
    def waits_for_a_look(self) -> bool:
        """Whether a signature was given by a link and nobody has looked at it yet."""
        begin = f"{StepKind.VERIFY_SIGNATURE.value}:{BY_LINK}"
        return any(step.key.startswith(begin) for step in self.view.order.steps)

    @property
    def to_collect(self) -> list[str]:
        """The shipments whose receipt is waited for."""
        kind = StepKind.COLLECT_GOODS.value
        return [step.key.rpartition(":")[2] for step in self.view.order.steps if step.kind == kind]

    @property
    def is_short(self) -> bool:
        """Whether the customer is to choose, because goods are short (R112)."""
        return any(step.key == _SHORTAGE for step in self.view.order.steps)

    @property
    def accepts(self) -> bool:
        """Whether the customer is to accept a service that was given (R87)."""
        return any(step.key == _ACCEPTANCE for step in self.view.order.steps)

    @property
    def tries(self) -> bool:
        """Whether the customer is to say what came of the trial of a sample (R130)."""
        return any(step.key == _TRIAL for step in self.view.order.steps)

    def open_step(self, kind: StepKind) -> str | None:
        """The key of an open step of this kind."""
        return next((step.key for step in self.view.order.steps if step.kind == kind.value), None)

    async def note(self, use: LinkUse, document: str = "") -> None:
        """Note what was done by the link."""
        await in_database(note_use, self.door.engine, self.link, use, self.now, self.address, document)


Handler = Callable[[Request], Awaitable[Any]]


def at_own_order(
    route: Callable[[str], Callable[[Handler], Handler]], path: str = ""
) -> Callable[[Handler], Handler]:
    """What is reached at the own order both by a link and after a log-in."""

    def register(handler: Handler) -> Handler:
        for begin in ("/c/orders/{number}", "/c/{token}"):
            route(begin + path)(handler)
        return handler

    return register


async def come_in(request: Request) -> Visit:
    """Let a customer in, to the one order that the link opens, or that the log-in has.

    Raises Refusal: not_signed_in for a link or a log-in that opens nothing, or nothing any more; unknown_order for an
    order that is not theirs, as for one that nobody knows.
    """
    door = door_of(request)
    now, session = door.now(), None
    await door.know_names()
    number = str(request.path_params.get("number", ""))
    if number:
        session = await logged_in(request)
        view: OrderView = await in_database(show_order, door.engine, number)
        session.require_own(view.order.customer, no_order(number))
        link = await in_database(own_access, door.settings, door.engine, session, number, now)
        home = f"/c/orders/{number}"
    else:
        token = str(request.path_params["token"])
        link = (await in_database(open_link, door.settings, door.engine, token, now)).link
        view = await in_database(show_order, door.engine, link.order_number)
        home = f"/c/{token}"
    caller = Caller(
        name=view.order.customer, kind=CallerKind.CUSTOMER, roles=(Role.CUSTOMER,), order=link.order_number
    )
    papers = await in_database(documents_of, door.engine, caller.order)
    unchecked = _unchecked_sheets(view)  # nobody sees a sheet before it was checked item by item (R170)
    shown = [
        each for each in papers if each.document and each.paper in SHOWN and each.identity not in unchecked
    ]
    return Visit(door, caller, link, view, shown, now, address_of(request), home, session)


def _unchecked_sheets(view: OrderView) -> set[str]:
    begin = f"{StepKind.CHECK_SHEET.value}:"
    keys = (step.key for step in view.order.steps if step.key.startswith(begin))
    return {f"{Paper.SHEET.value}:{key.removeprefix(begin)}" for key in keys}


async def customer_page(
    request: Request, visit: Visit, *, said: str = "", refusal: Refusal | None = None, filled: dict[str, str] | None = None
) -> HTMLResponse:  # fmt: skip
    """The page as it is now; after a refusal with its words, and with what was typed."""
    engine, view = visit.door.engine, visit.view
    if refusal is not None:
        view = await in_database(show_order, engine, view.order.number)
        visit = replace(visit, view=view)
    start = await in_database(start_of, engine, view.order.number)
    kind = KINDS[start.request.fulfilment]
    phases = [phase for phase in kind.course if phase not in kind.of_the_house]
    shipments: list[ShipmentSeen] = await in_database(shipments_seen, engine, view.order.number)
    questions: list[Question] = await in_database(questions_of, engine, view.order.number)
    too_many = refusal is not None and refusal.code is Code.TOO_MANY_REQUESTS
    answer = page(
        request, "customers/order.html", 429 if too_many else 409 if refusal else 200, view=view,
        phases=[COURSE[phase] for phase in phases],
        here=next((n for n, phase in enumerate(phases) if phase.value == view.order.phase), 0),
        state=state_of(view.order), sheet=visit.sheet,
        seen=canonical({"version": view.shown.version}), said=_SAID.get(said), refusal=refusal, home=visit.home,
        conditions=_ON_THE_RECEIPT, names=names_of(start), causes={each.value: CAUSES[each] for each in PromiseCause},
        shipments=shipments, to_collect=[each for each in shipments if each.shipment in visit.to_collect],
        completes=visit.open_step(StepKind.COMPLETION) is not None,
        documents=[Shown(each.document or "", title_of(each.paper), each.created_at) for each in visit.papers],
        account_paper=_with_account(visit.papers), signs=visit.signs, waits_for_a_look=visit.waits_for_a_look,
        digits=DIGITS, filled=filled or {}, endings=",".join(MEDIA_TYPES), questions=questions,
        confirms=visit.open_step(StepKind.CONFIRM_ORDER) is not None, short=visit.is_short,
        short_words=_shortage_told(view) if visit.is_short else None, accepts=visit.accepts, tries=visit.tries,
        service=service_reports(view.journal) if kind.gives_service else None,
        complains=kind.gives_service and is_accepted(view.journal),
        logged_in=visit.session is not None, may_act=visit.may_act, account=account_of(view.order), kinds=list(InvoiceKind),
        mine=await in_database(invoices_of, engine, view.order.number), cases=await _own_cases(visit),
    )  # fmt: skip
    if too_many:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer


async def _own_cases(visit: Visit) -> list[tuple[CaseRow, Words]]:
    """R143: the cases of this order and where each stands, for who may open them: a link alone does not."""
    if visit.session is None:
        return []
    found = await in_database(list_cases, visit.door.engine, order=visit.view.order.number)
    return [(each, state_of_case(each.stage)) for each in found]


def _shortage_told(view: OrderView) -> Words | None:
    """What is short, or too late, in the words of the notice that went out last (R112, R114)."""
    begin = (f"{Paper.SHORTAGE.value}:", f"{Paper.BATCH_LATE.value}:")
    told = (entry for entry in reversed(view.journal) if entry.subject.startswith(begin))
    return next((Words(entry.data.get("zh", ""), entry.data.get("en", "")) for entry in told), None)


def state_of(order: OrderSummary) -> Words:
    """Where an order stands, in the customer's words."""
    state = label(Ending, order.ending) or label(Headline, order.headline)
    return next((words for each, words in STATES.items() if each is state), STATES[Headline.IN_REVIEW])


def names_of(start: OrderStart) -> dict[int, str]:
    """What the products are called, by line."""
    return {each.line: each.product_name for each in start.references if each.product_name}


def _with_account(papers: list[Document]) -> str:
    """The newest paper that says where money is sent; empty where none was printed yet."""
    found = [each.document for each in papers if each.paper in (Paper.BALANCE, Paper.SHEET)]
    return found[-1] or "" if found else ""


def once_of(visit: Visit, *said: str) -> str:
    """What somebody said is known by when it is sent twice on a day: the same words are the same."""
    parts = (visit.view.order.number, business_date(visit.now).isoformat(), *said)
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:32]


async def tell_as_customer(
    visit: Visit, kind: str, content: dict[str, object], seen: str, once: str = ""
) -> None:
    """The customer says it, whatever name was typed: that stands in what is said, and is nobody's identity.

    What is said again under the same `once` is known to the order already.
    """
    carried = carried_in(seen)
    envelope = fact_envelope(
        f"customer/{once or uuid.uuid4()}",
        kind,
        content,
        by=visit.caller.author,
        role=visit.caller.role_for(kind),
        happened_at=visit.now,
        seen=carried.seen if carried is not None else None,
        manner=Manner.TYPED,
    )
    await say(visit.door, visit.caller, visit.caller.order, envelope, visit.address)


def customer_file_of(view: OrderView, start: OrderStart) -> CustomerFile:
    """The customer's file that the order has now: it may have been refreshed since it was placed (R31)."""
    for entry in reversed(view.journal):
        if entry.kind is EntryKind.FACT and entry.subject == CUSTOMER_FILE_REFRESHED:
            return CustomerFile.model_validate(entry.data["content"]["file"])
    return start.customer
