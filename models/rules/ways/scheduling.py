"""The rules of scheduling: what a machine line is proposed to make when, and how far such a day is trusted (R150 to R153)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

SCHEDULING = Chapter(
    Words("排产", "Scheduling"),
    (
        Rule(
            "R150",
            Words("机台排产建议", "proposal of a machine line"),
            Words(
                "机台写明能做的产品、每小时产量、调机时间、每周班次；节假日不开机，停机由生产报出。建议：在能做的机台中，"
                "从原材料齐备起插入空闲时段，取最早完工的一台，并写明卡在哪里；完工后再加复卷和检验的工作日，即为成品日。"
                "没有能做的机台即注明；没有机台表就不提建议。机台写明开机时要几个什么工种的人的，排产表和建议写明哪一天哪个工种缺几人。",
                "A machine line names its products, its output an hour, its set-up and the hours of its week; on holidays "
                "it does not run, and production tells when it stands. Proposed is the earliest finish over the lines "
                "that make the product, in free hours from when the material is there, with what holds it up; the working "
                "days for rewinding and inspection come after it. Where no line makes it this is said; without machine "
                "lines nothing is proposed. Where a line names how many people of which trade it needs while it runs, "
                "plan and proposal say on which day how many of a trade are short.",
            ),
            sources=(
                Source(
                    "D6",
                    "五、1",
                    "负责生产的部门根据客户订单要求进行生产计划排产，包括生产设备调度、人员安排等",
                ),
                Source("D4", "三、6", "生产部门应负责制定生产计划并做好相应的准备工作"),
            ),
            ours=Words(
                "机时已排定的不动；其余先到期的先排，同日到期的先下单的先排；一单在一台上连续做完，夜间、节假日和停机只是中断。"
                "一个工种一天要的人数，是机台同一时刻要的最多人数，且每人不超过一班；不在岗的不算，有几个工种的人只算在一处。缺人只写明，不移动排产。"
                "建议不约束生产：日期仍由生产书面定。停机或急单先看会动哪些订单、危及谁的预交日，看过之前什么也没有说。误了预交日时，可把没有排定机时的货放在一起整周重排：先少误预交日，再少误天数，采用与否由生产定。",
                "What has hours booked stays in them. Of the rest who is due first is placed first, of one day who was "
                "placed first; an order is made on its line without another in between, nights, holidays and downtimes "
                "only interrupt it. A trade needs on a day the most people that its lines need at one moment, and so "
                "many that nobody works longer than a shift; who is away is not counted, and who has several trades "
                "stands at one place. Nothing is moved for people that are short. The proposal does not bind: production "
                "still names its day in writing. What a "
                "downtime or a rush order moves, and whose promise it endangers, is seen before anything is said. Where "
                "promises break, all goods without booked hours may be looked at together and the week planned anew: "
                "fewest broken promises first, then fewest days late; production takes that over or not.",
            ),
            switches=("schedule.finish_days", "schedule.shift_hours"),
        ),
        Rule(
            "R151",
            Words("机时排定", "hours are booked"),
            Words(
                "生产书面定交期时带上建议的机时，即为该单暂排；机时已被别的订单占用的，答复不收，并给出新建议。生产指令单下达即"
                "排定；满5天未下达的自动放开，下达时重新排入。答复作废或订单终结，机时即放开。预交日顺延不动机时。",
                "Production's answer that names the proposed hours books them tentatively for its order; where another "
                "order has them by then the answer is refused, with a new proposal. The production instruction makes "
                "them firm; after 5 days without one they are freed, and the goods are placed again with the "
                "instruction. An answer that is void and an order that ends free their hours. Days that are lost "
                "before the sheet is back move no hours.",
            ),
            ours=Words(
                "天数按日历天，从书面答复起算；未写机时的答复不占机时。机时已开始而指令单未下的，也重新排入。",
                "Days are calendar days from the answer; an answer that names no hours books none. Hours that have "
                "begun without an instruction are placed again with it, too.",
            ),
            switches=("schedule.booking_days",),
        ),
        Rule(
            "R152",
            Words("推算日的把握", "how far a day is trusted"),
            Words(
                "看同一产品最近完成的50单比生产最初定的日期晚了几个工作日（提前算0）：写明推算日的准时比例，以及达到九成的"
                "第一个日子和它的比例。不足10单即为未知。",
                "Of the last 50 finished orders of the product it is counted by how many working days they were late "
                "against production's first date (early is 0). Shown are the projected day with its share, and the "
                "first day that reaches ninety per cent with its own. Fewer than ten orders say nothing.",
            ),
            ours=Words(
                "九成按最近秩取；比例四舍五入到整数。完成以质检最后一次检验为准。",
                "Ninety per cent is the nearest rank; shares are rounded half up to whole ones. Finished is what quality "
                "inspected last.",
            ),
        ),
        Rule(
            "R153",
            Words("三个日期", "three dates"),
            Words(
                "预交日是对客户的承诺，生产完成日由生产书面定，推算日由排产表按现有订单、产量和停机随时算出。推算日不改动前两者；"
                "晚于预交日的在排产表上标出。",
                "The promise is the customer's, the finish is named by production in writing, and the projected day is "
                "worked out at any time from the orders, what was made and the downtimes. It moves neither of the two; "
                "one that is later than the promise is marked on the plan.",
            ),
            sources=(Source("D6", "五、2"),),
        ),
    ),
)
