"""People: what somebody is asked, answered, given to do; codes for who logs in or signs."""

from __future__ import annotations

JOINT_CHECK = (
    "joint_check_notice",
    "{what}写明由 {clerk} 参加，请确认或提出异议",
    "{what} names {clerk}; please confirm it, or object",
)
SIGNING_CODE = (
    "signing_code",
    "确认书签字验证码",
    "one-time code for signing the confirmation sheet",
)
STEP_GIVEN = (
    "step_given",
    "{giver} 把「{what_zh}」转交给您：{reason}",
    "{giver} hands “{what_en}” over to you: {reason}",
)
URGED = "step_urged", "{by} 催办：{what}", "{by} asks you to see to: {what}"
LOG_IN_CODE = "log_in_code", "客户登录验证码", "one-time code for a customer's log-in"
CUSTOMER_ASKED = "customer_asked", "客户提问：{words}", "the customer asks: {words}"
REORDER_ASKED = "reorder_asked", "客户想再下一单：{words}", "the customer wants to order again: {words}"
ANSWER = "answer_to_customer", "您的提问已有答复：{answer}", "your question is answered: {answer}"
REASSIGNED = (
    "reassigned_notice",
    "本单{role}由 {before} 改为 {after}",
    "the {role} of this order is {after} now, no longer {before}",
)
