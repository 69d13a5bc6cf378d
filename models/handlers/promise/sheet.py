"""The confirmation sheet 客户订单确认书: sent, received, returned, scanned (R30, R31, R33)."""

from __future__ import annotations

from datetime import datetime

from models.documents.sheet_changes import changes_between
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages import fact_contents
from models.messages.authors import is_customer
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.messages.link_signature import LinkSignature
from models.order.order import Order
from models.order.seen import stale
from models.order.sheet import Sheet, SheetReturn, faults_of
from models.values.editions import Edition
from models.values.errors import ChangeWords, Code, Refusal, TooEarly
from models.values.vocabulary import Role, Words

FACTS = FactTable()
UNCHECKED = "sheet_unchecked"
_UNCHECKED = Words("确认书未经核对即发出", "the sheet was sent without being checked")
_NOT_THE_PAGE = Words(
    "经链接的签字只由客户页面报告", "a signature by a link is told by the customer's page alone"
)
_NOT_ITS_NAME = Words(
    "签字人须与页面上所填姓名一致，并写明签字编号",
    "who signed is the name that was typed on the page, and the signature has a reference",
)


def sheet_of(order: Order, version: int, rule: str) -> Sheet:
    """The sheet in force, which is this version. Raises TooEarly for one that is not made yet, Refusal(stale_version)."""
    current = order.sheet
    newest = order.sheets[-1].version if order.sheets else 0
    if version > newest:
        raise TooEarly
    if current is None or version != current.version:
        now = current.version if current else newest + 1
        words = Words(
            f"第{version}版确认书已失效，现在是第{now}版",
            f"sheet version {version} is void; version {now} is current",
        )
        raise stale(words, changes_of_sheets(order, version), where="content.version", rule=rule)
    return current


def changes_of_sheets(order: Order, version: int) -> tuple[ChangeWords, ...]:
    """What stands otherwise on the newest sheet than on that one; nothing for one that never was."""
    known = next((sheet for sheet in order.sheets if sheet.version == version), None)
    return () if known is None else tuple(changes_between(known.content, order.sheets[-1].content))


@FACTS.row(
    fact_contents.SheetSent,
    (Role.SERVICE_CLERK, Role.MERCHANDISER, Role.SYSTEM),
    Words("确认书已发", "sheet sent"),
)
def sheet_sent(order: Order, envelope: Envelope, content: fact_contents.SheetSent) -> None:
    """R30: the sheet went out; the day counts from the copy that the customer can read (R34)."""
    sheet = sheet_of(order, content.version, "R30")
    if sheet.last_sent_at is None and sheet.sent_at is None:
        note_unchecked(order, envelope, sheet.version)
    sheet.last_sent_at = envelope.happened_at
    if sheet.sent_at is None:
        sheet.sent_at = envelope.happened_at


@FACTS.row(
    fact_contents.SheetReceived,
    (Role.CUSTOMER, Role.SERVICE_CLERK),
    Words("客户收到确认书", "sheet received"),
)
def sheet_received(order: Order, envelope: Envelope, content: fact_contents.SheetReceived) -> None:
    """R30: the customer has a legible copy; an illegible one is sent again and slips nothing.

    A copy that came back clean was legible: that it was not, told afterwards, changes nothing (R31).
    """
    sheet = sheet_of(order, content.version, "R30")
    if sheet.last_sent_at is None:
        raise TooEarly
    if content.legible:
        sheet.received_at = envelope.happened_at
    elif not sheet.is_clean:
        sheet.sent_at = None
        sheet.received_at = None


@FACTS.row(
    fact_contents.ConfirmationReturned,
    (Role.CUSTOMER, Role.SERVICE_CLERK, Role.SALESPERSON, Role.SYSTEM),
    Words("确认书回传", "confirmation sheet returned"),
)
def confirmation_returned(
    order: Order, envelope: Envelope, content: fact_contents.ConfirmationReturned
) -> None:
    """R31: a clean return is the production instruction; a faulty one goes back until it is clean.

    A salesperson hands the paper in with it; what was only told, and a name that was typed by a link without a code,
    waits for a clerk who looks at the signature.
    """
    sheet = sheet_of(order, content.version, "R31")
    if content.link_signature is not None:
        _require_own_signature(envelope, content, content.link_signature)
        sheet.link_signatures[content.document] = content.link_signature
        if not content.link_signature.is_proved:
            _look_at_signature(sheet, content.document)
            return
    faults = faults_of(content, order.customer.designated_signers if order.signs_sheet else ())
    if envelope.role is Role.SALESPERSON and not content.document and not faults and order.signs_sheet:
        _look_at_what_was_told(order, sheet, envelope.by)
        return
    if content.document in sheet.scans:
        sheet.scans.remove(content.document)
    at = _signed_at(sheet, envelope, content)
    sheet.returns.append(
        SheetReturn(
            at=at,
            recorded_at=order.clock,
            signed_by=content.signed_by,
            faults=faults,
            document=content.document,
        )
    )
    if faults and not sheet.is_clean:
        order.intend(
            Paper.SHEET_AGAIN,
            f"{sheet.version}:{len(sheet.returns)}",
            (Role.CUSTOMER, Role.SALESPERSON),
            "R31",
            version=sheet.version,
            faults=Words.listed(faults),
        )
    elif not faults and (sheet.clean_at is None or at < sheet.clean_at):
        sheet.clean_at, sheet.clean_recorded_at = at, order.clock
        if sheet.last_sent_at is None and sheet.sent_at is None:
            note_unchecked(order, envelope, sheet.version)
        sheet.sent_at = sheet.sent_at or at


def _require_own_signature(
    envelope: Envelope, content: fact_contents.ConfirmationReturned, signature: LinkSignature
) -> None:
    """R31: only the customer's page tells of a signature by a link, and of the very name that was typed there.

    Raises Refusal(wrong_role, contradiction).
    """
    if not is_customer(envelope.by):
        raise Refusal(Code.WRONG_ROLE, _NOT_THE_PAGE, where="content.link_signature", rule="R31")
    if not content.document or content.signed_by != signature.signer:
        raise Refusal(Code.CONTRADICTION, _NOT_ITS_NAME, where="content.signed_by", rule="R31")


def _look_at_signature(sheet: Sheet, document: str) -> None:
    """R31: a name without a code is no signature yet; a clerk looks whether it is the signer's."""
    if not sheet.is_clean and document not in sheet.scans:
        sheet.scans.append(document)


def _signed_at(sheet: Sheet, envelope: Envelope, content: fact_contents.ConfirmationReturned) -> datetime:
    """When it came back: a signature by a link when it was given, however much later a clerk looked at it (R34)."""
    signature = sheet.link_signatures.get(content.document)
    return envelope.happened_at if signature is None else min(signature.signed_at, envelope.happened_at)


def _look_at_what_was_told(order: Order, sheet: Sheet, person: str) -> None:
    """R31: a signed sheet that a salesperson told of without handing it in stands like a picture that nobody looked at."""
    told = f"{person}-{sheet.version}"
    if not sheet.is_clean and told not in sheet.scans:
        sheet.scans.append(told)


@FACTS.row(
    fact_contents.SheetScanned,
    (Role.SYSTEM, Role.SERVICE_CLERK, Role.SERVICE_ASSISTANT),
    Words("确认书扫描件", "sheet scanned"),
)
def sheet_scanned(order: Order, envelope: Envelope, content: fact_contents.SheetScanned) -> None:
    """R31: a picture of the sheet is here; whether it is rightly signed a clerk says by `confirmation_returned`."""
    if content.version > len(order.sheets):
        # unlike other facts it cannot be early: nobody scans a sheet that was never made
        words = Words(
            "没有第{given}版，现行为第{current}版",
            "there is no version {given}; version {current} is current",
        )
        raise Refusal(
            Code.STALE_VERSION,
            words.filled(given=content.version, current=len(order.sheets)),
            where="content.version",
            rule="R31",
        )
    sheet = sheet_of(order, content.version, "R31")
    if not sheet.content_hash.startswith(content.content_hash):
        raise Refusal(
            Code.STALE_VERSION,
            Words(
                "扫描件的内容与现行确认书不符", "the scanned sheet has another content than the one in force"
            ),
            where="content.content_hash",
            rule="R31",
        )
    known = {*sheet.scans, *(each.document for each in sheet.returns)}
    if content.document not in known:
        sheet.scans.append(content.document)


def waits_for_sheet(order: Order) -> bool:
    """A sheet that went out is not back clean, and nobody may produce before that (R33, R34)."""
    sheet = order.sheet
    return sheet is not None and sheet.sent_at is not None and not sheet.is_clean and not order.is_class_a


def note_unchecked(order: Order, envelope: Envelope, version: int) -> None:
    """R170, R86: a sheet that went out without the second look; it happened, so it is noted and stops nothing."""
    sheet = order.sheets[version - 1]
    if not order.follows(Edition.DAILY_DUTIES) or sheet.checked_at is not None:
        return
    role = envelope.role if envelope.role in (Role.MERCHANDISER, Role.SERVICE_CLERK) else Role.SERVICE_CLERK
    person = envelope.by if envelope.role is role else order.staff.person(role)
    order.note(
        EntryKind.LIABILITY,
        f"{UNCHECKED}:{version}",
        at=envelope.happened_at,
        by=envelope.by,
        role=envelope.role,
        rule="R170",
        liable={role.value: person},
        zh=_UNCHECKED.zh,
        en=_UNCHECKED.en,
    )
