"""R31: tries and quotas are counted in one statement: of many at once not one too many gets through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from activities.access.customer_links import (
    Quota,
    first_opening,
    links_of,
    make_link,
    note_use,
    open_steps_of,
    revoke_link,
    take_upload,
)  # fmt: skip
from activities.access.sent_codes import CodesToSend
from activities.access.signing_codes import SIGNING_CODES, Asked, make_code, try_code
from activities.notices.addresses import AddressBook
from activities.store.database import engine_at, reading, upgrade, writing
from activities.store.imports import CustomerRow, import_customers
from models.customer_links import CustomerLink, LinkUse
from models.messages.link_signature import CodeChannel
from models.reports.notice_routes import Address
from models.tables.registry import table
from models.values.errors import Code, Refusal

SECRET = "s" * 32
NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
QUOTA = Quota(uploads=3, bytes=100, codes=4, signatures=2, open_steps=2)
ORDER = "20270301-0001"


@pytest.fixture
def engine(database_url: str) -> Engine:
    upgrade(database_url)
    made = engine_at(database_url)
    contacts = ("王芳=wang@example.com", "王芳=13800001111", "李四 = 138 0000 2222")
    import_customers(made, [CustomerRow(customer="K1", name="红枫", signer_contacts=contacts)])
    return made


@pytest.fixture
def link(engine: Engine) -> CustomerLink:
    return make_link(engine, "ab" * 32, ORDER, NOW, days=30, by="chen")


def made(engine: Engine, link: CustomerLink, name: str, now: datetime = NOW) -> str:
    """A code for a signer; what it is."""
    asked = Asked(link, name, "d" * 64)
    assert make_code(engine, SECRET, asked, ("王芳", "李四"), "K1", 10, now) is None
    codes = table("signing_codes")
    with reading(engine) as connection:
        newest = connection.scalars(select(codes.c.code_id).order_by(codes.c.made_at.desc())).first()
    return SIGNING_CODES.code(SECRET, str(newest))


def test_of_many_guesses_at_once_five_are_looked_at(engine: Engine, link: CustomerLink) -> None:
    right = made(engine, link, "王芳")
    asked = Asked(link, "王芳", "d" * 64)
    guesses = [f"{n:06d}" for n in range(24) if f"{n:06d}" != right]
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda guess: try_code(engine, SECRET, asked, guess, NOW), guesses))
    codes = table("signing_codes")
    with reading(engine) as connection:
        assert connection.scalars(select(codes.c.tries)).all() == [5]
    assert try_code(engine, SECRET, asked, right, NOW) is None


def test_the_right_code_at_once_from_two_sides_is_used_once(engine: Engine, link: CustomerLink) -> None:
    right = made(engine, link, "王芳")
    asked = Asked(link, "王芳", "d" * 64)
    with ThreadPoolExecutor(4) as many:
        found = list(many.map(lambda _: try_code(engine, SECRET, asked, right, NOW), range(4)))
    assert sum(each is not None for each in found) == 1


def test_a_code_goes_to_the_signers_own_mailbox_or_phone(engine: Engine, link: CustomerLink) -> None:
    for name, channel, sent_to in (
        ("王芳", CodeChannel.EMAIL, "wa…@example.com"), ("李四", CodeChannel.PHONE, "13…22"),
    ):  # fmt: skip
        now = NOW if name == "王芳" else NOW + timedelta(minutes=1)
        right = made(engine, link, name, now)
        proof = try_code(engine, SECRET, Asked(link, name, "d" * 64), right, now)
        assert proof is not None
        assert (proof.channel, proof.sent_to) == (channel, sent_to)
    with reading(engine) as connection:
        book = AddressBook(connection, ORDER, {"customer": {"customer": "K1"}})
        assert book.of("signer:王芳") == Address(name="王芳", email="wang@example.com", phone="13800001111")
        assert book.of("signer:nobody") == Address(name="nobody")


def test_whoever_sends_with_another_secret_sends_no_wrong_code(engine: Engine, link: CustomerLink) -> None:
    right = made(engine, link, "王芳")
    outbox = table("outbox")
    with reading(engine) as connection:
        identity = str(connection.scalar(select(outbox.c.identity)))
    assert CodesToSend(SIGNING_CODES, engine, SECRET).code(identity) == right
    with pytest.raises(Refusal) as refused:
        CodesToSend(SIGNING_CODES, engine, "t" * 32).code(identity)
    assert (refused.value.code, refused.value.where) == (Code.NOT_SET_UP, "DINGDAN_LINK_SECRET")


def test_of_many_uploads_at_once_so_many_are_taken(engine: Engine, link: CustomerLink) -> None:
    with ThreadPoolExecutor(8) as many:
        taken = list(many.map(lambda _: take_upload(engine, link, 10, QUOTA, NOW), range(12)))
    assert taken.count(True) == 3
    assert not take_upload(engine, link, 101, QUOTA, NOW + timedelta(days=1))
    assert take_upload(engine, link, 100, QUOTA, NOW + timedelta(days=1))


def test_what_is_noted_of_a_link_stays_small(engine: Engine, link: CustomerLink) -> None:
    """A row a day, act and address; from many addresses they are counted together."""
    for n in range(150):
        note_use(engine, link, LinkUse.LOOKED, NOW + timedelta(seconds=n), f"10.0.0.{n}")
    for n in range(3):
        note_use(engine, link, LinkUse.OPENED, NOW + timedelta(minutes=n), "10.0.0.1", "d" * 64)
    (view,) = links_of(engine, ORDER)
    assert len(view.uses) == 102
    assert sum(use.times for use in view.uses) == 153
    opened = first_opening(engine, link, "d" * 64)
    assert opened is not None
    assert (opened.first_at, opened.times) == (NOW, 3)
    assert first_opening(engine, link, "e" * 64) is None


def test_a_link_is_revoked_by_its_name_within_its_order(engine: Engine, link: CustomerLink) -> None:
    for order, name in (("20270301-0002", link.name), (ORDER, "ab"), (ORDER, "_" * 16), (ORDER, "")):
        with pytest.raises(Refusal):
            revoke_link(engine, order, name, NOW, "chen")
    revoke_link(engine, ORDER, link.name, NOW, "chen")
    with pytest.raises(Refusal):
        revoke_link(engine, ORDER, link.name, NOW, "chen")


def test_only_what_came_by_this_link_counts_as_its_open_steps(engine: Engine, link: CustomerLink) -> None:
    steps = table("open_steps")
    note_use(engine, link, LinkUse.UPLOADED, NOW, "x", "1234567890abcdef")
    common = {
        "kind": "verify_signature", "roles": [], "people": [], "rule": "R31", "since": NOW, "due": NOW,
        "blocking": False, "zh": "", "en": "", "command": "",
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(table("orders").insert().values(number=ORDER))
        for key in (
            f"link/{link.name}/1",
            "link/0000000000000000/1",
            "1234567890abcdef/1",
            "fedcba0987654321/1",
        ):
            connection.execute(
                steps.insert().values(order_number=ORDER, key=f"verify_signature:{key}", **common)
            )
    assert open_steps_of(engine, link) == 2


@pytest.mark.parametrize("wrong", ["王芳", "王芳=", "=13800001111", "王芳=call me", "王芳=wang@", "王芳=123"])
def test_a_contact_is_a_name_with_a_mailbox_or_a_phone(wrong: str) -> None:
    with pytest.raises(ValueError, match="signer's contact"):
        CustomerRow(customer="K1", name="红枫", signer_contacts=(wrong,))
