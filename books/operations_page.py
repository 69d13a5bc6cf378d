"""The part of the operator's handbook that comes from the code: every kind of being stuck."""

from __future__ import annotations

from collections.abc import Iterator

from books.markdown import code, refilled, table
from models.handlers.corrections import CORRECTIONS
from models.values.vocabulary import Role, Words
from runtime.watch.stuck_kinds import STUCK


def operations_page(page: str) -> str:
    """The page with its tables made anew."""
    return refilled(page, {"stuck": "\n\n".join(_kinds()), "corrections": _corrections()})


def _kinds() -> Iterator[str]:
    for kind, row in STUCK.items():
        yield f"### {kind.zh} {kind.en}"
        role = " --waiting ROLE" if "{role}" in row.query else ""
        yield code(f"starter.py list --stuck {kind.value}{role}")
        said = (
            (Words("样子", "what it looks like"), row.looks_like),
            (Words("原因", "why"), row.why),
            (Words("怎么办", "what to do"), row.what_to_do),
        )
        lines = [f"- **{head.zh} {head.en}**: {text.zh}。 · {text.en}." for head, text in said]
        if row.query:
            lines.append(f"- **query**: {code(row.query)}")
        yield "\n".join(lines)


def _corrections() -> str:
    return table(
        ("`what`", "更正什么 what is put right", "谁同意 who agrees"),
        ((code(what.value), f"{what.zh} · {what.en}", _who(rule.role)) for what, rule in CORRECTIONS.items()),
    )


def _who(role: Role | None) -> str:
    return f"{role.zh} · {role.en}" if role is not None else "任一员工 · anybody of the staff"
