"""The cards of decisions: what each decider needs to see, and why the order asks (R15 to R84)."""

from __future__ import annotations

from models.forms.cards import facts_of_credit as credit
from models.forms.cards import facts_of_goods as goods
from models.forms.cards import facts_of_orders as of
from models.forms.cards import facts_of_schedule as schedule
from models.forms.cards.card import CardRow, Either
from models.messages.decision_subjects import Subject
from models.values.vocabulary import Words

_MONEY = (of.balance, of.deposit, of.paid, of.days_late, of.past_orders)
_DAYS = (of.goods, of.wanted, of.promised, of.dated, of.week_load)

DECISION_CARDS: dict[Subject, CardRow] = {
    Subject.CUSTOMER_DATA: CardRow(
        Words(
            "新客户的资料核实属实后才能接单。",
            "A new customer's data are verified as real before the order is taken.",
        ),
        (of.customer, of.contact, of.phone, of.address, of.total, of.past_orders),
    ),
    Subject.CONTRACT: CardRow(
        Words(
            "付款或交货条款与合同不符，须经批准。",
            "Payment or delivery terms differ from the contract and need consent.",
        ),
        (of.customer, of.terms, goods.asked_about, of.total, of.days_late, of.past_orders),
    ),
    Subject.RELEASE_TERMS: CardRow(
        Words(
            "货已备齐，但条款与今天的合同不符，放行前须经批准。",
            "The goods are ready, but the terms differ from the contract as it is today and need consent before release.",
        ),
        (of.customer, of.terms, goods.asked_about, of.total, of.balance, of.days_late),
    ),
    Subject.PRICE: CardRow(
        Words(
            "报价与价目表或上次成交不符，核定后才能继续。",
            "The price differs from the list or the last trade and is to be settled.",
        ),
        (of.goods, of.price_asked, of.list_price, of.margin, of.last_trades, of.customer),
    ),
    Subject.TECHNICAL: CardRow(
        Words(
            "能不能做、原料够不够，书面确认后才排产。",
            "Whether it can be made, and of what, is confirmed in writing first.",
        ),
        (of.goods, of.special, of.packing, of.wanted, of.customer),
    ),
    Subject.OLD_RECIPE: CardRow(
        Words(
            "按现有工艺做不了，由客户选择怎么办。",
            "It cannot be made as it is; the customer chooses what becomes of it.",
        ),
        (of.goods, of.special, of.wanted, of.customer),
    ),
    Subject.PRODUCTION_DATE: CardRow(
        Words(
            "定下的完成日就是向客户承诺的依据。", "The finish named here is what the customer is promised."
        ),
        (
            of.goods,
            of.wanted,
            Either(schedule.proposed, of.promised),
            Either(schedule.rests_on, of.week_load),
            Either(schedule.how_sure, of.packing),
            of.special,
        ),
    ),
    Subject.LATER_PROMISE: CardRow(
        Words("向客户承诺的日子要往后放，须双方确认。", "The promise is to be later; both sides confirm it."),
        _DAYS,
    ),
    Subject.SHIP_DATE: CardRow(
        Words(
            "发货日超出允许的期限，须上级批准。",
            "The ship date is beyond the window and needs a superior's consent.",
        ),
        (*_DAYS, of.ship_date),
    ),
    Subject.APPROVAL: CardRow(
        Words(
            "资料、价格、交期都已齐备，批准后发确认书。",
            "Data, prices and dates are complete; once approved the sheet goes out.",
        ),
        (of.customer, of.goods, of.total, of.terms, of.promised, of.days_late),
    ),
    Subject.SMALL_ORDER: CardRow(
        Words(
            "小额订单可以预付、担保或照付定金，由业务员选择。",
            "A small order is prepaid, guaranteed or with deposit; the salesperson chooses.",
        ),
        (of.customer, of.total, of.goods, of.days_late, of.past_orders),
    ),
    Subject.THREE_PARTY: CardRow(
        Words(
            "业务、物控、财务都确认无误，才算订单成立。",
            "Sales, material control and finance all confirm before the order stands.",
        ),
        (of.customer, of.goods, of.total, of.deposit, of.paid, of.promised),
    ),
    Subject.EMERGENCY_PLAN: CardRow(
        Words(
            "生产出了异常，要定应急方案并得到客户答复。",
            "Production met trouble; a plan is wanted, with the customer's answer.",
        ),
        (of.goods, goods.made, of.wanted, of.promised, of.dated, of.week_load),
    ),
    Subject.SHORTAGE: CardRow(
        Words(
            "货不够，或预售逾期太久：等货、改货、分批还是取消，由客户选。",
            "The goods are short, or their pre-sale is too late; the customer chooses: wait, other goods, split, or cancel.",
        ),
        (goods.asked_about, of.goods, of.customer, of.contact, of.phone, of.wanted),
    ),
    Subject.SERVICE_DATE: CardRow(
        Words(
            "承办的人定服务日期，写进确认书。",
            "Those who give the service name its dates; they go into the sheet.",
        ),
        (of.goods, of.customer, of.address, of.wanted, of.special),
    ),
    Subject.ACCEPTANCE: CardRow(
        Words(
            "服务已做完，由客户验收；期满不答复视为验收。",
            "The service was given; the customer accepts it, and so does silence in time.",
        ),
        (of.goods, of.customer, of.contact, of.phone, of.promised, of.balance),
    ),
    Subject.TRIAL: CardRow(
        Words(
            "样品在客户处试用：认可、修改还是不要，期满不答复即关闭。",
            "The customer tries the sample: approved, changed or not wanted; without an answer it is closed in time.",
        ),
        (of.goods, of.customer, of.contact, of.phone),
    ),
    Subject.ANOTHER_ROUND: CardRow(
        Words(
            "已打满规定轮数，客户还要修改，再打与否由您决定。",
            "The rounds are used up and the customer wants another change; you decide whether one more is made.",
        ),
        (of.goods, of.customer, of.total, of.past_orders),
    ),
    Subject.SHOP_REVIEW: CardRow(
        Words(
            "网店订单有疑问，审核通过后客户才能付款；不通过须写明原因。",
            "Something about this shop order is off; the customer may pay once it is reviewed. A refusal says why.",
        ),
        (goods.asked_about, of.goods, of.total, of.contact, of.phone, of.address),
    ),
    Subject.MERCHANT_ACCEPTANCE: CardRow(
        Words(
            "客户已付款，限时接单；不接单须写明原因，款项全部退回。",
            "The customer has paid; it is accepted in time, or refused with the reason and all money goes back.",
        ),
        (of.goods, of.total, of.paid, of.address, of.delivery_method, of.contact),
    ),
    Subject.FAILED_REFUND: CardRow(
        Words(
            "支付机构没有退成，由财务另行退款或再退一次。",
            "The payment provider did not pay this refund; finance pays it another way or has it tried again.",
        ),
        (goods.asked_about, of.customer, of.contact, of.phone, of.paid),
    ),
    Subject.TOLERANCE: CardRow(
        Words(
            "合格数量超出允许误差，由客户决定。",
            "What passed is outside the tolerance; the customer decides.",
        ),
        (goods.ordered, goods.passed_against_ordered, of.bill, of.promised),
    ),
    Subject.FINANCE_RELEASE: CardRow(
        Words(
            "货已在库，款项落实后才能放行。",
            "The goods are in the warehouse; they leave once the money is settled.",
        ),
        (of.balance, of.deposit, of.days_late, of.past_orders, goods.in_the_warehouse, of.customer),
    ),
    Subject.BALANCE_RELEASE: CardRow(
        Words(
            "未付余款超过限额，没有您的批准不能发货。",
            "The unpaid balance is above the limit; nothing leaves without your consent.",
        ),
        (of.balance, of.deposit, of.days_late, of.past_orders, goods.in_the_warehouse, of.customer),
    ),
    Subject.EMERGENCY_SHIPMENT: CardRow(
        Words(
            "先发货、后补发货通知单，只用于紧急情况。",
            "The goods leave before their shipping notice; for emergencies only.",
        ),
        (goods.released, of.balance, of.promised, of.wanted, of.customer),
    ),
    Subject.AMENDMENT: CardRow(
        Words("已经投产，要改须生产同意。", "Production has begun; a change needs its consent."),
        (goods.asked_about, of.goods, goods.made, of.promised, of.week_load),
    ),
    Subject.DROPPED_GOODS: CardRow(
        Words(
            "要减去的货已经做了，由主管决定。",
            "Goods that are made already would be dropped; a supervisor decides.",
        ),
        (goods.asked_about, of.goods, goods.made, of.paid, of.customer),
    ),
    Subject.CANCELLATION: CardRow(
        Words(
            "已经投产，取消要算成本，由主管决定。",
            "Production has begun; a supervisor decides on the cancellation and its cost.",
        ),
        (goods.asked_about, of.total, goods.made, of.paid, of.balance, of.customer),
    ),
    Subject.DEPOSIT_SETTLEMENT: CardRow(
        Words(
            "订单已了结，收到的钱要定去向。",
            "The order is over; what becomes of the money received is to be settled.",
        ),
        (goods.asked_about, of.paid, of.bill, of.balance, of.customer),
    ),
    Subject.OVERPAYMENT: CardRow(
        Words("客户多付了，要定转预存还是退款。", "The customer paid too much; it is credited or refunded."),
        (of.balance, of.bill, of.paid, goods.last_payments, of.past_orders),
    ),
    Subject.HANGING: CardRow(
        Words(
            "订单长时间没有动静，关闭还是保留要有人定。",
            "Nothing moved for long; somebody decides whether it is closed or kept.",
        ),
        (of.customer, of.goods, of.total, of.paid, of.wanted, of.past_orders),
    ),
    Subject.QUOTE_APPROVAL: CardRow(
        Words(
            "报价的毛利或条件须有权的人批准。",
            "The margin or the terms of an offer are for somebody else to approve.",
        ),
        (of.customer, of.goods, of.total),
    ),
    Subject.LATE_ACCEPTANCE: CardRow(
        Words(
            "客户在有效期之后接受报价，是否按原价成交要有人定。",
            "The customer accepted after the validity; somebody decides whether the price holds.",
        ),
        (of.customer, of.goods, of.total),
    ),
    Subject.CONTRACT_APPROVAL: CardRow(
        Words(
            "合同签署之前须经审批，起草人不能自己批。",
            "A contract is approved before it is signed, and not by who drafted it.",
        ),
        (of.customer, of.goods, of.total),
    ),
    Subject.CASE_ADMISSION: CardRow(
        Words(
            "质量问题超过期限才提出，是否受理要有人定。",
            "A defect was told after its time; somebody decides whether it is admitted.",
        ),
        (of.customer, of.goods, of.total),
    ),
    Subject.CASE_DECISION: CardRow(
        Words(
            "售后如何处理要有人定，经办人不能自己定。",
            "Somebody decides what the customer gets, and not who handles the case.",
        ),
        (of.customer, of.goods, of.total),
    ),
    Subject.CASE_REVIEW: CardRow(
        Words(
            "客户对处理有异议，须复核一次。",
            "The customer objects to the remedy; it is reviewed once.",
        ),
        (of.customer, of.goods, of.total),
    ),
    Subject.ORDER_APPROVAL: CardRow(
        Words(
            "按审批表轮到您批准，批准后才发确认书。",
            "By the approval matrix it is your turn; the sheet goes out once all have approved.",
        ),
        (of.customer, of.goods, of.total, of.terms, of.promised, of.days_late),
    ),
    Subject.CREDIT: CardRow(
        Words(
            "客户信用不够，解除扣单前订单不往前走。",
            "The customer's credit does not suffice; the order waits until it is freed.",
        ),
        (
            credit.why_held,
            credit.limit,
            credit.exposure,
            credit.this_order,
            credit.overdue_bills,
            of.customer,
        ),
    ),
}
