"""Who hears of what, by which way (R30, R51, R72): the company's table, and what it says for one paper.

Pure: the table is data (`notices.toml`), the addresses are given; what comes out is one route for each who is to hear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, RootModel, model_validator

from models.dossier.papers_due import Paper
from models.values.content import Content
from models.values.vocabulary import Role, Term
from models.values.words import InvalidValue

GROUP = "group"
"""The company's chat group: it hears of a paper only where the table says so."""
DEFAULT, OTHERS = "default", "others"
"""The row for every paper, and in a row the place for every role, that has none of its own."""


_LEVEL_OF_REMINDERS = re.compile(rf"^{Paper.REMINDER.value}\.[1-9]$")


class Channel(Term):
    """A way on which a notice goes."""

    FOLDER = "folder", "文件夹", "folder"
    EMAIL = "email", "邮件", "e-mail"
    FAX = "fax", "传真", "fax"
    WECOM = "wecom", "企业微信群", "WeCom group"
    DINGTALK = "dingtalk", "钉钉群", "DingTalk group"
    FEISHU = "feishu", "飞书群", "Feishu group"
    SMS = "sms", "短信", "text message"


POSTED = frozenset({Channel.WECOM, Channel.DINGTALK, Channel.FEISHU})
"""Ways to a group: the set-up names the one address they have."""


class DeliveryState(Term):
    """Where one notice to one addressee stands."""

    WAITING = "waiting", "待发", "waiting"
    SENDING = "sending", "发送中", "being sent"
    SENT = "sent", "已发", "sent"
    NO_ADDRESS = "no_address", "无地址", "no address"
    REJECTED = "rejected", "被拒收", "rejected"
    UNCERTAIN = "uncertain", "不知是否已发", "nobody knows whether it was sent"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


Channels = Annotated[tuple[Channel, ...], Field(max_length=len(Channel))]
"""Ways in order of preference: the first that is set up and has an address is taken. None: they are not told."""


class NoticeTable(RootModel[dict[str, dict[str, Channels]]]):
    """paper → role (or `group`) → ways. A role without a place in the paper's row has that of `default`."""

    root: dict[str, dict[str, Channels]] = {DEFAULT: {OTHERS: (Channel.EMAIL,)}}

    @model_validator(mode="after")
    def _names_are_known(self) -> NoticeTable:
        papers = {DEFAULT, *(paper.value for paper in Paper)}
        heard = {GROUP, OTHERS, *(role.value for role in Role)}
        for paper, row in self.root.items():
            if paper not in papers and not _LEVEL_OF_REMINDERS.match(paper):
                raise InvalidValue(
                    f"没有文书 {paper}；有：{', '.join(sorted(papers))}",
                    f"there is no paper {paper}; there are: {', '.join(sorted(papers))}",
                )
            for name in row.keys() - heard:
                raise InvalidValue(
                    f"{paper}：没有角色 {name}；有：{', '.join(sorted(heard))}",
                    f"{paper}: there is no role {name}; there are: {', '.join(sorted(heard))}",
                )
        return self

    def _route_of(self, paper: Paper, level: str) -> dict[str, Channels]:
        """The paper's row; that of a level of reminders goes before."""
        return {**self.root.get(paper.value, {}), **self.root.get(f"{paper.value}.{level}", {})}

    def ways(self, paper: Paper, addressee: str, level: str = "") -> tuple[Channel, ...]:
        """The ways to them for this paper, the preferred first."""
        row, usual = self._route_of(paper, level), self.root.get(DEFAULT, {})
        if addressee == GROUP:
            return row.get(GROUP, ())
        for place in (row.get(addressee), row.get(OTHERS), usual.get(addressee), usual.get(OTHERS)):
            if place is not None:
                return place
        return ()

    def heard_by(self, paper: Paper, roles: Iterable[str], level: str = "") -> list[str]:
        """Whom the order names, and whom the company adds in the paper's own row."""
        added = [name for name in self._route_of(paper, level) if name != OTHERS]
        return list(dict.fromkeys([*roles, *added]))


class Address(Content):
    """Where someone can be reached; empty where it is not known."""

    name: str = ""
    email: str = ""
    fax: str = ""
    phone: str = ""

    def on(self, channel: Channel) -> str:
        """The address for this way."""
        known = {Channel.EMAIL: self.email, Channel.FAX: self.fax, Channel.SMS: self.phone}
        return known.get(channel, "")


@dataclass(frozen=True, slots=True)
class Route:
    """One way to one addressee. Without a channel: a way is set up, but nobody knows the address."""

    addressee: str
    channel: Channel
    address: str
    lacks_address: bool = False


def routes(
    table: NoticeTable,
    paper: Paper,
    roles: Iterable[str],
    set_up: Mapping[Channel, bool],
    address_of: Callable[[str], Address],
    level: str = "",
) -> Iterator[Route]:
    """One route for each who is to hear. Those for whom no way is set up are told in the folder, all in one."""
    in_folder = []
    for addressee in table.heard_by(paper, roles, level):
        ways = table.ways(paper, addressee, level)
        known = address_of(addressee)
        # nobody is asked for a phone number: only those of designated signers are kept (R31)
        usable = [way for way in ways if set_up.get(way, False) and (way is not Channel.SMS or known.on(way))]
        reached = next((way for way in usable if way in POSTED or known.on(way)), None)
        if reached is not None:
            yield Route(addressee, reached, known.on(reached) or reached.value)
        elif usable:
            yield Route(addressee, usable[0], "", lacks_address=True)
        elif ways:
            in_folder.append(addressee)
    if in_folder:
        yield Route("", Channel.FOLDER, ", ".join(in_folder))


FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(days=1)
"""A channel that is down so long is somebody's business; it is tried on all the same."""


def next_attempt(now: datetime, attempts: int) -> datetime:
    """When to try again after so many attempts: one minute, doubling, at most fifteen."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(attempts - 1, 8)
    return now + min(doubled, LONGEST_PAUSE)
