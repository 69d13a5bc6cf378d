"""Quotes, from the enquiry to what became of the offer."""

from __future__ import annotations

ENQUIRY = (
    "enquiry_taken",
    "询价 {number} 已收到，{hours} 小时内答复",
    "enquiry {number} was taken in; you hear of it within {hours} hours",
)
QUOTATION = (
    "quotation",
    "报价单第{version}版，有效至 {until}",
    "quotation version {version}, valid until {until}",
)
OFFER_REMINDER = (
    "offer_reminder",
    "报价 {number} 第{version}版有效至 {until}，请答复",
    "quotation {number} version {version} is valid until {until}; please answer",
)
OFFER_EXPIRED = (
    "offer_expired",
    "报价 {number} 第{version}版已过期；如仍需要，请联系业务员",
    "quotation {number} version {version} has expired; if you still want it, ask your salesperson",
)
OFFER_SENT_BACK = (
    "offer_sent_back",
    "报价第{version}版被退回：{reason}",
    "offer version {version} was sent back: {reason}",
)
COUNTER_OFFER = (
    "counter_offer",
    "客户对报价第{answers}版还价（第{version}版）：{prices}",
    "the customer made a counter-offer (version {version}) to version {answers}: {prices}",
)
OFFER_ACCEPTED = (
    "offer_accepted",
    "客户接受了报价第{version}版",
    "the customer accepted offer version {version}",
)
ACCEPTED_LATE = (
    "accepted_late",
    "报价 {number} 在有效期之后才被接受，我们会尽快答复",
    "quotation {number} was accepted after its validity; you hear from us soon",
)
QUOTE_WITHDRAWN = (
    "quote_withdrawn",
    "报价 {number} 已撤回：{reason}",
    "quotation {number} is withdrawn: {reason}",
)
QUOTE_OVER = (
    "quote_over",
    "报价 {quote} 未成（{ending}）：请另行报价，或不再等报价",
    "the quote {quote} came to nothing ({ending}): make another one, or go on without",
)
