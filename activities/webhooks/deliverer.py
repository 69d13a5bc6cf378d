"""The deliverer: sends each event to each endpoint that is to hear of it, each order's events in their order.

An event is claimed before it is sent and marked after. Where this process dies in between, the claim runs out and the event
is sent once more, under the same id: its receiver knows it. While an event of an order is not taken, no later event of that
order goes to that endpoint; other orders go on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine, RowMapping

from activities.notices.channels import NotSent, Unclear
from activities.notices.web_calls import post_outside
from activities.store.database import reading
from activities.store.faults import named_faults
from activities.webhooks import deliveries
from activities.webhooks.endpoints import readable_by
from activities.webhooks.order_events import as_message, forget_events, give_positions
from activities.webhooks.secrets import secret_digest, signed_headers, signing_secret
from models.policy import WebhookPolicy
from models.values.errors import OF_THE_WORLD, Refusal
from models.webhooks.endpoints import PauseCause, is_theirs, require_outer

PATIENCE_SECONDS = 10.0
"""How long an endpoint may take to answer."""
MOST_A_TURN = 200
"""So many events an endpoint is sent before positions are given and endpoints looked for again."""
_SENDERS = 16
_GONE = 410
_log = logging.getLogger("dingdan.webhooks")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt: taken, or what was wrong."""

    taken: bool
    problem: str = ""
    gone: bool = False


class Deliverer:
    """Sends what is due, each endpoint by itself: one that is slow or away holds up no other."""

    def __init__(
        self,
        engine: Engine,
        own: str,
        policy: Callable[[], WebhookPolicy] = WebhookPolicy,
        clock: Callable[[], datetime] = _now,
        *,
        inner: bool = False,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """`own`: the installation's secret; `policy` is read each time, so that a change counts at once; `inner`: addresses
        of inner networks are let be."""
        self._engine, self._own, self._policy, self._clock = engine, own, policy, clock
        self._inner, self._patience = inner, patience
        self._senders = ThreadPoolExecutor(_SENDERS, thread_name_prefix="webhook")
        self._at_work: dict[str, Future[int]] = {}
        self._forgot_on: date | None = None

    def begin_due(self) -> None:
        """Give positions, and begin to send to each endpoint that has something due and is not being sent to.

        Raises Refusal where the database cannot be used; trouble of one endpoint is told to the log.
        """
        now = self._clock()
        while give_positions(self._engine, now):
            pass
        deliveries.recover(self._engine, now)
        self._forget(now)
        for name in [name for name, work in self._at_work.items() if work.done()]:
            self._end(name)
        for endpoint in deliveries.due_endpoints(self._engine, now):
            if endpoint not in self._at_work:
                self._at_work[endpoint] = self._senders.submit(self.send_to, endpoint)

    def send_due(self) -> int:
        """The same, and wait until all that was begun is done; how many events were taken."""
        self.begin_due()
        return sum(self._end(name) for name in list(self._at_work))

    def stop(self) -> None:
        """Wait for what is at work; nothing new is begun."""
        self._senders.shutdown(wait=True, cancel_futures=True)

    def _end(self, name: str) -> int:
        try:
            with named_faults(f"the endpoint {name}"):
                return self._at_work.pop(name).result()
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                raise
            _log.error("%s: %s", name, refusal.words.en)
            return 0

    def _forget(self, now: datetime) -> None:
        if self._forgot_on != now.date():
            while forget_events(self._engine, now, self._policy().keep_days):
                pass
            self._forgot_on = now.date()

    # --- one endpoint --------------------------------------------------------------------------------------------------

    def send_to(self, endpoint: str) -> int:
        """Send one endpoint what is due there, the head of each order first, as far as it goes; how many were taken."""
        taken = tried = 0
        while tried < MOST_A_TURN:
            heads = deliveries.heads_due(self._engine, endpoint, self._clock())
            if not heads:
                return taken
            for head in heads:
                row = deliveries.endpoint_now(self._engine, endpoint, self._clock())
                readable = self._readable(row) if row is not None else None
                if row is None or readable is None:
                    return taken
                tried += 1
                taken += self._try(row, head, readable)
        return taken

    def _readable(self, row: RowMapping) -> list[str] | None:
        """Whose orders the endpoint's service may read now; None where it has no key, or this process another secret: then
        the endpoint is paused."""
        now = self._clock()
        with reading(self._engine) as connection:
            readable = readable_by(connection, row["name"], now)
        if readable is None:
            deliveries.pause(self._engine, row, PauseCause.KEY_ENDED, "", now)
            return None
        secret = signing_secret(self._own, row["endpoint"], row["secret"])
        if secret_digest(secret) != row["digest"]:
            deliveries.pause(self._engine, row, PauseCause.OTHER_SECRET, "", now)
            return None
        return readable

    def _try(self, row: RowMapping, head: deliveries.Head, readable: list[str]) -> int:
        now = self._clock()
        if not is_theirs(readable, head.event["customer"]):
            deliveries.withhold(self._engine, head)
            return 0
        if not deliveries.claim(self._engine, head, now):
            return 0
        answer = self._send(row, head.event, now)
        deliveries.mark(
            self._engine,
            row,
            head,
            taken=answer.taken,
            problem=answer.problem,
            now=self._clock(),
            policy=self._policy(),
        )
        if answer.gone:
            deliveries.pause(self._engine, row, PauseCause.GONE, answer.problem, self._clock())
        return int(answer.taken)

    def _send(self, row: RowMapping, event: RowMapping, now: datetime) -> Answer:
        said = as_message(event)
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        numbers = [row["secret"]]
        if row["old_until"] is not None and row["old_until"] > now and row["secret"] > 1:
            numbers.append(row["secret"] - 1)
        secrets = [signing_secret(self._own, row["endpoint"], number) for number in numbers]
        headers = signed_headers(secrets, said["id"], now, body)
        try:
            status = post_outside(
                row["url"],
                body.encode(),
                {**headers, "content-type": "application/json", "user-agent": "dingdan"},
                patience=self._patience,
                allow=self._let_be if self._inner else require_outer,
            )
        except (NotSent, Unclear) as error:
            return Answer(taken=False, problem=str(error))
        except Refusal as refusal:
            return Answer(taken=False, problem=f"{refusal.words.zh} · {refusal.words.en}")
        return Answer(200 <= status < 300, f"HTTP {status}", gone=status == _GONE)

    @staticmethod
    def _let_be(address: str, host: str) -> None:
        """The setting lets addresses of inner networks be."""
