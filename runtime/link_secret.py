"""The installation's own secret: customers' links and log-ins under way are signed with it, signers' codes are made of it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from activities.store.private_folder import make_private_folder
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import SHORTEST_SECRET, Settings

_TOO_SHORT = Words(
    "{file} 中的密钥不足 {least} 字节；删除该文件后会重新生成（已发出的客户链接随之失效）",
    "the secret in {file} has less than {least} bytes; delete the file and a new one is made (links that were given out "
    "end with it)",
)


def link_secret(settings: Settings) -> str:
    """From the setting, or made once and readable by nobody else. Raises Refusal(not_set_up) for a file that holds too little."""
    if settings.link_secret is not None:
        return settings.link_secret.get_secret_value()
    file = settings.var / "link-secret"
    if not file.exists():
        make_private_folder(settings.var)
        part = file.with_name(f".link-secret.{os.getpid()}")
        part.touch(mode=0o600)
        part.write_text(secrets.token_urlsafe(SHORTEST_SECRET))
        try:
            Path.hardlink_to(file, part)  # two processes: the first one's stays
        except FileExistsError:
            pass
        finally:
            part.unlink()
    found = file.read_text()
    if len(found.strip().encode()) < SHORTEST_SECRET:
        words = _TOO_SHORT.filled(file=file, least=SHORTEST_SECRET)
        raise Refusal(Code.NOT_SET_UP, words, where=str(file))
    return found
