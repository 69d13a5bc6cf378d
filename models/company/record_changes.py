"""What changed in a record of the company: field by field, before and after; and what somebody did not see of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from models.values.errors import ChangeWords, Code, Refusal
from models.values.vocabulary import Term, Words

_MEANWHILE = Words(
    "您填写时，{who} 已改过这条记录；请看改了什么，再决定是否保存",
    "while you were writing, {who} changed this record; look at what changed, then decide whether to save",
)


class RecordKind(Term):
    """Which record of the company was changed."""

    CUSTOMER = "customer", "客户", "customer"
    PRICE = "price", "价目", "price"
    PERSON = "person", "人员", "person of the staff"
    CALENDAR_DAY = "calendar_day", "日历", "day of the calendar"
    MACHINE_LINE = "machine_line", "机台", "machine line"
    PRODUCT = "product", "商品", "product of the shop"
    OWN_PRICE = "own_price", "客户专价", "own price of a customer"


class ChangeWay(Term):
    """By which way a record was changed."""

    PAGE = "page", "页面", "page"
    IMPORT = "import", "导入", "import"
    NOTICE = "notice", "补地址", "address supplied for a notice"
    ORDER = "order", "订单", "on an order"
    SHOP = "shop", "网店", "by the customer in the shop"
    API = "api", "接口", "by a program"


class FieldChange(BaseModel):
    """One field, before and after, as they are kept; a field that a new record began with has no `before`."""

    field: str
    before: Any = None
    after: Any = None


class RecordChange(BaseModel):
    """One change of one record. `number` counts all changes of the company; `at` UTC."""

    number: int
    at: datetime
    person: str
    way: ChangeWay
    kind: RecordKind
    subject: str
    is_new: bool = False
    fields: tuple[FieldChange, ...] = ()


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields in which a record differs from what it was; of a new one those that say something.

    Nothing, an empty text and an empty list are the same: nothing was said.
    """
    known = before or {}
    return tuple(
        FieldChange(field=name, before=known.get(name), after=value)
        for name, value in after.items()
        if _said(known.get(name)) != _said(value)
    )


def _said(value: Any) -> Any:
    return None if value in ("", [], (), {}) else value


def require_seen(
    seen: int, changes: Iterable[RecordChange], who: Mapping[str, str], words_of: Mapping[str, Words]
) -> None:
    """Whoever saves has seen all changes of the record, up to `seen`.

    Raises Refusal(stale_version) that names who was first and every field that became another since.
    """
    missed = [change for change in changes if change.number > seen]
    if not missed:
        return
    found: dict[str, FieldChange] = {}
    for change in sorted(missed, key=lambda each: each.number):
        for each in change.fields:
            first = found.get(each.field)
            before = first.before if first is not None else each.before
            found[each.field] = FieldChange(field=each.field, before=before, after=each.after)
    people = dict.fromkeys(who.get(change.person, change.person) or "-" for change in missed)
    raise Refusal(
        Code.STALE_VERSION,
        _MEANWHILE.filled(who=Words("、".join(people), ", ".join(people))),
        where=", ".join(found),
        changes=tuple(_in_words(each, words_of) for each in found.values()),
    )


def _in_words(change: FieldChange, words_of: Mapping[str, Words]) -> ChangeWords:
    name = words_of.get(change.field, Words(change.field, change.field))
    before, after = value_words(change.before), value_words(change.after)
    return {
        "field": {"zh": name.zh, "en": name.en},
        "before": {"zh": before.zh, "en": before.en},
        "after": {"zh": after.zh, "en": after.en},
    }


def value_words(value: Any, terms: Iterable[Term] = (), names: Mapping[str, Words] | None = None) -> Words:
    """A value as people read it: a list as an enumeration, a group of fields as pairs, a term by its words."""
    if value is None or value in ("", [], {}):
        return Words("无", "none")
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if isinstance(value, (list, tuple)):
        return Words.listed([value_words(each, terms, names) for each in value])
    if isinstance(value, Mapping):
        said = [
            Words("{name} {value}", "{name} {value}").filled(
                name=(names or {}).get(name, Words(name, name)), value=value_words(each, terms, names)
            )
            for name, each in value.items()
            if each not in (None, "", [])
        ]
        return Words.listed(said)
    known = next((term for term in terms if term.value == value), None)
    text = str(value)
    return Words(known.zh, known.en) if known is not None else Words(text, text)
