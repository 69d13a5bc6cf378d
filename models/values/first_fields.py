"""The fields that every fingerprint made so far contains, also when they are empty: as they were when the first orders were open.

Never edited. A field that is not named here came later and counts only where it is not at its default, so that what
was hashed before keeps its hash (`models.values.fingerprint`). A class that is not named here came later as a whole.
"""

from __future__ import annotations

_NAMES = {
    "RequestLine": ("line product specification quantity unit unit_price tolerance_percent"),
    "OrderRequest": (
        "request_id channel fulfilment customer contact phone fax address consignee lines "
        "payment_terms deposit_percent packing label special_requirements wanted_date "
        "delivery_method freight_terms checkpoints partial_delivery words unclear read_back "
        "in_writing entered_by entered_role"
    ),
    "LineChange": ("line product specification quantity unit unit_price tolerance_percent"),
    "RequestChange": (
        "contact phone fax address consignee payment_terms deposit_percent packing label "
        "special_requirements wanted_date delivery_method freight_terms partial_delivery lines"
    ),
    "Contract": ("reference payment_terms deposit_percent account_days delivery_methods valid_until"),
    "CustomerFile": ("customer name customer_class designated_signers verified_by contract"),
    "PriceReference": (
        "line product product_name specification unit list_price list_valid_from past_price "
        "past_traded_on tolerance_percent"
    ),
    "StaffAssignment": ("people superiors"),
    "OrderStart": ("number placed_at request customer references staff policy edition calendar"),
    "Carried": ("epoch saved_sequence saved_hash known_rows continue_after_events order"),
    "Calendar": ("holidays make_up_days years"),
    "SlipPolicy": ("days deposit_slips end_of_day_minutes"),
    "ShipWindowPolicy": ("days count"),
    "SmallOrderPolicy": ("limit prepaid_ships_within_days"),
    "BalancePolicy": ("director_above designated_freight_agents"),
    "DeadOrderPolicy": ("days guaranteed_only reminder_days"),
    "HangingPolicy": ("days"),
    "ApprovalPolicy": ("classes contract_deviation"),
    "ThreePartyPolicy": ("classes"),
    "PaymentPolicy": ("deposit_percent balance_due_days account_days tolerance_percent"),
    "LimitPolicy": (
        "details_hours price_hours technical_hours production_date_hours approval_hours sheet_hours "
        "signature_hours deposit_hours decision_hours hand_over_hours inspection_hours "
        "owed_paper_hours emergency_hours escalate_after_hours"
    ),
    "DatingPolicy": ("back_days ahead_minutes"),
    "Policy": (
        "version sheet_route slip ship_window small_order balance dead_order hanging approval "
        "three_party payment limits dating"
    ),
    "Envelope": ("fact_id kind schema_version by role happened_at content"),
    "NoDetail": ("words"),
    "PriceDetail": ("unit_price specification words"),
    "TechnicalDetail": ("material_note recipe_changed alternatives"),
    "ProductionDateDetail": ("production_date quantity finished_date clauses_confirmed"),
    "LaterPromiseDetail": ("promised ship_date words"),
    "SmallOrderDetail": ("assessment"),
    "EmergencyPlanDetail": ("customer_answer promised words"),
    "ReleaseDetail": ("collection words"),
    "CostDetail": ("cost words"),
    "SettlementDetail": ("refunded kept reference"),
    "KeepDetail": ("until words"),
    "DecisionContent": ("subject outcome line version note_reference detail"),
    "JournalEntry": ("sequence kind subject happened_at recorded_at by role rule data previous hash"),
    "Answered": ("by role outcome at recorded_at note_reference detail"),
    "Asked": ("subject line version about about_words asked_at answers outcome decided_at voided_at"),
    "OpenStep": ("key kind roles people rule since due blocking values overdue_at escalated_at"),
    "Intention": ("identity paper to zh en rule created_at sequence content named"),
    "Row": ("table key values"),
    "Burst": ("order epoch after_sequence after_hash entries rows intentions"),
    "Saved": ("sequence hash diverged"),
    "Instruction": ("version issued_at signed_at signed_by clerk"),
    "Inspection": (
        "number line lot shipment passed to_rework scrapped inspected_by checked_with at recorded_at reasons"
    ),
    "Trouble": ("key words owner rule reported_at resolution resolved_at needs_plan cause line"),
    "Hold": ("placed_at reason customer_clocks_stop released_at"),
    "Amendment": ("changes reason by role at"),
    "Cancellation": ("reason by at granted cost"),
    "Lot": (
        "line lot made scrap_in_production passed rework scrapped entered place produced_on "
        "produced_by inspected_by rounds"
    ),
    "Release": (
        "number quantities ground balance paid collection granted_at granted_by notice_reference "
        "notice_at emergency_by carrier method planned_for read_back_by shipped"
    ),
    "Shipment": (
        "shipment release quantities carrier tracking_number shipped_at shipped_by expected_arrival "
        "check_on collection to_collect remitted notice_received followed condition arrived_at "
        "arrival_recorded_at delivered_at signed_by dead_at returned_at returned returned_inspected "
        "returned_passed freight_out freight_back reminded"
    ),
    "Payment": ("reference amount method purpose paid_at taken_by confirmed cleared bounced fact_id"),
    "Ledger": ("payments refunded kept credited"),
    "PromiseChange": (
        "number cause promised_from promised_to production_due_from production_due_to ship_date_to "
        "happened_at recorded_at by reason"
    ),
    "Promise": ("base_due base_promised base_ship moved history"),
    "SheetReturn": ("at recorded_at signed_by faults document"),
    "Sheet": (
        "version content_hash content total promised made_at sent_at last_sent_at received_at "
        "returns scans clean_at clean_recorded_at voided_at"
    ),
    "Order": (
        "number placed_at request request_version customer references staff policy edition calendar "
        "clock phase ending ended_at pending_ending asked voided sheets promise ledger instruction "
        "production_began_at lots finished_lines accepted_short billed_as_ordered inspections "
        "releases shipments steps troubles checkpoints_seen holds amendment cancellation read_back "
        "written_order sent_back_reason recheck_lines agent_explained promise_basis "
        "receipt_confirmed hanging_since last_movement overrides seen early intended sequence head "
        "unsaved unsent"
    ),
}

FIRST_FIELDS: dict[str, frozenset[str]] = {name: frozenset(fields.split()) for name, fields in _NAMES.items()}
"""Class name -> the names of its first fields."""
