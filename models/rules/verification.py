"""Price, feasibility, dates, credit and approval are checked side by side; R23 needs the note of R21 (R20 to R29)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

VERIFICATION = Chapter(
    Words("审核", "Verification"),
    (
        Rule(
            "R20",
            Words("价格核对", "price check"),
            Words(
                "产品编号、规格和单价与现行价格执行方案及客户以往交易记录核对。有疑问即告知业务员核实，并上报客服主管"
                "和营销总监；订单等到正确的单价或规格核定为止，由谁核定予以留存。",
                "Product number, specification and unit price are compared with the price list in force and with the "
                "customer's past trades. A difference goes to the salesperson and is reported to service supervisor "
                "and marketing director. The order waits until the right price or specification is settled, and who "
                "settled it is kept.",
            ),
            sources=(
                Source(
                    "D20", "第5步", "根据以往交易记录、《价格执行方案》再次核对产品编号、规格及对应的单价"
                ),
                Source("D20", "第5步", "并上报客服主管和营销总监，直到确认清正确的单价或规格"),
                Source("D14", "二、2", "核对订单中的价格与实际销售价是否一致"),
            ),
            ours=Words(
                "以往交易只在同一现行价目表内比较。单价最多六位小数；每行金额只四舍五入一次，到分。"
                "单行、整单和收款合计均不超过 9,999,999,999.99；超出的在录入时拒绝。",
                "A past trade counts only under the price list in force. Unit prices have up to six decimals; the "
                "amount of a line is rounded once, half up, to the fen. A line, an order and what is paid for it come "
                "to 9,999,999,999.99 at most; more is refused where it comes in.",
            ),
            switches=("limits.price_hours",),
        ),
        Rule(
            "R21",
            Words("书面技术与原料确认", "technical note in writing"),
            Words(
                "技术部确认能否生产、工艺配方是否改变，以及原材料储备情况。原材料储备说明须书写并签名，口头确认无效。",
                "The technical department confirms whether the product can be made, whether the recipe changes, and "
                "how much raw material is in stock. The raw-material note is written and signed; a spoken one does "
                "not count.",
            ),
            sources=(
                Source(
                    "D20",
                    "第6步",
                    "客服员到技术部进行技术确认，是否可以生产（工艺配方是否改变）、原材料的储备情况",
                ),
                Source("D20", "第6步（3）", "确认需对原材料储备情况书写说明（需签名确认），口头确认无效"),
            ),
            ours=Words("能否生产的确认同样须书面。", "Feasibility is confirmed in writing too."),
            switches=("limits.technical_hours",),
        ),
        Rule(
            "R22",
            Words("无法生产的处理", "goods that cannot be made"),
            Words(
                "无法生产的，及时告知业务员，向客户致歉并提出建议方案；订单终止，或进入新品开发打样流程。客户仍坚持按老工"
                "艺配方生产的，先书面确认工艺配方。",
                "Where a product cannot be made, the salesperson is told, and the customer is apologised to and "
                "offered alternatives. The order ends, or goes to the sampling process for new products. If the "
                "customer insists on the old recipe, the recipe is confirmed in writing first.",
            ),
            sources=(
                Source("D20", "第6步（1）", "建议客户进入《新品开发打样流程》"),
                Source("D20", "第6步（2）", "如客户仍坚持按老工艺配方生产，则进行工艺配方的书面确认"),
            ),
            switches=("limits.decision_hours",),
        ),
        Rule(
            "R23",
            Words("书面交期", "production date in writing"),
            Words(
                "生产部根据技术部的原材料说明，书面确认生产日期、数量和成品日期（复卷完成后的时间），并确认确认书中涉及生"
                "产的所有条款；口头确认无效。该成品日期即生产完成日。",
                "From the technical department's note, production names in writing the production date, the quantity "
                "and the finished-goods date (after rewinding), and confirms every clause of the sheet that concerns "
                "production. A spoken answer does not count. That finished-goods date is the day production is held "
                "to.",
            ),
            sources=(
                Source(
                    "D20",
                    "第7步",
                    "初步预排客户订单的成品交货日期（为复卷完成后的交货时间），并将预订交货期进行书写说明，口头确认无效",
                ),
            ),
            switches=("limits.production_date_hours",),
        ),
        Rule(
            "R24",
            Words("预交日", "promised date"),
            Words(
                "确认书上的预交日是成品完成日期，不等同于发货日期。预交日就是生产完成日，或由客服员和业务员视客户情况（"
                "付款方式、缓急）约定的较晚日期。生产部按生产完成日交货，对客户按预交日；两个日期都保留。",
                "The promised date on the sheet is the day the goods are finished, not the day they ship. It is the "
                "production due date, or a later day that clerk and salesperson agree for this customer (payment "
                "terms, urgency). Production is held to its own due date, the customer's promise is the promised "
                "date: both are kept.",
            ),
            sources=(
                Source(
                    "D20",
                    "第8步（1）",
                    "与客户确认的《销售部客户订单确认书》上的预交日为成品完成日期，并不等同于发货日期",
                ),
                Source("D20", "第8步（1）", "在经销售员确认的情况下，适当调整预交日期（考虑适当放宽交期）"),
                Source("D20", "第10步（1）", "不以客服部的《销售部客户订单确认书》上的交货日期为准"),
            ),
        ),
        Rule(
            "R25",
            Words("十日内发货", "shipped within ten days"),
            Words(
                "与客户约定的发货日一般为下单后7至10天，最多10天，不早于成品日期；更快发货不受限制。",
                "The ship date agreed with the customer is 7 to 10 days after the order as a rule and at most 10, "
                "and not before the goods are finished. Sooner is free and wanted.",
            ),
            sources=(
                Source(
                    "D13",
                    "规定1",
                    "业务与客户确认发货时间应控制为7~10天，根据客户需求时间及订金预付等情况，以最快速度发货",
                ),
            ),
            ours=Words(
                "超过10天须上级主管同意。约定后因延期而超过的，只予标明，不阻止发货。",
                "Beyond ten days the sales supervisor must agree. A delay that pushes an agreed date beyond the "
                "window is shown and not blocked.",
            ),
            switches=("ship_window.days", "ship_window.count", "limits.decision_hours"),
        ),
        Rule(
            "R26",
            Words("客户信用", "credit"),
            Words(
                "新客户在确认订单之前评估其支付能力。",
                "A new customer's ability to pay is assessed before the order is confirmed.",
            ),
            sources=(Source("D14", "二、3", "对新客户进行信用评估，确保客户支付能力"),),
            ours=Words(
                "信用未通过的客户仍可全款预付下单；超过信用额度的订单暂停，待财务决定。",
                "A customer who is refused credit may still order prepaid. An order above the credit limit is held "
                "for finance.",
            ),
        ),
        Rule(
            "R27",
            Words("库存核对与预留", "stock checked and reserved"),
            Words(
                "现货订单先核对库存并预留；库存不足时询问客户，由客户选择等待、变更、分批或取消。",
                "For an order from stock the stock is checked and reserved. Where it is short, the customer is asked "
                "and chooses: wait, change, split or cancel.",
            ),
            sources=(
                Source("D14", "二、1", "核实产品库存情况，确保订单所需的产品数量充足"),
                Source("D8", "2"),
                Source("D19", "二", "如果商品库存不足或订单信息有误，商家会及时与用户联系并进行处理"),
            ),
        ),
        Rule(
            "R28",
            Words("主管审批", "supervisor's approval"),
            Words(
                "上级主管审查每张订单的合规性和准确性，批准（已审批）或写明理由退回业务修改。合同须经法务、财务等部门审"
                "批，双方签字并保存副本。",
                "A supervisor looks at each order and approves it or sends it back to sales with the reason. "
                "Contracts are approved by legal and finance, signed by both sides, and copies are kept.",
            ),
            sources=(
                Source("D1", "2.2", "审批通过后，上级主管批准订单，并将订单状态更新为“已审批”"),
                Source("D4", "三、4"),
                Source("D6", "三、2", "销售人员将合同送交公司内部相关部门进行审批，包括法务、财务等部门"),
            ),
            ours=Words(
                "哪类客户的订单须主管审批由政策规定，默认全部。政策的审批表可按金额、折扣、客户等级、客户和付款方式加审："
                "各级依次进行，同级并行；无人审批自己的订单，也无人代两个岗位；退回须写明原因，改后各级重新审批。审批通过即告知"
                "各部门；确认书发出之前，订单显示已审批。",
                "Which customers' orders a supervisor approves stands in the policy; by default all. The approvals of the "
                "policy may ask for more by amount, discount, class, customer and terms: levels one after another, the "
                "roles of a level side by side. Nobody approves an own order or answers for two roles; an order is sent "
                "back with the reason, and changed it goes through all levels. The departments are told of the approval, and "
                "the order reads as approved until its sheet is sent.",
            ),
            switches=(
                "approvals",
                "approval.classes",
                "approval.contract_deviation",
                "approval.tell_departments",
                "limits.approval_hours",
                "limits.details_hours",
            ),
        ),
        Rule(
            "R29",
            Words("报价", "quote"),
            Words(
                "由成本（材料、工艺、人工）和利润形成报价，可多轮协商，在订单编号之前或之后均可；客户接受的报价成为订单。",
                "Cost (material, process, labour) and margin make a quote. It is negotiated in rounds, before or "
                "after the order has its number; the accepted one becomes the order.",
            ),
            sources=(
                Source("D6", "二", "评估所需产品的成本，包括原材料、加工工艺、人工费用等"),
                Source("D18", "第二章 第一条2", "并与客户进行价格、交付期等方面的协商"),
            ),
            ours=Words("报价有有效期。", "A quote is valid until a date."),
        ),
    ),
)
