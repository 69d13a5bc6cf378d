"""What stands on each printed paper, from the order at the moment it became due."""

from __future__ import annotations

from typing import Any

from models.documents.paper_words import title_of
from models.documents.sheet_changes import changes_between
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.order.paper_contents import is_printed
from tests.models.life import Life, line


def contents(life: Life, paper: Paper) -> list[dict[str, Any]]:
    """What is to be printed of one kind."""
    return [each.content for each in life.order.unsent if each.paper is paper and each.content is not None]


def test_notices_are_said_and_papers_are_printed() -> None:
    life = Life().arrived().later(days=16)
    for each in life.order.unsent:
        assert (each.content is not None) is is_printed(each.paper)
    assert {each.paper for each in life.order.unsent if each.content} == {
        Paper.RECEIPT,
        Paper.SHEET,
        Paper.INSTRUCTION,
        Paper.FINISHED,
        Paper.BALANCE,
        Paper.SHIPPING,
        Paper.DELIVERY_NOTE,
        Paper.SHIPMENT,
        Paper.RECALL,
    }


def test_the_memo_keeps_the_customers_words() -> None:
    """R11"""
    memo = contents(Life(words="纸要白一点", channel="wechat"), Paper.RECEIPT)[0]
    assert (memo["words"], memo["channel"]["zh"], memo["entered_by"]) == (
        "纸要白一点",
        "微信",
        "service_clerk-1",
    )


def test_the_sheet_has_every_field_and_amounts_in_capitals() -> None:
    """R11, R30"""
    sheet = contents(Life(checkpoints=["首件颜色"]).verified(), Paper.SHEET)[0]
    assert sheet["total"] == {"figures": "5,000.00", "capitals": "伍仟元整"}
    assert sheet["deposit"]["capitals"] == "壹仟伍佰元整"
    assert (sheet["promised"], sheet["ship_date"]) == ("2027-03-06", "2027-03-06")
    assert sheet["lines"][0]["tolerance"] == "±5%"
    assert (sheet["checkpoints"], sheet["designated_signers"]) == (["首件颜色"], ["王芳"])
    assert sheet["changes"] == []
    assert (
        contents(Life(payment_terms="on_account", customer={"customer_class": "A"}).verified(), Paper.SHEET)[
            0
        ]["deposit"]
        is None
    )


def test_a_new_version_says_what_changed() -> None:
    """R30, R83"""
    life = Life().confirmed()
    change = {"packing": "散装", "lines": [{"line": 1, "quantity": "1200"}]}
    life.does("amendment_requested", changes=change, reason="x")
    life.verified()
    sheet = contents(life, Paper.SHEET)[1]
    assert [
        (each["field"]["zh"], each["before"]["zh"], each["after"]["zh"]) for each in sheet["changes"]
    ] == [
        ("定金", "1,500.00", "1,800.00"),
        ("第1行数量", "1,000", "1,200"),
        ("包装", "50 卷一箱", "散装"),
    ]


def test_what_changed_is_said_in_the_words_of_the_desk() -> None:
    """R30, R83: no code of ours, no True, no decimals that say nothing."""
    life = Life().verified()
    before = life.order.sheets[0].content
    request = {
        **before["request"],
        "delivery_method": "pick_up",
        "freight_terms": "buyer_pays",
        "partial_delivery": True,
        "wanted_date": "2027-03-20",
        "deposit_percent": "40",
        "checkpoints": ["首件颜色", "分切"],
        "lines": [
            {**before["request"]["lines"][0], "unit": "carton", "unit_price": "1234.50", "tolerance_percent": "2.50"},
            line(2, product="NCR-3", quantity="12.500", unit="t"),
        ],
    }  # fmt: skip
    said = list(changes_between(before, {**before, "terms": "prepaid", "request": request}))
    shown = {each["field"]["en"]: tuple(each[when]["zh"] for when in ("before", "after")) for each in said}
    assert shown == {
        "checkpoints": ("", "首件颜色、分切"),
        "delivery method": ("物流货运", "自提"),
        "deposit (%)": ("30%", "40%"),
        "freight terms": ("卖方承担运费", "买方承担运费"),
        "line 1: tolerance (%)": ("±5%", "±2.5%"),
        "line 1: unit": ("卷", "箱"),
        "line 1: unit price": ("5.00", "1,234.50"),
        "line 2: product": ("", "NCR-3"),
        "line 2: quantity": ("", "12.5"),
        "line 2: specification": ("", "80mm×80m"),
        "line 2: tolerance (%)": ("", "±5%"),
        "line 2: unit": ("", "吨"),
        "line 2: unit price": ("", "5.00"),
        "partial delivery": ("否", "是"),
        "payment terms": ("定金加余款", "全款预付"),
        "wanted date": ("", "2027-03-20"),
    }
    assert {each["after"]["en"] for each in said} >= {"pick-up", "buyer pays freight", "yes", "carton"}


def test_the_instruction_says_when_each_line_is_made_and_when_all_is_finished() -> None:
    """R23, R40"""
    lines = [line(1), line(2, product="NCR-3")]
    life = Life(lines=lines).verified().sheet_out().signed().paid("3000.00")
    life.decide(Subject.THREE_PARTY, "confirm")
    instruction = contents(life, Paper.INSTRUCTION)[0]
    assert [each["production_date"] for each in instruction["lines"]] == ["2027-03-02"] * 2
    assert (instruction["production_date"], instruction["production_due"]) == ("2027-03-02", "2027-03-06")


def test_the_production_date_moves_with_the_finish() -> None:
    """R34, R40: a sheet that came back two days late moves both, so none is past when it is instructed."""
    life = Life().verified().sheet_out().later(days=2).signed().paid("1500.00")
    life.decide(Subject.THREE_PARTY, "confirm")
    instruction = contents(life, Paper.INSTRUCTION)[0]
    assert (instruction["production_date"], instruction["production_due"]) == ("2027-03-04", "2027-03-08")


def test_the_balance_notice_bills_what_passed() -> None:
    """R45, R51"""
    notice = contents(Life().in_warehouse("980"), Paper.BALANCE)[0]
    assert (notice["lines"][0]["quantity"], notice["bill"]["figures"]) == ("980", "4,900.00")
    assert notice["balance"]["capitals"] == "叁仟肆佰元整"
    assert notice["pay_by"] == "2027-03-08"


def test_labels_carry_model_quantity_date_and_batch() -> None:
    """R44"""
    life = Life(lines=[line(1), line(2, product="NCR-3", unit_price=None)], partial_delivery=True)
    assert contents(life, Paper.FINISHED) == []
    labels = contents(Life().in_warehouse(), Paper.FINISHED)[0]["labels"]
    assert [(each["product"], each["quantity"], each["produced_on"], each["lot"]) for each in labels] == [
        ("TP-80", "1,000", "2027-03-01", "1")
    ]


def test_a_shipping_notice_says_what_becomes_of_an_open_balance() -> None:
    """R62, R70"""
    life = Life().in_warehouse().decide(Subject.BALANCE_RELEASE, "carrier_collects")
    life.decide(Subject.FINANCE_RELEASE, "release")
    notice = contents(life, Paper.SHIPPING)[0]
    assert (notice["collection"]["en"], notice["balance"]["figures"]) == ("the carrier collects", "3,500.00")
    paid = contents(Life().shipped(), Paper.SHIPPING)[0]
    assert (paid["collection"], paid["balance"]) == ({"zh": "", "en": ""}, None)
    told = contents(Life().shipped(), Paper.SHIPMENT)[0]
    assert (told["carrier"], told["tracking_number"], told["to_collect"]) == ("德邦物流", "DB-1", None)


def test_every_paper_that_is_printed_has_a_title_of_its_own() -> None:
    assert {
        paper.value: (title_of(paper).zh, title_of(paper).en) for paper in Paper if is_printed(paper)
    } == {
        "receipt": ("客户信息备忘录", "customer memo"),
        "confirmation_sheet": ("客户订单确认书", "confirmation sheet"),
        "production_instruction": ("生产指令单", "production instruction"),
        "finished_notice": ("包装标签", "package labels"),
        "balance_notice": ("余款催收通知书", "balance notice"),
        "shipping_notice": ("发货（申请）通知单", "shipping notice"),
        "delivery_note": ("销售发货单", "delivery note"),
        "shipment_notice": ("发货告知书与到货回单", "shipment notice and delivery receipt"),
        "recall_notice": ("召回通知", "recall notice"),
        "picking_list": ("拣货单", "picking list"),
        "credit_note": ("贷项通知单", "credit note"),
    }
    assert title_of(Paper.REMINDER).zh == "余款催收函"
    assert title_of(Paper.PAYMENT).en == "payment_notice"
