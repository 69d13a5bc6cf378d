"""Ids, numbers of telephones and references in files: texts, which a spreadsheet program may have taken for something else."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

IDENTIFIERS = frozenset(
    (
        "request_id", "customer", "customer_order_number", "product", "phone", "fax", "person", "superior", "deputy",
        "salesperson", "entered_by", "verified_by", "on_behalf_of", "reference",
    )
)  # fmt: skip
"""Fields that name something and are never counted with."""
KEYS = IDENTIFIERS - {"phone", "fax"}
"""Those by which two things are told apart: a sign that nobody sees would make two of one."""
_AS_TEXT = Words("请把该列设为文本格式后重新填写", "format the column as text and write it again")
_SCIENTIFIC = Words(
    "{text} 是科学计数形式，原来的数字已经丢失；{advice}",
    "{text} is in scientific form, its digits are lost; {advice}",
)
_CUT = Words(
    "{text} 超过 15 位而且末尾都是 0:Excel 只保留 15 位数字；{advice}",
    "{text} has more than 15 digits and ends in noughts: Excel keeps 15 digits only; {advice}",
)
_UNSEEN = Words(
    "编号里有看不见的字符（{signs}），请删去后重新输入",
    "there are signs in it that nobody sees ({signs}): delete them and write it again",
)
_SCIENTIFIC_FORM = re.compile(r"[+-]?\d+(?:[.,]\d+[eE][+-]?|[eE][+-])\d{1,3}")
_CUT_FORM = re.compile(r"\d{15}0{2,}")
_BLANKS = " \u3000"


def identifier_fault(name: str, value: Any) -> Refusal | None:
    """What is wrong with a field that names something, where it does and something is."""
    if name not in IDENTIFIERS or not isinstance(value, str):
        return None
    plain = unicodedata.normalize("NFKC", value).strip()
    if _SCIENTIFIC_FORM.fullmatch(plain):
        words = _SCIENTIFIC.filled(text=plain, advice=_AS_TEXT)
    elif _CUT_FORM.fullmatch(plain):
        words = _CUT.filled(text=plain, advice=_AS_TEXT)
    elif name in KEYS and (signs := _unseen(value)):
        words = _UNSEEN.filled(signs=signs)
    else:
        return None
    return Refusal(Code.MALFORMED, words, where=name)


def _unseen(value: str) -> str:
    """Signs without width, and blanks that no keyboard writes, by their numbers."""
    found = sorted(
        {
            f"U+{ord(sign):04X}"
            for sign in value.strip()
            if unicodedata.category(sign) in ("Cf", "Cc", "Zs", "Zl", "Zp") and sign not in _BLANKS
        }
    )
    return ", ".join(found)
