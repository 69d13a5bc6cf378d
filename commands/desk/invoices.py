"""`invoices`, `accounts`, `archive`: settlement papers from the command line (R162 to R165)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.session import JsonOption, session
from models.values.calendar import business_date
from models.values.vocabulary import Words
from runtime.databases import engine_of


def invoices(
    text: Annotated[
        str,
        typer.Argument(
            help="号码、订单、客户、抬头或税号 · number, order, customer, name or tax number", metavar="TEXT"
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """发票：待开、须冲红、已开 · invoices: what waits, red letters owed, what was issued.

    starter.py invoices | starter.py invoices 20270105-0001

    开具和冲红用 tell · issued and taken back by `tell`: starter.py tell ORDER invoice_issued --set invoice=…
    """
    from activities.invoices.invoice_lists import find_invoices

    current = session(as_json=as_json)
    found = find_invoices(engine_of(current.settings), text.strip())
    if as_json:
        current.speech.data(
            {
                "waiting_in_all": found.waiting_in_all,
                "red_letters_owed_in_all": found.owed_in_all,
                "waiting": [
                    {"order": each.order, "request": each.request.number, "title": each.request.title,
                     "tax_number": each.request.tax_number, "kind": each.request.kind.value, "amount": str(each.amount)}
                    for each in found.waiting
                ],
                "red_letters_owed": [
                    {"order": each.order, "invoice": each.invoice, "amount": str(each.amount)} for each in found.owed
                ],
                "issued": [
                    {"order": each.order, "invoice": each.number, "title": each.title, "amount": str(each.amount),
                     "net": str(each.net), "tax": str(each.tax), "reverses": each.reverses or None}
                    for each in found.issued
                ],
            }
        )  # fmt: skip
        return
    current.speech.title(f"待开 {found.waiting_in_all} 张", f"{found.waiting_in_all} to be issued")
    current.speech.table(
        (
            Words("订单", "order"),
            Words("申请", "request"),
            Words("抬头", "name"),
            Words("税号", "tax number"),
            Words("种类", "kind"),
            Words("金额", "amount"),
        ),
        [
            (
                each.order,
                each.request.number,
                each.request.title,
                each.request.tax_number,
                each.request.kind,
                each.amount,
            )
            for each in found.waiting
        ],
    )
    if found.owed:
        current.speech.title(f"须冲红 {found.owed_in_all} 张", f"{found.owed_in_all} red letters owed")
        current.speech.table(
            (Words("订单", "order"), Words("发票", "invoice"), Words("金额", "amount")),
            [(each.order, each.invoice, each.amount) for each in found.owed],
        )
    current.speech.title(f"已开 {len(found.issued)} 张", f"{len(found.issued)} issued")
    current.speech.table(
        (
            Words("发票号码", "invoice"),
            Words("订单", "order"),
            Words("抬头", "name"),
            Words("含税", "amount"),
            Words("不含税", "net"),
            Words("税额", "tax"),
            Words("冲红", "takes back"),
        ),
        [
            (each.number, each.order, each.title, each.amount, each.net, each.tax, each.reverses)
            for each in found.issued
        ],
    )


def accounts(
    person: Annotated[str, typer.Argument(help="业务员编号 · a salesperson's id", metavar="PERSON")] = "",
    as_json: JsonOption = False,
) -> None:
    """业务员账：所担保死单的往返运费 · salespeople's accounts: the freight of dead orders that they guaranteed.

    starter.py accounts | starter.py accounts li
    """
    from activities.invoices.salesperson_accounts import accounts as find

    current = session(as_json=as_json)
    found = find(engine_of(current.settings), person.strip() or None)
    if as_json:
        current.speech.data(
            [
                {
                    "salesperson": each.salesperson,
                    "total": str(each.total),
                    "orders": [
                        {"order": entry.order, "shipment": entry.shipment, "amount": str(entry.amount)}
                        for entry in each.entries
                    ],
                }
                for each in found
            ]
        )
        return
    current.speech.table(
        (
            Words("业务员", "salesperson"),
            Words("订单", "order"),
            Words("批次", "shipment"),
            Words("去程", "out"),
            Words("回程", "back"),
            Words("合计", "together"),
        ),
        [
            (
                each.salesperson,
                entry.order,
                entry.shipment,
                entry.freight_out,
                entry.freight_back,
                entry.amount,
            )
            for each in found
            for entry in each.entries
        ],
    )


def archive(
    text: Annotated[
        str,
        typer.Argument(
            help="订单、客户、产品、发票或凭证 · order, customer, product, invoice or reference",
            metavar="TEXT",
        ),
    ] = "",
    make: Annotated[
        bool, typer.Option("--make", help="现在归档到期的订单 · archive now what is due")
    ] = False,
    to: Annotated[
        Path | None, typer.Option("--to", help="取出文件，存为 · take the file of the order, as")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """归档：查找、取出、立即归档 · the archive: search it, take a file out, archive what is due now.

    starter.py archive 红枫 | starter.py archive 20270105-0001 --to order.zip | starter.py archive --make
    """
    from activities.archive.archives import archive_page, archived_file, find_archives
    from activities.documents.document_store import DocumentStore
    from activities.store.company_files import read_policy
    from models.reports.archive import ArchivePage

    current = session(as_json=as_json)
    engine, store = engine_of(current.settings), DocumentStore(current.settings.documents)
    if make:
        days = read_policy(current.settings.policy).archive.days
        page, count = ArchivePage(day=business_date(datetime.now(UTC))), 0
        while True:
            done = archive_page(engine, store, page, days)
            count += done.archived
            if not done.after:
                break
            page = page.model_copy(update={"after": done.after})
        current.speech.say(f"归档 {count} 张订单", f"{count} orders archived")
        return
    if to is not None:
        found, content = archived_file(engine, store, text.strip())
        to.write_bytes(content)
        current.speech.say(
            f"{found.order_number} 已存为 {to}，SHA-256 {found.sha256}",
            f"{found.order_number} is in {to}, SHA-256 {found.sha256}",
        )
        return
    listed = find_archives(engine, text.strip())
    if as_json:
        current.speech.data([each.model_dump(mode="json") for each in listed])
        return
    current.speech.table(
        (
            Words("订单", "order"),
            Words("客户", "customer"),
            Words("终结", "ended"),
            Words("归档", "archived"),
            Words("字节", "bytes"),
            Words("SHA-256", "SHA-256"),
        ),
        [
            (each.order_number, each.customer_name, each.ended_at, each.made_at, each.size, each.sha256[:12])
            for each in listed
        ],
    )
