"""The page on which a person pays, fails or lets the time run out, with a fault of their choice."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from models.values.vocabulary import Term
from rehearsal.payment_provider.till import There

_PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>测试支付 · test payment</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:1rem/1.6 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}}
button,select,input{{font:inherit;padding:.5rem .8rem;margin:.2rem 0}}label{{display:block;margin:.6rem 0}}</style></head><body>
<h1>测试支付 <span lang="en">test payment</span></h1>
<p>这里不收真钱。 <span lang="en">No real money is paid here.</span></p>
<p><strong>{currency} {amount}</strong> · {subject} · {intent} · {state}</p>
<form method="post"><label>差错 <span lang="en">fault</span> <select name="fault">{faults}</select></label>
<label>另一金额 <span lang="en">another amount</span> <input name="amount" inputmode="decimal"></label>
<label>迟到秒数 <span lang="en">seconds late</span> <input name="seconds" value="3" inputmode="decimal"></label>
<button name="outcome" value="pay">付款 pay</button> <button name="outcome" value="fail">付款失败 fail</button>
<button name="outcome" value="expire">过期 expire</button> <button name="outcome" value="refund">在支付方退款 refund here</button></form>
</body></html>"""


def pay_page(there: There, faults: Iterable[Term]) -> str:
    """The page of one intent."""
    options = "".join(f'<option value="{each.value}">{each.zh} · {each.en}</option>' for each in faults)
    return _PAGE.format(
        currency=escape(there.currency), amount=escape(there.amount), subject=escape(there.subject),
        intent=escape(there.intent), state=escape(there.state), faults=options,
    )  # fmt: skip
