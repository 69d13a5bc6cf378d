"""Goods from stock or pre-sale are reserved before they are promised, and never promised twice (R101, R110 to R114)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

STOCK = Chapter(
    Words("现货与库存", "Goods from stock"),
    (
        Rule(
            "R101",
            Words("现货订单的确认", "how a stock order is confirmed"),
            Words(
                "现货订单用邮件或客户页面确认；客户自己录入且未改动的订单，本身就是确认。",
                "An order from stock is confirmed by mail or on the customer's page; one that the customer entered and "
                "nobody changed is its own confirmation.",
            ),
            sources=(Source("D4", "三、5", "销售人员应及时发送确认订单邮件给客户，确认订单的细节"),),
            ours=Words(
                "现货订单的确认书是否也须签字，由政策规定，默认不须。",
                "Whether its sheet must be signed like any other is a switch; by default it need not.",
            ),
            switches=("sheet.from_stock", "limits.signature_hours"),
        ),
        Rule(
            "R110",
            Words("库存与预留", "stock and reservations"),
            Words(
                "库存只靠出入库流水变动，可供数量不为负。一张订单一次预留全部行，同一货品的各行合计，要么全留，要么不留。"
                "退回的货先待检，再入库、返工或报废。",
                "What is on hand changes by movements alone, and what is available is never below zero. An order reserves "
                "all its lines at once, lines of one item added up: all or nothing. Goods that come back are "
                "inspected before they go to stock, rework or scrap.",
            ),
            sources=(
                Source("D14", "二、1", "核实产品库存情况，确保订单所需的产品数量充足"),
                Source("D15", "3", "企业还需要建立完善的库存管理系统，确保能够满足客户的订单需求"),
            ),
            ours=Words(
                "盘点少于已预留的，由最晚下单的承担短缺。",
                "Where a count finds fewer than are reserved, the order that was placed last falls short.",
            ),
            switches=("limits.decision_hours",),
        ),
        Rule(
            "R111",
            Words("暂留与锁定", "held, then firm"),
            Words(
                "预留先暂留，到期自动释放；订单确认或付款后锁定。已被释放的重新预留，不够时按缺货处理。",
                "A reservation is held for a time and then given back by itself; it is firm once the order is confirmed "
                "or paid. What was given back is reserved anew; where it is short, the customer chooses.",
            ),
            ours=Words(
                "默认暂留 24 小时；网店订单留到付款时限。",
                "It is held for 24 hours by default; an order of the shop holds it until its payment limit.",
            ),
            switches=("stock.hold_hours",),
        ),
        Rule(
            "R112",
            Words("缺货由客户选择", "the customer chooses when short"),
            Words(
                "缺货时客户选择等货、改货、分批或取消；新的到货日连同原因告知客户。到货按下单先后分给等货的订单。",
                "Where goods are short the customer chooses: wait, other goods, split, or cancel. Each new day is told "
                "with its reason. What comes goes to those who wait, by placing time.",
            ),
            sources=(
                Source("D8", "2"),
                Source("D14", "四、3"),
                Source("D19", "二", "如果商品库存不足或订单信息有误，商家会及时与用户联系并进行处理"),
            ),
            ours=Words(
                "默认 48 小时内选择，网店 24 小时；逾期先提醒，再由客服主管决定。",
                "The customer has 48 hours by default, 24 in the shop; silence is reminded of, and then the service supervisor decides.",
            ),
            switches=("stock.choice_hours", "stock.ship_days", "shop.choice_hours"),
        ),
        Rule(
            "R113",
            Words("采购告知到货", "purchasing names the day"),
            Words(
                "采购告知订货数量和到货日期；到货检验后入库。",
                "Purchasing tells what it ordered and when it comes; what comes is inspected and received.",
            ),
            sources=(Source("D1", "2.3", "相关部门根据订单要求进行采购、生产和仓储等操作"),),
            ours=Words(
                "技术部写明订制生产缺哪种原材料的，采购收到待办，订购后告知到货日；生产据此排期，不因此停下。",
                "Where the technical note names raw material that is short for goods made to order, purchasing is asked, "
                "orders it and names the day; production dates the goods by it, and nothing is held up.",
            ),
            switches=("limits.owed_paper_hours",),
        ),
        Rule(
            "R114",
            Words("预售批次", "pre-sale batches"),
            Words(
                "预售按批次：数量、约定到货日、付定金或全款。订单占用批次数量，绝不超售；约定日即预交日。到货检验合格后按下单"
                "先后备给订单；不足的由客户选择。逾期过久客户可免费取消，全额退款。",
                "Goods are sold before they are there, from a batch: a quantity, a day, a deposit or the whole. Never is more "
                "sold than the batch has; its day is the promise. What passed is set apart by placing time; of what is "
                "short the customer chooses. Where it is too late the customer cancels free of charge and has all the "
                "money back.",
            ),
            sources=(Source("D19", "三", "商家将按照约定的时间进行生产或采购，并在商品准备就绪后进行发货"),),
            ours=Words(
                "默认逾期超过 7 天可免费取消。到齐后无人订的余货入库存。",
                "It is too late by default when it is more than 7 days later than agreed. What nobody ordered of a batch "
                "that is complete goes to stock.",
            ),
            switches=("stock.late_days",),
        ),
    ),
)
