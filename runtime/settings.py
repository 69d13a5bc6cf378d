"""Where this installation finds its things: read once from the environment, never from the code."""

from __future__ import annotations

from email.utils import parseaddr
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.values.errors import Code, Refusal
from models.values.vocabulary import Language
from runtime.failures import BAD_SETTING

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the program, wherever a command is started from."""

TASK_QUEUE = "dingdan-orders"
PREFIX = "DINGDAN_"

_POSTGRESQL = "postgresql+psycopg://"
PROVIDERS = ("test", "wechat", "alipay")
"""Payment providers that there are adapters for."""
SHORTEST_SECRET = 32
"""Bytes of a secret of our own that others must not guess."""
_SECRET = {
    "database_url", "mail_url", "wecom_url", "dingtalk_url", "dingtalk_secret", "feishu_url", "feishu_secret", "fax_url",
    "fax_key", "sms_url", "sms_key", "oidc_client_secret", "link_secret", "payload_keys", "shop_test_key", "wechat_key",
}  # fmt: skip
"""Settings that may hold a password or key, and are never repeated in words."""
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1", "[::1]")
_SHORT_POSTGRESQL = ("postgresql://", "postgres://")


def _absolute(value: str | Path) -> Path:
    return Path(value).expanduser().absolute()


class InvoicesBy(StrEnum):
    """Who issues electronic invoices: nobody (finance enters them), or a provider."""

    HAND = "hand"
    FILE = "file"


class LogFormat(StrEnum):
    """How the processes write their log."""

    TEXT = "text"
    JSON = "json"


class SecondFactor(StrEnum):
    """Whether the roles that need a second factor must have one."""

    REQUIRED = "required"
    OFFERED = "offered"


Location = Annotated[Path, BeforeValidator(_absolute)]
"""A path, made absolute against the folder the command was started in."""


class Settings(BaseSettings):
    """One installation's addresses and switches, each from the variable `DINGDAN_<NAME>`.

    The Temporal server is found by the SDK's own conventions (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`,
    `TEMPORAL_TLS_…`, a profile file); `runtime.connection` reads them.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        validate_default=True,
    )

    var: Location = ROOT / "var"
    """Everything that is written: databases, logs, the outbox."""
    database_url: str = ""
    """The order database as a SQLAlchemy URL; not given, it is the SQLite file in `var`."""
    language: Language = Language.ZH
    """The language in which people are spoken to."""
    policy: Location = ROOT / "policy.toml"
    """The company's numbers and switches."""
    templates: Location = ROOT / "templates" / "documents"
    """The templates of printed papers; a company may keep its own."""
    documents_url: str = ""
    """Where printed papers are kept: `s3://bucket/prefix`; not given, the folder `documents` in `var`."""
    notices: Location = ROOT / "notices.toml"
    """Which notice goes to whom by which way."""
    notice_templates: Location = ROOT / "templates" / "notices"
    """The words of notices; a company may keep its own."""
    mail_url: SecretStr | None = None
    """The SMTP server: `smtp://USER:PASSWORD@HOST:PORT`, `smtps://…` or `smtp+starttls://…`."""
    mail_from: str = "dingdan@localhost"
    """From whom mail comes."""
    wecom_url: SecretStr | None = None
    dingtalk_url: SecretStr | None = None
    dingtalk_secret: SecretStr | None = None
    feishu_url: SecretStr | None = None
    feishu_secret: SecretStr | None = None
    """Web hooks of group bots with their signing secrets."""
    fax_url: SecretStr | None = None
    fax_key: SecretStr | None = None
    """A fax gateway over HTTP and the key it wants."""
    sms_url: SecretStr | None = None
    sms_key: SecretStr | None = None
    """A gateway for text messages over HTTP and the key it wants: signers' codes go by it."""
    fax_mail: str | None = None
    """A fax gateway by mail, such as `{number}@fax.example.com`."""
    invoices_by: InvoicesBy = InvoicesBy.HAND
    """Who issues electronic invoices: `hand` (finance enters their numbers), or `file` (a provider that writes files)."""
    shop_provider: str = ""
    """Payment providers of the shop, apart by commas: `test`, `wechat`, `alipay`. New payments go to the first; none by default."""
    shop_test_address: str = Field(default="127.0.0.1:8090", pattern=r"^[^:\s]+:\d{1,5}$")
    """Where the test provider listens."""
    shop_test_key: SecretStr | None = None
    """What the test provider signs with, as Standard Webhooks say (base64); not given, it is made once and kept in `var`."""
    wechat_url: str = "https://api.mch.weixin.qq.com"
    """WeChat Pay v3: where its interface is, and what the merchant has from it."""
    wechat_merchant: str = ""
    wechat_app: str = ""
    wechat_serial: str = ""
    """The serial number of the merchant's certificate."""
    wechat_private_key: Location | None = None
    wechat_key: SecretStr | None = None
    """The APIv3 key, 32 bytes."""
    wechat_public_key: Location | None = None
    wechat_public_key_id: str = ""
    """WeChat Pay's own public key and its id."""
    alipay_url: str = "https://openapi.alipay.com/gateway.do"
    """Alipay: where its interface is, and what the merchant has from it."""
    alipay_app: str = ""
    alipay_private_key: Location | None = None
    alipay_public_key: Location | None = None
    """Alipay's own public key."""
    webhooks: Location = ROOT / "webhooks"
    """What other systems' events mean: a table a sender."""
    webhook_keys_folder: Location | None = None
    """The keys with which senders sign, a file a sender (such as mounted secrets); not given, `webhook-keys` in `var`."""
    webhook_inner_addresses: bool = False
    """Whether other shops' endpoints may be of this machine or an inner network, and without TLS: for trying things out."""
    gateway_address: str = Field(default="127.0.0.1:8080", pattern=r"^[^:\s]+:\d{1,5}$")
    """Where the HTTP door listens."""
    gateway_url: str = ""
    """How people reach it, where that differs (a proxy with TLS)."""
    gateway_proxies: str = ""
    """Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses and networks, apart by commas; none by default."""
    oidc_issuer: str = ""
    """The company's OIDC provider, where staff log in by it: its issuer, `https://…`."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_claim: str = Field(default="preferred_username", min_length=1)
    """Which claim of the provider is the staff id."""
    link_secret: SecretStr | None = None
    """What customers' links are signed with, at least 32 bytes, the same for gateway, press and command line; not given,
    it is made once and kept in `var`."""
    link_days: int = Field(default=30, ge=1, le=365)
    """How many days a link to sign a sheet is good for; it ends with the order, and with its version of the sheet."""
    link_days_after_end: int = Field(default=14, ge=0, le=365)
    """How many days after an order's end a link to see it is still good for."""
    link_uploads_a_day: int = Field(default=10, ge=1)
    link_megabytes_a_day: int = Field(default=100, ge=1)
    link_codes_a_day: int = Field(default=10, ge=1)
    link_signatures_a_day: int = Field(default=20, ge=1)
    link_open_steps: int = Field(default=5, ge=1)
    """What one link may do on a business day, and how much of it may wait for a clerk at a time."""
    unread_days: int = Field(default=30, ge=1)
    """After so many days an unread upload by a link that nobody answered is closed with a note, and as many days after it
    was answered or closed the file is removed."""
    payload_keys: SecretStr | None = None
    """What goes to the Temporal server is encrypted with the first of these keys, and every one of them opens:
    `ID:KEY,ID:KEY`, KEY 32 bytes in base64. Not given (`payload_keys_file` neither), nothing is encrypted."""
    payload_keys_file: Location | None = None
    """The same as a file, such as a mounted secret: a key a line."""
    watch_address: str = Field(default="", pattern=r"^([^:\s]+:\d{1,5})?$")
    """Where a process answers who watches it: `/live`, `/ready`, `/metrics`; not given, nowhere. No log-in: an inner network only."""
    traces_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Where traces go by OTLP over HTTP, such as `http://collector:4318/v1/traces`; not given, there are none."""
    log_format: LogFormat = LogFormat.TEXT
    """`json`: a log of one JSON object a line, with the order's number."""
    audit_nights: int = Field(default=7, ge=1, le=90)
    """Every open order or other case is compared wholly at least every so many nights, whether it moved or not."""
    signed_facts: bool = False
    """Whether new orders take only what is signed (`models.messages.signatures`), and what this process says is signed."""
    example_company: bool = True
    """Whether the embedded default enters an example company with log-ins where no staff are known."""
    undo_seconds: int = Field(default=10, ge=0, le=120)
    """How long an act that a person says on a page may be taken back: so long it is told to nobody. 0: it is told at once."""
    requests_a_minute: int = Field(default=6000, ge=1)
    """What one key, and what one address, may ask of the door in a minute."""
    orders_a_minute: int = Field(default=600, ge=1)
    """How many orders one key may place in a minute."""
    kilobytes_a_minute: int = Field(default=50_000, ge=1)
    """How many kB one key may send in a minute."""
    open_steps_a_key: int = Field(default=200, ge=1)
    """How many steps may be open at the desk for what one key said: facts without an order, refused ones, late ones."""
    logins_a_minute: int = Field(default=30, ge=1)
    """How often one address, or one browser that was in before, may try to log in in a minute. Guesses at one person wait
    longer and longer besides."""
    session_hours: int = Field(default=12, ge=1, le=72)
    """When a log-in is over, used or not."""
    session_idle_minutes: int = Field(default=120, ge=5, le=1440)
    """When a log-in is over that nobody used."""
    second_factor: SecondFactor | None = None
    """Whether finance, director and administrators must have a second factor at log-ins by password, or are offered one;
    not given, they must where the door is reached from elsewhere than this machine."""
    connections: int = Field(default=600, ge=1)
    """How many connections the door holds at once; no more than the system allows it files."""
    connections_an_address: int = Field(default=200, ge=1)
    """How many of them may come from one address that is no proxy."""
    requests_at_work: int = Field(default=200, ge=2)
    """How many requests are at work at once; a quarter of it is kept for those with a good key or session."""
    room_seconds: float = Field(default=5, gt=0)
    """How long a request waits for room before it is told to come again."""
    streams: int = Field(default=300, ge=1)
    """How many pages may listen for news at once; `streams_a_session` and `streams_a_person` of them one session and person."""
    streams_a_session: int = Field(default=8, ge=1)
    streams_a_person: int = Field(default=16, ge=1)
    header_seconds: float = Field(default=10, gt=0)
    """How long a request's head may take to come."""
    body_seconds: float = Field(default=20, gt=0)
    """How long its body may take; a second more for every `slowest_bytes_a_second` that have come."""
    slowest_bytes_a_second: int = Field(default=5_000, ge=1)
    write_seconds: float = Field(default=60, gt=0)
    """How long whoever asked may leave an answer untaken."""
    idle_seconds: int = Field(default=5, ge=1)
    """How long a connection may stay open between two requests."""
    temporal_binary: Location | None = None
    """Another `temporal` program than the one installed with the dependencies."""
    temporal_address: str | None = Field(default=None, validation_alias="TEMPORAL_ADDRESS")
    """Host and port of the Temporal server; not given, the SDK's profile or 127.0.0.1:7233 counts."""
    namespace: str | None = Field(default=None, validation_alias="TEMPORAL_NAMESPACE")
    """The Temporal namespace; not given, the SDK's profile or `default` counts."""
    ui_url: str | None = None
    """Where people open the Temporal UI; not given, it is beside the server, at its port plus 1000."""
    task_queue: str = Field(default=TASK_QUEUE, min_length=1)
    deployment: str = Field(default="", pattern=r"^[A-Za-z0-9_/-]*$")
    """Worker Versioning: the name of the deployment that workers belong to, such as `dingdan`; not given, versions are off."""
    build_id: str = Field(default="", pattern=r"^[A-Za-z0-9._-]*$", max_length=100, validate_default=True)
    """Worker Versioning: which build these workers are, such as `0.2.0`; given with `deployment` and not without."""
    cached_orders: int = Field(default=2000, ge=10)
    """Orders a worker keeps in memory, at 120 to 200 KiB each; a fact for any other order replays it first.

    There is no way to keep none: the engine would drop orders in the middle of a task in which a local activity works,
    and what follows it would come at another moment when the order is lived again."""
    activity_threads: int = Field(default=8, ge=1)
    """Activities one worker runs side by side. Beside them it records on four threads at most, with SQLite on one; each may
    hold one database connection."""

    sandbox: bool = False
    """Whether pages offer sandbox orders, whose time can be skipped; for a development server, and for nothing else."""

    _own_server: bool = PrivateAttr(default=False)

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, url: str, info: ValidationInfo) -> str:
        if not url and "var" in info.data:
            return f"sqlite:///{info.data['var'] / 'dingdan.db'}"
        for short in _SHORT_POSTGRESQL:
            if url.startswith(short):
                return _POSTGRESQL + url.removeprefix(short)
        if not url.startswith(("sqlite:///", _POSTGRESQL)):
            raise ValueError("sqlite:///FILE | postgresql://USER:PASSWORD@HOST/DATABASE")
        return url

    @field_validator("build_id")
    @classmethod
    def _belongs_to_a_deployment(cls, build: str, info: ValidationInfo) -> str:
        if "deployment" in info.data and bool(build) != bool(info.data["deployment"]):
            raise ValueError("DINGDAN_DEPLOYMENT and DINGDAN_BUILD_ID are given together, or neither")
        return build

    @field_validator("mail_url")
    @classmethod
    def _is_mail_server(cls, url: SecretStr | None) -> SecretStr | None:
        plain = url.get_secret_value() if url else ""
        if plain and not (
            plain.startswith(("smtp://", "smtps://", "smtp+starttls://")) and urlsplit(plain).hostname
        ):
            raise ValueError("smtp://USER:PASSWORD@HOST:PORT | smtps://… | smtp+starttls://…")
        return url

    @field_validator("link_secret")
    @classmethod
    def _is_long_enough(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value().strip().encode()) < SHORTEST_SECRET:
            raise ValueError(
                f"至少 {SHORTEST_SECRET} 字节 · at least {SHORTEST_SECRET} bytes; openssl rand -base64 32"
            )
        return secret

    @field_validator("wecom_url", "dingtalk_url", "feishu_url", "fax_url", "sms_url")
    @classmethod
    def _is_web_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not url.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("http://… | https://…")
        return url

    @field_validator("oidc_issuer")
    @classmethod
    def _is_issuer(cls, issuer: str) -> str:
        if issuer and not issuer.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("https://…")
        return issuer

    @field_validator("gateway_proxies")
    @classmethod
    def _are_networks(cls, listed: str) -> str:
        for each in filter(None, (part.strip() for part in listed.split(","))):
            try:
                network = ip_network(each, strict=False)
            except ValueError:
                raise ValueError("10.0.0.7, 172.31.208.0/28, fd00::/64") from None
            if not network.prefixlen:
                raise ValueError("every address of the world is no proxy of yours")
        return listed

    @field_validator("mail_from")
    @classmethod
    def _is_mail_address(cls, address: str) -> str:
        name, _, place = parseaddr(address)[1].partition("@")
        if not name or not place or "\n" in address:
            raise ValueError("NAME@HOST")
        return address

    @field_validator("fax_mail")
    @classmethod
    def _has_number(cls, pattern: str | None) -> str | None:
        if pattern and ("{number}" not in pattern or "@" not in pattern):
            raise ValueError("{number}@HOST")
        return pattern

    @field_validator("shop_provider")
    @classmethod
    def _are_providers(cls, listed: str) -> str:
        names = [name.strip() for name in listed.split(",") if name.strip()]
        if any(name not in PROVIDERS for name in names) or len(set(names)) < len(names):
            raise ValueError(" | ".join(PROVIDERS))
        return ",".join(names)

    @field_validator("documents_url")
    @classmethod
    def _is_store(cls, url: str) -> str:
        if url and not url.startswith("s3://"):
            raise ValueError("s3://BUCKET/PREFIX")
        return url

    @field_validator("ui_url")
    @classmethod
    def _without_final_slash(cls, url: str | None) -> str | None:
        return url.rstrip("/") if url else None

    @property
    def second_factor_required(self) -> bool:
        """Whether finance, director and administrators must show one. On this machine alone, as in a demo, they need not."""
        if self.second_factor is not None:
            return self.second_factor is SecondFactor.REQUIRED
        reached_at = [self.gateway_address.rpartition(":")[0]]
        if self.gateway_url:
            reached_at.append(urlsplit(self.gateway_url).hostname or "")
        return any(host not in _THIS_MACHINE for host in reached_at)

    @property
    def company_words(self) -> tuple[str, ...]:
        """What anybody knows of this company, and so would try as a password: the parts of its addresses."""
        hosts = (urlsplit(self.gateway_url).hostname or "", parseaddr(self.mail_from)[1].partition("@")[2])
        return tuple(part for host in hosts for part in host.split(".") if part)

    @property
    def documents(self) -> Path | str:
        """Where printed papers are kept: a folder or a URL."""
        return self.documents_url or self.var / "documents"

    @property
    def shop_providers(self) -> tuple[str, ...]:
        """The payment providers of the shop by name, that of new payments first."""
        return tuple(filter(None, self.shop_provider.split(",")))

    @property
    def reached_at(self) -> str:
        """How people and providers reach the door, without a final slash."""
        return self.gateway_url.rstrip("/") or f"http://{self.gateway_address}"

    @property
    def webhook_keys(self) -> Path:
        """Where the keys of senders are."""
        return self.webhook_keys_folder or self.var / "webhook-keys"

    @property
    def scans(self) -> Path:
        """Folders of signed sheets that came back: `in` is watched, `read` and `unread` keep them."""
        return self.var / "scans"

    @property
    def own_server(self) -> bool:
        """Whether this process started the server it uses: then no profile, key or certificate applies."""
        return self._own_server

    def on_own_server(self, address: str, ui_url: str, namespace: str = "default") -> Self:
        """The same settings for a process that has started a server of its own."""
        settings = self.model_copy(
            update={"temporal_address": address, "ui_url": ui_url, "namespace": namespace}
        )
        settings._own_server = True  # noqa: SLF001 - a copy of our own class
        return settings

    def shown_database(self) -> str:
        """The database URL without its password, for people and logs."""
        scheme, _, rest = self.database_url.partition("://")
        credentials, at, place = rest.rpartition("@")
        user, colon, _ = credentials.partition(":")
        return f"{scheme}://{user}{':***' if colon else ''}{at}{place}"


def load_settings() -> Settings:
    """The settings of this process.

    Raises Refusal(malformed) that names the variable with a value it cannot take.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        variable = name if name.startswith("TEMPORAL_") else PREFIX + name.upper()
        value = "…" if name in _SECRET else first["input"]
        words = BAD_SETTING.filled(variable=variable, value=value, reason=first["msg"])
        raise Refusal(Code.MALFORMED, words, where=variable) from error
