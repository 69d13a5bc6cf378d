"""Opening an exception 异常: one way in, so that nobody's exception takes the place of another (R47)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.dossier.dossier import Dossier
from models.dossier.incidents import Trouble
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.reply import Reply
from models.values.errors import Code, Refusal, TooEarly
from models.values.fingerprint import canonical
from models.values.vocabulary import Role, Words

_TAKEN = Words(
    "异常编号 {key} 已用于另一异常：{words}。请用新的编号",
    "exception id {key} belongs to another exception already: {words}; use a new id",
)


_DIVERGED = (
    "订单库与流程的记录不一致,已按流程重写,请核对"
    " · database and workflow held different histories; compare them"
)

_REFUSED_AGAIN = Words(
    "订单库存有的事实补报后未被采纳：{told} {content}。{zh}",
    "what the order database had kept was told again and refused: {told} {content}: {en}",
)
_SHOWN, _LONGEST_KEY = 300, 200


CONCERNED = (Role.SERVICE_CLERK, Role.SALESPERSON, Role.SERVICE_SUPERVISOR, Role.MARKETING_DIRECTOR)
"""Who hears at once of trouble in production, and agrees what is done about it (R42)."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An exception that the system finds and tells those concerned of at once. `words` are what they read."""

    key: str
    words: Words
    owner: str
    rule: str
    needs_plan: bool = False
    cause: str = ""
    line: int | None = None


class EarlyAndAmiss(TooEarly):
    """A fact that cannot be used yet and should not have happened yet: it is kept, and shown at once."""

    def __init__(self, alarm: Alarm) -> None:
        super().__init__(alarm.key)
        self.alarm = alarm


def raise_alarm(dossier: Dossier, alarm: Alarm, at: datetime) -> Trouble:
    """Open the exception and tell those concerned; one that stands open already is left as it is."""
    number, key = 1, own_key(dossier, alarm.key, alarm.rule)
    while (known := dossier.troubles.get(key)) is not None:
        if known.resolved_at is None:
            return known
        number += 1
        key = own_key(dossier, f"{alarm.key}#{number}", alarm.rule)
    trouble = open_exception(
        dossier,
        key,
        f"{alarm.words.zh} · {alarm.words.en}",
        alarm.owner,
        alarm.rule,
        at,
        needs_plan=alarm.needs_plan,
        cause=alarm.cause,
        line=alarm.line,
    )
    dossier.note(EntryKind.EXCEPTION, key, rule=alarm.rule, zh=alarm.words.zh, en=alarm.words.en)
    dossier.intend(Paper.EXCEPTION, key, CONCERNED, alarm.rule, reason=alarm.words)
    return trouble


def clear_alarm(dossier: Dossier, trouble: Trouble, words: Words) -> None:
    """What the system found is so no longer: it is resolved, and those who heard of it hear that as well."""
    if resolve_alarm(dossier, trouble, words):
        dossier.intend(Paper.EXCEPTION, f"{trouble.key}:over", CONCERNED, trouble.rule, reason=words)


def resolve_alarm(dossier: Dossier, trouble: Trouble, words: Words) -> bool:
    """Resolve what the system found, by itself; whether it was still open."""
    if trouble.resolved_at is not None:
        return False
    trouble.needs_plan = False
    trouble.resolution, trouble.resolved_at = f"{words.zh} · {words.en}", dossier.clock
    return True


def open_exception(
    dossier: Dossier,
    key: str,
    words: str,
    owner: str,
    rule: str,
    at: datetime,
    *,
    needs_plan: bool = False,
    cause: str = "",
    line: int | None = None,
) -> Trouble:
    """An exception that the system found, under the system's own key; found again it is open again.

    A person may have used the key before: then the system's exception stands beside it, under a key of its own.
    """
    return _put(dossier, Trouble(
        key=own_key(dossier, key, rule), words=words, owner=owner, rule=rule, reported_at=at, needs_plan=needs_plan, cause=cause, line=line
    ))  # fmt: skip


def own_key(dossier: Dossier, key: str, rule: str) -> str:
    """The key under which the system keeps what it finds by this rule: a person may have used the plain one before."""
    while (known := dossier.troubles.get(key)) is not None and known.rule != rule:
        key = f"{key}/{rule}"
    return key


def stores_diverged(dossier: Dossier, epoch: int, database_sequence: int, database_hash: str) -> None:
    """The order database held another history (a reset, a restored backup): a new epoch, and somebody looks (R47)."""
    dossier.note(
        EntryKind.REPAIRED,
        f"epoch:{epoch}",
        rule="R47",
        epoch=epoch,
        database_sequence=database_sequence,
        database_hash=database_hash,
    )
    key = f"stores-diverged-{epoch}"
    while key in dossier.troubles:  # by a person, who reports by the same rule: no epoch comes twice
        key = f"{key}/R47"
    open_exception(
        dossier,
        key,
        _DIVERGED,
        dossier.staff.person(Role.SERVICE_SUPERVISOR),
        "R47",
        dossier.clock,
    )


def refused_again(dossier: Dossier, said: object, reply: Reply) -> None:
    """What the order had taken before a store was lost is refused now that it is told again: somebody looks at it (R47)."""
    known = said if isinstance(said, dict) else {}
    fact_id = str(known.get("fact_id", reply.sequence))
    told = f"{known.get('kind', '-')} {fact_id}"
    content = canonical(known.get("content", {}))[:_SHOWN]
    words = _REFUSED_AGAIN.filled(told=told, content=content, zh=reply.zh, en=reply.en)
    open_exception(
        dossier,
        f"told-again-{fact_id}"[:_LONGEST_KEY],
        f"{words.zh} · {words.en}",
        dossier.staff.person(Role.SERVICE_SUPERVISOR),
        "R47",
        dossier.clock,
    )


def report_exception(dossier: Dossier, reported: Trouble) -> bool:
    """An exception that a person reports under an id of their own; whether it is new.

    The same once more changes nothing. Raises Refusal(contradiction) where the id belongs to another exception.
    """
    known = dossier.troubles.get(reported.key)
    if known is None:
        _put(dossier, reported)
        return True
    if _said(known) != _said(reported):
        raise Refusal(
            Code.CONTRADICTION,
            _TAKEN.filled(key=reported.key, words=known.words),
            where="content.exception",
            rule="R47",
        )
    return False


def _put(dossier: Dossier, trouble: Trouble) -> Trouble:
    dossier.troubles[trouble.key] = trouble
    return trouble


def _said(trouble: Trouble) -> tuple[object, ...]:
    return (trouble.words, trouble.owner, trouble.rule, trouble.cause, trouble.line)
