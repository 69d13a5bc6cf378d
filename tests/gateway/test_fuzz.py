"""The door against requests made from its own description: no 5xx, no answer that is not declared.

The Temporal server is away here: what is taken is stored. `FUZZ=200` asks that many times each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from activities.store.database import engine_at, upgrade
from activities.store.imports import CustomerRow, import_customers
from gateway.app import create_app
from models.values.vocabulary import CustomerClass
from runtime.server.ports import free_port
from runtime.settings import ROOT, Settings
from tests.gateway.conftest import key_for

TIMES = int(os.environ.get("FUZZ", "12"))
DESCRIPTION = ROOT / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A door in a process of its own, and a key that opens all of it."""
    folder = tmp_path_factory.mktemp("door")
    own = Settings(var=folder)
    upgrade(own.database_url)
    engine = engine_at(own.database_url)
    import_customers(engine, [CustomerRow(customer="K1", name="红枫", customer_class=CustomerClass.B)])
    key = key_for(own, "fuzz", places_orders=True)
    port = free_port()
    environment = {
        **os.environ,
        "DINGDAN_VAR": str(folder),
        "DINGDAN_GATEWAY_ADDRESS": f"127.0.0.1:{port}",
        "DINGDAN_REQUESTS_A_MINUTE": "1000000",
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
    }
    door = subprocess.Popen([sys.executable, "-m", "gateway"], env=environment, cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 120  # it starts slowly where every processor is taken
    while time.monotonic() < end:
        try:
            httpx.get(f"{url}/health", trust_env=False).raise_for_status()
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    yield url, key
    door.terminate()
    door.wait()


ROUTES = [
    (path, method)
    for path, methods in json.loads(DESCRIPTION.read_text())["paths"].items()
    for method in methods
]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_nothing_that_is_sent_breaks_the_door(address: tuple[str, str], path: str, method: str) -> None:
    url, key = address
    operation = schemathesis.openapi.from_url(f"{url}/openapi.json")[path][method.upper()]
    checks = [
        schemathesis.checks.not_a_server_error,
        schemathesis.checks.status_code_conformance,
        schemathesis.checks.content_type_conformance,
        schemathesis.checks.response_schema_conformance,
    ]

    @given(case=operation.as_strategy())
    @settings(max_examples=TIMES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=checks)

    ask()


def test_the_description_in_docs_is_the_one_that_is_served(tmp_path: Path) -> None:
    """`python -m tests.gateway.test_fuzz` writes it anew."""
    assert json.loads(DESCRIPTION.read_text()) == create_app(Settings(var=tmp_path)).openapi()


if __name__ == "__main__":
    made = create_app(Settings()).openapi()
    DESCRIPTION.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n")
