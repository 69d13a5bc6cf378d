"""`show`, `list`, `waiting`: where an order stands, which orders there are, what a role has to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.desk.documents import document_json, show_documents
from commands.desk.notices import show_notices
from commands.orders.envelopes import role_of
from commands.orders.receipts import remark_of
from commands.orders.stuck import list_stuck
from commands.session import JsonOption, OrderArgument, Session, session, with_client
from models.messages.authors import author_words
from models.values.errors import Code, Refusal
from models.values.vocabulary import (
    CustomerClass,
    Ending,
    Headline,
    PaymentMethod,
    PaymentTerms,
    PhaseName,
    PromiseCause,
    Role,
    Term,
    Unit,
    Words,
)
from models.writing.printed_figures import deadline, figures, price, quantity
from rehearsal.timeline import timeline
from runtime.databases import engine_of
from runtime.watch.stuck_kinds import QUIET_DAYS
from runtime.watch.ui_links import list_link, order_link, ready_lists, waiting_query

if TYPE_CHECKING:
    from activities.documents.printed_papers import Document
    from activities.notices.deliveries import DeliveryView
    from activities.orders.views.order_views import LineView, OrderSummary, OrderView, StepView


def show(
    order: OrderArgument,
    next_steps: Annotated[bool, typer.Option("--next", help="只看之后的步骤 · only what comes next")] = False,
    as_json: JsonOption = False,
) -> None:
    """一张订单：状态、在等什么和为什么、预交日历史、付款、日志 · one order with its whole story.

    starter.py show 20270105-0001 | starter.py show 20270105-0001 --next | starter.py show 20270105-0001 --json
    """
    if next_steps:
        _show_next(session(as_json=as_json), order, as_json=as_json)
        return
    from activities.documents.printed_papers import documents_of
    from activities.facts.late_facts import late_facts
    from activities.notices.deliveries import deliveries_of
    from activities.orders.views.order_views import show_order
    from activities.store.database import reading
    from activities.store.product_names import product_names
    from activities.store.staff_names import staff_names

    current = session(as_json=as_json)
    engine = engine_of(current.settings)
    view, late = show_order(engine, order), late_facts(engine, order)
    printed, sent = documents_of(engine, order), deliveries_of(engine, order)
    link = order_link(_ui_page(current), order)
    if as_json:
        data = view.model_dump(mode="json")
        current.speech.data(
            {
                **data,
                "documents": [document_json(current.settings, each) for each in printed],
                "notices": [each.model_dump(mode="json") for each in sent],
                "late_facts": [each.model_dump(mode="json") for each in late],
                "link": link,
            }
        )
        return
    with reading(engine) as connection:
        names, goods = staff_names(connection), product_names(connection)
    _show_order(current, view, printed, sent, link, names, goods)
    for each in late:
        text = f"  {current.speech.shown(each.received_at)}  {each.envelope.kind}  {each.envelope.fact_id}"
        current.speech.title("终结后的事实", "facts after the end")
        current.speech.line(text)


def _show_next(current: Session, order: str, *, as_json: bool) -> None:
    """What the order waits for now, and what comes then. Asked of the order itself: a worker must be running."""
    from activities.orders.views.order_views import show_order
    from runtime.delivery.telling import coming_of

    view = show_order(engine_of(current.settings), order)
    coming = [] if view.order.ending else with_client(current, lambda client: coming_of(client, order))
    if coming is None:
        words = Words("没有工人回答，请稍后再试", "no worker answers; try again later")
        raise Refusal(Code.SERVER_UNAVAILABLE, words, where=order)
    if as_json:
        now = [{"key": step.key, "zh": step.zh, "en": step.en} for step in view.order.steps]
        current.speech.data({"order": order, "now": now, "next": [{"zh": w.zh, "en": w.en} for w in coming]})
        return
    current.speech.title("在等", "waits for")
    for step in view.order.steps:
        current.speech.line(f"  {current.speech.words(step.zh, step.en)}")
    then = Words.listed(coming)
    current.speech.title("之后", "then")
    current.speech.line(f"  {current.speech.words(then.zh, then.en) or '-'}")


def list_orders(
    status: Annotated[
        str | None,
        typer.Option("--status", help="状态，如 awaiting_deposit 或 待付定金 · headline or ending"),
    ] = None,
    customer: Annotated[str | None, typer.Option("--customer", help="客户编号 · customer")] = None,
    salesperson: Annotated[str | None, typer.Option("--salesperson", help="业务员编号 · salesperson")] = None,
    waiting_role: Annotated[
        str | None, typer.Option("--waiting", help="在等哪个角色 · waits for this role")
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="只看超期的 · only overdue ones")] = False,
    most: Annotated[
        int, typer.Option("--most", min=0, help="最多显示几张，0 为全部 · at most so many, 0 for all")
    ] = 100,
    stuck: Annotated[
        str | None,
        typer.Option(
            "--stuck",
            help="只看卡住的：哪一种，all 为概览 · only what is stuck, in which way; all is an overview",
        ),
    ] = None,
    days: Annotated[
        int,
        typer.Option(
            "--days", min=1, max=3650, help="no_movement：几天没动静 · so many days without a movement"
        ),
    ] = QUIET_DAYS,
    as_json: JsonOption = False,
) -> None:
    """订单列表，最超期的在前 · orders, the most overdue first.

    starter.py list --overdue | starter.py list --waiting finance | starter.py list --status 待付定金 |
    starter.py list --stuck no_movement --days 14 | starter.py list --stuck waits_for_role --waiting finance
    """
    from activities.orders.views import order_lists

    current = session(as_json=as_json)
    now = datetime.now(UTC)
    if stuck is not None:
        asked = role_of(waiting_role, Role.SYSTEM) if waiting_role else None
        list_stuck(current, stuck, now, role=asked, days=days, most=most or None)
        return
    found = order_lists.list_orders(
        engine_of(current.settings),
        now,
        status=_status(status),
        customer=customer,
        salesperson=salesperson,
        waiting_role=role_of(waiting_role, Role.SYSTEM) if waiting_role else None,
        overdue=overdue,
        most=most or None,
    )
    page = _ui_page(current)
    ready = ready_lists(now)
    links = {name: list_link(page, query) for name, (_, query) in ready.items()}
    if as_json:
        orders = [
            {**each.model_dump(mode="json"), "link": order_link(page, each.number)} for each in found.orders
        ]
        current.speech.data({"orders": orders, "total": found.total, "links": links})
        return
    current.speech.table(
        (
            Words("订单", "order"), Words("客户", "customer"), Words("等级", "class"), Words("条件", "terms"),
            Words("状态", "status"), Words("首次预交日", "first promise"), Words("现预交日", "promise"),
            Words("已付", "paid"), Words("未付", "open"), Words("等待", "waits for"), Words("期限", "due"),
        ),
        [_summary(current, each, now) for each in found.orders],
    )  # fmt: skip
    if found.total > len(found.orders):
        current.speech.say(
            f"  共 {found.total} 张，显示前 {len(found.orders)} 张（--most 0 显示全部）",
            f"  {found.total} orders, the first {len(found.orders)} shown (--most 0 shows all)",
        )
    current.speech.title("在 Temporal 界面中", "in the Temporal UI")
    for name, (words, _) in ready.items():
        current.speech.line(f"  {words.in_language(current.speech.language)}  {links[name]}")


def waiting(
    role: Annotated[str, typer.Argument(help="角色，如 finance 或 财务部 · a role", metavar="ROLE")],
    most: Annotated[
        int, typer.Option("--most", min=0, help="最多显示几件，0 为全部 · at most so many, 0 for all")
    ] = 100,
    cursor: Annotated[
        str, typer.Option("--cursor", help="上一页给出的位置 · where the page before ended")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """一个角色的待办，最超期的在前 · what a role has to do, the most overdue first.

    starter.py waiting finance | starter.py waiting 业务员 --most 0
    """
    from activities.facts.desk_steps import open_desk_steps
    from activities.orders.views.order_lists import inbox_page

    current = session(as_json=as_json)
    found_role = role_of(role, Role.SYSTEM)
    engine = engine_of(current.settings)
    page = inbox_page(engine, [found_role], cursor=cursor, most=most or None)
    found = page.steps
    at_desk = open_desk_steps(engine, found_role)
    link = list_link(_ui_page(current), waiting_query(found_role, datetime.now(UTC)))
    if as_json:
        steps = [each.model_dump(mode="json") for each in found]
        desk = [each.model_dump(mode="json") for each in at_desk]
        current.speech.data({"steps": steps, "desk": desk, "link": link, "next": page.next})
        return
    current.speech.table(
        (Words("订单", "order"), Words("事项", "what"), Words("规则", "rule"), Words("自", "since"), Words("期限", "due"),
         Words("命令", "command")),
        [(each.order_number, _words(each), each.rule, each.since, _until(each), each.command) for each in found],
    )  # fmt: skip
    if page.next:
        current.speech.say(
            f"  还有更多：下一页 --cursor {page.next}，全部 --most 0",
            f"  there are more: --cursor {page.next} for the next page, --most 0 for all",
        )
    if at_desk:
        current.speech.title("订单部待办", "steps of the desk")
        current.speech.table(
            (Words("编号", "key"), Words("事项", "what"), Words("规则", "rule"), Words("期限", "due"),
             Words("命令", "command")),
            [(each.key, Words(each.zh, each.en), each.rule, deadline(each.due), each.command) for each in at_desk],
        )  # fmt: skip
    current.speech.line(link)


def _ui_page(current: Session) -> str:
    from runtime.connection import ui_namespace_address

    return ui_namespace_address(current.settings)


def _status(text: str | None) -> str | None:
    for terms in (Headline, Ending):
        for term in terms:
            if text in (term.value, term.zh):
                return term.value
    return text


def _label(terms: type[Term], value: str | None) -> Term | str:
    return next((term for term in terms if term.value == value), value or "-")


def _words(step: StepView) -> Words:
    return Words(step.zh, step.en)


def _until(step: StepView) -> Words:
    return deadline(step.due)


def _line(line: LineView, goods: Mapping[tuple[str, str], str]) -> tuple[Any, ...]:
    counted, unit = quantity(line.quantity), _label(Unit, line.unit)
    return (
        line.line,
        goods.get((line.product, line.specification)) or goods.get((line.product, "")),
        line.product,
        line.specification,
        Words(f"{counted} {unit.zh}", f"{counted} {unit.en}")
        if isinstance(unit, Term)
        else f"{counted} {unit}",
        price(line.unit_price) if line.unit_price is not None else None,
        figures(line.amount),
        quantity(line.passed),
        quantity(line.shipped),
    )


def _money(amount: Decimal | None) -> str:
    return figures(amount) if amount is not None else "-"


def _summary(current: Session, order: OrderSummary, now: datetime) -> tuple[Any, ...]:
    late = order.due is not None and order.due < now
    due = f"{current.speech.shown(deadline(order.due) if order.due else None)}{current.speech.words(' 超期', ' overdue') if late else ''}"
    return (
        order.number,
        order.customer_name,
        _label(CustomerClass, order.customer_class),
        _label(PaymentTerms, order.terms),
        _label(Headline, order.headline),
        order.first_promised,
        order.promised,
        _money(order.paid),
        _money(order.open_balance),
        [_words(step) for step in order.steps[:2]],
        due,
    )


def _show_order(
    current: Session, view: OrderView, printed: list[Document], sent: list[DeliveryView], link: str,
    names: dict[str, str], goods: Mapping[tuple[str, str], str],
) -> None:  # fmt: skip
    speech, order = current.speech, view.order
    headline, phase = (
        speech.shown(_label(Headline, order.headline)),
        speech.shown(_label(PhaseName, order.phase)),
    )
    speech.title(f"订单 {order.number} {order.customer_name}", f"order {order.number} {order.customer_name}")
    speech.say(f"  状态 {headline}（{phase}）", f"  status {headline} ({phase})")
    credit = order.credit > 0
    speech.say(
        f"  总额 ¥{_money(order.total)}  已付 ¥{_money(order.paid)}  "
        + (f"多付 ¥{_money(order.credit)}" if credit else f"未付 ¥{_money(order.open_balance)}"),
        f"  total CNY {_money(order.total)}  paid CNY {_money(order.paid)}  "
        + (f"credit CNY {_money(order.credit)}" if credit else f"open CNY {_money(order.open_balance)}"),
    )
    speech.line(f"  {link}")
    if view.lines:
        speech.title("产品", "goods")
        speech.table(
            (Words("行", "line"), Words("品名", "name"), Words("产品编号", "product"), Words("规格", "specification"),
             Words("数量", "quantity"), Words("单价", "price"), Words("金额", "amount"), Words("合格", "passed"),
             Words("已发", "shipped")),
            [_line(each, goods) for each in view.lines],
        )  # fmt: skip
    speech.title("在等什么", "what it waits for")
    speech.table(
        (Words("事项", "what"), Words("谁", "who"), Words("规则", "rule"), Words("自", "since"), Words("期限", "due"),
         Words("命令", "command")),
        [
            (_words(step), [_label(Role, role) for role in step.roles], step.rule, step.since, _until(step), step.command)
            for step in order.steps
        ],
    )  # fmt: skip
    speech.title("预交日历史", "history of the promise")
    speech.table(
        (
            Words("自", "from"),
            Words("至", "to"),
            Words("原因", "cause"),
            Words("发生", "happened"),
            Words("谁", "who"),
        ),
        [
            (
                each.promised_from,
                each.promised_to,
                _label(PromiseCause, each.cause),
                each.happened_at,
                names.get(each.by) or author_words(each.by),
            )
            for each in view.promises
        ],
    )
    speech.title("付款", "payments")
    speech.table(
        (Words("凭证", "reference"), Words("金额", "amount"), Words("方式", "method"), Words("时间", "paid at"),
         Words("核实", "confirmed"), Words("退回", "bounced"), Words("说明", "remark")),
        [
            (each.reference, _money(each.amount), _label(PaymentMethod, each.method), each.paid_at, each.confirmed, each.bounced,
             remark_of(each))
            for each in view.payments
        ],
    )  # fmt: skip
    if printed:
        speech.title("文书", "papers")
        show_documents(current, printed)
    if sent:
        speech.title("通知", "notices")
        show_notices(current, sent)
    speech.title("日志", "journal")
    for moment in timeline(view.journal, names=names):
        rule = f" [{moment.rule}]" if moment.rule else ""
        text = moment.words.in_language(speech.language)
        by = names.get(moment.by) or author_words(moment.by).in_language(speech.language)
        speech.line(f"  {speech.shown(moment.at)}  {text}{rule}  {by}")
