"""What operators search open orders by: no personal data, staff as opaque ids, within the server's limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from temporalio.common import (
    SearchAttributeIndexedValueType,
    SearchAttributeKey,
    SearchAttributeUpdate,
    TypedSearchAttributes,
)

from models.dossier.dossier import Dossier
from models.order.order import Order
from models.values.calendar import at
from models.values.vocabulary import CustomerClass, Role
from workflows.engine.step_list import holding_up

STAGE = SearchAttributeKey.for_keyword("DingdanStage")
"""The headline that people read (`awaiting_deposit`)."""
WAITS_ON = SearchAttributeKey.for_keyword_list("DingdanWaitsOn")
"""The roles and the persons' ids that an open step waits on."""
WAITS_FOR = SearchAttributeKey.for_keyword_list("DingdanWaitsFor")
"""The kinds of the open steps (`sheet_back`, `deposit`)."""
RULE = SearchAttributeKey.for_keyword("DingdanRule")
"""The rule of the step that has held the order up longest."""
OVERDUE = SearchAttributeKey.for_bool("DingdanOverdue")
WAITING_SINCE = SearchAttributeKey.for_datetime("DingdanWaitingSince")
"""Since when the longest open step is open (UTC, whole seconds)."""
PROMISED_DATE = SearchAttributeKey.for_datetime("DingdanPromisedDate")
"""Noon (+08:00) of the promised day, so that the day reads the same in UTC."""
CUSTOMER_CLASS = SearchAttributeKey.for_keyword("DingdanCustomerClass")
SALESPERSON = SearchAttributeKey.for_keyword("DingdanSalesperson")
"""The salesperson's id."""

_KEYS: tuple[SearchAttributeKey[Any], ...] = (
    STAGE,
    WAITS_ON,
    WAITS_FOR,
    RULE,
    OVERDUE,
    WAITING_SINCE,
    PROMISED_DATE,
    CUSTOMER_CLASS,
    SALESPERSON,
)
_BY_NAME = {key.name: key for key in _KEYS}
SEARCH_ATTRIBUTES: dict[str, SearchAttributeIndexedValueType] = {
    name: key.indexed_value_type for name, key in _BY_NAME.items()
}
"""Name and type of each, as a namespace must know them."""

LONGEST_KEYWORD = 255
_NOON = 12


def _values(order: Order) -> dict[str, Any]:
    promised = order.promise.promised
    return {
        **values_of_case(order, order.headline.value, order.customer_class),
        PROMISED_DATE.name: at(promised, _NOON) if promised else None,
    }


def values_of_case(dossier: Dossier, stage: str, customer_class: CustomerClass) -> dict[str, Any]:
    """What any case is searched by; a day is promised by an order alone."""
    steps = holding_up(dossier) if dossier.lives else []
    first = steps[0] if steps else None
    waits_on = {role.value for step in steps for role in step.roles} | {
        person for step in steps for person in step.people
    }
    return {
        STAGE.name: stage,
        WAITS_ON.name: _keywords(waits_on),
        WAITS_FOR.name: _keywords({step.kind.value for step in steps}),
        RULE.name: first.rule if first else None,
        OVERDUE.name: any(step.overdue_at is not None for step in steps),
        WAITING_SINCE.name: first.since.replace(microsecond=0) if first else None,
        PROMISED_DATE.name: None,
        CUSTOMER_CLASS.name: customer_class.value,
        SALESPERSON.name: dossier.staff.person(Role.SALESPERSON)[:LONGEST_KEYWORD] or None,
    }


def _keywords(values: set[str]) -> list[str] | None:
    return sorted(value[:LONGEST_KEYWORD] for value in values) or None


def _same(known: Any, wanted: Any) -> bool:
    if type(known) in (list, tuple):
        return list(known) == (wanted or [])
    return bool(known == wanted)


def changed_attributes(order: Order, known: TypedSearchAttributes) -> list[SearchAttributeUpdate[Any]]:
    """What must be upserted so that the order is found as it is now; empty when nothing changed."""
    return changed_values(_values(order), known)


def changed_values(
    wanted: Mapping[str, Any], known: TypedSearchAttributes
) -> list[SearchAttributeUpdate[Any]]:
    """What of these must be upserted; empty when nothing changed."""
    kept = {pair.key.name: pair.value for pair in known}
    updates: list[SearchAttributeUpdate[Any]] = []
    for name, key in _BY_NAME.items():
        value = wanted[name]
        if _same(kept.get(name), value):
            continue
        updates.append(key.value_unset() if value is None else key.value_set(value))
    return updates
