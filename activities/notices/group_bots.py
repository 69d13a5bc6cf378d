"""Notices to chat groups by their bots: WeCom, DingTalk and Feishu, each as its own web hook wants it.

None of them can tell that it has had a message already: one that may have gone is asked about and never repeated.
Only WeCom takes a picture from a bot; papers go there as pictures of their pages, too (D13). DingTalk wants a public
address of a picture and Feishu an upload by an app's account: there, and for every other file, the text says where it is kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote_plus

import httpx

from activities.notices.channels import PATIENCE_SECONDS, Attachment, Message, NotSent, Rejected, Unclear
from activities.notices.paper_pictures import pictures_of
from activities.notices.web_calls import post

_WECOM_BYTES, _OTHER_BYTES = 2000, 18_000
"""What one message may hold."""
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


def _parts(message: Message, most: int, *, shows_pictures: bool = False) -> list[str]:
    """What is said, and where files are that the group is not shown, in parts of so many bytes that end with a line."""
    said = f"{message.subject}\n\n{message.text}".strip()
    for each in message.attachments:
        if each.place and not (shows_pictures and each.is_picture):
            said += f"\n{each.name}: {each.place}"
    parts = [""]
    for line in said.splitlines(keepends=True):
        whole = line
        while len(whole.encode()) > most:
            cut = whole.encode()[:most].decode(errors="ignore")
            parts.append(cut)
            whole = whole[len(cut) :]
        if len((parts[-1] + whole).encode()) > most:
            parts.append("")
        parts[-1] += whole
    return [part.strip() for part in parts if part.strip()]


def _one_after_another(calls: Iterable[Callable[[], None]]) -> None:
    """What follows the first part and surely did not go leaves it unclear: the group has a part of it."""
    for number, call in enumerate(calls):
        try:
            call()
        except NotSent as error:
            if number:
                raise Unclear(str(error)) from error
            raise


def _md5(picture: Attachment) -> str:
    return hashlib.md5(picture.content, usedforsecurity=False).hexdigest()


def _shown(attachments: Iterable[Attachment]) -> Iterator[Attachment]:
    for each in attachments:
        if each.is_picture:
            yield each
        yield from pictures_of(each)


class WecomBot:
    """企业微信群机器人. Pictures are shown in the group, and papers as pictures of their first pages."""

    knows_again = False

    def __init__(self, url: str, patience: float = PATIENCE_SECONDS) -> None:
        self._url, self._patience = url, patience

    def send(self, message: Message) -> None:
        """The text with the places of other files, then its pictures. Raises NotSent, Rejected, Unclear."""
        contents: list[dict[str, Any]] = [
            {"msgtype": "text", "text": {"content": part}}
            for part in _parts(message, _WECOM_BYTES, shows_pictures=True)
        ]
        contents += [
            {
                "msgtype": "image",
                "image": {"base64": base64.b64encode(each.content).decode(), "md5": _md5(each)},
            }
            for each in _shown(message.attachments)
        ]
        _one_after_another(partial(self._post_part, content) for content in contents)

    def _post_part(self, content: dict[str, Any]) -> None:
        _checked(post(self._url, patience=self._patience, json=content), "errcode", "errmsg")


class DingtalkBot:
    """钉钉群机器人; with a secret each call is signed with its time."""

    knows_again = False

    def __init__(self, url: str, secret: str = "", patience: float = PATIENCE_SECONDS) -> None:
        self._url, self._secret, self._patience = url, secret, patience

    def send(self, message: Message) -> None:
        """The text with the places of its files. Raises NotSent, Rejected, Unclear."""
        _one_after_another(partial(self._post_part, part) for part in _parts(message, _OTHER_BYTES))

    def _post_part(self, part: str) -> None:
        url = self._url
        if self._secret:
            moment = str(round(time.time() * 1000))
            digest = hmac.digest(self._secret.encode(), f"{moment}\n{self._secret}".encode(), "sha256")
            url += f"&timestamp={moment}&sign={quote_plus(base64.b64encode(digest))}"
        content = {"msgtype": "text", "text": {"content": part}}
        _checked(post(url, patience=self._patience, json=content), "errcode", "errmsg")


class FeishuBot:
    """飞书群机器人; with a secret each call is signed with its time."""

    knows_again = False

    def __init__(self, url: str, secret: str = "", patience: float = PATIENCE_SECONDS) -> None:
        self._url, self._secret, self._patience = url, secret, patience

    def send(self, message: Message) -> None:
        """The text with the places of its files. Raises NotSent, Rejected, Unclear."""
        _one_after_another(partial(self._post_part, part) for part in _parts(message, _OTHER_BYTES))

    def _post_part(self, part: str) -> None:
        # `<at user_id="all">` in a text would call everybody
        content: dict[str, Any] = {"msg_type": "text", "content": {"text": part.replace("<at", "＜at")}}
        if self._secret:
            moment = str(round(time.time()))
            digest = hmac.digest(f"{moment}\n{self._secret}".encode(), b"", "sha256")
            content |= {"timestamp": moment, "sign": base64.b64encode(digest).decode()}
        _checked(post(self._url, patience=self._patience, json=content), "code", "msg")
