"""The confirmation sheet 销售部客户订单确认书: versions, sendings, returns and what is wrong with them (R30, R31)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from models.messages.fact_contents import ConfirmationReturned
from models.messages.link_signature import LinkSignature
from models.values.money import Amount
from models.values.vocabulary import Term


class Fault(Term):
    """Why a returned sheet is not clean (R31)."""

    ILLEGIBLE = "illegible", "字迹不清", "illegible"
    UNSIGNED = "unsigned", "未签名盖章", "not signed"
    WRONG_SIGNER = "wrong_signer", "签名人非指定人员", "signed by someone else"
    UNCLEAR = "unclear", "特殊要求备注不详", "special requirements unclear"


CHECKED_FIELDS = (
    "customer",
    "contact",
    "phone",
    "fax",
    "consignee",
    "address",
    "total",
    "deposit",
    "payment_terms",
    "wanted_date",
    "promised",
    "ship_date",
    "delivery_method",
    "freight_terms",
    "packing",
    "label",
    "special_requirements",
    "checkpoints",
)
"""The fields of the printed sheet beside its lines, in their order on the paper: each is ticked, also an empty one (R170)."""
CHECKED_OF_A_LINE = ("product", "specification", "quantity", "unit", "unit_price", "tolerance_percent")
"""What a line of the printed sheet says, and may differ in."""


class SheetReturn(BaseModel):
    """One return of the sheet, clean when it has no fault."""

    at: datetime
    recorded_at: datetime
    signed_by: str
    faults: list[Fault]
    document: str = ""


class Sheet(BaseModel):
    """One version. A signature counts for the version and content it names, and for no other."""

    version: int
    content_hash: str
    content: dict[str, Any]
    total: Amount
    promised: date
    made_at: datetime
    sent_at: datetime | None = None
    """When the copy that the customer can read went out; a copy reported illegible does not count."""
    last_sent_at: datetime | None = None
    received_at: datetime | None = None
    returns: list[SheetReturn] = []
    scans: list[str] = []
    """Pictures that came back and whose signature nobody has looked at yet."""
    link_signatures: dict[str, LinkSignature] = {}
    """What proves the signatures that were given by a link, by the reference under which each is known here."""
    clean_at: datetime | None = None
    clean_recorded_at: datetime | None = None
    voided_at: datetime | None = None
    checked_at: datetime | None = None
    """When every item of this version was looked at (R170)."""
    checked_by: str = ""

    @property
    def is_clean(self) -> bool:
        """Back, legible, signed by a designated person and clear."""
        return self.clean_at is not None


def faults_of(returned: ConfirmationReturned, designated_signers: tuple[str, ...]) -> list[Fault]:
    """Everything that is wrong with a returned sheet (R31, D20.9); none: it is the production instruction."""
    faults: list[Fault] = []
    if not returned.legible:
        faults.append(Fault.ILLEGIBLE)
    if not returned.signed_by:
        faults.append(Fault.UNSIGNED)
    elif designated_signers and returned.signed_by not in designated_signers:
        faults.append(Fault.WRONG_SIGNER)
    if not returned.requirements_clear:
        faults.append(Fault.UNCLEAR)
    return faults
