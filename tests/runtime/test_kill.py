"""Kill -9 in the middle of `make run`: worker and server go, come back, and every order is where it should be.

The policy has short days: limits of seconds, and a business day that ends while nobody is there: as soon as this
machine can have said everything that belongs to the day.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from models.values.calendar import BUSINESS_ZONE
from runtime.server.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
READY = "worker is ready"
PATIENCE = 300
"""Seconds after which a machine is not slow but stuck. Nothing waits so long: everything waits for what it wants to see."""
COMMANDS_BEFORE_THE_DAY_ENDS = 12
"""Commands that must be through before the business day ends, with one to spare."""
ORDER: dict[str, Any] = {
    "channel": "fax",
    "customer": "K1",
    "contact": "王芳",
    "phone": "1",
    "address": "深圳",
    "consignee": "王芳",
    "lines": [
        {
            "line": 1,
            "product": "TP-80",
            "specification": "80",
            "quantity": 10,
            "unit": "roll",
            "unit_price": "100.00",
        }
    ],
    "payment_terms": "deposit",
    "packing": "箱",
    "delivery_method": "freight",
    "freight_terms": "seller_pays",
    "entered_by": "chen",
}


class Installation:
    """What `make run` starts, in a folder and on ports of its own, and the command line beside it."""

    def __init__(self, folder: Path, day_ends: datetime) -> None:
        self.folder = folder
        self.policy = policy = folder / "policy.toml"
        self.end_the_day(day_ends)
        self.environment = {
            **os.environ,
            "DINGDAN_VAR": str(folder / "var"),
            "DINGDAN_POLICY": str(policy),
            "DINGDAN_EXAMPLE_COMPANY": "no",
            "DINGDAN_LANGUAGE": "en",
            "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
            "DINGDAN_GATEWAY_ADDRESS": f"127.0.0.1:{free_port()}",
            "DINGDAN_UI_URL": f"http://127.0.0.1:{free_port()}",
        }
        self.process: subprocess.Popen[str] | None = None

    def end_the_day(self, ends: datetime) -> None:
        """When the business day ends for orders that are placed from now on."""
        self.day_ends = ends
        self.policy.write_text(
            f"[slip]\nend_of_day_minutes = {ends.hour * 60 + ends.minute}\n"
            '[limits]\ndetails_hours = "0.002"\nescalate_after_hours = "0.001"\n'
        )

    def start(self) -> None:
        """Start everything and return when the worker is ready."""
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "worker.py"), "--embedded"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        said = []
        for text in self.process.stdout:
            said.append(text)
            if READY in text:
                return
        raise AssertionError("".join(said))

    def server(self) -> psutil.Process:
        """The server that it started."""
        owner, server = (self.folder / "var" / "temporal-server.pid").read_text().split()
        assert self.process is not None
        assert int(owner) == self.process.pid
        return psutil.Process(int(server))

    def kill(self, *, server: bool) -> None:
        """Kill -9 the worker, and the server with it if asked."""
        assert self.process is not None
        serving = self.server()
        self.process.kill()
        self.process.communicate()
        if server:
            serving.kill()
            serving.wait(10)

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode

    def run(self, *arguments: str) -> tuple[int, str]:
        """One command; its exit code and what it said."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "starter.py"), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def show(self, number: str) -> dict[str, Any]:
        """One order as the order database has it."""
        code, said = self.run("show", number, "--json")
        assert code == 0, said
        shown: dict[str, Any] = json.loads(said)
        return shown

    def place(self, name: str, **changes: Any) -> str:
        """One order; its number."""
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps({**ORDER, "request_id": name, **changes}))
        code, said = self.run("place", str(file), "--json")
        assert code == 0, said
        number: str = json.loads(said)["placed"][0]["order"]
        return number

    def tell(self, number: str, *words: str) -> str:
        """Something said, which must be taken."""
        code, said = self.run("tell", number, *words)
        assert code == 0, said
        return said

    def decide(self, number: str, *words: str) -> None:
        """A decision, which must be taken."""
        code, said = self.run("decide", number, *words, "--note", "N-1")
        assert code == 0, said


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """One that stands still yet; its business day ends late."""
    here = Installation(tmp_path, datetime.now(BUSINESS_ZONE).replace(hour=23, minute=59))
    (tmp_path / "customers.csv").write_text(
        "customer,name,customer_class,designated_signers,verified_by\nK1,红枫,B,王芳,chen\n"
    )
    (tmp_path / "prices.csv").write_text(
        "product,name,specification,unit,unit_price,valid_from\nTP-80,纸,80,roll,100.00,2026-01-01\n"
    )
    yield here
    if here.process is not None and here.process.poll() is None:
        here.kill(server=True)


def until(moment: datetime) -> None:
    """Real time passes: what is away cannot be rehearsed in skipped time."""
    while datetime.now(BUSINESS_ZONE) < moment:
        time.sleep(0.2)


def eventually(look: Any, wanted: Any) -> Any:
    """What is recorded comes a moment later."""
    end = time.monotonic() + PATIENCE
    while (found := look()) != wanted and time.monotonic() < end:
        time.sleep(0.2)
    assert found == wanted
    return found


def soon_enough(took: float) -> datetime:
    """The next full minute by which this machine, as busy as it is, has done everything that belongs to today.

    `took` are the seconds that one command took just now; it may become twice as slow.
    """
    now = datetime.now(BUSINESS_ZONE)
    ends = now + timedelta(minutes=1, seconds=2 * took * COMMANDS_BEFORE_THE_DAY_ENDS)
    ends = ends.replace(second=0, microsecond=0)
    if ends.date() != now.date():
        pytest.skip("the day ends by itself before that")
    return ends


def counts(shown: dict[str, Any], kind: str) -> int:
    """How many journal entries of a kind."""
    return sum(entry["kind"] == kind for entry in shown["journal"])


def has_no_gap(shown: dict[str, Any]) -> bool:
    """Whether the journal is whole and nothing is in it twice."""
    return [entry["sequence"] for entry in shown["journal"]] == list(range(1, len(shown["journal"]) + 1))


@pytest.mark.endurance
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_and_started_again_every_order_is_where_it_should_be(installation: Installation) -> None:
    here = installation
    here.start()
    began = time.monotonic()
    for kind in ("customers", "prices"):
        assert here.run("import", kind, str(here.folder / f"{kind}.csv"))[0] == 0
    here.end_the_day(soon_enough((time.monotonic() - began) / 2))
    incomplete = here.place("incomplete", consignee="")
    waiting = here.place("waiting")
    today = datetime.now(BUSINESS_ZONE).date()
    finish = today + timedelta(days=5)
    here.decide(waiting, "technical", "producible", "--by", "lin", "--set", "material_note=足")
    detail = [f"production_date={today}", "quantity=10", f"finished_date={finish}"]
    here.decide(
        waiting, "production_date", "dated", "--by", "ma", *(x for each in detail for x in ("--set", each))
    )
    here.decide(waiting, "approval", "approve", "--by", "wu")
    here.tell(waiting, "sheet_sent", "--by", "chen", "--set", "version=1")
    before = eventually(lambda: here.show(waiting)["order"]["headline"], "awaiting_confirmation")
    eventually(lambda: counts(here.show(incomplete), "escalated"), 1)
    assert datetime.now(BUSINESS_ZONE) < here.day_ends, "this machine became much slower than it was"

    here.kill(server=True)
    code, said = here.run(
        "tell", waiting, "contact_logged", "--by", "chen", "--set", "channel=phone", "--set", "words=x"
    )
    assert code == 8, said
    until(here.day_ends + timedelta(seconds=2))
    here.start()

    shown = eventually(lambda: here.show(waiting)["order"]["promised"], str(finish + timedelta(days=1)))
    shown = here.show(waiting)
    assert [each["cause"] for each in shown["promises"]] == ["first", "customer"]
    assert (shown["order"]["headline"], has_no_gap(shown)) == (before, True)
    shown = here.show(incomplete)
    assert (shown["order"]["headline"], has_no_gap(shown)) == ("incomplete", True)
    assert (counts(shown, "overdue"), counts(shown, "escalated")) == (1, 1)

    here.kill(server=False)
    said = here.tell(
        waiting, "confirmation_returned", "--by", "wang", "--role", "customer", "--set", "version=1", "--set",
        "signed_by=王芳",
    )  # fmt: skip
    assert "stored, not yet answered" in said
    here.start()
    eventually(lambda: here.show(waiting)["order"]["headline"], "awaiting_deposit")
    assert has_no_gap(here.show(waiting))
    assert "accepted" in here.tell(
        waiting, "payment_received", "--by", "qian", "--set", "amount=300.00", "--set", "reference=TX-1"
    )

    serving = here.server()
    assert here.stop() == 0
    assert not serving.is_running()
    here.start()
    eventually(lambda: here.show(waiting)["order"]["paid"], "300.00")
    assert here.stop() == 0
