"""What the house makes of all orders together, by day, week or month."""

from __future__ import annotations

TRACKING_NUMBERS = "tracking_numbers", "当日运输单号 {day}", "tracking numbers of {day}"
WATCH_LIST = "watch_list", "关注清单 {day}", "watch list of {day}"
STATISTICS = "weekly_statistics", "发货周报 {first} 至 {last}", "shipped orders, {first} to {last}"
ARCHIVE = "monthly_archive", "销售发货单归档 {month}", "delivery notes of {month}"
RESPONSIBILITY = "responsibility_report", "责任报告 {month}", "responsibility report of {month}"
DEMAND = "weekly_demand", "网店需求周报 {day}", "weekly demand of the shop, {day}"
DURATIONS = "step_durations", "环节用时月报 {month}", "how long steps took, {month}"
DAILY_REPORT = (
    "daily_report_owed",
    "{day} 的生产日报未报，在产订单：{orders}",
    "the production report of {day} is owed; in production: {orders}",
)
