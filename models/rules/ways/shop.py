"""Orders that customers place by themselves in the shop, pay online, and that the merchant accepts (R120 to R125)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

SHOP = Chapter(
    Words("网店", "The shop"),
    (
        Rule(
            "R120",
            Words("商品目录与账户", "catalogue and account"),
            Words(
                "商品按类别浏览，可搜索、看图片、规格、价格和库存或交期；客户用手机或邮箱注册、登录，保存收货地址。",
                "Goods are looked through by category, searched, and shown with pictures, specification, price, and stock or "
                "days; customers register and log in by phone or mail, and keep their addresses.",
            ),
            sources=(Source("D3", "1"), Source("D3", "2"), Source("D10", "1"), Source("D16", "1")),
            ours=Words(
                "登录用一次性验证码，十分钟有效、可试五次，不设密码；名称、规格和价格以价目表为准，可按数量或客户另定；"
                "同一公司可有多人，权限各异；最多比较四种商品。",
                "One logs in by a one-time code, good for ten minutes and five tries, without a password. Name, specification "
                "and price are the price list's, with prices by quantity and of a customer's own; several people of a "
                "company have rights of their own; up to four goods are compared.",
            ),
        ),
        Rule(
            "R121",
            Words("购物车", "the cart"),
            Words(
                "选好规格和数量放入购物车，可改数量、删除；购物车须稳定、准确。",
                "What is chosen goes into a cart with its quantity, which may be changed or taken out; the cart is to be "
                "stable and right.",
            ),
            sources=(Source("D2", "2"), Source("D3", "3"), Source("D16", "3")),
            ours=Words(
                "购物车保存九十天，不占库存，登录时合并；每次查看都重新计算，并写明价格、库存有何变化；降价直接生效，涨价或"
                "减少须客户确认。订制、现货和样品各成一张订单。",
                "A cart is kept for ninety days, reserves nothing, and is merged at the log-in. Each look works it out anew and "
                "names what changed: a lower price applies, a dearer one or fewer goods must be acknowledged. Goods made to "
                "order, from stock and samples become an order each.",
            ),
        ),
        Rule(
            "R122",
            Words("网店订单不可修改", "a shop order is not edited"),
            Words(
                "网店订单提交后不能修改；付款前客户可自行取消。审核时客服员只可补全联系和收货资料。",
                "An order of the shop is not edited once it is submitted; until it is paid the customer may cancel it. In "
                "the review a clerk completes contact and address, nothing else.",
            ),
            sources=(Source("D3", "8"), Source("D3", "9"), Source("D7", "6")),
            ours=Words(
                "付款后要取消的，由客服申请、上级主管决定；收货后走退货。",
                "After payment a cancellation is asked for by the staff and decided by the sales supervisor; goods "
                "that were received come back as a return.",
            ),
        ),
        Rule(
            "R123",
            Words("在线收款与退款", "money through a payment provider"),
            Words(
                "支付机构报来的款项即为确认的款项，同一笔只算一次。金额不同的照实入账并告知财务，累计够了即为付清；多付的"
                "自动原路退回。退款失败的由财务处理。",
                "What the payment provider reports is confirmed, and the same payment counts once. Another amount is booked "
                "as it is and finance is told; the order is paid when the sum is covered. What was paid too much goes back "
                "by itself, the way it came. A refund that failed is finance's to decide.",
            ),
            sources=(Source("D2", "4"), Source("D10", "9")),
            ours=Words(
                "在线款项是否还须财务核实，由政策规定，默认不须。",
                "Whether finance confirms each online payment is a switch; by default it need not.",
            ),
            switches=("shop.provider_confirms", "limits.decision_hours", "limits.emergency_hours"),
        ),
        Rule(
            "R124",
            Words("商家接单", "the merchant accepts"),
            Words(
                "付款后商家在规定时间内接单，或写明原因拒绝；拒绝的，货款和配送费全部退回，库存释放。",
                "After payment the merchant accepts the order in time, or refuses it with the reason: then all money goes "
                "back, the delivery fee too, and the stock is free again.",
            ),
            sources=(
                Source("D2", "5"),
                Source("D19", "二", "如果商品库存不足或订单信息有误，商家会及时与用户联系并进行处理"),
            ),
            ours=Words("时限默认 24 小时。", "24 hours by default."),
            switches=("shop.accept_hours",),
        ),
        Rule(
            "R125",
            Words("网店时限与延误告知", "limits of the shop, and delays told"),
            Words(
                "审核和发货各有时限；可能超过的，在到期前把延误和原因告知客户。",
                "Review and shipping have a limit each. Where one may not hold, the customer hears of the delay and its "
                "reason before it passes.",
            ),
            sources=(Source("D9", "三、2"),),
            ours=Words(
                "审核 2 小时，接单后 48 小时内发货；时限过了四分之三仍未办完的，告知客户。",
                "2 hours for the review, 48 from the acceptance for shipping; the customer is told when three quarters of "
                "a limit are over.",
            ),
            switches=("shop.review_hours", "shop.ship_hours", "shop.delay_told_percent"),
        ),
    ),
)
