"""What customers write, read by rules: fields to confirm, and everything else shown (R11)."""

from __future__ import annotations

from datetime import date

import pytest

from models.chat.chat_message import ChatOrder, read_message
from models.chat.said_days import take_day
from models.chat.said_goods import KnownProduct
from models.chat.said_numbers import said_number
from models.chat.said_people import KnownCustomer
from models.chat.scrap import Scrap

TODAY = date(2026, 11, 26)
"""A Thursday."""
PRODUCTS = (
    KnownProduct("TP-80", "热敏收银纸", "80mm×80m 55g"),
    KnownProduct("TP-57", "热敏收银纸", "57mm×50m 55g"),
    KnownProduct("NCR-3", "三联无碳纸", "241mm×280mm"),
    KnownProduct("CP-12", "铜版不干胶", "100mm×150mm"),
)
CUSTOMERS = (
    KnownCustomer("K-B1", "红枫包装有限公司"),
    KnownCustomer("K-A1", "海河印务集团"),
    KnownCustomer("K-C1", "上海红日纸业有限公司"),
    KnownCustomer("K-C2", "上海红日印刷厂"),
)


def read(text: str) -> ChatOrder:
    return read_message(text, TODAY, PRODUCTS, CUSTOMERS)


def fields(text: str) -> dict[str, str]:
    """The fields without the ones that every message gives."""
    return {each.path: each.value for each in read(text).proposals if each.path not in ("channel", "words")}


def line(place: int, **values: str) -> dict[str, str]:
    return {f"lines.{place}.{name}": value for name, value in values.items()}


ADDRESS = {"address": "深圳市宝安区新安路12号3楼"}
WANG = {"phone": "13800138000", "contact": "王芳", "consignee": "王芳"}
MESSAGES: list[tuple[str, dict[str, str]]] = [
    (
        "老板在吗，红枫包装要TP-80 1000卷，单价5元，下周三之前要\n收货人 王芳 13800138000\n地址：深圳市宝安区新安路12号3楼",
        {"customer": "K-B1", "wanted_date": "2026-12-02", **WANG, **ADDRESS,
         **line(0, product="TP-80", quantity="1000", unit="roll", unit_price="5")},
    ),
    (
        "热敏纸80*80和57*50各500卷，12月5号前到，月结，发物流",
        {"payment_terms": "on_account", "delivery_method": "freight", "wanted_date": "2026-12-05",
         **line(0, product="TP-80", quantity="500", unit="roll"), **line(1, product="TP-57", quantity="500", unit="roll")},
    ),
    ("再来一单，跟上次一样，1万卷", line(0, quantity="10000", unit="roll")),
    (
        "品名：三联无碳纸\n规格：241*280\n数量：20箱\n单价：80\n交期：12月20日\n"
        "收货人：李四 电话：0755-5550102 地址：广东省东莞市长安镇振安路88号",
        {"wanted_date": "2026-12-20", "consignee": "李四", "phone": "0755-5550102", "address": "广东省东莞市长安镇振安路88号",
         **line(0, product="NCR-3", specification="241mm×280mm", quantity="20", unit="carton", unit_price="80")},
    ),
    (
        "品名：三联无碳纸\n数量：20箱\n付款方式：定金30%\n运费：我方承担\n交货方式：自提\n包装：50卷一箱",
        {"payment_terms": "deposit", "deposit_percent": "30", "freight_terms": "buyer_pays", "delivery_method": "pick_up",
         "packing": "50卷一箱", **line(0, product="NCR-3", quantity="20", unit="carton")},
    ),
    (
        "NCR-3 三联无碳纸 20箱 80块一箱 定金30% 运费你们出 50卷一箱",
        {"payment_terms": "deposit", "deposit_percent": "30", "freight_terms": "seller_pays", "packing": "50卷一箱",
         **line(0, product="NCR-3", quantity="20", unit="carton", unit_price="80")},
    ),
    (
        "TP80 要两千卷，5块2一卷，57的不要了，多少钱？大概什么时候能到？",
        line(0, product="TP-80", quantity="2000", unit="roll", unit_price="5.2"),
    ),
    (
        "海河印务：TP-57 1,200卷@4.5 PO:PO-2026-118 送到天津市河西区海河路5号 张工 139 1234 5678",
        {"phone": "13912345678", "contact": "张工", "consignee": "张工",
        "address": "天津市河西区海河路5号", "customer": "K-A1", "customer_order_number": "PO-2026-118",
         **line(0, product="TP-57", quantity="1200", unit="roll", unit_price="4.5")},
    ),
    ("一千二百张不干胶100×150 5毛8 总价696元", line(0, product="CP-12", quantity="1200", unit="sheet", unit_price="0.58")),
    ("ＴＰ－８０　５００卷，￥4.80/卷，款到发货，自提", {
        "payment_terms": "prepaid", "delivery_method": "pick_up",
        **line(0, product="TP-80", quantity="500", unit="roll", unit_price="4.8")}),
    ("1、TP-80 300卷\n2、TP-57 200卷\n3）NCR-3 5箱\n后天要", {
        "wanted_date": "2026-11-28", **line(0, product="TP-80", quantity="300", unit="roll"),
        **line(1, product="TP-57", quantity="200", unit="roll"), **line(2, product="NCR-3", quantity="5", unit="carton")}),
    ("K-A1 订 ncr3 1.5万张 运费我们出 走到付", {
        "customer": "K-A1", "freight_terms": "buyer_pays", "delivery_method": "freight_collect",
        **line(0, product="NCR-3", quantity="15000", unit="sheet")}),
    ("红枫的，再订1000卷TP-80，急，月底前一定要到", {
        "customer": "K-B1", "wanted_date": "2026-11-30", **line(0, product="TP-80", quantity="1000", unit="roll")}),
    ("刘强 13900001111 浙江省义乌市稠州北路1399号 TP57 10箱", {
        "phone": "13900001111", "contact": "刘强", "consignee": "刘强", "address": "浙江省义乌市稠州北路1399号",
        **line(0, product="TP-57", quantity="10", unit="carton")}),
    ("备注：卷芯要12mm的，不要接头\n铜版不干胶 3000张", {
        "special_requirements": "卷芯要12mm的，不要接头", **line(0, product="CP-12", quantity="3000", unit="sheet")}),
    ("先付三成，TP-80 800卷，10天内", {
        "payment_terms": "deposit", "deposit_percent": "30", "wanted_date": "2026-12-06",
        **line(0, product="TP-80", quantity="800", unit="roll")}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MESSAGES, ids=range(len(MESSAGES)))
def test_what_is_read_out_of_a_message(text: str, expected: dict[str, str]) -> None:
    assert fields(text) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("tp80 500到800卷 先付三成", ("tp80", "500到800卷")),
        ("TP-80 1000卷，改成800卷", ("改成800卷",)),
        ("TP-80 1000卷，57的不要了", ("57的不要了",)),
        ("TP-80 1000卷，有没有现货？", ("有没有现货?",)),
        ("TP-80 1000卷 急 尽快", ("急", "尽快")),
        ("TP-80 200件", ("200件",)),
        ("TP-80 1000卷 总价5000元", ("总价5000元",)),
        ("XK-99 1000卷", ("XK-99",)),
        ("TP-80 1000卷 13800138000 李四 13900001111 王五", ("13900001111 王五",)),
        ("😀 %s ' OR 1=1 -- TP-80 1000卷", ("%s", "OR", "1", "1")),
    ],
)
def test_what_is_not_certain_is_shown_and_not_taken(text: str, shown: tuple[str, ...]) -> None:
    assert set(shown) <= set(read(text).not_understood), read(text).not_understood
    assert not any(each.value in ("800", "200") for each in read(text).proposals)


def test_what_may_be_several_is_left_to_a_person() -> None:
    several = read("热敏收银纸 10 卷，上海红日")
    assert fields("热敏收银纸 10 卷，上海红日") == line(0, quantity="10", unit="roll")
    assert [each.zh for each in several.doubts] == [
        "“红日”可以是 上海红日纸业有限公司 K-C1、上海红日印刷厂 K-C2",
        "“热敏收银纸”可以是 TP-80、TP-57",
    ]


def test_a_customer_whom_nobody_knows_is_offered_as_a_new_one() -> None:
    assert read("公司：蓝天贸易\nTP-80 10卷").new_customer == "蓝天贸易"
    assert "customer" not in fields("公司：蓝天贸易\nTP-80 10卷")


def test_the_message_itself_is_kept_as_the_customer_memo() -> None:
    text = "TP-80 10卷，谢谢\n多谢"
    proposed = {each.path: each.value for each in read(text).proposals}
    assert (proposed["words"], proposed["channel"]) == (text, "wechat")
    assert read("再来一单").as_last == "再来一单"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "你好，在吗？",
        "谢谢！",
        "\n\n",
        "😀😀",
        "x" * 10_000,
        "1" * 5_000,
        "，" * 3_000,
        "周" * 4_000,
        "省市区" * 1_300,
    ],
)
def test_a_message_that_says_nothing_proposes_nothing(text: str) -> None:
    assert read(text).proposals == ()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("今天", "2026-11-26"), ("明天前", "2026-11-27"), ("后天", "2026-11-28"), ("大后天", "2026-11-29"),
        ("周五", "2026-11-27"), ("本周五", "2026-11-27"), ("周三", "2026-12-02"), ("本周三", None), ("下周三", "2026-12-02"),
        ("下周日", "2026-12-06"), ("下下周一", "2026-12-07"), ("下星期4", "2026-12-03"), ("礼拜天", "2026-11-29"),
        ("12月5号前", "2026-12-05"), ("十二月五号", "2026-12-05"), ("12.5号", "2026-12-05"), ("12/5前", "2026-12-05"),
        ("2026年12月5日", "2026-12-05"), ("2026-12-5", "2026-12-05"), ("1月8号", "2027-01-08"), ("11月20号", None),
        ("30号", "2026-11-30"), ("5号", "2026-12-05"), ("本月5号", None), ("下个月5号", "2026-12-05"), ("月底", "2026-11-30"),
        ("下月底", "2026-12-31"), ("10天内", "2026-12-06"), ("两周内", "2026-12-10"), ("半个月内", "2026-12-11"),
        ("2月30号", None), ("13月1号", None), ("尽快", None), ("年前", None), ("999天内", None),
    ],
)  # fmt: skip
def test_days_as_they_are_said(said: str, day: str | None) -> None:
    found = take_day(Scrap(said), TODAY)
    assert (found[0].isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1,000", "1000"), ("1.5万", "15000"), ("3千", "3000"), ("一千二", "1200"), ("一千零二", "1002"), ("两百", "200"), ("十二", "12"),
        ("一百零五", "105"), ("三万五", "35000"), ("一万二千", "12000"), ("二十",
        "20"), ("1,20", None), ("几", None), ("", None), ("万", None),
    ],
)  # fmt: skip
def test_numbers_as_they_are_said(said: str, number: str | None) -> None:
    found = said_number(said)
    assert (format(found, "f") if found is not None else None) == number
