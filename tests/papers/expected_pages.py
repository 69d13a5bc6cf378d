"""What must stand on each paper of the order of `tests.papers.unlike`, by hand: label and value beside each other.

A line with `|` is a row of a table, cell by cell; any other is a line of its own. Blanks do not count. What stands
elsewhere on the page (name of the company, fixed sentences, places to sign) may hold no value of the order.
"""

from __future__ import annotations

from models.dossier.papers_due import Paper
from models.values.vocabulary import Language

_ZH: dict[Paper, str] = {
    Paper.RECEIPT: """
        订单号 | 20270301-0001 | 受理时间 | 2027-03-01 09:00
        客户 | 红枫包装 | 渠道 | 微信
        联系人 | 孙前任 | 电话 | 0755-5550102
        传真 | 0755-5550999 | 收货人 | 郑收货
        收货地址 | 深圳市宝安区新安路 12 号 | 要货日期 | 2027-03-20
        客户原话
        要一千卷收银纸
        行 | 产品编号 | 规格 | 数量 | 允许误差 | 单价 | 金额
        1 | TP-80 | 80mm×80m | 1,000 卷 | ±5% | 5.00 | 5,000.00
        2 | NCR-3 | 241×280 三联 | 260.5 箱 | ±3% | 12.34 | 3,214.57
        付款方式 | 定金加余款 | 交货方式 | 物流货运
        运费 | 卖方承担运费 | 包装 | 50 卷一箱
        标签 | 贴红枫标 | 特殊要求 | 不得有接头
        记录人：clerk-ding（客服员）
        客户信息备忘录 · 订单 20270301-0001 · 2027-03-01 09:00 1 / 1
    """,
    Paper.SHEET: """
        订单号 | 20270301-0001 | 版本 | 第 2 版
        客户 | 红枫包装 | 联系人 | 周联系
        电话 | 0755-5550102 | 传真 | 0755-5550999
        收货人 | 郑收货 | 收货地址 | 深圳市宝安区新安路 12 号
        行 | 产品编号 | 规格 | 数量 | 允许误差 | 单价 | 金额
        1 | TP-80 | 80mm×80m | 1,000 卷 | ±5% | 5.00 | 5,000.00
        2 | NCR-3 | 241×280 三联 | 260.5 箱 | ±3% | 12.34 | 3,214.57
        合计 ¥8,214.57（人民币 捌仟贰佰壹拾肆元伍角柒分）
        定金 ¥2,464.37（人民币 贰仟肆佰陆拾肆元叁角柒分）
        付款方式 | 定金加余款 | 要货日期 | 2027-03-20
        预交日（成品完成） | 2027-03-08 | 约定发货日 | 2027-03-10
        交货方式 | 物流货运 | 运费 | 卖方承担运费
        包装 | 50 卷一箱 | 标签 | 贴红枫标
        特殊要求 | 不得有接头 | 监督点 | 首件颜色、分切
        与上一版的不同
        项目 | 原 | 现
        联系人 | 孙前任 | 周联系
        指定签字人：王芳、冯签字
        20270301-0001 · v2 · c729b9f43a00e7a5
        销售部客户订单确认书 · 订单 20270301-0001 · 2027-03-01 12:00 1 / 1
    """,
    Paper.INSTRUCTION: """
        订单号 | 20270301-0001 | 确认书版本 | 2
        客户 | 红枫包装 | 客服员 | service_clerk-1
        生产日期 | 2027-03-02 | 成品完成日 | 2027-03-06
        签发时间 | 2027-03-01 14:00 | 客户预交日 | 2027-03-08
        行 | 产品编号 | 规格 | 数量 | 允许误差 | 生产日期
        1 | TP-80 | 80mm×80m | 1,000 卷 | ±5% | 2027-03-02
        2 | NCR-3 | 241×280 三联 | 260.5 箱 | ±3% | 2027-03-03
        包装 | 50 卷一箱 | 标签 | 贴红枫标
        特殊要求 | 不得有接头 | 监督点 | 首件颜色、分切
        以上货物共 2 行。
        生产指令单 · 订单 20270301-0001 · 2027-03-01 14:00 1 / 1
    """,
    Paper.FINISHED: """
        华广纸品加工厂 20270301-0001
        TP-80
        80mm×80m
        数量 980 卷 库位 A-3
        生产日期 2027-03-03 批次 L-7
        贴红枫标
        华广纸品加工厂 20270301-0001
        NCR-3
        241×280 三联
        数量 255.25 箱 库位 B-9
        生产日期 2027-03-04 批次 L-8
        贴红枫标
    """,
    Paper.BALANCE: """
        红枫包装 周联系：
        贵司订单 20270301-0001 的货物已检验入库。按合格数量结算如下，请于 2027-03-11 前付清余款，款到后即安排
        行 | 产品编号 | 规格 | 数量 | 单价 | 金额
        1 | TP-80 | 80mm×80m | 980 卷 | 5.00 | 4,900.00
        2 | NCR-3 | 241×280 三联 | 255.25 箱 | 12.34 | 3,149.79
        货款 ¥8,049.79（人民币 捌仟零肆拾玖元柒角玖分）
        已付 ¥2,600.00（人民币 贰仟陆佰元整）
        应付余款 ¥5,449.79（人民币 伍仟肆佰肆拾玖元柒角玖分）
        付款期限：2027-03-11
        付款方式：银行转账至本公司对公账户，附言请写订单号 20270301-0001。款项由财务部核实。
        业务员：salesperson-1
        余款催收通知书 · 订单 20270301-0001 · 2027-03-04 15:00 1 / 1
    """,
    Paper.SHIPPING: """
        订单号 | 20270301-0001 | 放行号 | 1
        客户 | 红枫包装 | 联系人 | 周联系
        收货人 | 郑收货 | 电话 | 0755-5550102
        收货地址 | 深圳市宝安区新安路 12 号 | 约定发货日 | 2027-03-10
        交货方式 | 物流货运 | 运费 | 卖方承担运费
        行 | 产品编号 | 规格 | 数量
        1 | TP-80 | 80mm×80m | 980 卷
        2 | NCR-3 | 241×280 三联 | 255.25 箱
        余款处理：物流代收 ¥5,449.79（人民币 伍仟肆佰肆拾玖元柒角玖分）
        以上货物共 2 行。
        放行依据：订单第 2 版，账单 ¥8,049.79，未付 ¥5,449.79
        商品销售发货（申请）通知单 · 订单 20270301-0001 · 2027-03-05 15:00 1 / 1
    """,
    Paper.DELIVERY_NOTE: """
        订单号 | 20270301-0001 | 发货通知单号 | FH-31
        客户 | 红枫包装 | 收货人 | 郑收货
        电话 | 0755-5550102 | 收货地址 | 深圳市宝安区新安路 12 号
        行 | 产品编号 | 规格 | 数量
        1 | TP-80 | 80mm×80m | 980 卷
        2 | NCR-3 | 241×280 三联 | 255.25 箱
        以上货物共 2 行。
        件数 |  | 备注 |
        销售发货单 · 订单 20270301-0001 · 2027-03-05 15:00 1 / 1
    """,
    Paper.PICKING_LIST: """
        订单号 | 20270301-0001 | 放行 | 1
        客户 | 红枫包装 | 发货日 | 2027-03-10
        包装 | 50 卷一箱 | 标签 | 贴红枫标
        交货方式 | 物流货运 | 特殊要求 | 不得有接头
        行 | 产品编号 | 规格 | 数量
        1 | TP-80 | 80mm×80m | 980 卷
        2 | NCR-3 | 241×280 三联 | 255.25 箱
        以上货物共 2 行。
        件数 |  | 缺少 |
        拣货单 · 订单 20270301-0001 · 2027-03-27 09:00 1 / 1
    """,
    Paper.SHIPMENT: """
        红枫包装 周联系：
        订单号 | 20270301-0001 | 发货批次 | 7
        承运人 | 德邦物流 | 运单号 | DB-446688
        发货时间 | 2027-03-05 17:00 | 预计到货 | 2027-03-09
        收货人 | 郑收货 | 收货地址 | 深圳市宝安区新安路 12 号
        行 | 产品编号 | 规格 | 数量
        1 | TP-80 | 80mm×80m | 400 卷
        2 | NCR-3 | 241×280 三联 | 100.5 箱
        物流代收货款： ¥5,449.79（人民币 伍仟肆佰肆拾玖元柒角玖分）
        本批货款： ¥3,240.17（人民币 叁仟贰佰肆拾元壹角柒分）
        货到后请在 15 天内提货，逾期未提的货物将被召回。
        发货告知书 · 订单 20270301-0001 · 2027-03-05 17:00 1 / 2
        订单号 | 20270301-0001 | 发货批次 | 7
        客户 | 红枫包装 | 运单号 | DB-446688
        行 | 产品编号 | 规格 | 数量
        1 | TP-80 | 80mm×80m | 400 卷
        2 | NCR-3 | 241×280 三联 | 100.5 箱
        以上货物共 2 行。
        发货告知书 · 订单 20270301-0001 · 2027-03-05 17:00 2 / 2
    """,
    Paper.RECALL: """
        以下货物到货后 15 天无人提取，请承运人即日退回本厂。
        订单号 | 20270301-0001 | 发货批次 | 7
        客户 | 红枫包装 | 联系电话 | 0755-5550102
        承运人 | 德邦物流 | 运单号 | DB-446688
        发货时间 | 2027-03-05 17:00 | 到货时间 | 2027-03-10 09:00
        行 | 产品编号 | 规格 | 数量
        1 | TP-80 | 80mm×80m | 400 卷
        2 | NCR-3 | 241×280 三联 | 100.5 箱
        以上货物共 2 行。
        召回通知 · 订单 20270301-0001 · 2027-03-26 00:00 1 / 1
    """,
    Paper.CREDIT_NOTE: """
        通知单号 | CN-20270301-0001-1 | 订单号 | 20270301-0001
        客户 | 红枫包装 | 原因 | 订单变更
        行 | 产品编号 | 规格 | 原数量 | 现数量 | 原单价 | 现单价 | 减少
        1 | TP-80 | 80mm×80m | 980 卷 | 980 卷 | 5.00 | 4.75 | 245.00
        2 | NCR-3 | 241×280 三联 | 255.25 箱 | 255.25 箱 | 12.34 | 11.11 | 313.96
        本单减少 ¥558.96（人民币 伍佰伍拾捌元玖角陆分）
        原账单 ¥8,049.79（人民币 捌仟零肆拾玖元柒角玖分）
        现账单 ¥7,490.83（人民币 柒仟肆佰玖拾元捌角叁分）
        贷项通知单 CN-20270301-0001-1 · 订单 20270301-0001 · 2027-03-27 09:00 1 / 1
    """,
}
_EN: dict[Paper, str] = {
    Paper.RECEIPT: """
        order | 20270301-0001 | taken in | 2027-03-01 09:00
        customer | 红枫包装 | channel | WeChat
        contact | 孙前任 | phone | 0755-5550102
        fax | 0755-5550999 | consignee | 郑收货
        address | 深圳市宝安区新安路 12 号 | wanted by | 2027-03-20
        In the customer's words
        要一千卷收银纸
        line | product | specification | quantity | tolerance | unit price | amount
        1 | TP-80 | 80mm×80m | 1,000 roll | ±5% | 5.00 | 5,000.00
        2 | NCR-3 | 241×280 三联 | 260.5 carton | ±3% | 12.34 | 3,214.57
        payment | deposit, balance before shipment | delivery | freight
        freight terms | seller pays freight | packing | 50 卷一箱
        label | 贴红枫标 | special | 不得有接头
        written down by: clerk-ding (service clerk)
        Customer memo · order 20270301-0001 · 2027-03-01 09:00 1 / 1
    """,
    Paper.SHEET: """
        order | 20270301-0001 | version | 2
        customer | 红枫包装 | contact | 周联系
        phone | 0755-5550102 | fax | 0755-5550999
        consignee | 郑收货 | address | 深圳市宝安区新安路 12 号
        line | product | specification | quantity | tolerance | unit price | amount
        1 | TP-80 | 80mm×80m | 1,000 roll | ±5% | 5.00 | 5,000.00
        2 | NCR-3 | 241×280 三联 | 260.5 carton | ±3% | 12.34 | 3,214.57
        total ¥8,214.57
        deposit ¥2,464.37
        payment | deposit, balance before shipment | wanted by | 2027-03-20
        promised (goods finished) | 2027-03-08 | agreed ship date | 2027-03-10
        delivery | freight | freight terms | seller pays freight
        packing | 50 卷一箱 | label | 贴红枫标
        special requirements | 不得有接头 | checkpoints | 首件颜色, 分切
        Changed since the last version
        field | before | now
        contact | 孙前任 | 周联系
        designated: 王芳, 冯签字
        20270301-0001 · v2 · c729b9f43a00e7a5
        Customer order confirmation · order 20270301-0001 · 2027-03-01 12:00 1 / 1
    """,
    Paper.INSTRUCTION: """
        order | 20270301-0001 | sheet version | 2
        customer | 红枫包装 | clerk | service_clerk-1
        production date | 2027-03-02 | goods finished by | 2027-03-06
        issued | 2027-03-01 14:00 | promised | 2027-03-08
        line | product | specification | quantity | tolerance | production date
        1 | TP-80 | 80mm×80m | 1,000 roll | ±5% | 2027-03-02
        2 | NCR-3 | 241×280 三联 | 260.5 carton | ±3% | 2027-03-03
        packing | 50 卷一箱 | label | 贴红枫标
        special requirements | 不得有接头 | checkpoints | 首件颜色, 分切
        Goods above: 2 lines.
        Production instruction · order 20270301-0001 · 2027-03-01 14:00 1 / 1
    """,
    Paper.FINISHED: """
        Huaguang Paper Converting 20270301-0001
        TP-80
        80mm×80m
        quantity 980 roll place A-3
        produced 2027-03-03 batch L-7
        贴红枫标
        Huaguang Paper Converting 20270301-0001
        NCR-3
        241×280 三联
        quantity 255.25 carton place B-9
        produced 2027-03-04 batch L-8
        贴红枫标
    """,
    Paper.BALANCE: """
        红枫包装 周联系:
        The goods of your order 20270301-0001 passed inspection. By the quantity that passed the account is as
        follows; please pay the balance by 2027-03-11. The goods ship when it has arrived.
        line | product | specification | quantity | unit price | amount
        1 | TP-80 | 80mm×80m | 980 roll | 5.00 | 4,900.00
        2 | NCR-3 | 241×280 三联 | 255.25 carton | 12.34 | 3,149.79
        bill ¥8,049.79
        paid ¥2,600.00
        balance due ¥5,449.79
        pay by: 2027-03-11
        manner of payment: bank transfer to our company account with the order number 20270301-0001 as
        salesperson: salesperson-1
        Balance notice · order 20270301-0001 · 2027-03-04 15:00 1 / 1
    """,
    Paper.SHIPPING: """
        order | 20270301-0001 | release | 1
        customer | 红枫包装 | contact | 周联系
        consignee | 郑收货 | phone | 0755-5550102
        address | 深圳市宝安区新安路 12 号 | agreed ship date | 2027-03-10
        delivery | freight | freight terms | seller pays freight
        line | product | specification | quantity
        1 | TP-80 | 80mm×80m | 980 roll
        2 | NCR-3 | 241×280 三联 | 255.25 carton
        balance: the carrier collects ¥5,449.79
        Goods above: 2 lines.
        granted on order version 2, bill ¥8,049.79, open ¥5,449.79
        Shipping notice · order 20270301-0001 · 2027-03-05 15:00 1 / 1
    """,
    Paper.DELIVERY_NOTE: """
        order | 20270301-0001 | notice | FH-31
        customer | 红枫包装 | consignee | 郑收货
        phone | 0755-5550102 | address | 深圳市宝安区新安路 12 号
        line | product | specification | quantity
        1 | TP-80 | 80mm×80m | 980 roll
        2 | NCR-3 | 241×280 三联 | 255.25 carton
        Goods above: 2 lines.
        packages |  | remarks |
        Delivery note · order 20270301-0001 · 2027-03-05 15:00 1 / 1
    """,
    Paper.PICKING_LIST: """
        order | 20270301-0001 | release | 1
        customer | 红枫包装 | ship date | 2027-03-10
        packing | 50 卷一箱 | label | 贴红枫标
        delivery | freight | special requirements | 不得有接头
        line | product | specification | quantity
        1 | TP-80 | 80mm×80m | 980 roll
        2 | NCR-3 | 241×280 三联 | 255.25 carton
        Goods above: 2 lines.
        packages |  | missing |
        Picking list · order 20270301-0001 · 2027-03-27 09:00 1 / 1
    """,
    Paper.SHIPMENT: """
        红枫包装 周联系:
        order | 20270301-0001 | shipment | 7
        carrier | 德邦物流 | tracking number | DB-446688
        shipped | 2027-03-05 17:00 | expected | 2027-03-09
        consignee | 郑收货 | address | 深圳市宝安区新安路 12 号
        line | product | specification | quantity
        1 | TP-80 | 80mm×80m | 400 roll
        2 | NCR-3 | 241×280 三联 | 100.5 carton
        to be collected by the carrier: ¥5,449.79
        bill for this shipment: ¥3,240.17
        Goods not collected within 15 days of arrival are recalled.
        Shipment notice · order 20270301-0001 · 2027-03-05 17:00 1 / 2
        order | 20270301-0001 | shipment | 7
        customer | 红枫包装 | tracking number | DB-446688
        line | product | specification | quantity
        1 | TP-80 | 80mm×80m | 400 roll
        2 | NCR-3 | 241×280 三联 | 100.5 carton
        Goods above: 2 lines.
        Shipment notice · order 20270301-0001 · 2027-03-05 17:00 2 / 2
    """,
    Paper.RECALL: """
        The goods below were not collected within 15 days of arrival and are recalled. The carrier is asked to return
        order | 20270301-0001 | shipment | 7
        customer | 红枫包装 | phone | 0755-5550102
        carrier | 德邦物流 | tracking number | DB-446688
        shipped | 2027-03-05 17:00 | arrived | 2027-03-10 09:00
        line | product | specification | quantity
        1 | TP-80 | 80mm×80m | 400 roll
        2 | NCR-3 | 241×280 三联 | 100.5 carton
        Goods above: 2 lines.
        Recall notice · order 20270301-0001 · 2027-03-26 00:00 1 / 1
    """,
    Paper.CREDIT_NOTE: """
        credit note | CN-20270301-0001-1 | order | 20270301-0001
        customer | 红枫包装 | reason | the order was amended
        line | product | specification | before | now | price before | price now | less
        1 | TP-80 | 80mm×80m | 980 roll | 980 roll | 5.00 | 4.75 | 245.00
        2 | NCR-3 | 241×280 三联 | 255.25 carton | 255.25 carton | 12.34 | 11.11 | 313.96
        credited ¥558.96
        billed before ¥8,049.79
        billed now ¥7,490.83
        Credit note CN-20270301-0001-1 · order 20270301-0001 · 2027-03-27 09:00 1 / 1
    """,
}
EXPECTED: dict[Language, dict[Paper, str]] = {Language.ZH: _ZH, Language.EN: _EN}
