"""Alert rules and dashboards against a real Prometheus: every rule fires when it is caused, every panel's expression is answered."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from temporalio.client import Client

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.server.ports import free_port
from runtime.settings import ROOT, Settings
from runtime.watch.readiness import Process
from runtime.watch.unsaved_bursts import UnsavedBursts
from runtime.watch.watch_post import WatchPost, watched
from tests.runtime.watching import looks

FOLDER = ROOT / "operations"
RULES = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
needs_prometheus = pytest.mark.skipif(
    shutil.which("prometheus") is None or shutil.which("promtool") is None,
    reason="Debian's package prometheus is not installed",
)


def panels() -> list[str]:
    """The expressions of every panel of every dashboard."""
    return [
        target["expr"]
        for file in (FOLDER / "dashboards").glob("*.json")
        for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]
        for target in panel["targets"]
    ]


def test_every_alert_is_told_in_both_languages_and_has_its_words_in_the_handbook() -> None:
    handbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for rule in RULES:
        assert set(rule["annotations"]) == {"zh", "en"}
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert f"| `{rule['alert']}` |" in handbook


@needs_prometheus
def test_the_rules_fire_when_they_are_caused_and_only_then() -> None:
    for command in (("check", "config", "prometheus.yml"), ("test", "rules", "alerts-test.yml")):
        done = subprocess.run(
            [str(shutil.which("promtool")), *command], cwd=FOLDER, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    tested = yaml.safe_load((FOLDER / "alerts-test.yml").read_text(encoding="utf-8"))["tests"]
    fired = {
        each["alertname"] for test in tested for each in test["alert_rule_test"] if each.get("exp_alerts")
    }
    assert fired == {rule["alert"] for rule in RULES}


@pytest.fixture
async def prometheus(settings: Settings, tmp_path: Path) -> AsyncIterator[str]:
    """A Prometheus that reads a gateway and a worker whose server and database are away, by our rules without their patience."""
    pytest.importorskip("prometheus_client")
    ports = {"gateway": free_port(), "worker": free_port()}
    scraped = [
        {"job_name": job, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}
        for job, port in {**ports, "press": free_port()}.items()
    ]
    (tmp_path / "prometheus.yml").write_text(
        yaml.safe_dump(
            {
                "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
                "rule_files": ["alerts.yml"],
                "scrape_configs": scraped,
            }
        )
    )
    at_once = [{**rule, "for": "0s"} for rule in RULES]
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump({"groups": [{"name": "dingdan", "rules": at_once}]}))

    async def away() -> Client:
        raise Refusal(Code.SERVER_UNAVAILABLE, Words("不在", "away"))

    def post(process: Process) -> WatchPost:
        own = settings.model_copy(update={"watch_address": f"127.0.0.1:{ports[process.value]}"})
        return WatchPost(process, own, bursts=UnsavedBursts(), client=away)

    listens = f"127.0.0.1:{free_port()}"
    async with watched(post(Process.GATEWAY)), watched(post(Process.WORKER)):
        running = await asyncio.create_subprocess_exec(
            "prometheus", f"--config.file={tmp_path / 'prometheus.yml'}", f"--storage.tsdb.path={tmp_path / 'data'}",
            f"--web.listen-address={listens}", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield f"http://{listens}/api/v1"
        finally:
            running.terminate()
            await running.wait()


async def asked(client: httpx.AsyncClient, path: str, **parameters: str) -> Any:
    try:
        answer = await client.get(path, params=parameters)
    except httpx.HTTPError:
        return None
    return answer.json() if answer.status_code == 200 else None


@needs_prometheus
async def test_a_real_prometheus_tells_of_what_is_away_and_answers_every_panel(prometheus: str) -> None:
    wanted = {("NotReady", "server"), ("NotReady", "database"), ("FiguresUncounted", ""), ("ProcessDown", "")}
    firing: set[tuple[str, str]] = set()
    async with httpx.AsyncClient(base_url=prometheus, trust_env=False) as client:
        async for look in looks(f"{wanted} fire"):
            found = await asked(client, "/alerts") or {"data": {"alerts": []}}
            look.saw = firing = {
                (each["labels"]["alertname"], each["labels"].get("what", ""))
                for each in found["data"]["alerts"]
                if each["state"] == "firing"
            }
            if wanted <= firing:
                break
        assert "WorkflowTaskFailing" not in {name for name, _ in firing}
        for expression in (*panels(), *(rule["expr"] for rule in RULES)):
            answer = await asked(client, "/query", query=expression)
            assert answer is not None, expression
            assert answer["status"] == "success", expression
        ready = await asked(client, "/query", query="dingdan_ready")
        assert {each["metric"]["job"] for each in ready["data"]["result"]} == {"gateway", "worker"}
