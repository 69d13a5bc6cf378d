"""An order itself: taken in, confirmed, made, changed, held up, cancelled."""

from __future__ import annotations

RECEIPT = "receipt", "订单 {number} 已受理", "order {number} was taken in"
WAITING_TIME = (
    "waiting_time",
    "预计 {hours} 小时内发出确认书",
    "the confirmation sheet takes up to {hours} hours",
)
QUESTION = "question", "请补全或澄清：{fields}", "please complete or clarify: {fields}"
PRICE_DIFFERENCE = (
    "price_difference",
    "{differences}，请核实",
    "{differences}",
)
APOLOGY = (
    "apology",
    "第{line}行无法生产，深表歉意。建议：{alternatives}",
    "line {line} cannot be made, with apologies; offered: {alternatives}",
)
SHEET = (
    "confirmation_sheet",
    "客户订单确认书第{version}版，总额 ¥{total}，预交日 {promised}",
    "confirmation sheet version {version}, total CNY {total}, promised {promised}",
)
SHEET_AGAIN = (
    "sheet_again",
    "回传的确认书第{version}版有误：{faults}，请重新签回",
    "sheet version {version} came back faulty: {faults}; please return it again",
)
NEW_PROMISE = (
    "new_promise",
    "预交日由 {before} 改为 {after}（{cause}）",
    "the promised date moves from {before} to {after} ({cause})",
)
INSTRUCTION = (
    "production_instruction",
    "生产指令单第{version}版，完成日 {due}",
    "production instruction version {version}, due {due}",
)
EXCEPTION = "exception_notice", "异常：{reason}", "exception: {reason}"
OVERDUE = "overdue_notice", "超期：{what}", "overdue: {what}"
EXTENSION = (
    "extension_notice",
    "办理时限延长至 {due}：{reason}",
    "the time limit is extended to {due}: {reason}",
)
HANGING = "hanging_notice", "悬单提醒：已 {days} 天无进展", "hanging order: nothing for {days} days"
CANCELLED = "cancellation_notice", "订单已取消：{reason}", "the order is cancelled: {reason}"
REST_CANCELLED = (
    "rest_cancelled_notice",
    "其余部分已取消：{reason}（{rest}）",
    "the rest is cancelled: {reason} ({rest})",
)
AMENDMENT_OVERTAKEN = (
    "amendment_overtaken",
    "{first} 提出的变更（{fields}）以 {later} 后来提出的为准",
    "the change that {first} asked for ({fields}) is overtaken by a later one of {later}",
)
ORDER_APPROVED = (
    "order_approved",
    "订单已审批，合计 ¥{total}：请各部门按各自的待办办理",
    "the order is approved, CNY {total} in all: each department sees to its own steps",
)
MATERIAL_EXPECTED = (
    "material_expected",
    "第{line}行所缺原材料（{material}）预计 {expected} 到货：{words}",
    "raw material that line {line} is short of ({material}) is expected on {expected}: {words}",
)
