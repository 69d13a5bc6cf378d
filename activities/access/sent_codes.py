"""One-time codes of any kind (R31, R85): how one is computed and hashed, tried, used once, and made anew when it is sent.

A code stands in no table: it is computed from a secret of the installation and the code's id; the door keeps a hash, the
notice names the id, and whoever sends it computes it again.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, select, update

from activities.store.database import reading, writing
from models.signing_codes import MOST_TRIES, code_from, is_open
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

SIGNING = "signing_code:"
LOG_IN = "log_in_code:"
CODES = (SIGNING, LOG_IN)
"""How the identity of a notice begins that is a code (R31): it is over in minutes."""
OTHER_SECRET = Words(
    "发通知的进程与网关的 DINGDAN_LINK_SECRET 不同，验证码发不出去",
    "whoever sends notices has another DINGDAN_LINK_SECRET than the gateway; the code cannot be sent",
)


class SentCodes(Protocol):
    """Codes of one kind as the post office sends them, while they can still be used."""

    @property
    def begins(self) -> str:
        """How the identity of their notices begins."""
        ...

    def is_over(self, identity: str, now: datetime) -> bool:
        """Whether the code of a notice can be used no more."""
        ...

    def code(self, identity: str) -> str:
        """The code of a notice. Raises Refusal(not_set_up) where the gateway has another secret."""
        ...


@dataclass(frozen=True, slots=True)
class CodeKind:
    """What codes are for: the table of their rows, how their notices begin, and the words under which they are hashed."""

    table: str
    begins: str
    name: str

    def code(self, secret: str, code_id: str) -> str:
        """The six digits of a code."""
        digest = hmac.digest(secret.encode(), f"{self.name} {code_id}".encode(), "sha256")
        return code_from(int.from_bytes(digest, "big"))

    def hashed(self, secret: str, code_id: str, code: str) -> str:
        """What is kept of a code."""
        return keyed(secret, f"{self.name} {code_id} is {code}")

    def tried(self, engine: Engine, of_whom: ColumnElement[bool], now: datetime) -> RowMapping | None:
        """The newest code of somebody, one try less; None where it is over, or has none left.

        The try is counted in one statement before the code is looked at: of many at once not one too many gets through.
        """
        codes = table(self.table)
        newest = (
            select(codes.c.code_id)
            .where(of_whom)
            .order_by(codes.c.made_at.desc(), codes.c.code_id)
            .limit(1)
            .scalar_subquery()
        )
        one_try_less = (
            update(codes)
            .where(
                codes.c.code_id == newest, codes.c.used_at.is_(None), codes.c.tries < MOST_TRIES,
                codes.c.expires_at > now,
            )
            .values(tries=codes.c.tries + 1)
            .returning(codes)
        )  # fmt: skip
        with writing(engine) as connection:
            return connection.execute(one_try_less).mappings().one_or_none()

    def is_right(self, secret: str, row: RowMapping, code: str) -> bool:
        """Whether this is the code of the row."""
        return hmac.compare_digest(self.hashed(secret, row["code_id"], code), row["code_hash"])

    def use(self, connection: Connection, row: RowMapping, now: datetime) -> bool:
        """Use the code up; False where another was first."""
        codes = table(self.table)
        used = connection.execute(
            update(codes)
            .where(codes.c.code_id == row["code_id"], codes.c.used_at.is_(None))
            .values(used_at=now)
        )
        return bool(used.rowcount)


def keyed(secret: str, text: str) -> str:
    """A text as only who has the secret can write it."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class CodesToSend:
    """Codes of a kind as the post office sends them: computed anew, and only while they can still be used."""

    kind: CodeKind
    engine: Engine
    secret: str

    @property
    def begins(self) -> str:
        """How the identity of their notices begins."""
        return self.kind.begins

    def is_over(self, identity: str, now: datetime) -> bool:
        """Whether the code of a notice can be used no more."""
        row = self._row(identity)
        return row is None or not is_open(row["expires_at"], row["tries"], row["used_at"], now)

    def code(self, identity: str) -> str:
        """The code of a notice. Raises Refusal(not_set_up) where the gateway has another secret."""
        row = self._row(identity)
        code = self.kind.code(self.secret, identity.removeprefix(self.begins))
        if row is None or not self.kind.is_right(self.secret, row, code):
            raise Refusal(Code.NOT_SET_UP, OTHER_SECRET, where="DINGDAN_LINK_SECRET")
        return code

    def _row(self, identity: str) -> RowMapping | None:
        codes = table(self.kind.table)
        query = select(codes).where(codes.c.code_id == identity.removeprefix(self.begins))
        with reading(self.engine) as connection:
            return connection.execute(query).mappings().one_or_none()
