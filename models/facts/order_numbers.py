"""Order numbers in a text that people wrote, such as what a customer's bank passes on: which order is meant, never a guess (R53)."""

from __future__ import annotations

import re
import unicodedata

_DASHES = dict.fromkeys(
    (sign for sign in range(0x2000, 0x3100) if unicodedata.category(chr(sign)) == "Pd"), "-"
) | {0x2212: "-"}
_DAY = r"(?P<day>20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
_NUMBER = re.compile(
    # A figure that begins with nought is no amount: such a one may stand apart from its day by almost anything.
    rf"(?<!\d){_DAY}(?:\s*[-_]\s*(?P<written>\d{{4,6}})|\s*[-_/\\.:·#\s]\s*(?P<padded>0\d{{3,5}}))(?!\d)"
)
_AND_ANOTHER = re.compile(r"\s*(?:[/\\,;+&~、-]|和|及|与|至|到)\s*(0\d{3,5})(?!\d)")


def order_numbers_in(text: str) -> tuple[str, ...]:
    """The different order numbers in a text, in the order in which they stand there, written as we write them.

    Width, dashes and blanks do not matter; digits of something longer, or a day that is none, are no number.
    `20270105-0001/0002` names two orders of one day.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    found: dict[str, None] = {}
    for number in _NUMBER.finditer(plain):
        day, first = number["day"], number["written"] or number["padded"]
        found[f"{day}-{first}"] = None
        end = number.end()
        while (another := _AND_ANOTHER.match(plain, end)) is not None and len(another[1]) == len(first):
            found[f"{day}-{another[1]}"] = None
            end = another.end()
    return tuple(found)
