"""Where this installation finds its things: read once from the environment, never from the code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import Code, Refusal
from models.vocabulary import Language
from runtime.failures import BAD_SETTING

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the program, wherever a command is started from."""

TASK_QUEUE = "dingdan-orders"
PREFIX = "DINGDAN_"

_POSTGRESQL = "postgresql+psycopg://"
_SHORT_POSTGRESQL = ("postgresql://", "postgres://")


def _absolute(value: str | Path) -> Path:
    return Path(value).expanduser().absolute()


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
    temporal_binary: Location | None = None
    """Another `temporal` program than the one installed with the dependencies."""
    temporal_address: str | None = Field(default=None, validation_alias="TEMPORAL_ADDRESS")
    """Host and port of the Temporal server; not given, the SDK's profile or 127.0.0.1:7233 counts."""
    namespace: str | None = Field(default=None, validation_alias="TEMPORAL_NAMESPACE")
    """The Temporal namespace; not given, the SDK's profile or `default` counts."""
    ui_url: str | None = None
    """Where people open the Temporal UI; not given, it is beside the server, at its port plus 1000."""
    task_queue: str = Field(default=TASK_QUEUE, min_length=1)
    cached_orders: int = Field(default=2000, ge=10)
    """Orders a worker keeps in memory, at 120 to 200 KiB each; a fact for any other order replays it first."""
    activity_threads: int = Field(default=8, ge=1)
    """Activities one worker runs side by side; each may hold one database connection."""

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

    @field_validator("ui_url")
    @classmethod
    def _without_final_slash(cls, url: str | None) -> str | None:
        return url.rstrip("/") if url else None

    @property
    def documents(self) -> Path:
        """Where printed papers are kept."""
        return self.var / "documents"

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
        value = "…" if name == "database_url" else first["input"]  # it may hold a password
        words = BAD_SETTING.filled(variable=variable, value=value, reason=first["msg"])
        raise Refusal(Code.MALFORMED, words, where=variable) from error
