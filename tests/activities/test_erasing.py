"""A customer's data erased after the legal time: what goes everywhere, what stays, and that the chains still verify."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, select

from activities.archive.archives import archive_page
from activities.documents.document_store import DocumentStore
from activities.erasing.customer_erasure import CustomerFiles, chain_after_erasure, erase, finish, plan_of
from activities.erasing.customer_rows import scans_of
from activities.orders.requests import start_of
from activities.orders.taken_numbers import kept_under, take_back, without_request
from activities.orders.views.order_views import show_order
from activities.scans.scan_folder import KEPT_IN, put_scan
from activities.store.database import reading, writing
from models.company import erasing
from models.company.erasing import ERASED, erasable_from
from models.reports.archive import ArchivePage
from models.tables.registry import Base, table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from tests.activities.test_invoices import Sheets

NUMBER, OTHER = "20270301-0001", "20270301-0002"
LATE = datetime(2038, 1, 1, tzinfo=UTC)
PLANTED = ("红枫", "王芳")


@pytest.mark.parametrize(
    ("last", "years", "first"),
    [
        (date(2027, 3, 1), 10, date(2037, 3, 2)),
        (date(2027, 12, 31), 10, date(2038, 1, 1)),
        (date(2028, 2, 29), 10, date(2038, 3, 1)),
        (date(2028, 2, 29), 4, date(2032, 3, 1)),
        (date(2027, 2, 28), 1, date(2028, 2, 29)),
    ],
)
def test_the_day_after_the_years_are_full(last: date, years: int, first: date) -> None:
    assert erasable_from(last, years) == first


def test_of_every_table_it_is_decided_what_becomes_of_its_rows() -> None:
    """A new table is put into one of these lists by whoever makes it: is it a customer's, and what may stay?"""
    named = [
        *erasing.GONE_WITH_ITS_CASE, *erasing.GONE_WITH_ITS_ORDER, *erasing.GONE_WITH_THE_CUSTOMER, *erasing.GONE_OTHERWISE,
        *erasing.WITHOUT_NAMES, *erasing.KEPT, *erasing.OF_NOBODY,
    ]  # fmt: skip
    assert len(named) == len(set(named))
    assert set(named) == set(Base.metadata.tables)


def ended_order(engine: Engine) -> str:
    """An order of K-B1 that has ended, with a customer file, a telephone number, an account and a change of the file."""
    order = Sheets(engine, NUMBER)
    customer = str(_one(engine, select(table("orders").c.customer)))
    with writing(engine) as connection:
        connection.execute(
            table("customers")
            .insert()
            .values(customer=customer, name="红枫", contact="王芳", phone="13987654321")
        )
        connection.execute(
            table("customer_phones").insert().values(
                customer=customer, digits="13987654321", backwards="12345678931", contact="王芳", given_at=order.life.now
            )
        )  # fmt: skip
        connection.execute(
            table("company_changes").insert().values(
                at=order.life.now, person="chen", way="page", kind="customer", subject=customer, is_new=True,
                fields=[{"field": "name", "after": "红枫"}],
            )
        )  # fmt: skip
        connection.execute(table("orders").update().values(open_balance=Decimal(0)))
    return customer


def files_in(folder: Path) -> CustomerFiles:
    """Documents and scans of an installation that lives in this folder."""
    return CustomerFiles(DocumentStore(folder / "documents"), folder / "scans")


def _one(engine: Engine, query: object) -> object:
    with reading(engine) as connection:
        return connection.scalar(query)  # type: ignore[call-overload]


def everything(engine: Engine) -> str:
    """All texts of all tables."""
    with reading(engine) as connection:
        names = inspect(connection).get_table_names()
        texts: list[str] = []
        for name in names:
            if name in Base.metadata.tables:
                found = connection.execute(select(table(name))).mappings()
                texts.extend(f"{name}: {dict(row)!r}" for row in found)
    return "\n".join(texts)


@pytest.mark.postgresql
def test_names_go_everywhere_and_the_chain_verifies(engine: Engine, tmp_path: Path) -> None:
    customer, store = ended_order(engine), files_in(tmp_path)
    archive_page(engine, store.documents, ArchivePage(day=date(2027, 6, 1)), 30)
    before = show_order(engine, NUMBER)
    assert all(each in everything(engine) for each in PLANTED)
    assert list((tmp_path / "documents").rglob("*.zip"))
    plan = plan_of(engine, customer, 10)
    assert (plan.orders, plan.done) == (1, False)
    assert plan.rows["journal"] == len(before.journal)
    assert plan.rows["archives"] == 1
    assert plan.files >= 1
    assert before.journal == show_order(engine, NUMBER).journal, "a plan changes nothing"

    assert erase(engine, store, customer, 10, "admin", LATE).done
    left = everything(engine)
    for planted in (*PLANTED, "13987654321"):
        assert planted not in left, [line for line in left.splitlines() if planted in line][:3]
    assert not [file for file in (tmp_path / "documents").rglob("*") if file.is_file()]
    assert chain_after_erasure(engine, NUMBER) is True
    after = show_order(engine, NUMBER)
    assert (after.order.number, after.order.customer_name) == (NUMBER, ERASED)
    assert _one(engine, select(table("orders").c.bill)) == before.order.bill
    with reading(engine) as connection:
        lines = connection.execute(select(table("order_lines"))).mappings().all()
        (noted,) = connection.execute(select(table("erasures"))).mappings().all()
    assert lines
    assert (noted["customer"], noted["by"], noted["files"]) == (customer, "admin", [])
    with pytest.raises(Refusal) as refusal:
        start_of(engine, NUMBER)
    assert (refusal.value.code, "已经清除" in refusal.value.words.zh) == (Code.UNKNOWN_ORDER, True)
    assert erase(engine, store, customer, 10, "admin", LATE).rows == {}, "once more takes nothing more"


def test_what_was_erased_is_not_taken_back_from_the_server(engine: Engine, tmp_path: Path) -> None:
    """The server keeps closed orders for a while: neither an audit nor whoever brings orders back finds it lost."""
    customer = ended_order(engine)
    kept = kept_under(engine, NUMBER)
    assert kept is not None
    erase(engine, files_in(tmp_path), customer, 10, "admin", LATE)
    assert without_request(engine, [NUMBER, "20270101-9999"]) == ["20270101-9999"]
    assert not take_back(engine, kept, LATE)
    assert kept_under(engine, NUMBER) is None
    left = everything(engine)
    assert all(planted not in left for planted in PLANTED)


def test_a_link_that_is_changed_or_missing_is_seen(engine: Engine, tmp_path: Path) -> None:
    customer, left = ended_order(engine), table("erased_journal")
    assert chain_after_erasure(engine, NUMBER) is None
    erase(engine, files_in(tmp_path), customer, 10, "admin", LATE)
    with writing(engine) as connection:
        connection.execute(left.update().where(left.c.sequence == 2).values(previous="0" * 64))
    assert chain_after_erasure(engine, NUMBER) is False
    with writing(engine) as connection:
        connection.execute(left.delete().where(left.c.sequence == 2))
    assert chain_after_erasure(engine, NUMBER) is False


def refused(engine: Engine, store: CustomerFiles, customer: str, now: datetime = LATE) -> Refusal:
    before = everything(engine)
    with pytest.raises(Refusal) as refusal:
        erase(engine, store, customer, 10, "admin", now)
    assert everything(engine) == before, "nothing half done"
    return refusal.value


def test_it_is_refused_inside_the_time_with_the_day(engine: Engine, tmp_path: Path) -> None:
    customer, store = ended_order(engine), files_in(tmp_path)
    first = plan_of(engine, customer, 10).erasable_from
    assert first is not None
    last_moment = datetime.combine(first, datetime.min.time(), UTC) - timedelta(hours=8, seconds=1)
    refusal = refused(engine, store, customer, last_moment)
    assert refusal.code is Code.TOO_LATE
    assert first.isoformat() in refusal.words.zh
    assert erase(engine, store, customer, 10, "admin", last_moment + timedelta(seconds=1)).done


def test_it_is_refused_while_something_is_open_unsettled_or_broken(engine: Engine, tmp_path: Path) -> None:
    customer, store = ended_order(engine), files_in(tmp_path)
    orders, journal = table("orders"), table("journal")
    assert refused(engine, store, "K-NOBODY").code is Code.UNKNOWN_CUSTOMER
    for changes, back in (
        ({"ending": None}, {"ending": "settled"}),
        ({"open_balance": Decimal(500)}, {"open_balance": Decimal(0)}),
    ):
        with writing(engine) as connection:
            connection.execute(orders.update().values(changes))
        refusal = refused(engine, store, customer)
        assert refusal.code is Code.CONTRADICTION
        assert NUMBER in refusal.words.en
        with writing(engine) as connection:
            connection.execute(orders.update().values(back))
    with writing(engine) as connection:
        connection.execute(journal.update().where(journal.c.sequence == 2).values(subject="another"))
    assert "audit" in refused(engine, store, customer).words.en


def test_a_store_that_fails_is_told_and_the_next_one_goes_on(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, store = ended_order(engine), files_in(tmp_path)
    archive_page(engine, store.documents, ArchivePage(day=date(2027, 6, 1)), 30)

    def away(name: str) -> None:
        raise Refusal(Code.NOT_SET_UP, erasing_words, where=name)

    erasing_words = Words("away", "away")
    with monkeypatch.context() as patched:
        patched.setattr(store.documents, "remove", away)
        with pytest.raises(Refusal):
            erase(engine, store, customer, 10, "admin", LATE)
    assert list((tmp_path / "documents").rglob("*.zip"))
    assert finish(engine, store) >= 1
    assert not list((tmp_path / "documents").rglob("*.zip"))
    assert finish(engine, store) == 0


def named(engine: Engine, number: str, document: str) -> None:
    """The journal of an order says that its sheet came back as this page of a scan."""
    journal = table("journal")
    with writing(engine) as connection:
        rows = select(journal).where(journal.c.order_number == number).order_by(journal.c.sequence.desc())
        last = dict(connection.execute(rows).mappings().first() or {})
        last |= {
            "epoch": 9,
            "sequence": last["sequence"] + 1,
            "hash": document,
            "data": {"content": {"document": document}},
        }
        connection.execute(journal.insert().values(last))


@pytest.mark.postgresql
def test_scans_go_with_the_last_order_that_they_are_of(engine: Engine, tmp_path: Path) -> None:
    """A fax of a morning may hold the sheets of two customers; what nobody of these orders named stays."""
    customer, files = ended_order(engine), files_in(tmp_path)
    own, shared, of_nobody = "0123456789abcdef", "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"
    for folder in KEPT_IN:
        for digest in (own, shared, of_nobody):
            put_scan(files.scans / folder, f"{digest}.png", b"scan")
    Sheets(engine, OTHER)
    with writing(engine) as connection:
        orders = table("orders")
        connection.execute(orders.update().where(orders.c.number == OTHER).values(customer="K-2"))
    for number, document in ((NUMBER, f"{own}/1"), (NUMBER, f"{shared}/1"), (OTHER, f"{shared}/2")):
        named(engine, number, document)
    assert plan_of(engine, customer, 10).files == 1
    assert scans_left(files) == {own, shared, of_nobody}
    with reading(engine) as connection:
        assert scans_of(connection, customer) == [own]
    files.remove(f"scan {own}")
    files.remove(f"scan {own}")
    assert scans_left(files) == {shared, of_nobody}


def scans_left(files: CustomerFiles) -> set[str]:
    """What still lies in the folders of scans."""
    return {file.stem for folder in KEPT_IN for file in (files.scans / folder).iterdir()}
