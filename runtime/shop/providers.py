"""Which payment providers this installation has, by the settings; a new one is a class and a row here (R123)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from activities.shop.providers.provider import not_there
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import PREFIX, Settings

if TYPE_CHECKING:
    from activities.shop.providers.provider import PaymentProvider

_NOT_GIVEN = Words("缺少 {variable}", "{variable} is not given")
_NO_FILE = Words("读不了密钥文件 {file}", "the key in {file} cannot be read")


def _test(settings: Settings) -> PaymentProvider:
    from activities.shop.providers.test_provider import TestProvider
    from runtime.shop.test_key import test_key

    return TestProvider(f"http://{settings.shop_test_address}", test_key(settings))


def _wechat(settings: Settings) -> PaymentProvider:
    from activities.shop.providers.wechat_pay import WeChatAccount, WeChatPay

    names = ("wechat_merchant", "wechat_app", "wechat_serial", "wechat_key", "wechat_public_key_id")
    _require(settings, *names, "wechat_private_key", "wechat_public_key")
    key = settings.wechat_key.get_secret_value() if settings.wechat_key else ""
    return WeChatPay(
        WeChatAccount(
            settings.wechat_url, settings.wechat_merchant, settings.wechat_app, settings.wechat_serial,
            _text_of(settings.wechat_private_key), key, _text_of(settings.wechat_public_key), settings.wechat_public_key_id,
        )
    )  # fmt: skip


def _alipay(settings: Settings) -> PaymentProvider:
    from activities.shop.providers.alipay import Alipay, AlipayAccount

    _require(settings, "alipay_app", "alipay_private_key", "alipay_public_key")
    return Alipay(
        AlipayAccount(
            settings.alipay_url, settings.alipay_app, _text_of(settings.alipay_private_key),
            _text_of(settings.alipay_public_key),
        )
    )  # fmt: skip


def _require(settings: Settings, *names: str) -> None:
    """Raises Refusal(not_set_up) for the first setting that is not given."""
    for name in names:
        if not getattr(settings, name):
            variable = PREFIX + name.upper()
            raise Refusal(Code.NOT_SET_UP, _NOT_GIVEN.filled(variable=variable), where=variable, rule="R123")


def _text_of(file: Path | None) -> str:
    try:
        return file.read_text(encoding="utf-8") if file is not None else ""
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(Code.NOT_SET_UP, _NO_FILE.filled(file=file), where=str(file), rule="R123") from error


_MAKERS: Mapping[str, Callable[[Settings], PaymentProvider]] = {
    "test": _test,
    "wechat": _wechat,
    "alipay": _alipay,
}


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
