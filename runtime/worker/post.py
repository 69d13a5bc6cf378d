"""The post office of this installation: the channels that its settings set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.reports.notice_routes import Channel
from runtime.card_links import card_link, card_of_notice
from runtime.link_secret import link_secret
from runtime.settings import Settings

if TYPE_CHECKING:
    from pydantic import SecretStr

    from activities.notices.channels import Sender
    from activities.notices.post_office import PostOffice
    from activities.notices.routing import Router


def build_post_office(settings: Settings, *, keeps_holidays: bool = True) -> PostOffice:
    """Its words and its channels. Without holidays reminders go out on any day."""
    from activities.access.customer_log_ins import LOG_IN_CODES
    from activities.access.sent_codes import CodesToSend
    from activities.access.signing_codes import SIGNING_CODES
    from activities.documents.document_store import DocumentStore
    from activities.notices.notice_texts import NoticeTexts
    from activities.notices.post_office import PostOffice
    from activities.store.database import engine_at
    from runtime.standing_links import standing_links

    engine, secret = engine_at(settings.database_url), link_secret(settings)
    return PostOffice(
        engine,
        NoticeTexts(settings.notice_templates, settings.language),
        senders_of(settings),
        DocumentStore(settings.documents),
        keeps_holidays=keeps_holidays,
        codes=tuple(CodesToSend(each, engine, secret) for each in (SIGNING_CODES, LOG_IN_CODES)),
        links=standing_links(settings),
        card_of=lambda order, identity, rule: card_link(settings, card_of_notice(order, identity, rule)),
    )


def build_router(settings: Settings) -> Router:
    """Its table of notices, read each time so that a change counts at once."""
    from activities.notices.routing import Router
    from activities.store.company_files import read_notice_table
    from activities.store.database import engine_at

    return Router(
        engine_at(settings.database_url),
        lambda: read_notice_table(settings.notices),
        set(senders_of(settings)),
    )


def post_everything(settings: Settings) -> int:
    """Route and send all that is due of a rehearsal, once; how many notices were tried.

    Its orders live in skipped time: that today is a holiday says nothing of theirs.
    """
    build_router(settings).route_due()
    office, count = build_post_office(settings, keeps_holidays=False), 0
    while done := office.send_due():
        count += len(done)
    return count


def senders_of(settings: Settings) -> dict[Channel, Sender]:
    """What is set up; the folder always is."""
    from activities.notices.fax import FaxByMail, FaxGateway
    from activities.notices.group_bots import DingtalkBot, FeishuBot, WecomBot
    from activities.notices.mail import SmtpSender
    from activities.notices.outbox_folder import OutboxFolder
    from activities.notices.sms import SmsGateway

    senders: dict[Channel, Sender] = {Channel.FOLDER: OutboxFolder(settings.var / "outbox")}
    if settings.mail_url:
        mail = SmtpSender(settings.mail_url.get_secret_value(), settings.mail_from)
        senders[Channel.EMAIL] = mail
        if settings.fax_mail:
            senders[Channel.FAX] = FaxByMail(mail, settings.fax_mail)
    if settings.fax_url:
        senders[Channel.FAX] = FaxGateway(settings.fax_url.get_secret_value(), _secret_text(settings.fax_key))
    if settings.sms_url:
        senders[Channel.SMS] = SmsGateway(settings.sms_url.get_secret_value(), _secret_text(settings.sms_key))
    if settings.wecom_url:
        senders[Channel.WECOM] = WecomBot(settings.wecom_url.get_secret_value())
    if settings.dingtalk_url:
        senders[Channel.DINGTALK] = DingtalkBot(
            settings.dingtalk_url.get_secret_value(), _secret_text(settings.dingtalk_secret)
        )
    if settings.feishu_url:
        senders[Channel.FEISHU] = FeishuBot(
            settings.feishu_url.get_secret_value(), _secret_text(settings.feishu_secret)
        )
    return senders


def _secret_text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
