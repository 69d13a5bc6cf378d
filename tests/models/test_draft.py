"""An order that is being written: every mistake at its field, the rest used, and nothing refused for being empty."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.access import Caller, CallerKind
from models.forms.order_form import (
    AFTER,
    BEFORE,
    line_fields,
    lines_in,
    request_in,
    without_line,
)
from models.request.order_draft import draft_of
from models.request.order_request import OrderRequest, RequestLine
from models.values.errors import Refusal
from models.values.vocabulary import Role
from tests.models.life import REQUEST

CLERK = Caller(name="chen", kind=CallerKind.STAFF, roles=(Role.QUALITY, Role.SERVICE_CLERK))


def line(**fields: Any) -> dict[str, Any]:
    return {"line": 1, "product": "TP-80", "quantity": "10", "unit": "roll", "unit_price": "2.50", **fields}


def test_a_complete_order_is_as_it_is_sent() -> None:
    draft = draft_of(REQUEST)
    assert draft.request == OrderRequest.model_validate(REQUEST)
    assert (dict(draft.problems), draft.empty, str(draft.total)) == ({}, frozenset(), "5000.00")


def test_mistakes_stand_at_their_fields_and_the_rest_is_used() -> None:
    values = {
        **REQUEST,
        "channel": "pigeon",
        "wanted_date": "soon",
        "lines": [line(quantity="-1"), line(line=2)],
    }
    draft = draft_of(values)
    assert set(draft.problems) == {"channel", "wanted_date", "lines.0.quantity"}
    assert draft.request.wanted_date is None
    assert draft.request.contact == "王芳"
    assert str(draft.total) == "25.00"
    assert not draft.has("lines.0.quantity")
    assert draft.has("lines.1.quantity")


def test_what_is_not_written_yet_is_empty_and_no_mistake() -> None:
    draft = draft_of({"request_id": "door/1", "entered_by": "chen", "lines": [{"line": 1}]})
    assert not draft.problems
    assert draft.empty == {"channel", "customer", "lines.0.product", "lines.0.quantity", "lines.0.unit"}
    assert draft.total == 0


def test_an_order_without_lines_is_refused_as_a_whole() -> None:
    with pytest.raises(Refusal):
        draft_of({**REQUEST, "lines": []})


TEXTS = st.text(max_size=12)
PATHS = [each.path for group in (*BEFORE, *AFTER) for each in group.fields] + [
    each.path for each in line_fields(0)
]


@given(
    st.dictionaries(st.sampled_from(PATHS), TEXTS),
    st.dictionaries(st.sampled_from([e.path for e in line_fields(2)]), TEXTS),
)
def test_whatever_is_typed_has_an_answer(filled: dict[str, str], third: dict[str, str]) -> None:
    typed = {"request_id": "door/1", **filled, **third}
    draft = draft_of(request_in(typed, CLERK))
    assert len(draft.request.lines) == (3 if third else 1)
    known = {"request_id", *PATHS, *(each.path for n in (1, 2) for each in line_fields(n))}
    assert set(draft.problems) | draft.empty <= known


def test_the_form_holds_every_field_that_a_person_fills_in() -> None:
    names = {each.path for group in (*BEFORE, *AFTER) for each in group.fields}
    not_asked = {
        "request_id",
        "entered_by",
        "entered_role",
        "on_behalf_of",
        "lines",
        "unclear",
        "quote",
        "awaits_quote",
        "replaces",
        "shop",
    }
    assert names == set(OrderRequest.model_fields) - not_asked
    assert {each.path.rpartition(".")[2] for each in line_fields(0)} == set(RequestLine.model_fields) - {
        "line"
    }


def test_what_is_filled_in_is_the_request_of_the_person() -> None:
    filled = {"request_id": "door/1", "customer": " K1 ", "checkpoints": "开印;复卷; ", "read_back": "true", "unclear.packing": "yes",
              "entered_by": "someone", "lines.0.product": "A", "lines.2.product": "C"}  # fmt: skip
    values = request_in(filled, CLERK)
    assert (values["entered_by"], values["entered_role"]) == ("chen", "service_clerk")
    assert (values["customer"], values["checkpoints"], values["read_back"]) == ("K1", ["开印", "复卷"], True)
    assert values["unclear"] == ["packing"]
    assert values["lines"] == [{"line": 1, "product": "A"}, {"line": 2}, {"line": 3, "product": "C"}]
    shorter = without_line(filled, 1)
    assert lines_in(shorter) == 2
    assert shorter["lines.1.product"] == "C"
    assert lines_in({"lines.999.product": "x"}) == 50
