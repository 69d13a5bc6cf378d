"""What the shop's customers wanted, and how long the work took: looked at each week and month (R126)."""

from __future__ import annotations

from models.rules.rule import Chapter, Rule, Source
from models.values.words import Words

DEMAND = Chapter(
    Words("需求与用时", "Demand and time taken"),
    (
        Rule(
            "R126",
            Words("需求周报与环节用时", "weekly demand, monthly durations"),
            Words(
                "每周按货品统计购物车、放弃、提交和成交，及转化率；每月统计各环节的用时。",
                "Each week by product: carts, abandoned, checked out, ordered, and the conversion. Each month: how long "
                "each kind of step took.",
            ),
            sources=(
                Source("D7", "六", "商家也可以通过订单系统，及时了解客户的购买意向"),
                Source("D14", "", "定期评估和优化此流程也是必要的，以适应市场变化和提高运营效益"),
            ),
            ours=Words(
                "购物车三天未动且未提交的，算放弃；取消的订单不算成交。",
                "A cart that was left alone for three days and not checked out counts as abandoned; a cancelled order is none.",
            ),
        ),
    ),
)
"""R126."""
