"""Own work, subject by subject: which decisions who sold, entered or changed an order never gives, and why the others are free (R106).

Every subject stands in one of these tables. What bars more than own work (who asked for a change, who took cash) is in
`models.order.duties`; quotes, contracts and after-sales cases keep duties apart themselves.

Nobody waits for ever by it: whoever else has the role may decide, the desk names one of them, an absent one's deputies stand
in for them, and sales supervisor or marketing director sets a duty aside openly for a colleague (`overridden`).
"""

from __future__ import annotations

from collections.abc import Mapping

from models.messages.decision_subjects import Subject
from models.values.vocabulary import Words

ALWAYS_APART = frozenset(
    {
        Subject.PRICE,
        Subject.APPROVAL,
        Subject.ORDER_APPROVAL,
        Subject.CONTRACT,
        Subject.RELEASE_TERMS,
        Subject.CREDIT,
        Subject.CANCELLATION,
        Subject.AMENDMENT,
        Subject.DROPPED_GOODS,
        Subject.FINANCE_RELEASE,
        Subject.BALANCE_RELEASE,
    }
)
"""Where duties are apart in every edition: what one person decides and another has asked for or done before."""

NOT_BY_ITS_SELLER: Mapping[Subject, Words] = {
    Subject.PRICE: Words("核价", "settle its prices"),
    Subject.SHIP_DATE: Words("同意其超期发货日", "agree to its ship date beyond the window"),
    Subject.FINANCE_RELEASE: Words("放行其货物", "release its goods"),
    Subject.BALANCE_RELEASE: Words("放行其欠款发货", "release its goods with a balance open"),
    Subject.EMERGENCY_SHIPMENT: Words("批准其紧急发货", "approve its emergency shipment"),
    Subject.ANOTHER_ROUND: Words("决定再打一轮样", "decide about a further round of its samples"),
    Subject.HANGING: Words("决定其悬单去留", "decide what becomes of it while it hangs"),
    Subject.CANCELLATION: Words("批准其取消", "approve its cancellation"),
    Subject.DROPPED_GOODS: Words("批准减去其已生产的货", "approve that goods of it are dropped"),
    Subject.OVERPAYMENT: Words("处理其多付款", "settle what was paid too much for it"),
    Subject.DEPOSIT_SETTLEMENT: Words("处理其已收款", "settle the money received for it"),
    Subject.FAILED_REFUND: Words("处理其失败的退款", "settle a refund of it that failed"),
}
"""From edition 11: what the order's salesperson and who entered it do not decide about it, and how that reads.

Approval, contract terms and credit bar them in every edition (`models.order.duties`).
"""

APART = {subject.value: subject for subject in ALWAYS_APART | frozenset(NOT_BY_ITS_SELLER)}
"""Where duties are apart at all, by name."""

NOT_BY_WHO_CHANGED_IT = frozenset(
    {
        Subject.SHIP_DATE,
        Subject.FINANCE_RELEASE,
        Subject.BALANCE_RELEASE,
        Subject.OVERPAYMENT,
        Subject.DEPOSIT_SETTLEMENT,
    }
)
"""From edition 11: of these also who asked for a change of the order, for date, balance and surplus come of changes."""

BESIDE_ORDERS = frozenset(
    {
        Subject.QUOTE_APPROVAL,
        Subject.LATE_ACCEPTANCE,
        Subject.CONTRACT_APPROVAL,
        Subject.CASE_ADMISSION,
        Subject.CASE_DECISION,
        Subject.CASE_REVIEW,
    }
)
"""Decided in quotes, contracts and after-sales cases, which keep duties apart themselves."""

NO_OWN_WORK: Mapping[Subject, str] = {
    Subject.CUSTOMER_DATA: "sales and service look into their customer's data: that is their work, and nobody's approval (R17)",
    Subject.TECHNICAL: "the technical department's own word about what it can make (R21)",
    Subject.PRODUCTION_DATE: "production signs its own dates (R23)",
    Subject.SERVICE_DATE: "who gives a service names its days (R87)",
    Subject.LATER_PROMISE: "clerk and salesperson agree with the customer: two persons, one of them the seller by the rule (R24)",
    Subject.SMALL_ORDER: "the salesperson chooses and guarantees, and answers for it with own money (R38)",
    Subject.THREE_PARTY: "each of three confirms the own part, the salesperson by the rule, nobody two of them (R37)",
    Subject.EMERGENCY_PLAN: "what the customer answered to the house's own trouble, told by who asked them (R42)",
    Subject.SHORTAGE: "the customer's choice; the supervisor makes it only for one who was silent (R112)",
    Subject.OLD_RECIPE: "the customer's own answer (R22)",
    Subject.TOLERANCE: "the customer's own answer (R45)",
    Subject.ACCEPTANCE: "the customer's own answer (R87)",
    Subject.TRIAL: "the customer's own answer (R130)",
    Subject.AMENDMENT: "production says whether it can still change what it makes; who proposed it is barred (R83)",
    Subject.SHOP_REVIEW: "the customer orders in the shop; nobody of the house sold or entered it (R39)",
    Subject.MERCHANT_ACCEPTANCE: "the customer orders in the shop; nobody of the house sold or entered it (R124)",
}
"""Why who sold the order may decide these all the same."""
