"""What customers read of notices, states and causes: the customer's side of it, and no words of the house (R51, R85). Pure.

An order's journal keeps what was said in the words of the house. Who sends it to a customer says it anew by these tables:
the text is read back by the pattern that it was made of, and its values go into the customer's sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.values.vocabulary import Ending, Headline, Language, PromiseCause, Term, Words

NOTICES: dict[Paper, Words] = {
    Paper.RECEIPT: Words("已收到您的订单，正在办理", "we have your order and are working on it"),
    Paper.WAITING_TIME: Words(
        "感谢您的支持与理解！订单确认书预计 {hours} 小时内发给您",
        "thank you for your order and your patience! Your confirmation sheet comes within {hours} hours",
    ),
    Paper.BALANCE: Words("请付余款 ¥{amount}", "please pay the balance of CNY {amount}"),
    Paper.SHIPMENT: Words(
        "货已发出：{carrier} {tracking}，预计到货 {arrival}", "shipped: {carrier} {tracking}, expected {arrival}"
    ),
    Paper.COLLECT: Words(
        "货到已 {days} 天，请尽快提货；满 {limit} 天未提的货物将被召回",
        "the goods arrived {days} days ago; please collect them, after {limit} days they are recalled",
    ),
    Paper.RECALL: Words(
        "货物到货后一直未提，已请承运人退回；如仍需要，请尽快联系业务员",
        "the goods were not collected and the carrier is asked to bring them back; if you still want them, please call us soon",
    ),
    Paper.EXCEPTION: Words("请留意：{reason}", "please note: {reason}"),
    Paper.TRANSIT: Words("货物在途情况：{condition} {words}", "your goods on their way: {condition} {words}"),
    Paper.COLLECTION_LOWERED: Words(
        "第 {shipment} 批货的代收货款由 ¥{before} 改为 ¥{after}",
        "for shipment {shipment} the carrier collects CNY {after} and no longer {before}",
    ),
    Paper.WARRANTY: Words(
        "已收到您的签收，感谢！使用中有任何问题，请随时联系我们",
        "we have your receipt, thank you! If anything comes up in use, please tell us",
    ),
    Paper.CANCELLED: Words("订单已取消：{reason}", "your order is cancelled: {reason}"),
    Paper.EXTENSION: Words(
        "办理时间延长至 {due}：{reason}", "we need more time, until {due}: {reason}"
    ),
    Paper.REASSIGNED: Words(
        "您的订单现由 {after} 任{role}，有事请与其联系", "your order's {role} is {after} now; please turn to them"
    ),
    Paper.CREDIT_NOTE: Words(
        "账单减少 ¥{amount}，已出具贷项通知单：{reason}", "CNY {amount} less are billed, by a credit note: {reason}"
    ),
    Paper.SHEET_AGAIN: Words(
        "传回的确认书第 {version} 版还不能用：{faults}；请重新签回",
        "the sheet, version {version}, cannot be used as it came back: {faults}; please sign and return it again",
    ),
    Paper.SERVICE_PROGRESS: Words(
        "服务已完成 {percent}%（此前 {before}%）{words}", "your service is at {percent} % ({before} % before) {words}"
    ),
    Paper.SERVICE_GIVEN: Words(
        "服务已全部完成，请验收；{until} 前没有收到异议，视为验收",
        "your service was given in whole; please accept it, it counts as accepted if we hear nothing until {until}",
    ),
    Paper.SERVICE_ACCEPTED: Words("服务已验收：{how}，谢谢", "your service is accepted: {how}. Thank you"),
    Paper.TRIAL_BEGINS: Words(
        "样品（第 {round} 轮）请试用，{until} 前告诉我们：认可、要修改还是不要",
        "please try the sample (round {round}) and tell us until {until}: approved, to be changed, or not wanted",
    ),
    Paper.TRIAL_REMINDER: Words(
        "样品试用到 {until} 为止，请告诉我们结果；没有答复我们就关闭这张样品单",
        "the trial of your sample is over on {until}; please tell us what you think, else we close it",
    ),
    Paper.PAYABLE: Words(
        "订单已审核，请在 {until} 前付款 ¥{amount}；到时未付，订单自动取消",
        "your order is reviewed; please pay CNY {amount} until {until}, unpaid it is cancelled then",
    ),
    Paper.ORDER_PAID: Words(
        "已收到您的付款 ¥{amount}，正在确认接单", "we have your payment of CNY {amount} and are about to accept your order"
    ),
    Paper.PAYMENT_LAPSED: Words(
        "{until} 前没有收到付款，订单已取消；如仍需要，请重新下单",
        "nothing was paid until {until}, and your order is cancelled; if you still want it, please order anew",
    ),
    Paper.ORDER_REOPENED: Words(
        "已收到您的付款，订单恢复办理", "your payment came after all, and your order goes on"
    ),
    Paper.REFUNDED: Words("已原路退款 ¥{amount}：{reason}", "CNY {amount} went back to you: {reason}"),
    Paper.MERCHANT_ACCEPTED: Words(
        "已接单，{until} 前发货", "your order is accepted and leaves until {until}"
    ),
    Paper.DELAY_TOLD: Words(
        "{what}可能晚于 {due}，很抱歉。原因：{reason}",
        "we are sorry: {what} may be later than {due}, because: {reason}",
    ),
    Paper.APOLOGY: Words(
        "第 {line} 行无法生产，深表歉意。建议：{alternatives}",
        "we are sorry that line {line} cannot be made; we suggest: {alternatives}",
    ),
}  # fmt: skip
"""What a customer reads in place of the notice's own words. Notices that are not here say the same to everybody."""

REMINDED: dict[StepKind, Words] = {
    StepKind.SHEET_LEGIBLE: Words("请确认收到的确认书字迹清晰", "please tell us that your copy of the sheet is legible"),
    StepKind.SHEET_BACK: Words(
        "请尽快签回确认书第 {version} 版", "please sign and return confirmation sheet version {version}"
    ),
    StepKind.SHEET_OWED: Words(
        "请尽快补签确认书第 {version} 版", "please sign and return confirmation sheet version {version}"
    ),
    StepKind.CONFIRM_ORDER: Words("请尽快确认订单第 {version} 版", "please confirm version {version} of your order"),
    StepKind.DEPOSIT: Words("定金 ¥{amount} 尚未收到", "the deposit of CNY {amount} has not arrived yet"),
    StepKind.PREPAYMENT: Words("货款 ¥{amount} 尚未收到", "the payment of CNY {amount} has not arrived yet"),
    StepKind.BALANCE: Words("余款 ¥{amount} 尚未收到", "the balance of CNY {amount} has not arrived yet"),
    StepKind.ACCOUNT_BALANCE: Words(
        "货款 ¥{amount} 已到付款日，尚未收到", "the payment of CNY {amount} is due and has not arrived yet"
    ),
    StepKind.NOTICE_LEGIBLE: Words("请确认收到发货告知书", "please tell us that you have the shipment notice"),
    StepKind.COMPLETION: Words("请确认收货", "please confirm that you have the goods"),
    StepKind.COLLECT_GOODS: Words(
        "货已到，请尽快提货签收，逾期未提的货物将被召回",
        "the goods have arrived; please collect and sign for them, or they are recalled",
    ),
}  # fmt: skip
"""What a customer is reminded of when the time for one of their steps has passed (R13)."""

_SOMETHING = Words(
    "有一件事在等您答复，请与业务员联系", "we are waiting for your answer about something; please call us"
)

STATES: dict[Headline | Ending, Words] = {
    Headline.INCOMPLETE: Words("已受理，还有资料要与您核实", "taken in; we have something to ask you"),
    Headline.IN_REVIEW: Words("已受理，正在审核", "taken in, being checked"),
    Headline.APPROVED: Words("审核通过，正在准备确认书", "checked; your confirmation sheet is being made"),
    Headline.ON_TRIAL: Words("样品试用中，等您答复", "you are trying the sample; we wait for your answer"),
    Headline.IN_SERVICE: Words("服务中", "the service is being given"),
    Headline.PICKING: Words("正在拣货打包", "being picked and packed"),
    Headline.AWAITING_CONFIRMATION: Words("等您确认订单", "waiting for you to confirm the order"),
    Headline.AWAITING_DEPOSIT: Words("等定金到账", "waiting for your deposit"),
    Headline.AWAITING_PAYMENT: Words("等货款到账", "waiting for your payment"),
    Headline.AWAITING_ACCEPTANCE: Words("已付款，等商家接单", "paid; about to be accepted"),
    Headline.CONFIRMED: Words("已确认，正在备货", "confirmed; your goods are being prepared"),
    Headline.IN_PRODUCTION: Words("生产中", "being made"),
    Headline.IN_INSPECTION: Words("已做好，正在检验", "made, being inspected"),
    Headline.IN_WAREHOUSE: Words("已入库，准备发货", "in our warehouse, about to ship"),
    Headline.AWAITING_BALANCE: Words("已入库，等余款到账后发货", "in our warehouse; ships when the balance has arrived"),
    Headline.AWAITING_SHIPMENT: Words("正在安排发货", "shipment is being arranged"),
    Headline.SHIPPED: Words("已发货，在途", "on its way"),
    Headline.ARRIVED: Words("已到货，请提货签收", "arrived; please collect it"),
    Headline.BEING_RECALLED: Words("货物未提，正在退回", "not collected, on its way back"),
    Headline.DELIVERED: Words("已签收", "delivered"),
    Headline.COMPLETED: Words("已完成", "completed"),
    Headline.SETTLED: Words("已完成", "completed"),
    Headline.DEAD: Words("货物未提，已退回", "not collected; the goods went back"),
    Headline.HANGING: Words("等您答复", "waiting for your answer"),
    Headline.CANCELLED: Words("已取消", "cancelled"),
    Headline.ON_HOLD: Words("暂停办理，请与业务员联系", "paused; please ask your salesperson"),
    Ending.SETTLED: Words("已完成", "completed"),
    Ending.DEAD: Words("货物未提，已退回", "not collected; the goods went back"),
    Ending.CANCELLED: Words("已取消", "cancelled"),
    Ending.NOT_PRODUCIBLE: Words("无法生产，已关闭", "it cannot be made, and is closed"),
    Ending.CLOSED_HANGING: Words("长期没有答复，已关闭", "closed, as nothing was heard for long"),
}  # fmt: skip
"""Where the order stands, in one sentence."""

CAUSES: dict[PromiseCause, Words] = {
    PromiseCause.FIRST: Words("首次约定", "first agreed"),
    PromiseCause.LATER_AGREED: Words("与您约定改期", "a later day was agreed with you"),
    PromiseCause.CUSTOMER: Words("确认书当天没有签回，顺延", "the signed sheet was not back that day"),
    PromiseCause.DEPOSIT: Words("定金当天没有到账，顺延", "the deposit had not arrived that day"),
    PromiseCause.CORRECTION: Words("更正先前的记录", "a correction of what was recorded"),
    PromiseCause.AMENDMENT: Words("订单内容有变更，重新排期", "the order was changed and dated anew"),
    PromiseCause.MATERIAL: Words("原材料原因", "material"),
    PromiseCause.PRODUCTION: Words("生产原因", "production"),
    PromiseCause.QUALITY: Words("质量原因，需返工", "quality; it is made again"),
    PromiseCause.CARRIER: Words("运输原因", "the carrier"),
    PromiseCause.HOLD: Words("订单暂停期间顺延", "the order was paused"),
    PromiseCause.STOCK: Words("现货不足，待补货", "the goods were short, and more is on its way"),
}
"""Why a promised day moved."""

_READ_BACK: Mapping[Term, Words] = dict(
    [*CAUSES.items(), *((state, words) for state, words in STATES.items() if isinstance(state, Ending))]
)
"""Terms of the house that stand as values in notices."""
_AMOUNT = re.compile(r"\d+\.\d\d")
_WIDTHS = (
    ("，", ", ?"),
    ("：", ": ?"),
    ("；", "; ?"),
    ("？", r"\?"),
    ("！", "!"),
    ("（", r" ?\("),
    ("）", r"\)"),
)
_HOLE = re.compile(r"\\\{(\w+)\\\}")


def told_to_customer(paper: Paper, words: Words) -> Words:
    """What the customer reads of this notice, from the words in which the order said it."""
    if paper is Paper.OVERDUE:
        return _reminded(words)
    mine = NOTICES.get(paper, Words(paper.zh, paper.en))
    said = [_anew(_pattern(Words(paper.zh, paper.en), each), mine, words, each) for each in Language]
    zh, en = (
        words.in_language(each) if one is None else one for each, one in zip(Language, said, strict=True)
    )
    return Words(zh, en)


def _reminded(words: Words) -> Words:
    what = Words(*(_value(Words(Paper.OVERDUE.zh, Paper.OVERDUE.en), words, each) for each in Language))
    for kind, mine in REMINDED.items():
        house = Words(kind.zh, kind.en)
        zh, en = (_anew(_pattern(house, each), mine, what, each) for each in Language)
        if zh is not None and en is not None:
            return Words(zh, en)
    return _SOMETHING


def _value(pattern: Words, words: Words, language: Language) -> str:
    found = _pattern(pattern, language).fullmatch(words.in_language(language))
    return "" if found is None else next(iter(found.groups()), "")


def _pattern(made_of: Words, language: Language) -> re.Pattern[str]:
    return _compiled(made_of.in_language(language))


@cache
def _compiled(template: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def hole(found: re.Match[str]) -> str:
        name = found[1]
        again = name in seen
        seen.add(name)
        return f"(?P={name})" if again else f"(?P<{name}>.*)"

    return re.compile(_either_width(_HOLE.sub(hole, re.escape(template))), re.DOTALL)


def _either_width(pattern: str) -> str:
    """Orders that are open keep what was said with the punctuation of earlier programs."""
    for full, half in _WIDTHS:
        pattern = pattern.replace(full, f"(?:{full}|{half})")
    return pattern


def _anew(pattern: re.Pattern[str], mine: Words, words: Words, language: Language) -> str | None:
    """The customer's sentence with the values of the other; None where the text was not made of that pattern."""
    found = pattern.fullmatch(words.in_language(language))
    if found is None:
        return None
    values = {name: _of_the_customer(value, language) for name, value in found.groupdict().items()}
    return mine.in_language(language).format(**values)


def _of_the_customer(value: str, language: Language) -> str:
    """A value that is a term of the house, as the customer calls it; an amount with its thousands apart; any other as it is."""
    if _AMOUNT.fullmatch(value):
        return f"{Decimal(value):,}"
    for term, mine in _READ_BACK.items():
        if Words(term.zh, term.en).in_language(language) == value:
            return mine.in_language(language)
    return value
