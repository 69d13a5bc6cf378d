"""How an order ends, and what may still be asked of it (R80 to R87)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

SETTLEMENT = Chapter(
    Words("结算与其后", "Settlement and afterwards"),
    (
        Rule(
            "R80",
            Words("结算与归档", "settlement and archive"),
            Words(
                "交付后按账单结清款项，开具发票，然后归档并备份，便于查询。",
                "After delivery the payments are settled against the bill, the invoice is made, and the order is "
                "archived, backed up and can be searched.",
            ),
            sources=(
                Source(
                    "D14", "六、1", "在确认订单已交付后，进行订单结算，包括确认支付方式、核对金额和开具发票等"
                ),
                Source("D14", "六、2", "妥善存档并备份订单信息，便于后续跟踪和查询"),
                Source("D18", "第二章 第一条8"),
            ),
        ),
        Rule(
            "R81",
            Words("确认收货", "receipt confirmed"),
            Words(
                "客户确认收货后订单完成；随后进行满意度调查和评价。",
                "The order is completed when the customer confirms receipt; satisfaction survey and rating follow.",
            ),
            sources=(
                Source("D19", "六", "用户确认收货后，订单完成"),
                Source(
                    "D10", "十一", "客户需要在自己的账户中点击确认收货按钮，并可以对购买的商品或服务进行评价"
                ),
                Source("D17", "五"),
            ),
            ours=Words(
                "客户在回单上签字也算（可关闭）；仅有承运人回单而客户未表示的，自签收起满 7 天、于第 7 天终了视为已确认。召回的货"
                "物不计；有未办结异常的日子不计。订单完成并结清后终结；其后的确认收货视为已知。",
                "The customer's signature on the receipt counts as well (switch). With the carrier's receipt alone and no "
                "word from the customer, it is taken as confirmed at the end of the seventh day after it. What was "
                "recalled does not count, nor days on which an exception was open. An order ends when it is completed "
                "and settled; a confirmation that comes later is known already.",
            ),
            switches=("completion",),
        ),
        Rule(
            "R82",
            Words("售后", "after-sales"),
            Words(
                "退货、换货、投诉各为独立的售后单，有负责人和时限，以退款、补发、维修或答复结束。",
                "A return, an exchange or a complaint is a case of its own with owner and time limit; it ends in "
                "refund, re-shipment, repair or an answer.",
            ),
            sources=(
                Source("D17", "六", "针对退换货需求，及时处理客户的申请，进行退款或重新发货"),
                Source("D12", "一、7"),
                Source("D19", "七"),
            ),
        ),
        Rule(
            "R83",
            Words("订单变更", "amendment"),
            Words(
                "订单提交后不得修改：改动须作为变更提出，重新核对、重新计价，并由客户重新确认；生产开始后还须生产部同意。",
                "An order may not be edited once submitted. A change is an amendment: checked again, priced again, "
                "and confirmed again by the customer; after production began production must agree.",
            ),
            sources=(
                Source("D3", "8", "此时用户将不可更改订单信息"),
                Source("D20", "第9步", "必须耐心重新再确认"),
            ),
            ours=Words(
                "变更使哪些核对失效由字段表规定，只失效该表所列；联系方式和客户订单号只使签字失效。可增删订单行：行号不再"
                "重用，新行单独审核，预交日取较晚者，不能少于已发数量，减去已生产的货由生产部和上级主管都同意，去掉所有行"
                "即取消。已有变更待决时，第二个变更并入一并询问，两份都写的以后者为准并告知前者。页面上的每一步都带所见版"
                "本，版本或所据数字已变的不采纳，并列明变化。",
                "An amendment voids exactly what the table from field to checks says; contact fields and the customer's "
                "own number void the signature only. Lines may be added and dropped: numbers are not used again, a new "
                "line is checked alone, the promise is the later date, no less than has left can be ordered, goods that "
                "are made are dropped by production and the sales supervisor together, and to drop every line is to "
                "cancel. A second amendment while one waits joins it; of a field named twice the later counts, and who "
                "named it first is told. Every act of a page carries the version that it showed: where version or "
                "figures are others now it is refused, with what changed.",
            ),
            switches=("limits.decision_hours",),
        ),
        Rule(
            "R84",
            Words("订单取消", "cancellation"),
            Words(
                "生产前可自由取消；生产后由上级主管决定，并结清定金和成本。",
                "Cancelling is free before production. Later the sales supervisor decides, and deposit and cost are "
                "settled.",
            ),
            ours=Words(
                "原文未规定，本条全部由本公司决定。已发出一部分的，由上级主管逐行决定其余部分：不再生产、转库存或报废；生产停止，"
                "不再发货；已交付的照常签收和结算。只收人工和材料成本，超过多收款的部分须有客户书面同意。账单为已发出减去退回。"
                "应退的款由财务退清。",
                "The procedures are silent; all of this rule is our decision. After a part was shipped the sales "
                "supervisor decides about the rest, line by line: not made, to stock, scrapped. Production stops and "
                "nothing more is shipped; what was delivered goes its way to receipt and settlement. Cost is for work "
                "and material only, and above what was paid too much it needs the customer's consent in writing. The "
                "bill is what left less what came back, and finance pays the refund.",
            ),
            switches=("limits.decision_hours",),
        ),
        Rule(
            "R85",
            Words("可查询订单状态", "who may see an order"),
            Words(
                "有权的人员可随时查询订单状态，客户可查询自己订单的状态。",
                "Anyone entitled can see the status of an order at any time, and the customer can see the own "
                "order's.",
            ),
            sources=(
                Source("D1", "2.3", "以便销售团队和客户可以随时查询订单进度"),
                Source("D9", "二、5(1)", "查询订单物流信息"),
                Source("D14", "四、2", "使客户可以实时了解订单进展情况"),
            ),
        ),
        Rule(
            "R86",
            Words("责任报告", "responsibility report"),
            Words(
                "每次延误和异常由谁负责、谁遵守了时限，可按人按月报告。",
                "Who was responsible for each delay and each exception, and who kept the limits, can be reported per "
                "person and month.",
            ),
            sources=(
                Source("D9", "四、2", "对严格执行本制度，提高订单处理效率的部门和个人，给予表扬和奖励"),
            ),
            ours=Words(
                "每月第一个工作日出上月报告。",
                "The report of a month is made on the first working day of the next.",
            ),
        ),
        Rule(
            "R87",
            Words("服务订单", "service order"),
            Words(
                "服务类订单没有货物：以服务进度代替质检和发货，由客户确认服务已经提供。",
                "A service order has no goods: progress reports stand in for inspection and shipping, and the "
                "customer confirms that the service was given.",
            ),
            sources=(
                Source("D17", "四", "对于服务类订单，及时跟踪服务进度"),
                Source("D17", "五", "对于服务类订单，确认服务已经提供"),
                Source("D1", "2.1"),
            ),
            ours=Words(
                "承办的人定起止日期，写进确认书；确认书签回、定金到账后开始。至少每 7 天报一次进度（0–100%），每次都告知客户；"
                "下调须写明原因。"
                "满 100% 请客户验收：验收、不予验收（作为异常，继续服务）或 7 天没有答复视为验收；然后结清余款。没有三方确认和发货放行。",
                "Those who give it name its dates, which stand in the sheet; it begins once the sheet is signed and the deposit "
                "there. It is reported at least each 7 days, 0 to 100 %, and the customer hears of each report; less than before "
                "needs a reason. At 100 % the customer accepts it, rejects it (an exception; the service goes on) or is silent "
                "for 7 days, which accepts it; then the balance is due. There is no three-party confirmation and no release.",
            ),
            switches=(
                "service.report_days",
                "service.acceptance_days",
                "limits.production_date_hours",
                "limits.decision_hours",
            ),
        ),
        Rule(
            "R130",
            Words("样品与试用", "samples on trial"),
            Words(
                "样品先由技术部和生产部书面答复，做好检验后发出，不收定金。3 个以内免费，超过的收样品费。签收后试用 15 天：认可、修改"
                "（再打一轮）或不要；没有答复的提醒后关闭。打满 3 轮还要修改的，由主管决定。"
                "认可的样品在 90 天内下单，已付的样品费抵扣一次。",
                "A sample is looked into in writing, made, inspected and sent without a deposit. Up to 3 pieces are free, more "
                "have a fee. After the receipt it is tried for 15 days: approved, changed (another round) or not wanted; who says "
                "nothing is reminded, then it is closed. After 3 rounds the supervisor decides about another one. "
                "The fee of an approved sample is credited once, to an order of it within 90 days.",
            ),
            sources=(
                Source("D12", "一、2", "一些企业会提供样品供客户试用"),
                Source("D12", "一、2", "客户可在试用后决定是否购买"),
            ),
            switches=(
                "sample.free_pieces",
                "sample.trial_days",
                "sample.reminder_days",
                "sample.rounds",
                "sample.credit_days",
                "limits.decision_hours",
            ),
        ),
    ),
)
