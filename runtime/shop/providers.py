"""Which payment providers this installation has, by the settings; a new one is a class and a row here (R123)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from activities.shop.providers.provider import not_there
from runtime.settings import Settings

if TYPE_CHECKING:
    from activities.shop.providers.provider import PaymentProvider


def _test(settings: Settings) -> PaymentProvider:
    from activities.shop.providers.test_provider import TestProvider
    from runtime.shop.test_key import test_key

    return TestProvider(f"http://{settings.shop_test_address}", test_key(settings))


_MAKERS: Mapping[str, Callable[[Settings], PaymentProvider]] = {"test": _test}


class Providers:
    """The providers of one installation, each made when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: dict[str, PaymentProvider] = {}

    def __call__(self, name: str) -> PaymentProvider | None:
        """The provider of this name; None where it is not set up. Raises Refusal(not_set_up) where it is not wholly."""
        if name not in self._settings.shop_providers:
            return None
        if name not in self._made:
            self._made[name] = _MAKERS[name](self._settings)
        return self._made[name]

    @property
    def first(self) -> PaymentProvider:
        """The provider of new payments. Raises Refusal(not_set_up) where there is none."""
        names = self._settings.shop_providers
        found = self(names[0]) if names else None
        if found is None:
            raise not_there("")
        return found

    def all(self) -> list[PaymentProvider]:
        """Every one."""
        return [found for name in self._settings.shop_providers if (found := self(name)) is not None]

    def told_at(self, name: str) -> str:
        """The address at which this provider tells what becomes of things."""
        return f"{self._settings.reached_at}/shop/callbacks/{name}"


@lru_cache(maxsize=32)
def providers_of(settings: Settings) -> Providers:
    """The providers of these settings, one set in a process."""
    return Providers(settings)
