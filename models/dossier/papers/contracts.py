"""The contract of an order: wanted, drafted, signed, in force, over."""

from __future__ import annotations

CONTRACT = (
    "contract",
    "订单 {order} 的合同 {number} 第{version}版已批准，请阅读",
    "contract {number} version {version} of order {order} is approved; please read it",
)
CONTRACT_SENT_BACK = (
    "contract_sent_back",
    "合同 {number} 第{version}版被退回：{reason}",
    "contract {number} version {version} was sent back: {reason}",
)
SIGNING_ARRANGED = (
    "signing_arranged",
    "合同 {number} 第{version}版的签署：{at}，{place}",
    "contract {number} version {version} is signed at {at}, {place}",
)
CONTRACT_DECLINED = (
    "contract_declined",
    "客户不签合同 {number} 第{version}版：{reason}",
    "the customer does not sign contract {number} version {version}: {reason}",
)
CONTRACT_IN_FORCE = (
    "contract_in_force",
    "订单 {order} 的合同 {number} 第{version}版已由双方签署，自 {since} 生效",
    "contract {number} version {version} of order {order} is signed by both and in force since {since}",
)
CONTRACT_EXPIRES = (
    "contract_expires",
    "订单 {order} 的合同 {number} 有效至 {until}，到期前请续签或办结",
    "contract {number} of order {order} counts until {until}: renew it, or finish the order before",
)
CONTRACT_ENDED = (
    "contract_ended",
    "订单 {order} 的合同 {number} 已终结：{ending}",
    "contract {number} of order {order} has ended: {ending}",
)
CONTRACT_WANTED = (
    "contract_wanted",
    "订单 {order} 须先签合同才能生产和放行，请起草",
    "order {order} needs a contract before production and release; please draft it",
)
CONTRACT_LOST = (
    "contract_lost",
    "合同 {contract} 不再有效（{ending}）：重签之前不放行",
    "contract {contract} counts no more ({ending}): nothing is released before another one is signed",
)
