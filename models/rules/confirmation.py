"""The customer signs, the deposit arrives, the parties in the house agree; only then the factory hears of it (R30 to R39)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

CONFIRMATION = Chapter(
    Words("确认与定金", "Confirmation and deposit"),
    (
        Rule(
            "R30",
            Words("确认书制作与发送", "confirmation sheet sent"),
            Words(
                "制作销售部客户订单确认书，逐项逐条检查无误后盖章发给客户，并确认对方已清晰收到。",
                "The confirmation sheet is made, checked line by line, stamped and sent to the customer, who "
                "confirms that a legible copy arrived.",
            ),
            sources=(
                Source(
                    "D20",
                    "第8步",
                    "再逐项逐条地将打印正本内容进行检查无错后传真给客户确认，并确认对方已清晰接收传真",
                ),
                Source(
                    "D13",
                    "规定2",
                    "打印《订单客户确认书》加盖业务专用章，拍照发微信“下单群”，业务员通过QQ、微信、彩信方式转发给客户"
                    "确认并付订金",
                ),
            ),
            ours=Words(
                "由客服员传真，还是由跟单员盖章发群、业务员转发，是开关。签回件无误时，副本视为清晰。",
                "Whether the clerk faxes the sheet, or the merchandiser stamps and posts it and the salesperson "
                "forwards it, is a switch. After a clean signed return the copy is legible by definition.",
            ),
            switches=("sheet_route", "limits.sheet_hours", "limits.signature_hours"),
        ),
        Rule(
            "R31",
            Words("确认书签回与核对", "signed sheet checked"),
            Words(
                "确认书由客户指定人员签名或盖章后回传。回传件不清、未签、由他人签署或特殊要求不明的，退回重新确认；完全"
                "无误后即为生产指令。",
                "The customer's designated person signs or stamps the sheet and returns it. A returned sheet that is "
                "illegible, unsigned, signed by somebody else or unclear in its special requirements goes back until "
                "it is clean. Then it is the production instruction.",
            ),
            sources=(
                Source(
                    "D20",
                    "第9步",
                    "要求客户指定人员签名或盖章回传。回传件必须认真查验，如有错误及签名盖章不清、特殊要求备注不详等，必"
                    "须耐心重新再确认，收件清晰完全无误后即形成生产指令单",
                ),
            ),
            ours=Words(
                "业务员说已签回的，须附原件（扫描件或纸质编号）；未附的由客服员核对签字后才算。客户经链接签字的，凭发到指定签字人手"
                "机或邮箱的验证码立即生效；只写姓名的由客服员核对签字后才算，以签字时间为准。留存所签文件的完整哈希、打开与签字"
                "的时间和地址。",
                "A salesperson who says that it is signed hands it in (a picture, or the number of the paper); without it, "
                "it counts when a clerk has looked at the signature. A signature by link counts at once with a code that was "
                "sent to the designated signer's phone or mailbox; a name alone counts when a clerk has looked at it, from "
                "when it was given. The whole hash of the paper is kept, with when and from where it was opened and signed.",
            ),
            switches=("limits.signature_hours",),
        ),
        Rule(
            "R32",
            Words("A类后补确认书", "sheet owed by class A"),
            Words(
                "A类客户无法立即回传确认书的，可直接下达生产指令；确认书照常索取，列为欠交单据，直到补回。",
                "A class A customer who cannot return the sheet at once may have production instructed all the same. "
                "The sheet is asked for as usual, and is owed until it comes.",
            ),
            sources=(
                Source(
                    "D20",
                    "第9步（1）",
                    "A类客户如无法立即回传《销售部客户订单确认书》，可直接下达生产指令单，待后补传",
                ),
            ),
            switches=("limits.owed_paper_hours",),
        ),
        Rule(
            "R33",
            Words("签回与定金后生产", "sheet and deposit before production"),
            Words(
                "B类和C类客户须收到签回的确认书，需付定金的还须定金到账并经财务确认，才下达生产指令。",
                "For class B and C production waits for the signed sheet and, where a deposit is due, for its "
                "arrival, confirmed by finance.",
            ),
            sources=(
                Source(
                    "D20",
                    "第9步（2）",
                    "B、C类客户均需在收到经确认的《销售部客户订单确认书》（需支付定金的客户还需等定金到帐）的回传后，下"
                    "达生产指令单",
                ),
                Source("D6", "四、1", "客户需要按照约定支付一定比例的定金"),
            ),
            ours=Words(
                "订单和合同都未写明比例时，按政策的定金比例。生产开始后定金被退回或更正的，重新索取，告知客服员、业务员"
                "和财务；它阻止发货，不阻止生产。",
                "Where neither the order nor the contract names a share, the policy's applies. A deposit that "
                "bounces or is corrected after production began is asked for again, and clerk, salesperson and "
                "finance are told; it blocks shipment and not production.",
            ),
            switches=("payment.deposit_percent", "limits.deposit_hours", "limits.signature_hours"),
        ),
        Rule(
            "R34",
            Words("次日顺延", "next-day slip"),
            Words(
                "确认书发出当日未收到签回的，预交日自动顺延：次日收到顺延一天，再晚一天再延一天，直到无误的签回件到达（有"
                "误的回传不算）。A类客户除外。生产完成日和约定发货日随之移动，每次变动告知客户和业务员。",
                "If the signed sheet is not back on the day the sheet was sent, the promised date moves one day "
                "later, and one more day for each further day, until the clean sheet is back; a faulty one is not "
                "back. Class A is exempt. The production due date and the agreed ship date move with it, and "
                "customer and salesperson are told each new date.",
            ),
            sources=(
                Source(
                    "D20",
                    "第9步（3）",
                    "如当日未收到《销售部客户订单确认书》回传的，则预订交货日期自动向后延期，次日下单后延一日，以此类推",
                ),
            ),
            ours=Words(
                "已失去的日子属于预交日，只有生产部重新定期才能取代。等待定金同样顺延（默认开）、按自然日还是工作日、一"
                "日何时结束，均为开关。",
                "Lost days belong to the promise: only a new dating by production replaces them. Switches: waiting "
                "for the deposit slips as well (on by default), calendar or working days, and when a day ends.",
            ),
            switches=("slip.days", "slip.deposit_slips", "slip.end_of_day_minutes"),
        ),
        Rule(
            "R35",
            Words("现金定金清帐", "cash cleared with finance"),
            Words(
                "现场下单的，业务员可以收取现金定金，回厂后向财务清帐。",
                "For an order on site the salesperson may take the deposit in cash, and clears it with finance on "
                "return.",
            ),
            sources=(Source("D13", "规定3.4", "如为现场下单，业务员可以收现金，回厂后向财务清帐"),),
            ours=Words(
                "清帐之前，现金可算作生产所需的定金，但阻止发货，并持续提醒。",
                "Until it is cleared, cash counts for production but blocks shipment, and is reminded of.",
            ),
            switches=("limits.owed_paper_hours",),
        ),
        Rule(
            "R36",
            Words("定金未到不下厂", "no deposit, no production"),
            Words(
                "定金到账之前由跟单员保留订单，不向工厂下发。",
                "Before the deposit arrives the merchandiser keeps the order, and nothing goes to the factory.",
            ),
            sources=(Source("D13", "规定2", "在收到订金前跟单员保留订单，不下发工厂备货"),),
            ours=Words(
                "放行之前就报来的成品立即列为异常，予以保留，条件具备后计入。",
                "Goods that are reported before the order may be produced are an exception at once; they are kept, "
                "and count when the conditions are met.",
            ),
            switches=("limits.decision_hours",),
        ),
        Rule(
            "R37",
            Words("三方确认", "three-party confirmation"),
            Words(
                "跟单员输出的订单确认单由业务员、物控员、财务三方确认后，才安排生产和出货。",
                "The merchandiser's order is confirmed by salesperson, material controller and finance before "
                "production and shipment are arranged.",
            ),
            sources=(
                Source("D13", "流程3", "跟单员输出订单确认单，与业务员，物控员，财务三方确认安排生产、出货"),
            ),
            ours=Words(
                "哪类客户的订单须三方确认是开关，默认A类除外。三方须为三个不同的人。",
                "Whose orders need it is a switch, by default all but class A. The three are three different persons.",
            ),
            switches=("three_party.classes", "limits.decision_hours"),
        ),
        Rule(
            "R38",
            Words("小额订单三种方式", "three ways of a small order"),
            Words(
                "500元及以下的订单（“以下”包括本数，民法典第1259条）由业务员根据对客户的评估选择一种方式，评估留存：（一）"
                "全款预付，付款后3天内发货；（二）不收定金，由业务员担保发货，发货前告知总监；（三）照付定金。",
                "For an order of 500 yuan or less (the figure itself included, Civil Code art. 1259) the salesperson "
                "chooses one of three ways from an assessment of the customer that is kept: (a) prepaid in full, "
                "shipped within three days of payment; (b) no deposit, shipped on the salesperson's guarantee, the "
                "director told before shipment; (c) deposit as usual.",
            ),
            sources=(
                Source(
                    "D13",
                    "规定3",
                    "针对500元以下订单，业务员可根据客户综合评估决定以下三种方式让跟单员安排工厂生产、发货",
                ),
                Source("D13", "规定3.1", "说服客户全款预付，控制在三天内发货"),
                Source("D13", "规定3.2", "可以不收订金，直接发货，但业务员需作担保"),
                Source("D13", "规定3.2", "发货前知会总监"),
                Source("D13", "规定3.4"),
            ),
            ours=Words(
                "担保只是小额订单的方式。付款后三天同时约束生产日期和发货日，一旦无法做到即为超期。",
                "The guarantee exists only as a way of a small order. The three days from payment bind production "
                "date and ship date, and are overdue as soon as they cannot be held.",
            ),
            switches=(
                "small_order.limit",
                "small_order.prepaid_ships_within_days",
                "limits.decision_hours",
                "limits.deposit_hours",
                "limits.details_hours",
            ),
        ),
        Rule(
            "R39",
            Words("网上订单付款时限", "time limit of payment"),
            Words(
                "网上订单先审核，有疑问的转客服员；审核通过后在规定时间内付款，按付款时间算，精确到秒。到时先问支付机构一次，"
                "确未付款的取消并退回库存。",
                "A shop order is reviewed, and what is off goes to a clerk; then it waits for payment within a time limit, to "
                "the second by when it was paid. At the limit the payment provider is asked once; not paid, it is cancelled "
                "and its stock is given back.",
            ),
            sources=(Source("D9", "二、3(1)", "客户在规定时间内完成订单支付"),),
            ours=Words(
                "时限默认 24 小时。其后 24 小时内到账的，有货则按原价恢复订单，无货则退款；订单终结后才到账的自动退款。"
                "是否每单都由客服员审核是开关。",
                "The limit is 24 hours by default. For 24 hours more late money opens the order anew at the old price where "
                "the goods are to be had, else it is refunded; what comes after the order's end goes back by itself. Whether a clerk "
                "reviews each order is a switch.",
            ),
            switches=("shop.review", "shop.pay_hours", "shop.late_hours"),
        ),
    ),
)
