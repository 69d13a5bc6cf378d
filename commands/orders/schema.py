"""`schema`: the JSON Schema of an order, a quote, a case, a contract, of each fact, of each decision, and of a story."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from commands.session import session
from models.cases.case_request import CaseRequest
from models.contracts.contract_request import ContractRequest
from models.decisions.subjects import SUBJECTS
from models.facts.known_facts import KNOWN_FACTS
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION, Envelope
from models.quotes.quote_request import QuoteRequest
from models.request.order_request import OrderRequest
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.story import Company, Story

REQUESTS: dict[str, type[Content]] = {
    "order": OrderRequest,
    "quote": QuoteRequest,
    "case": CaseRequest,
    "contract": ContractRequest,
}
"""What is asked for, by what it begins."""
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(name: str) -> dict[str, Any]:
    """One schema. Raises Refusal(unknown_fact) with the names there are."""
    plain: dict[str, type[Content]] = {
        **REQUESTS,
        "envelope": Envelope,
        "story": Story,
        "company": Company,
    }
    if name in plain:
        return {"$schema": DRAFT, **plain[name].model_json_schema()}
    if name in KNOWN_FACTS and name != DECISION:
        kind = KNOWN_FACTS[name]
        about = {"title": name, "description": f"{kind.words.zh} · {kind.words.en}"}
        roles = [role.value for role in kind.roles]
        return {"$schema": DRAFT, **kind.content.model_json_schema(), **about, "x-roles": roles}
    if name.startswith(f"{DECISION}:"):
        return _decision(name.removeprefix(f"{DECISION}:"))
    raise Refusal(
        Code.UNKNOWN_FACT,
        Words(
            f"没有 {name}。有：{', '.join(names())}", f"there is no {name}; there are: {', '.join(names())}"
        ),
        where="NAME",
    )


def _decision(name: str) -> dict[str, Any]:
    if name not in {subject.value for subject in Subject}:
        allowed = ", ".join(subject.value for subject in Subject)
        words = Words(f"没有 {name}。有：{allowed}", f"there is no subject {name}; there are: {allowed}")
        raise Refusal(Code.UNKNOWN_SUBJECT, words, where="NAME")
    subject = next(each for each in Subject if each.value == name)
    rule = SUBJECTS[subject]
    return {
        "$schema": DRAFT,
        "title": f"{DECISION}:{name}",
        "description": f"{subject.zh} · {subject.en} ({rule.rule})",
        "x-roles": [role.value for role in rule.roles],
        "type": "object",
        "required": ["subject", "outcome", "note_reference"],
        "additionalProperties": False,
        "properties": {
            "subject": {"const": name},
            "outcome": {"enum": [outcome.value for outcome in rule.outcomes]},
            "line": {"type": ["integer", "null"]},
            "version": {"type": ["integer", "null"]},
            "note_reference": {"type": "string", "minLength": 1},
            "detail": {"type": "object"},
        },
        "allOf": [
            {
                "if": {"properties": {"outcome": {"const": outcome.value}}},
                "then": {"properties": {"detail": rule.detail_for(outcome).model_json_schema()}},
            }
            for outcome in rule.outcomes
        ],
    }


def names() -> list[str]:
    """Everything that has a schema."""
    facts = [name for name in KNOWN_FACTS if name != DECISION]
    return [
        *REQUESTS,
        "envelope",
        "story",
        "company",
        *facts,
        *(f"{DECISION}:{subject.value}" for subject in Subject),
    ]


def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            help="order、quote、case、contract、story、某个事实或 decision：某事 · one of them; all without"
        ),
    ] = None,
) -> None:
    """JSON Schema：订单、询价、售后、合同、每个事实、每个决定、故事 · of an order, a quote, a case, a contract, each fact …

    starter.py schema order | starter.py schema case | starter.py schema payment_received | starter.py schema decision:price
    """
    current = session(as_json=True)
    current.speech.data(schema_of(name) if name else {each: schema_of(each) for each in names()})
