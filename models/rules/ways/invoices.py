"""Money that came in, bills, credit notes, invoices, the archive (R160 to R165)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

_SETTLED = Source("D14", "六、1", "进行订单结算，包括确认支付方式、核对金额和开具发票等")

INVOICES = Chapter(
    Words("收款、发票与归档", "Money that came in, invoices, archive"),
    (
        Rule(
            "R160",
            Words("收款与分配", "receipts and what orders get of them"),
            Words(
                "一笔收款按银行和凭证号全公司只登记一次，不分大小写和全半角；财务把它分配到该客户的订单，合计不超过收款，其余留作"
                "客户余额。支票兑付后才计入。",
                "Money that came in is recorded once in the house, by bank and reference, whatever their case and width. "
                "Finance gives it to orders of the customer, together at most what came in; the rest is the customer's "
                "balance. A cheque counts when it has cleared.",
            ),
            sources=(
                _SETTLED,
                Source("D12", "一、5", "支付方式通常包括在线支付、银行转账或邮寄支票等"),
            ),
            ours=Words(
                "建议：先找应付正好相等的一张，再找合计相等的几张（张数最少），否则先还最早到期的：12,000.00 = 3,500.00 + 6,200.00 + "
                "余额 2,300.00。分到订单的部分按收款时间计，订单之前到账的从下单时计。同一笔款又报到别的订单，不计入，成为财务待办；"
                "除财务外看不到它计在哪里。直接报到订单的收款整笔属于该订单。收款退回，各订单的部分一并退回；订单上更正的部分回到余额。"
                "任何时候：收款 = 已分配 + 余额 + 已退。",
                "Proposed: the one order that owes exactly this, else the fewest that owe it together, else the oldest due "
                "first: 12,000.00 = 3,500.00 + 6,200.00 + a balance of 2,300.00. A part counts from when the money came, "
                "but not from before its order. Told again for another order it counts for nothing and is a step of finance; "
                "nobody else sees where it counts. What is told to an order itself is that order's, whole. A receipt that "
                "bounces takes its parts along; a part corrected at its order is balance again. At every moment: received = "
                "given + balance + paid back.",
            ),
        ),
        Rule(
            "R161",
            Words("款项转移", "money moved"),
            Words(
                "财务可把一张订单多付的款或客户的余额转到同一客户的另一张订单，自决定时起计入；付出方自己需要的钱不能转。",
                "Finance moves an order's surplus, or a customer's balance, to another order of the same customer; it "
                "counts from the decision. What the giver needs itself does not move.",
            ),
            sources=(_SETTLED,),
            ours=Words(
                "当初记错订单的，可整笔转出，也可转到别的客户，并保留付款时间；两张订单都重新核算。一次转移一条记录，两个事实同一编号，"
                "另一半随记录一起保存，投递到为止；备份丢失的一半由每夜核对补报。",
                "What was told to the wrong order may go whole, to anybody's order, and keeps its time of payment; both "
                "orders are worked out anew. A transfer is one row and two facts with one id; the second is kept with the "
                "row and told until it is heard, and a half that a backup lost is told again by the nightly comparison.",
            ),
        ),
        Rule(
            "R162",
            Words("开票", "invoices"),
            Words(
                "客户申请后由财务开具发票，金额不超过已出账而未开票的部分，注明抬头、税号和种类；税率货物 13%、服务 6%，每行不"
                "含税金额 = 含税金额 ÷ 1.13（四舍五入到分），其余为税额。",
                "Finance issues an invoice that was asked for, on at most what is billed and on no invoice yet, with "
                "name, tax number and kind. The tax is 13 per cent for goods, 6 for services; per line the net is the "
                "amount ÷ 1.13, rounded to the fen, and the tax the rest.",
            ),
            sources=(_SETTLED,),
            ours=Words(
                "客户可在自己的页面申请，也可由业务员、客服或财务代为申请；尚未出账的申请先留存。发票号码全公司唯一，由数据库"
                "裁定，不分大小写和全半角。专用发票须有税号。未写金额即开全部。有未开的发票时订单不终结；终结后仍可申请、开具。"
                "475.28 = 420.60 + 54.68。",
                "The customer asks on the own page, or salesperson, clerk or finance for them; before the first bill a "
                "request is kept. A number is used once in the whole house, as the database decides, whatever its case "
                "and width. A special invoice needs the tax number. No amount means all of it. An order does not end "
                "while an invoice waits; after the end one may still be asked for and issued. 475.28 = 420.60 + 54.68.",
            ),
            switches=("invoice.tax_percent", "invoice.services_percent", "limits.owed_paper_hours"),
        ),
        Rule(
            "R163",
            Words("红字发票", "red-letter invoices"),
            Words(
                "已开的发票不再改动；账单减少或开错的，另开红字发票冲回，不超过原发票尚余的金额。",
                "An issued invoice never changes. What is billed no more, or was invoiced wrongly, is taken back by a "
                "red-letter invoice, of at most what remains of the invoice.",
            ),
            ours=Words(
                "红字的不含税金额 = 冲前不含税 − 冲后不含税：−77.00 = −68.14 − 8.86。账单少于已开发票时提请财务；未写金额的，"
                "先冲多出账单的部分，没有多出则全部冲回。",
                "The net of a red letter is the net before less the net after: −77.00 = −68.14 − 8.86. Finance is asked "
                "for one where less is billed than invoiced. Without an amount it takes back what is beyond the bill, "
                "and where nothing is, all of it.",
            ),
            switches=("limits.owed_paper_hours",),
        ),
        Rule(
            "R164",
            Words("账单与贷项通知单", "bills and credit notes"),
            Words(
                "账单出具后每次减少都开贷项通知单：变更、短少、破损、退回、核销、取消、售后退款或减款。",
                "Each fall of a bill that was made has a credit note: an amendment, goods short, damaged, returned or "
                "written off, a cancellation, a refund or credit after sales.",
            ),
            sources=(_SETTLED,),
            ours=Words(
                "余款催收通知发出或货已发出即为出账。通知单有编号，按行列明减少前后的数量、单价和金额，交客户、业务员和财务。订单"
                "终了时：实收 + 转入 − 转出 − 退款 − 扣留 − 预存 = 账单 − 贷项。业务员担保的死单，往返运费记业务员账。",
                "A bill is made when the balance notice goes out, or goods leave. A credit note has a number and names "
                "quantity, price and amount of each line before and after, for customer, salesperson and finance. At the "
                "end: received + in − out − refunded − kept − credited = bill less credit notes. The freight of a dead "
                "order that a salesperson guaranteed stands on the salesperson's account.",
            ),
        ),
        Rule(
            "R165",
            Words("订单归档", "archive of orders"),
            Words(
                "订单终结满 30 天，全部资料存为一个文件并备份，便于查询：订单、日志、文书、售后、款项。",
                "Thirty days after its end an order's whole story becomes one file, backed up and found by search: "
                "order, journal, papers, cases, money.",
            ),
            sources=(Source("D14", "六、2", "妥善存档并备份订单信息，便于后续跟踪和查询"),),
            ours=Words(
                "每夜归档一次，每张订单一个 ZIP，记其 SHA-256；同一张订单只归档一次，文件存于文书库，随其备份。",
                "Once a night; one ZIP for each order, known by its SHA-256. An order is archived once; the file lies in "
                "the store of documents and is backed up with it.",
            ),
            switches=("archive.days",),
        ),
    ),
)
