"""What changed from one version of the confirmation sheet to the next, as people read it (R30, R83)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from models.request.request_versions import FieldChange
from models.values.field_words import field_words
from models.values.vocabulary import (
    Channel,
    CustomerClass,
    DeliveryMethod,
    FreightTerms,
    Fulfilment,
    PaymentTerms,
    Term,
    Unit,
    Words,
)
from models.writing.printed_figures import Both, both, figures, percent, price, quantity

_YES, _NO = Words("是", "yes"), Words("否", "no")


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> Iterator[dict[str, Both]]:
    """Each field whose value is another now, with both values; the two are contents of sheets."""
    old, new = _flat(before), _flat(after)
    for place in sorted(old.keys() | new.keys()):
        then, now = _said(place, old.get(place)), _said(place, new.get(place))
        if then != now:
            yield {"field": both(field_words(place)), "before": then, "after": now}


def changes_in_words(changes: Iterable[FieldChange]) -> list[dict[str, Both]]:
    """Changes of fields as people read them; a change that reads the same before and after is left out."""
    told = [
        {
            "field": both(field_words(change.field)),
            "before": _said(change.field, change.before),
            "after": _said(change.field, change.after),
        }
        for change in changes
    ]
    return [each for each in told if each["before"] != each["after"]]


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    """The fields of a sheet by place: `lines.2.quantity`. Payment terms are those in force (R38)."""
    request = dict(content["request"])
    lines = request.pop("lines")
    fields = {
        **request,
        "promised": content["promised"],
        "deposit": content["deposit"],
        "payment_terms": content["terms"],
    }
    for line in lines:
        number = line["line"]
        fields |= {f"lines.{number}.{name}": value for name, value in line.items() if name != "line"}
    return fields


def _said(place: str, value: Any) -> Both:
    if value in (None, "", []):
        return {"zh": "", "en": ""}
    if isinstance(value, bool):
        return both(_YES if value else _NO)
    say = _SAID_AS.get(place.rpartition(".")[2])
    return say(value) if say is not None else _same_in_both(str(value))


def _same_in_both(text: str) -> Both:
    return {"zh": text, "en": text}


def _number(shown: Callable[[Decimal], str]) -> Callable[[Any], Both]:
    return lambda value: _same_in_both(shown(Decimal(value)))


def _label(terms: type[Term]) -> Callable[[Any], Both]:
    return lambda value: both(terms(value))


def _listed(values: list[str]) -> Both:
    return both(Words.listed(Words(each, each) for each in values))


_SAID_AS: dict[str, Callable[[Any], Both]] = {
    "channel": _label(Channel),
    "fulfilment": _label(Fulfilment),
    "payment_terms": _label(PaymentTerms),
    "delivery_method": _label(DeliveryMethod),
    "freight_terms": _label(FreightTerms),
    "unit": _label(Unit),
    "quantity": _number(quantity),
    "unit_price": _number(price),
    "deposit": _number(figures),
    "total": _number(figures),
    "bill": _number(figures),
    "open_balance": _number(figures),
    "balance": _number(figures),
    "tolerance_percent": _number(lambda value: f"±{percent(value)}"),
    "deposit_percent": _number(percent),
    "checkpoints": _listed,
    "designated_signers": _listed,
    "delivery_methods": lambda values: both(Words.listed(DeliveryMethod(each) for each in values)),
    "customer_class": _label(CustomerClass),
}
"""How the value of a field is written; any other is written as it is."""
