"""Nothing leaves before the money is in or somebody who may has released it (R50 to R62)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

PAYMENT = Chapter(
    Words("款项落实", "Payment clearance"),
    (
        Rule(
            "R50",
            Words("入库通知业务", "salesperson told of entry"),
            Words(
                "合格品入库后立即告知业务员，并按合同审核交货条件和付款条件（R15）。符合条件的A类客户可直接安排发货；不符"
                "合的与其他客户一样等待。",
                "When passed goods are in the warehouse the salesperson is told, and the contract's delivery and "
                "payment terms are checked (R15). Class A that meets them ships; class A that does not waits like "
                "the others.",
            ),
            sources=(
                Source("D20", "第13步", "对完成成品交库的合格品，客服员应立即将订单完成情况告知销售员"),
                Source("D20", "第13步（1）", "A类客户根据《客户销售合同》条款审核，可直接安排发货"),
            ),
            ours=Words("合同按放行日是否有效判断。", "The contract must be valid on the day of the release."),
        ),
        Rule(
            "R51",
            Words("余款催收", "balance notice and reminders"),
            Words(
                "对B类和C类客户，按实际生产数量制作余款催收通知书，写明付款时间和方式，由业务员催收；之后按计划反复催收，"
                "直到付清，逐级加重，依次告知客户、业务员和主管。",
                "For class B and C a balance notice is made from the quantity actually produced, with time and "
                "manner of payment, and the salesperson collects. Reminders are sent on a schedule until it is paid, "
                "each level more urgent, to customer, salesperson, then supervisor.",
            ),
            sources=(
                Source(
                    "D20",
                    "第13步（2）",
                    "客服员按生产成品数量为B、C类客户提供《余款催收通知书》，销售员与客户催收余款（货款）",
                ),
                Source("D6", "四、2", "销售人员通知客户支付时间和方式，客户按照约定支付尾款"),
            ),
            ours=Words(
                "各级日期和对象由本公司自定。申请取消尚未决定时暂停催收。给客户的文字不带规则编号。",
                "The levels, their days and whom they reach are our choice. Reminders pause while a cancellation "
                "waits. Texts to customers carry no rule numbers.",
            ),
            switches=("reminders.levels", "reminders.repeat_days", "payment.balance_due_days"),
        ),
        Rule(
            "R52",
            Words("财务放行", "finance release"),
            Words(
                "财务查实到款后签批放行；未付清的，财务仍可审批同意，但须同时符合R60和R61。",
                "Finance checks what has arrived and signs the release. Where it is not fully paid, finance may "
                "still approve; R60 and R61 apply on top.",
            ),
            sources=(
                Source("D20", "第13步", "送到财务部查实到款情况，财务签批核实后，签名或盖章以示款项落实"),
                Source("D20", "流程图", "财务审批同意"),
            ),
            ours=Words(
                "放行写明所依据的账单、未付余款、版本和数量。货物未离厂时，余款因任何原因增加、订单取消或版本在涉及款"
                "项或货物处变更，放行即失效；已离厂的不变。",
                "A release states the bill, the open balance, the version and the quantities it was granted on. "
                "While the goods are here it falls when the open balance rises for any reason, when the order is "
                "cancelled, or when the version is amended in money or goods. What has left stays as it left.",
            ),
            switches=("limits.decision_hours",),
        ),
        Rule(
            "R53",
            Words("财务核实款项", "payment confirmed as real"),
            Words(
                "每笔款项由财务确认属实后告知业务员。分次付款累计；多付的转预存款或退款。",
                "Each payment is confirmed as real by finance, who tells the salesperson. Payment in parts adds up; "
                "over-payment is credited or refunded.",
            ),
            sources=(
                Source(
                    "D6",
                    "四、3",
                    "公司财务收到客户支付的款项后，确认支付款项的真实性，并通知销售人员订单支付完成",
                ),
            ),
            ours=Words(
                "同一银行或转账凭证号（去空格、不分大小写和全半角）在全公司只算一次，现金收据按业务员只算一次；再次报来由"
                "财务决定：拆分、转移或另一笔款。更正以同一凭证写明理由冲回后重报，不删除。退回的凭证号可再次付款，另行"
                "计数。",
                "One reference of a bank or transfer (trimmed, case and width folded) counts once in the company, "
                "cash receipts once per salesperson. Told a second time, finance decides: split, move, or another "
                "transfer. A correction reverses under the same voucher with a reason and is told anew; nothing is "
                "deleted. A reference that bounced may be paid again and is a new attempt.",
            ),
            switches=("limits.decision_hours", "payment.question_above_factor"),
        ),
        Rule(
            "R54",
            Words("合同账期收款", "payment on account"),
            Words(
                "按合同赊账的，依合同账期确定到期日，到期后按R51催收。",
                "On account, the due day follows from the contract; after it reminders go out as in R51.",
            ),
            sources=(
                Source("D18", "第二章 第一条8", "客户确认收到产品或服务后，支付相应的款项，完成订单结算"),
            ),
            ours=Words(
                "合同未写明账期的，按政策的天数。", "Where the contract names no days, the policy's apply."
            ),
            switches=("payment.account_days", "reminders.levels"),
        ),
        Rule(
            "R60",
            Words("全款发货", "full payment before shipment"),
            Words(
                "原则为全款发货；符合合同条件的A类客户除外。",
                "The principle is full payment before shipment; class A by contract is exempt.",
            ),
            sources=(Source("D13", "规定3.3", "根据公司原则“全款发货”规定"),),
        ),
        Rule(
            "R61",
            Words("余款超限须总监批准", "large balance needs the director"),
            Words(
                "余款超过500元的订单须经总监审批方能出货，否则系统不予放行。余款500元及以下可由物流代收。",
                "An order with a balance above 500 yuan ships only with the marketing director's approval; without "
                "it the system gives no release. A balance of 500 or less may be collected by the carrier.",
            ),
            sources=(
                Source(
                    "D13",
                    "规定3.3",
                    "余款超过500元之订单必须经总监审批方能出货，否则出现一切风险由业务员、跟单员、物控员负责",
                ),
            ),
            ours=Words(
                "未放行、超出放行、取消或暂停后、未安排运输或未复述、由不得代收的承运人发出的货，照实记录，列为有负责人"
                "的异常，业务员、跟单员、物控员记录在责。",
                "Goods that left without or beyond a release, after a cancellation, on hold, without transport or "
                "read-back, or by a carrier that may not collect are recorded because it happened: as an exception "
                "with an owner, salesperson, merchandiser and material controller on record as liable.",
            ),
            switches=("balance.director_above", "limits.decision_hours"),
        ),
        Rule(
            "R62",
            Words("指定货代与代收款", "freight agent collects"),
            Words(
                "已收定金、余款代收的订单使用本公司指定货代，业务员须向客户说明（予以记录）；财务跟踪代收款，直到到账。",
                "An order with a deposit whose rest is collected by the carrier uses the company's designated "
                "freight agent, which the salesperson explains to the customer (recorded). Finance follows the "
                "collected money until it is remitted.",
            ),
            sources=(
                Source("D13", "规定4", "对已收订金，代收货款的订单，业务员应说明客户使用我司规定之货代"),
                Source("D13", "流程5", "财务跟踪物流代收款事宜"),
            ),
            ours=Words(
                "每次代收只收尚未要求代收的欠款；客户直接付款后，在途货物的代收额相应调低。",
                "A carrier is to demand only what is owed and not demanded yet. Once money came directly, what is on "
                "its way demands less.",
            ),
            switches=(
                "balance.designated_freight_agents",
                "limits.hand_over_hours",
                "limits.owed_paper_hours",
            ),
        ),
    ),
)
