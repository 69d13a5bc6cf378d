"""Amounts in Chinese capital figures 大写金额, as they stand on papers that are signed."""

from __future__ import annotations

from decimal import Decimal

from models.values.money import FEN, rounded

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "兆", "京", "垓")


def capital_figures(amount: Decimal) -> str:
    """壹仟贰佰元整 for 1200.00; negative amounts begin with 负, a gap of zeros is one 零."""
    fen = int(rounded(abs(amount)) / FEN)
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    text = f"{_whole(yuan)}元" if yuan or not fen else ""
    if not jiao and not rest:
        text += "整"
    elif not rest:
        text += f"{_DIGITS[jiao]}角整"
    else:
        # 壹元零伍分: a missing jiao between yuan and fen is said
        jiao_text = f"{_DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
        text += f"{jiao_text}{_DIGITS[rest]}分"
    return f"负{text}" if amount < 0 and fen else text


def _whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    text, group, gap = "", 0, False
    while number:
        number, four = divmod(number, 10_000)
        if four:
            part = _four(four) + _GROUPS[group]
            text = part + (_DIGITS[0] if gap and text else "") + text
            gap = four < 1000
        else:
            gap = bool(text)
        group += 1
    return text


def _four(number: int) -> str:
    text, gap = "", False
    for place in range(4):
        number, digit = divmod(number, 10)
        if digit:
            text = _DIGITS[digit] + _UNITS[place] + (_DIGITS[0] if gap and text else "") + text
            gap = False
        else:
            gap = True
    return text
