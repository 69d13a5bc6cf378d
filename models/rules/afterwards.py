"""What comes after an order: its rating, and its cases: return, exchange, repair, complaint (R141 to R144)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

AFTERWARDS = Chapter(
    Words("售后", "Afterwards"),
    (
        Rule(
            "R141",
            Words("满意度调查与评价", "survey and rating"),
            Words(
                "订单完成后的下一个工作日请客户评价：货物和服务各一至五分，三十天内可修改，订单结束后也可以。"
                "任一项为一分或二分的，自动生成投诉。",
                "On the working day after an order is complete the customer is asked to rate it: 1 to 5 for the goods and for "
                "the merchant, one rating, changeable for thirty days, also after the order has ended. 1 or 2 for either opens "
                "a complaint by itself.",
            ),
            sources=(Source("D17", "五、2"), Source("D19", "六")),
            ours=Words(
                "天数和投诉的分数线是我们的设置。没有“已完成”的订单以结清为准。",
                "The days and the stars that open a complaint are our settings. An order that knows no completion is asked "
                "about when it has been settled.",
            ),
            switches=("afterwards.rating_days", "afterwards.low_rating"),
        ),
        Rule(
            "R142",
            Words("退货数量、期限与退款", "what comes back, when, its worth"),
            Words(
                "退回的数量不超过已签收减去其他售后单已占用的数量。无理由只限商城现货，签收后七天内；质量问题三十天内，"
                "更晚由客服主管决定是否受理。退款为退前留用金额减退后留用金额（各自四舍五入到分），只计检验合格的数量，"
                "不超过已收款。网店的配送费在全部退回或我方责任时一并退还，只退一次。",
                "No more comes back than was received and is not in another case. Without a reason only stock goods of the "
                "shop, within seven days after receipt; defects within thirty days, later the service supervisor may admit "
                "them. The refund is the line as kept before less the line as kept after, each rounded to the fen, for what "
                "passed inspection, and never above the money received. The delivery fee of the shop goes back once: with the "
                "last of the goods, or with any that come back by our fault.",
            ),
            sources=(Source("D17", "六、1"),),
            ours=Words(
                "天数是我们的设置；两张售后单同时要同一批货，后到的被拒。未寄回、撤回、检验不合格和维修后的数量重新可退。",
                "The days are our settings. Of two cases for the same goods at the same instant one is refused. What was not "
                "sent, was withdrawn, did not pass or was repaired may come back again.",
            ),
            switches=("afterwards.no_reason_days", "afterwards.defect_days"),
        ),
        Rule(
            "R143",
            Words("售后单的办理", "how a case goes"),
            Words(
                "二十四小时内受理，核查证据，三个工作日内决定；同意后客户十五天内寄回，签收，两个工作日内检验，七天内处理"
                "（退款、抵扣、补发、维修或答复）。客户七天内认可或提出一次异议，由主管复核；不答复视为认可。"
                "五百元以下由客服主管决定，以上由营销总监决定，经办人不得决定；财务付款。未寄回的提醒后结案，数量释放。"
                "按产品和原因统计。",
                "Taken up within 24 hours, the evidence assessed, decided within three working days; then the customer sends the "
                "goods within fifteen days, they are received, inspected within two working days, and it is remedied within "
                "seven (refund, credit, re-shipment, repair or answer). The customer agrees within seven days or objects once, "
                "which the supervisor reviews; silence agrees. The service supervisor decides up to 500.00, above it the "
                "marketing director, never who handles the case; finance pays. Goods that are not sent: reminded, closed, the "
                "quantity free. Counted by product and cause.",
            ),
            sources=(Source("D17", "六"), Source("D19", "七")),
            ours=Words(
                "期限和金额是我们的设置；“以上”不含本数。登记人、核查人和该订单的业务员也不得决定；原决定人、"
                "检验人和办理人不得复核，没有别的主管的由总监复核；同意过处理的人不得检验退回的货物，也不得付款。"
                "审批表中有关退款的行合并计算。",
                "Limits and amount are our settings; above is strict. Nor does who entered or assessed it decide, or the order's "
                "salesperson; who decided first, inspected or carried the remedy out does not review it, and where no other "
                "supervisor is the director does. Whoever agreed to a remedy neither inspects the goods that come back nor pays. "
                "The rows of the approval matrix about refunds are united with it.",
            ),
            switches=(
                "afterwards.acknowledge_hours",
                "afterwards.decide_days",
                "afterwards.send_days",
                "afterwards.reminder_days",
                "afterwards.receive_days",
                "afterwards.inspect_days",
                "afterwards.remedy_days",
                "afterwards.agree_days",
                "afterwards.supervisor_limit",
            ),
        ),
        Rule(
            "R144",
            Words("换货", "exchange"),
            Words(
                "换货是退货加一张按原价登记的换货订单，检验合格后由系统登记；我方责任的立即登记。差价由财务收付。",
                "An exchange is a return with a replacement order at the old price, which the product enters after the "
                "inspection, on our fault at once. Finance settles the difference.",
            ),
            sources=(Source("D17", "六、1", "进行退款或重新发货"),),
            ours=Words(
                "我方责任先发的换货，客户未寄回货物时，差价由财务结算，不自动结案。",
                "Where it was replaced on our fault and the goods never came, finance settles the difference; it is not simply "
                "closed.",
            ),
        ),
    ),
)
