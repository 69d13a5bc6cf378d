"""The second look at the confirmation sheet: every item of the printed version is ticked before it is sent (R170)."""

from __future__ import annotations

from models.dossier.decisions import keep_apart
from models.dossier.journal import EntryKind
from models.handlers.amendments import void_sheet
from models.handlers.promise.sheet import UNCHECKED, sheet_of
from models.messages import fact_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.order import Order
from models.order.sheet import CHECKED_FIELDS, CHECKED_OF_A_LINE
from models.values.errors import Code, Refusal
from models.values.field_words import field_words
from models.values.vocabulary import Role, Words

FACTS = FactTable()
_NOT_TICKED = Words("还没有核对：{what}", "not checked yet: {what}")
_NO_FIELD = Words("确认书上没有 {what}", "the sheet has no {what}")
_SENT = Words("确认书已发出，不能再事前核对", "the sheet has been sent; it cannot be checked before any more")
_SECOND = Words(
    "录单人不能核对自己录入的确认书（{who}）", "who entered the order does not check its sheet ({who})"
)


@FACTS.row(
    fact_contents.SheetChecked,
    (Role.SERVICE_CLERK, Role.MERCHANDISER),
    Words("确认书核对", "sheet checked"),
)
def sheet_checked(order: Order, envelope: Envelope, content: fact_contents.SheetChecked) -> None:
    """R170: each field and each line was compared; what differs is asked for anew and makes a new version.

    Raises Refusal: stale_version (another version is printed), missing_field (not everything is ticked), unknown_field,
    unknown_line, same_person (by policy another person than who entered the order), too_late (it was sent).
    """
    sheet = sheet_of(order, content.version, "R170")
    sent_at = sheet.last_sent_at or sheet.sent_at
    if sent_at is not None and envelope.happened_at > sent_at:
        raise Refusal(Code.TOO_LATE, _SENT, where="content.version", rule="R170")
    if order.policy.sheet.second_person:
        words = _SECOND.filled(who=envelope.by)
        keep_apart(order, "R170", envelope.by, {order.request.entered_by}, words)
    lines = {line.line for line in order.request.lines}
    _require_known(content, lines)
    if content.differing:
        _ask_anew(order, content.differing)
        return
    unticked = set(CHECKED_FIELDS) - order.kind.not_on_the_sheet - set(content.fields)
    missing = [field_words(name) for name in CHECKED_FIELDS if name in unticked]
    missing += [
        Words(f"第{number}行", f"line {number}") for number in sorted(lines) if number not in content.lines
    ]
    if missing:
        where = "content.fields" if unticked else "content.lines"
        words = _NOT_TICKED.filled(what=Words.listed(missing))
        raise Refusal(Code.MISSING_FIELD, words, where=where, rule="R170")
    if sent_at is not None and sheet.checked_at is None:
        # told after the sending, and done before it: nobody answers for an unchecked sheet (R86)
        order.note(EntryKind.VOIDED, f"{UNCHECKED}:{sheet.version}", rule="R170")
    sheet.checked_at, sheet.checked_by = envelope.happened_at, envelope.by


def _require_known(content: fact_contents.SheetChecked, lines: set[int]) -> None:
    for number in content.lines:
        if number not in lines:
            raise _unknown(Code.UNKNOWN_LINE, str(number), "content.lines")
    for name in content.fields:
        if name not in CHECKED_FIELDS:
            raise _unknown(Code.UNKNOWN_FIELD, name, "content.fields")
    for name in content.differing:
        head, _, rest = name.partition(".")
        line, _, field = rest.partition(".")
        of_a_line = head == "lines" and line.isdecimal() and len(line) < 10 and int(line) in lines
        if name not in CHECKED_FIELDS and not (of_a_line and field in CHECKED_OF_A_LINE):
            raise _unknown(Code.UNKNOWN_FIELD, name, "content.differing")


def _unknown(code: Code, what: str, where: str) -> Refusal:
    return Refusal(code, _NO_FIELD.filled(what=what[:100]), where=where, rule="R170")


def _ask_anew(order: Order, differing: tuple[str, ...]) -> None:
    """What differs is unclear (R12): it is asked for, looked at again where something rests on it, and printed anew."""
    unclear = tuple(dict.fromkeys([*order.request.unclear, *differing]))
    order.take_version(order.request.model_copy(update={"unclear": unclear}))
    order.request_version += 1
    void_sheet(order)
    order.phase = order.kind.sequence[0]
