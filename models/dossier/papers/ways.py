"""Orders that are no goods made to order: services, and samples on trial."""

from __future__ import annotations

SERVICE_PROGRESS = (
    "service_progress",
    "服务进度 {percent}%（此前 {before}%）{words}",
    "the service is at {percent} % ({before} % before) {words}",
)
SERVICE_GIVEN = (
    "service_given",
    "服务已全部完成，请客户验收；{until} 前没有异议视为验收",
    "the service was given in whole; the customer accepts it, and so does silence until {until}",
)
SERVICE_ACCEPTED = (
    "service_accepted",
    "服务已验收：{how}",
    "the service is accepted: {how}",
)
SAMPLE_ROUND = (
    "sample_round",
    "样品第 {round} 轮：{words}",
    "samples, round {round}: {words}",
)
TRIAL_BEGINS = (
    "trial_begins",
    "样品第 {round} 轮开始试用，{until} 前请答复：认可、修改或不要",
    "round {round} of the samples is on trial; please answer until {until}: approved, changed, or not wanted",
)
TRIAL_REMINDER = (
    "trial_reminder",
    "样品试用 {until} 到期，没有答复即关闭",
    "the trial of the samples is over on {until}, and closed without an answer",
)
SAMPLE_TRIED = ("sample_tried", "样品试用结束：{how}", "the trial of the samples is over: {how}")
