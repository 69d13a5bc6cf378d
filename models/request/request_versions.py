"""The versions of a request: what became another with each, and several changes taken together (R83)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from models.request.order_request import LineChange, NewLine, OrderRequest, RequestChange
from models.values.fingerprint import lasting

_NO_FIELDS_OF_THE_ORDER = ("words", "request_id", "entered_by", "entered_role", "read_back", "in_writing")


class FieldChange(BaseModel):
    """One field that is another now, by its place (`address`, `lines.2.quantity`). None where there was nothing."""

    field: str
    before: Any = None
    after: Any = None


class RequestVersion(BaseModel):
    """A version of the request, and what became another with it."""

    version: int
    changes: list[FieldChange] = []


def fields_of(request: OrderRequest) -> dict[str, Any]:
    """Every field that may change by its place, with its value as plain data, and the total."""
    fields: dict[str, Any] = lasting(request, leaving_out=_NO_FIELDS_OF_THE_ORDER)
    for line in fields.pop("lines"):
        fields |= {f"lines.{line['line']}.{name}": value for name, value in line.items() if name != "line"}
    return {**fields, "total": str(request.total)}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[FieldChange]:
    """What is another in the later one, in the order of the fields; lines that came or went field by field."""
    places = [*before, *(place for place in after if place not in before)]
    return [
        FieldChange(field=place, before=before.get(place), after=after.get(place))
        for place in places
        if before.get(place) != after.get(place)
    ]


def changes_since(versions: Iterable[RequestVersion], version: int) -> list[FieldChange]:
    """All that became another after this version: from what it was then to what it is now."""
    found: dict[str, FieldChange] = {}
    for each in versions:
        for change in each.changes if each.version > version else ():
            first = found.get(change.field)
            before = first.before if first is not None else change.before
            found[change.field] = FieldChange(field=change.field, before=before, after=change.after)
    return [change for change in found.values() if change.before != change.after]


# --- several changes as one ------------------------------------------------------------------------------------------


def merged(changes: Sequence[RequestChange]) -> RequestChange:
    """Changes that were asked for one after the other as one: of what is named twice the later counts."""
    given: dict[str, object] = {}
    lines: dict[int, LineChange] = {}
    added: dict[int, NewLine] = {}
    dropped: set[int] = set()
    for change in changes:
        given |= change.given()
        for each in change.lines:
            dropped.discard(each.line)
            if each.line in added:
                added[each.line] = added[each.line].model_copy(update=_said(each))
            else:
                known = lines.get(each.line, each)
                lines[each.line] = known.model_copy(update=_said(each))
        added |= {new.line: new for new in change.added_lines if new.line is not None}
        for number in change.dropped_lines:
            lines.pop(number, None)
            if added.pop(number, None) is None:
                dropped.add(number)
    return RequestChange.model_validate(
        {
            **given,
            "lines": tuple(lines.values()),
            "added_lines": tuple(added.values()),
            "dropped_lines": tuple(sorted(dropped)),
        }
    )


def overtaken(earlier: RequestChange, later: RequestChange) -> list[str]:
    """The places that both name, with another value in the later one: there the earlier one counts no more."""
    then, now = dict(_places(earlier)), dict(_places(later))
    gone = {f"lines.{number}" for number in later.dropped_lines}
    back = {f"lines.{each.line}" for each in later.lines}
    return [
        place
        for place, value in then.items()
        if (place in now and now[place] != value)
        or place.rpartition(".")[0] in gone
        or (place in back and value == _DROPPED)
    ]


def still_counts(earlier: RequestChange, later: Sequence[RequestChange], together: RequestChange) -> bool:
    """Whether anything of a change is left that no later one names, and that comes of all of them together.

    A line that was to be dropped and is named later stays; one that was added and is dropped never was. A line stays the
    one that was added, however it is changed later.
    """
    added = {new.line for new in together.added_lines}
    if any(new.line in added for new in earlier.added_lines):
        return True
    named = {place for change in later for place, _ in _places(change)}
    comes = {place for place, _ in _places(together)}
    return any(place in comes and place not in named for place, _ in _places(earlier))


_DROPPED = "-"


def _places(change: RequestChange) -> Iterator[tuple[str, object]]:
    yield from change.given().items()
    for each in change.lines:
        yield from ((f"lines.{each.line}.{name}", value) for name, value in _said(each).items())
    for new in change.added_lines:
        named = {name: value for name, value in new if name != "line" and value not in (None, "")}
        yield from ((f"lines.{new.line}.{name}", value) for name, value in named.items())
    for number in change.dropped_lines:
        yield f"lines.{number}", _DROPPED


def _said(change: LineChange) -> dict[str, object]:
    return {name: value for name, value in change if name != "line" and value is not None}
