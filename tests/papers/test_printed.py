"""Every printed paper of an order, read from its PDF: each value stands beside its own label, and no other there.

The order has no two values alike (`tests.papers.unlike`), so a balance notice that prints the bill as the balance, or
a sheet that prints the ship date as the promise, is noticed (R11, R23, R24, R30, R40, R44, R45, R51, R70 to R72, R76).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from activities.documents.typesetting import Typesetter
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.order.order import Order
from models.order.paper_contents import is_printed
from models.values.vocabulary import Language
from models.writing.printed_figures import amount, day, figures, quantity
from tests.activities.test_press import TEMPLATES
from tests.models.life import Life
from tests.papers.checking import faults, leaves
from tests.papers.expected_pages import EXPECTED
from tests.papers.reading import read_paper
from tests.papers.unlike import Content, content_of, order

PRINTED = [paper for paper in Paper if is_printed(paper)]
_SETTERS = {language: Typesetter(TEMPLATES, language) for language in Language}
_TERM = {language.value for language in Language}
"""A text in both languages is a term of the desk, which may stand in any sentence."""
Path = tuple[str | int, ...]


@cache
def values() -> frozenset[str]:
    """Every value that stands on any paper of the order, and those that stand on none."""
    found = {text for paper in PRINTED for path, text in leaves(content_of(paper)) if path[-1] not in _TERM}
    others = [
        figures(each) for each in (order().ledger.paid, order().total, order().bill, order().open_balance)
    ]
    return frozenset({*found, *others})


def printed(paper: Paper, content: Content, language: Language = Language.ZH) -> list[str]:
    """The paper as it is read."""
    return read_paper(_SETTERS[language].set(paper, content))


def wrong(paper: Paper, content: Content, language: Language = Language.ZH) -> list[str]:
    """What a reader finds wrong with it."""
    return faults(printed(paper, content, language), EXPECTED[language][paper], values())


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("paper", PRINTED)
def test_every_value_stands_beside_its_label_and_no_other_does(paper: Paper, language: Language) -> None:
    assert wrong(paper, content_of(paper), language) == []
    assert not re.search(r"R\d\d", "".join(printed(paper, content_of(paper), language))), (
        "a rule by its number"
    )


# --- what would be noticed -------------------------------------------------------------------------------------------


def _sort_of(text: str) -> str:
    """Values that can be taken for each other: figures for figures, days for days, names for names."""
    return "".join(dict.fromkeys("0" if each.isdigit() else "字" if each > "\x7f" else each for each in text))


def _others(text: str) -> Iterator[str]:
    """Values of the order, of the same sort, that may stand by mistake in place of this one."""
    alike = sorted(each for each in values() if each != text and each and _sort_of(each) == _sort_of(text))
    yield from alike[:: max(1, len(alike) // 2)][:2]


def _with(content: Content, path: Path, text: str) -> Content:
    changed = copy.deepcopy(content)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = text
    return changed


@pytest.mark.parametrize("paper", PRINTED)
def test_no_value_can_be_printed_in_place_of_another_without_notice(paper: Paper) -> None:
    """Each value of each paper in place of each other of its sort: seen, unless this paper does not print it at all."""
    content = content_of(paper)
    right, tried = printed(paper, content), 0
    for path, text in leaves(content):
        for other in _others(text):
            page = printed(paper, _with(content, path, other))
            if page == right:
                break
            tried += 1
            found = faults(page, EXPECTED[Language.ZH][paper], values())
            assert found, f"{path}: {other} in place of {text} was not noticed"
    assert tried >= 10


Value = Callable[[Order], Any]
_CONFUSIONS: list[tuple[Paper, Path, Value]] = [
    (Paper.BALANCE, ("balance",), lambda order: amount(order.bill)),
    (Paper.BALANCE, ("bill",), lambda order: amount(order.total)),
    (Paper.BALANCE, ("paid",), lambda order: amount(order.deposit_due)),
    (Paper.BALANCE, ("pay_by",), lambda order: day(order.promise.ship_date)),
    (Paper.BALANCE, ("lines", 0, "quantity"), lambda order: quantity(order.request.lines[0].quantity)),
    (Paper.BALANCE, ("contact",), lambda order: order.request.consignee),
    (Paper.SHEET, ("promised",), lambda order: day(order.promise.ship_date)),
    (Paper.SHEET, ("promised",), lambda order: day(order.promise.production_due)),
    (Paper.SHEET, ("ship_date",), lambda order: day(order.request.wanted_date)),
    (Paper.SHEET, ("consignee",), lambda order: order.request.contact),
    (Paper.SHEET, ("deposit",), lambda order: amount(order.total)),
    (Paper.SHEET, ("deposit",), lambda order: amount(order.ledger.paid)),
    (Paper.SHEET, ("phone",), lambda order: order.request.fax),
    (Paper.SHEET, ("version",), lambda order: str(order.releases[0].number)),
    (Paper.INSTRUCTION, ("production_due",), lambda order: day(order.promise.promised)),
    (Paper.INSTRUCTION, ("promised",), lambda order: day(order.promise.production_due)),
    (Paper.INSTRUCTION, ("lines", 1, "production_date"), lambda order: day(order.promise.production_due)),
    (Paper.INSTRUCTION, ("clerk",), lambda order: order.request.entered_by),
    (Paper.FINISHED, ("labels", 0, "quantity"), lambda order: quantity(order.request.lines[0].quantity)),
    (Paper.FINISHED, ("labels", 0, "produced_on"), lambda order: day(order.promise.production_due)),
    (Paper.FINISHED, ("labels", 1, "lot"), lambda order: order.lots_of(1)[0].lot),
    (Paper.SHIPPING, ("lines", 0, "quantity"), lambda order: quantity(order.request.lines[0].quantity)),
    (Paper.SHIPPING, ("balance",), lambda order: amount(order.bill)),
    (Paper.SHIPPING, ("ship_date",), lambda order: day(order.promise.promised)),
    (Paper.DELIVERY_NOTE, ("notice_reference",), lambda order: order.shipments[0].tracking_number),
    (Paper.DELIVERY_NOTE, ("consignee",), lambda order: order.request.contact),
    (Paper.SHIPMENT, ("lines", 0, "quantity"), lambda order: quantity(order.request.lines[0].quantity)),
    (Paper.SHIPMENT, ("lines", 1, "quantity"), lambda order: quantity(order.releases[0].quantities[2])),
    (Paper.SHIPMENT, ("expected_arrival",), lambda order: day(order.promise.ship_date)),
    (Paper.SHIPMENT, ("to_collect",), lambda order: amount(order.bill)),
    (Paper.RECALL, ("lines", 0, "quantity"), lambda order: quantity(order.releases[0].quantities[1])),
    (Paper.RECALL, ("arrived_at",), lambda order: day(order.shipments[0].expected_arrival)),
    (Paper.RECEIPT, ("entered_by",), lambda order: order.customer.verified_by),
    (Paper.RECEIPT, ("wanted_date",), lambda order: day(order.promise.promised)),
]  # fmt: skip
"""One value of the order in the place of another, as a hand that slips writes it."""


@pytest.mark.parametrize(("paper", "path", "mistaken"), _CONFUSIONS)
def test_what_one_may_take_for_another_is_noticed(paper: Paper, path: Path, mistaken: Value) -> None:
    assert wrong(paper, _with(content_of(paper), path, mistaken(order())))


def test_a_value_that_does_not_belong_there_is_noticed() -> None:
    """The freight agent's customer's deposit on a notice of the balance, say."""
    content = content_of(Paper.BALANCE)
    page = [*printed(Paper.BALANCE, content), "定金¥2,464.37"]
    (found,) = faults(page, EXPECTED[Language.ZH][Paper.BALANCE], values())
    assert "2,464.37" in found


# --- what one order cannot show --------------------------------------------------------------------------------------


def test_a_second_release_names_its_own_goods() -> None:
    """R70, R71: not what was ordered, not what passed in all."""
    life = (
        Life(partial_delivery=True)
        .in_production()
        .made("400", lot="L-1", finished=False)
        .passed("400", lot="L-1")
    )
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release").sent("1")
    life.made("600", lot="L-2").passed("580", lot="L-2", scrapped="20")
    life.decide(Subject.FINANCE_RELEASE, "release").sent("2")
    for paper in (Paper.SHIPPING, Paper.DELIVERY_NOTE, Paper.SHIPMENT):
        contents = [each.content for each in life.order.unsent if each.paper is paper and each.content]
        rows = [
            [row for row in printed(paper, content) if row.startswith("1 | TP-80")] for content in contents
        ]
        assert [{row.split(" | ")[-1] for row in each} for each in rows] == [{"400卷"}, {"580卷"}]


def test_without_an_open_balance_no_amount_is_printed_where_goods_leave() -> None:
    """R62, R70: paid in full; nobody collects anything."""
    life = Life().shipped()
    for paper in (Paper.SHIPPING, Paper.DELIVERY_NOTE, Paper.SHIPMENT):
        content = next(each.content for each in life.order.unsent if each.paper is paper and each.content)
        assert not any("¥" in row or "代收" in row for row in printed(paper, content))


def test_a_sheet_without_deposit_prints_none_and_no_account() -> None:
    """R30: class A on account."""
    life = Life(payment_terms="on_account", customer={"customer_class": "A"}).verified()
    content = next(each.content for each in life.order.unsent if each.paper is Paper.SHEET and each.content)
    page = printed(Paper.SHEET, content)
    assert "合计¥5,000.00（人民币伍仟元整）" in page
    assert not any("定金" in row or "账号" in row for row in page)
