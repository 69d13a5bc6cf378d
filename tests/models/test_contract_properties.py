"""Whatever is said to a contract in whatever order: what must be true of it at every moment, and that it comes to an end (R106, R107)."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.contracts.contract import OrderContract
from models.contracts.terms import ContractEnding
from models.dossier.journal import FIRST_LINK
from models.values.vocabulary import Role
from tests.models.contract_life import ContractLife, terms
from workflows import case
from workflows.contracting import CONTRACTS

VERSIONS = st.integers(1, 6)
PRICES = st.decimals("0.0001", "9.9999", places=4).map(str)
SIGNERS = st.sampled_from([Role.MARKETING_DIRECTOR, Role.CUSTOMER, Role.SALESPERSON])
NAMES = st.sampled_from(["王芳", "刘强", "路人甲", ""])


class RandomContract(RuleBasedStateMachine):
    """One contract, told anything at any time."""

    @initialize(levels=st.sampled_from([None, [], [["legal"]], [["legal"], ["finance"]]]))
    def drafted_first(self, levels: list[list[str]] | None) -> None:
        rows = [{"what": "contract", "levels": levels}] if levels else []
        self.life = ContractLife(policy={"approvals": rows} if levels is not None else {})
        self.frozen: dict[int, str] = {}

    @property
    def contract(self) -> OrderContract:
        return self.life.contract

    @rule(hours=st.sampled_from([1, 24, 24 * 20, 24 * 61, 24 * 150]))
    def time_passes(self, hours: int) -> None:
        self.life.later(hours=hours)

    @rule(
        price=st.none() | PRICES,
        quality=st.none() | st.sampled_from(["甲", "乙"]),
        days=st.sampled_from([None, 400]),
    )
    def it_is_drafted(self, price: str | None, quality: str | None, days: int | None) -> None:
        content: dict[str, Any] = {"quality": quality} if quality else {}
        if price is not None:
            content["terms"] = terms(unit_price=price)
        if days is not None:
            content["valid_until"] = "2028-12-31"
        self.life.say("drafted", Role.SALESPERSON, content)

    @rule(
        role=st.sampled_from([Role.LEGAL, Role.FINANCE]),
        outcome=st.sampled_from(["approve", "approve", "send_back"]),
    )
    def one_answers(self, role: Role, outcome: str) -> None:
        self.life.decision(role, outcome, "不行" if outcome == "send_back" else "")

    @rule(version=VERSIONS)
    def it_is_arranged(self, version: int) -> None:
        content = {"version": version, "place": "会议室", "at": self.life.now.isoformat()}
        self.life.say("signing_arranged", Role.SALESPERSON, content)

    @rule(version=VERSIONS, role=SIGNERS, name=NAMES, right=st.booleans())
    def one_signs(self, version: int, role: Role, name: str, right: bool) -> None:
        draft = self.contract.draft_numbered(version)
        digest = draft.digest if draft is not None and right else "0" * 12
        content = {"version": version, "digest": digest, "signed_by": name, "document": "HT-1"}
        self.life.say("contract_signed", role, content)

    @rule(version=VERSIONS)
    def the_customer_declines(self, version: int) -> None:
        self.life.say("contract_declined", Role.CUSTOMER, {"version": version, "reason": "-"})

    @rule(ends=st.booleans())
    def its_order_ends(self, ends: bool) -> None:
        self.life.order_lives = self.life.order_lives and not ends

    @rule(role=st.sampled_from([Role.SALESPERSON, Role.LEGAL]), written=st.booleans(), version=VERSIONS)
    def it_is_terminated(self, role: Role, written: bool, version: int) -> None:
        if version == 1:
            content = {"reason": "-", **({"document": "JC-1"} if written else {})}
            self.life.say("terminated", role, content)

    @rule()
    def it_is_carried_over(self) -> None:
        """Written down and read again, as between two runs: the same contract."""
        again = OrderContract.model_validate_json(self.contract.model_dump_json())
        assert {name: getattr(again, name) for name in OrderContract.model_fields} == {
            name: getattr(self.contract, name) for name in OrderContract.model_fields
        }

    # --- at every moment ---------------------------------------------------------------------------------------------

    @invariant()
    def a_version_never_changes(self) -> None:
        for draft in self.contract.drafts:
            assert self.frozen.setdefault(draft.version, draft.digest) == draft.digest
        assert [each.version for each in self.contract.drafts] == list(
            range(1, len(self.contract.drafts) + 1)
        )

    @invariant()
    def in_force_is_what_both_signed_after_it_was_approved(self) -> None:
        for draft in self.contract.drafts:
            sides = {each.side for each in draft.signatures}
            assert len(sides) == len(draft.signatures)
            assert (draft.in_force_from is not None) is (len(sides) == 2)
            for each in draft.signatures:
                assert draft.approved_at is not None
                assert each.at >= draft.approved_at
                assert each.side == "company" or each.signed_by in ("王芳", "刘强")
        standing = [
            each for each in self.contract.drafts if each.in_force_from and each.superseded_at is None
        ]
        assert len(standing) <= 1

    @invariant()
    def the_order_knows_the_version_in_force(self) -> None:
        force = self.contract.in_force
        told = [key for key, kind in self.life.heard if kind == "contract_in_force"]
        if force is not None and self.contract.lives:
            assert told[-1] == f"in_force:{force.version}"
        assert len(told) == len(set(told))

    @invariant()
    def time_goes_on_and_it_can_end(self) -> None:
        if self.contract.lives:
            deadline = case.next_deadline(CONTRACTS, self.contract)
            assert deadline is not None, "nothing would ever end it"
            assert deadline > self.contract.clock
        else:
            assert not self.contract.steps
            assert self.contract.ending in set(ContractEnding)

    @invariant()
    def the_journal_has_no_gap_and_is_chained(self) -> None:
        entries = self.contract.unsaved
        assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
        assert [entry.previous for entry in entries] == [FIRST_LINK, *(each.hash for each in entries[:-1])]

    def teardown(self) -> None:
        """It comes to an end by itself, whatever was said."""
        self.life.later(days=3650)
        assert not self.contract.lives


TestRandomContracts = RandomContract.TestCase
TestRandomContracts.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
