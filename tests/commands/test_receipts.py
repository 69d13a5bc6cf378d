"""Money at the command line: asked back where it is far too much; for which order a reference counts (R53)."""

from __future__ import annotations

from pathlib import Path

from activities.store.database import engine_at, upgrade
from runtime.settings import Settings
from tests.activities.test_receipts import Recorded
from tests.commands.conftest import Desk


async def test_far_too_much_is_asked_back_before_it_is_told(desk: Desk, settings: Settings) -> None:
    """R53: nothing was said to the order, so no server is needed to ask."""
    upgrade(settings.database_url)
    Recorded(engine_at(settings.database_url), "N-1")
    paid = ("tell", "N-1", "payment_received", "--by", "qian", "--set", "reference=TX-7", "--set")
    code, _, err = await desk.run(*paid, "amount=10000.01")
    assert (code, "5,000.00" in err, "twice" in err or "2 times" in err) == (7, True, True)


async def test_finance_asks_for_which_order_a_reference_counts(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    """R53: and enters the claims that a backup lost."""
    upgrade(settings.database_url)
    engine = engine_at(settings.database_url)
    first, second = Recorded(engine, "N-1"), Recorded(engine, "N-2")
    first.paid("1500.00", "TX-7")
    second.paid("1500.00", "tx-7")
    first.does("contact_logged", channel="phone", words="-")
    refused, _, err = await desk.run("receipts", "TX-7", "--by", "li")
    assert (refused, "finance" in err) == (6, True)
    (tmp_path / "staff.yaml").write_text("- {person: qian, name: 钱, roles: [finance]}\n")
    assert (await desk.run("import", "staff", str(tmp_path / "staff.yaml")))[0] == 0
    found = await desk.read("receipts", " TX-7", "--by", "qian")
    assert [(each["order_number"], each["elsewhere"]) for each in found] == [("N-1", False), ("N-2", True)]
    assert (await desk.run("receipts", "TX-7", "--by", "qian"))[0] == 0
    assert (await desk.run("receipts", "--by", "qian"))[0] == 3
    assert await desk.read("receipts", "--restore") == {"restored": 0}
    engine.dispose()
