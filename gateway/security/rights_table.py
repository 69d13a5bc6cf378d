"""Who gets in where, read off the routes themselves; `python -m gateway.security.rights_table` writes it into docs/security.md."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi.routing import APIRoute

from gateway.app import ROUTERS
from gateway.context import service
from gateway.security.own_origin import FOR_THE_UI
from gateway.security.staff_sessions import arrived, staff
from models.access import OUTSIDERS, PLACES, SEES_ALL
from models.decisions.subjects import SUBJECTS
from models.facts.fact_kinds import FACT_KINDS
from models.facts.speakers import who_may
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.values.vocabulary import Role, Term
from runtime.settings import ROOT

DOCUMENT = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- tables -->", "<!-- end of tables -->"


class Entry(Term):
    """What a caller must show to be let into a route."""

    OPEN = "open", "公开", "open"
    KEY = "key", "服务密钥", "a service's key"
    STAFF = "staff", "员工登录", "a log-in of staff"
    LINK = "link", "客户链接", "a customer's link"
    ACCOUNT = "account", "客户登录", "a customer's log-in"
    SIGNED = "signed", "发送方签名", "a sender's signature"


class Who(Term):
    """Which sort of caller knocks: the columns of the table of routes."""

    NOBODY = "nobody", "无凭证", "nobody"
    KEY = "key", "密钥", "key"
    OWN_KEY = "own_key", "员工本人的密钥", "a person's own key"
    OTHER_KEY = "other_key", "别家客户的密钥", "key of other customers"
    STAFF = "staff", "员工", "staff"
    FORGED_FORM = "forged_form", "伪造表单", "staff, form from elsewhere"
    LINK = "link", "客户链接", "link"
    CHANGED_LINK = "changed_link", "改动的链接", "changed link"
    ACCOUNT = "account", "客户登录", "a customer's log-in"
    SIGNED = "signed", "有效签名", "signed"


_RECEIPT_ACTS = "POST /v1/receipts/{number}/acts"
BY_PERSONS = frozenset(
    (
        "POST /v1/products",
        _RECEIPT_ACTS,
        *(f"POST /v1/orders/{{number}}/{path}" for path in ("decisions", "hold", "resume")),
    )
)
"""What no service says, of whatever roles its key is: a person with their own key does."""


class Answer(Term):
    """Whether a caller is let in, must log in first, is not allowed, or is told that there is no such order: the cells of
    the table of routes."""

    IN = "in", "可入", "in"
    LOG_IN = "401", "须先登录", "401"
    NOT_YOURS = "403", "无权", "403"
    UNKNOWN = "404", "没有", "404"


OF_ACCOUNTS = (
    "/c/orders", "/c/quotes", "/c/contracts", "/c/cases", "/c/rating", "/shop/account", "/shop/checkout", "/shop/done",
    "/shop/orders",
)  # fmt: skip
"""What a customer sees after a log-in."""
_OF_ONE_CASE = ("/v1/quotes/", "/v1/cases/", "/v1/contracts/", "/v1/endpoints/", "/v1/receipts/")
_OF_SERVICES = ("/v1/endpoints", "/v1/events")
"""What belongs to services by the names of their keys: no person has any."""
_OPEN_TO_KEYS = "/v1/events/schemas"


@dataclass(frozen=True, slots=True)
class Entrance:
    """One route."""

    method: str
    path: str
    entry: Entry

    @property
    def name(self) -> str:
        """Method and path, as the table of routes names it."""
        return f"{self.method} {self.path}"

    def answer(self, who: Who) -> Answer:
        """What this sort of caller is answered at this route."""
        own = {
            Entry.KEY: {Who.KEY, Who.OWN_KEY, Who.OTHER_KEY},
            Entry.STAFF: {Who.STAFF, Who.FORGED_FORM},
            Entry.LINK: {Who.LINK},
            Entry.ACCOUNT: {Who.ACCOUNT},
            Entry.SIGNED: {Who.SIGNED},
        }
        if self.entry is Entry.OPEN:
            return Answer.IN
        if who not in own[self.entry]:
            return Answer.LOG_IN
        of_one = (
            "/orders/" in self.path or self.path.startswith(_OF_ONE_CASE) or self.name == "POST /v1/cases"
        )
        if who is Who.OTHER_KEY and self.name == _RECEIPT_ACTS:
            return Answer.NOT_YOURS
        if who is Who.OTHER_KEY and of_one:
            return Answer.UNKNOWN
        foreign = who is Who.OTHER_KEY and self.name in (
            "POST /v1/orders",
            "POST /v1/quotes",
            "POST /v1/products",
            "POST /v1/receipts",
        )
        by_persons = who is Who.KEY and self.name in BY_PERSONS
        by_services = self.path.startswith(_OF_SERVICES) and self.path != _OPEN_TO_KEYS
        if who is Who.OWN_KEY and by_services:
            return Answer.NOT_YOURS
        forged = who is Who.FORGED_FORM and self.method == "POST" and not self.path.startswith(FOR_THE_UI)
        return Answer.NOT_YOURS if foreign or forged or by_persons else Answer.IN


def entrances() -> Iterator[Entrance]:
    """Every route."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                for method in sorted(route.methods or ()):
                    yield Entrance(method, route.path, _entry(route))


def _entry(route: APIRoute) -> Entry:
    needs = {dependency.call for dependency in route.dependant.dependencies}
    if service in needs:
        return Entry.KEY
    if needs & {staff, arrived}:
        return Entry.STAFF
    if route.path.startswith("/c/{token}"):
        return Entry.LINK
    if route.path.startswith(OF_ACCOUNTS):
        return Entry.ACCOUNT
    return Entry.SIGNED if route.path.startswith(("/hooks/", "/shop/callbacks/")) else Entry.OPEN


def _table(head: list[str], rows: Iterator[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def tables() -> str:
    """The three tables."""
    staff_roles = [role for role in Role if role not in OUTSIDERS - {Role.LOGISTICS}]
    routes = _table(
        ["route", "entered by", *(who.en for who in Who)],
        ([f"`{door.name}`", door.entry.en, *(door.answer(who).en for who in Who)] for door in entrances()),
    )
    people = _table(
        ["role", "sees", "places orders"],
        (
            [
                f"{role.zh} `{role.value}`",
                "every order" if role in SEES_ALL else "the own orders",
                "yes" if role in PLACES else "403",
            ]
            for role in staff_roles
        ),
    )
    said = [(kind, fact.words.en, who_may(kind)) for kind, fact in FACT_KINDS.items() if kind != DECISION]
    said += [(f"decision {each.value}", each.en, SUBJECTS[each].roles) for each in Subject]
    facts = _table(
        ["said", "in words", "by (all other roles: 403)"],
        ([f"`{kind}`", words, ", ".join(role.value for role in may)] for kind, words, may in said),
    )
    return f"{BEGIN}\n\n### Routes\n\n{routes}\n\n### Staff\n\n{people}\n\n### Facts and decisions\n\n{facts}\n\n{END}"


def written(document: str) -> str:
    """The document with its tables made anew."""
    before, _, rest = document.partition(BEGIN)
    return before + tables() + rest.partition(END)[2]


def main() -> int:
    """Write the tables into docs/security.md; returns the exit code."""
    file = Path(DOCUMENT)
    file.write_text(written(file.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
