"""Money of payment providers on both databases: each event once, each order told once, whatever comes twice or too early (R123)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, select

from activities.facts.desk_steps import open_desk_steps
from activities.shop.intent_errands import IntentErrands
from activities.shop.intents import Taken, open_intent, take_event
from activities.shop.providers.provider import (
    Closing,
    IntentThere,
    RefundAsked,
    RefundThere,
    StatementRow,
    is_away,
    says_no,
)
from activities.shop.reconciling import reconcile
from activities.shop.refunding import pay_back_due, want_again
from activities.store.database import reading, writing
from models.reports.desk_steps import DeskStepKind
from models.shop.checkout_money import ProviderEvent, ProviderSays, RefundState
from models.shop.intent_errands import IntentQuestion, RefundWanted
from models.tables.registry import table
from models.values.errors import Code, Refusal
from tests.activities.books_agree import books_agree

__all__ = ["books_agree"]
NOW = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
A, B = "20270105-0001", "20270105-0002"
WHOLE = {A: Decimal("100.00"), B: Decimal("76.00")}


def opened(engine: Engine, checkout: str = "co-1", asked: Mapping[str, Decimal] = WHOLE) -> str:
    with writing(engine) as connection:
        return open_intent(connection, checkout, asked, NOW)


def said(
    intent: str, payment: str = "pay-1", amount: str = "176.00", event: str = "", **more: Any
) -> ProviderEvent:
    values = {
        "provider": "test", "event": event or f"ev-{payment}", "says": ProviderSays.PAID, "intent": intent,
        "payment": payment, "amount": amount, "at": NOW,
    }  # fmt: skip
    return ProviderEvent.model_validate(values | more)


def told(engine: Engine) -> list[tuple[str, str, str, str]]:
    """What waits for orders: number, amount, reference, id of the fact."""
    inbox = table("inbox")
    with reading(engine) as connection:
        rows = (
            connection.execute(select(inbox).order_by(inbox.c.order_number, inbox.c.number)).mappings().all()
        )
    return [
        (
            row["order_number"],
            row["envelope"]["content"]["amount"],
            row["envelope"]["content"]["reference"],
            row["fact_id"],
        )
        for row in rows
    ]


def column(engine: Engine, name: str, *columns: str) -> list[tuple[Any, ...]]:
    found = table(name)
    with reading(engine) as connection:
        rows = connection.execute(select(*(found.c[each] for each in columns))).all()
    return sorted(tuple(row) for row in rows)


def asked(engine: Engine) -> list[str]:
    return sorted(step.kind.value for step in open_desk_steps(engine))


def test_176_00_once_however_often_it_is_told(engine: Engine) -> None:
    """Story 14: a callback three times: 176.00 once."""
    intent = opened(engine)
    assert opened(engine) == intent
    found = [take_event(engine, said(intent), NOW) for _ in range(3)]
    assert found == [Taken.APPLIED, Taken.KNOWN, Taken.KNOWN]
    assert (
        take_event(engine, said(intent, event="ev-other"), NOW) is Taken.APPLIED
    )  # the same payment all the same
    assert told(engine) == [
        (A, "100.00", "test:pay-1", f"test:pay-1:{A}"),
        (B, "76.00", "test:pay-1", f"test:pay-1:{B}"),
    ]
    assert column(engine, "intents", "number", "state") == [(intent, "paid")]
    assert asked(engine) == []


def test_an_event_id_with_another_content_is_not_taken_and_finance_is_told(engine: Engine) -> None:
    intent = opened(engine)
    take_event(engine, said(intent), NOW)
    assert take_event(engine, said(intent, amount="1.00"), NOW) is Taken.CHANGED
    assert len(told(engine)) == 2
    assert asked(engine) == ["payment_changed"]


def test_what_is_told_before_the_intent_is_there_waits_for_it(engine: Engine) -> None:
    with writing(engine) as connection:
        number = open_intent(connection, "co-1", WHOLE, NOW)
        connection.rollback()  # a crash: the checkout comes again
    assert take_event(engine, said(number), NOW) is Taken.EARLY
    assert take_event(engine, said(number), NOW) is Taken.KNOWN
    assert (told(engine), asked(engine)) == ([], ["payment_unplaced"])
    assert opened(engine) == number
    assert len(told(engine)) == 2
    assert asked(engine) == []
    assert column(engine, "provider_events", "state", "meaning") == [("applied", "paid_whole")]


def test_another_amount_is_booked_and_finance_told_until_the_sum_is_covered(engine: Engine) -> None:
    intent = opened(engine)
    take_event(engine, said(intent, amount="100.00"), NOW)
    assert [row[:2] for row in told(engine)] == [(A, "56.82"), (B, "43.18")]
    assert asked(engine) == ["payment_differs"]
    take_event(engine, said(intent, "pay-2", "76.00"), NOW)
    assert sum(Decimal(row[1]) for row in told(engine)) == Decimal("176.00")
    assert asked(engine) == []
    assert column(engine, "intents", "state") == [("paid",)]


def test_another_currency_is_kept_and_asked_about(engine: Engine) -> None:
    intent = opened(engine)
    take_event(engine, said(intent, currency="USD"), NOW)
    assert (told(engine), asked(engine)) == ([], ["payment_differs"])


@pytest.mark.parametrize("bad", [{}, {A: Decimal("0.00")}, {A: Decimal("-1.00"), B: Decimal("2.00")}])
def test_nothing_to_pay_is_no_intent(engine: Engine, bad: dict[str, Decimal]) -> None:
    with pytest.raises(Refusal) as refused:
        opened(engine, asked=bad)
    assert refused.value.code is Code.MALFORMED


def test_a_checkout_with_other_amounts_is_refused(engine: Engine) -> None:
    opened(engine)
    with pytest.raises(Refusal) as refused:
        opened(engine, asked={A: Decimal("99.00")})
    assert refused.value.code is Code.REQUEST_CONFLICT


def test_200_events_at_once_of_20_intents_each_twice(engine: Engine) -> None:
    """Every amount once: five of each intent, all of them the same payment, or the second success of another one."""
    intents = [
        opened(engine, f"co-{number}", {f"20270105-{number:04}": Decimal("176.00")}) for number in range(20)
    ]
    events = []
    for number, intent in enumerate(intents):
        for copy in range(5):
            payment = f"pay-{number}-{'b' if copy == 4 and number % 2 else 'a'}"
            events += [said(intent, payment, event=f"ev-{number}-{copy}")] * 2
    assert len(events) == 200
    Random(7).shuffle(events)
    with ThreadPoolExecutor(8) as pool:
        taken = Counter(pool.map(lambda event: take_event(engine, event, NOW), events))
    assert taken == {Taken.APPLIED: 100, Taken.KNOWN: 100}
    assert [row[1] for row in told(engine)] == ["176.00"] * 20
    assert len({row[0] for row in told(engine)}) == 20
    assert column(engine, "intents", "state") == [("paid",)] * 20
    # ten were paid by a second payment as well: each goes back once
    assert column(engine, "intent_refunds", "amount", "state") == [(Decimal("176.00"), "wanted")] * 10


# --- errands -------------------------------------------------------------------------------------------------------


class Provider:
    """A provider in memory: what it would answer, and what it was asked."""

    name = "test"

    def __init__(self) -> None:
        self.away = False
        self.no = ""
        self.paid: list[ProviderEvent] = []
        self.on_close: list[ProviderEvent] = []
        self.later = False
        self.rows: dict[date, list[StatementRow]] = {}
        self.refunds: dict[str, RefundAsked] = {}
        self.closed: list[str] = []

    def _here(self) -> None:
        if self.away:
            raise is_away(self.name, "down")

    def create(self, wanted: object) -> str:
        raise NotImplementedError

    def query(self, intent: str) -> IntentThere:
        self._here()
        return IntentThere(known=True, events=tuple(each for each in self.paid if each.intent == intent))

    def close(self, intent: str) -> Closing:
        self._here()
        if self.on_close:
            self.paid, self.on_close = self.on_close, []
            return Closing.PAID
        self.closed.append(intent)
        return Closing.CLOSED

    def refund(self, asked: RefundAsked) -> RefundThere:
        self._here()
        if self.no:
            raise says_no(self.name, self.no)
        self.refunds[asked.refund] = asked
        return RefundThere(RefundState.ASKED if self.later else RefundState.DONE, f"back-{asked.refund}")

    def statement(self, day: date) -> list[StatementRow]:
        self._here()
        return self.rows.get(day, [])

    def read_callback(self, callback: object) -> ProviderEvent:
        raise NotImplementedError

    def answer(self, refusal: object) -> Any:
        raise NotImplementedError


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def errands(engine: Engine, provider: Provider) -> IntentErrands:
    return IntentErrands(
        engine, lambda name: provider if name == "test" else None, lambda name: "http://told"
    )


def made_there(engine: Engine, intent: str) -> None:
    intents = table("intents")
    with writing(engine) as connection:
        connection.execute(intents.update().where(intents.c.number == intent).values(provider="test"))


def closes(errands: IntentErrands, order: str = A) -> bool:
    done = errands.close_intent(IntentQuestion(order=order, key="k"))
    assert done.kind == "intent_closed"
    assert done.content["key"] == "k"
    return bool(done.content["paid"])


def test_what_is_not_paid_is_closed_and_the_other_orders_get_the_next_intent(
    engine: Engine, errands: IntentErrands, provider: Provider
) -> None:
    intent = opened(engine)
    made_there(engine, intent)
    assert closes(errands) is False
    assert provider.closed == [intent]
    following = opened(engine)
    assert following != intent
    assert column(engine, "intents", "number", "state", "total") == sorted(
        [(intent, "closed", Decimal("176.00")), (following, "open", Decimal("76.00"))]
    )
    assert closes(errands) is False  # asked again, as the engine may
    assert closes(errands, B) is False
    assert {row[1] for row in column(engine, "intents", "number", "state")} == {"closed"}


def test_what_the_provider_has_is_entered_before_it_is_answered(
    engine: Engine, errands: IntentErrands, provider: Provider
) -> None:
    intent = opened(engine)
    made_there(engine, intent)
    provider.paid = [said(intent, event="query/pay-1")]
    assert closes(errands) is True
    assert len(told(engine)) == 2
    take_event(engine, said(intent), NOW)  # told late: known
    assert len(told(engine)) == 2
    assert provider.closed == []


def test_who_pays_while_it_is_closed_has_paid(
    engine: Engine, errands: IntentErrands, provider: Provider
) -> None:
    intent = opened(engine)
    made_there(engine, intent)
    provider.on_close = [said(intent, event="query/pay-1")]
    assert closes(errands) is True
    assert column(engine, "intents", "state") == [("paid",)]


def test_a_provider_that_is_away_loses_nothing(
    engine: Engine, errands: IntentErrands, provider: Provider
) -> None:
    intent = opened(engine)
    made_there(engine, intent)
    provider.away = True
    with pytest.raises(Refusal) as refused:
        closes(errands)
    assert refused.value.code is Code.PROVIDER_UNAVAILABLE
    assert column(engine, "intents", "state") == [("open",)]
    provider.away = False
    assert closes(errands) is False


def test_late_money_is_told_to_the_order_that_was_closed(engine: Engine, errands: IntentErrands) -> None:
    """R39: the order decides whether it opens anew; another intent's order gets nothing twice."""
    intent = opened(engine)
    assert closes(errands) is False
    following = opened(engine)
    take_event(engine, said(following, "pay-2", "76.00"), NOW)
    take_event(engine, said(intent), NOW)
    assert [row[:2] for row in told(engine)] == [(A, "100.00"), (B, "76.00")]
    assert column(engine, "intent_refunds", "payment", "amount") == [("pay-1", Decimal("76.00"))]


def gives_back(
    errands: IntentErrands, amount: str = "100.00", key: str = "k", order: str = A
) -> dict[str, Any]:
    done = errands.refund_intent(
        RefundWanted(order=order, amount=Decimal(amount), key=key, reason="商家拒单")
    )
    assert done.kind == "refund_answered"
    return done.content


def test_an_order_gets_its_money_back_once_by_its_key(
    engine: Engine, errands: IntentErrands, provider: Provider
) -> None:
    intent = opened(engine)
    take_event(engine, said(intent), NOW)
    first = gives_back(errands)
    assert first["paid"] is True
    assert gives_back(errands) == first
    assert [(each.payment, str(each.amount), str(each.paid)) for each in provider.refunds.values()] == [
        ("pay-1", "100.00", "176.00")
    ]
    assert column(engine, "intents", "state") == [("paid",)]
    assert gives_back(errands, "76.00", "m", B)["paid"] is True
    assert column(engine, "intents", "state") == [("refunded",)]
    take_event(engine, said(intent, event="ev-late"), NOW)  # "paid" after the refund changes nothing
    assert column(engine, "intents", "state") == [("refunded",)]
    assert len(told(engine)) == 2


def test_a_refund_that_fails_is_answered_and_one_that_is_asked_for_again_later_goes(
    engine: Engine, errands: IntentErrands, provider: Provider
) -> None:
    intent = opened(engine)
    take_event(engine, said(intent), NOW)
    provider.no = "not enough"
    content = gives_back(errands)
    assert content["paid"] is False
    assert "not enough" in content["reason"]
    provider.no = ""
    assert gives_back(errands, key="finance-again")["paid"] is True


def test_a_refund_waits_for_a_provider_that_is_away_or_still_at_work(
    engine: Engine, errands: IntentErrands, provider: Provider
) -> None:
    intent = opened(engine)
    take_event(engine, said(intent), NOW)
    provider.away = True
    with pytest.raises(Refusal):
        gives_back(errands)
    provider.away, provider.later = False, True
    with pytest.raises(Refusal):
        gives_back(errands)
    refund = next(iter(provider.refunds))
    take_event(
        engine, said(intent, "pay-1", "100.00", "ev-back", says=ProviderSays.REFUNDED, refund=refund), NOW
    )
    assert gives_back(errands)["paid"] is True


def test_more_than_there_is_does_not_go_back(engine: Engine, errands: IntentErrands) -> None:
    intent = opened(engine)
    take_event(engine, said(intent), NOW)
    content = gives_back(errands, "120.00")
    assert content["paid"] is False
    assert "100.00" in content["reason"]
    assert gives_back(errands, "1.00", order="20270105-0009")["paid"] is False


def test_a_second_success_goes_back_by_itself_also_when_the_provider_was_away(
    engine: Engine, provider: Provider
) -> None:
    """Story 14: second intent: 176.00 back."""
    intent = opened(engine)
    take_event(engine, said(intent), NOW)
    take_event(engine, said(intent, "pay-2"), NOW)

    def pays_back(now: datetime) -> int:
        return pay_back_due(engine, lambda name: provider, lambda name: "http://told", now)

    provider.away = True
    assert pays_back(NOW) == 0
    provider.away = False
    assert pays_back(NOW) == 0  # not before its time
    assert pays_back(NOW + timedelta(minutes=1)) == 1
    assert pays_back(NOW + timedelta(hours=1)) == 0
    assert [(each.payment, str(each.amount)) for each in provider.refunds.values()] == [("pay-2", "176.00")]
    assert column(engine, "intents", "state") == [("paid",)]


@pytest.mark.parametrize("alike", ["-2027010522001400001234567890", "支付", "." * 40])
def test_payments_whose_ids_are_alike_at_the_end_all_go_back(
    engine: Engine, provider: Provider, alike: str
) -> None:
    """The number of a refund is made of the payment's id: it is another for another payment, however long that is."""
    intent = opened(engine)
    take_event(engine, said(intent), NOW)
    for place in ("东", "西", "a-much-longer-beginning"):
        take_event(engine, said(intent, f"{place}{alike}"), NOW)
    numbers = [number for (number,) in column(engine, "intent_refunds", "refund")]
    assert len(set(numbers)) == 3
    assert all(len(number) <= 64 and number.isascii() for number in numbers)


def test_what_cannot_go_back_by_itself_is_a_step_and_is_tried_once_more_when_finance_says_so(
    engine: Engine, provider: Provider
) -> None:
    intent = opened(engine)
    for payment in ("pay-1", "pay-2"):
        take_event(engine, said(intent, payment), NOW)
    provider.no = "account closed"
    pay_back_due(engine, lambda name: provider, lambda name: "http://told", NOW)
    assert asked(engine) == ["refund_failed"]
    provider.no = ""
    ((refund,),) = column(engine, "intent_refunds", "refund")
    assert want_again(engine, "test", refund, NOW)
    assert pay_back_due(engine, lambda name: provider, lambda name: "http://told", NOW) == 1
    assert asked(engine) == []
    assert not want_again(engine, "test", refund, NOW)


def test_the_statement_books_what_was_never_told_and_asks_about_what_differs(
    engine: Engine, provider: Provider
) -> None:
    day, intent = date(2027, 1, 5), opened(engine)
    other = opened(engine, "co-2", {"20270105-0003": Decimal("50.00")})
    third = opened(engine, "co-3", {"20270105-0004": Decimal("30.00")})
    take_event(engine, said(other, "pay-2", "50.00"), NOW)
    take_event(engine, said(third, "pay-3", "30.00"), NOW)
    provider.rows[day] = [
        StatementRow("pay-1", intent, Decimal("176.00"), NOW),
        StatementRow("pay-2", other, Decimal("49.00"), NOW),
        StatementRow("pay-9", "P-nobody-1", Decimal("9.00"), NOW),
        StatementRow("pay-1", intent, Decimal("6.00"), NOW, refund="own-1"),
    ]
    found = reconcile(engine, provider, day, NOW)
    assert [(each.subject, each.kind.value) for each in found] == [
        ("payment/pay-2", "amount"),
        ("payment/pay-3", "not_there"),
        ("payment/pay-9", "not_here"),
    ]
    assert (A, "100.00") in [row[:2] for row in told(engine)]
    assert sorted(set(asked(engine))) == ["payment_differs", "payment_unplaced", "statement_differs"]
    late = [
        row for row in column(engine, "provider_differences", "subject", "kind") if row[1] == "booked_late"
    ]
    assert late == [("payment/pay-1", "booked_late"), ("refund/own-1", "booked_late")]
    # on the next day's statement, because its clock is another
    provider.rows[date(2027, 1, 6)] = [StatementRow("pay-3", third, Decimal("30.00"), NOW)]
    provider.rows[day] = [
        StatementRow("pay-1", intent, Decimal("176.00"), NOW),
        StatementRow("pay-2", other, Decimal("50.00"), NOW),
        StatementRow("pay-1", intent, Decimal("6.00"), NOW, refund="own-1"),
    ]
    assert reconcile(engine, provider, day, NOW) == []
    assert DeskStepKind.STATEMENT_DIFFERS.value not in asked(engine)
