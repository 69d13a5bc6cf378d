"""The factory works by a signed instruction, is watched, and passes goods only by joint inspection (R40 to R48)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

PRODUCTION = Chapter(
    Words("生产与检验", "Production and inspection"),
    (
        Rule(
            "R40",
            Words("生产指令签收", "production instruction signed for"),
            Words(
                "生产指令单（条款、数量、生产日期和完成日、允许误差、包装要求、特殊规定）由客服员签字，交生产部主管签收，"
                "并送技术部一份。",
                "The production instruction (clauses, quantity, production date and due date, tolerance, packing, "
                "special rules) is signed by the clerk, handed to the production supervisor, who signs for it; the "
                "technical department gets a copy.",
            ),
            sources=(
                Source("D20", "第10步", "客服员签字确认生产指令单，并送到生产部主管手中"),
                Source("D20", "第10步", "并让主责人在指令单上签名或盖章，以示明确。并送交一份给技术部"),
            ),
            ours=Words(
                "交接中写明的客服员须是该岗位的人，会被告知并在自己的卡片上确认；提出异议即为异常。",
                "The clerk named in the hand-over is a person of that role, is told of it, and confirms it on the "
                "own card; an objection is an exception.",
            ),
            switches=("limits.hand_over_hours",),
        ),
        Rule(
            "R41",
            Words("生产日报", "daily production report"),
            Words(
                "每日的生产日报表更新进度：产量、废品、预计完成日；客服员据此对照承诺了解进度。",
                "The daily production report updates the progress: quantity made, scrap, expected finish. The clerk "
                "sees it against the promise.",
            ),
            sources=(
                Source(
                    "D20",
                    "第12步",
                    "客服部根据每日定时（或及时）的《生产日报表》数据，及时了解生产进度及完成情况",
                ),
            ),
            ours=Words(
                "预计完工晚于预交日即告知客服员、业务员、客服主管和营销总监并请定应急方案，提前则解除。一件未产而报完工的不予"
                "受理；完工量低于容差、废品多于产出的照收并当即请生产部核实。",
                "An expected finish after the promise is told to clerk, salesperson, service supervisor and marketing "
                "director, who are asked for a plan; an earlier one takes it back. Finished with nothing made is refused; "
                "finished below the tolerance, and more scrap than goods, are taken and production is asked at once.",
            ),
            switches=("limits.decision_hours",),
        ),
        Rule(
            "R42",
            Words("生产异常与应急方案", "production exception and plan"),
            Words(
                "生产、技术等异常立即告知客服员、业务员、客服主管和营销总监，由他们与客户商定应急方案：新交期、替代品、"
                "分批交货或取消。新日期连同原因告知客户。",
                "A production or technical exception is told at once to clerk, salesperson, service supervisor and "
                "marketing director, who agree an emergency plan with the customer: new date, substitute, partial "
                "delivery or cancelling. A new date is told to the customer with its reason.",
            ),
            sources=(
                Source(
                    "D20",
                    "第11步（1）",
                    "生产部在生产过程中出现生产、技术等异常情况应立即将情况告知客户服务部",
                ),
                Source("D20", "第11步（1）", "就异常情况对客户作出应急处理方案，尽量取得客户的谅解"),
                Source("D14", "四、3", "应及时通知客户并说明原因"),
            ),
            switches=("limits.emergency_hours",),
        ),
        Rule(
            "R43",
            Words("联合检验与入库", "joint inspection, warehouse entry"),
            Words(
                "客服员按确认书、质检部按产品出厂标准联合检验数量、外观包装和标签；全部达标由质检部交库。不合格的返工"
                "或报废后重新检验，并重新核对交期。",
                "Inspection is joint: the clerk by the sheet, quality by the release standard, for quantity, outer "
                "packing and labels. When all pass, quality enters the goods into the warehouse. What fails is "
                "reworked or scrapped and inspected again, and the promise is checked again.",
            ),
            sources=(
                Source(
                    "D20",
                    "第12步（1）",
                    "客服员（按《销售部客户订单确认书》要求），汇同质检部（按《产品出厂标准》）完成对制成品（成品纸）的检验，"
                    "检查产品的数量，外观包装，标签等要求全部达标，由质检部完成成品交库",
                ),
                Source("D4", "三、7"),
            ),
            ours=Words(
                "检验中写明的客服员须是该岗位的人，会被告知并在自己的卡片上确认（有时限，不阻止流程）；提出异议即为异常。",
                "The clerk named in an inspection is a person of that role, is told of it, and confirms it on the "
                "own card (with a limit, without holding up the order); an objection is an exception.",
            ),
            switches=("limits.inspection_hours", "limits.decision_hours"),
        ),
        Rule(
            "R44",
            Words("包装标签", "labels on packages"),
            Words(
                "包装上贴标签，写明型号、数量和生产日期。",
                "Packages carry labels with model, quantity and production date.",
            ),
            sources=(
                Source("D4", "三、8", "能够清晰地标示产品的型号、数量、生产日期等信息"),
                Source("D6", "五、4"),
            ),
        ),
        Rule(
            "R45",
            Words("数量允差", "tolerance of quantity"),
            Words(
                "按实际合格数量结算。数量超出允许误差须经客户同意。",
                "The quantity that passed is the quantity that is billed. Outside the tolerance the customer must "
                "agree.",
            ),
            sources=(
                Source("D20", "第13步（2）", "客服员按生产成品数量为B、C类客户提供《余款催收通知书》"),
                Source("D20", "第10步", "允许误差"),
            ),
            ours=Words(
                "允差两端均含本数。客户可选接受、补足或退回多余部分。结算以客户所有或已交付的数量为准；召回中丢失的货"
                "物属于异常，不计入账单。补做后又找到的货物是多余部分，在允差之内也须问客户；客户不接受的，不发货也不计款。",
                "Both ends of the tolerance are included. The customer accepts, has the rest made up, or returns the "
                "surplus. Billed is what the customer has or had delivered; goods lost on a recall belong to the "
                "exception and not to the bill. Goods that turn up after they were made again are surplus: the "
                "customer is asked also within the tolerance, and what is not accepted is neither sent nor billed.",
            ),
            switches=("payment.tolerance_percent", "limits.decision_hours"),
        ),
        Rule(
            "R46",
            Words("监督点跟踪", "checkpoints watched"),
            Words(
                "客服助理按确认书上的监督提示检查生产的进度、质量、数量和时间，发现问题及时上报。",
                "The service assistant watches progress, quality, quantity and time at the checkpoints that the "
                "sheet names, and reports problems at once.",
            ),
            sources=(
                Source(
                    "D20",
                    "第11步",
                    "客服助理按客户确认书上的各项监督工作提示，对生产过程的进度、产品质量、数量、生产时间进行监督检查，"
                    "发现问题及时沟通上报",
                ),
            ),
            switches=("limits.decision_hours",),
        ),
        Rule(
            "R47",
            Words("异常上报与处理", "exceptions have an owner"),
            Words(
                "任何步骤的异常都要上报、确定负责人、由相关部门协同解决，处理结果留存。",
                "An exception at any step is reported, gets an owner, is resolved together by those concerned, and "
                "its resolution is kept.",
            ),
            sources=(
                Source("D9", "三、3", "订单在处理过程中，如出现异常情况，应及时上报相关部门"),
                Source("D9", "三、3(2)", "相关部门应协同处理，确保订单问题得到妥善解决"),
            ),
            switches=("limits.decision_hours", "limits.owed_paper_hours"),
        ),
        Rule(
            "R48",
            Words("预售与外购", "pre-sale and purchased goods"),
            Words(
                "预售、定制或外购的货物按约定时间生产或采购，备妥后发货。",
                "Pre-sale or purchased goods have an agreed production or purchasing date and ship when they are "
                "ready.",
            ),
            sources=(
                Source("D19", "三", "商家将按照约定的时间进行生产或采购，并在商品准备就绪后进行发货"),
                Source("D1", "2.3"),
            ),
        ),
    ),
)
