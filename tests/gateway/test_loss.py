"""Gateway, worker and server are killed at random while facts come in; every acknowledged one is there, once.

`FACTS=1000 python -m pytest -s tests/gateway/test_loss.py` is the whole of it; `make endurance` has it, CI has tests/endure.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime.server.ports import free_port
from tests.runtime.test_kill import ROOT, Installation

FACTS = int(os.environ.get("FACTS", "5"))
SENDERS = 6
SMOKE = 10
ORDERS = 4 if FACTS >= SMOKE else 1
BETWEEN_KILLS = (0.5, 2.5)
KILLED = ("worker", "gateway", "server")
"""Each once in a smoke; at random until the facts are in where there are more facts than that takes."""


class Gateway:
    """The door as a process of its own, killed and started again."""

    def __init__(self, environment: dict[str, str]) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {**environment, "DINGDAN_GATEWAY_ADDRESS": f"127.0.0.1:{port}"}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "gateway"], env=self.environment, cwd=ROOT)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


def send(url: str, key: str, order: str, number: int) -> str:
    """One fact, sent again under its id until the door answers with success; what the door said."""
    body = {
        "fact_id": f"terminal/{number}", "kind": "contact_logged", "happened_at": datetime.now(UTC).isoformat(),
        "content": {"channel": "phone", "words": f"call {number}"},
    }  # fmt: skip
    end = time.monotonic() + 150
    while time.monotonic() < end:
        try:
            answer = httpx.post(
                f"{url}/v1/orders/{order}/facts", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=30,
                trust_env=False,
            )  # fmt: skip
        except httpx.HTTPError:
            time.sleep(0.2)
            continue
        if answer.status_code in (200, 202):
            return str(answer.json()["status"])
        assert answer.status_code in (503, 500), answer.text
        assert answer.status_code == 503, answer.text
        time.sleep(0.2)
    raise AssertionError(f"fact {number} was never taken")


def disturb(here: Installation, gateway: Gateway, over: threading.Event, kills: Counter[str]) -> None:
    """Kill one of the three and start it again, until the facts are in."""
    chance = random.Random(4)
    victims = iter(KILLED) if FACTS < SMOKE else iter(lambda: chance.choice(KILLED), None)
    for victim in victims:
        if over.wait(chance.uniform(*BETWEEN_KILLS)):
            return
        kills[victim] += 1
        if victim == "gateway":
            gateway.kill()
            gateway.start()
        else:
            here.kill(server=victim == "server")
            time.sleep(chance.uniform(0, 1.5))
            here.start()


def told(here: Installation, order: str) -> Counter[str]:
    """The facts in the order's journal, each with how often it is there."""
    journal: list[dict[str, Any]] = here.show(order)["journal"]
    return Counter(entry["data"]["fact_id"] for entry in journal if entry["kind"] == "fact")


@pytest.mark.slow
@pytest.mark.endurance
@pytest.mark.timeout(900)
def test_no_acknowledged_fact_is_lost_and_none_counts_twice(tmp_path: Path) -> None:
    here = Installation(tmp_path, datetime.now(UTC).replace(hour=23, minute=59))
    (tmp_path / "customers.csv").write_text(
        "customer,name,customer_class,designated_signers,verified_by\nK1,红枫,B,王芳,chen\n"
    )
    (tmp_path / "prices.csv").write_text(
        "product,name,specification,unit,unit_price,valid_from\nTP-80,纸,80,roll,100.00,2026-01-01\n"
    )
    here.start()
    gateway = Gateway(here.environment)
    over, kills, said = threading.Event(), Counter[str](), Counter[str]()
    try:
        for kind in ("customers", "prices"):
            assert here.run("import", kind, str(tmp_path / f"{kind}.csv"))[0] == 0
        code, made = here.run(
            "keys", "create", "terminal", "--role", "service_clerk", "--fact", "contact_logged", "--json"
        )
        assert code == 0, made
        key = json.loads(made)["key"]
        orders = [here.place(f"o-{n}") for n in range(ORDERS)]
        gateway.start()
        disturbing = threading.Thread(target=disturb, args=(here, gateway, over, kills))
        disturbing.start()
        with ThreadPoolExecutor(SENDERS) as senders:
            sent = [senders.submit(send, gateway.url, key, orders[n % ORDERS], n) for n in range(FACTS)]
            said.update(each.result() for each in sent)
        over.set()
        disturbing.join()
        end = time.monotonic() + 60
        while (found := sum((told(here, order) for order in orders), Counter())).total() < FACTS:
            assert time.monotonic() < end, f"{found.total()} of {FACTS}; said {said}, killed {kills}"
            time.sleep(0.5)
        sys.stdout.write(
            f"\n{FACTS} facts, answered {dict(said)}, killed {dict(kills)}: {found.total()} journaled\n"
        )
        assert found == Counter({f"terminal/{n}": 1 for n in range(FACTS)})
    finally:
        over.set()
        if gateway.process is not None:
            gateway.kill()
        if here.process is not None and here.process.poll() is None:
            here.kill(server=True)
