"""Who may owe how much: new customers are assessed, and an order stands on what is left of the limit (R108, R109)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

CREDIT = Chapter(
    Words("信用", "Credit"),
    (
        Rule(
            "R108",
            Words("新客户信用评估", "assessment of new customers"),
            Words(
                "新客户在确认订单之前由财务评估支付能力：给出信用额度，或定为仅限预付。",
                "Before an order of a new customer is confirmed finance assesses the ability to pay: a credit limit, "
                "or prepaid only.",
            ),
            sources=(Source("D14", "二、3", "对新客户进行信用评估，确保客户支付能力"),),
            ours=Words(
                "在系统中新建的客户和导入时注明“待评估”的客户须评估，其他导入的客户视为已了解。评估有效 365 天，历次评估均予"
                "留存。业务员和订单登记人不评估自己的客户。仅限预付的客户用其他付款方式下单，待财务决定。",
                "A customer who was made in the product, or imported as `unassessed`, is assessed; other imported ones "
                "are known. An assessment holds for 365 days, and all of them are kept. Nobody assesses a "
                "customer to whom they sell. An order of a customer who may "
                "only order prepaid waits for finance where its terms are others.",
            ),
            switches=("credit.assessment_days", "limits.decision_hours"),
        ),
        Rule(
            "R109",
            Words("信用额度占用", "exposure and limit"),
            Words(
                "确认、变更、退款和放行时核对客户的信用占用；连同本单超过信用额度的，或有账款逾期 30 天的，订单扣住，待财务决定。",
                "On confirmation, amendment, bounced money and release it is looked at what the customer owes. Where that "
                "is above the limit with this order, or a bill is 30 days overdue, the order is held for finance.",
            ),
            sources=(Source("D14", "二、3", "确保客户支付能力"),),
            ours=Words(
                "每张订单只算一次：月结和担保订单按账单加未开账部分减已确认的收款，其他订单只算未付清而已发出或已放行的货；减去"
                "客户的预存款。核对和占用在一次数据库事务中完成。财务解除扣单须写明理由，只限当时的金额，再增加须重新核对。全款预付"
                "而款已到的订单不占用额度。",
                "Each order counts once: on account or guaranteed its bill and what is not billed yet, less the confirmed "
                "money; any other only goods that left or were released unpaid; less the customer's credit balance. "
                "Looking and binding are one transaction of the database. Finance frees an order with a reason, for the "
                "amount of that moment; a rise is looked at again. A prepaid order that is paid binds nothing.",
            ),
            switches=("credit.overdue_days", "limits.decision_hours", "limits.owed_paper_hours"),
        ),
    ),
)
