"""R83: whoever acts on an order acts on what it is now. What was shown before an amendment is refused, and what changed is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.forms.shown import Carried, OrderShown, carried_in
from models.forms.step_form import form_of_fact
from models.messages.decision_subjects import Subject
from models.messages.reply import Reply
from models.messages.seen import Seen, goods_of
from models.order.order import Order
from models.values.vocabulary import Role
from tests.models.life import Life, heard, line, refused


def changes(reply: Reply) -> dict[str, tuple[str, str]]:
    """Field -> before and after, in English."""
    return {each["field"]["en"]: (each["before"]["en"], each["after"]["en"]) for each in reply.changes}


def shown(order: Order) -> dict[str, Any]:
    """What a page about a release shows."""
    release = order.releases[-1]
    return {
        "version": order.request_version,
        "bill": str(order.bill),
        "open_balance": str(order.open_balance),
        "release": release.number,
        "goods": goods_of(release.quantities),
    }


def to_be_approved() -> Life:
    """Everything but the approval."""
    life = Life()
    life.decide(Subject.TECHNICAL, "producible", material_note="原纸充足")
    return life.decide(
        Subject.PRODUCTION_DATE, "dated", production_date=life.day(1).isoformat(), quantity="10000",
        finished_date=life.day(5).isoformat(),
    )  # fmt: skip


def test_an_approval_of_what_the_order_was_is_refused_and_says_what_changed() -> None:
    """1,000 rolls were shown, 10,000 are ordered: the supervisor sees both figures and decides anew."""
    life = to_be_approved()
    life.does("amendment_requested", changes={"lines": [{"line": 1, "quantity": "10000"}]}, reason="加量")
    reply = refused(life.answer(Subject.APPROVAL, "approve", seen={"version": 1}), "stale_version")
    assert changes(reply) == {"line 1: quantity": ("1,000", "10,000"), "total": ("5,000.00", "50,000.00")}
    assert "第1行数量 1,000 → 10,000" in reply.zh
    assert "line 1: quantity 1,000 → 10,000" in reply.en
    assert life.order.outcome(Subject.APPROVAL) is None
    heard(life.answer(Subject.APPROVAL, "approve", seen={"version": 2}))
    decided = life.entries(EntryKind.DECIDED, "approval")[-1]
    assert decided.data["seen"] == {"version": 2}


def test_what_is_said_without_a_version_is_taken_as_before() -> None:
    life = to_be_approved()
    life.does("amendment_requested", changes={"lines": [{"line": 1, "quantity": "10000"}]}, reason="加量")
    heard(life.answer(Subject.APPROVAL, "approve"))
    assert "seen" not in life.entries(EntryKind.DECIDED, "approval")[-1].data


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"address": "别处"}, {"address": ("深圳市宝安区新安路 12 号", "别处")}),
        ({"delivery_method": "courier"}, {"delivery method": ("freight", "courier")}),
        ({"customer_order_number": "PO-7"}, {"customer's order number": ("", "PO-7")}),
        (
            {"dropped_lines": [2]},
            {
                "line 2: product": ("TP-80", ""),
                "line 2: quantity": ("1,000", ""),
                "total": ("10,000.00", "5,000.00"),
            },
        ),
    ],
)
def test_every_act_of_a_page_is_about_the_version_that_it_showed(
    change: dict[str, Any], told: dict[str, tuple[str, str]]
) -> None:
    """Facts as well as decisions; each changed field with what it was and what it is."""
    life = Life(lines=[line(1), line(2)])
    life.does("amendment_requested", changes=change, reason="x")
    said: dict[str, Any] = {"channel": "phone", "words": "问交期"}
    reply = refused(life.tell("contact_logged", seen={"version": 1}, **said), "stale_version")
    assert told.items() <= changes(reply).items()
    heard(life.tell("contact_logged", seen={"version": 2}, **said))
    assert life.entries(EntryKind.FACT, "contact_logged")[-1].data["seen"] == {"version": 2}


def test_of_several_versions_the_first_and_the_last_value_are_told_and_nothing_that_went_back() -> None:
    life = Life()
    for change in ({"packing": "散装", "label": "新"}, {"packing": "木箱"}, {"label": "-"}, {"label": "新"}):
        life.does("amendment_requested", changes=change, reason="x")
    reply = refused(life.answer(Subject.APPROVAL, "approve", seen={"version": 2}), "stale_version")
    assert changes(reply) == {"packing": ("散装", "木箱")}
    refused(life.answer(Subject.APPROVAL, "approve", seen={"version": 9}), "stale_version")


def test_a_price_that_was_settled_is_another_version() -> None:
    """R20: who approves sees the price that was settled."""
    life = Life(listed={"list_price": "4.50"})
    life.decide(Subject.PRICE, "settled", unit_price="4.80")
    reply = refused(life.answer(Subject.APPROVAL, "approve", seen={"version": 1}), "stale_version")
    assert changes(reply)["line 1: unit price"] == ("5.00", "4.80")


def test_details_that_were_given_are_another_version() -> None:
    life = Life(packing="")
    life.does("details_completed", changes={"packing": "箱"})
    reply = life.tell("contact_logged", seen={"version": 1}, channel="phone", words="x")
    refused(reply, "stale_version")
    assert changes(reply) == {"packing": ("", "箱")}


def test_a_release_is_decided_on_the_balance_that_was_shown() -> None:
    """R52, R61: money that came meanwhile makes another balance."""
    life = Life().in_warehouse().paid("1000.00")
    seen = {"version": 1, "bill": "5000.00", "open_balance": "2500.00"}
    life.paid("500.00")
    reply = refused(life.answer(Subject.BALANCE_RELEASE, "on_credit", seen=seen), "stale_version")
    assert changes(reply) == {"open balance": ("2,500.00", "2,000.00")}
    heard(life.answer(Subject.BALANCE_RELEASE, "on_credit", seen={**seen, "open_balance": "2000.00"}))


def test_an_answer_to_an_older_question_says_what_is_asked_otherwise_now() -> None:
    """The version of the question itself, where it is given."""
    life = Life().in_warehouse().paid("1000.00").paid("500.00")
    asked = life.order.decision(Subject.FINANCE_RELEASE)
    assert asked is not None
    reply = refused(
        life.answer(Subject.FINANCE_RELEASE, "refuse", version=asked.version - 1), "stale_version"
    )
    assert changes(reply)["balance"] == ("2,500.00", "2,000.00")


@pytest.mark.parametrize(
    ("figure", "value"), [("bill", "4999.99"), ("open_balance", "0.01"), ("release", 2), ("goods", "1:999")]
)
def test_a_page_about_a_release_is_stale_when_a_figure_on_it_moved(figure: str, value: object) -> None:
    life = Life().in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    now = shown(life.order)
    said: dict[str, Any] = {"carrier": "德邦物流", "method": "freight"}
    refused(life.tell("transport_arranged", seen={**now, figure: value}, **said), "stale_version")
    heard(life.tell("transport_arranged", seen=now, **said))


def test_a_form_about_a_release_carries_its_figures_and_its_goods() -> None:
    """R61, R70: what the page showed is what is compared; a form about something else carries the version alone."""
    order = Life().in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release").order
    quantities = {each.number: each.quantities for each in order.releases}
    page = OrderShown(version=1, bill=order.bill, open_balance=order.open_balance, releases=quantities)
    form = form_of_fact("transport_arranged")
    carried = carried_in(page.carried_by(form, "transport:1"))
    assert carried is not None
    assert carried.seen == Seen.model_validate(shown(order))
    assert carried.goods == "1:1000"
    elsewhere = carried_in(page.carried_by(form_of_fact("contact_logged"), "details"))
    assert elsewhere == Carried(version=1)


def test_a_sheet_that_is_void_says_what_the_newer_one_says_otherwise() -> None:
    """R31: also without what was seen, by the version that the fact itself names."""
    life = Life().verified().sheet_out()
    life.does("amendment_requested", changes={"address": "别处"}, reason="x")
    reply = refused(life.tell("confirmation_returned", version=1, signed_by="王芳"), "stale_version")
    assert changes(reply) == {"address": ("深圳市宝安区新安路 12 号", "别处")}


def test_what_was_kept_early_is_looked_at_again_when_it_is_used() -> None:
    """A signature on version 2, said of the order as it was, is not used for what it became."""
    life = Life().verified()
    reply = life.tell("sheet_sent", version=2, seen={"version": 1}, role=Role.SERVICE_CLERK)
    assert heard(reply).status.value == "kept_early"
    life.does("amendment_requested", changes={"address": "别处"}, reason="x")
    assert [entry.data["code"] for entry in life.entries(EntryKind.REFUSED)] == ["stale_version"]


def test_quantities_are_written_as_short_as_they_can_be() -> None:
    assert goods_of({2: Decimal("30.500"), 1: Decimal("400.000")}) == "1:400,2:30.5"


def test_a_refusal_without_changes_has_none_in_its_answer() -> None:
    """What answers carried before they carry now."""
    reply = Life().tell("cash_cleared", reference="no-such")
    assert "changes" not in reply.model_dump(mode="json")
