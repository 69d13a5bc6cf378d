"""Endpoints of other shops: registered, listed, changed, paused, their secrets rotated, events sent to them again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, RowMapping, and_, func, select, update

from activities.facts.desk_steps import close_step, open_step
from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from activities.webhooks.secrets import secret_digest, signing_secret
from models.access import ALL
from models.reports.desk_steps import DeskStepKind, desk_step, step_key
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.webhooks.endpoints import (
    LONGEST_OVERLAP,
    MOST_ENDPOINTS,
    STANDS_IN_THE_WAY,
    EndpointState,
    PauseCause,
    SendingState,
    require_address,
    require_events,
    wants,
)

_NO_ENDPOINT = Words("没有推送地址 {endpoint}", "there is no endpoint {endpoint}")
_NO_KEY = Words("{name} 没有有效的服务密钥", "{name} has no service's key that is good")
_KNOWN = Words("{name} 已登记此地址：{endpoint}", "{name} has registered this address already: {endpoint}")
_TOO_MANY = Words("每个服务最多 {most} 个推送地址", "a service has at most {most} endpoints")
_TOO_LONG = Words(
    "旧签名密钥最多再用 {days} 天", "the old secret signs for at most {days} days beside the new one"
)
_RULE = "R85"


@dataclass(frozen=True, slots=True)
class Shown:
    """An endpoint's secret as it is shown, once."""

    endpoint: str
    secret: str


class EndpointView(BaseModel):
    """An endpoint as it is listed: never its secret. Times UTC."""

    endpoint: str
    name: str
    url: str
    events: list[str]
    customers: list[str]
    state: EndpointState
    cause: str = ""
    problem: str = ""
    created_at: datetime
    created_by: str
    old_until: datetime | None = None
    failing_since: datetime | None = None
    next_at: datetime | None = None
    sent_at: datetime | None = None
    waiting: int = 0
    """How many events wait to be sent."""
    given_up: int = 0

    @property
    def cause_words(self) -> Words | None:
        """Why it is paused."""
        cause = next((each for each in PauseCause if each.value == self.cause), None)
        return (
            Words(cause.zh, cause.en).filled(name=self.name, problem=self.problem)
            if cause is not None
            else None
        )


def readable_by(connection: Connection, name: str, now: datetime) -> list[str] | None:
    """The customers whose orders a service may read by its keys as they are now; None where it has no good key."""
    keys = table("api_keys")
    rows = connection.scalars(
        select(keys.c.customers).where(
            keys.c.name == name, keys.c.person == "", keys.c.revoked_at.is_(None), keys.c.expires_at > now
        )
    ).all()
    if not rows:
        return None
    customers = {customer for row in rows for customer in row}
    return [ALL] if ALL in customers else sorted(customers)


def register_endpoint(
    engine: Engine,
    own: str,
    name: str,
    url: str,
    events: Sequence[str],
    now: datetime,
    *,
    by: str,
    customers: Sequence[str] = (),
    inner: bool = False,
) -> Shown:
    """A new endpoint of a service; what is returned is the only time that its secret is seen.

    `customers`: of which orders it hears, empty for all that the service's keys may read. `own`: the installation's secret;
    `inner`: addresses of inner networks are let be. Raises Refusal as `require_address` and `require_events`;
    `unknown_person` for a service without a key, `wrong_role` for customers that are not its own, `request_conflict` for an
    address that it has, `too_many_requests` beyond the most.
    """
    address, wanted = require_address(url, inner=inner), require_events(events)
    endpoint = f"we_{secrets.token_hex(8)}"
    secret = signing_secret(own, endpoint, 1)
    endpoints = table("webhook_endpoints")
    with writing(engine) as connection:
        readable = readable_by(connection, name, now)
        if readable is None:
            raise Refusal(Code.UNKNOWN_PERSON, _NO_KEY.filled(name=name), where="name")
        scope = list(customers) or readable
        _require_within(scope, readable)
        there = connection.execute(
            select(endpoints.c.endpoint, endpoints.c.url).where(
                endpoints.c.name == name, endpoints.c.state != EndpointState.REMOVED.value
            )
        ).all()
        same = next((each.endpoint for each in there if each.url == address), None)
        if same is not None:
            raise Refusal(Code.REQUEST_CONFLICT, _KNOWN.filled(name=name, endpoint=same), where="url")
        if len(there) >= MOST_ENDPOINTS:
            raise Refusal(Code.TOO_MANY_REQUESTS, _TOO_MANY.filled(most=MOST_ENDPOINTS), where="url")
        connection.execute(
            endpoints.insert().values(
                endpoint=endpoint, name=name, url=address, events=wanted, customers=scope,
                state=EndpointState.ACTIVE.value, cause="", problem="", secret=1, digest=secret_digest(secret),
                created_at=now, created_by=by, failures=0,
            )
        )  # fmt: skip
    return Shown(endpoint, secret)


def _require_within(customers: Sequence[str], readable: Sequence[str]) -> None:
    beyond = [each for each in customers if ALL not in readable and each not in readable]
    if beyond:
        words = Words("不得接收客户 {customer} 的订单", "the orders of {customer} are not theirs to hear of")
        raise Refusal(Code.WRONG_ROLE, words.filled(customer=beyond[0]), where="customers")


def list_endpoints(engine: Engine, name: str = "") -> list[EndpointView]:
    """The endpoints that are not removed, of one service or of all, the oldest first."""
    endpoints = table("webhook_endpoints")
    query = select(endpoints).where(endpoints.c.state != EndpointState.REMOVED.value)
    if name:
        query = query.where(endpoints.c.name == name)
    with reading(engine) as connection:
        rows = (
            connection.execute(query.order_by(endpoints.c.created_at, endpoints.c.endpoint)).mappings().all()
        )
        counts = _counts(connection)
    return [_view(row, counts) for row in rows]


def endpoint_of(engine: Engine, endpoint: str, name: str = "") -> EndpointView:
    """One endpoint; `name`: only where it is this service's. Raises Refusal(unknown_place)."""
    with reading(engine) as connection:
        return _view(_require(connection, endpoint, name), _counts(connection, endpoint))


def _counts(connection: Connection, endpoint: str = "") -> dict[tuple[str, str], int]:
    deliveries = table("webhook_deliveries")
    query = select(deliveries.c.endpoint, deliveries.c.state, func.count()).where(
        deliveries.c.state.in_([*(each.value for each in STANDS_IN_THE_WAY), SendingState.GIVEN_UP.value])
    )
    if endpoint:
        query = query.where(deliveries.c.endpoint == endpoint)
    rows = connection.execute(query.group_by(deliveries.c.endpoint, deliveries.c.state)).all()
    return {(row[0], row[1]): row[2] for row in rows}


def _view(row: RowMapping, counts: dict[tuple[str, str], int]) -> EndpointView:
    named = row["endpoint"]
    waiting = sum(counts.get((named, each.value), 0) for each in STANDS_IN_THE_WAY)
    given_up = counts.get((named, SendingState.GIVEN_UP.value), 0)
    return EndpointView.model_validate({**dict(row), "waiting": waiting, "given_up": given_up})


def _require(connection: Connection, endpoint: str, name: str = "", *, locked: bool = False) -> RowMapping:
    endpoints = table("webhook_endpoints")
    query = select(endpoints).where(
        endpoints.c.endpoint == endpoint, endpoints.c.state != EndpointState.REMOVED.value
    )
    row = connection.execute(query.with_for_update() if locked else query).mappings().one_or_none()
    if row is None or (name and row["name"] != name):
        raise Refusal(Code.UNKNOWN_PLACE, _NO_ENDPOINT.filled(endpoint=endpoint[:60]), where="endpoint")
    return row


def change_endpoint(
    engine: Engine,
    endpoint: str,
    *,
    name: str = "",
    url: str = "",
    events: Sequence[str] = (),
    inner: bool = False,
) -> None:
    """Another address, other events; what is not said stays. Raises Refusal as `register_endpoint`."""
    values: dict[str, Any] = {}
    if url:
        values["url"] = require_address(url, inner=inner)
    if events:
        values["events"] = require_events(events)
    with writing(engine) as connection:
        _require(connection, endpoint, name, locked=True)
        if values:
            _set(connection, endpoint, **values)


def rotate_secret(
    engine: Engine, own: str, endpoint: str, now: datetime, overlap: timedelta, *, name: str = ""
) -> Shown:
    """A new secret, shown only now; for a time both sign. Raises Refusal(unknown_place), `malformed` for too long a time."""
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise Refusal(Code.MALFORMED, _TOO_LONG.filled(days=LONGEST_OVERLAP.days), where="overlap_days")
    with writing(engine) as connection:
        row = _require(connection, endpoint, name, locked=True)
        number = row["secret"] + 1
        secret = signing_secret(own, endpoint, number)
        _set(connection, endpoint, secret=number, digest=secret_digest(secret), old_until=now + overlap)
    return Shown(endpoint, secret)


def pause_endpoint(engine: Engine, endpoint: str, *, name: str = "") -> None:
    """From now on nothing is sent there; what happens meanwhile waits. Raises Refusal(unknown_place)."""
    with writing(engine) as connection:
        _require(connection, endpoint, name, locked=True)
        _set(connection, endpoint, state=EndpointState.PAUSED.value, cause=PauseCause.BY_HAND.value)


def pause_for(
    connection: Connection, row: RowMapping, cause: PauseCause, problem: str, now: datetime
) -> None:
    """Pause an endpoint that cannot be sent to, and tell whose affair it is on the desk."""
    _set(
        connection,
        row["endpoint"],
        state=EndpointState.PAUSED.value,
        cause=cause.value,
        problem=problem[:300],
    )
    words = Words(cause.zh, cause.en).filled(name=row["name"], problem=problem[:300])
    open_step(
        connection,
        desk_step(
            DeskStepKind.ENDPOINT_PAUSED, row["endpoint"], now, rule=_RULE, roles=(Role.ADMINISTRATOR,),
            endpoint=row["endpoint"], name=row["name"], reason_zh=words.zh, reason_en=words.en,
        ),
    )  # fmt: skip


def resume_endpoint(engine: Engine, endpoint: str, now: datetime, *, by: str, name: str = "") -> None:
    """Send there again, what waited first, each order's events in their order. Raises Refusal(unknown_place)."""
    deliveries = table("webhook_deliveries")
    with writing(engine) as connection:
        _require(connection, endpoint, name, locked=True)
        _set(
            connection, endpoint, state=EndpointState.ACTIVE.value, cause="", problem="", failures=0,
            failing_since=None, next_at=None,
        )  # fmt: skip
        connection.execute(
            update(deliveries)
            .where(deliveries.c.endpoint == endpoint, deliveries.c.state == SendingState.WAITING.value)
            .values(attempts=0, next_at=now, first_tried_at=None)
        )
        _close_steps(connection, endpoint, now, by)


def remove_endpoint(engine: Engine, endpoint: str, now: datetime, *, by: str, name: str = "") -> None:
    """It is sent nothing any more, and hears of nothing. Raises Refusal(unknown_place)."""
    deliveries = table("webhook_deliveries")
    with writing(engine) as connection:
        _require(connection, endpoint, name, locked=True)
        _set(connection, endpoint, state=EndpointState.REMOVED.value)
        connection.execute(
            update(deliveries)
            .where(deliveries.c.endpoint == endpoint, deliveries.c.state == SendingState.WAITING.value)
            .values(state=SendingState.WITHHELD.value, problem="removed")
        )
        _close_steps(connection, endpoint, now, by)


def _close_steps(connection: Connection, endpoint: str, now: datetime, by: str) -> None:
    for kind in (DeskStepKind.ENDPOINT_PAUSED, DeskStepKind.EVENT_GIVEN_UP):
        close_step(connection, step_key(kind, endpoint), now, by=by, resolution="resumed")


def send_again(
    engine: Engine,
    endpoint: str,
    now: datetime,
    *,
    after: int = 0,
    since: datetime | None = None,
    name: str = "",
) -> int:
    """Send again what happened after a position, or from a moment on; how many events. Raises Refusal(unknown_place).

    They go in the order of each order, under the ids that they had, before whatever waits behind them.
    """
    events, deliveries = table("webhook_events"), table("webhook_deliveries")
    query = select(events.c.number, events.c.order_number, events.c.event, events.c.customer).where(
        events.c.position > after
    )
    if since is not None:
        query = query.where(events.c.happened_at >= since)
    with writing(engine) as connection:
        row = _require(connection, endpoint, name, locked=True)
        due = [
            {
                "endpoint": endpoint, "event": each.number, "order_number": each.order_number,
                "state": SendingState.WAITING.value, "attempts": 0, "next_at": now, "problem": "",
            }
            for each in connection.execute(query.order_by(events.c.number))
            if wants(row["events"], row["customers"], each.event, each.customer)
        ]  # fmt: skip
        if due:
            statement = insert_into(connection, deliveries)
            again = {
                "state": statement.excluded.state, "attempts": 0, "next_at": statement.excluded.next_at,
                "first_tried_at": None, "problem": "",
            }  # fmt: skip
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=("endpoint", "event"), set_=again,
                    where=and_(*(deliveries.c.state != each.value for each in STANDS_IN_THE_WAY)),
                ),
                due,
            )  # fmt: skip
    return len(due)


def _set(connection: Connection, endpoint: str, **values: Any) -> None:
    endpoints = table("webhook_endpoints")
    connection.execute(update(endpoints).where(endpoints.c.endpoint == endpoint).values(**values))
