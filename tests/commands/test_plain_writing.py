"""Files and commands as people write them: read in one writing, or refused by row and field (R10, R11)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from activities.orders.views.order_lists import known_prices
from activities.store.database import engine_at, reading
from models.tables.registry import table
from runtime.settings import Settings
from tests.commands.conftest import Desk, desk, files

__all__ = ["desk"]
OVERRIDE = "\u202e"


def names(settings: Settings) -> dict[str, str]:
    customers = table("customers")
    with reading(engine_at(settings.database_url)) as connection:
        return {
            row.customer: row.name
            for row in connection.execute(select(customers.c.customer, customers.c.name))
        }


async def prepared(desk: Desk) -> None:
    code, _, err = await desk.run("setup")
    assert code == 0, err


async def test_a_sign_that_no_font_has_is_said_when_the_customer_is_entered(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    await prepared(desk)
    file = tmp_path / "customers.csv"
    file.write_text(
        "customer,name,customer_class\nE1,某某印刷😀,B\nE2,好名字,B\nE\u200b3,深圳,B\nE4,深圳\x9b2J,B\nE5,深\u202e圳,C\n",
        encoding="utf-8",
    )
    code, _, err = await desk.run("import", "customers", str(file))
    assert code == 3
    assert "U+1F600" in err
    assert "U+200B" in err
    assert "U+009B" in err
    assert "U+202E" in err
    assert OVERRIDE not in err
    assert "\x9b" not in err
    assert names(settings) == {"E2": "好名字"}


async def test_a_price_list_as_excel_users_write_it(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    await prepared(desk)
    file = tmp_path / "prices.csv"
    file.write_text(
        "产品编号,产品名称,规格,单位,单价(元),允许误差(%),生效日期,有效期至\n"
        'A8,热敏纸,80mm,卷,"￥1,200.50",5%,2026/1/1,2199年12月31日\n'
        "A9,热敏纸,80mm,张,０．０３８５,,20260101,\nA10,热敏纸,80mm,箱,1.5万,,46023,\nA11,热敏纸,80mm,箱,5,,1798761600,\n"
        'A12,热敏纸,80mm,箱,"1.200,50",,2026/1/1,\nA13,热敏纸,80mm,桶,5,,2026/1/1,\n',
        encoding="utf-8",
    )
    code, _, err = await desk.run("import", "prices", str(file))
    assert code == 3
    for row, where in (("5", "valid_from"), ("6", "unit_price"), ("7", "unit")):
        assert f"row {row} [{where}]" in err
    listed = {each["product"]: each for each in known_prices(engine_at(settings.database_url))}
    assert set(listed) == {"A8", "A9", "A10"}
    prices = table("prices")
    with reading(engine_at(settings.database_url)) as connection:
        found = {
            row.product: (str(row.unit_price), row.unit, str(row.valid_from))
            for row in connection.execute(select(prices))
        }
    assert found == {
        "A8": ("1200.50", "roll", "2026-01-01"),
        "A9": ("0.0385", "sheet", "2026-01-01"),
        "A10": ("15000.00", "carton", "2026-01-01"),
    }


async def test_a_workbook_with_a_serial_number_for_a_day(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    await prepared(desk)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("客户编号", "客户名称", "客户等级", "传真"), ("X1", "红枫", "B类", 75512345678)):
        sheet.append(row)
    book.save(tmp_path / "customers.xlsx")
    code, _, err = await desk.run("import", "customers", str(tmp_path / "customers.xlsx"))
    assert code == 0, err
    assert "075512345678" in err
    assert names(settings) == {"X1": "红枫"}
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    prices: list[tuple[Any, ...]] = [
        ("产品编号", "单位", "单价", "生效日期"),
        ("X8", "卷", 3.3000000000000003, 46023),
    ]
    for price in prices:
        sheet.append(price)
    book.save(tmp_path / "prices.xlsx")
    code, _, err = await desk.run("import", "prices", str(tmp_path / "prices.xlsx"))
    assert code == 0, err


async def test_orders_and_amounts_at_the_command_line(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.delivery.telling.PATIENCE_SECONDS", 1.0)  # no worker will answer
    await prepared(desk)
    await files(desk, tmp_path)
    file = tmp_path / "orders.csv"
    file.write_text(
        "来单编号,下单渠道,客户编号,联系电话,录入人,产品编号,数量,单位,单价,付款方式,交货方式,运费条款,已复述确认\n"
        "H-1,传真,K1,75512345678,chen,TP-80,１０,卷,100.00元,定金,物流,卖方承担运费,否\n"
        "H-2,传真,K1,13812345678,chen,TP-80,1_0,卷,100.00,定金,物流,卖方承担运费,否\n",
        encoding="utf-8",
    )
    code, out, err = await desk.run("place", str(file))
    assert code == 3
    assert "placed (H-1)" in out
    assert "0755" in err
    assert "[lines.0.quantity]" in err
    number = out.split()[0]
    for amount, exit_code in (("1_000", 3), ("NaN", 3), ("1.200,50", 3), ("¥1,0", 3)):
        code, _, err = await desk.run(
            "tell", number, "payment_received", "--set", f"amount={amount}", "--set", "reference=T-1", "--by", "chen",
            "--role", "finance",
        )  # fmt: skip
        assert code == exit_code, (amount, err)
        assert "content.amount" in err
    code, _, err = await desk.run(
        "tell",
        number,
        "contact_logged",
        "--set",
        "channel=电话",
        "--set",
        f"words=x{OVERRIDE}",
        "--by",
        "chen",
    )
    assert code == 3
    assert "U+202E" in err
    assert OVERRIDE not in err


async def test_a_head_that_could_be_two_columns_stops_the_file(desk: Desk, tmp_path: Path) -> None:
    await prepared(desk)
    file = tmp_path / "customers.csv"
    file.write_text("客户,客户名称\nK1,红枫\n", encoding="utf-8")
    code, _, err = await desk.run("import", "customers", str(file))
    assert code == 3
    assert "客户" in err
    assert "customer" in err


async def test_what_a_file_holds_steers_no_terminal(desk: Desk, tmp_path: Path) -> None:
    await prepared(desk)
    file = tmp_path / "customers.json"
    file.write_text('[{"customer": "K9", "name": "x", "\\u001b[31mred\\u009b2J": "y"}]', encoding="utf-8")
    code, out, err = await desk.run("import", "customers", str(file))
    assert code == 3
    assert "\x1b" not in out + err
    assert "\x9b" not in out + err
    code, out, err = await desk.run("import", "customers", str(file), "--json")
    assert "\x1b" not in out + err
