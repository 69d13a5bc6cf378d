"""What one key may bring in a minute, and how much it may leave at the desk: it fills neither the disk nor an inbox."""

from __future__ import annotations

import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Engine

from activities.facts.desk_steps import open_steps_of
from gateway.api.problems import TooOften
from models.values.vocabulary import Words
from runtime.settings import Settings

_COUNTED_FOR_SECONDS = 5.0
"""How long a count of open steps is believed; what this gateway opened meanwhile is added."""
_CARTS_A_MINUTE = 20
"""New carts of visitors from one neighbourhood: a person needs one, a robot would fill the database."""
_CODES_AN_HOUR = 30
"""Log-in codes of the shop from one neighbourhood: they go to any address, and each costs a message."""
_ENQUIRIES_AN_HOUR = 10
"""Enquiries of visitors from one neighbourhood: each is a step that somebody of the staff sees to."""
_STEPS_RETRY_SECONDS = 300
_KILOBYTE = 1000
_ORDERS = Words(
    "此密钥每分钟最多下 {most} 张订单，请稍后再试",
    "this key places at most {most} orders a minute; try again soon",
)
_BYTES = Words(
    "此密钥每分钟最多送 {most} kB，请稍后再试", "this key sends at most {most} kB a minute; try again soon"
)
_CODES = Words(
    "从您的网络索取验证码过于频繁，请 {minutes} 分钟后再试",
    "too many codes were asked for from your network; try again in {minutes} minutes",
)
_ENQUIRIES = Words(
    "从您的网络询价过于频繁，请 {minutes} 分钟后再试，或登录后询价",
    "too many enquiries came from your network; try again in {minutes} minutes, or log in",
)
_CARTS = Words("请求过于频繁，请稍后再试", "too many requests; try again soon")
_STEPS = Words(
    "此密钥留给客服的未办事项已有 {most} 件；请先等办结，再报找不到订单或不能即时转达的事实",
    "this key has left {most} steps open at the desk; a fact without its order, or that cannot be told at once, waits "
    "until they are settled",
)


@dataclass(slots=True)
class _Count:
    steps: int
    until: float


class Quotas:
    """Counts by key, that is by its author: orders and bytes in this gateway's own memory, open steps in the database.

    So of several gateways each allows as much again in a minute; what lies open at the desk counts once for all.
    """

    def __init__(self, settings: Settings) -> None:
        self._orders = RateLimitItemPerMinute(settings.orders_a_minute)
        self._bytes = RateLimitItemPerMinute(settings.kilobytes_a_minute * _KILOBYTE)
        self._carts = RateLimitItemPerMinute(_CARTS_A_MINUTE)
        self._codes = RateLimitItemPerHour(_CODES_AN_HOUR)
        self._enquiries = RateLimitItemPerHour(_ENQUIRIES_AN_HOUR)
        self._most_steps = settings.open_steps_a_key
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._counts: dict[str, _Count] = {}

    def take_order(self, author: str) -> None:
        """One more order is to be placed. Raises TooOften."""
        self._take(self._orders, f"orders {author}", 1, _ORDERS.filled(most=self._orders.amount))

    def take_cart(self, neighbourhood: str) -> None:
        """One more cart of a visitor is to be made. Raises TooOften."""
        self._take(self._carts, f"carts {neighbourhood}", 1, _CARTS)

    def take_code(self, neighbourhood: str) -> None:
        """One more log-in code is to be sent to an address that may be anybody's. Raises TooOften."""
        self._take(self._codes, f"codes {neighbourhood}", 1, _CODES)

    def take_enquiry(self, neighbourhood: str) -> None:
        """One more enquiry of a visitor is to be left at the desk. Raises TooOften."""
        self._take(self._enquiries, f"enquiries {neighbourhood}", 1, _ENQUIRIES)

    def take_bytes(self, author: str, size: int) -> None:
        """So many bytes more have come. Raises TooOften."""
        self._take(self._bytes, f"bytes {author}", size, _BYTES.filled(most=self._bytes.amount // _KILOBYTE))

    def _take(self, limit: RateLimitItem, name: str, cost: int, words: Words) -> None:
        if not self._limiter.hit(limit, name, cost=cost):
            reset, _ = self._limiter.get_window_stats(limit, name)
            seconds = int(reset - time.time()) + 1
            raise TooOften(words.filled(minutes=-(-seconds // 60)), seconds)

    def believed(self, author: str) -> bool | None:
        """Whether as many steps as may be are open for what this key said; None where that was not counted just now."""
        known = self._counts.get(author)
        if known is None or known.until < time.monotonic():
            return None
        return known.steps >= self._most_steps

    def count(self, engine: Engine, author: str) -> bool:
        """Like `believed`, counted in the database now."""
        now = time.monotonic()
        found = _Count(open_steps_of(engine, author), now + _COUNTED_FOR_SECONDS)
        self._counts = {name: each for name, each in self._counts.items() if each.until >= now}
        self._counts[author] = found
        return found.steps >= self._most_steps

    def left_a_step(self, author: str) -> None:
        """A step was opened, or may be, for what this key said."""
        if author in self._counts:
            self._counts[author].steps += 1

    def no_room_for_steps(self) -> TooOften:
        """The refusal of a key that has left too much."""
        return TooOften(_STEPS.filled(most=self._most_steps), _STEPS_RETRY_SECONDS)
