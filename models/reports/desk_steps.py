"""Steps of the desk: what somebody must look at that no order can wait for, because it is not known which, or how.

They stand in the same inboxes as the open steps of orders.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from pydantic import BaseModel

from models.dossier.command_words import one_word, setting
from models.values.vocabulary import Role, Term, Words

LIMIT = timedelta(hours=24)
"""How long such a step may take before it is overdue (our choice, as R13)."""


class DeskStepKind(Term):
    """What is to be looked at. `{…}` is filled in from the step."""

    UNREAD_SCAN = (
        "unread_scan",
        "这是哪张订单？{file} 第{page}页认不出来",
        "which order is this? page {page} of {file} cannot be read",
    )
    UNREAD_FILE = (
        "unread_file",
        "这是哪张订单？{reason_zh}（保留在 var/scans/unread/{kept}）",
        "which order is this? {reason_en} (kept in var/scans/unread/{kept})",
    )
    NO_ADDRESS = "no_address", "{name} 没有{channel_zh}地址", "no {channel_en} address of {name}"
    REJECTED = (
        "rejected",
        "{address} 拒收《{subject_zh}》：{reason}",
        "{address} rejected “{subject_en}”: {reason}",
    )
    WAS_IT_SENT = (
        "was_it_sent",
        "《{subject_zh}》发给 {address} 了没有？",
        "was “{subject_en}” sent to {address}?",
    )
    CHANNEL_DOWN = (
        "channel_down",
        "{channel_zh}一天以来发不出去：{reason}",
        "nothing could be sent by {channel_en} for a day: {reason}",
    )
    UNPLACED_FACT = (
        "unplaced_fact",
        "哪张订单的{what_zh}？{fact_id} 写的是 {given}，没有这张订单（{said_zh}）",
        "which order is this for: {what_en} {fact_id}? There is no order {given} ({said_en})",
    )
    LATE_FACT = (
        "late_fact",
        "订单 {ended} 已终结，又来了{what_zh}:{said_zh}",
        "order {ended} has ended, and then came {what_en}: {said_en}",
    )
    UNREAD_EVENT = (
        "unread_event",
        "看不懂 {sender} 的消息 {message}:{reason_zh}",
        "event {message} of {sender} is not understood: {reason_en}",
    )
    PAPER_PROBLEM = "paper_problem", "文书印不出来：{reason}", "a paper cannot be printed: {reason}"
    UNROUTED_PAPER = (
        "unrouted_paper",
        "《{subject_zh}》不知发给谁：{reason_zh}",
        "nobody knows whom “{subject_en}” goes to: {reason_en}",
    )
    UNSTARTED_ORDER = (
        "unstarted_order",
        "订单 {number} 已编号，但没能开始：{reason_zh}",
        "order {number} has its number and could not begin: {reason_en}",
    )
    REFUSED_FACT = (
        "refused_fact",
        "订单 {given} 的{what_zh}（{fact_id}）当时已收下，现在报不进去：{reason_zh}（{said_zh}）",
        "{what_en} ({fact_id}) of order {given} was taken and cannot be told now: {reason_en} ({said_en})",
    )
    UNREMINDED = (
        "unreminded",
        "没能催客户 {customer} 的余款：{reason_zh}",
        "customer {customer} could not be reminded: {reason_en}",
    )
    COUNTED_TWICE = (
        "counted_twice",
        "凭证 {reference} 在订单 {other} 和 {given} 都计入了，应只算一次",
        "reference {reference} counts for order {other} and for {given}; it may count once",
    )
    RECEIPT_SHORT = (
        "receipt_short",
        "订单 {given} 要从收款 {receipt}（{reference}）得到 ¥{amount}，那里只剩 ¥{rest}",
        "order {given} is to get CNY {amount} of receipt {receipt} ({reference}), where only {rest} are left",
    )
    RECEIPT_NOT_GIVEN = (
        "receipt_not_given",
        "订单 {given} 要从收款 {receipt}（{reference}）得到 ¥{amount}，没有给：{reason_zh}",
        "order {given} is to get CNY {amount} of receipt {receipt} ({reference}), which was not given: {reason_en}",
    )
    LOST_ORDER = (
        "lost_order",
        "订单 {number} 没有终结，但它的流程{state_zh}（{closed}）：{reason}。其间报来的事实已存下，恢复后补报",
        "order {number} has not ended, but its workflow is {state_en} ({closed}): {reason}. "
        "What is told meanwhile is kept, and told when the order is back",
    )
    RENUMBERED = (
        "renumbered",
        "{customer} 的订单曾编为 {was}，该号早已属于另一张订单；现改为 {number}，请告知客户",
        "the order of {customer} had the number {was}, which is another order's; it is {number} now, tell the customer",
    )
    PLACED_TWICE = (
        "placed_twice",
        "{customer} 的请求 {request} 成了两张订单：{other} 和 {number}（恢复备份之后又下了一次）",
        "request {request} of {customer} became two orders, {other} and {number} (placed again after a backup was restored)",
    )
    UNSIGNED_FACT = (
        "unsigned_fact",
        "订单 {given} 收到没有签名或签名不对的消息，未采纳：{said}",
        "order {given} was told something without a good signature; it was not taken: {said}",
    )
    SEVERAL_ORDERS = (
        "several_orders",
        "{what_zh}（{fact_id}）提到不止一张订单：{given}。是哪一张？（{said_zh}）",
        "{what_en} ({fact_id}) names more than one order: {given}. Which is it for? ({said_en})",
    )
    SEVERAL_SHIPMENTS = (
        "several_shipments",
        "{what_zh}（{fact_id}）的运单 {given} 有几批货：{shipments}。是哪一批？（{said_zh}）",
        "{what_en} ({fact_id}): waybill {given} carries more than one shipment: {shipments}. Which is it? ({said_en})",
    )
    CHANGED_EVENT = (
        "changed_event",
        "{sender} 的消息 {message} 先后内容不同，后来的没有采纳：{said_zh}",
        "event {message} of {sender} came with two contents; the later one was not taken: {said_en}",
    )
    OUT_OF_TIME = (
        "out_of_time",
        "{sender} 的消息 {message} 签名有效，但签于 {signed_at}，未采纳：{said_zh}",
        "event {message} of {sender} is rightly signed, but at {signed_at}, and was not taken: {said_en}",
    )
    UNKNOWN_RECEIPT = (
        "unknown_receipt",
        "{what_zh}（{fact_id}）：订单 {given} 没有这笔收款，留待收款到达（{said_zh}）",
        "{what_en} ({fact_id}): order {given} has no such receipt; kept until it comes ({said_en})",
    )
    REFUSED_SIGNAL = (
        "refused_signal",
        "订单 {given} 没有采纳{what_zh}（{fact_id}），报告方不知道：{reason_zh}（{said_zh}）",
        "order {given} did not take {what_en} ({fact_id}), and who told it does not know: {reason_en} ({said_en})",
    )
    REFUSED_SIGNALS = (
        "refused_signals",
        "订单 {given} 在 {day} 未采纳的消息已超过 {most} 条，其余请看订单经过",
        "order {given} refused more than {most} messages on {day}; the rest stand in its timeline",
    )
    STORES_DIFFER = (
        "stores_differ",
        "订单 {number} 的存储不一致，未能自动修复：{what_zh}",
        "the stores differ about order {number}, and that could not be healed: {what_en}",
    )
    CUSTOMER_QUESTION = (
        "customer_question",
        "{customer} 就订单 {number} 提问：{words}",
        "{customer} asks about order {number}: {words}",
    )
    REORDER = (
        "reorder",
        "{customer} 想照订单 {number} 再下一单：{words}",
        "{customer} wants the same as order {number} again: {words}",
    )
    SHOP_ENQUIRY = (
        "shop_enquiry",
        "网店访客{name}（{contact}，未核实）询价：{product} {quantity} {unit_zh}。{words}",
        "{name}, a visitor of the shop ({contact}, not verified), asks for a quote: {product}, {quantity} {unit_en}. {words}",
    )
    ORDER_HEARD = (
        "order_heard",
        "{name}（{customer}）口头要货，尚未录入：{words}",
        "{name} ({customer}) ordered by word, and nobody entered it yet: {words}",
    )
    DAILY_REPORT = (
        "daily_report",
        "{day} 的生产日报，在产订单：{orders}",
        "production report of {day}; in production: {orders}",
    )
    INVOICE_ASKED = (
        "invoice_asked",
        "订单 {ended} 已终结，客户申请开票 ¥{amount}：{title}",
        "order {ended} has ended, and an invoice of CNY {amount} is asked for: {title}",
    )
    RED_LETTER_OWED = (
        "red_letter_owed",
        "订单 {ended} 已终结，账单已减少，发票 {invoice} 须冲红 ¥{amount}",
        "order {ended} has ended and less is billed: take CNY {amount} of invoice {invoice} back by red letter",
    )
    PAYMENT_UNPLACED = (
        "payment_unplaced",
        "{provider} 报告付款单 {intent} {says_zh} {currency} {amount}（{payment}），我方没有这张付款单；已保存，建立后自动入账",
        "{provider} says of intent {intent}: {says_en}, {currency} {amount} ({payment}). Nobody knows that intent; it is kept and "
        "booked when the intent is there",
    )
    PAYMENT_CHANGED = (
        "payment_changed",
        "{provider} 的通知 {event} 先后内容不同，后来的没有采纳：{intent} {says_zh} {currency} {amount}（{payment}）",
        "event {event} of {provider} came with two contents; the later one was not taken: {intent}, {says_en}, {currency} {amount} "
        "({payment})",
    )
    PAYMENT_DIFFERS = (
        "payment_differs",
        "付款单 {intent} 应付 ¥{total}，{provider} 报告 {currency} {amount}（{payment}）：{meaning_zh}",
        "intent {intent} asks for CNY {total}; {provider} tells of {currency} {amount} ({payment}): {meaning_en}",
    )
    REFUND_FAILED = (
        "refund_failed",
        "付款单 {intent} 的退款 ¥{amount}（{refund}）{provider} 没有办成：{reason}",
        "refund {refund} of CNY {amount} for intent {intent} failed at {provider}: {reason}",
    )
    STATEMENT_DIFFERS = (
        "statement_differs",
        "{provider} {day} 的对账单与我方有 {count} 处不同：{what_zh}",
        "the statement of {provider} for {day} and our books differ in {count} places: {what_en}",
    )
    ENDPOINT_PAUSED = (
        "endpoint_paused",
        "{name} 的推送地址 {endpoint} 已暂停：{reason_zh}",
        "the endpoint {endpoint} of {name} is paused: {reason_en}",
    )
    EVENT_GIVEN_UP = (
        "event_given_up",
        "{name} 的推送地址 {endpoint} 一直不收订单 {number} 的事件 {event}，已放弃：{reason}",
        "the endpoint {endpoint} of {name} would not take {event} of order {number}, which was given up: {reason}",
    )


_COMMANDS = {
    DeskStepKind.UNREAD_SCAN: "starter.py resolve {key} --order N --version V --by …",
    DeskStepKind.UNREAD_FILE: "starter.py resolve {key} --order N --version V --by … | --give-up …",
    DeskStepKind.UNPLACED_FACT: "starter.py resolve {key} --order N --by … | --give-up …",
    DeskStepKind.LATE_FACT: "starter.py resolve {key} --give-up … --by …",
    DeskStepKind.UNREAD_EVENT: "starter.py webhooks event {sender} {message}; starter.py resolve {key} --give-up … --by …",
    DeskStepKind.NO_ADDRESS: "starter.py resolve {key} --address … | --give-up … --by …",
    DeskStepKind.REJECTED: "starter.py resolve {key} --address … | --give-up … --by …",
    DeskStepKind.WAS_IT_SENT: "starter.py resolve {key} --sent yes|no --by …",
    DeskStepKind.CHANNEL_DOWN: "starter.py resolve {key} --give-up … --by …",
    DeskStepKind.PAPER_PROBLEM: "starter.py documents {order} --again",
    DeskStepKind.UNROUTED_PAPER: "starter.py resolve {key} --again --by … | --give-up … --by …",
    DeskStepKind.UNSTARTED_ORDER: "starter.py resolve {key} --again --by … | --give-up … --by …",
    DeskStepKind.REFUSED_FACT: "starter.py resolve {key} --again --by … | --give-up … --by …",
    DeskStepKind.RECEIPT_SHORT: "starter.py receipt show {receipt} --by …; starter.py resolve {key} --give-up … --by …",
    DeskStepKind.RECEIPT_NOT_GIVEN: "starter.py receipt show {receipt} --by …; starter.py resolve {key} --give-up … --by …",
    DeskStepKind.COUNTED_TWICE: "starter.py tell {given} payment_corrected {set_reference} --set reason=…; "
    "starter.py resolve {key} --give-up … --by …",
    DeskStepKind.LOST_ORDER: "starter.py bring-back {number}",
    DeskStepKind.RENUMBERED: "starter.py resolve {key} --give-up … --by …",
    DeskStepKind.PLACED_TWICE: "starter.py cancel {number} …; starter.py resolve {key} --give-up … --by …",
    DeskStepKind.SEVERAL_ORDERS: "starter.py resolve {key} --order N --by … | --give-up … --by …",
    DeskStepKind.SEVERAL_SHIPMENTS: "starter.py resolve {key} --order N --shipment N --by … | --give-up … --by …",
    DeskStepKind.CHANGED_EVENT: "starter.py resolve {key} --give-up … --by …",
    DeskStepKind.OUT_OF_TIME: "starter.py resolve {key} --give-up … --by …",
    DeskStepKind.UNKNOWN_RECEIPT: "starter.py resolve {key} --give-up … --by …",
    DeskStepKind.REFUSED_SIGNAL: "starter.py show {given}; starter.py resolve {key} --give-up … --by …",
    DeskStepKind.REFUSED_SIGNALS: "starter.py show {given}; starter.py resolve {key} --give-up … --by …",
    DeskStepKind.UNSIGNED_FACT: "starter.py resolve {key} --give-up … --by …",
    DeskStepKind.UNREMINDED: "starter.py remind --now --customer {customer}; starter.py resolve {key} --give-up … --by …",
    DeskStepKind.CUSTOMER_QUESTION: "starter.py resolve {key} --answer … --by … | --give-up … --by …",
    DeskStepKind.REORDER: "starter.py resolve {key} --answer … --by … | --give-up … --by …",
    DeskStepKind.SHOP_ENQUIRY: "starter.py resolve {key} --give-up … --by …",
    DeskStepKind.ORDER_HEARD: "starter.py place …; starter.py resolve {key} --give-up … --by …",
    DeskStepKind.DAILY_REPORT: "starter.py production-report --day {day} --by …; starter.py resolve {key} --give-up … --by …",
    DeskStepKind.INVOICE_ASKED: "starter.py tell {ended} invoice_issued --set request={request} --set invoice=… --by …",
    DeskStepKind.RED_LETTER_OWED: "starter.py tell {ended} invoice_reversed --set invoice={invoice} --set amount={amount}"
    " --set red_letter=… --set reason=… --by …",
    **dict.fromkeys(
        (
            DeskStepKind.PAYMENT_UNPLACED,
            DeskStepKind.PAYMENT_CHANGED,
            DeskStepKind.PAYMENT_DIFFERS,
            DeskStepKind.REFUND_FAILED,
            DeskStepKind.STATEMENT_DIFFERS,
        ),
        "starter.py resolve {key} --give-up … --by …",
    ),
    DeskStepKind.ENDPOINT_PAUSED: "starter.py webhooks out resume {endpoint} --by …",
    DeskStepKind.EVENT_GIVEN_UP: "starter.py webhooks out replay {endpoint} --after {after} --by …; "
    "starter.py resolve {key} --give-up … --by …",
    DeskStepKind.STORES_DIFFER: "starter.py audit {number} --repair; starter.py resolve {key} --give-up … --by …",
}


AGAIN = frozenset(
    {
        DeskStepKind.UNROUTED_PAPER,
        DeskStepKind.UNSTARTED_ORDER,
        DeskStepKind.REFUSED_FACT,
        DeskStepKind.LOST_ORDER,
    }
)
"""What was set aside and is tried once more when a person says so: whatever was in the way has been mended."""


ANOTHER_ORDER = frozenset(
    {DeskStepKind.UNPLACED_FACT, DeskStepKind.SEVERAL_ORDERS, DeskStepKind.SEVERAL_SHIPMENTS}
)
"""A fact that was kept until a person says which order it is for."""

ANSWERED = frozenset({DeskStepKind.CUSTOMER_QUESTION, DeskStepKind.REORDER})
"""What a customer asked on their own page: it is done with an answer, which the customer reads there."""
ANSWER_MARK = "answer: "
"""How the resolution of such a step begins that was answered; one that was left says why, and only to the house."""

RECEIVED = "received"
"""Under this name a step keeps what came, as far as it can be shown."""
MOST_SHOWN = 4000
_LONGEST_SUBJECT = 150
_IN_A_PATH = re.compile(r"[\w@:.%+=,~-]+(?: [\w@:.%+=,~-]+)*")


class DeskStep(BaseModel):
    """One thing to look at; the same key is the same thing. Times UTC."""

    key: str
    kind: DeskStepKind
    order_number: str
    roles: tuple[Role, ...]
    rule: str
    since: datetime
    due: datetime
    zh: str
    en: str
    command: str
    about: dict[str, str]


def desk_step(
    kind: DeskStepKind,
    subject: str,
    now: datetime,
    *,
    rule: str,
    order: str = "",
    roles: tuple[Role, ...] = (Role.SERVICE_CLERK,),
    **about: str,
) -> DeskStep:
    """A step about this subject, opened now."""
    key = step_key(kind, subject)
    words = Words(kind.zh, kind.en).filled(**about)
    return DeskStep(
        key=key,
        kind=kind,
        order_number=order,
        roles=roles,
        rule=rule,
        since=now,
        due=now + LIMIT,
        zh=words.zh,
        en=words.en,
        command=_command(kind, key, order, about),
        about=about,
    )


def step_key(kind: DeskStepKind, subject: str) -> str:
    """The key of a step about this subject: one that an address or a shell would take apart stands there by its digest."""
    parts = subject.split("/")
    plain = len(subject) <= _LONGEST_SUBJECT and all(
        _IN_A_PATH.fullmatch(part) is not None and set(part) != {"."} for part in parts
    )
    return f"{kind.value}:{subject if plain else _named(subject)}"


def _named(subject: str) -> str:
    begins = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in subject[:40])
    return f"{begins}~{hashlib.sha256(subject.encode(errors='replace')).hexdigest()[:12]}"


def _command(kind: DeskStepKind, key: str, order: str, about: dict[str, str]) -> str:
    """What the person would type: each value is one word there, whatever stands in it."""
    said = {name: one_word(value) for name, value in (about | {"key": key, "order": order}).items()}
    reference = about.get("reference", "")
    return _COMMANDS[kind].format(**said, set_reference=setting("reference", reference))
