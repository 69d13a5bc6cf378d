"""What each letter about the order of `tests.papers.unlike` must say, by hand; the first line is its subject."""

from __future__ import annotations

from models.dossier.papers_due import Paper
from models.values.vocabulary import Language

_ZH: dict[Paper, str] = {
    Paper.SHEET: """
        请签回：订单 20270301-0001 确认书第 2 版
        周联系，您好！
        附上订单 20270301-0001 的确认书第 2 版，合计 ¥8,214.57，预交日 2027-03-08。
        按约定请付定金或预付款 ¥2,464.37（已付的计入），付款附言请写订单号 20270301-0001。
        与上一版的不同：
        联系人：孙前任 → 周联系
    """,
    Paper.BALANCE: """
        余款通知：订单 20270301-0001 应付 ¥5,449.79
        周联系，您好！
        订单 20270301-0001 已按合格数量入库，应付总额 ¥8,049.79，已付 ¥2,600.00，
        尚欠余款 ¥5,449.79（人民币 伍仟肆佰肆拾玖元柒角玖分）。
        请于 2027-03-11 前付清，款到即安排发货。
        付款方式：银行转账至附件通知书所列账户，附言请写订单号 20270301-0001。
    """,
    Paper.SHIPMENT: """
        已发货：订单 20270301-0001，德邦物流 DB-446688
        郑收货，您好！
        订单 20270301-0001 已于 2027-03-05 17:00 发出，承运：德邦物流 DB-446688，预计到货 2027-03-09。
        货到后请在 15 天内提货并签回到货回单，逾期未提将召回。
    """,
    Paper.NEW_PROMISE: """
        订单 20270301-0001：预交日由 2027-03-08 改为 2027-03-09（客户未回传）
        您好！
        订单 20270301-0001 的预交日由 2027-03-08 改为 2027-03-09（客户未回传）。如有疑问请与业务员联系。
    """,
}
_EN: dict[Paper, str] = {
    Paper.SHEET: """
        Please sign and return: order 20270301-0001, confirmation sheet version 2
        Dear 周联系,
        please find attached confirmation sheet version 2 of order 20270301-0001, total CNY 8,214.57, promised 2027-03-08.
        Please pay the deposit or prepayment of CNY 2,464.37 that was agreed (what is paid counts), with the reference 20270301-0001.
        Changed since the last version:
        contact: 孙前任 → 周联系
    """,
    Paper.BALANCE: """
        Balance of order 20270301-0001: CNY 5,449.79
        Dear 周联系,
        the goods of order 20270301-0001 are in the warehouse. The bill, from the quantity that passed, is CNY 8,049.79;
        CNY 2,600.00 was paid. A balance of CNY 5,449.79 is due by 2027-03-11; the goods ship as soon as it has arrived.
        Please transfer it to the account named in the attached notice, with 20270301-0001 as reference.
    """,
    Paper.SHIPMENT: """
        Shipped: order 20270301-0001, 德邦物流 DB-446688
        Dear 郑收货,
        order 20270301-0001 left on 2027-03-05 17:00 with 德邦物流 DB-446688, expected 2027-03-09.
        Please collect the goods within 15 days of their arrival and return the delivery receipt; after that they are recalled.
    """,
    Paper.NEW_PROMISE: """
        Order 20270301-0001: the promised date moves from 2027-03-08 to 2027-03-09 (customer's sheet not back)
        Order 20270301-0001: the promised date moves from 2027-03-08 to 2027-03-09 (customer's sheet not back). Please ask your salesperson if anything is unclear.
    """,  # noqa: E501 - one sentence of the template
}
LETTERS: dict[Language, dict[Paper, str]] = {Language.ZH: _ZH, Language.EN: _EN}

REMINDERS: dict[Language, tuple[str, ...]] = {
    Language.ZH: (
        """
        余款提醒
        红枫：
        贵司下列订单的余款尚未收到，请安排付款。如已付款，请告知我司财务，谢谢。
        订单号 | 起算日 | 未付金额 | 备注
        20270301-0001 | 2027-03-01 | 1,234.50 |
        20270301-0002 | 2027-03-04 | 77.05 | 承诺日已过
        合计 ¥1,311.55（人民币 壹仟叁佰壹拾壹元伍角伍分）
        业务员：李明
        余款提醒 · 红枫 · 2027-03-08 1 / 1
        """,
        """
        余款催收（第二次）
        红枫：
        我司此前已提醒，下列余款仍未收到。请于三个工作日内付清，或告知付款日期。
        订单号 | 起算日 | 未付金额 | 备注
        20270301-0001 | 2027-03-01 | 1,234.50 |
        20270301-0002 | 2027-03-04 | 77.05 | 承诺日已过
        合计 ¥1,311.55（人民币 壹仟叁佰壹拾壹元伍角伍分）
        业务员：李明
        余款催收（第二次） · 红枫 · 2027-03-08 1 / 1
        """,
        """
        余款催收（最后一次）
        红枫：
        经多次催收，下列余款仍未收到。请即付清；在此之前相关货物不予发运，并将按合同处理。
        订单号 | 起算日 | 未付金额 | 备注
        20270301-0001 | 2027-03-01 | 1,234.50 |
        20270301-0002 | 2027-03-04 | 77.05 | 承诺日已过
        合计 ¥1,311.55（人民币 壹仟叁佰壹拾壹元伍角伍分）
        业务员：李明
        余款催收（最后一次） · 红枫 · 2027-03-08 1 / 1
        """,
    ),
    Language.EN: (
        """
        Reminder
        红枫:
        order | since | open | remark
        20270301-0001 | 2027-03-01 | 1,234.50 |
        20270301-0002 | 2027-03-04 | 77.05 | promised day has passed
        total ¥1,311.55
        salesperson: 李明
        Reminder · 红枫 · 2027-03-08 1 / 1
        """,
        """
        Second reminder
        红枫:
        order | since | open | remark
        20270301-0001 | 2027-03-01 | 1,234.50 |
        20270301-0002 | 2027-03-04 | 77.05 | promised day has passed
        total ¥1,311.55
        salesperson: 李明
        Second reminder · 红枫 · 2027-03-08 1 / 1
        """,
        """
        Last reminder
        红枫:
        order | since | open | remark
        20270301-0001 | 2027-03-01 | 1,234.50 |
        20270301-0002 | 2027-03-04 | 77.05 | promised day has passed
        total ¥1,311.55
        salesperson: 李明
        Last reminder · 红枫 · 2027-03-08 1 / 1
        """,
    ),
}
"""The letter of each rung of the ladder, printed."""

REMINDER_MAILS: dict[Language, str] = {
    Language.ZH: """
        余款催收（第二次）：红枫 未付 ¥1,311.55
        红枫：
        截至 2027-03-08，贵方以下订单尚有余款未付：
        20270301-0001 ¥1,234.50 自 2027-03-01
        20270301-0002 ¥77.05 自 2027-03-04（承诺付款日已过）
        合计 ¥1,311.55（人民币 壹仟叁佰壹拾壹元伍角伍分）。请转账至附件所列账户，附言写订单号；待发货物款到即发。如已付款请告知业务员 李明。
    """,
    Language.EN: """
        second reminder: 红枫 owes CNY 1,311.55
        红枫,
        as of 2027-03-08 these balances are open:
        20270301-0001 CNY 1,234.50 since 2027-03-01
        20270301-0002 CNY 77.05 since 2027-03-04 (the day promised for payment has passed)
        Together CNY 1,311.55. Please transfer it to the account named in the attached letter, with the order numbers as reference. Goods that wait for it ship as soon as it has arrived. If you have paid, please tell 李明.
    """,  # noqa: E501 - one sentence of the template
}
