"""What other shops hear: entered with the order, sent in order, tried again, paused, rotated, sent again, never lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from standardwebhooks import Webhook, WebhookVerificationError

from activities.access.api_keys import create_key, list_keys, revoke_key
from activities.facts.desk_steps import open_desk_steps
from activities.notices.channels import Unclear
from activities.notices.web_calls import LARGEST_ANSWER, answered, post_outside
from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, reading
from activities.webhooks import endpoints, order_events
from activities.webhooks.deliverer import Deliverer
from activities.webhooks.deliveries import LEASE, PATIENT_FAILURES, sendings_of
from activities.webhooks.secrets import signing_secret
from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.dossier.records.recording import Burst, Row
from models.policy import WebhookPolicy
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from models.webhooks.endpoints import EndpointState, PauseCause, SendingState
from tests.activities.hearing_shop import DROPS, HearingShop

OWN = "an installation's own secret of enough bytes"
A, B = "20270105-0001", "20270105-0002"
PLACED = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2027, 1, 5, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


class House:
    """An installation with a service that has a key, a shop that hears, and orders that move."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.clock, self.shop = engine, Clock(), HearingShop()
        self.recorder = Recorder(engine)
        self.heads: dict[str, tuple[int, str]] = {}
        self.key()

    def key(self, name: str = "shop", customers: tuple[str, ...] = ("*",)) -> str:
        until = self.clock.now + timedelta(days=300)
        made = create_key(
            self.engine, name, (Role.CUSTOMER,), self.clock.now, until, facts=(), customers=customers
        )
        return made.key_id

    def listens(self, *events: str, name: str = "shop", **more: Any) -> endpoints.Shown:
        return endpoints.register_endpoint(
            self.engine, OWN, name, self.shop.url, events or ("*",), self.clock.now, by="key:shop", inner=True, **more
        )  # fmt: skip

    def deliverer(self, own: str = OWN, policy: WebhookPolicy | None = None, **more: Any) -> Deliverer:
        return Deliverer(
            self.engine, own, lambda: policy or WebhookPolicy(), self.clock, inner=True, patience=0.5, **more
        )

    def sends(self) -> int:
        return self.deliverer().send_due()

    def moves(self, order: str, kind: EntryKind, subject: str, customer: str = "c-1", **data: Any) -> Burst:
        sequence, head = self.heads.get(order, (0, FIRST_LINK))
        entry = JournalEntry.linked(
            sequence + 1, head, kind, subject, PLACED, PLACED, "s-1", Role.SYSTEM, "R10", data
        )
        values = {
            "request_id": f"shop/{order}", "customer": customer, "headline": "in_review", "request_version": 1,
            "placed_at": PLACED.isoformat(),
        }  # fmt: skip
        row = Row(table="orders", key={"number": order}, values=values)
        burst = Burst(
            order=order, epoch=0, after_sequence=sequence, after_hash=head, entries=[entry], rows=[row], intentions=[]
        )  # fmt: skip
        self.recorder.record(burst)
        self.heads[order] = (entry.sequence, entry.hash)
        return burst

    def lives(self, order: str, customer: str = "c-1") -> None:
        """Placed, confirmed, in production, completed: four events."""
        self.moves(order, EntryKind.PLACED, "order", customer)
        self.moves(order, EntryKind.PHASE, "production", customer)
        self.moves(order, EntryKind.COMPLETED, "order", customer, how="signed")

    def states(self) -> list[str]:
        deliveries = table("webhook_deliveries")
        with reading(self.engine) as connection:
            return list(connection.scalars(select(deliveries.c.state).order_by(deliveries.c.event)))

    def view(self) -> endpoints.EndpointView:
        return endpoints.list_endpoints(self.engine)[0]


LIFE = ["order.placed", "order.confirmed", "order.in_production", "order.completed"]


@pytest.fixture
def house(engine: Engine) -> Iterator[House]:
    made = House(engine)
    yield made
    made.shop.close()


def test_nothing_is_entered_where_nobody_listens_and_nothing_more_is_asked(house: House) -> None:
    asked: list[str] = []
    event.listen(house.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    house.lives(A)
    with reading(house.engine) as connection:
        assert connection.execute(select(table("webhook_events"))).all() == []
    own = [each for each in asked if "webhook" in each and not each.startswith("UPDATE orders")]
    assert (
        len(own) == 2
    )  # the look above, and of an order's first burst; for all others the order's own update answers
    asked.clear()
    house.moves(A, EntryKind.WAITING, "sheet")
    assert [each for each in asked if "webhook" in each and not each.startswith("UPDATE orders")] == []


def test_each_order_is_told_in_its_order_signed_and_once(house: House) -> None:
    made = house.listens()
    house.lives(A)
    burst = house.moves(B, EntryKind.PLACED, "order")
    house.recorder.record(burst)  # the same burst again tells nothing again
    assert house.sends() == 5
    assert house.shop.types(A) == LIFE
    assert house.shop.types(B) == ["order.placed"]
    headers, body = house.shop.heard[0]
    said = _verified(headers, made.secret, body)
    assert (said["version"], said["cursor"], said["data"]["request_id"]) == (1, 1, f"shop/{A}")
    assert headers["webhook-id"] == said["id"]
    assert house.sends() == 0


def _verified(headers: dict[str, str], secret: str, body: bytes) -> Any:
    """What was signed with this secret. The house's clock is another than this machine's: it is signed again for now."""
    signed_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    right = Webhook(secret).sign(headers["webhook-id"], signed_at, body.decode())
    assert right in headers["webhook-signature"].split()
    now = datetime.now(UTC)
    today = {
        **headers,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(headers["webhook-id"], now, body.decode()),
    }
    return Webhook(secret).verify(body.decode(), today)


def test_people_see_each_event_once_with_what_became_of_it(house: House) -> None:
    """The newest first: which event of which order, and whether it was sent."""
    shown = house.listens()
    house.lives(A)
    house.moves(B, EntryKind.PLACED, "order")
    house.sends()
    seen = sendings_of(house.engine, shown.endpoint)
    assert [(each["order_number"], each["event"], each["state"]) for each in seen] == [
        (B, "order.placed", "sent"),
        *((A, name, "sent") for name in reversed(LIFE)),
    ]


def test_a_failure_holds_up_its_order_and_no_other(house: House) -> None:
    house.listens()
    house.lives(A)
    house.lives(B)
    house.shop.by_order = {A: 500}
    house.sends()
    assert house.shop.types(B) == LIFE
    assert house.shop.types(A) == ["order.placed"]
    house.clock.passes(seconds=6)
    house.sends()
    assert house.shop.types(A) == ["order.placed"] * 2  # the same event again, nothing behind it
    house.shop.by_order = {}
    house.clock.passes(seconds=31)
    house.sends()
    assert house.shop.types(A)[2:] == LIFE
    assert set(house.states()) == {SendingState.SENT.value}
    assert len({each["id"] for each in house.shop.events(A)}) == 4


@pytest.mark.parametrize("status", [500, 503, 404, 302, 429, DROPS])
def test_whatever_is_no_success_is_tried_again(house: House, status: int) -> None:
    house.listens()
    house.moves(A, EntryKind.PLACED, "order")
    house.shop.answers = [status]
    house.shop.redirect_to = "http://127.0.0.1:1/elsewhere" if status == 302 else ""
    assert house.sends() == 0
    assert house.view().failing_since == house.clock.now
    house.clock.passes(seconds=6)
    assert house.sends() == 1
    assert len(house.shop.heard) == 2
    view = house.view()
    assert (view.failing_since, view.problem, view.sent_at) == (None, "", house.clock.now)


def test_a_shop_that_is_slow_is_not_waited_for(house: House) -> None:
    house.listens()
    house.moves(A, EntryKind.PLACED, "order")
    answers = threading.Event()
    house.shop.before_answering = lambda: answers.wait(5)
    assert house.sends() == 0
    answers.set()
    house.clock.passes(seconds=6)
    assert house.sends() == 1


def test_an_answer_is_read_no_further_than_a_bound(house: House) -> None:
    house.shop.answer_body = b"x" * (LARGEST_ANSWER * 3)
    house.shop.answers = [200]
    said = b'{"data":{"order":""},"type":""}'
    assert len(answered(house.shop.url, patience=5, content=said).content) == LARGEST_ANSWER


def test_an_answer_that_drips_for_ever_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not over.wait(0.05):
                    connection.sendall(b"X: y\r\n")

        over = threading.Event()
        threading.Thread(target=drip, daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(Unclear):
            post_outside(address, b"{}", {}, patience=0.3, allow=lambda _address, _host: None)
        over.set()


def test_an_endpoint_that_is_down_is_left_alone_and_not_tried_with_every_order(house: House) -> None:
    house.listens()
    for number in range(1, 9):
        house.moves(f"20270105-{number:04d}", EntryKind.PLACED, "order")
    house.shop.answers = [500] * 100
    house.sends()
    assert len(house.shop.heard) == PATIENT_FAILURES
    assert house.view().next_at is not None


def test_an_endpoint_that_fails_for_days_is_paused_and_the_desk_told(house: House) -> None:
    made = house.listens()
    house.lives(A)
    house.shop.answers = [500] * 1000
    for _ in range(80):
        house.sends()
        house.clock.passes(hours=1)
    assert house.view().state is EndpointState.PAUSED
    heard = len(house.shop.heard)
    house.sends()
    assert len(house.shop.heard) == heard
    (step,) = open_desk_steps(house.engine, Role.ADMINISTRATOR)
    assert step.kind is DeskStepKind.ENDPOINT_PAUSED
    assert step.command.startswith(f"starter.py webhooks out resume {made.endpoint}")
    house.shop.answers = []
    house.moves(A, EntryKind.ENDED, "settled")
    endpoints.resume_endpoint(house.engine, made.endpoint, house.clock.now, by="admin")
    house.sends()
    assert house.shop.types()[heard:] == [*LIFE, "order.ended"]  # nothing was lost by the pause
    assert open_desk_steps(house.engine, Role.ADMINISTRATOR) == []


def test_an_endpoint_that_is_resumed_is_sent_at_once_what_waits_and_tried_as_if_anew(house: House) -> None:
    """R85: nobody waits for the long pauses of a shop that was mended, nor is it left alone for what failed before."""
    made = house.listens()
    house.lives(A)
    house.shop.answers = [500] * 1000
    for _ in range(7):
        house.sends()
        house.clock.passes(hours=1)
    heard = len(house.shop.heard)
    house.sends()
    assert len(house.shop.heard) == heard == 7, "after the seventh try two hours pass"
    endpoints.pause_endpoint(house.engine, made.endpoint)
    endpoints.resume_endpoint(house.engine, made.endpoint, house.clock.now, by="admin")
    house.sends()
    assert len(house.shop.heard) == heard + 1, "tried at once, and refused"
    house.shop.answers = []
    house.clock.passes(seconds=6)
    assert house.sends() == len(LIFE), "the first pause counts again"
    assert house.shop.types()[heard + 1 :] == LIFE


def test_one_event_that_is_refused_for_days_is_given_up_and_the_next_go_on(house: House) -> None:
    house.listens()
    house.lives(A)
    house.shop.by_event = {"order.placed": 400}
    for day in range(7):
        house.moves(f"20270106-{day:04d}", EntryKind.COMPLETED, "order", how="signed")
        house.sends()
        house.clock.passes(hours=24)
    assert house.shop.types(A)[-3:] == LIFE[1:]
    assert house.view().given_up == 1
    assert [each.kind for each in open_desk_steps(house.engine)] == [DeskStepKind.EVENT_GIVEN_UP]


def test_a_shop_that_is_gone_is_paused_at_once(house: House) -> None:
    house.listens()
    house.moves(A, EntryKind.PLACED, "order")
    house.shop.answers = [410]
    house.sends()
    assert (house.view().state, house.view().cause) == (EndpointState.PAUSED, PauseCause.GONE.value)


def test_two_secrets_sign_until_the_overlap_is_over(house: House) -> None:
    first = house.listens()
    second = endpoints.rotate_secret(house.engine, OWN, first.endpoint, house.clock.now, timedelta(days=1))
    assert first.secret != second.secret
    house.moves(A, EntryKind.PLACED, "order")
    house.sends()
    headers, body = house.shop.heard[-1]
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (first.secret, second.secret):
        _verified(headers, secret, body)
    house.clock.passes(days=2)
    house.moves(B, EntryKind.PLACED, "order")
    house.sends()
    headers, body = house.shop.heard[-1]
    assert len(headers["webhook-signature"].split()) == 1
    _verified(headers, second.secret, body)
    with pytest.raises(WebhookVerificationError):
        Webhook(first.secret).verify(body.decode(), headers)


def test_another_secret_of_the_installation_signs_nothing(house: House) -> None:
    house.listens()
    house.moves(A, EntryKind.PLACED, "order")
    house.deliverer("another secret of the installation").send_due()
    assert house.shop.heard == []
    assert house.view().cause == PauseCause.OTHER_SECRET.value


def test_a_shop_hears_of_no_order_that_its_key_may_not_read(house: House) -> None:
    house.key("other", ("c-2",))
    house.listens(name="other")
    house.lives(A, "c-1")
    house.moves(B, EntryKind.PLACED, "order", "c-2")
    house.sends()
    assert house.shop.types() == ["order.placed"]
    with pytest.raises(Refusal) as refused:
        house.listens(name="other", customers=("c-1",))
    assert refused.value.code is Code.WRONG_ROLE
    assert [each["data"]["order"] for each in order_events.events_after(house.engine, 0, ["c-2"])] == [B]


def test_a_key_that_is_revoked_ends_what_is_sent(house: House) -> None:
    house.listens()
    house.moves(A, EntryKind.PLACED, "order")
    revoke_key(house.engine, list_keys(house.engine)[0].key_id, house.clock.now)
    house.sends()
    assert house.shop.heard == []
    assert house.view().cause == PauseCause.KEY_ENDED.value
    house.key(customers=("c-9",))
    endpoints.resume_endpoint(house.engine, house.view().endpoint, house.clock.now, by="admin")
    house.sends()
    assert house.shop.heard == []  # the new key may not read this customer's orders
    assert house.states() == [SendingState.WITHHELD.value]


def test_what_happened_is_sent_again_from_a_cursor_and_from_a_moment(house: House) -> None:
    made = house.listens()
    house.lives(A)
    house.sends()
    first = house.shop.events()
    assert endpoints.send_again(house.engine, made.endpoint, house.clock.now, after=2) == 2
    house.sends()
    assert house.shop.events()[4:] == first[2:]  # under the same ids, in the same order
    since = PLACED - timedelta(days=1)
    assert endpoints.send_again(house.engine, made.endpoint, house.clock.now, since=since) == 4
    later = PLACED + timedelta(days=1)
    assert endpoints.send_again(house.engine, made.endpoint, house.clock.now, since=later) == 0


def test_events_are_read_page_by_page_from_a_cursor(house: House) -> None:
    house.listens()
    house.lives(A)
    house.lives(B)
    order_events.give_positions(house.engine, house.clock.now)
    first = order_events.events_after(house.engine, 0, ["*"], most=5)
    rest = order_events.events_after(house.engine, first[-1]["cursor"], ["*"], most=5)
    assert [each["cursor"] for each in (*first, *rest)] == list(range(1, 9))
    assert [each["type"] for each in order_events.events_after(house.engine, 0, ["*"], order=B)] == LIFE


def test_an_endpoint_hears_of_the_events_that_it_wants(house: House) -> None:
    house.listens("order.completed", "order.placed")
    house.lives(A)
    house.sends()
    assert house.shop.types() == ["order.placed", "order.completed"]


def test_old_events_are_forgotten(house: House) -> None:
    house.listens()
    house.lives(A)
    house.sends()
    assert order_events.forget_events(house.engine, datetime.now(UTC), keep_days=90) == 0
    later = datetime.now(UTC) + timedelta(days=91)
    assert order_events.forget_events(house.engine, later, keep_days=90) == 4
    assert house.states() == []


def test_a_name_that_means_an_inner_machine_is_not_called(house: House) -> None:
    made = house.listens()
    house.moves(A, EntryKind.PLACED, "order")
    strict = Deliverer(house.engine, OWN, WebhookPolicy, house.clock)
    assert strict.send_due() == 0
    assert house.shop.heard == []
    assert "127.0.0.1" in house.view().problem
    assert made.endpoint == house.view().endpoint


# --- killed ------------------------------------------------------------------------------------------------------------


def _send_and_die(url: str, now: datetime) -> None:
    """A deliverer that is killed right after the shop has the event, before it is marked."""
    from activities.webhooks import deliveries

    def died(*_said: object, **_named: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    deliveries.mark = died
    Deliverer(engine_at(url), OWN, WebhookPolicy, lambda: now, inner=True).send_due()


def test_a_deliverer_that_is_killed_loses_nothing(house: House) -> None:
    house.listens()
    house.lives(A)
    url = house.engine.url.render_as_string(hide_password=False)
    process = multiprocessing.get_context("spawn").Process(target=_send_and_die, args=(url, house.clock.now))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert house.sends() == 0  # the claim still stands: nothing overtakes it
    house.clock.now += LEASE + timedelta(seconds=1)
    house.sends()
    assert house.shop.types() == ["order.placed", *LIFE]  # once more, under the same id
    assert len({each["id"] for each in house.shop.events()}) == 4


def test_a_secret_stands_in_no_table(house: House) -> None:
    made = house.listens()
    assert made.secret == signing_secret(OWN, made.endpoint, 1)
    with reading(house.engine) as connection:
        row = connection.execute(select(table("webhook_endpoints"))).one()
    assert made.secret not in str(row)


def test_an_answer_that_never_comes_is_unclear(house: House) -> None:
    house.shop.answers = [DROPS]
    said = b'{"data":{"order":""},"type":""}'
    with pytest.raises(Unclear):
        post_outside(house.shop.url, said, {}, patience=1, allow=lambda _address, _host: None)
