"""The twenty documents of the company's procedures from which the rules come, in their order."""

from __future__ import annotations

from models.rules.rule import Document
from models.values.words import Words

DOCUMENTS: tuple[Document, ...] = (
    Document(
        "D1",
        "客户订单流程",
        Words(
            "创建、主管审批、处理、交付、完成；随时可查状态",
            "create, approval, processing, delivered, completed; status at any time",
        ),
    ),
    Document(
        "D2",
        "订单下单流程",
        Words(
            "网店：浏览、购物车、付款、商家确认、发货、跟踪",
            "shop: browse, cart, payment, merchant confirms, ships, tracks",
        ),
    ),
    Document(
        "D3",
        "下单流程及流程说明",
        Words(
            "网店：配送方式定费用和时间；提交后不可改",
            "shop: delivery method decides fee and time; no edit after submission",
        ),
    ),
    Document(
        "D4",
        "下单流程管理制度",
        Words(
            "内部审核、确认邮件、质检、包装标签",
            "internal review, confirmation mail, inspection, packing and labels",
        ),
    ),
    Document("D5", "客户订单下单流程", Words("同D20第1至6步", "the same as steps 1 to 6 of D20")),
    Document(
        "D6",
        "业务下单操作流程",
        Words(
            "成本、报价、合同审批、定金、财务核实、物流",
            "cost, quote, contract approval, deposit, finance confirms, logistics",
        ),
    ),
    Document("D7", "客户订单下单流程", Words("网店六步", "shop in six steps")),
    Document(
        "D8",
        "订单下单流程及工作职责",
        Words(
            "客户、供应商、物流的职责；有效性、库存、能力",
            "duties of customer, supplier, carrier; validity, stock, capacity",
        ),
    ),
    Document(
        "D9",
        "下单规章制度",
        Words(
            "线上订单、各步时限、异常、责任与奖惩", "online orders, time limits, exceptions, responsibility"
        ),
    ),
    Document(
        "D10",
        "客户订单下单流程",
        Words(
            "网店十二步，确认收货、评价、售后", "shop in twelve steps: confirm receipt, review, after-sales"
        ),
    ),
    Document(
        "D11",
        "客户订单流程",
        Words(
            "接单、确认、生产或备货、配送、售后", "receive, confirm, produce or pick, deliver, after-sales"
        ),
    ),
    Document(
        "D12",
        "客户订购流程",
        Words(
            "线下与线上：样品试用、订单、付款、自提、售后",
            "offline and online: sample, order, payment, pick-up, after-sales",
        ),
    ),
    Document(
        "D13",
        "业务下单流程及规定",
        Words(
            "业务员规定：十日、小额订单、死单、总监审批、周报",
            "the salesperson's rules: ten days, small orders, dead orders, director's approval, weekly table",
        ),
    ),
    Document(
        "D14",
        "订单处理流程规范",
        Words(
            "库存、价格、信用、分派、延迟通知、结算、归档",
            "stock, price, credit, assignment, delay notices, settlement, archive",
        ),
    ),
    Document(
        "D15",
        "客户订单流程",
        Words("多种渠道、确认细节、满意度", "many channels, details confirmed, satisfaction"),
    ),
    Document(
        "D16",
        "客户下单流程的操作流程",
        Words("网店：常用地址、确认通知、跟踪", "shop: saved addresses, confirmation message, tracking"),
    ),
    Document(
        "D17",
        "订单处理流程",
        Words(
            "核实客户信息、服务订单、满意度、退换货、投诉",
            "customer data verified, services, satisfaction, returns, complaints",
        ),
    ),
    Document(
        "D18",
        "客户下单管理制度范文",
        Words(
            "咨询、报价协商、审核、执行、结算；沟通记录",
            "enquiry, quote, review, execution, settlement; contacts logged",
        ),
    ),
    Document(
        "D19",
        "商城订单流程",
        Words(
            "商家接单、现货与预售、签收、结算、售后",
            "merchant accepts, in stock or pre-sale, receipt, settlement, after-sales",
        ),
    ),
    Document(
        "D20",
        "客户订单下达流程",
        Words(
            "纸品加工厂完整的十八步流程及流程图",
            "the full procedure of a paper converter in eighteen steps, with its flow chart",
        ),
    ),
)
