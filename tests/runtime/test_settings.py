"""Where an installation finds its server and database, and what it says of a setting that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.values.errors import Code, Refusal
from runtime.connection import split_address, target, ui_namespace_address
from runtime.failures import ForeignAddress, ServerUnavailable
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.ports import free_port, is_port_busy
from runtime.settings import Settings, load_settings
from worker import run as run_worker


def test_the_defaults_are_the_embedded_ones() -> None:
    settings = load_settings()
    assert target(settings) == ("127.0.0.1:7233", "default")
    assert ui_namespace_address(settings) == "http://127.0.0.1:8233/namespaces/default"
    assert settings.database_url.startswith("sqlite:///")
    assert settings.database_url.endswith("/var/dingdan.db")


def test_addresses_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example:7000")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "factory one")
    monkeypatch.setenv("DINGDAN_UI_URL", "https://temporal.example/")
    monkeypatch.setenv("DINGDAN_DATABASE_URL", "postgres://clerk:secret@db/orders")
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path))
    settings = load_settings()
    assert target(settings) == ("temporal.example:7000", "factory one")
    assert ui_namespace_address(settings) == "https://temporal.example/namespaces/factory%20one"
    assert settings.database_url == "postgresql+psycopg://clerk:secret@db/orders"
    assert settings.shown_database() == "postgresql+psycopg://clerk:***@db/orders"
    assert settings.var == tmp_path


def test_the_sdks_profile_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    profile = tmp_path / "temporal.toml"
    profile.write_text('[profile.default]\naddress = "10.0.0.7:7233"\nnamespace = "orders"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(profile))
    assert target(load_settings()) == ("10.0.0.7:7233", "orders")
    profile.write_text("[profile")
    with pytest.raises(Refusal) as refused:
        target(load_settings())
    assert refused.value.where == "TEMPORAL_*"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DINGDAN_DATABASE_URL", "mysql://root:secret@db/orders"),
        ("DINGDAN_LANGUAGE", "fr"),
        ("DINGDAN_CACHED_ORDERS", "many"),
        ("DINGDAN_GATEWAY_PROXIES", "*"),
        ("DINGDAN_GATEWAY_PROXIES", "127.0.0.1,proxy"),
        ("DINGDAN_SECOND_FACTOR", "perhaps"),
        ("DINGDAN_SESSION_HOURS", "0"),
        ("DINGDAN_SESSION_IDLE_MINUTES", "0"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(Refusal) as refused:
        load_settings()
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED, variable)
    assert "secret" not in refused.value.words.en + refused.value.words.zh


@pytest.mark.parametrize("address", ["nonsense", "host:", "host:port", ":7233", "host:99999"])
def test_an_address_has_host_and_port(address: str) -> None:
    with pytest.raises(Refusal):
        split_address(address)


def test_no_server_is_started_for_another_machine() -> None:
    with pytest.raises(ForeignAddress):
        EmbeddedServer.for_settings(Settings(TEMPORAL_ADDRESS="temporal.example:7233"))


def test_the_ui_may_have_a_port_of_its_own(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, TEMPORAL_ADDRESS="127.0.0.1:7300", ui_url="http://127.0.0.1:9300/")
    assert EmbeddedServer.for_settings(settings)._wanted_ports == (7300, 9300)


async def test_a_worker_without_a_server_says_where_it_looked() -> None:
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(ServerUnavailable) as refused:
        await run_worker(Settings(TEMPORAL_ADDRESS=address), embedded=False)
    assert (refused.value.where, refused.value.exit_code) == (address, 8)
    assert "make run" in refused.value.words.zh


def test_a_port_is_busy_while_somebody_listens() -> None:
    import socket

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert is_port_busy(listening.getsockname()[1])
    assert not is_port_busy(free_port())
