"""Whether bytes are GB18030 or Big5: how likely each reading is, from how usual its characters are in Chinese texts.

Both encodings read almost any bytes. A reading is judged by four groups of characters: those that names, addresses and
orders are full of, the usual ones (the first level of the character set), the rare ones, and those of no Chinese text.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

GB18030, BIG5 = "gb18030", "cp950"
NAMES = {GB18030: "GB18030 (GBK)", BIG5: "Big5"}
_FREQUENT_ONES = {
    GB18030: (
        "的一是不人在有这个上来到时大地为子中年出也得后自以会家可下过天对小多于之好发当成事用第样作种开总无面"
        "前所同日手行方期头经长回位分名法间两次使者高已其进与正新市省区县镇路街号楼室村道园层座厂南北东西广深"
        "州海京江苏浙山河湖福建安城公司限纸业贸易实技印刷包装商店客户订单货物产品规格数量价款付电话传真联系收"
        "址运费定金备注要求签字送达箱卷张吨米斤克平热敏银机打复写连续报表票标红王李刘陈杨赵黄周吴徐孙胡朱林何"
        "郭马罗梁宋郑谢韩唐冯许邓曹彭曾萧田董袁潘蔡蒋余杜叶程魏吕丁任沈姚卢钱芳伟娜静丽强磊军洋勇艳杰娟涛明超"
        "秀英华志国文玲桂刚辉波飞春梅兰宇浩雪晨欣佳月二三四五六七八九十百千万元角整含税"
    ),
    BIG5: (
        "的一是不人在有這個上來到時大地為子中年出也得後自以會家可下過天對小多於之好發當成事用第樣作種開總無面"
        "前所同日手行方期頭經長回位分名法間兩次使者高已其進與正新市省區縣鎮路街號樓室村道園層座廠南北東西廣深"
        "圳州海京江蘇浙山河湖福建安城公司限紙業貿易實技印刷包裝商店客戶訂單貨物產品規格數量價款付電話傳真聯絡"
        "收址運費定金備註要求簽字送達箱卷張噸米斤克平熱敏銀機打複寫連續報表票標紅王李劉陳楊趙黃周吳徐孫胡朱林"
        "何郭馬羅梁宋鄭謝韓唐馮許鄧曹彭曾蕭田董袁潘蔡蔣余杜葉程魏呂丁任沈姚盧錢芳偉娜靜麗強磊軍洋勇豔傑娟濤明"
        "超秀英華志國文玲桂剛輝波飛春梅蘭宇浩雪晨欣怡佳月二三四五六七八九十百千萬元角整含稅香港台臺灣桃竹雄股"
        "份統編段巷弄鄉"
    ),
}
_SIGNS = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·～￥×÷℃㎡±％＋－＝／＆＃＊＠°\u3000")
_TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
_NEVER = ("Co", "Cn", "Cc", "Cs")
_IMPOSSIBLE = -99.0
_UNHEARD_OF = math.log(0.0005 / 15_000)
_SIGN = math.log(0.02 / 50)


class Reading(NamedTuple):
    """How likely a text is in one encoding: the logarithm of it, and of how many characters beyond ASCII."""

    likelihood: float
    length: int

    @property
    def of_each(self) -> float:
        """The mean for a character: about −7 for Chinese, below −10 for what is none."""
        return self.likelihood / self.length if self.length else 0.0


def reading(content: bytes, encoding: str) -> Reading | None:
    """How likely the bytes are in the encoding; None where they cannot be."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    signs = [sign for sign in text if not sign.isascii()]
    return Reading(sum(_likelihood(encoding, sign) for sign in signs), len(signs))


@lru_cache(maxsize=20_000)
def _likelihood(encoding: str, sign: str) -> float:
    groups = _groups(encoding)
    if sign in _SIGNS or "\uff01" <= sign <= "\uff5e":
        return _SIGN
    for group, share in groups:
        if sign in group:
            return math.log(share / len(group))
    return _IMPOSSIBLE if unicodedata.category(sign) in _NEVER else _UNHEARD_OF


@lru_cache(maxsize=2)
def _groups(encoding: str) -> tuple[tuple[frozenset[str], float], ...]:
    """Sets of characters, and which share of a text they are."""
    frequent = frozenset(_FREQUENT_ONES[encoding])
    simplified, rare = _decoded("gb2312", 0xB0, 0xD8), _decoded("gb2312", 0xD8, 0xF8)
    traditional, seldom = _decoded("big5", 0xA4, 0xC7), _decoded("big5", 0xC9, 0xFA)
    if encoding == GB18030:
        return (
            (frequent, 0.6),
            (simplified - frequent, 0.37),
            (rare, 0.02),
            (traditional - simplified - rare, 0.005),
        )
    return (frequent, 0.6), (traditional - frequent, 0.37), (seldom, 0.01)


def _decoded(encoding: str, first: int, end: int) -> frozenset[str]:
    return frozenset(_signs(encoding, first, end))


def _signs(encoding: str, first: int, end: int) -> Iterator[str]:
    for lead in range(first, end):
        for trail in _TRAILS:
            sign = bytes((lead, trail)).decode(encoding, "ignore")
            if len(sign) == 1 and not sign.isascii():
                yield sign
