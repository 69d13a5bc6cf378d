"""Secrets of our own: made once and readable by their owner alone; one that can be guessed is refused at start."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from gateway.__main__ import serve
from gateway.security.customer_links import customer_of, link_for
from models.values.errors import Code, Refusal
from runtime.link_secret import link_secret
from runtime.settings import SHORTEST_SECRET, Settings, load_settings
from runtime.webhook_keys import keys_of, new_key, require_webhook_keys


def test_a_short_secret_is_refused_with_the_name_of_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINGDAN_LINK_SECRET", "too short a secret")
    with pytest.raises(Refusal) as refused:
        load_settings()
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED, "DINGDAN_LINK_SECRET")
    assert "32" in refused.value.words.zh
    assert "too short" not in refused.value.words.zh + refused.value.words.en
    monkeypatch.setenv("DINGDAN_LINK_SECRET", " " * 40 + "x")
    with pytest.raises(Refusal):
        load_settings()
    monkeypatch.setenv("DINGDAN_LINK_SECRET", "密" * 11)
    assert link_secret(load_settings()) == "密" * 11, "33 bytes"


def test_one_that_is_made_is_long_and_its_owners_alone(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    made = link_secret(settings)
    assert len(made) >= SHORTEST_SECRET
    assert link_secret(settings) == made
    assert (settings.var / "link-secret").stat().st_mode & 0o777 == 0o600
    assert settings.var.stat().st_mode & 0o777 == 0o700


async def test_the_door_does_not_open_with_a_secret_that_can_be_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path))
    (tmp_path / "link-secret").write_text("secret")
    with pytest.raises(Refusal) as refused:
        await serve(until_stdin_closes=False)
    assert (refused.value.code, "link-secret" in refused.value.words.zh) == (Code.NOT_SET_UP, True)
    (tmp_path / "link-secret").unlink()
    keys = Settings(var=tmp_path).webhook_keys
    keys.mkdir()
    (keys / "bank").write_text("whsec_" + base64.b64encode(b"short").decode())
    with pytest.raises(Refusal) as refused:
        await serve(until_stdin_closes=False)
    assert refused.value.where.endswith("bank")
    assert "32" in refused.value.words.en


def test_a_key_of_a_sender_is_long_enough(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    made = new_key(settings, "bank")
    require_webhook_keys(settings)
    assert keys_of(settings, "bank") == [made]
    file = settings.webhook_keys / "bank"
    for size in (0, 1, SHORTEST_SECRET - 1):
        file.write_text("whsec_" + base64.b64encode(b"k" * size).decode())
        with pytest.raises(Refusal):
            require_webhook_keys(settings)
    file.write_text("whsec_" + base64.b64encode(b"k" * SHORTEST_SECRET).decode())
    require_webhook_keys(settings)


def test_a_link_opens_with_the_secret_it_was_signed_with(tmp_path: Path) -> None:
    """The command line and the door have one secret: with another one a link opens nothing."""
    from activities.store.database import upgrade

    desk = Settings(var=tmp_path, link_secret="a" * 40)  # type: ignore[arg-type]
    upgrade(desk.database_url)
    token = link_for(desk, "20270105-0001").rpartition("/")[2]
    assert customer_of(Settings(var=tmp_path, link_secret="a" * 40), token).order == "20270105-0001"  # type: ignore[arg-type]
    with pytest.raises(Refusal):
        customer_of(Settings(var=tmp_path, link_secret="b" * 40), token)  # type: ignore[arg-type]
