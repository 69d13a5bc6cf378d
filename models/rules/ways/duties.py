"""The rules of the daily duties: who is in charge, who stands in, what is looked at a second time and followed."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

DUTIES = Chapter(
    Words("日常职责", "Daily duties"),
    (
        Rule(
            "R131",
            Words("按类型、区域和负荷派单", "assignment by type, region and load"),
            Words(
                "下单时按岗位逐一指定负责人：客户自己的人员优先；否则依次取同时负责该产品类型和区域的、负责该类型的、负责该"
                "区域的、不限的人；在岗者中进行中订单最少者先，其次最久未派单者，再其次按工号。",
                "When an order is placed somebody is put in charge of it in each role: the customer's own person; else "
                "who covers its product type and region, then the type, then the region, then anyone; among those "
                "present the one with the least open orders, then the longest without a new one, then by id.",
            ),
            sources=(
                Source("D14", "三、1", "根据产品类型、地域和工作负载等因素，将订单分派给合适的部门或员工"),
            ),
            ours=Words(
                "计数与下单在同一事务中完成。含多种产品类型的订单，只归全部负责这些类型的人。无人负责的，在该岗位全体中按"
                "负荷分派。只用于新订单。",
                "Counting and placing are one transaction. An order of several product types is for who covers all of "
                "them. Where nobody covers it, everybody who has the role is asked by load. For new orders only.",
            ),
        ),
        Rule(
            "R133",
            Words("代理与改派", "deputies and re-assignment"),
            Words(
                "不在岗期间，工作交给代理人：步骤开启、提醒和答复时都按当时的代理关系；最多连续三位代理，其后为上级；依职责"
                "分离不得经办的人跳过。改派由上级办理，时限照旧，告知客户。",
                "While somebody is away their work goes to the deputy, whenever a step is opened, reminded of or "
                "answered: three deputies after each other at most, then the superior; whom the separation of duties "
                "bars is skipped. Re-assignment is the superior's; limits run on, and the customer is told.",
            ),
            ours=Words(
                "原文未写，全条由本公司自定。流水账同时记下经办人和被代理人。代理成圈的不在岗登记不予受理。离岗人员的全部订单"
                "可一次改派，逐单给出结果。",
                "The procedures are silent; all of this rule is our decision. The journal keeps both names. An absence "
                "whose deputies go round in a circle is refused. All orders of somebody who leaves are reassigned at "
                "once, with a result for each.",
            ),
        ),
        Rule(
            "R140",
            Words("客户提问限时答复", "questions are answered in time"),
            Words(
                "记为提问的客户联系有负责人，并在时限内答复。",
                "A contact that is marked as a question has an owner and is answered within its limit.",
            ),
            sources=(Source("D1", "三、1"), Source("D12", "一、7")),
            ours=Words("时限为 24 小时。", "The limit is 24 hours."),
            switches=("limits.question_hours",),
        ),
        Rule(
            "R170",
            Words("确认书逐项核对", "the sheet checked line by line"),
            Words(
                "客服员或跟单员对照打印的版本逐项、逐行核对，再盖章；有出入的改出新版。",
                "Clerk or merchandiser tick each field and each line of the printed version, then stamp it; a "
                "difference makes a new version.",
            ),
            sources=(Source("D20", "第8步"),),
            ours=Words(
                "未核对的不由系统发给客户；被告知已发出而未核对的，记入责任报告，不拦截。可要求由录单人以外的人核对。",
                "Nothing is sent to the customer unchecked; a sheet that is told as sent unchecked stands in the "
                "responsibility report and is not held up. It may be asked that another than who entered the order checks it.",
            ),
            switches=("sheet", "limits.sheet_hours"),
        ),
        Rule(
            "R171",
            Words("生产日报", "daily production report"),
            Words(
                "有订单在产的每个工作日，生产部须于 18:00 前报生产日报。",
                "On each working day on which orders are in production a report is owed by 18:00.",
            ),
            sources=(Source("D20", "第12步"),),
            ours=Words(
                "每天一项待办，列明在产订单；一次报告了结当日及以前各日；缺报的天数计入责任报告。",
                "One step of the desk a day names the orders; a report closes its day and earlier ones; days without one "
                "are counted in the responsibility report.",
            ),
            switches=("daily_report",),
        ),
        Rule(
            "R172",
            Words("按计划跟踪到货", "planned check of a shipment"),
            Words(
                "每次发货都有计划的跟踪日：预计到货日，没有的为发出后 3 天；日期和情况告知业务员。",
                "Each shipment has a planned check: on its expected arrival, else three days after it left; date and "
                "condition are told to the salesperson.",
            ),
            sources=(Source("D20", "第17步"),),
            ours=Words(
                "天数由本公司自定；自提的没有跟踪日。", "The days are our choice; what is picked up has no such check."
            ),
            switches=("shipment_check",),
        ),
    ),
)  # fmt: skip
