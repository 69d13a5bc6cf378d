"""The table of facts: name on the wire, content, who may give it, words (DOMAIN §6)."""

from __future__ import annotations

from dataclasses import dataclass

from models.messages import fact_contents
from models.messages.decision_subjects import SUBJECTS, DecisionContent
from models.messages.envelope import DECISION
from models.values.content import Content
from models.values.vocabulary import Role, Words

_R = Role
SALES_SIDE = (_R.SALESPERSON, _R.SERVICE_CLERK, _R.MERCHANDISER)
STAFF = tuple(role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM, Role.LOGISTICS))
CARRIER_SIDE = (_R.LOGISTICS, _R.SYSTEM, _R.SERVICE_CLERK)


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact."""

    content: type[Content]
    roles: tuple[Role, ...]
    words: Words


FACT_KINDS: dict[str, FactKind] = {
    "details_completed": FactKind(
        fact_contents.DetailsCompleted, SALES_SIDE, Words("资料补全", "details completed")
    ),
    "document_supplied": FactKind(
        fact_contents.DocumentSupplied, (*SALES_SIDE, _R.SYSTEM), Words("单据补交", "document supplied")
    ),
    "contact_logged": FactKind(fact_contents.ContactLogged, STAFF, Words("联系记录", "contact logged")),
    "sheet_sent": FactKind(
        fact_contents.SheetSent,
        (_R.SERVICE_CLERK, _R.MERCHANDISER, _R.SYSTEM),
        Words("确认书已发", "sheet sent"),
    ),
    "sheet_received": FactKind(
        fact_contents.SheetReceived,
        (_R.CUSTOMER, _R.SERVICE_CLERK),
        Words("客户收到确认书", "sheet received"),
    ),
    "confirmation_returned": FactKind(
        fact_contents.ConfirmationReturned,
        (_R.CUSTOMER, _R.SERVICE_CLERK, _R.SALESPERSON, _R.SYSTEM),
        Words("确认书回传", "confirmation sheet returned"),
    ),
    "sheet_scanned": FactKind(
        fact_contents.SheetScanned,
        (_R.SYSTEM, _R.SERVICE_CLERK, _R.SERVICE_ASSISTANT),
        Words("确认书扫描件", "sheet scanned"),
    ),
    "payment_received": FactKind(
        fact_contents.PaymentReceived,
        (_R.FINANCE, _R.SYSTEM, _R.SALESPERSON),
        Words("收到款项", "payment received"),
    ),
    "payment_bounced": FactKind(
        fact_contents.PaymentBounced, (_R.FINANCE, _R.SYSTEM), Words("款项退回", "payment bounced")
    ),
    "cash_cleared": FactKind(fact_contents.CashCleared, (_R.FINANCE,), Words("现金清帐", "cash cleared")),
    "production_signed": FactKind(
        fact_contents.ProductionSigned,
        (_R.PRODUCTION,),
        Words("生产指令签收", "production instruction signed for"),
    ),
    "production_reported": FactKind(
        fact_contents.ProductionReported, (_R.PRODUCTION,), Words("生产日报", "production reported")
    ),
    "production_exception": FactKind(
        fact_contents.ProductionException,
        (_R.PRODUCTION, _R.TECHNICAL),
        Words("生产异常", "production exception"),
    ),
    "exception_reported": FactKind(
        fact_contents.ExceptionReported, STAFF, Words("异常上报", "exception reported")
    ),
    "exception_resolved": FactKind(
        fact_contents.ExceptionResolved, STAFF, Words("异常解决", "exception resolved")
    ),
    "checkpoint_reported": FactKind(
        fact_contents.CheckpointReported,
        (_R.SERVICE_ASSISTANT, _R.SERVICE_CLERK),
        Words("监督点检查", "checkpoint looked at"),
    ),
    "extension_given": FactKind(
        fact_contents.ExtensionGiven,
        (_R.SERVICE_CLERK, _R.SERVICE_SUPERVISOR, _R.SALES_SUPERVISOR),
        Words("延长时限", "time limit extended"),
    ),
    "inspection_reported": FactKind(
        fact_contents.InspectionReported, (_R.QUALITY,), Words("质检结果", "inspection reported")
    ),
    "warehouse_entered": FactKind(
        fact_contents.WarehouseEntered, (_R.QUALITY, _R.WAREHOUSE), Words("成品入库", "warehouse entered")
    ),
    "transport_arranged": FactKind(
        fact_contents.TransportArranged, (_R.MATERIAL_CONTROLLER,), Words("安排运输", "transport arranged")
    ),
    "shipping_read_back": FactKind(
        fact_contents.ShippingReadBack, (_R.SHIPPER,), Words("发货员复述", "shipping instructions read back")
    ),
    "shipped": FactKind(fact_contents.Shipped, (_R.SHIPPER, _R.LOGISTICS), Words("已发货", "shipped")),
    "shipment_notice_received": FactKind(
        fact_contents.ShipmentNoticeReceived,
        (_R.CUSTOMER, _R.SERVICE_CLERK),
        Words("客户收到发货告知书", "shipment notice received"),
    ),
    "transit_reported": FactKind(
        fact_contents.TransitReported, CARRIER_SIDE, Words("在途情况", "transit reported")
    ),
    "arrived": FactKind(
        fact_contents.Arrived, (*CARRIER_SIDE, _R.CUSTOMER, _R.WAREHOUSE), Words("到货", "arrived")
    ),
    "delivery_receipt": FactKind(
        fact_contents.DeliveryReceipt, (*CARRIER_SIDE, _R.CUSTOMER), Words("到货回单", "delivery receipt")
    ),
    "receipt_confirmed": FactKind(
        fact_contents.ReceiptConfirmed, (_R.CUSTOMER, _R.SYSTEM), Words("确认收货", "receipt confirmed")
    ),
    "recall_reported": FactKind(
        fact_contents.RecallReported,
        (_R.LOGISTICS, _R.WAREHOUSE, _R.SERVICE_CLERK),
        Words("召回进展", "recall reported"),
    ),
    "goods_returned": FactKind(
        fact_contents.GoodsReturned, (_R.LOGISTICS, _R.WAREHOUSE), Words("货物召回到厂", "goods returned")
    ),
    "collection_remitted": FactKind(
        fact_contents.CollectionRemitted, (_R.FINANCE,), Words("代收款到账", "collected money remitted")
    ),
    "hold_placed": FactKind(
        fact_contents.HoldPlaced,
        (_R.SERVICE_SUPERVISOR, _R.SALES_SUPERVISOR, _R.MARKETING_DIRECTOR),
        Words("暂停订单", "put on hold"),
    ),
    "hold_released": FactKind(
        fact_contents.HoldReleased,
        (_R.SERVICE_SUPERVISOR, _R.SALES_SUPERVISOR, _R.MARKETING_DIRECTOR),
        Words("恢复订单", "hold released"),
    ),
    "amendment_requested": FactKind(
        fact_contents.AmendmentRequested, (*SALES_SIDE, _R.CUSTOMER), Words("订单变更", "amendment requested")
    ),
    "cancellation_requested": FactKind(
        fact_contents.CancellationRequested,
        (*SALES_SIDE, _R.CUSTOMER, _R.SALES_SUPERVISOR, _R.SYSTEM),
        Words("申请取消", "cancellation requested"),
    ),
    "overridden": FactKind(
        fact_contents.Overridden,
        (_R.SALES_SUPERVISOR, _R.MARKETING_DIRECTOR),
        Words("职责分离特批", "separation of duties set aside"),
    ),
    "calendar_refreshed": FactKind(
        fact_contents.CalendarRefreshed, (_R.SYSTEM,), Words("日历更新", "calendar refreshed")
    ),
    "adopted": FactKind(
        fact_contents.Adopted,
        (_R.SALES_SUPERVISOR, _R.SYSTEM),
        Words("采用新政策", "newer policy or edition adopted"),
    ),
    DECISION: FactKind(
        DecisionContent,
        tuple(sorted({role for rule in SUBJECTS.values() for role in rule.roles})),
        Words("决定", "decision"),
    ),
}
