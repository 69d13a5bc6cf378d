"""The production shape as far as it can be read without Docker: whole, closed to the outside, without secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from runtime.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SECRET = "secret" * 6
OURS = ("set-up", "worker", "press", "gateway", "desk")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services, anchors and merges resolved."""
    found: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
    return found


def environment_of(service: dict[str, Any]) -> dict[str, str]:
    """Its environment."""
    return dict(service.get("environment", {}))


def test_every_service_has_an_image_of_one_version_and_waits_for_services_there_are(
    services: dict[str, Any],
) -> None:
    for name, service in services.items():
        assert re.search(r":\S+$", service["image"]), name
        assert "latest" not in service["image"] or name in OURS
        for other, how in service.get("depends_on", {}).items():
            condition = how["condition"]
            assert other in services
            assert condition in {"service_healthy", "service_completed_successfully"}
            assert condition != "service_healthy" or "healthcheck" in services[other]


def test_only_the_gateway_has_a_port_and_only_on_this_machine(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    started = {name for name in published if not services[name].get("profiles")}
    assert started == {"gateway"}


def test_every_variable_is_explained_and_no_password_is_given() -> None:
    example = dict(
        line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line
    )
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE))
    assert used == set(example)
    assert all(not value for name, value in example.items() if "PASSWORD" in name)
    for name in used:
        assert "PASSWORD" not in name or f"${{{name}:?" in COMPOSE


def test_our_services_are_set_by_settings_there_are_and_run_programs_there_are(
    services: dict[str, Any],
) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {
        "TEMPORAL_ADDRESS",
        "TEMPORAL_NAMESPACE",
    }
    for name in OURS:
        service = services[name]
        assert set(environment_of(service)) <= known
        program = next(
            word
            for word in [*service.get("entrypoint", []), *service["command"]]
            if word.endswith(".py") or word == "gateway"
        )
        assert (ROOT / program).exists()


def test_the_settings_take_what_compose_gives(
    services: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment_of(services["worker"]).items():
        filled = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:\?[^}]*\}", SECRET, filled))
    settings = Settings()
    assert settings.database_url == f"postgresql+psycopg://dingdan:{SECRET}@orders-database/dingdan"
    assert (settings.temporal_address, settings.namespace) == ("temporal:7233", "dingdan")


def test_the_command_line_and_the_press_have_the_doors_secret_and_address(services: dict[str, Any]) -> None:
    """Links that are signed with another secret never open; a code that is made of another one is never right."""
    for name in ("DINGDAN_LINK_SECRET", "DINGDAN_GATEWAY_URL"):
        given = {each: environment_of(services[each]).get(name) for each in OURS}
        assert set(given.values()) == {f"${{{name}:?see .env.example}}"}, given


def test_the_image_holds_every_room_that_runs_and_nothing_else() -> None:
    copied = set(re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    names = {name for line in copied for name in line.split()}
    assert all((ROOT / name).exists() for name in names)
    allowed = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line[:1] == "!"
    }
    assert names == allowed
    not_run = {"tests", "books"}
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - not_run
    assert rooms <= names
