"""Keys of payloads: how they are read, that the newest encrypts and all open, and what is said where one is missing."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest
from pydantic import SecretStr
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.common import RawValue
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError

from models.values.errors import Code, Refusal
from runtime.delivery.told_in_history import _json_in
from runtime.encryption.data_converter import PLAIN, data_converter_of, payload_keys_of
from runtime.encryption.payload_codec import UnknownPayloadKey
from runtime.encryption.payload_keys import read_payload_keys
from runtime.settings import Settings
from workflows.engine.fact_signals import read_message
from workflows.engine.message_bytes import ClosedMessage

OLD = "2026:" + base64.b64encode(b"a" * 32).decode()
NEW = "2027:" + base64.b64encode(b"b" * 32).decode()
SECRET = "张三 13912345678 ¥8,888.00"


def converter(keys: str) -> DataConverter:
    """Of an installation with these keys."""
    return data_converter_of(Settings(payload_keys=SecretStr(keys)))


async def sealed(keys: str, value: object = SECRET) -> Payload:
    """A value as it goes to the server."""
    return (await converter(keys).encode([value]))[0]


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ("2027", "#1"),
        (f"{OLD},{OLD}", "2026"),
        ("2027:" + base64.b64encode(b"short").decode(), "5 bytes"),
        ("2027:not base64!", "2027"),
        (f"{OLD} a b:{'x' * 44}", "#2"),
    ],
)
def test_a_key_that_cannot_be_used_is_named_and_never_shown(keys: str, what: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_payload_keys(keys)
    assert refused.value.code is Code.MALFORMED
    assert what in refused.value.words.en
    for secret in (part.partition(":")[2] for part in keys.split(",")):
        assert not secret or secret not in str(refused.value)
    assert "YWFh" not in repr(read_payload_keys(OLD))


def test_keys_come_from_a_file_as_well(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# of 2027\n{NEW}\n{OLD}\n")
    assert [key.id for key in payload_keys_of(Settings(payload_keys_file=file))] == ["2027", "2026"]
    file.write_text("# none\n")
    for unread in (file, tmp_path / "missing"):
        with pytest.raises(Refusal) as refused:
            payload_keys_of(Settings(payload_keys_file=unread))
        assert refused.value.code is Code.MALFORMED_FILE


async def test_without_keys_nothing_is_encrypted() -> None:
    assert payload_keys_of(Settings()) == ()
    (plain,) = await data_converter_of(Settings()).encode([SECRET])
    assert plain.metadata["encoding"] == b"json/plain"


async def test_what_is_encrypted_shows_nothing_but_the_id_of_its_key() -> None:
    one, other = await sealed(NEW), await sealed(NEW)
    assert dict(one.metadata) == {"encoding": b"binary/encrypted", "encryption-key-id": b"2027"}
    assert SECRET.encode() not in one.SerializeToString()
    assert one.data != other.data
    assert await converter(NEW).decode([one]) == [SECRET]


async def test_keys_are_changed_in_three_steps_and_nothing_becomes_unreadable() -> None:
    """The new one is put behind, then in front, then the old one goes once nothing has it."""
    before, behind, in_front = (converter(keys) for keys in (OLD, f"{OLD},{NEW}", f"{NEW},{OLD}"))
    by_old, by_new = await sealed(f"{OLD},{NEW}"), await sealed(f"{NEW},{OLD}")
    assert by_old.metadata["encryption-key-id"] == b"2026"
    assert by_new.metadata["encryption-key-id"] == b"2027"
    assert await before.decode([by_old]) == [SECRET]
    for each in (behind, in_front):
        assert await each.decode([by_old, by_new]) == [SECRET, SECRET]


async def test_what_was_not_encrypted_passes() -> None:
    (plain,) = await PLAIN.encode([SECRET])
    assert await converter(NEW).decode([plain]) == [SECRET]


@pytest.mark.parametrize("keys", [NEW, ""])
async def test_a_key_that_is_missing_is_named_with_what_to_do(keys: str) -> None:
    closed = await sealed(OLD)
    with pytest.raises(UnknownPayloadKey) as refused:
        await converter(keys).decode([closed])
    assert refused.value.code is Code.NOT_SET_UP
    assert refused.value.exit_code == 10
    assert "2026" in refused.value.words.zh
    assert "2026" in refused.value.words.en


@pytest.mark.parametrize("place", [0, 12, -1])
async def test_what_was_changed_on_the_way_is_no_message_and_stops_nothing(place: int) -> None:
    """Another byte, another key id: it is left as what nobody can read, and a fact is refused by that."""
    closed = await sealed(f"{NEW},{OLD}")
    data = bytearray(closed.data)
    data[place] ^= 1
    codec = converter(f"{NEW},{OLD}").payload_codec
    assert codec is not None
    moved = Payload(metadata={**closed.metadata, "encryption-key-id": b"2026"}, data=closed.data)
    for each in (Payload(metadata=closed.metadata, data=bytes(data)), moved):
        (opened,) = await codec.decode([each])
        assert opened.metadata["encoding"] == b"binary/encrypted-unopened"


async def test_the_words_of_a_failure_are_encrypted_too() -> None:
    failure = Failure()
    of = converter(NEW)
    await of.encode_failure(ApplicationError(SECRET, {"phone": SECRET}, type="contradiction"), failure)
    assert SECRET.encode() not in failure.SerializeToString()
    assert "contradiction" in str(failure)
    assert SECRET in str(await of.decode_failure(failure))


async def test_what_was_told_is_found_in_an_encrypted_history() -> None:
    from temporalio.api.common.v1 import Payloads

    told = Payloads(payloads=[await sealed(NEW, {"kind": "contact_logged"})])
    assert await _json_in(told, converter(NEW).payload_codec) == {"kind": "contact_logged"}
    for keys in (OLD, ""):
        with pytest.raises(UnknownPayloadKey):
            await _json_in(told, converter(keys).payload_codec)


async def test_a_worker_without_keys_fails_the_task_and_refuses_no_message() -> None:
    """Refused, the fact would be lost; damaged, it is refused and stops nothing."""
    closed = await sealed(NEW, {"kind": "contact_logged"})
    with pytest.raises(ClosedMessage):
        read_message(RawValue(closed))
    codec = converter(NEW).payload_codec
    assert codec is not None
    (damaged,) = await codec.decode([Payload(metadata=closed.metadata, data=closed.data[:-1])])
    assert "binary/encrypted-unopened" in str(read_message(RawValue(damaged)))


def test_many_at_once_are_encrypted_quickly_enough_for_a_burst() -> None:
    """A hundred payloads of 10 kB, sealed and opened, stay far below the two seconds of an activation."""
    of, values = converter(NEW), ["x" * 10_000] * 100

    async def both() -> list[object]:
        return list(await of.decode(await of.encode(values)))

    assert asyncio.run(both()) == values
