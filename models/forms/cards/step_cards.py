"""The cards of steps that a fact moves on: what whoever does them needs to see, and why the order waits."""

from __future__ import annotations

from models.dossier.step_kinds import StepKind
from models.forms.cards import facts_of_goods as goods
from models.forms.cards import facts_of_orders as of
from models.forms.cards.card import CardRow
from models.values.vocabulary import Words

_S = StepKind
_MONEY_DUE = (goods.amount_due, of.balance, goods.last_payments, of.days_late, of.past_orders)
_WAY = (goods.released, of.address, of.consignee, of.contact, of.phone, of.delivery_method)
_SENT = (goods.sent_goods, goods.sent_by, goods.expected, goods.arrived, goods.to_collect, of.address)
_SHEET = (of.customer, goods.signers, goods.sheet_total, goods.sheet_promised, of.goods)

STEP_CARDS: dict[StepKind, CardRow] = {
    _S.DETAILS: CardRow(
        Words("资料齐全、清楚了才能审核。", "Verification begins when the data are complete and clear."),
        (of.customer, of.goods, of.contact, of.phone, of.said_words),
    ),
    _S.OPEN_QUOTE: CardRow(
        Words(
            "订单在等报价：为它报价，或按价目表继续。",
            "The order waits for a quote: make one for it, or go on by the price list.",
        ),
        (of.customer, of.goods, of.wanted, of.terms),
    ),
    _S.AWAIT_QUOTE: CardRow(
        Words(
            "客户接受报价后订单自动继续。", "The order goes on by itself once the customer accepts the quote."
        ),
        (of.customer, of.contact, of.phone, of.goods, of.wanted),
    ),
    _S.READ_BACK: CardRow(
        Words(
            "电话订单要向客户复述一遍，免得听错。", "A phone order is read back so that nothing was misheard."
        ),
        (of.customer, of.contact, of.phone, of.goods, of.total, of.wanted),
    ),
    _S.WRITTEN_ORDER: CardRow(
        Words("口头订单要补交书面的。", "An order by word of mouth is followed by a written one."),
        (of.customer, of.goods, of.total, of.entered_by),
    ),
    _S.REWORK_ORDER: CardRow(
        Words("主管退回了，改好再报批。", "The supervisor sent it back; it is changed and asked for again."),
        (of.customer, of.goods, of.total, of.terms, of.wanted),
    ),
    _S.SEND_SHEET: CardRow(
        Words("客户签了确认书，订单才算数。", "The order counts once the customer has signed the sheet."),
        (of.customer, of.goods, of.total, of.deposit, of.promised, goods.signers),
    ),
    _S.SHEET_LEGIBLE: CardRow(
        Words(
            "看得清才能签，从这时起算签回的日子。",
            "Only a legible sheet can be signed; the day to return it counts from then.",
        ),
        (of.customer, of.contact, of.phone, goods.sheet_promised),
    ),
    _S.SHEET_BACK: CardRow(
        Words(
            "签回前不投产，每迟一天预交日顺延一天。",
            "Nothing is made before it is back; each day moves the promise by a day.",
        ),
        (*_SHEET, of.contact),
    ),
    _S.VERIFY_SIGNATURE: CardRow(
        Words(
            "是不是指定签字人的亲笔，要有人看过。",
            "Somebody looks whether it is the designated signer's own hand.",
        ),
        (*_SHEET, of.contact),
    ),
    _S.SHEET_OWED: CardRow(
        Words("A 类客户先投产，确认书随后补签。", "For class A production goes first and the sheet follows."),
        _SHEET,
    ),
    _S.DEPOSIT: CardRow(
        Words("定金到账才投产。", "Production begins when the deposit is here."),
        (goods.amount_due, of.deposit, of.total, of.paid, of.days_late, of.past_orders),
    ),
    _S.PREPAYMENT: CardRow(
        Words("全款到账才投产。", "Production begins when all is paid."),
        (goods.amount_due, of.total, of.paid, of.days_late, of.past_orders),
    ),
    _S.CONFIRM_PAYMENT: CardRow(
        Words(
            "别人报来的款，财务查到账后才算数。", "Money that others told of counts once finance has seen it."
        ),
        (goods.payment_told, goods.payment_reference, of.balance, of.deposit, goods.last_payments),
    ),
    _S.HAND_OVER: CardRow(
        Words("生产签收了指令单才开工。", "Work begins when production has signed for the instruction."),
        (of.goods, of.promised, of.dated, of.packing, of.label, of.special),
    ),
    _S.PRODUCE: CardRow(
        Words(
            "按实际做出的数量登记，做完才送检。",
            "What was really made is reported; inspection follows when it is finished.",
        ),
        (goods.ordered, goods.made, goods.spoiled, of.dated, of.promised, of.packing),
    ),
    _S.CHECKPOINT: CardRow(
        Words("客户要求在这一点上看过才继续。", "The customer wants this point looked at."),
        (goods.waits_about, of.checkpoints, of.goods, of.promised),
    ),
    _S.EXCEPTION: CardRow(
        Words("异常没处理完，订单不能了结。", "An exception stays open until somebody has resolved it."),
        (goods.waits_about, of.goods, of.promised, of.customer),
    ),
    _S.GOODS_EXCEPTION: CardRow(
        Words("路上出了问题的货，要定怎么处理。", "What becomes of goods that met trouble is to be decided."),
        (goods.waits_about, goods.sent_goods, goods.sent_by, of.balance, of.promised),
    ),
    _S.RECHECK_PROMISE: CardRow(
        Words(
            "返工之后，原来承诺的日子还成不成要重新核对。",
            "After rework it is looked at whether the promise still holds.",
        ),
        (of.goods, of.promised, of.dated, of.wanted, of.week_load),
    ),
    _S.INSPECT: CardRow(
        Words(
            "按数量检验，合格的才能入库。",
            "It is inspected by quantity; only what passed enters the warehouse.",
        ),
        (goods.ordered, goods.made, goods.passed, goods.spoiled, of.packing, of.label),
    ),
    _S.ENTER_WAREHOUSE: CardRow(
        Words("合格品入了库才能放行。", "Goods are released from the warehouse only."),
        (of.goods, goods.passed, goods.entered, of.label),
    ),
    _S.CLEAR_CASH: CardRow(
        Words(
            "业务员收的现金交到财务，货才能走。",
            "Cash that a salesperson took is handed to finance before goods leave.",
        ),
        (goods.payment_told, goods.payment_reference, of.balance, of.customer),
    ),
    _S.BALANCE: CardRow(
        Words("余款到账后财务放行。", "Finance releases the goods when the balance is here."), _MONEY_DUE
    ),
    _S.EXPLAIN_AGENT: CardRow(
        Words(
            "货款由物流代收，要先向客户说明。",
            "The carrier collects the money; the customer is told so first.",
        ),
        (of.customer, of.contact, of.phone, goods.collected_by_carrier, of.delivery_method),
    ),
    _S.SHIPPING_NOTICE: CardRow(
        Words(
            "发货前把确认书上的每一项再核对一遍。",
            "Before goods leave every datum of the sheet is checked once more.",
        ),
        (goods.released, of.address, of.consignee, of.contact, of.balance, of.ship_date),
        compared=True,
    ),
    _S.NOTICE_OWED: CardRow(
        Words("紧急发走的货，通知单要补上。", "Goods that left in an emergency still need their notice."),
        (goods.released, of.address, of.consignee, of.contact, of.balance),
        compared=True,
    ),
    _S.TRANSPORT: CardRow(
        Words("安排好承运才能发货。", "Goods leave once their transport is arranged."),
        (*_WAY[:3], of.delivery_method, of.freight_terms, of.ship_date),
    ),
    _S.READ_INSTRUCTIONS_BACK: CardRow(
        Words(
            "发货员复述要求，免得发错。",
            "The shipper reads the instructions back so that nothing goes wrong.",
        ),
        _WAY,
    ),
    _S.SHIP: CardRow(
        Words(
            "按放行的数量发，发出后客户会收到告知书。", "What was released leaves, and the customer is told."
        ),
        (goods.released, of.address, of.consignee, of.phone, goods.collected_by_carrier, of.ship_date),
    ),
    _S.NOTICE_LEGIBLE: CardRow(
        Words(
            "客户收到了告知书，才知道货在路上。", "The customer knows of the goods once the notice is there."
        ),
        (goods.sent_goods, goods.sent_by, of.contact, of.phone),
    ),
    _S.FOLLOW_SHIPMENT: CardRow(
        Words("到了约定的跟踪日，要问一下货到哪里了。", "The day has come to ask where the goods are."), _SENT
    ),
    _S.ARRIVAL: CardRow(
        Words(
            "货到了就通知客户提货，15 天从这时起算。",
            "On arrival the customer is told to collect; the 15 days begin.",
        ),
        _SENT,
    ),
    _S.COLLECT_GOODS: CardRow(
        Words("满 15 天没人提，货要召回。", "Goods that nobody collects within 15 days are recalled."),
        (goods.sent_goods, goods.sent_by, goods.arrived, of.balance, goods.to_collect),
    ),
    _S.RECALL: CardRow(
        Words(
            "召回的货到厂清点，来回运费要记下来。",
            "Recalled goods are counted in, with the freight both ways.",
        ),
        _SENT,
    ),
    _S.MISSING_GOODS: CardRow(
        Words("召回时少了的货，要找到或核销。", "Goods missing from a recall are found or written off."),
        (goods.waits_about, goods.sent_goods, goods.sent_by, of.customer),
    ),
    _S.INSPECT_RETURN: CardRow(
        Words(
            "召回的货要检验，才知道还能不能用。", "What came back is inspected to know what it is good for."
        ),
        (goods.sent_goods, goods.sent_by, goods.arrived, of.goods),
    ),
    _S.REMITTANCE: CardRow(
        Words("物流代收的钱到账才算收到。", "Money that the carrier collected counts once it is here."),
        (goods.amount_due, goods.to_collect, goods.sent_by, of.balance),
    ),
    _S.ACCOUNT_BALANCE: CardRow(
        Words("合同约定的账期到了要收款。", "The time that the contract gives is over, or will be."),
        _MONEY_DUE,
    ),
    _S.TOLD_TWICE: CardRow(
        Words(
            "同一张凭证已计入另一张订单，不能算两次。",
            "The same reference counts for another order, and never twice.",
        ),
        (goods.payment_told, goods.payment_reference, of.balance, goods.last_payments),
    ),
    _S.MONEY_MOVES: CardRow(
        Words(
            "款要从原订单转来，到了才计入本单。",
            "Money is to come from the order that has it, and counts then.",
        ),
        (goods.payment_told, goods.payment_reference, of.balance, goods.last_payments),
    ),
    _S.RESUME: CardRow(
        Words(
            "暂停期间公司这边什么都不往前走。", "While it is on hold nothing of the company's own goes on."
        ),
        (of.customer, of.goods, of.wanted, of.promised),
    ),
    _S.CONTRACT: CardRow(
        Words(
            "合同双方签订之前，不下生产指令，也不放行。",
            "Nothing is produced or released before both sides have signed the contract.",
        ),
        (of.customer, of.goods, of.total, of.terms, of.promised),
    ),
    _S.STOCK_ANSWER: CardRow(
        Words("库存账马上答复，不用办。", "The stock book answers by itself; nothing is to be done."),
        (of.customer, of.goods, of.total),
    ),
    _S.CONFIRM_ORDER: CardRow(
        Words("客户确认了，库存才锁定。", "The stock is made firm once the customer has confirmed."),
        (of.customer, of.goods, of.total, of.deposit, of.promised, of.contact),
    ),
    _S.CHANGE_ORDER: CardRow(
        Words("客户要改货，按他的意见变更订单。", "The customer wants other goods; the order is amended so."),
        (goods.waits_about, of.goods, of.customer, of.contact, of.phone),
    ),
    _S.AWAIT_STOCK: CardRow(
        Words("客户愿意等，货到了先给先下单的。", "The customer waits; what comes goes by placing time."),
        (goods.waits_about, of.goods, of.promised, of.customer),
    ),
    _S.ORDER_MATERIAL: CardRow(
        Words(
            "原材料不足，订购后告知到货日，生产按它排期。",
            "Raw material is short; order it and name the day, by which production dates the goods.",
        ),
        (of.goods, of.wanted, of.promised, of.customer),
    ),
    _S.TERMS_REFUSED: CardRow(
        Words(
            "条款与合同不符且未获批准，货先不发。",
            "The terms differ from the contract and were refused; the goods stay.",
        ),
        (of.customer, of.terms, of.goods, of.total, of.balance),
    ),
    _S.PICK: CardRow(
        Words(
            "按拣货单拣货，核对数量、质量和标签再打包。",
            "Picked by the list; quantity, quality and labels are checked before it is packed.",
        ),
        (goods.released, of.address, of.delivery_method, of.ship_date),
    ),
    _S.GIVE_SERVICE: CardRow(
        Words(
            "按约定提供服务，至少每周报一次进度，客户都会收到。",
            "The service is given as agreed and reported each week at least; the customer hears of it.",
        ),
        (of.goods, of.address, of.contact, of.phone, of.promised, of.special),
    ),
    _S.CONFIRM_INSPECTION: CardRow(
        Words(
            "质检说是与您一起检的，请您确认属实或提出异议。",
            "Quality says that you were there; you confirm it or object.",
        ),
        (goods.inspected, goods.inspected_by, goods.inspection_reasons, of.goods, goods.made),
    ),
    _S.CONFIRM_HAND_OVER: CardRow(
        Words(
            "生产说是您交接的指令单，请您确认属实或提出异议。",
            "Production says that you handed it over; you confirm it or object.",
        ),
        (of.goods, of.promised, of.dated, of.packing),
    ),
    _S.CHECK_SHEET: CardRow(
        Words(
            "发出前对照打印件逐项打勾；有出入的改出新版。",
            "Each item of the printed sheet is ticked before it is sent; what differs makes a new version.",
        ),
        (of.customer, of.goods, of.total, of.deposit, of.promised, of.said_words),
    ),
    _S.ANSWER_QUESTION: CardRow(
        Words("客户的提问要限时答复。", "A question of the customer is answered in time."),
        (of.customer, of.contact, of.phone, of.goods, of.promised),
    ),
    _S.COMPLETION: CardRow(
        Words(
            "客户确认收货，或期满未提出异议，订单即完成。",
            "The order is completed when the customer confirms the receipt, or nothing is heard in time.",
        ),
        (of.customer, of.contact, of.phone, goods.sent_goods, goods.arrived),
    ),
    _S.ASSESS_CUSTOMER: CardRow(
        Words(
            "新客户先评估信用，才能确认订单。", "A new customer is assessed before the order is confirmed."
        ),
        (of.customer, of.total, of.terms, of.contact, of.phone, of.past_orders),
    ),
    _S.CREDIT_CHECK: CardRow(
        Words(
            "正在查询信用账，通常马上就有答复。", "The credit book is asked; it answers at once as a rule."
        ),
        (of.customer, of.total, of.terms, of.past_orders),
    ),
    _S.CREDIT_HELD: CardRow(
        Words(
            "财务决定继续扣单；付款、改条款或重新评估后再查一次。",
            "Finance keeps it held; after a payment, other terms or another assessment it is looked up again.",
        ),
        (of.customer, of.total, of.terms, of.paid, of.days_late, of.past_orders),
    ),
    _S.ISSUE_INVOICE: CardRow(
        Words(
            "客户申请了发票；开好后登记号码，号码全公司唯一。",
            "The customer asked for an invoice; once issued its number is entered, each number once in the house.",
        ),
        (of.customer, of.goods, of.total, of.paid, of.balance),
    ),
    _S.RED_LETTER: CardRow(
        Words(
            "账单比已开的发票少了，多出部分开红字发票冲回，原发票不改。",
            "Less is billed than stands on invoices: a red letter takes the difference back, the invoice stays as it is.",
        ),
        (of.customer, of.goods, of.total, of.paid, of.balance),
    ),
    _S.ONLINE_PAYMENT: CardRow(
        Words(
            "客户在网店付款；到时限未付，订单自动取消，库存释放。",
            "The customer pays in the shop; unpaid at the limit it is cancelled by itself, and its stock is given back.",
        ),
        (of.customer, of.goods, of.total, of.paid, of.balance),
    ),
    _S.PROVIDER_ANSWER: CardRow(
        Words(
            "付款时限已到，正在问支付机构是否已付；久无答复时请财务核实。",
            "The limit has passed and the provider is asked whether it was paid; where that takes long, finance looks into it.",
        ),
        (of.customer, of.total, of.paid, of.balance),
    ),
    _S.LATE_MONEY: CardRow(
        Words(
            "未付款已取消；此后一天内到账的，有货则恢复，无货则退款。",
            "Cancelled unpaid; money that comes within a day opens it anew where the goods are there, else it goes back.",
        ),
        (of.customer, of.goods, of.total, of.paid),
    ),
    _S.REFUND_UNDER_WAY: CardRow(
        Words("正在原路退款，不用办。", "The money goes back the way it came; nothing is to be done."),
        (of.customer, of.total, of.paid),
    ),
}
"""A step that asks for a decision has the card of its subject (`decision_cards`)."""

GENERAL = CardRow(
    Words(
        "没有步骤在等这件事，您认为有必要时报告。",
        "No step waits for this; it is said where you find it needed.",
    ),
    (of.customer, of.goods, of.balance, of.promised),
)
"""What stands beside a fact that no step asks for."""
