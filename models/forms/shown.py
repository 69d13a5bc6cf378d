"""What a page showed of an order, and what of it each form carries along, so that an act is about nothing else (R83)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from models.forms.form_fields import Form
from models.messages.decision_subjects import Subject
from models.messages.envelope import read_content
from models.messages.seen import Seen, goods_of
from models.values.errors import Code, Refusal
from models.values.fingerprint import canonical, lasting
from models.values.vocabulary import Words

ON_MONEY = frozenset(
    {
        Subject.FINANCE_RELEASE,
        Subject.BALANCE_RELEASE,
        Subject.EMERGENCY_SHIPMENT,
        Subject.CANCELLATION,
        Subject.DEPOSIT_SETTLEMENT,
        Subject.OVERPAYMENT,
        Subject.CREDIT,
    }
)
"""Decisions that rest on bill and balance."""
OF_A_RELEASE = ("shipping_notice", "notice_owed", "transport", "read_instructions_back", "ship", "pick")
"""Steps about a release, by the beginning of their keys: the number of the release follows."""
ON_A_RELEASE = frozenset({"transport_arranged", "shipping_read_back", "shipped", "picked"})
"""Facts about a release, also where no step asks for them."""
_NOT_OURS = Words("表单的版本标记无效", "what the form carries of the version is not valid")


class Carried(Seen):
    """What a form carries: what was seen, and the version of the question that it answers."""

    asked: int | None = None

    @property
    def seen(self) -> Seen:
        """The same without the question."""
        return Seen.model_validate(self.model_dump(exclude={"asked"}))


class OrderShown(BaseModel):
    """The order as a page shows it, as far as acts rest on it."""

    version: int
    bill: Annotated[Decimal | None, Field(allow_inf_nan=True)] = None
    open_balance: Annotated[Decimal | None, Field(allow_inf_nan=True)] = None
    asked: dict[str, int] = {}
    """The version that is asked about, by the key of the decision."""
    releases: dict[int, dict[int, Decimal]] = {}
    """The quantities of each release, by line."""
    sequence: int = 0
    """Up to which entry of the journal it is shown: pages that show the same give one act, however often it is sent."""

    def carried_by(self, form: Form, step: str = "") -> str:
        """What this form carries, as text; `step` is the key of the step that it answers, if any does."""
        kind, _, about = step.partition(":")
        release = int(about) if kind in OF_A_RELEASE and about.isdecimal() else None
        on_money = release is not None or form.kind in ON_A_RELEASE or form.subject in ON_MONEY
        goods = self.releases.get(release) if release is not None else None
        carried = Carried(
            version=self.version,
            bill=_figure(self.bill) if on_money else None,
            open_balance=_figure(self.open_balance) if on_money else None,
            release=release,
            goods=goods_of(goods) if goods else "",
            asked=self.asked.get(about) if kind == "decision" else None,
        )
        return canonical({name: value for name, value in lasting(carried).items() if value not in (None, "")})


def _figure(stored: Decimal | None) -> Decimal | None:
    """A figure as it is stored; None for one that is no number, on which nobody can have relied."""
    return stored if stored is not None and stored.is_finite() else None


def carried_in(text: str) -> Carried | None:
    """What came back with a form; None for one that carries nothing. Raises Refusal(malformed)."""
    if not text:
        return None
    try:
        values = json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        raise Refusal(Code.MALFORMED, _NOT_OURS, where="seen") from None
    return read_content(Carried, values, inside="seen")
