"""One envelope for signal, update, story, file and webhook: how it is made, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from models.messages.authors import earlier_author, known_as
from models.messages.seen import Seen
from models.values.content import Content, Instant, Name, Reference
from models.values.errors import Code, Refusal
from models.values.field_errors import refusal_of
from models.values.fingerprint import canonical, digest_of_model, lasting
from models.values.vocabulary import Role, Words
from models.writing.entry import plain
from models.writing.written_numbers import Manner

SCHEMA_VERSION = 1
DECISION = "decision"
LARGEST_CONTENT = 64_000

Read = TypeVar("Read", bound=BaseModel)


class Envelope(Content):
    """A fact or a decision: who said what happened when.

    `by` is who says it, in a name space of persons, keys or customers (`models.messages.authors`). `fact_id` is that
    author's own reference (`bank/TX-20270105-7`): the same author's same id with the same content is known already, with
    other content it is refused; another author's is another fact. `happened_at` is the real time, with offset.
    """

    fact_id: Reference
    kind: Name
    schema_version: int = SCHEMA_VERSION
    by: Name
    role: Role
    happened_at: Instant
    content: dict[str, Any] = Field(default_factory=dict)
    seen: Seen | None = None
    """What was before who says it; what has moved since makes it stale (R83)."""
    in_stead_of: str = Field(default="", max_length=200)
    """For which absent colleague it was said, as their deputy (R133); the door fills it in. Empty: for nobody."""
    signature: str = Field(default="", max_length=200)
    """Whose key stands for it, where the order asks for that (`models.messages.signatures`); no part of what is said."""

    def digest(self) -> str:
        """SHA-256 of everything but fact id and signature: two envelopes with one id and the same digest are one fact."""
        return digest_of_model(self, leaving_out=("fact_id", "signature"))

    def known_as(self) -> str:
        """Under which name an order knows this fact: in the space of its author."""
        return known_as(self.by, self.fact_id)

    def earlier_digest(self) -> str:
        """The digest that the same author's same fact had before authors had name spaces."""
        return self.model_copy(update={"by": earlier_author(self.by)}).digest()


def said_with(envelope: Envelope) -> dict[str, Any]:
    """What a journal entry says beside the content: what was seen, and in whose stead it was said; only what was told."""
    seen = {} if envelope.seen is None else {"seen": lasting(envelope.seen)}
    return seen | ({"in_stead_of": envelope.in_stead_of} if envelope.in_stead_of else {})


def told_with(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same for the envelope, from the `data` of the entry."""
    return {name: said[name] for name in ("seen", "in_stead_of") if name in said}


def envelope_json(
    fact_id: str,
    kind: str,
    content: Mapping[str, Any],
    *,
    by: str,
    role: Role,
    happened_at: datetime | str,
    seen: Seen | None = None,
) -> dict[str, Any]:
    """An envelope as it travels: the one place that puts it together. Nothing is checked; the order does that.

    `happened_at` is the real time, with its offset from UTC, or as another system wrote it.
    """
    return {
        "fact_id": fact_id,
        "kind": kind,
        "schema_version": SCHEMA_VERSION,
        "by": by,
        "role": role.value,
        "happened_at": happened_at if isinstance(happened_at, str) else happened_at.isoformat(),
        "content": dict(content),
        **({"seen": lasting(seen)} if seen is not None else {}),
    }


ENGINE = "temporal"
"""Who speaks where the engine itself has something to say."""


def engine_envelope(kind: str, content: Mapping[str, Any], run_id: str, now: datetime) -> dict[str, Any]:
    """A fact that the engine itself gives, at most one of a kind in a run."""
    fact_id = f"{ENGINE}/{kind}-{run_id}"
    return envelope_json(fact_id, kind, content, by=ENGINE, role=Role.SYSTEM, happened_at=now)


def read_envelope(raw: object) -> Envelope:
    """The envelope in `raw`.

    Raises Refusal (`malformed`, `unknown_field`, `missing_field`) that says where and what is allowed.
    """
    if not isinstance(raw, Mapping):
        raise Refusal(
            Code.MALFORMED,
            Words("内容必须是一个 JSON 对象（信封）", "what arrives is one JSON object, the envelope"),
        )
    envelope = read_content(Envelope, raw)
    if envelope.schema_version != SCHEMA_VERSION:
        raise Refusal(
            Code.MALFORMED,
            Words(
                "不认识的版本 {given}，应为 {known}", "schema version {given} is not known; {known} is"
            ).filled(given=envelope.schema_version, known=SCHEMA_VERSION),
            where="schema_version",
        )
    if len(canonical(envelope.content)) > LARGEST_CONTENT:
        raise Refusal(
            Code.MALFORMED,
            Words(
                "内容过大，最多 {most} 个字符", "the content is too large; {most} characters at most"
            ).filled(most=LARGEST_CONTENT),
            where="content",
        )
    return envelope


def read_content(model: type[Read], raw: Any, *, inside: str = "") -> Read:
    """`raw` as the model asked for, or a Refusal naming the first field that is wrong and what it may be."""
    try:
        return model.model_validate(raw)
    except ValidationError as invalid:
        raise refusal_of(invalid, inside=inside) from None
    except RecursionError:
        raise Refusal(Code.MALFORMED, Words("嵌套过深", "nested too deeply"), where=inside) from None


def read_entered(model: type[Read], raw: Any, manner: Manner, *, inside: str = "") -> Read:
    """What comes in, brought into plain writing (`models.writing.entry`) and read. Raises Refusal as `read_content`."""
    try:
        written = plain(model, raw, manner, inside=inside)
    except RecursionError:
        written = raw
    return read_content(model, written, inside=inside)
