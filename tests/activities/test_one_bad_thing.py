"""One bad thing among good ones: it is set aside with its reason, the others go on, and it can be tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from activities.documents.document_store import DocumentStore
from activities.documents.press import Press
from activities.documents.typesetting import Typesetter
from activities.facts import pending_facts
from activities.facts.desk_steps import open_desk_steps
from activities.notices.channels import Message
from activities.notices.notice_texts import NoticeTexts
from activities.notices.outbox import enter_row
from activities.notices.outbox_folder import OutboxFolder
from activities.notices.post_office import PostOffice
from activities.notices.routing import Router, route_again
from activities.orders.recording.recorder import Recorder
from activities.orders.requests import open_request
from activities.orders.views.order_lists import list_orders
from activities.reminders.reminder_pages import ReminderPage, Reminding, preview
from activities.reports.report_maker import report_of
from activities.store.database import reading, writing
from models.dossier.journal import FIRST_LINK
from models.dossier.papers_due import Paper
from models.dossier.records.recording import Burst
from models.messages.envelope import Envelope
from models.order.projection import rows_of
from models.policy import Policy
from models.reports.balance_reminder import ReminderPolicy
from models.reports.desk_steps import DeskStepKind, desk_step
from models.reports.notice_routes import Channel, DeliveryState, NoticeTable
from models.reports.report import ReportKind
from models.request.start_limits import MOST_BYTES
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Language, Role, Words
from tests.activities.conftest import NOW, order_request
from tests.models.life import MONDAY, Life

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
BAD = "b"
"""What stands in the middle, between `a` and `c`."""


def steps(engine: Engine) -> dict[DeskStepKind, str]:
    """What a clerk is asked, by kind."""
    return {step.kind: step.en for step in open_desk_steps(engine)}


def change(engine: Engine, name: str, where: dict[str, Any], **values: Any) -> None:
    found = table(name)
    with writing(engine) as connection:
        for column, value in where.items():
            connection.execute(update(found).where(found.c[column] == value).values(**values))


def notices(engine: Engine, content: dict[str, Any] | None = None) -> str:
    """An order with three papers, `a`, `b` and `c`; its number."""
    start, _ = open_request(engine, order_request(), NOW, Policy())
    with writing(engine) as connection:
        for place, identity in enumerate(("a", BAD, "c")):
            enter_row(
                connection, order=start.number, identity=identity, paper=Paper.RECEIPT, to=(Role.SALESPERSON,),
                words=Words("完工", "finished"), rule="R46", created_at=NOW + timedelta(seconds=place), content=content,
            )  # fmt: skip
    return start.number


def router(engine: Engine) -> Router:
    """Everything goes into the folder."""
    return Router(engine, NoticeTable, {Channel.FOLDER})


def entered(engine: Engine) -> list[str]:
    """The papers for which a delivery is entered."""
    deliveries = table("deliveries")
    with reading(engine) as connection:
        return sorted(connection.scalars(select(deliveries.c.identity).distinct()))


def test_a_paper_that_cannot_be_routed(company: Engine) -> None:
    number = notices(company)
    change(company, "outbox", {"identity": BAD}, paper="of_another_program")
    assert router(company).route_due(NOW) == 3
    assert entered(company) == ["a", "c"]
    assert "nobody knows whom" in steps(company)[DeskStepKind.UNROUTED_PAPER]
    assert router(company).route_due(NOW) == 0
    change(company, "outbox", {"identity": BAD}, paper=Paper.RECEIPT.value)
    route_again(company, number, BAD)
    assert router(company).route_due(NOW) == 1
    assert entered(company) == ["a", BAD, "c"]


class Stumbling(OutboxFolder):
    """A folder whose program stumbles over one letter."""

    def send(self, message: Message) -> None:
        """Raises ZeroDivisionError for the bad one."""
        if f"/{BAD}/" in message.identity:
            raise ZeroDivisionError("nobody foresaw this")
        super().send(message)


def office(engine: Engine, folder: Path, sender: type[OutboxFolder] = OutboxFolder) -> PostOffice:
    return PostOffice(
        engine, NoticeTexts(TEMPLATES / "notices", Language.ZH), {Channel.FOLDER: sender(folder / "outbox")},
        DocumentStore(folder / "documents"), lambda: NOW,
    )  # fmt: skip


def states(engine: Engine) -> dict[str, str]:
    deliveries = table("deliveries")
    with reading(engine) as connection:
        return {row.identity: row.state for row in connection.execute(select(deliveries))}


def test_a_letter_over_which_the_sender_stumbles(company: Engine, tmp_path: Path) -> None:
    notices(company)
    router(company).route_due(NOW)
    done = office(company, tmp_path, Stumbling).send_due()
    assert [each.identity for each in done] == ["a", "c"]
    sent, doubted = DeliveryState.SENT.value, DeliveryState.UNCERTAIN.value
    assert states(company) == {"a": sent, BAD: doubted, "c": sent}
    assert "was “b” sent" in steps(company)[DeskStepKind.WAS_IT_SENT]


def test_a_letter_that_cannot_be_written(company: Engine, tmp_path: Path) -> None:
    notices(company)
    router(company).route_due(NOW)
    change(company, "outbox", {"identity": BAD}, paper="of_another_program")
    office(company, tmp_path).send_due()
    sent, waiting = DeliveryState.SENT.value, DeliveryState.WAITING.value
    assert states(company) == {"a": sent, BAD: waiting, "c": sent}
    assert DeskStepKind.PAPER_PROBLEM in steps(company)


def test_a_delivery_that_was_on_its_way_and_cannot_be_looked_up(company: Engine, tmp_path: Path) -> None:
    notices(company)
    router(company).route_due(NOW)
    change(company, "deliveries", {"identity": BAD}, state="sending", next_at=NOW - timedelta(hours=1))
    with writing(company) as connection:
        outbox = table("outbox")
        connection.execute(outbox.delete().where(outbox.c.identity == BAD))
    office(company, tmp_path).send_due()
    assert states(company) == {"a": "sent", BAD: "uncertain", "c": "sent"}


def test_a_paper_over_which_the_press_stumbles(company: Engine, tmp_path: Path) -> None:
    life = Life().verified()
    content = next(each.content for each in life.order.unsent if each.paper is Paper.SHEET)
    notices(company, content)
    change(company, "outbox", {"identity": "a"}, paper=Paper.SHEET.value)
    change(company, "outbox", {"identity": "c"}, paper=Paper.SHEET.value)
    change(company, "outbox", {"identity": BAD}, paper="of_another_program")
    press = Press(
        company, Typesetter(TEMPLATES / "documents", Language.ZH), DocumentStore(tmp_path / "documents")
    )
    made = {each.identity: each.problem for each in press.print_due()}
    assert made["a"] is made["c"] is None
    assert "StopIteration" in str(made[BAD])
    assert DeskStepKind.PAPER_PROBLEM in steps(company)


def owing(engine: Engine, customer: str, number: str) -> None:
    """An order of this customer whose balance was asked for on Monday."""
    order = Life().in_warehouse().order.model_copy(deep=True)
    order.number = number
    order.customer = order.customer.model_copy(update={"customer": customer, "name": customer})
    Recorder(engine).record(
        Burst(
            order=number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved, rows=rows_of(order),
            intentions=[],
        )
    )  # fmt: skip


def test_a_customer_who_cannot_be_reminded(engine: Engine, tmp_path: Path) -> None:
    for place, customer in enumerate(("a", BAD, "c"), start=1):
        owing(engine, customer, f"20270301-000{place}")
    change(engine, "orders", {"customer": BAD}, open_balance=None)
    day = MONDAY.date() + timedelta(days=10)
    assert [each.customer for each in preview(engine, day, ReminderPolicy())] == ["a", "c"]
    job = Reminding(engine, tmp_path / "no-policy.toml")
    done = job.remind_page(ReminderPage(day=day))
    assert (done.letters, done.customers) == (2, 3)
    assert "customer b could not be reminded" in steps(engine)[DeskStepKind.UNREMINDED]
    change(engine, "orders", {"customer": BAD}, open_balance=Decimal("3500.00"))
    assert job.remind_page(ReminderPage(day=day)).letters == 1
    assert DeskStepKind.UNREMINDED not in steps(engine)


def test_a_kept_fact_that_cannot_be_read_any_more(engine: Engine) -> None:
    for fact_id in ("a", BAD, "c"):
        content = {"channel": "phone", "words": "x"}
        envelope = Envelope(
            fact_id=fact_id, kind="contact_logged", by="chen", role=Role.SERVICE_CLERK, happened_at=NOW, content=content
        )  # fmt: skip
        pending_facts.keep(engine, "20270105-0001", envelope, NOW)
    kept = table("inbox")
    with reading(engine) as connection:
        whole = connection.scalar(select(kept.c.envelope).where(kept.c.fact_id == BAD))
    change(engine, "inbox", {"fact_id": BAD}, envelope={"kind": "payment_received"})
    assert [each.envelope.fact_id for each in pending_facts.waiting(engine)] == ["a", "c"]
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.roles[0]) == (DeskStepKind.REFUSED_FACT, Role.FINANCE)
    change(engine, "inbox", {"fact_id": BAD}, envelope=whole)
    pending_facts.try_again(engine, "20270105-0001", BAD)
    assert [each.envelope.fact_id for each in pending_facts.waiting(engine)] == ["a", BAD, "c"]


def test_a_page_of_facts_that_cannot_be_read_does_not_hide_the_next(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_facts, "AT_ONCE", 1)
    for fact_id in ("a", "c"):
        envelope = Envelope(
            fact_id=fact_id, kind="contact_logged", by="chen", role=Role.SERVICE_CLERK, happened_at=NOW
        )
        pending_facts.keep(engine, "20270105-0001", envelope, NOW)
    change(engine, "inbox", {"fact_id": "a"}, envelope={})
    assert [each.envelope.fact_id for each in pending_facts.waiting(engine)] == ["c"]


def test_a_step_of_a_newer_program_hides_no_other(engine: Engine) -> None:
    with writing(engine) as connection:
        from activities.facts.desk_steps import open_step

        for subject in ("a", BAD, "c"):
            step = desk_step(DeskStepKind.UNREAD_SCAN, subject, NOW, rule="R31", file="f", page="1")
            open_step(connection, step)
    change(engine, "desk_steps", {"key": f"unread_scan:{BAD}"}, kind="of_a_newer_program")
    assert [step.key for step in open_desk_steps(engine)] == ["unread_scan:a", "unread_scan:c"]


def test_an_order_that_cannot_be_counted_is_named_in_the_report(engine: Engine) -> None:
    for place, customer in enumerate(("a", BAD, "c"), start=1):
        owing(engine, customer, f"20270301-000{place}")
    change(engine, "journal", {"order_number": "20270301-0002"}, role="of_another_program")
    day = datetime(2027, 4, 1, tzinfo=UTC).date()
    report = report_of(engine, ReportKind.RESPONSIBILITY, day)
    left_out = next(each for each in report.sections if each.en == "orders that could not be counted")
    assert [row[0] for row in left_out.rows] == ["20270301-0002"]
    assert any(section.rows for section in report.sections if section.en == "by person")


def test_an_amount_that_nobody_may_have_hides_no_list(company: Engine) -> None:
    for request in ("a", BAD, "c"):
        open_request(company, order_request(request_id=request), NOW, Policy())
    change(company, "orders", {"request_id": BAD}, total=Decimal("60444008160.00"))
    assert sorted(str(each.total) for each in list_orders(company, NOW).orders) == [
        "125.04", "125.04", "60444008160.00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unclear": ["x" * 100] * (MOST_BYTES // 100)}, Code.TOO_LARGE),
        (
            {"lines": [{"line": 1, "product": "P-1", "quantity": "999999999", "unit": "roll", "unit_price": "99"}]},
            Code.BAD_MONEY,
        ),
    ],
)  # fmt: skip
def test_an_order_too_large_to_live_gets_no_number(
    company: Engine, changes: dict[str, Any], code: Code
) -> None:
    with pytest.raises(Refusal) as refused:
        open_request(company, order_request(**changes), NOW, Policy())
    assert refused.value.code is code
    start, new = open_request(company, order_request(), NOW, Policy())
    assert (start.number, new) == ("20270105-0001", True)
