"""Whether what somebody saw is still so: the version of the order, and the figures that the act rests on (R83)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from models.documents.sheet_changes import changes_in_words
from models.messages.seen import Seen, goods_of
from models.request.request_versions import FieldChange, changes_since
from models.values.errors import ChangeWords, Code, Refusal
from models.values.vocabulary import Words

if TYPE_CHECKING:
    from models.order.order import Order

_STALE = Words(
    "您看到的内容已有变化，请按现在的重新确认", "what you saw is no longer so; look at it as it is now"
)
_VERSIONS = Words(
    "您看到的是订单第{given}版，现在是第{now}版",
    "you saw version {given} of the order; version {now} is current",
)
_TOLD = Words("{words}：{changes}", "{words}: {changes}")
_ONE = Words("{field} {before} → {after}", "{field} {before} → {after}")
_NOTHING = Words("（无）", "(nothing)")
_MORE = Words("；另有 {count} 项", "; and {count} more")
MOST_TOLD = 10


def require_in_force(order: Order, seen: Seen) -> None:
    """Raises Refusal(stale_version) that says what became another since: field, before and after."""
    changes = [*_of_the_request(order, seen), *_of_the_figures(order, seen), *_of_the_release(order, seen)]
    if seen.version is not None and seen.version != order.version:
        words = _VERSIONS.filled(given=seen.version, now=order.version)
    elif changes:
        words = _STALE
    else:
        return
    raise stale(words, changes_in_words(changes), where="seen")


def stale(words: Words, changes: Iterable[ChangeWords], *, where: str, rule: str = "R83") -> Refusal:
    """A refusal of an answer to something older, with what became another since."""
    told = tuple(changes)
    return Refusal(Code.STALE_VERSION, _with_changes(words, told), where=where, rule=rule, changes=told)


def _with_changes(words: Words, changes: tuple[ChangeWords, ...]) -> Words:
    if not changes:
        return words
    each = [
        _ONE.filled(
            field=_words(change["field"]), before=_words(change["before"]), after=_words(change["after"])
        )
        for change in changes[:MOST_TOLD]
    ]
    listed = Words(";".join(one.zh for one in each), "; ".join(one.en for one in each))
    more = len(changes) - len(each)
    rest = _MORE.filled(count=more) if more else Words("", "")
    told = _TOLD.filled(words=words, changes=listed)
    return Words(told.zh + rest.zh, told.en + rest.en)


def _words(both: dict[str, str]) -> Words:
    return Words(both["zh"] or _NOTHING.zh, both["en"] or _NOTHING.en)


def _of_the_request(order: Order, seen: Seen) -> list[FieldChange]:
    if seen.version is None or seen.version >= order.version:
        return []
    return changes_since(order.versions, seen.version)


def _of_the_figures(order: Order, seen: Seen) -> Iterator[FieldChange]:
    for name in ("bill", "open_balance"):
        before, now = getattr(seen, name), getattr(order, name)
        if before is not None and before != now:
            yield FieldChange(field=name, before=str(before), after=str(now))


def _of_the_release(order: Order, seen: Seen) -> Iterator[FieldChange]:
    if seen.release is None:
        return
    release = order.find_release(seen.release)
    now = goods_of(release.quantities) if release is not None else ""
    if release is None or (seen.goods and seen.goods != now):
        yield FieldChange(field="goods", before=seen.goods or str(seen.release), after=now)
