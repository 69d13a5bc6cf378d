"""One envelope for signal, update, story, file and webhook (DESIGN §2), and how it is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from models.content import Content, Instant, Name, Reference
from models.errors import Code, Refusal
from models.vocabulary import Role, Words

SCHEMA_VERSION = 1
DECISION = "decision"
LARGEST_CONTENT = 64_000

Read = TypeVar("Read", bound=BaseModel)


class Envelope(Content):
    """A fact or a decision: who said what happened when.

    `fact_id` is the sender's name and reference (`bank/TX-20270105-7`): the same id with the same content is
    known already, with other content it is refused. `happened_at` is the real time, with offset.
    """

    fact_id: Reference
    kind: Name
    schema_version: int = SCHEMA_VERSION
    by: Name
    role: Role
    happened_at: Instant
    content: dict[str, Any] = Field(default_factory=dict)

    def digest(self) -> str:
        """What makes two envelopes with one fact id the same."""
        return digest_of(self.model_dump(mode="json", exclude={"fact_id"}))


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks: one text for one content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def read_envelope(raw: object) -> Envelope:
    """The envelope in `raw`.

    Raises Refusal (`malformed`, `unknown_field`, `missing_field`) that says where and what is allowed.
    """
    if not isinstance(raw, Mapping):
        raise Refusal(
            Code.MALFORMED,
            Words("内容必须是一个 JSON 对象(信封)", "what arrives is one JSON object, the envelope"),
        )
    envelope = read_content(Envelope, raw)
    if envelope.schema_version != SCHEMA_VERSION:
        raise Refusal(
            Code.MALFORMED,
            Words(
                "不认识的版本 {given},应为 {known}", "schema version {given} is not known; {known} is"
            ).filled(given=envelope.schema_version, known=SCHEMA_VERSION),
            where="schema_version",
        )
    if len(canonical(envelope.content)) > LARGEST_CONTENT:
        raise Refusal(
            Code.MALFORMED,
            Words(
                "内容过大,最多 {most} 个字符", "the content is too large; {most} characters at most"
            ).filled(most=LARGEST_CONTENT),
            where="content",
        )
    return envelope


_FIELD_CODES: dict[str, Code] = {
    "unit": Code.WRONG_UNIT,
    "channel": Code.UNKNOWN_CHANNEL,
    "quantity": Code.BAD_QUANTITY,
    "unit_price": Code.BAD_MONEY,
    "amount": Code.BAD_MONEY,
    "customer_class": Code.UNKNOWN_CLASS,
    "fulfilment": Code.NOT_OFFERED,
    "outcome": Code.UNKNOWN_OUTCOME,
}


def read_content(model: type[Read], raw: Any, *, inside: str = "") -> Read:
    """`raw` as the model asked for, or a Refusal naming the first field that is wrong and what it may be."""
    try:
        return model.model_validate(raw)
    except ValidationError as invalid:
        raise refusal_of(invalid, inside=inside) from None
    except RecursionError:
        raise Refusal(Code.MALFORMED, Words("嵌套过深", "nested too deeply"), where=inside) from None


def refusal_of(invalid: ValidationError, *, inside: str = "") -> Refusal:
    """The first error of a failed reading as a refusal in plain words, the other fields named with it."""
    errors = invalid.errors(include_url=False, include_input=False)
    places = [
        ".".join(str(part) for part in (*((inside,) if inside else ()), *error["loc"])) for error in errors
    ]
    first, where = errors[0], places[0]
    others = f" (+{', '.join(places[1:4])})" if len(places) > 1 else ""
    field = next((str(part) for part in reversed(first["loc"]) if isinstance(part, str)), "")
    if first["type"] == "missing":
        return Refusal(
            Code.MISSING_FIELD,
            Words(f"缺少必填项 {where}{others}", f"the field {where} is missing{others}"),
            where=where,
        )
    if first["type"] == "extra_forbidden":
        return Refusal(
            Code.UNKNOWN_FIELD,
            Words(f"没有 {where} 这一项{others}", f"there is no field {where}{others}"),
            where=where,
        )
    message = first["msg"].removeprefix("Value error, ")
    return Refusal(
        _FIELD_CODES.get(field, Code.MALFORMED),
        Words(f"{where} 填写有误:{message}{others}", f"{where}: {message}{others}"),
        where=where,
    )
