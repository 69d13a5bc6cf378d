"""Every word that stands in databases, journals and messages, once more by hand: a renamed one loses open orders."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import models
from models.values.vocabulary import Language, Term

VALUES: dict[str, str] = {
    "ApprovalOf": "quote order contract refund",
    "CallerKind": "service staff customer",
    "CaseEnding": "agreed silent final not_sent withdrawn",
    "CaseStage": (
        "opened acknowledged assessed goods_awaited goods_sent goods_received to_remedy remedied objected closed"
    ),
    "CaseStepKind": (
        "make_offer send_offer offer_answer quote_expired order_from_quote order_not_made acknowledge_case assess_case"
        " returned_goods receive_return inspect_case count_refund pay_refund give_credit order_replacement"
        " replacement_not_made settle_exchange ship_again repair_goods answer_case agree_to_remedy"
        " draft_contract arrange_signing sign_for_company sign_for_customer tell_order"
    ),
    "ContractEnding": "order_ended expired terminated lapsed",
    "ContractLack": "none_yet other_terms",
    "ContractRequired": "never quoted always",
    "ContractSide": "company customer",
    "ContractStage": ("in_approval to_draft to_arrange to_sign partly_signed in_force changing ending ended"),
    "CaseType": "return exchange repair complaint",
    "Cause": "unwanted defect damaged short wrong_goods lost late service low_rating",
    "Channel": "phone fax visit on_site wechat email website app salesperson",
    "Channel (notices)": "folder email fax wecom dingtalk feishu sms",
    "CodeChannel": "none email phone",
    "Collection": "none on_credit carrier_collects",
    "Age": "not_yet to_30 to_60 to_90 older",
    "Confidence": "certain likely possible",
    "KeyFigure": "new confirmed shipped collected danger overdue late slips waits dead balances",
    "MatchReason": "number customer_number balance deposit together name name_part other_name",
    "Span": "today week month before_today before_week before_month quarter",
    "Condition": "good delayed damaged lost refused short",
    "CostBasis": "purchase standard estimate",
    "CostGround": "work material work_and_material",
    "CostKind": "material process labour other",
    "CreditGround": "unassessed prepaid_only above_limit overdue",
    "CreditNoteGround": "amended goods cancelled after_sales",
    "ProposedBy": "exact exact_sum oldest balance",
    "ReceiptState": "uncleared unallocated balance done fell corrected",
    "ReceiptAct": "recorded cleared allocated moved taken_back refunded bounced corrected",
    "PartState": "given taken_back fell",
    "InvoiceKind": "plain special",
    "TaxedAs": "goods services",
    "CreditOccasion": "confirmation money_fell release",
    "CreditStanding": "unassessed limited prepaid_only",
    "CustomerClass": "A B C",
    "DayCount": "calendar working",
    "DayKind": "promised due planned",
    "MoveWay": "none later_promise dated_anew exception refused",
    "DeliveryMethod": "courier freight freight_collect pick_up",
    "AuditOutcome": "found healed left",
    "DeliveryState": "waiting sending sent no_address rejected uncertain withdrawn",
    "DeskStepKind": (
        "unread_scan unread_file no_address rejected was_it_sent channel_down unplaced_fact late_fact unread_event"
        " paper_problem unrouted_paper unstarted_order refused_fact unreminded counted_twice receipt_short"
        " receipt_not_given lost_order renumbered placed_twice unsigned_fact"
        " several_orders several_shipments changed_event out_of_time unknown_receipt refused_signal refused_signals"
        " stores_differ customer_question reorder shop_enquiry order_heard daily_report invoice_asked red_letter_owed"
        " payment_unplaced payment_changed payment_differs refund_failed statement_differs endpoint_paused event_given_up"
    ),
    "Difference": (
        "no_row no_request not_begun lost others behind beyond unknown_fact journal_gap journal_changed row_missing"
        " row_changed row_too_many no_claim no_half stock_kept stock_figure shop_asked shop_money shop_ledger unanswered"
    ),
    "Ending": "settled dead cancelled not_producible closed_hanging",
    "EntryKind": (
        "placed fact early refused decided asked voided phase waiting done overdue escalated released promise"
        " intention exception liability hanging dead held ended refreshed repaired brought_back"
        " reassigned completed expired book_asked credit_note invoiced refunded"
    ),
    "ExceptionCause": "material production technical quality",
    "Fault": "illegible unsigned wrong_signer unclear",
    "FindBy": "number tracking_number receipt",
    "FreightTerms": "seller_pays buyer_pays",
    "Fulfilment": "make_to_order from_stock service sample pre_sale shop",
    "GoodsOutcome": "reship credit accept end write_off",
    "Headline": (
        "incomplete in_review approved awaiting_confirmation awaiting_deposit awaiting_payment confirmed in_production"
        " in_inspection in_warehouse awaiting_balance awaiting_shipment shipped arrived being_recalled delivered"
        " completed settled dead hanging cancelled on_hold picking in_service on_trial awaiting_acceptance"
    ),
    "Outcome": (
        "real not_real approve refuse send_back settled producible not_producible insist sampling end dated confirm"
        " object prepaid guaranteed deposit new_date substitute partial_delivery cancel accept make_up return_surplus"
        " release on_credit carrier_collects credit refund close keep honour requote wait change split free keep_held"
        " reject try_again"
    ),
    "LinkPurpose": "sign order standing account",
    "LinkUse": "looked opened code signed uploaded received asked reordered",
    "MovementKind": (
        "delivered service sample_credit taken_off cost paid bounced corrected moved_out moved_in refunded credited"
        " from_balance difference"
    ),
    "ChangeWay": "page import notice order shop api",
    "RecordKind": "customer price person calendar_day machine_line product own_price",
    "Bottleneck": "material line run_time",
    "BookingState": "tentative firm freed",
    "AccountRight": "owner buyer viewer",
    "CartChange": "cheaper dearer less gone",
    "SoldAs": "stock pre_sale made_to_order",
    "OwedPaper": "written_order confirmation_sheet shipping_notice",
    "Paper": (
        "receipt waiting_time question price_difference apology confirmation_sheet sheet_again new_promise guarantee"
        " production_instruction exception_notice finished_notice balance_notice balance_reminder shipping_notice"
        " delivery_note release_withdrawn shipment_notice transit_notice arrival_notice collect_reminder recall_notice recall_called_off"
        " collection_lowered picking_list shortage_notice batch_late"
        " overdue_notice extension_notice hanging_notice overpaid_notice payment_notice payment_fell"
        " deposit_back cancellation_notice rest_cancelled_notice amendment_overtaken"
        " tracking_numbers watch_list weekly_statistics monthly_archive responsibility_report weekly_demand step_durations service_begins"
        " joint_check_notice"
        " signing_code step_given step_urged log_in_code customer_asked reorder_asked answer_to_customer"
        " reassigned_notice shipment_check daily_report_owed"
        " enquiry_taken quotation offer_reminder offer_expired offer_sent_back counter_offer offer_accepted accepted_late"
        " quote_withdrawn case_opened case_acknowledged case_granted case_granted_goods case_refused case_goods_reminder"
        " case_unsent case_inspected refund_due exchange_difference case_remedied case_objected case_closed survey"
        " contract contract_sent_back signing_arranged contract_declined contract_in_force contract_expires contract_ended"
        " contract_wanted order_approved material_expected quote_over contract_lost"
        " service_progress service_given service_accepted sample_round trial_begins trial_reminder sample_tried"
        " credit_held_notice credit_freed_notice credit_kept_notice credit_note invoice_asked invoice_issued red_letter"
        " payable order_paid payment_lapsed order_reopened other_amount refund_asked refunded refund_failed"
        " merchant_accepted delay_told shop_ordered"
    ),
    "PaymentMethod": "bank wechat alipay cash carrier other cheque online",
    "PaymentPurpose": "deposit balance whole",
    "PaymentTerms": "prepaid deposit guaranteed on_account",
    "PhaseName": (
        "intake verification confirmation production inspection clearance shipping delivery settlement ended picking"
        " service acceptance technical trial readiness payment merchant_acceptance"
    ),
    "PromiseCause": (
        "first later_agreed customer deposit correction amendment material production quality carrier hold stock"
    ),
    "QuoteEnding": "ordered refused expired withdrawn",
    "QuoteStage": (
        "enquiry in_approval to_send offered countered expired late accepted ordered refused withdrawn closed"
    ),
    "ReportKind": "watch_list tracking_numbers weekly_statistics monthly_archive responsibility_report weekly_demand"
    " step_durations",
    "Remedy": "refund credit reship repair answer",
    "RestUse": "not_made to_stock scrapped",
    "Role": (
        "customer salesperson service_clerk service_assistant service_supervisor merchandiser sales_supervisor"
        " marketing_director technical production purchasing material_controller quality warehouse finance legal"
        " shipper logistics operator administrator system"
    ),
    "Revival": "ran begun rebuilt reset anew",
    "ServerState": "running completed terminated cancelled failed timed_out absent",
    "ShippingFault": (
        "no_release withdrawn beyond_release cancelled on_hold uninspected no_notice carrier_may_not_collect"
        " no_transport not_read_back not_picked"
    ),
    "SecondTelling": "move split other_transfer void",
    "Correction": "lot_made lot_entered lot_place tracking_number early_fact",
    "SheetRoute": "clerk_faxes merchandiser_posts",
    "ShopReview": "automatic clerk",
    "SmallOrderWay": "prepaid guaranteed deposit",
    "SharedBook": "stock credit",
    "Status": "accepted kept_early known refused",
    "StepKind": (
        "details open_quote await_quote read_back written_order rework_order decision send_sheet sheet_legible sheet_back verify_signature"
        " sheet_owed deposit prepayment confirm_payment hand_over produce checkpoint exception goods_exception recheck_promise inspect"
        " enter_warehouse clear_cash balance explain_agent shipping_notice notice_owed transport"
        " read_instructions_back ship notice_legible follow_shipment arrival collect_goods recall missing_goods inspect_return"
        " remittance account_balance told_twice money_moves resume confirm_inspection confirm_hand_over"
        " check_sheet answer_question completion"
        " stock_answer confirm_order change_order await_stock order_material terms_refused pick"
        " contract give_service assess_customer credit_check credit_held issue_invoice red_letter"
        " online_payment provider_answer late_money refund_under_way"
    ),
    "Subject": (
        "customer_data contract price technical old_recipe production_date later_promise ship_date approval"
        " small_order three_party emergency_plan tolerance finance_release release_terms balance_release emergency_shipment"
        " amendment dropped_goods cancellation deposit_settlement overpayment hanging quote_approval late_acceptance"
        " case_admission case_decision case_review shortage credit order_approval contract_approval"
        " service_date acceptance trial another_round shop_review merchant_acceptance failed_refund"
    ),
    "Topic": "read_back freight_agent other question",
    "StockMove": (
        "opening purchase production shipped returned passed rework scrapped count correction missing offered"
        " came_short left_over put_first"
    ),
    "BatchPayment": "deposit whole",
    "ReservationState": "held firm waiting expired released",
    "StockAct": "reserve wait take firm expire release ship missing returned inspected",
    "StockState": "none held firm short lost released",
    "Unit": "roll sheet ream carton piece kg t m m2 job hour",
    "Withdrawal": "balance version cancelled quantity credit contract",
    "Way": "out in",
    "IntentState": "open paid closed refunded",
    "ProviderSays": "made paid failed closed refunded refund_failed",
    "RefundState": "wanted asked done failed",
    "Meaning": (
        "made paid_whole paid_short paid_over paid_partly_again paid_again paid_known paid_otherwise paid_foreign paid_gone"
        " failed closed part_back all_back part_back_unasked all_back_unasked back_known back_early back_failed"
    ),
    "Effect": "tell_orders pay_back ask_finance answered",
    "DifferenceKind": "booked_late not_here not_there amount currency",
    "OrderEvent": (
        "order.placed order.amended order.confirmed order.promise_changed order.payment_booked order.payment_bounced"
        " order.in_production order.released order.shipped order.arrived order.delivered order.returned order.invoiced"
        " order.cancelled order.refunded order.completed order.ended case.opened case.decided case.closed"
    ),
    "EndpointState": "active paused removed",
    "PauseCause": "by_hand fails gone key_ended other_secret",
    "SendingState": "waiting sending sent withheld given_up",
    "Wish": "put checked_out ordered",
}


def terms() -> Iterator[type[Term]]:
    """Every closed set of the models, wherever it stands."""
    for module in pkgutil.walk_packages(models.__path__, "models."):
        importlib.import_module(module.name)
    waiting = [Term]
    while waiting:
        found = waiting.pop().__subclasses__()
        waiting += found
        yield from (each for each in found if each.__module__.startswith("models."))


def name_of(kind: type[Term]) -> str:
    """Its name; two sets are called channel."""
    return "Channel (notices)" if kind.__name__ == "Channel" and "folder" in list(kind) else kind.__name__


@pytest.mark.parametrize("name", sorted(VALUES))
def test_the_values_that_are_kept_stay(name: str) -> None:
    (kind,) = {each for each in terms() if name_of(each) == name}
    assert [member.value for member in kind] == VALUES[name].split()


def test_a_new_closed_set_is_written_down_here_too() -> None:
    known = {name_of(each) for each in terms()}
    assert set(VALUES) <= known
    new = known - set(VALUES)
    assert new == set(), "write its values down here, so that nobody renames one by mistake"


def test_every_word_reads_in_both_languages() -> None:
    for kind in terms():
        for member in kind:
            assert any("一" <= sign <= "鿿" for sign in member.zh), member
            assert any(sign.isalpha() for sign in member.en), member
            assert not any("一" <= sign <= "鿿" for sign in member.en), member
            assert (member.label(Language.ZH), member.label(Language.EN)) == (member.zh, member.en)
