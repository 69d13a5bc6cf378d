"""The customer's file 客户档案 as the order keeps it: refreshed by a recorded fact, and by nothing else (R15, R17, R31)."""

from __future__ import annotations

from typing import Any

from models.dossier.decisions import void
from models.dossier.journal import EntryKind
from models.handlers.amendments import void_sheet
from models.messages import fact_contents
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.order import Order
from models.request.order_start import CustomerFile
from models.request.request_versions import differences
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Role, Words

FACTS = FactTable()
_NO_FILE = Words(
    "没有附上客户档案；请在网页或命令行更新，由系统从客户资料读入",
    "the customer's file is not with it: refresh it by page or command, which read it from the customers",
)
_OTHER = Words(
    "档案是客户 {given} 的，此订单的客户是 {known}",
    "this is the file of {given}; the order's customer is {known}",
)

RESTS_ON_THE_FILE: dict[str, frozenset[Subject]] = {
    "customer_class": frozenset({Subject.APPROVAL, Subject.ORDER_APPROVAL, Subject.THREE_PARTY}),
    "contract": frozenset({Subject.CONTRACT, Subject.APPROVAL, Subject.ORDER_APPROVAL}),
}
"""What counts no longer when this part of the file is another. Name and signers void nothing: they stand on the next
paper, and the next sheet that comes back is looked at by them (R31)."""


@FACTS.row(
    fact_contents.CustomerFileRefreshed,
    (Role.SERVICE_CLERK, Role.SALESPERSON, Role.SERVICE_SUPERVISOR),
    Words("更新客户档案", "customer file refreshed"),
)
def customer_file_refreshed(
    order: Order, envelope: Envelope, content: fact_contents.CustomerFileRefreshed
) -> None:
    """R15, R17, R31: the file as it is kept now takes the place of the one the order had; both are in the journal."""
    file, before = content.file, order.customer
    if file is None:
        raise Refusal(Code.MISSING_FIELD, _NO_FILE, where="content.file", rule="R17")
    if file.customer != before.customer:
        words = _OTHER.filled(given=file.customer, known=before.customer)
        raise Refusal(Code.CONTRADICTION, words, where="content.file.customer", rule="R17")
    changes = differences(_fields(before), _fields(file))
    if not changes:
        return
    deposit = order.deposit_due
    order.customer = file
    order.request_version += 1
    order.remember(changes)
    order.note(
        EntryKind.REFRESHED,
        "customer_file",
        by=envelope.by,
        role=envelope.role,
        rule="R17",
        version=order.version,
        changes=[lasting(change) for change in changes],
    )
    _ask_anew(order, {change.field.partition(".")[0] for change in changes})
    if order.deposit_due != deposit:
        void_sheet(order)


def _ask_anew(order: Order, parts: set[str]) -> None:
    """What rested on class and contract is looked at again, from the order's beginning (R15, R28, R33)."""
    for part in sorted(parts & RESTS_ON_THE_FILE.keys()):
        for subject in sorted(RESTS_ON_THE_FILE[part]):
            void(order, subject)
    if parts & RESTS_ON_THE_FILE.keys() and not order.everything_left:
        order.phase = order.kind.sequence[0]


def _fields(file: CustomerFile) -> dict[str, Any]:
    """The parts of a file by their place; those of the contract one by one."""
    fields: dict[str, Any] = lasting(file)
    contract = fields.pop("contract", None) or {}
    return {**fields, **{f"contract.{name}": value for name, value in contract.items() if value is not None}}
