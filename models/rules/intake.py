"""An order comes in: numbered, complete, clear, with a limit on each step, checked against the contract (R10 to R19)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

INTAKE = Chapter(
    Words("接单", "Intake"),
    (
        Rule(
            "R10",
            Words("订单受理与编号", "order number and receipt"),
            Words(
                "客户可通过任何渠道下单：电话、传真、来访、现场、微信、邮件、网站、手机应用，或由业务员转达。订单一到即"
                "取得唯一的订单号，并告知客户订单号和已受理。",
                "An order may come by any channel: phone, fax, visit, on site, WeChat, e-mail, website, app, or "
                "through the salesperson. It gets a unique order number at once, and the customer is told the number "
                "and that the order was taken in.",
            ),
            sources=(
                Source("D20", "第1步", "客户、销售人员通过口头、书面（传真）或来访下订单到客户服务部"),
                Source("D6", "一、2", "为订单分配一个唯一的订单号，同时通知客户订单已接收"),
                Source("D14", "二、4"),
            ),
            ours=Words(
                "同一请求发送两次只成一张订单：请求编号属于该客户（或发出请求的服务），相同编号、不同内容则拒绝；订单可另"
                "带客户自己的单号。",
                "The same request sent twice makes one order: a request id belongs to the customer (or to the "
                "service that sends it), and the same id with other content is refused. An order may also carry the "
                "customer's own number.",
            ),
        ),
        Rule(
            "R11",
            Words("客户信息备忘录逐项核对", "customer memo checked item by item"),
            Words(
                "客户的要求按原话记入客户信息备忘录，再按确认书所列内容逐项核对：客户、联系人、电话、传真、地址、收货人"
                "、产品编号、规格、数量、允差、单位、单价、付款方式、定金、包装、标签、特殊要求、要求交期、交货方式、"
                "运费承担和须监督的环节（R46）。",
                "What the customer asked for is kept as it was said in the customer memo. It is then checked item by "
                "item against the fields of the confirmation sheet: customer, contact, phone, fax, address, "
                "consignee, product number, specification, quantity, tolerance, unit, unit price, payment terms, "
                "deposit, packing, label, special requirements, wanted date, delivery method, freight terms and the "
                "checkpoints to be watched (R46).",
            ),
            sources=(
                Source("D20", "第3步", "按《销售部客户订单确认书》所列内容逐项核对订单内容的完整性"),
                Source("D20", "第2步（1）"),
                Source("D20", "第11步"),
                Source("D14", "一、2"),
            ),
        ),
        Rule(
            "R12",
            Words("资料须齐全清楚", "complete and clear details"),
            Words(
                "缺少或不清楚的内容逐项向负责的业务员或客服员提问，补齐之前订单不进入审核。业务员受理的订单须交手工订"
                "单；出差期间可以口头下单。",
                "A missing or unclear field opens a question for the responsible salesperson or clerk, and the order "
                "waits until it is answered. A salesperson hands in a written order; on a trip word of mouth will do.",
            ),
            sources=(
                Source(
                    "D20",
                    "第2步（2）",
                    "必须按《销售部客户订单确认书》所列的内容提供手工订单（出差期间可通过口头方式）",
                ),
                Source("D20", "第2步（3）", "应主动致电客户方就其不详之处与客户进行沟通"),
            ),
            ours=Words(
                "出差期间口头下的订单，手工订单列为欠交单据，持续催交，但不阻止审核。",
                "The written form of an order by word of mouth is owed and asked for; it does not hold up the "
                "verification.",
            ),
            switches=("limits.details_hours", "limits.owed_paper_hours"),
        ),
        Rule(
            "R13",
            Words("步骤时限", "time limit of a step"),
            Words(
                "每一个须由人完成的步骤都有时限；向客户告知制作确认书需等待多久。因特殊情况延长时限的，告知客户。",
                "Every step that someone must take has a time limit, and the customer is told how long the "
                "confirmation sheet will take. Where a limit is extended, the customer is told.",
            ),
            sources=(
                Source("D20", "第4步", "告知客户或销售员确认制作《销售部客户订单确认书》的等待时长"),
                Source("D9", "三、2", "订单审核、支付、发货等环节应在规定时间内完成"),
                Source("D9", "三、2(2)", "如遇特殊情况，需延长处理时间，应及时通知客户"),
            ),
            ours=Words(
                "时限按钟点小时计。超过时限即为超期，先告知步骤的负责人，再超过上报时间则告知其上级。各步骤的小时数由本"
                "公司自定。客户口头要的货先记下，从客户说出之时起限时录入，录入即办结。",
                "Limits are hours of the clock. A passed limit is overdue: the owner of the step is told, and after "
                "a further time the owner's superior. The hours are our choice. What a customer orders by word is noted, "
                "to be entered within a limit from that word on; entering it is what closes the step.",
            ),
            switches=("limits",),
        ),
        Rule(
            "R14",
            Words("订单分派", "assignment of an order"),
            Words(
                "订单按产品类型、地域和工作负载分派给客服员、业务员和跟单员。",
                "An order is assigned to a clerk, a salesperson and a merchandiser by product type, region and "
                "workload.",
            ),
            sources=(
                Source("D14", "三、1", "根据产品类型、地域和工作负载等因素，将订单分派给合适的部门或员工"),
            ),
        ),
        Rule(
            "R15",
            Words("按销售合同核对条款", "terms checked against the contract"),
            Words(
                "接单时按客户的销售合同核对付款方式；放行前再次核对交货条件、付款条件和结算方法。偏离合同条款的订单交"
                "法务和财务审批。",
                "Payment terms are checked against the customer's sales contract at intake. Before the goods are "
                "released, delivery terms, payment terms and the settlement method are checked against it again. An "
                "order that deviates from its contract goes to legal and finance.",
            ),
            sources=(
                Source("D20", "第5步", "根据公司销售合同确认付款方式"),
                Source("D20", "第13步", "根据《客户销售合同》审核该客户的交货条件及付款条件，结算方法等项目"),
            ),
            ours=Words(
                "合同自首个有效日起至最后有效日止（含当日）有效；按下单日判断一次，按放行日再判断一次。B、C类客户放行日的条款（含"
                "交货方式）与合同不符、且接单时未经批准的，由法务和财务批准后才放行，否则先变更订单。",
                "A contract counts from its first to its last valid day, both included: by the day of the order, and "
                "again by the day of the release. Where on that day the terms of a class B or C order, delivery too, are "
                "not the contract's and were not approved at intake, legal and finance agree before the release, or the "
                "order is amended first.",
            ),
            switches=("approval.contract_deviation", "limits.decision_hours"),
        ),
        Rule(
            "R16",
            Words("订单有效与交货能力", "validity and capacity"),
            Words(
                "接受订单之前，确认订单有效，并确认有能力按要求交货。",
                "Before an order is accepted, it is confirmed that the order is valid and that the company is able "
                "to deliver it.",
            ),
            sources=(Source("D8", "2", "确认的内容包括订单的有效性、库存的可用性以及配送能力等"),),
        ),
        Rule(
            "R17",
            Words("客户资料核实", "customer data verified"),
            Words(
                "客户资料不仅要完整，还要核实属实；由谁核实予以留存。",
                "A customer's data are verified as real and not only as complete; who verified them is kept.",
            ),
            sources=(Source("D17", ""),),
            ours=Words(
                "已由某人核实过的客户不再重复核实；核实为不实的，重新索取联系人、电话和地址。订单所用的客户档案可按现行档"
                "案更新：名称用于下一份单据，签字人用于下一份回传，等级和合同使其所据的审批重新进行。",
                "A customer whom somebody has verified is not verified again. Where the data are not real, contact, "
                "phone and address are asked for anew. The file that an order keeps is refreshed from the company's own: "
                "the name goes on the next paper, the signers are those of the next sheet that comes back, and what "
                "rested on class and contract is looked at again.",
            ),
            switches=("limits.decision_hours",),
        ),
        Rule(
            "R18",
            Words("电话订单复述", "phone order read back"),
            Words(
                "与客户的每次联系（包括询价）都记录在订单上。电话订单须核对并重复确认，复述本身予以记录。",
                "Every contact with the customer is logged on the order, enquiries included. An order by phone is "
                "checked and read back to the customer, and that is recorded.",
            ),
            sources=(
                Source("D20", "第2步（1）", "按《销售部客户订单确认书》所列的内容核对并重复确认"),
                Source("D18", "第三章 第二条", "维持良好的沟通和沟通记录"),
            ),
            switches=("limits.details_hours",),
        ),
        Rule(
            "R19",
            Words("悬单", "hanging order"),
            Words(
                "超过规定时间没有确认书、定金或答复的订单列为悬单：提醒负责人，列入关注清单，只能由决定关闭。",
                "An order that has had no sheet, deposit or answer for a set time is a hanging order: its owner is "
                "reminded, it stands on the watch list, and only a decision closes it.",
            ),
            sources=(Source("D13", "前言", "防止“悬单”、“死单”发生"),),
            ours=Words(
                "天数由本公司自定（原文只提到悬单，未给天数）。由上级主管决定关闭或保留，保留可定期限。",
                "The number of days is our choice; the procedures name the hanging order without a figure. The sales "
                "supervisor closes it or keeps it, also until a date.",
            ),
            switches=("hanging.days", "limits.decision_hours"),
        ),
    ),
)
