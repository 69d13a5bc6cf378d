"""Facts and decisions as they are typed: `--set path=value`, `--json`, who, when and under which id."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from models.facts.fact_envelope import fact_envelope
from models.facts.fact_kinds import FACT_KINDS
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactKind
from models.messages.json_text import NotJson, read_json
from models.messages.seen import Seen
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_dates import plain_moment
from models.writing.written_numbers import Manner

_SPELLED = {"true": True, "false": False, "null": None}


def content_of(text: str | None, settings: Iterable[str]) -> dict[str, Any]:
    """The content given as JSON, with each `path=value` put into it. Raises Refusal(malformed)."""
    content: Any = {}
    if text:
        try:
            content = read_json(text)
        except NotJson as wrong:
            raise Refusal(Code.MALFORMED, wrong.words, where="--json") from None
        if not isinstance(content, dict):
            raise Refusal(
                Code.MALFORMED, Words("--json 应为一个对象", "--json is one object"), where="--json"
            )
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path.strip():
            words = Words(f"--set 应写成 路径=值，不是 {setting}", f"write --set path=value, not {setting}")
            raise Refusal(Code.MALFORMED, words, where="--set")
        _put(content, path.strip().split("."), _value(value), setting)
    return dict(content)


def _value(text: str) -> Any:
    """Texts stay texts (numbers too: the order reads them exactly); only true, false, null and JSON are more."""
    if text in _SPELLED:
        return _SPELLED[text]
    if text[:1] in ("{", "["):
        try:
            return read_json(text)
        except NotJson:
            return text
    return text


def _put(target: Any, path: list[str], value: Any, setting: str) -> None:
    for place, name in enumerate(path):
        last = place == len(path) - 1
        following: Any = value if last else ([] if path[place + 1].isdigit() else {})
        if isinstance(target, list) and name.isdigit() and int(name) <= len(target):
            if int(name) == len(target):
                target.append(following)
            elif last:
                target[int(name)] = value
            target = target[int(name)]
        elif isinstance(target, dict):
            if last or name not in target:
                target[name] = following
            target = target[name]
        else:
            words = Words(f"--set {setting}：路径走不通", f"--set {setting}: there is no such place")
            raise Refusal(Code.MALFORMED, words, where="--set")


def moment_of(text: str | None) -> datetime:
    """A time as typed; without an offset it is business time (+08:00). Nothing means now."""
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(plain_moment(text, Manner.TYPED))
    except ValueError:
        words = Words(
            f"时间写成 2027-01-05T09:30，不是 {text}", f"write the time as 2027-01-05T09:30, not {text}"
        )
        raise Refusal(Code.MALFORMED, words, where="--at") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=BUSINESS_ZONE)


def role_of(text: str | None, default: Role) -> Role:
    """A role as typed, by name or Chinese label."""
    if text is None:
        return default
    for role in Role:
        if text in (role.value, role.zh):
            return role
    words = Words("没有角色 {text}。角色有：{allowed}", "there is no role {text}; there are: {allowed}")
    raise Refusal(Code.WRONG_ROLE, words.filled(text=text, allowed=roles_to_type()), where="--role")


def roles_to_type() -> Words:
    """Every role as it is typed, with what it is called."""
    return Words.listed(Words(f"{role.value}（{role.zh}）", f"{role.value} ({role.en})") for role in Role)


def envelope_of(
    kind: str, content: dict[str, Any], *, by: str | None, role: str | None, at: str | None, fact_id: str | None,
    usual_role: Role | None = None, seen: Seen | None = None, kinds: Mapping[str, FactKind] = FACT_KINDS,
) -> Envelope:  # fmt: skip
    """The envelope, read once here so that a slip of the pen is told before anything is sent."""
    known = kinds.get(kind)
    if known is None:
        allowed = ", ".join(kinds)
        raise Refusal(
            Code.UNKNOWN_FACT,
            Words(f"没有事实 {kind}。有：{allowed}", f"there is no fact {kind}; there are: {allowed}"),
            where="FACT",
        )
    if not by:
        raise Refusal(
            Code.MISSING_FIELD,
            Words(
                "请用 --by 说明是谁说的，或设 DINGDAN_PERSON",
                "say who says it with --by, or set DINGDAN_PERSON",
            ),
            where="--by",
        )
    return fact_envelope(
        fact_id or f"starter/{uuid.uuid4()}",
        kind,
        content,
        by=by,
        role=role_of(role, usual_role or known.roles[0]),
        happened_at=moment_of(at),
        seen=seen,
        manner=Manner.TYPED,
        kinds=kinds,
    )
