"""Taking what is said: read, known already, refused and kept, kept until it can be used, or done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from models.dossier.dating import require_dated
from models.dossier.dossier import Dossier
from models.dossier.exceptions import EarlyAndAmiss, raise_alarm
from models.dossier.journal import EntryKind
from models.dossier.records.recording import Unheard
from models.messages.authors import require_own_space
from models.messages.envelope import Envelope, read_content, read_envelope, said_with
from models.messages.fact_kind import FactKind
from models.messages.reply import Reply, Status
from models.messages.signatures import Unsigned
from models.values.content import Content
from models.values.errors import AlreadyKnown, Code, Refusal, TooEarly
from models.values.field_errors import BadWriting
from models.values.fingerprint import canonical, lasting
from models.values.vocabulary import Role, Words
from models.writing.entry import plain
from models.writing.signs import shown, visible
from models.writing.written_numbers import Manner

FactKinds = Mapping[str, FactKind]
"""What may be said to a case: the kinds of facts by their name on the wire."""
LONGEST_KEPT = 2000
_LONGEST_NAME = 200
_SIGNS = 16
"""So many of a digest's signs are kept."""
_AS_JOURNALED = "="
"""Before the digest of a fact that is known from the journal alone, which has its content as it was read, not as it was written."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Something said that is well formed: as it came, as it was read, and what kind of fact it is."""

    raw: object
    envelope: Envelope
    kind: FactKind
    content: Content
    altered: bool = False
    """Whether it was written otherwise than it is read now: with full-width digits, say."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Something said in signs or writing that is not taken, and why."""

    raw: object
    refusal: BadWriting


def check(kinds: FactKinds, raw: object, manner: Manner = Manner.KEPT) -> Checked:
    """What was said, if it is well formed, of a known kind and from a role that may say it; else a Refusal.

    `manner` is how it comes in; what was taken before is read as it stands. Changes nothing: an update's validator leaves
    no trace.
    """
    said = _plain_envelope(raw, manner)
    envelope = read_envelope(said)
    kind = kinds.get(envelope.kind)
    if kind is None:
        raise Refusal(
            Code.UNKNOWN_FACT,
            Words(
                f"没有事实 {envelope.kind}",
                f"there is no fact {envelope.kind}; there are: {', '.join(kinds)}",
            ),
            where="kind",
        )
    if envelope.role not in kind.roles:
        allowed_zh, allowed_en = "、".join(r.zh for r in kind.roles), ", ".join(r.en for r in kind.roles)
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                f"“{kind.words.zh}”由{allowed_zh}报告，不是{envelope.role.zh}",
                f"{envelope.kind} is given by {allowed_en}, not by {envelope.role.en}",
            ),
            where="role",
        )
    require_own_space(envelope.by, envelope.role)
    content = _plain_content(kind, envelope.content, manner)
    altered = manner is not Manner.KEPT and (said != raw or content != envelope.content)
    if altered:
        envelope = envelope.model_copy(update={"content": content})
    return Checked(raw, envelope, kind, read_content(kind.content, content, inside="content"), altered)


def _plain_envelope(raw: object, manner: Manner) -> object:
    """What stands around the content, which is read by its own kind."""
    if manner is Manner.KEPT or not isinstance(raw, Mapping):
        return raw
    around = plain(Envelope, {name: value for name, value in raw.items() if name != "content"}, manner)
    return {**around, "content": raw["content"]} if "content" in raw else around


def _plain_content(kind: FactKind, raw: dict[str, Any], manner: Manner) -> dict[str, Any]:
    content: dict[str, Any] = plain(kind.content, raw, manner, inside="content")
    for name, model in kind.inner(content).items() if kind.inner is not None else ():
        if name in content:
            content = {**content, name: plain(model, content[name], manner, inside=f"content.{name}")}
    return content


def entered(kinds: FactKinds, said: object) -> tuple[object, bool]:
    """What a program said, to be taken: read as everything that comes in, or as it stands where it is refused anyhow.

    The second value: whether it is another now than as it stands. So a life that began before can go on reading as it did.
    """
    if isinstance(said, Checked):
        return said, said.altered
    try:
        checked = check(kinds, said, Manner.SENT)
    except BadWriting as refusal:
        return Unfit(said, refusal), True
    except Refusal:
        return said, False
    return checked, checked.altered


def as_it_stands(said: object) -> object:
    """What was said, as it came."""
    return said.raw if isinstance(said, Checked | Unfit) else said


def take(dossier: Dossier, kinds: FactKinds, said: object, now: datetime) -> Reply:
    """Take a fact or a decision at this moment. Never raises for bad input: what is refused is kept as refused.

    What was checked before (`Checked`) is not read again.
    """
    dossier.clock = max(dossier.clock, now)
    if isinstance(said, Unfit):
        return _refuse(dossier, said.refusal, said.raw, None)
    if isinstance(said, Unsigned):
        return _refuse(dossier, said.refusal(), said.raw, None)
    try:
        checked = said if isinstance(said, Checked) else check(kinds, said)
    except Refusal as refusal:
        return _refuse(dossier, refusal, said, None)
    envelope = checked.envelope
    digest = envelope.digest()[:_SIGNS]
    own_id = envelope.known_as()
    known = dossier.seen.get(own_id)
    if _is_same(known, digest, checked) or (known is None and _was_told(dossier, envelope)):
        return Reply(status=Status.KNOWN, fact_id=envelope.fact_id, sequence=dossier.sequence)
    try:
        if known is not None:
            raise Refusal(
                Code.FACT_CONFLICT,
                Words(
                    f"编号 {envelope.fact_id} 已用于另一内容",
                    f"fact id {envelope.fact_id} was used with other content",
                ),
                where="fact_id",
            )
        if not dossier.lives:
            raise _after_its_end(dossier, checked)
        require_dated(dossier, envelope.happened_at, envelope.by, "happened_at")
        early = _do(dossier, checked)
    except AlreadyKnown:
        return Reply(status=Status.KNOWN, fact_id=envelope.fact_id, sequence=dossier.sequence)
    except Refusal as refusal:
        return _refuse(dossier, refusal, checked.raw, envelope)
    dossier.seen[own_id] = digest
    if envelope.role is not Role.SYSTEM:
        dossier.moved_on()
    status = Status.KEPT_EARLY if early else Status.ACCEPTED
    return Reply(status=status, fact_id=envelope.fact_id, sequence=dossier.sequence)


def _after_its_end(dossier: Dossier, checked: Checked) -> AlreadyKnown | Refusal:
    already = checked.kind.already
    if already is not None and already(dossier, checked.content):
        return AlreadyKnown()
    return Refusal(Code.ORDER_ENDED, Words("订单已终结", "the order has ended"))


def remember_as_told(dossier: Dossier, kinds: FactKinds, said: object) -> None:
    """A fact that was heard again from the journal: told once more by its author it is known, however it was written then."""
    checked = check(kinds, said)
    own_id = checked.envelope.known_as()
    if own_id in dossier.seen:
        dossier.seen[own_id] = _digest_as_journaled(checked)


def _is_same(known: str | None, digest: str, checked: Checked) -> bool:
    """Whether the id is known with this very content, as it was written or, from the journal, as it was read."""
    return known is not None and known in (
        digest,
        _digest_as_journaled(checked) if known.startswith(_AS_JOURNALED) else digest,
    )


def _digest_as_journaled(checked: Checked) -> str:
    # What is kept of the moment is UTC, with whatever offset it was told.
    moment = checked.envelope.happened_at.astimezone(UTC)
    envelope = checked.envelope.model_copy(
        update={"content": _journaled(checked.content), "happened_at": moment}
    )
    return _AS_JOURNALED + envelope.digest()[:_SIGNS]


def _journaled(content: Content) -> dict[str, Any]:
    """The content as the journal keeps it."""
    return content.model_dump(mode="json", exclude_defaults=True)


def _was_told(dossier: Dossier, envelope: Envelope) -> bool:
    """Whether the same author told the very same before ids belonged to their authors."""
    before = dossier.seen.get(envelope.fact_id)
    return before is not None and before == envelope.earlier_digest()[:_SIGNS]


def retry_early(dossier: Dossier, kinds: FactKinds) -> bool:
    """Try again the facts that came before they could be used, the oldest first. True when one was used or refused for good."""
    waiting, dossier.early = dossier.early, []
    used = False
    for position, envelope in enumerate(waiting):
        try:
            kind = kinds[envelope.kind]
            content = read_content(kind.content, envelope.content, inside="content")
            if _do(dossier, Checked(None, envelope, kind, content), again=True):
                continue
        except AlreadyKnown:
            pass
        except Refusal as refusal:
            reply = _refuse(dossier, refusal, lasting(envelope), envelope)
            note_unheard(dossier, reply, lasting(envelope))  # who told it heard that it was kept
        used = True
        dossier.early += waiting[position + 1 :]
        break
    return used


def note_unheard(dossier: Dossier, reply: Reply, raw: object, kind: str = "") -> None:
    """Remember that nobody was answered about this, if it was refused; `kind` is under what name it came."""
    if reply.status is not Status.REFUSED or isinstance(raw, Unsigned):
        return  # what is not signed is somebody's step already
    stands = as_it_stands(raw)
    said = stands if isinstance(stands, Mapping) else {}
    named = [
        visible(str(said.get(name, ""))[:_LONGEST_NAME].replace("\x00", "�"), lines=False)[:_LONGEST_NAME]
        for name in ("kind", "by", "fact_id")
    ]
    unheard = Unheard(sequence=reply.sequence, kind=kind or named[0], by=named[1], fact_id=named[2])
    dossier.unheard.append(unheard)


def _do(dossier: Dossier, checked: Checked, *, again: bool = False) -> bool:
    """Journal the fact and let it take effect; True when it is kept because it is too early."""
    envelope, content = checked.envelope, checked.content
    if envelope.seen is not None:
        dossier.require_seen(envelope.seen)
    dossier.require_fits(envelope.kind)
    before = (dossier.sequence, dossier.head, len(dossier.unsaved), len(dossier.unsent))
    dossier.note(
        EntryKind.FACT,
        envelope.kind,
        at=envelope.happened_at,
        by=envelope.by,
        role=envelope.role,
        fact_id=envelope.fact_id,
        content=_journaled(content),
        **said_with(envelope),
    )
    try:
        checked.kind.handler(dossier, envelope, content)
    except TooEarly as early:
        _undo_note(dossier, before)
        dossier.early.append(envelope)
        if not again:
            dossier.note(
                EntryKind.EARLY,
                envelope.kind,
                at=envelope.happened_at,
                by=envelope.by,
                role=envelope.role,
                fact_id=envelope.fact_id,
                content=envelope.content,
                **said_with(envelope),
            )
            if isinstance(early, EarlyAndAmiss):
                raise_alarm(dossier, early.alarm, envelope.happened_at)
        return True
    except (AlreadyKnown, Refusal):
        _undo_note(dossier, before)
        raise
    return False


def _undo_note(dossier: Dossier, before: tuple[int, str, int, int]) -> None:
    dossier.sequence, dossier.head = before[0], before[1]
    del dossier.unsaved[before[2] :]
    del dossier.unsent[before[3] :]


def _refuse(dossier: Dossier, refusal: Refusal, raw: object, envelope: Envelope | None) -> Reply:
    entry = dossier.note(
        EntryKind.REFUSED,
        envelope.kind if envelope else "malformed",
        at=min(envelope.happened_at, dossier.clock) if envelope else None,
        by=envelope.by if envelope else "",
        role=envelope.role if envelope else Role.SYSTEM,
        rule=refusal.rule,
        code=refusal.code.value,
        zh=refusal.words.zh,
        en=refusal.words.en,
        where=refusal.where,
        received=_received(refusal, raw),
    )
    return Reply.refused(refusal, envelope.fact_id if envelope else "", entry.sequence)


def _received(refusal: Refusal, raw: object) -> str:
    written = _written(raw).replace("\x00", "�").replace("\\u0000", "�")
    return shown(written, LONGEST_KEPT) if isinstance(refusal, BadWriting) else written


def _written(raw: object) -> str:
    """What was received, as far as it can be written down."""
    try:
        try:
            text = canonical(raw)
        except (TypeError, ValueError):
            text = repr(raw)
    except RecursionError:
        text = "…"
    return text[:LONGEST_KEPT]
