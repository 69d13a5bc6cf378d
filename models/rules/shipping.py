"""Nothing ships without its notice; every shipment is followed until it is signed for or recalled (R63 to R79)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

SHIPPING = Chapter(
    Words("发货与到货", "Shipping and delivery"),
    (
        Rule(
            "R63",
            Words("仓库拣货核对", "picked and verified"),
            Words(
                "现货订单由仓库拣货，核对质量和数量，打包，发货前确认。",
                "For a stock order the warehouse picks, verifies quality and quantity, packs, and confirms before "
                "the goods leave.",
            ),
            sources=(
                Source("D9", "二、4", "仓库根据订单信息进行商品拣选、打包"),
                Source(
                    "D8", "4.1", "物流公司根据发货单和物流单据，到供应商仓库进行取货，并根据订单进行商品装车"
                ),
                Source("D8", "3", "验证产品质量和数量、进行包装、标记等"),
            ),
            ours=Words(
                "是否须由第二人复核由政策规定，默认不须；货位上缺的货记为短缺，重新预留。承运人装车时清点的数量与发出的不同，当即成为异常。",
                "Whether a second person checks it is a switch, off by default; what is missing at its place is counted "
                "off and reserved anew. Where the carrier counts another quantity at loading, it is an exception at once.",
            ),
            switches=("picking.second_person", "limits.hand_over_hours", "limits.decision_hours"),
        ),
        Rule(
            "R64",
            Words("安排运输", "transport arranged"),
            Words(
                "发货前由物控员与物流公司安排承运人、方式和时间。",
                "Before shipment the material controller arranges carrier, method and time with logistics.",
            ),
            sources=(
                Source("D13", "流程4", "物控员与物流公司安排出货事宜"),
                Source("D6", "六、1", "安排合适的物流方式和运输工具"),
                Source("D1", "2.4"),
                Source("D14", "五、1"),
            ),
            switches=("limits.hand_over_hours",),
        ),
        Rule(
            "R65",
            Words("交货方式", "delivery method"),
            Words(
                "交货方式决定费用和送达时间；自提时，“到货”指货物备妥并已通知客户。",
                'The delivery method decides fee and time. For pick-up, "arrived" means ready and told.',
            ),
            sources=(
                Source("D3", "5", "不同的配送方式可能会收取不同的费用或具有不同的送达时间"),
                Source("D12", "一、6", "客户可根据约定的交付时间或服务时间前往指定地点领取商品"),
            ),
        ),
        Rule(
            "R70",
            Words("凭发货通知单发货", "no shipment without its notice"),
            Words(
                "没有商品销售发货（申请）通知单不得发货。财务核对后再次审核发货条件和单上各项数据（收货地址、收货人、联"
                "系方式、数量）。紧急且无法开单时，客服主管可通知先行发货，但款项必须已落实；通知单后补，持续催交。",
                "No shipment without the shipping notice. After finance, the conditions and all data on it (address, "
                "consignee, contact, quantities) are checked once more. In an emergency the service supervisor may "
                "let the goods go without the paper, never without payment clearance; the notice is then owed and "
                "asked for.",
            ),
            sources=(
                Source(
                    "D20",
                    "第14步（2）",
                    "发货员在未接到《商品销售发货（申请）通知单》（手工发货单）不得擅自发货，客服员如遇紧急确实无法及时开"
                    "单的，应上报客服主管，由客服主管通知发货员先行发货，手工单后补",
                ),
                Source("D20", "第14步（1）", "再次审核与复查发货条件及发货单上各项数据"),
            ),
            ours=Words(
                "通知单只能由客服员开具，写明地址、收货人和联系人；未写数量的按放行数量。",
                "The notice is the clerk's alone, and names address, consignee and contact; quantities that it does "
                "not give are the release's.",
            ),
            switches=("limits.hand_over_hours", "limits.owed_paper_hours"),
        ),
        Rule(
            "R71",
            Words("发货单与复述", "delivery note read back"),
            Words(
                "发货员据发货通知单开具销售发货单；客服员逐项交待发货要求，发货员复述。",
                "From the notice the shipper makes the delivery note. The instructions are gone through item by "
                "item, and the shipper reads them back.",
            ),
            sources=(
                Source("D20", "第14步", "发货员以此为据开据《销售发货单》安排发货"),
                Source("D20", "第15步", "要仔细交待并让其复述以示明白"),
            ),
            switches=("limits.hand_over_hours",),
        ),
        Rule(
            "R72",
            Words("发货告知书", "shipment notice"),
            Words(
                "发货后，发货告知书（承运人、运单号、预计到货）核对是否符合确认书，随即发给客户和业务员，并确认客户已清晰"
                "收到。",
                "After dispatch the shipment notice (carrier, tracking number, expected arrival) is checked against "
                "the sheet and sent to customer and salesperson at once; the customer confirms a legible copy.",
            ),
            sources=(
                Source(
                    "D20",
                    "第16步",
                    "要认真审核其填写内容的真实性及具体的到货时间是否符合确认书条件，并立即向客户传送《发货告知书》，客"
                    "服员电话确认客户已收到清晰传真件",
                ),
            ),
            ours=Words(
                "预计到货晚于要求交期即为异常。",
                "An expected arrival after the wanted date is an exception.",
            ),
            switches=("limits.owed_paper_hours", "limits.decision_hours"),
        ),
        Rule(
            "R73",
            Words("运单号与周报", "tracking numbers and weekly report"),
            Words(
                "当日所有运单号在下班前公布；每周至少一次把已发货订单的统计表发给销售群。",
                "All tracking numbers of the day are published before the end of the working day. At least once a "
                "week a table of shipped orders goes to the sales group.",
            ),
            sources=(
                Source(
                    "D13",
                    "规定5",
                    "跟单员对已发货订单除每天下班前在微信群中公布快递号外，每周至少一次将统计表以照片形式发到微信群",
                ),
            ),
            ours=Words(
                "每个工作日17:30公布运单号；每周最后一个工作日17:00出统计表。统计表按批计入当周发出货物的货款，只计一次。",
                "The numbers go out every working day at 17:30, the table on the last working day of the week at "
                "17:00. The table counts by shipment what was billed for the goods that left in the week, once.",
            ),
        ),
        Rule(
            "R74",
            Words("在途跟踪", "shipment followed"),
            Words(
                "客服员按发货告知书上的检查时间跟踪在途货物；延误或破损及时告知客户，到货日期和情况告知业务员。",
                "On the planned check time the clerk follows the shipment. Delay or damage in transit is told to the "
                "customer; arrival date and condition are told to the salesperson.",
            ),
            sources=(
                Source("D20", "第17步", "客服员按发货告知书上的监督检查时间，对该次发出货物进行到达跟踪"),
                Source("D20", "第17步", "及时跟客户沟通，减少不必要的误解。并将到货日期及情况告知销售员"),
                Source("D9", "二、5(2)"),
            ),
            ours=Words(
                "到货破损、短少、被拒收或丢失，均为有负责人的异常，结果为补发、减款、接受或终止，由客服主管、上级主管或总监决定"
                "（接受由业务员或客服员转达）；客户没有收到的货不计入账单。客服员代为登记到货或回单时须注明单据。承运人未给到货"
                "日期的，七天后视为逾期未到。",
                "Goods that arrive damaged or short, are refused or lost are an exception with an owner; its "
                "outcomes are re-shipment, credit, acceptance or the end, decided by a supervisor or the director "
                "(acceptance is passed on by whoever speaks with the customer). What the customer did not get is not "
                "billed. The clerk who tells of an arrival or a receipt names the paper. Where the carrier named no "
                "date, an arrival is missed after seven days.",
            ),
            switches=("limits.decision_hours",),
        ),
        Rule(
            "R75",
            Words("到货通知客户", "customer told of arrival"),
            Words(
                "到货后由业务员通知客户付款提货。",
                "When the goods have arrived, the salesperson tells the customer to pay and collect.",
            ),
            sources=(Source("D13", "规定5", "由业务员跟综货到情况通知客户提付"),),
            ours=Words(
                "尚有未付款时才请客户付款。", "The customer is asked to pay only where something is open."
            ),
        ),
        Rule(
            "R76",
            Words("死单召回", "dead order recalled"),
            Words(
                "到货15天仍不提货的为死单，召回货物；此前发出提醒。业务员担保的订单（R38二）由业务员承担双程运费，金额记在"
                "订单上。",
                "Goods that arrived and are not collected within 15 days are a dead order and are recalled; "
                "reminders go out before. Under a guarantee (R38 b) the salesperson carries the freight both ways, "
                "and the amount is kept on the order.",
            ),
            sources=(
                Source(
                    "D13",
                    "规定3.2",
                    "如发生“死单”，业务员需负担双程运费；订单到货15天仍不提货将视为“死单”，采取召回货物政策",
                ),
            ),
            ours=Words(
                "召回只回来一部分的，其余有负责人，直到退回、客户提走或核销；不计入账单。适用于所有订单（开关可限于担保订单）。非担保订单由公司承担运费，可向客户收取。到货后第15天结束时成为死"
                "单，且不早于到货记录后的下一个工作日结束。",
                "What does not come back with the rest has an owner until it is back, collected or written off, and "
                "is not billed. It applies to all orders (a switch limits it to guaranteed ones). Otherwise the company pays the "
                "freight and may charge the customer. An order is dead at the end of the 15th day after the arrival, "
                "and not before the end of the working day after the arrival was recorded.",
            ),
            switches=(
                "dead_order.days",
                "dead_order.guaranteed_only",
                "dead_order.reminder_days",
                "limits.inspection_hours",
                "limits.owed_paper_hours",
            ),
        ),
        Rule(
            "R77",
            Words("召回中提货", "collected during the recall"),
            Words(
                "召回途中客户前来提货的，货物仍在承运人处就仍可提取：以先到的事实为准，两个事实都保留。",
                "A customer who collects while the recall is under way still gets the goods if the carrier still has "
                "them. What arrives first decides, and both facts are kept.",
            ),
            ours=Words(
                "原文未规定，本条全部由本公司决定。",
                "The procedures are silent; all of this rule is our decision.",
            ),
        ),
        Rule(
            "R78",
            Words("到货回单签收", "delivery receipt signed"),
            Words(
                "客户签署到货回单即为已交付，随后进入产品使用服务流程。",
                "The customer signs the delivery receipt: delivered. Then the product-use service begins.",
            ),
            sources=(Source("D20", "第18步", "要求客户签署《到货回单》后，进入产品使用服务流程"),),
        ),
        Rule(
            "R79",
            Words("发货单按月归档", "delivery notes archived"),
            Words(
                "销售发货单按月移交客户服务部统一归档。",
                "Delivery notes are handed over and archived month by month.",
            ),
            sources=(
                Source(
                    "D20", "第16步（1）", "发货员将电脑开据的《销售发货单》按月移交客户服务部客服员统一归档"
                ),
            ),
            ours=Words(
                "每月第一个工作日归档上月的发货单。",
                "On the first working day of a month the notes of the month before are archived.",
            ),
        ),
    ),
)
