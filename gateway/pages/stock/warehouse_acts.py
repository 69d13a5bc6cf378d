"""What may be done with stock at a page, by whom, and what is filled in for it (R110, R113): a row each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from activities.stock import warehouse
from gateway.pages.company.record_form import FieldKind, RecordField, RecordForm, choices_of
from models.access import Caller
from models.company.keepers import has_one_of
from models.stock import desk_acts
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

_K = FieldKind
KEEPERS = frozenset({Role.WAREHOUSE, Role.PURCHASING})
"""Who enters items."""
_WAREHOUSE = frozenset({Role.WAREHOUSE})
_COUNTED_BY = frozenset({Role.WAREHOUSE, Role.MATERIAL_CONTROLLER})
_SUPERVISORS = frozenset({Role.SALES_SUPERVISOR, Role.SERVICE_SUPERVISOR})
_REASON = RecordField("reason", Words("原因", "reason"), _K.LONG, required=True)
_SURE = RecordField(
    "sure",
    Words("确属如此（会使订单缺货时选“是”）", "it is so (yes where orders fall short by it)"),
    _K.YES_NO,
)
_QUANTITY = RecordField(
    "quantity", Words("数量（库存单位）", "quantity, in the item's unit"), _K.NUMBER, required=True
)
_REFERENCE = RecordField("reference", Words("单号", "number of the paper"))


@dataclass(frozen=True, slots=True)
class WarehouseAct:
    """One act: its name, its words, who does it, what is filled in, and what it does."""

    name: str
    words: Words
    roles: frozenset[Role]
    fields: tuple[RecordField, ...]
    content: type[Content]
    do: Callable[..., Any]
    about: str = "product"
    """The field that names what it is done with."""
    room: str = "/stock"
    """Where its page is."""

    def page_of(self, named: str) -> str:
        """The page of what it is done with."""
        page = "item" if self.about == "product" else self.about
        return f"{self.room}/{page}?{self.about}={quote(named)}"

    def form(self, product: str, typed: Mapping[str, str] | None = None) -> RecordForm:
        """Its form for this item; what was typed before stands in it, and sent twice it happens once."""
        values = dict(typed or {})
        if "sure" not in values and any(field.name == "sure" for field in self.fields):
            values["sure"] = "false"
        once = values.get("once") or uuid.uuid4().hex
        return RecordForm(
            Words(f"{self.words.zh}：{product}", f"{self.words.en}: {product}"),
            f"{self.room}/act",
            self.page_of(product),
            self.fields,
            values,
            {"act": self.name, self.about: product, "once": once},
            button=self.words,
        )


class Acts(dict[str, WarehouseAct]):
    """Acts by name."""

    def of(self, name: str) -> WarehouseAct:
        """The act of this name. Raises Refusal(unknown_place)."""
        if name not in self:
            words = Words(
                f"没有这种登记，有：{'、'.join(self)}", f"there is no such act; there are: {', '.join(self)}"
            )
            raise Refusal(Code.UNKNOWN_PLACE, words, where="act")
        return self[name]


ACTS = Acts(
    {
        row.name: row
        for row in (
            WarehouseAct(
                "receive",
                Words("入库", "receive"),
                KEEPERS,
                (
                    _QUANTITY,
                    RecordField(
                        "source", Words("来源", "from"), _K.CHOICE, choices_of(desk_acts.COMES), required=True
                    ),
                    RecordField("lot", Words("批号", "lot")),
                    _REFERENCE,
                ),
                desk_acts.GoodsCome,
                warehouse.receive,
            ),
            WarehouseAct(
                "count",
                Words("盘点", "count"),
                _COUNTED_BY,
                (
                    RecordField(
                        "counted",
                        Words("实盘数量（不含待检）", "counted, without what is in quarantine"),
                        _K.NUMBER,
                        required=True,
                    ),
                    _REASON,
                    _SURE,
                ),
                desk_acts.GoodsCounted,
                warehouse.count,
            ),
            WarehouseAct(
                "correct",
                Words("更正", "correct"),
                _COUNTED_BY,
                (
                    RecordField(
                        "change",
                        Words("增减数量（减少写负数）", "more, or below zero fewer"),
                        _K.NUMBER,
                        required=True,
                    ),
                    _REASON,
                    _SURE,
                ),
                desk_acts.GoodsCorrected,
                warehouse.correct,
            ),
            WarehouseAct(
                "take_back",
                Words("退货入待检", "take back"),
                _WAREHOUSE,
                (_QUANTITY, _REFERENCE, RecordField("reason", Words("原因", "reason"), _K.LONG)),
                desk_acts.GoodsBack,
                warehouse.take_back,
            ),
            WarehouseAct(
                "inspect",
                Words("检验待检货", "inspect"),
                frozenset({Role.QUALITY}),
                (
                    RecordField("passed", Words("合格入库", "passed, to stock"), _K.NUMBER),
                    RecordField("rework", Words("返工", "to rework"), _K.NUMBER),
                    RecordField("scrapped", Words("报废", "scrapped"), _K.NUMBER),
                    RecordField("reason", Words("原因", "reason"), _K.LONG),
                ),
                desk_acts.GoodsJudged,
                warehouse.inspect,
            ),
            WarehouseAct(
                "expect",
                Words("采购到货日", "expect"),
                frozenset({Role.PURCHASING}),
                (
                    _QUANTITY,
                    RecordField("expected", Words("预计到货日", "expected on"), _K.DATE, required=True),
                    RecordField("reference", Words("采购单号", "number of the purchase"), required=True),
                ),
                desk_acts.GoodsExpected,
                warehouse.expect,
            ),
            WarehouseAct(
                "put_first",
                Words("插队", "put an order first"),
                _SUPERVISORS,
                (RecordField("order", Words("等货的订单", "order that waits"), required=True), _REASON),
                desk_acts.OrderPutFirst,
                warehouse.put_first,
            ),
        )
    }
)


def acts_for(caller: Caller) -> list[WarehouseAct]:
    """What this person may do."""
    return [each for each in ACTS.values() if has_one_of(caller, each.roles)]
