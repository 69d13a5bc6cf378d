"""The secret that the test provider and we have in common: from the setting, or made once and readable by nobody else."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path

from activities.store.private_folder import make_private_folder
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import SHORTEST_SECRET, Settings

_NOT_A_KEY = Words(
    "测试支付方的密钥须是 base64，至少 {least} 字节",
    "the test provider's key is base64 of at least {least} bytes",
)


def test_key(settings: Settings) -> str:
    """The key, base64. Raises Refusal(not_set_up) for what is none."""
    if settings.shop_test_key is not None:
        return _checked(settings.shop_test_key.get_secret_value(), "DINGDAN_SHOP_TEST_KEY")
    file = settings.var / "shop-test-key"
    if not file.exists():
        make_private_folder(settings.var)
        part = file.with_name(f".shop-test-key.{os.getpid()}")
        part.touch(mode=0o600)
        part.write_text(base64.b64encode(secrets.token_bytes(SHORTEST_SECRET)).decode())
        try:
            Path.hardlink_to(file, part)  # two processes: the first one's stays
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return _checked(file.read_text(), str(file))


test_key.__test__ = False  # type: ignore[attr-defined]  # the name is meant; pytest need not look at it


def _checked(text: str, where: str) -> str:
    try:
        size = len(base64.b64decode(text.strip(), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if size < SHORTEST_SECRET:
        raise Refusal(Code.NOT_SET_UP, _NOT_A_KEY.filled(least=SHORTEST_SECRET), where=where)
    return text.strip()
