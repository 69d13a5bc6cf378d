"""Notices to chat groups by their bots: WeCom, DingTalk and Feishu, each as its own web hook wants it.

None of them can tell that it has had a message already: one that may have gone is asked about and never repeated.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import quote_plus

import httpx

from activities.channels import PATIENCE_SECONDS, Message, NotSent, Rejected
from activities.web_calls import post

_TOO_OFTEN = {45009, 130101, 11232, 9499}
"""What the three say when too much was sent in a minute."""


def _checked(answer: httpx.Response, code: str, words: str) -> None:
    try:
        said = answer.json()
    except ValueError:
        said = {}
    number = said.get(code, said.get("StatusCode", -1)) if isinstance(said, dict) else -1
    if number == 0:
        return
    reason = f"{number} {said.get(words, '') if isinstance(said, dict) else answer.text[:200]}"
    if number in _TOO_OFTEN:
        raise NotSent(reason)
    raise Rejected(reason)


def _text(message: Message) -> str:
    return f"{message.subject}\n\n{message.text}".strip()


class WecomBot:
    """企业微信群机器人. Pictures are shown in the group."""

    knows_again = False

    def __init__(self, url: str, patience: float = PATIENCE_SECONDS) -> None:
        self._url, self._patience = url, patience

    def send(self, message: Message) -> None:
        """The text, then its pictures. Raises NotSent, Rejected, Unclear."""
        self._say({"msgtype": "text", "text": {"content": _text(message)[:2000]}})
        for each in message.attachments:
            if each.is_picture:
                picture = {
                    "base64": base64.b64encode(each.content).decode(),
                    "md5": hashlib.md5(each.content, usedforsecurity=False).hexdigest(),
                }
                self._say({"msgtype": "image", "image": picture})

    def _say(self, content: dict[str, Any]) -> None:
        _checked(post(self._url, patience=self._patience, json=content), "errcode", "errmsg")


class DingtalkBot:
    """钉钉群机器人; with a secret each call is signed with its time."""

    knows_again = False

    def __init__(self, url: str, secret: str = "", patience: float = PATIENCE_SECONDS) -> None:
        self._url, self._secret, self._patience = url, secret, patience

    def send(self, message: Message) -> None:
        """The text. Raises NotSent, Rejected, Unclear."""
        url = self._url
        if self._secret:
            moment = str(round(time.time() * 1000))
            digest = hmac.digest(self._secret.encode(), f"{moment}\n{self._secret}".encode(), "sha256")
            url += f"&timestamp={moment}&sign={quote_plus(base64.b64encode(digest))}"
        content = {"msgtype": "text", "text": {"content": _text(message)}}
        _checked(post(url, patience=self._patience, json=content), "errcode", "errmsg")


class FeishuBot:
    """飞书群机器人; with a secret each call is signed with its time."""

    knows_again = False

    def __init__(self, url: str, secret: str = "", patience: float = PATIENCE_SECONDS) -> None:
        self._url, self._secret, self._patience = url, secret, patience

    def send(self, message: Message) -> None:
        """The text. Raises NotSent, Rejected, Unclear."""
        content: dict[str, Any] = {"msg_type": "text", "content": {"text": _text(message)}}
        if self._secret:
            moment = str(round(time.time()))
            digest = hmac.digest(f"{moment}\n{self._secret}".encode(), b"", "sha256")
            content |= {"timestamp": moment, "sign": base64.b64encode(digest).decode()}
        _checked(post(self._url, patience=self._patience, json=content), "code", "msg")
