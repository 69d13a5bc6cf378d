"""The words of the order desk: closed sets, each with the Chinese and the English term people read."""

from __future__ import annotations

from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING

from models.values.words import Language as Language
from models.values.words import Words as Words


class Term(StrEnum):
    """A closed set whose members carry their label in both languages."""

    zh: str
    en: str
    if not TYPE_CHECKING:
        value = property(attrgetter("_value_"))
        """As of any enumeration, looked up without the way through `enum.property`: a life asks two thousand times."""

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Term:
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        member.en = en
        return member

    def label(self, language: Language) -> str:
        """The term as people read it."""
        return self.zh if language is Language.ZH else self.en


class Role(Term):
    """In which role somebody speaks: of the company, the customer, the carrier, another system. Each has its own facts and decisions."""

    CUSTOMER = "customer", "客户", "customer"
    SALESPERSON = "salesperson", "业务员", "salesperson"
    SERVICE_CLERK = "service_clerk", "客服员", "service clerk"
    SERVICE_ASSISTANT = "service_assistant", "客服助理", "service assistant"
    SERVICE_SUPERVISOR = "service_supervisor", "客服主管", "service supervisor"
    MERCHANDISER = "merchandiser", "跟单员", "merchandiser"
    SALES_SUPERVISOR = "sales_supervisor", "上级主管", "sales supervisor"
    MARKETING_DIRECTOR = "marketing_director", "营销总监", "marketing director"
    TECHNICAL = "technical", "技术部", "technical department"
    PRODUCTION = "production", "生产部", "production"
    PURCHASING = "purchasing", "采购", "purchasing"
    MATERIAL_CONTROLLER = "material_controller", "物控员", "material controller"
    QUALITY = "quality", "质检部", "quality"
    WAREHOUSE = "warehouse", "仓库", "warehouse"
    FINANCE = "finance", "财务部", "finance"
    LEGAL = "legal", "法务", "legal"
    SHIPPER = "shipper", "发货员", "shipper"
    LOGISTICS = "logistics", "物流", "logistics"
    OPERATOR = "operator", "运维", "operator"
    """Runs the installation: moves orders to newer rules; decides nothing of the business."""
    ADMINISTRATOR = "administrator", "管理员", "administrator"
    """Keeps people, keys and locks; decides nothing of the business."""
    SYSTEM = "system", "系统", "system"


class CustomerClass(Term):
    """The company's class of a customer (D20, 客户等级划分标准)."""

    A = "A", "A类", "class A"
    B = "B", "B类", "class B"
    C = "C", "C类", "class C"


class Fulfilment(Term):
    """How the goods come to be."""

    MAKE_TO_ORDER = "make_to_order", "订制生产", "made to order"
    FROM_STOCK = "from_stock", "现货", "from stock"
    SERVICE = "service", "服务", "service"
    SAMPLE = "sample", "样品", "sample"
    PRE_SALE = "pre_sale", "预售", "pre-sale"
    SHOP = "shop", "网店现货", "shop order"


class PaymentTerms(Term):
    """When the customer pays."""

    PREPAID = "prepaid", "全款预付", "prepaid in full"
    DEPOSIT = "deposit", "定金加余款", "deposit, balance before shipment"
    GUARANTEED = "guaranteed", "业务员担保", "guaranteed by the salesperson"
    ON_ACCOUNT = "on_account", "按合同月结", "on account by contract"


class PaymentMethod(Term):
    """By which way money comes in: by bank, in cash, and so on."""

    BANK = "bank", "银行转账", "bank transfer"
    WECHAT = "wechat", "微信", "WeChat"
    ALIPAY = "alipay", "支付宝", "Alipay"
    CASH = "cash", "现金", "cash"
    CARRIER = "carrier", "物流代收", "collected by the carrier"
    OTHER = "other", "其他", "other"
    CHEQUE = "cheque", "支票", "cheque"
    ONLINE = "online", "网店在线支付", "online payment"


class PaymentPurpose(Term):
    """What the payer says the money is for; the ledger counts all of it together (R53)."""

    DEPOSIT = "deposit", "定金", "deposit"
    BALANCE = "balance", "余款", "balance"
    WHOLE = "whole", "全款", "whole amount"


class Way(Term):
    """Which half of a transfer an order keeps: what it gave, or what it got (R53)."""

    OUT = "out", "转出", "moved out"
    IN = "in", "转入", "moved in"


class SecondTelling(Term):
    """What a payment is whose reference counts for another order already, as finance finds (R53)."""

    MOVE = "move", "整笔转到本单", "moved here as a whole"
    SPLIT = "split", "拆分，部分转到本单", "split, a part of it moved here"
    OTHER_TRANSFER = "other_transfer", "是另一笔款", "another transfer"
    VOID = "void", "报错了，作废", "told by mistake, void"


class Channel(Term):
    """How the order came in."""

    PHONE = "phone", "电话", "phone"
    FAX = "fax", "传真", "fax"
    VISIT = "visit", "来访", "visit"
    ON_SITE = "on_site", "现场", "on site"
    WECHAT = "wechat", "微信", "WeChat"
    EMAIL = "email", "邮件", "e-mail"
    WEBSITE = "website", "网站", "website"
    APP = "app", "手机应用", "app"
    SALESPERSON = "salesperson", "业务员转达", "through the salesperson"


class DeliveryMethod(Term):
    """How goods reach the customer (R65)."""

    COURIER = "courier", "快递", "courier"
    FREIGHT = "freight", "物流货运", "freight"
    FREIGHT_COLLECT = "freight_collect", "货运到付", "freight collect"
    PICK_UP = "pick_up", "自提", "pick-up"


class FreightTerms(Term):
    """Who pays the freight. It never stands in the bill (domain-basics)."""

    SELLER_PAYS = "seller_pays", "卖方承担运费", "seller pays freight"
    BUYER_PAYS = "buyer_pays", "买方承担运费", "buyer pays freight"


class Unit(Term):
    """Units of paper goods; conversions stand in `models.values.quantity`."""

    ROLL = "roll", "卷", "roll"
    SHEET = "sheet", "张", "sheet"
    REAM = "ream", "令", "ream"
    CARTON = "carton", "箱", "carton"
    PIECE = "piece", "个", "piece"
    KILOGRAM = "kg", "公斤", "kg"
    TONNE = "t", "吨", "tonne"
    METRE = "m", "米", "metre"
    SQUARE_METRE = "m2", "平方米", "square metre"
    JOB = "job", "项", "job"
    HOUR = "hour", "小时", "hour"

    @property
    def many(self) -> Words:
        """What more than one, or none of it, is called: 2,600 个, 2,600 pieces."""
        return Words(self.zh, self.en if self is Unit.KILOGRAM else f"{self.en}s")

    def counted(self, quantity: object) -> Words:
        """What so many of it are called: 1 piece, 60 rolls."""
        return Words(self.zh, self.en) if quantity == 1 else self.many


class PhaseName(Term):
    """The phases of an order's life, in order."""

    INTAKE = "intake", "接单", "intake"
    VERIFICATION = "verification", "审核", "verification"
    CONFIRMATION = "confirmation", "确认与定金", "confirmation and deposit"
    PRODUCTION = "production", "生产", "production"
    INSPECTION = "inspection", "检验", "inspection"
    CLEARANCE = "clearance", "款项落实", "payment clearance"
    SHIPPING = "shipping", "发货", "shipping"
    DELIVERY = "delivery", "到货与签收", "delivery"
    SETTLEMENT = "settlement", "结算", "settlement"
    ENDED = "ended", "终结", "ended"
    PICKING = "picking", "拣货", "picking"
    SERVICE = "service", "服务", "service"
    ACCEPTANCE = "acceptance", "验收", "acceptance"
    TECHNICAL = "technical", "打样技术", "technical"
    TRIAL = "trial", "试用", "trial"
    READINESS = "readiness", "备货", "readiness"
    PAYMENT = "payment", "支付", "payment"
    MERCHANT_ACCEPTANCE = "merchant_acceptance", "商家接单", "acceptance by the merchant"


class Headline(Term):
    """The one status people read on an order, derived from its phase, open steps, hold and ending; it is never stored by itself."""

    INCOMPLETE = "incomplete", "待完善", "incomplete"
    IN_REVIEW = "in_review", "审核中", "in review"
    APPROVED = "approved", "已审批", "approved"
    AWAITING_CONFIRMATION = "awaiting_confirmation", "待确认", "awaiting confirmation"
    AWAITING_DEPOSIT = "awaiting_deposit", "待付定金", "awaiting deposit"
    AWAITING_PAYMENT = "awaiting_payment", "待支付", "awaiting payment"
    CONFIRMED = "confirmed", "已确认", "confirmed"
    IN_PRODUCTION = "in_production", "生产中", "in production"
    IN_INSPECTION = "in_inspection", "质检中", "in inspection"
    IN_WAREHOUSE = "in_warehouse", "已入库", "in warehouse"
    AWAITING_BALANCE = "awaiting_balance", "待付余款", "awaiting balance"
    AWAITING_SHIPMENT = "awaiting_shipment", "待发货", "awaiting shipment"
    SHIPPED = "shipped", "已发货", "shipped"
    ARRIVED = "arrived", "已到货", "arrived"
    BEING_RECALLED = "being_recalled", "召回中", "being recalled"
    DELIVERED = "delivered", "已交付", "delivered"
    COMPLETED = "completed", "已完成", "completed"
    SETTLED = "settled", "已结算", "settled"
    DEAD = "dead", "死单", "dead"
    HANGING = "hanging", "悬单", "hanging"
    CANCELLED = "cancelled", "已取消", "cancelled"
    ON_HOLD = "on_hold", "暂停", "on hold"
    PICKING = "picking", "拣货中", "picking"
    IN_SERVICE = "in_service", "服务中", "in service"
    ON_TRIAL = "on_trial", "试用中", "on trial"
    AWAITING_ACCEPTANCE = "awaiting_acceptance", "待接单", "awaiting acceptance"


class Ending(Term):
    """How an order's life ended."""

    SETTLED = "settled", "已结算", "settled"
    DEAD = "dead", "死单", "dead"
    CANCELLED = "cancelled", "已取消", "cancelled"
    NOT_PRODUCIBLE = "not_producible", "无法生产", "cannot be made"
    CLOSED_HANGING = "closed_hanging", "悬单关闭", "closed as hanging"


class PromiseCause(Term):
    """What caused a promised date to move; each move in the history of the promise has one."""

    FIRST = "first", "首次承诺", "first promise"
    LATER_AGREED = "later_agreed", "约定放宽", "later date agreed"
    CUSTOMER = "customer", "客户未回传", "customer's sheet not back"
    DEPOSIT = "deposit", "定金未到", "deposit not in"
    CORRECTION = "correction", "更正", "correction"
    AMENDMENT = "amendment", "订单变更", "amendment"
    MATERIAL = "material", "原材料", "material"
    PRODUCTION = "production", "生产", "production"
    QUALITY = "quality", "质量", "quality"
    CARRIER = "carrier", "承运", "carrier"
    HOLD = "hold", "暂停", "hold"
    STOCK = "stock", "库存情况", "state of the stock"


class SmallOrderWay(Term):
    """The three ways of an order of 500 yuan or less (R38, D13 3.1–3.4)."""

    PREPAID = "prepaid", "全款预付", "prepaid in full"
    GUARANTEED = "guaranteed", "业务员担保", "guaranteed by the salesperson"
    DEPOSIT = "deposit", "照付定金", "deposit as usual"


class Collection(Term):
    """What becomes of a balance that is open at release (R52, R61, R62)."""

    NONE = "none", "款已付清", "paid in full"
    ON_CREDIT = "on_credit", "欠款发货", "ships on credit"
    CARRIER = "carrier_collects", "物流代收", "the carrier collects"


class ExceptionCause(Term):
    """Where a production exception comes from (R42)."""

    MATERIAL = "material", "原材料", "material"
    PRODUCTION = "production", "生产", "production"
    TECHNICAL = "technical", "技术", "technical"
    QUALITY = "quality", "质量", "quality"
