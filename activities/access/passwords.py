"""Passwords: which are good enough, and how they are kept (argon2id)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from pwdlib import PasswordHash
from zxcvbn import zxcvbn

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

SHORTEST = 10
"""Characters of a new password."""
LONGEST = 128
"""Characters of any password: more is neither hashed nor looked at."""
_LOOKED_AT = 72
"""So much of it is judged; what is longer is not easier to guess, and judging it takes long."""
_GOOD_ENOUGH = 3
"""Of zxcvbn's 0 to 4: from 10⁸ guesses."""
_MUST_REMAIN = 6
"""Characters beside the words that anybody would try first."""
_TRIED_FIRST = (
    "dingdan", "订单", "订购", "password", "passwort", "passw0rd", "mima", "密码", "口令", "admin", "administrator",
    "管理员", "welcome", "huanying", "woaini", "woaini1314", "5201314", "1314520", "qwerty", "factory", "gongchang",
)  # fmt: skip

_HASHER = PasswordHash.recommended()
_NOBODY = _HASHER.hash(secrets.token_urlsafe())
"""What is compared with where there is no such person: it takes as long."""
_TOO_SHORT = Words("密码至少 {least} 个字符", "a password has at least {least} characters")
_TOO_LONG = Words("密码最多 {most} 个字符", "a password has at most {most} characters")
_EASY = Words(
    "这个密码太容易被猜到：常用密码、姓名、编号、公司名、日期、键盘上相邻的键都会先被试。请用几个互不相关的词，或密码管理器生成的密码",
    "this password is too easy to guess: common passwords, names, ids, the company's name, dates and keys beside each "
    "other are tried first. Take several words that have nothing to do with each other, or let a password manager make one",
)


def hashed(password: str) -> str:
    """How a password is kept: argon2id with a salt of its own. It takes a tenth of a second and 64 MiB."""
    return _HASHER.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether it is the password that is kept; never where none is, which takes as long to say."""
    fits = len(password) <= LONGEST
    right = _HASHER.verify(password if fits else "", kept or _NOBODY)
    return right and fits and kept is not None


def require_good(password: str, about: Iterable[str] = ()) -> None:
    """Raises Refusal(malformed) for one that is too short, too long, or tried early by who knows the person.

    `about` is what is known of them: id, name, mail address, the company's words.
    """
    if len(password) < SHORTEST:
        raise Refusal(Code.MALFORMED, _TOO_SHORT.filled(least=SHORTEST), where="password")
    if len(password) > LONGEST:
        raise Refusal(Code.MALFORMED, _TOO_LONG.filled(most=LONGEST), where="password")
    words = sorted(_first_words([*about, *_TRIED_FIRST]), key=len, reverse=True)
    looked_at = password[:_LOOKED_AT]
    judged = zxcvbn(looked_at, user_inputs=[word[:_LOOKED_AT] for word in words])
    if judged["score"] < _GOOD_ENOUGH or _beside(looked_at.casefold(), words) < _MUST_REMAIN:
        raise Refusal(Code.MALFORMED, _EASY, where="password")


def _first_words(known: Iterable[str]) -> set[str]:
    """Names as they are and in their parts: `clerk-chen` also as `clerk` and `chen`."""
    whole = {each.casefold().strip() for each in known}
    parts = {part for each in whole for part in re.split(r"[\W_]+", each)}
    return {each for each in whole | parts if len(each) > 1}


def _beside(password: str, words: Iterable[str]) -> int:
    """How many letters and figures remain without these words."""
    for word in words:
        password = password.replace(word, " ")
    return sum(sign.isalnum() for sign in password)
