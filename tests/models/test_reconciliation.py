"""A provider's statement beside our books, by hand (R123)."""

from __future__ import annotations

from decimal import Decimal

from models.shop.reconciliation import BookRow, DifferenceKind, differences, summed_up


def row(payment: str, amount: str = "176.00", refund: str = "", currency: str = "CNY") -> BookRow:
    return BookRow(payment, "P-1", Decimal(amount), refund, currency)


def test_what_both_say_alike_is_no_difference() -> None:
    both = [row("a"), row("a", "76.00", "R-1"), row("b", "0.01")]
    assert differences(both, reversed(both)) == []
    assert differences([], []) == []


def test_each_difference_by_its_kind_in_order() -> None:
    ours = [row("a"), row("b"), row("d"), row("a", "5.00", "R-1"), row("e")]
    theirs = [row("b", "175.99"), row("c"), row("d", currency="USD"), row("a", "6.00", "R-1"), row("e")]
    found = [(each.subject, each.kind.value, each.ours, each.theirs) for each in differences(ours, theirs)]
    whole = Decimal("176.00")
    assert found == [
        ("payment/a", "not_there", whole, None),
        ("payment/b", "amount", whole, Decimal("175.99")),
        ("payment/c", "not_here", None, whole),
        ("payment/d", "currency", whole, whole),
        ("refund/R-1", "amount", Decimal("5.00"), Decimal("6.00")),
    ]


def test_the_first_of_many_are_named() -> None:
    many = summed_up(differences([row(str(number)) for number in range(8)], []))
    assert many["what_en"].count(DifferenceKind.NOT_THERE.en) == 5
    assert many["what_en"].endswith(" …")
    assert DifferenceKind.NOT_THERE.zh in many["what_zh"]
