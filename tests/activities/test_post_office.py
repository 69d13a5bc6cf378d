"""Notices go out once, by real mail and HTTP servers on loopback that fail, hang and answer twice (R51)."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pypdfium2
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, select, update

from activities.documents.document_store import DocumentStore
from activities.facts.desk_steps import open_desk_steps
from activities.notices.channels import Attachment, Message, NotSent, Rejected, Sender
from activities.notices.deliveries import send_again
from activities.notices.fax import FaxByMail, FaxGateway
from activities.notices.group_bots import DingtalkBot, FeishuBot, WecomBot
from activities.notices.mail import SmtpSender
from activities.notices.notice_texts import NoticeTexts
from activities.notices.outbox import enter_row
from activities.notices.outbox_folder import OutboxFolder
from activities.notices.post_office import LEASE, PostOffice
from activities.notices.routing import Router
from activities.notices.sms import SmsGateway
from activities.orders.requests import open_request
from activities.store.database import reading, writing
from activities.store.imports import StaffRow, import_staff
from models.dossier.papers_due import Paper
from models.policy import Policy
from models.reports.desk_steps import DeskStepKind
from models.reports.notice_routes import Channel, DeliveryState, NoticeTable
from models.tables.registry import table
from models.values.vocabulary import Language, Role, Words
from tests.activities.conftest import NOW as PLACED
from tests.activities.conftest import order_request
from tests.activities.mailbox import Mailbox, smtp

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "notices"
TABLE = NoticeTable.model_validate(
    {
        "default": {"customer": ["email", "fax"], "others": ["email"]},
        "confirmation_sheet": {"customer": ["fax"]},
        "finished_notice": {"customer": [], "others": [], "group": ["wecom", "dingtalk", "feishu"]},
    }
)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2027, 1, 5, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Bot:
    """An HTTP server that answers what it is told to, and keeps what it was sent."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, str]] = []
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                bot.seen.append((self.path, dict(self.headers), body))
                bot.may_answer.wait(5)
                status, text = bot.answers.pop(0) if bot.answers else (200, '{"errcode": 0, "code": 0}')
                if not status:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the server's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?key=secret"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def said(self) -> list[Any]:
        return [json.loads(body) for _, _, body in self.seen]


@pytest.fixture
def bot() -> Iterator[Bot]:
    made = Bot()
    yield made
    made.may_answer.set()
    made.server.shutdown()
    made.server.server_close()


class Post:
    """Router and post office of a small company, with an order in the outbox."""

    def __init__(self, engine: Engine, folder: Path, senders: dict[Channel, Sender]) -> None:
        self.engine, self.clock = engine, Clock()
        self.store = DocumentStore(folder / "documents")
        start, _ = open_request(engine, order_request(fax="0755-1234567"), PLACED, Policy())
        self.number = start.number
        self.senders: dict[Channel, Sender] = {Channel.FOLDER: OutboxFolder(folder / "outbox"), **senders}
        self.router = Router(engine, lambda: TABLE, set(self.senders))
        self.texts = NoticeTexts(TEMPLATES, Language.ZH)
        self.card_of: Callable[[str, str, str], str] | None = None

    @property
    def office(self) -> PostOffice:
        return PostOffice(self.engine, self.texts, self.senders, self.store, self.clock, card_of=self.card_of)

    def enter(self, paper: Paper = Paper.PAYMENT, to: Role = Role.SALESPERSON, **values: Any) -> None:
        with writing(self.engine) as connection:
            enter_row(
                connection, order=self.number, identity=f"{paper.value}:{len(self.states())}", paper=paper, to=(to,),
                words=Words("已确认收款 ¥1.00", "payment confirmed"), rule="R53", created_at=self.clock.now,
                content=values.pop("content", None), **values,
            )  # fmt: skip

    def run(self, minutes: int = 0) -> list[str]:
        """Route and send, so many minutes later; the states of all deliveries."""
        self.clock.now += timedelta(minutes=minutes)
        self.router.route_due(self.clock.now)
        self.office.send_due()
        return self.states()

    def states(self) -> list[str]:
        deliveries = table("deliveries")
        with reading(self.engine) as connection:
            return list(
                connection.scalars(
                    select(deliveries.c.state).order_by(deliveries.c.entered_at, deliveries.c.identity)
                )
            )

    def steps(self) -> list[DeskStepKind]:
        return [step.kind for step in open_desk_steps(self.engine)]


def test_a_notice_in_a_chat_group_leads_to_its_card_and_no_other_notice_does(
    company: Engine, tmp_path: Path, bot: Bot
) -> None:
    """Where nobody said how people reach the door there is no way, and none to who is the customer."""
    post = Post(company, tmp_path, {Channel.WECOM: WecomBot(bot.url)})
    asked: list[tuple[str, str, str]] = []

    def card_of(order: str, identity: str, rule: str) -> str:
        asked.append((order, identity, rule))
        return "https://dingdan.example.com/card/abc" if len(asked) == 1 else ""

    post.card_of = card_of
    for _ in range(2):
        post.enter(Paper.FINISHED)
        post.run()
    texts = [said["text"]["content"] for said in bot.said()]
    assert texts[0].endswith("办理：https://dingdan.example.com/card/abc")
    assert "办理：" not in texts[1]
    assert asked[0] == (post.number, f"{Paper.FINISHED.value}:0", "R53")
    kept = "".join(file.read_text() for file in (tmp_path / "outbox").rglob("*.txt"))
    assert "/card/" not in kept


def staff_with_mail(engine: Engine) -> None:
    import_staff(
        engine, [StaffRow(person="s-7", name="赵", roles=(Role.SALESPERSON,), email="zhao@example.com")]
    )


def test_without_any_account_everything_can_be_seen_in_the_folder(company: Engine, tmp_path: Path) -> None:
    post = Post(company, tmp_path, {})
    digest = post.store.keep(b"%PDF-1")
    post.enter(to=Role.CUSTOMER)
    post.enter(Paper.SHEET, to=Role.CUSTOMER, content={"version": "1"})
    assert post.run() == ["sent"]
    with writing(company) as connection:
        outbox = table("outbox")
        connection.execute(
            update(outbox).where(outbox.c.paper == Paper.SHEET.value).values(
                document=digest,
                content={"version": "1", "customer": "甲公司", "contact": "王", "promised": "2027-03-01",
                         "total": {"figures": "5,000.00"}, "changes": []},
            )
        )  # fmt: skip
    assert post.run() == ["sent", "sent"]
    texts = [file.read_text() for file in sorted((tmp_path / "outbox").iterdir())]
    assert any("已确认收款 ¥1.00" in text for text in texts)
    sheet = next(text for text in texts if "确认书第 1 版" in text)
    assert sheet.startswith("致 to: customer")
    assert "附件 attached:" in sheet
    assert post.run(60) == ["sent", "sent"]
    assert post.steps() == []


def test_a_mail_arrives_with_subject_text_and_paper(
    company: Engine, tmp_path: Path, mailbox: tuple[Mailbox, Controller]
) -> None:
    box, controller = mailbox
    staff_with_mail(company)
    post = Post(company, tmp_path, {Channel.EMAIL: smtp(controller)})
    digest = post.store.keep(b"%PDF-1")
    post.enter(attachments=[{"name": "收据.pdf", "document": f"{digest}.pdf"}])
    assert post.run() == ["sent"]
    (mail,) = box.mails
    assert (mail["To"], mail["From"]) == ("zhao@example.com", "订单部 <orders@example.com>")
    assert mail["Subject"] == f"订单 {post.number}：已确认收款 ¥1.00"
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("收据.pdf", b"%PDF-1")
    assert post.run(60) == ["sent"]
    assert len(box.mails) == 1


def test_a_server_that_is_away_for_an_hour_only_delays(
    company: Engine, tmp_path: Path, mailbox: tuple[Mailbox, Controller]
) -> None:
    box, controller = mailbox
    staff_with_mail(company)
    working, away = smtp(controller), SmtpSender("smtp://127.0.0.1:1", "orders@example.com", patience=1)
    post = Post(company, tmp_path, {Channel.EMAIL: away})
    for _ in range(3):
        post.enter()
        post.run()
    for _ in range(4):
        assert set(post.run(15)) == {"waiting"}
    assert post.steps() == []
    post.run(24 * 60)
    assert post.steps() == [DeskStepKind.CHANNEL_DOWN]
    post.senders[Channel.EMAIL] = working
    assert post.run(16) == ["sent"] * 3
    assert len(box.mails) == 3
    assert post.steps() == []


class Refusing:
    """A channel that sends nothing, and counts how often it was tried."""

    knows_again = False

    def __init__(self, *, is_down: bool) -> None:
        self.is_down, self.tried = is_down, 0

    def send(self, message: Message) -> None:
        self.tried += 1
        raise NotSent("away", channel_is_down=self.is_down)


@pytest.mark.parametrize(("is_down", "tried"), [(True, 1), (False, 3)])
def test_a_channel_that_is_down_is_tried_once_a_round_and_a_busy_recipient_stops_nobody_else(
    company: Engine, tmp_path: Path, is_down: bool, tried: int
) -> None:
    staff_with_mail(company)
    away = Refusing(is_down=is_down)
    post = Post(company, tmp_path, {Channel.EMAIL: away})
    for paper in (Paper.PAYMENT, Paper.QUESTION, Paper.HANGING):
        post.enter(paper)
    assert post.run() == ["waiting"] * 3
    assert away.tried == tried


def test_a_rejected_recipient_is_looked_at_by_a_person_and_a_busy_one_later(
    company: Engine, tmp_path: Path, mailbox: tuple[Mailbox, Controller]
) -> None:
    box, controller = mailbox
    staff_with_mail(company)
    post = Post(company, tmp_path, {Channel.EMAIL: smtp(controller)})
    box.answers["zhao@example.com"] = "451 busy"
    post.enter()
    assert post.run() == ["waiting"]
    box.answers["zhao@example.com"] = "550 no such mailbox"
    assert post.run(1) == ["rejected"]
    (step,) = open_desk_steps(company)
    assert step.kind is DeskStepKind.REJECTED
    assert "zhao@example.com" in step.zh
    assert "no such mailbox" in step.zh


def test_of_two_addresses_the_one_that_was_refused_is_a_step_and_the_other_gets_it_once(
    company: Engine, tmp_path: Path, mailbox: tuple[Mailbox, Controller]
) -> None:
    """A mail that reached only some is neither sent nor repeated to those who have it."""
    box, controller = mailbox
    two = "zhao@example.com, qian@example.com"
    import_staff(company, [StaffRow(person="s-7", name="赵", roles=(Role.SALESPERSON,), email=two)])
    post = Post(company, tmp_path, {Channel.EMAIL: smtp(controller)})
    box.answers["qian@example.com"] = "451 busy"
    post.enter()
    assert post.run() == ["waiting"]
    box.answers["qian@example.com"] = "550 no such mailbox"
    assert post.run(1) == ["rejected"]
    (step,) = open_desk_steps(company)
    assert step.kind is DeskStepKind.REJECTED
    assert step.zh.startswith("qian@example.com 拒收")
    send_again(company, step, post.clock.now, "chen", "q@example.com")
    assert post.run(1) == ["sent"]
    assert box.taken == [["zhao@example.com"], ["q@example.com"]]
    assert post.steps() == []


def test_what_the_mail_server_may_have_taken_is_sent_again_under_the_same_id(
    company: Engine, tmp_path: Path, mailbox: tuple[Mailbox, Controller]
) -> None:
    box, controller = mailbox
    staff_with_mail(company)
    post = Post(company, tmp_path, {Channel.EMAIL: smtp(controller)})
    box.breaks_after_data = True
    post.enter()
    assert post.run() == ["waiting"]
    box.breaks_after_data = False
    assert post.run(5) == ["sent"]
    assert len({mail["Message-ID"] for mail in box.mails}) == 1


@pytest.mark.parametrize("address", ["no address at all", "a@b\nBcc: x@example.com", "li@"])
def test_an_address_that_is_none_is_rejected(
    company: Engine, tmp_path: Path, mailbox: tuple[Mailbox, Controller], address: str
) -> None:
    _, controller = mailbox
    import_staff(company, [StaffRow(person="s-7", name="赵", roles=(Role.SALESPERSON,), email=address)])
    post = Post(company, tmp_path, {Channel.EMAIL: smtp(controller)})
    post.enter()
    assert post.run() == ["rejected"]


def test_a_customer_without_address_opens_one_step(
    company: Engine, tmp_path: Path, mailbox: tuple[Mailbox, Controller]
) -> None:
    post = Post(company, tmp_path, {Channel.EMAIL: smtp(mailbox[1])})
    post.enter(to=Role.CUSTOMER)
    post.run()
    post.enter(to=Role.CUSTOMER)
    assert post.run() == ["no_address", "no_address"]
    (step,) = open_desk_steps(company)
    assert (step.key, step.zh) == ("no_address:c-1/email", "甲公司 没有邮件地址")


# --- chat groups and fax -----------------------------------------------------------------------------------------


def message(**changes: Any) -> Message:
    values: dict[str, Any] = {
        "identity": "n/1", "address": "0755-1234567", "subject": "标题", "text": "正文", "file_name": "n-1"
    }  # fmt: skip
    return Message(**{**values, **changes})


def test_each_bot_says_it_in_its_own_way(bot: Bot) -> None:
    WecomBot(bot.url).send(message())
    DingtalkBot(bot.url, "SEC").send(message())
    FeishuBot(bot.url, "SEC").send(message())
    wecom, dingtalk, feishu = bot.said()
    assert wecom == {"msgtype": "text", "text": {"content": "标题\n\n正文"}}
    assert dingtalk["text"]["content"] == feishu["content"]["text"] == "标题\n\n正文"
    assert "&timestamp=" in bot.seen[1][0]
    assert "&sign=" in bot.seen[1][0]
    assert set(feishu) == {"msg_type", "content", "timestamp", "sign"}


def test_a_group_that_is_shown_no_picture_is_told_where_it_is(bot: Bot) -> None:
    """R73: DingTalk and Feishu take none from a bot; WeCom shows it and is told where the workbook is."""
    files = [
        Attachment("week.xlsx", b"PK", "application/vnd.ms-excel", "var/documents/ab/ab12.xlsx"),
        Attachment("week.png", b"\x89PNG", "image/png", "s3://papers/cd/cd34.png"),
    ]
    week = message(attachments=files)
    for sender in (WecomBot(bot.url), DingtalkBot(bot.url), FeishuBot(bot.url)):
        sender.send(week)
    wecom, picture, dingtalk, feishu = bot.said()
    book = "标题\n\n正文\nweek.xlsx: var/documents/ab/ab12.xlsx"
    assert wecom["text"]["content"] == book
    assert picture["msgtype"] == "image"
    both = f"{book}\nweek.png: s3://papers/cd/cd34.png"
    assert dingtalk["text"]["content"] == feishu["content"]["text"] == both


def test_a_paper_is_shown_to_the_group_as_pictures_of_its_first_pages(bot: Bot) -> None:
    """D13: the sheet as a picture beside its text; a file that is no paper after all is only named."""
    paper = pypdfium2.PdfDocument.new()
    for _ in range(5):
        paper.new_page(595, 842)
    file = BytesIO()
    paper.save(file)
    sheet = Attachment("确认书.pdf", file.getvalue(), "application/pdf", "var/documents/ab/ab12.pdf")
    WecomBot(bot.url).send(message(attachments=[sheet]))
    text, *pictures = bot.said()
    assert text["text"]["content"].endswith("确认书.pdf: var/documents/ab/ab12.pdf")
    drawn = [base64.b64decode(each["image"]["base64"]) for each in pictures]
    assert len(drawn) == 3
    assert all(each.startswith(b"\x89PNG") for each in drawn)
    assert [each["image"]["md5"] for each in pictures] == [
        hashlib.md5(each, usedforsecurity=False).hexdigest() for each in drawn
    ]
    broken = Attachment("x.pdf", b"%PDF-1", "application/pdf", "var/documents/cd/cd34.pdf")
    WecomBot(bot.url).send(message(attachments=[broken]))
    assert [said["msgtype"] for said in bot.said()[4:]] == ["text"]


def test_the_post_office_says_where_each_file_is_kept(company: Engine, tmp_path: Path, bot: Bot) -> None:
    post = Post(company, tmp_path, {Channel.DINGTALK: DingtalkBot(bot.url)})
    digest = post.store.keep(b"\x89PNG", ".png")
    post.enter(Paper.FINISHED, attachments=[{"name": "周报.png", "document": f"{digest}.png"}])
    assert post.run() == ["sent"]
    assert f"周报.png: {post.store.shown(f'{digest}.png')}" in bot.said()[0]["text"]["content"]


def test_a_group_that_answers_no_is_rejected_and_one_that_is_busy_gets_it_later(
    company: Engine, tmp_path: Path, bot: Bot
) -> None:
    post = Post(company, tmp_path, {Channel.WECOM: WecomBot(bot.url)})
    post.enter(Paper.FINISHED)
    bot.answers = [(200, '{"errcode": 45009, "errmsg": "too often"}'), (503, ""), (429, "")]
    assert [post.run(minutes) for minutes in (0, 1, 2)] == [["waiting"]] * 3
    bot.answers = [(200, '{"errcode": 93000, "errmsg": "invalid webhook"}')]
    assert post.run(10) == ["rejected"]
    assert "invalid webhook" in open_desk_steps(company)[0].zh
    assert "secret" not in open_desk_steps(company)[0].model_dump_json()


@pytest.mark.parametrize("trouble", ["hangs", "breaks", "fails", "answers nonsense"])
def test_a_bot_that_may_have_said_it_is_asked_about_and_not_repeated(
    company: Engine, tmp_path: Path, bot: Bot, trouble: str
) -> None:
    post = Post(company, tmp_path, {Channel.WECOM: WecomBot(bot.url, patience=0.3)})
    post.enter(Paper.FINISHED)
    if trouble == "hangs":
        bot.may_answer.clear()
    else:
        bot.answers = [
            {"breaks": (0, ""), "fails": (500, "oops"), "answers nonsense": (200, "<html>")}[trouble]
        ]
    state = post.run()
    bot.may_answer.set()
    if trouble == "answers nonsense":
        assert state == ["rejected"]
    else:
        assert state == ["uncertain"]
        assert post.steps() == [DeskStepKind.WAS_IT_SENT]
    assert post.run(60) == state
    assert len(bot.seen) == 1


def test_a_fax_gateway_is_told_the_same_key_and_so_never_faxes_twice(
    company: Engine, tmp_path: Path, bot: Bot
) -> None:
    post = Post(company, tmp_path, {Channel.FAX: FaxGateway(bot.url, "K", patience=0.3)})
    digest = post.store.keep(b"%PDF-1")
    post.enter(to=Role.CUSTOMER, attachments=[{"name": "a.pdf", "document": f"{digest}.pdf"}])
    bot.may_answer.clear()
    assert post.run() == ["waiting"]
    bot.may_answer.set()
    post.senders[Channel.FAX] = FaxGateway(bot.url, "K")
    assert post.run(5) == ["sent"]
    first, second = bot.seen
    assert first[1]["Idempotency-Key"] == second[1]["Idempotency-Key"]
    assert b"07551234567" in second[2]
    assert b"%PDF-1" in second[2]
    assert second[1]["Authorization"] == "Bearer K"


def test_each_fax_has_a_key_of_its_own_however_long_its_name_is(bot: Bot) -> None:
    """A customer of 25 Chinese characters: two of its reminders differ after the first hundred bytes."""
    gateway, customer = FaxGateway(bot.url), "深圳市" + "红" * 22
    for day in ("04", "08"):
        gateway.send(
            message(identity=f"20270301-0001/balance_reminder:{customer}:2027-03-{day}/customer/fax")
        )
    first, second = (headers["Idempotency-Key"] for _, headers, _ in bot.seen)
    assert first != second


def test_a_fax_by_mail_goes_to_the_number_at_the_gateway(mailbox: tuple[Mailbox, Controller]) -> None:
    box, controller = mailbox
    FaxByMail(smtp(controller), "{number}@fax.example.com").send(message())
    assert box.mails[0]["To"] == "07551234567@fax.example.com"


def test_what_is_no_fax_number_is_rejected(company: Engine, tmp_path: Path, bot: Bot) -> None:
    with writing(company) as connection:
        connection.execute(update(table("customers")).values(fax="请打电话"))
    post = Post(company, tmp_path, {Channel.FAX: FaxGateway(bot.url)})
    requests = table("requests")
    with writing(company) as connection:
        start = connection.scalar(select(requests.c.start).where(requests.c.number == post.number))
        assert start is not None
        start["request"]["fax"] = ""
        connection.execute(update(requests).where(requests.c.number == post.number).values(start=start))
    post.enter(to=Role.CUSTOMER)
    assert post.run() == ["rejected"]
    assert bot.seen == []


def test_a_text_message_goes_to_a_number_and_is_known_again(bot: Bot) -> None:
    """R31: signers' codes."""
    gateway = SmsGateway(bot.url, "key")
    gateway.send(message(address="+86 138-1234-5678"))
    gateway.send(message(address="+86 138-1234-5678"))
    (_, headers, body), (_, again, _) = bot.seen
    assert headers["Authorization"] == "Bearer key"
    assert headers["Idempotency-Key"] == again["Idempotency-Key"]
    assert dict(parse_qsl(body.decode()))["to"] == "+8613812345678"
    with pytest.raises(Rejected):
        gateway.send(message(address="请打电话"))
    assert len(bot.seen) == 2


# --- a sender that dies, two of them, and what concerns the paper ------------------------------------------------


def die_while_sending(post: Post) -> None:
    """As after kill -9: marked as being sent, and nobody is sending."""
    post.router.route_due(post.clock.now)
    with writing(post.engine) as connection:
        connection.execute(
            update(table("deliveries")).values(
                state=DeliveryState.SENDING.value, next_at=post.clock.now + LEASE
            )
        )


def test_after_a_sender_died_a_mail_goes_again_and_a_chat_message_is_asked_about(
    company: Engine, tmp_path: Path, bot: Bot, mailbox: tuple[Mailbox, Controller]
) -> None:
    box, controller = mailbox
    staff_with_mail(company)
    post = Post(company, tmp_path, {Channel.EMAIL: smtp(controller), Channel.WECOM: WecomBot(bot.url)})
    post.enter()
    post.enter(Paper.FINISHED, to=Role.WAREHOUSE)
    die_while_sending(post)
    assert post.run(2) == ["sending", "sending"]
    assert post.run(2) == ["uncertain", "waiting"]
    assert post.run(2) == ["uncertain", "sent"]
    assert (len(box.mails), len(bot.seen)) == (1, 0)


def test_two_post_offices_side_by_side_send_once(
    company: Engine, tmp_path: Path, mailbox: tuple[Mailbox, Controller]
) -> None:
    box, controller = mailbox
    staff_with_mail(company)
    post = Post(company, tmp_path, {Channel.EMAIL: smtp(controller)})
    for _ in range(12):
        post.enter()
        post.router.route_due(post.clock.now)
    offices = [post.office for _ in range(3)]
    threads = [threading.Thread(target=office.send_due) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(post.states()) == {"sent"}
    assert len(box.mails) == 12
    assert len({mail["Message-ID"] for mail in box.mails}) == 12


class Slow:
    """A channel that is at work while other things happen."""

    def __init__(self, *, knows_again: bool) -> None:
        self.knows_again = knows_again
        self.sent: list[str] = []
        self.meanwhile: list[Callable[[], None]] = []

    def send(self, message: Message) -> None:
        self.sent.append(message.identity)
        if len(self.sent) == 1:
            for happens in self.meanwhile:
                happens()


@pytest.mark.parametrize("knows_again", [True, False])
def test_what_one_post_office_is_sending_no_other_sends_until_its_lease_is_over(
    company: Engine, tmp_path: Path, knows_again: bool
) -> None:
    """Whatever the channel: at once, and just before the lease is over."""
    staff_with_mail(company)
    slow = Slow(knows_again=knows_again)
    post = Post(company, tmp_path, {Channel.EMAIL: slow})
    post.enter()

    def another() -> None:
        began = post.clock.now
        for later in (
            timedelta(0),
            timedelta(seconds=1),
            timedelta(minutes=1),
            LEASE - timedelta(seconds=1),
            LEASE,
        ):
            post.clock.now = began + later
            assert post.office.send_due() == []
            assert post.states() == ["sending"]
        assert post.steps() == []

    slow.meanwhile = [another]
    assert post.run() == ["sent"]
    assert len(slow.sent) == 1
    assert post.run(60) == ["sent"]
    assert len(slow.sent) == 1


@pytest.mark.parametrize("end", ["it was sent", "it was not sent"])
@pytest.mark.parametrize("knows_again", [True, False])
def test_when_the_lease_is_over_it_is_repeated_or_asked_about_and_the_late_one_undoes_nothing(
    company: Engine, tmp_path: Path, knows_again: bool, end: str
) -> None:
    staff_with_mail(company)
    slow = Slow(knows_again=knows_again)
    post = Post(company, tmp_path, {Channel.EMAIL: slow})
    post.enter()
    seen: list[tuple[list[str], list[DeskStepKind]]] = []

    def another() -> None:
        post.clock.now += LEASE + timedelta(seconds=1)
        post.office.send_due()
        post.clock.now += timedelta(hours=1)
        post.office.send_due()
        seen.append((post.states(), post.steps()))

    def late() -> None:
        if end == "it was not sent":
            raise NotSent("the line is dead")

    slow.meanwhile = [another, late]
    after = post.run()
    if knows_again:
        assert seen == [(["sent"], [])]
        assert (len(slow.sent), len(set(slow.sent))) == (2, 1)
        assert (after, post.steps()) == (["sent"], [])
    else:
        assert seen == [(["uncertain"], [DeskStepKind.WAS_IT_SENT])]
        assert len(slow.sent) == 1
        asked = ([], ["sent"]) if end == "it was sent" else ([DeskStepKind.WAS_IT_SENT], ["uncertain"])
        assert (post.steps(), after) == asked
    assert post.run(60) == after
    assert len(slow.sent) == (2 if knows_again else 1)


def test_a_letter_about_a_balance_that_was_paid_meanwhile_does_not_go(
    company: Engine, tmp_path: Path
) -> None:
    """R51: it stops the moment it is paid."""
    post = Post(company, tmp_path, {})
    content = {"balances": [{"order": post.number}]}
    post.enter(Paper.REMINDER, to=Role.CUSTOMER, content=content)
    with writing(company) as connection:
        connection.execute(update(table("outbox")).values(document=post.store.keep(b"%PDF-1")))
    assert post.run() == ["withdrawn"]
    assert not (tmp_path / "outbox").exists()


def test_a_template_with_an_error_is_said_with_file_and_line_and_mended_later(
    company: Engine, tmp_path: Path
) -> None:
    post = Post(company, tmp_path, {})
    own = tmp_path / "templates"
    own.mkdir()
    for wrong, said in (("标题\n{% if %}", "line 2"), ("标题\n\n{{ nobody.knows }}", "line 3")):
        (own / "payment_notice.zh.txt").write_text(wrong)
        post.texts = NoticeTexts(own, Language.ZH)
        post.enter()
        assert "waiting" in post.run(30)
        step = open_desk_steps(company)[-1]
        assert step.kind is DeskStepKind.PAPER_PROBLEM
        assert said in step.en
        assert "payment_notice.zh.txt" in step.en
    (own / "payment_notice.zh.txt").unlink()
    post.enter()
    assert "waiting" in post.run(30)
    post.texts = NoticeTexts(TEMPLATES, Language.ZH)
    assert set(post.run(30)) == {"sent"}


def test_a_folder_that_cannot_be_written_only_delays(company: Engine, tmp_path: Path) -> None:
    post = Post(company, tmp_path, {})
    (tmp_path / "outbox").write_text("a file where a folder should be")
    post.enter()
    assert post.run() == ["waiting"]
    (tmp_path / "outbox").unlink()
    assert post.run(5) == ["sent"]


@pytest.mark.parametrize(
    ("to", "has_rule"), [(Role.CUSTOMER, False), (Role.SALESPERSON, True), (Role.FINANCE, True)]
)
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("paper", [Paper.PAYMENT, Paper.OVERDUE])
def test_a_text_to_the_customer_carries_no_rule_number(
    company: Engine, tmp_path: Path, paper: Paper, to: Role, has_rule: bool, language: Language
) -> None:
    """The house looks a rule up by its number; a customer has nothing to look it up in. In the folder as by name."""
    post = Post(company, tmp_path, {})
    post.texts = NoticeTexts(TEMPLATES, language)
    post.enter(paper, to=to)
    post.run()
    (text,) = [file.read_text() for file in (tmp_path / "outbox").glob("*.txt")]
    assert ("R53" in text) is has_rule
