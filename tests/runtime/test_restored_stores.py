"""An older copy of either store is put back: no money is forgotten, no order is lost, and the audit ends clean (R47)."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from typing import Any

import pytest

from models.reports.store_audit import AuditExit
from models.values.calendar import BUSINESS_ZONE
from tests.runtime.test_kill import Installation, eventually, installation

__all__ = ["installation"]

SERVER, ORDERS = "temporal.db", "dingdan.db"


def back_up(here: Installation, name: str) -> None:
    """Copy a store as it is while nothing runs."""
    for file in here.folder.glob(f"var/**/{name}*"):
        target = here.folder / "backup" / file.relative_to(here.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)


def restore(here: Installation, name: str) -> None:
    """Put the copy in its place; what was written since is gone."""
    for file in here.folder.glob(f"var/**/{name}*"):
        file.unlink()
    copies = list((here.folder / "backup").glob(f"var/**/{name}*"))
    assert copies, f"no copy of {name}"
    for copied in copies:
        shutil.copy2(copied, here.folder / copied.relative_to(here.folder / "backup"))


def audit(here: Installation, *more: str) -> tuple[int, dict[str, Any]]:
    """What the command says, and its exit code."""
    code, said = here.run("audit", "--json", *more)
    assert said.lstrip().startswith("{"), said
    return code, json.loads(said)


def pay(here: Installation, number: str, amount: str, reference: str) -> None:
    here.tell(
        number,
        "payment_received",
        "--by",
        "qian",
        "--set",
        f"amount={amount}",
        "--set",
        f"reference={reference}",
    )


def has_healed(here: Installation, healed: int) -> None:
    """Repaired at once, or by the orders themselves before; and a second audit says nothing."""
    code, said = audit(here, "--repair")
    assert code in (AuditExit.CLEAN, healed), json.dumps(said["differences"], ensure_ascii=False)
    code, said = audit(here, "--repair")
    assert (code, said["differences"]) == (AuditExit.CLEAN, []), said
    code, said = audit(here)
    assert (code, said["differences"]) == (AuditExit.CLEAN, []), said


@pytest.mark.endurance
@pytest.mark.timeout(1800)
def test_an_older_copy_of_either_store_forgets_no_money(installation: Installation) -> None:
    here = installation
    here.start()
    for kind in ("customers", "prices"):
        assert here.run("import", kind, str(here.folder / f"{kind}.csv"))[0] == 0
    old = here.place("old")
    pay(here, old, "100.00", "TX-1")
    eventually(lambda: here.show(old)["order"]["paid"], "100.00")
    assert here.stop() == 0
    back_up(here, SERVER)
    back_up(here, ORDERS)

    here.start()
    pay(here, old, "60.50", "TX-2")
    new = here.place("new")
    pay(here, new, "30.00", "TX-3")
    eventually(lambda: here.show(new)["order"]["paid"], "30.00")
    eventually(lambda: here.show(old)["order"]["paid"], "160.50")
    assert audit(here)[0] == AuditExit.CLEAN
    assert here.stop() == 0

    restore(here, ORDERS)
    here.start()
    has_healed(here, AuditExit.HEALED)
    assert here.show(old)["order"]["paid"] == "160.50"
    assert here.show(new)["order"]["paid"] == "30.00"
    assert here.show(old)["set_aside"] == []
    assert here.place("newer") not in (old, new)
    assert here.stop() == 0

    restore(here, SERVER)
    here.start()
    has_healed(here, AuditExit.HEALED)
    assert here.show(old)["order"]["paid"] == "160.50"
    assert here.show(new)["order"]["paid"] == "30.00"
    assert sorted(each["reference"] for each in here.show(old)["payments"]) == ["TX-1", "TX-2"]
    assert any(step["key"].startswith("exception:stores-diverged") for step in here.show(old)["steps"])
    assert here.stop() == 0

    assert datetime.now(BUSINESS_ZONE) < here.day_ends
