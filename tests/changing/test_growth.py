"""An optional field may be added to any model while orders are open: no hash, no journal and no recording becomes another.

The field is put into the source text of every model that is persisted or carried, in a copy of the tree, and the copy
works out all digests anew. Then the copy goes back to dumping whole models, and must be found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from models.messages.envelope import read_envelope
from models.request.order_start import OrderStart
from models.values.first_fields import FIRST_FIELDS
from tests.changing.trees import HERE, Edit, Tree, persisted_models
from tests.replay.corpus import manifest
from tests.replay.durable_types import BESIDE_ORDERS, CARRIED
from workflows.engine.carried import Carried, state_digest

PROGRAM = "tests.changing.digests"
REPLAYED = (
    "class-b-same-day+continued",
    "small-guaranteed-dies+continued",
    "amended-after-confirmation",
    "late-and-damaged",
    *sorted(set(manifest()) & {"continued-with-newer-holidays"}),
    "quote-expired-through-runs",
    "case-every-signal",
    "contract-lapsed-through-runs",
)
FIELDS = ("later_field: str | None = None", "later_names: tuple[str, ...] = ()", "later_count: int = 0")
"""Optional in each of the ways in which a field is: it may be missing, empty, or nothing."""
FEW = ("--lives", "3")
EVERY = ("--every", os.environ.get("EVERY_LIFE", "6"))
"""Each third life of the stories in CI; all of them in `make endurance`."""


@pytest.fixture(scope="module")
def today() -> Any:
    """What the untouched tree works out."""
    return Tree(HERE).run(PROGRAM, "--recorded", *EVERY)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The tree in which every model has one more field."""
    tree = Tree.copied_to(tmp_path_factory.mktemp("grown"))
    assert set(FIRST_FIELDS) <= set(tree.add_to_every_model(*FIELDS))
    return tree


@pytest.fixture(scope="module")
def later(grown: Tree) -> Any:
    """What the grown tree works out."""
    return grown.run(PROGRAM, "--recorded", *EVERY, "--replay", *REPLAYED)


def differing(now: Any, then: Any, where: str = "") -> Iterator[str]:
    """The places at which two pieces of plain data are not the same."""
    if isinstance(now, dict) and isinstance(then, dict):
        for name in {**now, **then}:
            yield from differing(now.get(name), then.get(name), f"{where}.{name}" if where else name)
    elif now != then:
        yield where


def test_every_model_of_the_table_is_found_by_walking() -> None:
    names = {model.__name__ for model in persisted_models()}
    assert set(FIRST_FIELDS) <= names
    assert {
        "OrderStart",
        "Carried",
        "Envelope",
        "Reply",
        "Burst",
        "Order",
        "ContactLogged",
        "Policy",
        "CarriedQuote",
        "CarriedAfterSales",
        "CarriedContract",
        "QuoteStart",
        "CaseGoods",
        "ContractTerms",
    } <= names


def test_no_digest_and_no_journal_becomes_another(today: Any, later: Any) -> None:
    assert list(differing(later["lives"], today["lives"])) == []
    assert later["calendar"] == today["calendar"]


@pytest.mark.parametrize("workflow", BESIDE_ORDERS)
def test_the_next_run_of_a_case_is_read_by_the_program_before(workflow: str, today: Any, later: Any) -> None:
    word = BESIDE_ORDERS[workflow].word
    assert "later_" not in str(later["wire"][word])
    carried, known = (CARRIED[workflow].model_validate(each["wire"][word]) for each in (later, today))
    assert state_digest(carried.dossier) == state_digest(known.dossier)


def test_recorded_orders_live_the_same_life_again(later: Any) -> None:
    assert later["replayed"] == {name: [] for name in REPLAYED}


def test_the_recorder_writes_the_same_rows(today: Any, later: Any) -> None:
    assert later["recorded"] == today["recorded"]


def test_what_the_later_program_sends_is_read_by_the_one_before(today: Any, later: Any) -> None:
    """Both run side by side while one is rolled out, and the later one may be taken back."""
    sent, before = later["wire"], today["wire"]
    assert (sent["start"], sent["fact"]) == (before["start"], before["fact"])
    OrderStart.model_validate(sent["start"])
    read_envelope(sent["fact"])
    # Sets have no order of their own, so the state is compared by what it says.
    assert "later_" not in str(sent["carried"])
    carried, known = (Carried.model_validate(each["carried"]) for each in (sent, before))
    assert state_digest(carried.order) == state_digest(known.order)


# --- and this can fail -----------------------------------------------------------------------------------------------

_FINGERPRINT = "models/values/fingerprint.py"
BACK_TO_WHOLE_MODELS = {
    "lasting": (
        Edit(_FINGERPRINT, "    pruned: dict[str, Any] = _pruned(content, dumped)\n    return pruned", "    return dumped"),
        {"request", "envelopes", "sheets", "rows", "states"},
    ),
    "compact": (
        Edit(_FINGERPRINT, "for name in counting(value)}\n    if issubclass(kind, Mapping)",
             "for name in type(value).model_fields}\n    if issubclass(kind, Mapping)"),
        {"states"},
    ),
    "counting": (
        Edit(_FINGERPRINT, "if name in first or getattr(content, name) != default", "if True or first or default"),
        {"request", "envelopes", "sheets", "rows", "states"},
    ),
    "what was ordered, in the journal": (
        Edit("workflows/procedure.py", 'model_dump(mode="json", exclude_defaults=True)', 'model_dump(mode="json")'),
        {"journal"},
    ),
    "what was told, in the journal": (
        Edit("models/dossier/receive.py", 'model_dump(mode="json", exclude_defaults=True)', 'model_dump(mode="json")'),
        {"journal"},
    ),
    "what a case is about, in the journal": (
        Edit("workflows/aftersales.py", "goods=lasting(start.goods)", 'goods=start.goods.model_dump(mode="json")'),
        {"journal"},
    ),
    "an order's start": (
        Edit("models/request/order_start.py", "without_later_defaults(self, dump(self))", "dump(self)"),
        {"start"},
    ),
    "what a run gives to the next": (
        Edit("workflows/engine/carried_case.py", "without_later_defaults(self, plain(self))", "plain(self)"),
        {"carried"},
    ),
}  # fmt: skip


@pytest.fixture
def edited(grown: Tree) -> Iterator[Callable[[Edit], Tree]]:
    """The grown tree with one edit, which is taken back afterwards."""
    before: dict[Path, str] = {}

    def edit(change: Edit) -> Tree:
        file = grown.folder / change.file
        before[file] = file.read_text()
        grown.edit(change)
        return grown

    yield edit
    for file, text in before.items():
        file.write_text(text)


@pytest.fixture(scope="module")
def few_today() -> Any:
    """What the untouched tree works out for a few lives."""
    return Tree(HERE).run(PROGRAM, *FEW)


@pytest.mark.parametrize("place", BACK_TO_WHOLE_MODELS)
def test_whole_models_in_what_is_compared_are_found(
    place: str, edited: Callable[[Edit], Tree], few_today: Any
) -> None:
    edit, expected = BACK_TO_WHOLE_MODELS[place]
    found = edited(edit).run(PROGRAM, *FEW)
    red = {each.split(".")[-1] for each in differing(found["lives"], few_today["lives"])}
    red |= {name for name in found["wire"] if "later_field" in str(found["wire"][name])}
    assert expected <= red
