"""Quotes: what a customer asks for, what it costs, what is offered, and who must agree, and its contract (R102 to R107)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

QUOTES = Chapter(
    Words("报价与合同", "Quotes and contracts"),
    (
        Rule(
            "R102",
            Words("成本表", "cost sheet"),
            Words(
                "每行每个数量档各有一张成本表：材料、工序、人工、其他，每项用量乘单价，四舍五入到分，并注明依据"
                "（采购价及日期、标准、估算）。没有成本表不能报价；客户看不到成本。",
                "There is a cost sheet for each quantity of each line: material, process, labour, other; each row is "
                "quantity times rate, rounded to the fen, with its basis (purchase with its date, standard, estimate). "
                "Nothing is offered without one, and the customer never sees it.",
            ),
            sources=(
                Source("D6", "二、1", "评估所需产品的成本，包括原材料、加工工艺、人工费用等"),
                Source("D18", "第三章 第三条", "制定合理的报价"),
            ),
            ours=Words(
                "依据的种类、四舍五入和按数量档分别核算由我们确定。",
                "The kinds of basis, the rounding, and a sheet for each quantity are ours.",
            ),
        ),
        Rule(
            "R103",
            Words("报价版本与有效期", "versions and validity"),
            Words(
                "每次报价和还价各为一版，发出后不再更改；新版发出或客户还价后，旧版作废。有效期到发出日之后第十五天的"
                "二十三点五十九分五十九秒；到期前三天提醒，到期自动失效。接受以发生时间为准；价目表变动不影响有效的报价。",
                "Each offer and each counter-offer is a version. A sent one never changes; a newer one that is sent, or "
                "the customer's counter-offer, voids it. It is valid to 23:59:59 of the fifteenth day after it was sent, "
                "the customer is reminded three days before, and then it expires by itself. The time at which acceptance "
                "happened counts; changes of the price list do not touch a valid offer.",
            ),
            sources=(
                Source("D6", "二、3", "可以与销售人员进行协商洽谈"),
                Source("D18", "第二章 第一条2", "并与客户进行价格、交付期等方面的协商"),
            ),
            ours=Words(
                "天数是我们的设置；没有发出的新版不影响已发出的旧版；最多二十版。",
                "The days are our settings; a version that was not sent voids nothing; twenty versions at most.",
            ),
            switches=("quote.valid_days", "quote.reminder_days"),
        ),
        Rule(
            "R104",
            Words("询价、接受与转订单", "enquiry, acceptance, order"),
            Words(
                "询价须在二十四小时内答复。客户接受时注明版本和校验码，旧版不算；无论报几次，只成为一张订单，内容不再重录，"
                "价格视为已核定。过期后才接受的，由上级主管决定按原价成交或重新报价。",
                "An enquiry is answered within 24 hours. Acceptance names version and hash, and an older version does not "
                "count. However often it is sent it becomes one order, nothing is typed again, and its prices count as "
                "settled. Accepted after the validity, the sales supervisor honours it or has it quoted anew.",
            ),
            sources=(
                Source("D18", "第二章 第一条3", "客户根据协商结果确认订单"),
                Source("D12", "一、1"),
            ),
            ours=Words(
                "客户的书面接受由业务员或客服员登记，须有签字人和编号。过期的报价三十天内无人处理即自动关闭。已编号、价格未定的"
                "订单可在接单阶段等报价：报价被接受即按其货物、价格和条款继续；未成的由业务员另行报价，或按价目表继续。",
                "An acceptance on paper is entered by salesperson or clerk, with who signed it and its reference. An expired "
                "quote that nobody does anything about closes by itself after thirty days. An order that has its number and no "
                "settled price may wait in intake for its quote: accepted, its goods, prices and terms are the order's; where it "
                "comes to nothing the salesperson makes another one, or goes on by the price list.",
            ),
            switches=("quote.answer_hours", "quote.late_days"),
        ),
        Rule(
            "R105",
            Words("毛利与建议价", "margin and proposed price"),
            Words(
                "毛利按不含税净价的比例计算。建议含税单价为成本除以（一减目标毛利）乘（一加税率）除以数量，向上取到四位小数。"
                "达到目标毛利由业务员报价，低于目标由上级主管批准，低于底线由营销总监批准。",
                "The margin is a share of the net price. The proposed gross unit price is cost ÷ (1 − margin) × (1 + tax) "
                "÷ quantity, rounded up to four decimals. At the target the salesperson offers, below it the sales "
                "supervisor approves, below the floor the marketing director.",
            ),
            sources=(Source("D6", "二、2", "同时，也需要考虑利润空间和市场竞争情况"),),
            ours=Words(
                "按精确值比较；有几个价格时，以毛利最低的为准。目标、底线、税率和小数位数是我们的设置。业务员可记下竞争对手的价格，"
                "供报价和审批参考，客户看不到。",
                "Compared exactly; of several prices the one that leaves least counts. Target, floor, tax and decimals are "
                "our settings. The salesperson may note what competitors ask, for who offers and approves; the customer never "
                "sees it.",
            ),
            switches=("quote.margin", "quote.floor", "quote.tax", "quote.decimals"),
        ),
        Rule(
            "R106",
            Words("审批表", "approval matrix"),
            Words(
                "哪些报价、订单、合同、退款须由谁审批，是政策里的一张表：按金额、折扣、毛利、客户等级、客户、付款方式。"
                "符合的各行合并；同一级同时问，一级一级往上。自己做的、自己要求改的不能自己批，一人不能代两个角色。退回须写原因，新版重新走完各级。",
                "Whose approval a quote, an order, a contract or a refund needs is a table of the policy: by amount, discount, "
                "margin, class, customer and terms. All rows that fit are united; a level is asked side by side, the levels "
                "one after another. Nobody approves own work, a change that one asked for included, or answers for two roles. "
                "It is sent back with the reason, and "
                "the new version goes through all levels.",
            ),
            sources=(
                Source("D1", "2.2", "销售团队将创建的订单提交给上级主管进行审批"),
                Source("D6", "三、2", "销售人员将合同送交公司内部相关部门进行审批"),
            ),
            ours=Words(
                "“超过”“低于”不含本数；默认没有金额。报价的毛利另按规则 R105 审批。自己的工作不限于审批：订单的业务员和登记人，也不决定"
                "该订单的超期发货日、放行、余款超限、紧急发货、再打样、悬单、取消和款项处理；由同岗位的另一人或其代理人决定，没有的，"
                "由主管或总监公开特批。业务员不让自己的订单插队，也不结清自己承担的运费。",
                "Above and below are strict; by default there are no amounts. The margin of a quote asks on its own, by R105. "
                "Own work is more than what is approved: an order's salesperson and who entered it decide neither its ship date "
                "beyond the window, its releases, a balance above the limit, an emergency shipment, a further round of samples, "
                "what becomes of it while it hangs, its cancellation nor its money; another person of the role does, or a deputy, "
                "and where there is none a supervisor or the director sets the duty aside openly. Salespeople put no order of "
                "theirs before others, and settle no freight that they owe.",
            ),
            switches=("approvals",),
        ),
        Rule(
            "R107",
            Words("订单的合同", "contract of an order"),
            Words(
                "由报价而来或按月结算的订单，须先签合同（价格、质量标准、交货日），客户的框架合同涵盖其条款的除外；其余订单以签回的"
                "确认书为凭。合同由业务员按约定起草，经法务和财务审批，安排签署的地点和时间，由营销总监和客户的指定签字人签同一版，"
                "自较晚一方签字之时生效，副本连同校验码保存。生效之前不下生产指令，也不放行。条款变更须签补充协议，重新审批、重新签署。"
                "到期前三十天提醒。",
                "An order from a quote or on account needs a contract (price, quality standard, delivery date), unless the "
                "customer's frame contract covers its terms; for all others the signed sheet serves. The salesperson drafts it "
                "from what was agreed, legal and finance approve it, place and time of signing are arranged, and the marketing "
                "director and a designated person of the customer sign one version. It is in force from the later signature, "
                "and copies are kept with their hash. Before that nothing is instructed to production and nothing is released. "
                "A changed clause takes a supplement, approved and signed anew. Both sides are reminded thirty days before it "
                "runs out.",
            ),
            sources=(
                Source("D6", "三、1", "销售人员根据约定起草正式的合同文本"),
                Source("D6", "三、2", "包括法务、财务等部门"),
                Source("D6", "三、3", "双方进行签字确认并保存合同副本"),
            ),
            ours=Words(
                "还可按金额、付款方式、客户要求签合同。次日下单的顺延不算变更交货日。合同有效至交货日后一百八十天（可另写），"
                "六十天无人签署即失效，订单结束则随之结束；生效后由法务或营销总监凭书面终止。框架合同（R15）只是客户档案里的条款，"
                "与此不同。换货订单不另签合同。",
                "Amount, terms or customer may ask for one too. A next-day slip is no other delivery date. A contract counts "
                "until 180 days after the delivery date unless it says otherwise, lapses when nobody signs it for sixty days, "
                "and ends with its order; once in force legal or the marketing director terminates it, in writing. The frame "
                "contract (R15) is a record of terms in the customer's file, and another thing. A replacement needs none.",
            ),
            switches=(
                "contract.required",
                "contract.amount_above",
                "contract.terms",
                "contract.customers",
                "contract.valid_days",
                "contract.reminder_days",
                "contract.open_days",
                "contract.draft_hours",
                "contract.signing_hours",
            ),
        ),
    ),
)
