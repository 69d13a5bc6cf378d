"""The command line as a person uses it, and the files of a small company."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import starter
from activities.store.database import engine_at
from runtime.settings import Settings
from tests.runtime.numbers_apart import set_apart
from tests.runtime.recorded import told_and_recorded
from tests.runtime.watching import PATIENCE_SECONDS, looks

ORDER: dict[str, Any] = {
    "request_id": "fax-1", "channel": "fax", "customer": "K1", "contact": "王芳", "phone": "1", "address": "深圳",
    "consignee": "王芳", "lines": [{"line": 1, "product": "TP-80", "specification": "80", "quantity": 10, "unit": "roll",
    "unit_price": "100.00"}], "payment_terms": "deposit", "packing": "箱", "delivery_method": "freight",
    "freight_terms": "seller_pays", "entered_by": "chen",
}  # fmt: skip


class Desk:
    """Runs commands as a person would, each in a thread of its own."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capture.readouterr()
        code = await asyncio.to_thread(starter.run, list(arguments))
        said = self.capture.readouterr()
        return code, said.out, said.err

    async def read(self, *arguments: str) -> Any:
        _, out, _ = await self.run(*arguments, "--json")
        return json.loads(out)

    async def read_when(
        self, so: Callable[[dict[str, Any]], object], wanted: str, *arguments: str
    ) -> dict[str, Any]:
        """What is read once it is so."""
        shown: dict[str, Any] = {}
        async for look in looks(f"{wanted}: {' '.join(arguments)}"):
            look.saw = shown = await self.read(*arguments)
            if so(shown):
                break
        return shown


@pytest.fixture
def desk(settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.setenv("DINGDAN_VAR", str(settings.var))
    monkeypatch.setenv("TEMPORAL_ADDRESS", str(settings.temporal_address))
    monkeypatch.setenv("DINGDAN_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("DINGDAN_TASK_QUEUE", settings.task_queue)
    monkeypatch.setenv("DINGDAN_LANGUAGE", "en")
    # An answer is waited for as long as it takes, and what was answered is read by the next command.
    monkeypatch.setattr("runtime.delivery.telling.PATIENCE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr("runtime.cases.telling.PATIENCE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr("commands.orders.tell.tell_order", told_and_recorded)
    return Desk(capfd)


async def files(desk: Desk, folder: Path) -> None:
    """The customers, prices and staff of a small company that is set up; its numbers are its own on this server."""
    set_apart(engine_at(os.environ["DINGDAN_DATABASE_URL"]))
    (folder / "customers.csv").write_text(
        "customer,name,customer_class,designated_signers,verified_by\nK1,红枫,B,王芳;刘强,chen\n"
    )
    (folder / "prices.csv").write_text(
        "product,name,specification,unit,unit_price,valid_from\nTP-80,纸,80,roll,100.00,2026-01-01\n"
    )
    (folder / "staff.yaml").write_text(
        "- {person: chen, name: 陈, roles: [service_clerk]}\n- {person: nobody, name: 无, roles: [king]}\n"
        "- {person: li, name: 李, roles: [salesperson]}\n- {person: lin, name: 林, roles: [technical]}\n"
        "- {person: ma, name: 马, roles: [production]}\n- {person: wu, name: 吴, roles: [sales_supervisor]}\n"
    )
    assert (await desk.run("import", "customers", str(folder / "customers.csv")))[0] == 0
    assert (await desk.run("import", "prices", str(folder / "prices.csv")))[0] == 0
    code, _, err = await desk.run("import", "staff", str(folder / "staff.yaml"))
    assert code == 3
    assert "row 2 [roles.0] malformed: " in " ".join(err.split())
