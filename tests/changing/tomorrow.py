"""Tomorrow's source text: one change of each kind, as docs/changing-open-orders.md says to make it, and two careless ones."""

from __future__ import annotations

from models.values.editions import NEWEST
from tests.changing.trees import Edit, Tree

NEW_FIELD = (
    Edit(
        "models/request/order_request.py",
        "    unclear: tuple[",
        '    incoterm: Text = ""\n    """The trade term that the customer names; empty where none was named."""\n    unclear: tuple[',
    ),
)
"""An optional field."""

NEW_EDITION = (
    Edit(
        "models/values/editions.py",
        "    ONE_LETTER_FOR_ALL_PRICES = 2\n",
        f"    GOODS_ARE_INSURED = {NEWEST + 1}\n"
        '    """Finance insures the goods before production."""\n'
        "    ONE_LETTER_FOR_ALL_PRICES = 2\n",
    ),
)
"""An edition for the new rule."""

_RULE = f"R{15}"
"""Not spelled out: the page of rules would count this among the tests of the rule."""

NEW_DECISION = (
    Edit(
        "models/messages/decision_subjects.py",
        '    THREE_PARTY = "three_party",',
        f'    INSURANCE = "insurance", "货物保险", "insurance of the goods", "{_RULE}"\n    THREE_PARTY = "three_party",',
    ),
    Edit(
        "models/decisions/acceptance.py",
        "ROWS = (\n",
        "ROWS = (\n    SubjectRule(Subject.INSURANCE, (_R.FINANCE,), (_O.APPROVE,)),\n",
    ),
)
"""A decision: a subject and its row. Nothing asks for it yet."""

_SETTLE = """    if _three_parties(order, sheet):
        ask(order, Subject.THREE_PARTY,"""
_NEEDS = """    if _three_parties(order, sheet):
        yield from _three_parties_confirm(order)
"""


def gate(binds: str) -> tuple[Edit, ...]:
    """The new decision is asked for before production, of orders for which `binds` holds."""
    return (
        Edit(
            "workflows/phases/confirmation.py",
            _SETTLE,
            f'    if {binds}:\n        ask(order, Subject.INSURANCE, {{"total": order.total}})\n{_SETTLE}',
        ),
        Edit(
            "workflows/phases/confirmation.py",
            _NEEDS,
            f"    if {binds}:\n        yield from decision_needed(order, Subject.INSURANCE)\n{_NEEDS}",
        ),
        Edit(
            "workflows/phases/confirmation.py",
            "from models.values.fingerprint import",
            "from models.values.editions import Edition\nfrom models.values.fingerprint import",
        ),
    )


GATE_BY_EDITION = gate("order.follows(Edition.GOODS_ARE_INSURED)")
"""As it is done."""
GATE_FOR_ALL = gate("Edition.GOODS_ARE_INSURED")
"""Careless: it binds orders that are open."""

NEW_FACT = (
    Edit(
        "models/messages/fact_contents.py",
        "class Adopted(Content):\n",
        "class InsuranceReported(Content):\n"
        '    """What an insurer says of the goods."""\n\n'
        "    words: Text\n\n\n"
        "class Adopted(Content):\n",
    ),
    Edit(
        "models/handlers/administration.py",
        "@FACTS.row(fact_contents.Adopted,",
        '@FACTS.row(fact_contents.InsuranceReported, (Role.FINANCE,), Words("保险报告", "insurance reported"))\n'
        "def insurance_reported(order: Order, envelope: Envelope, content: fact_contents.InsuranceReported) -> None:\n"
        '    """Kept in the journal."""\n\n\n'
        "@FACTS.row(fact_contents.Adopted,",
    ),
)
"""A kind of fact: what it carries, and its row with the handler. The signal of that name comes by itself."""

REMOVED_STEP = (
    Edit(
        "workflows/phases/confirmation.py",
        "    elif sheet.received_at is None and not sheet.returns:\n",
        "    elif sheet.received_at is None and not sheet.returns"
        " and not order.follows(Edition.GOODS_ARE_INSURED):\n",
    ),
)
"""Nobody waits any more for the customer to say that the fax is legible."""

OTHER_PHASES = (
    Edit(
        "models/order/kinds/kind.py",
        "KINDS: dict[",
        "INSPECTED_FIRST = replace(\n"
        "    MADE_TO_ORDER,\n"
        "    side_by_side=(\n"
        "        PhaseName.INSPECTION,\n"
        "        PhaseName.PRODUCTION,\n"
        "        PhaseName.CLEARANCE,\n"
        "        PhaseName.SHIPPING,\n"
        "        PhaseName.DELIVERY,\n"
        "    ),\n"
        ")\n"
        '"""An order of which some lots are made while others are inspected is told to be in inspection."""\n\n'
        "KINDS: dict[",
    ),
    Edit("models/order/kinds/kind.py", "import dataclass\n", "import dataclass, replace\n"),
    Edit(
        "models/order/order.py",
        "        return KINDS[self.request.fulfilment]\n",
        "        if self.follows(Edition.GOODS_ARE_INSURED):\n"
        "            return INSPECTED_FIRST\n"
        "        return KINDS[self.request.fulfilment]\n",
    ),
    Edit("models/order/order.py", "import KINDS, OrderKind\n", "import INSPECTED_FIRST, KINDS, OrderKind\n"),
    Edit(
        "models/order/order.py",
        "from models.values.money import",
        "from models.values.editions import Edition\nfrom models.values.money import",
    ),
)
"""Orders of the new edition go through their phases in another order."""

_DELIVER = "    async def _deliver(self, burst: Burst) -> Saved:\n"
COMMAND_BY_MARKER = (
    Edit(
        "workflows/engine/patches.py",
        'PORTIONS = "portions"',
        'BREATH = "breath"\n"""A millisecond passes before a burst. Since 0.3.0."""\n\nPORTIONS = "portions"',
    ),
    Edit("workflows/engine/burst_recorder.py", "import BURSTS_BY_BYTES", "import BREATH, BURSTS_BY_BYTES"),
    Edit(
        "workflows/engine/burst_recorder.py",
        _DELIVER,
        f"{_DELIVER}        if workflow.patched(BREATH):\n            await workflow.sleep(0.001)\n",
    ),
)
"""One more command, asked for where the way parts."""
COMMAND_FOR_ALL = (
    Edit(
        "workflows/engine/burst_recorder.py",
        _DELIVER,
        f"{_DELIVER}        await workflow.sleep(0.001)\n",
    ),
)
"""Careless: in the middle of lives that have no such timer."""

NEW_WORDS = (
    Edit("models/dossier/step_kinds.py", '"send_sheet",\n        "制作并发出确认书第{version}版",',
         '"send_sheet",\n        "请制作并发出确认书第{version}版",'),
)  # fmt: skip
"""How a step is called."""

RENAMED_CLASS = (
    Edit(
        "models/handlers/promise/sheet.py",
        "import Sheet, SheetReturn, faults_of",
        "import ReturnedSheet, Sheet, faults_of",
    ),
    Edit("models/handlers/promise/sheet.py", "        SheetReturn(", "        ReturnedSheet("),
    Edit("models/order/sheet.py", "class SheetReturn(BaseModel)", "class ReturnedSheet(BaseModel)"),
    Edit("models/order/sheet.py", "list[SheetReturn]", "list[ReturnedSheet]"),
    Edit("models/values/first_fields.py", '"SheetReturn":', '"ReturnedSheet":'),
)
"""A class under another name, and its row of first fields with it."""

BY_THE_BOOK = (
    *NEW_FIELD, *NEW_EDITION, *NEW_DECISION, *NEW_FACT, *GATE_BY_EDITION, *REMOVED_STEP, *OTHER_PHASES,
    *COMMAND_BY_MARKER, *NEW_WORDS, *RENAMED_CLASS,
)  # fmt: skip
"""All of it at once."""
CARELESS_GATE = (*NEW_EDITION, *NEW_DECISION, *GATE_FOR_ALL)
CARELESS_COMMAND = COMMAND_FOR_ALL


def rename_a_module(tree: Tree) -> None:
    """`models/order/money/ledger.py` becomes `models/order/money_received.py`, wherever it is imported."""
    (tree.folder / "models/order/money/ledger.py").rename(tree.folder / "models/order/money_received.py")
    for file in tree.folder.rglob("*.py"):
        text = file.read_text()
        if "models.order.money.ledger" in text:
            file.write_text(text.replace("models.order.money.ledger", "models.order.money_received"))
