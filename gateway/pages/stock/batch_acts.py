"""What may be done with a pre-sale batch at a page, by whom, and what is filled in for it (R113, R114): a row each."""

from __future__ import annotations

from activities.stock import presale
from gateway.pages.company.record_form import FieldKind, RecordField, choices_of
from gateway.pages.stock.warehouse_acts import Acts, WarehouseAct
from models.access import Caller
from models.company.keepers import has_one_of
from models.stock import batch_acts
from models.stock.stock_words import BatchPayment
from models.values.vocabulary import Role, Words

_K = FieldKind
OFFERERS = frozenset({Role.PURCHASING, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR})
"""Who offers goods for pre-sale, and who may: the day is purchasing's word, the offer sales'."""
_PURCHASING = frozenset({Role.PURCHASING})
_RECEIVES = frozenset({Role.WAREHOUSE, Role.PURCHASING})
_REASON = RecordField("reason", Words("原因", "reason"), _K.LONG)
_WHY = RecordField(
    "reason", Words("原因（告知每张订单）", "reason, told to every order"), _K.LONG, required=True
)
_QUANTITY = RecordField(
    "quantity", Words("数量（库存单位）", "quantity, in the item's unit"), _K.NUMBER, required=True
)
_DAY = RecordField("expected", Words("约定到货日", "agreed for"), _K.DATE, required=True)
NEW = (
    RecordField("batch", Words("批次编号", "number of the batch"), required=True),
    RecordField(
        "product", Words("产品编号（已登记的库存货品）", "product, which is a stock item"), required=True
    ),
    RecordField(
        "quantity",
        Words("预售数量（库存单位）", "quantity offered, in the item's unit"),
        _K.NUMBER,
        required=True,
    ),
    _DAY,
    RecordField("payment", Words("先付", "paid first"), _K.CHOICE, choices_of(BatchPayment), required=True),
    RecordField("name", Words("品名（与产品不同时）", "name, where it is another")),
    RecordField("specification", Words("规格（与产品不同时）", "specification, where it is another")),
)
"""What is filled in for a new batch."""

ACTS = Acts(
    {
        row.name: row
        for row in (
            WarehouseAct(
                "receive",
                Words("到货待检", "receive"),
                _RECEIVES,
                (_QUANTITY, RecordField("reference", Words("单号", "number of the paper"))),
                batch_acts.BatchReceived,
                presale.receive_batch,
                "batch",
                "/presale",
            ),
            WarehouseAct(
                "inspect",
                Words("到货检验", "inspect"),
                frozenset({Role.QUALITY}),
                (
                    RecordField("passed", Words("合格", "passed"), _K.NUMBER),
                    RecordField("scrapped", Words("不合格", "did not pass"), _K.NUMBER),
                    _REASON,
                ),
                batch_acts.BatchJudged,
                presale.inspect_batch,
                "batch",
                "/presale",
            ),
            WarehouseAct(
                "date",
                Words("改约定日", "another day"),
                _PURCHASING,
                (_DAY, _WHY),
                batch_acts.BatchDated,
                presale.date_batch,
                "batch",
                "/presale",
            ),
            WarehouseAct(
                "enlarge",
                Words("加量", "offer more"),
                OFFERERS,
                (_QUANTITY, _REASON),
                batch_acts.BatchEnlarged,
                presale.enlarge_batch,
                "batch",
                "/presale",
            ),
            WarehouseAct(
                "complete",
                Words("到齐结束", "all has come"),
                _PURCHASING,
                (
                    _REASON,
                    RecordField(
                        "sure",
                        Words(
                            "确属如此（会使订单缺货时选“是”）", "it is so (yes where orders fall short by it)"
                        ),
                        _K.YES_NO,
                    ),
                ),
                batch_acts.BatchCompleted,
                presale.complete_batch,
                "batch",
                "/presale",
            ),
        )
    }
)


def acts_for(caller: Caller, *, completed: bool) -> list[WarehouseAct]:
    """What this person may do; a batch that was completed is only enlarged."""
    may = [each for each in ACTS.values() if has_one_of(caller, each.roles)]
    return [each for each in may if not completed or each.name in ("enlarge", "inspect")]
