"""The settings: environment variables, or the same names in `.env`; read once, frozen.

A bad value stops the start with one line that names the variable, the value and what is allowed.
Read by `bot.app`, `bot.roles` and `bot.cli` only; other modules are handed the values they need.
"""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

Role = Literal["chat", "poll", "desk", "send"]
ROLES: tuple[Role, ...] = ("chat", "poll", "desk", "send")
_MOST_SENDS = 100_000
_SECRETS = {"TELEGRAM_TOKEN", "WEB_PASSWORD", "WEBHOOK_SECRET", "DATABASE_URL"}
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")
_CREDENTIALS = re.compile(r"[^/\s]+@")
_CONTACT = re.compile(r"[!-'*-~]{3,200}")  # goes into a comment of a header: no brackets, no blanks
_SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
_WEBHOOK_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")
_WEBHOOK_PORTS = (443, 80, 88, 8443)
_OURS = ("healthz", "readyz", "metrics", "websub")  # what else is asked for at WEB_LISTEN
_TELEGRAM_HOST = "api.telegram.org"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


def _split(value: object) -> object:
    """Lists are written with commas; blanks and empty parts do not matter."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


class Settings(BaseSettings):
    """All settings; the names in the environment are these in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    database_url: str = "sqlite:///tocsin.db"
    feeds_file: Path | None = None
    admin_ids: Annotated[tuple[int, ...], NoDecode] = ()
    access: Literal["open", "invite"] = "open"
    allow_user_feeds: bool = True
    allowed_private_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    poll_min_seconds: float = Field(default=60, ge=1, le=86_400)
    poll_max_seconds: float = Field(default=3600, ge=1, le=604_800)
    contact: str | None = None
    send_per_second: float = Field(default=28, ge=0, le=_MOST_SENDS)
    send_per_chat_seconds: float = Field(default=1, ge=0, le=3600)
    send_per_group_per_minute: int = Field(default=18, ge=0, le=_MOST_SENDS)
    unknown_outcome: Literal["resend", "drop"] = "resend"
    story_threshold: float = Field(default=0.86, ge=0, le=1)
    semantic: Literal["off", "on"] = "off"
    retention_days: float = Field(default=90, ge=1, le=36_500)
    web_listen: str | None = None
    web_password: SecretStr | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    websub_url: str | None = None
    roles: Annotated[tuple[Role, ...], NoDecode] = ROLES
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    default_language: str = "en"
    default_timezone: str = "UTC"

    @field_validator("admin_ids", "allowed_private_hosts", "roles", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        return _split(value)

    @field_validator(
        "access", "unknown_outcome", "semantic", "log_level", "log_format", mode="before"
    )
    @classmethod
    def _in_any_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("telegram_token")
    @classmethod
    def _token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("a token as BotFather gives it: digits, a colon, letters and digits")
        return value

    @field_validator("telegram_api_url", "webhook_url", "websub_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an address that begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _where_telegram_posts(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value if urlsplit(value).path else f"{value}/telegram")
        try:
            parts.port  # noqa: B018  (it is looked at when it is asked for)
        except ValueError:
            raise ValueError("a port from 0 to 65535") from None
        if (
            parts.query
            or parts.fragment
            or parts.username
            or not _WEBHOOK_PATH.fullmatch(parts.path)
        ):
            raise ValueError("an address with a path of plain letters, and nothing behind it")
        if parts.path.split("/")[1] in _OURS:
            raise ValueError("another path: that one is answered already")
        return parts.geturl()

    @field_validator("webhook_secret")
    @classmethod
    def _secret_token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("1 to 256 of the characters A-Z a-z 0-9 _ -")
        return value

    @field_validator("contact")
    @classmethod
    def _fits_a_header(cls, value: str | None) -> str | None:
        if value is not None and not _CONTACT.fullmatch(value.strip()):
            raise ValueError("a web or mail address of up to 200 plain characters")
        return value.strip() if value else None

    @field_validator("database_url")
    @classmethod
    def _database_address(cls, value: str) -> str:
        if not re.match(r"sqlite:///.+|postgres(ql)?://.+", value):
            raise ValueError("sqlite:///relative.db, sqlite:////absolute.db or postgresql://…")
        return value

    @field_validator("allowed_private_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if "/" in host:
                try:
                    ipaddress.ip_network(host, strict=False)
                except ValueError:
                    raise ValueError("host names, addresses or CIDR blocks, by commas") from None
        return value

    @field_validator("roles")
    @classmethod
    def _some_role(cls, value: tuple[Role, ...]) -> tuple[Role, ...]:
        if not value:
            raise ValueError("one or more of " + ", ".join(ROLES))
        return value

    @field_validator("web_listen")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value is None:
            return None
        host, _, port = value.rpartition(":")
        if not host or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65_535:
            raise ValueError("host:port, such as 127.0.0.1:8080")
        return value

    @field_validator("default_language")
    @classmethod
    def _language_tag(cls, value: str) -> str:
        if not _LANGUAGE.fullmatch(value):
            raise ValueError("a language code such as en or pt-BR")
        return value

    @field_validator("default_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("a zone of the IANA database, such as Europe/London") from None
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> "Settings":
        if self.poll_min_seconds > self.poll_max_seconds:
            raise SettingsError(
                f"POLL_MIN_SECONDS={self.poll_min_seconds:g} is more than "
                f"POLL_MAX_SECONDS={self.poll_max_seconds:g}; it must not be"
            )
        if self.web_listen and not self.web_password and not self._listens_on_loopback():
            raise SettingsError(
                f"WEB_LISTEN={self.web_listen} is not on loopback, so WEB_PASSWORD must be set"
            )
        if self.webhook_url:
            self._check_webhook(self.webhook_url)
        return self

    def _check_webhook(self, url: str) -> None:
        """Raises SettingsError where Telegram could not post there, or we not take it."""
        if not self.web_listen:
            raise SettingsError(f"WEBHOOK_URL={url} needs WEB_LISTEN, where what is posted arrives")
        if not self.webhook_secret:
            raise SettingsError(
                f"WEBHOOK_URL={url} needs WEBHOOK_SECRET, by which Telegram is known: "
                "1 to 256 of the characters A-Z a-z 0-9 _ -"
            )
        # A server of one's own posts anywhere.
        if urlsplit(self.telegram_api_url).hostname != _TELEGRAM_HOST:
            return
        parts = urlsplit(url)
        if parts.scheme != "https" or (parts.port or 443) not in _WEBHOOK_PORTS:
            raise SettingsError(
                f"WEBHOOK_URL={url} cannot be used; Telegram posts to https:// only, "
                "at port 443, 80, 88 or 8443"
            )

    def _listens_on_loopback(self) -> bool:
        host = (self.web_listen or "").rpartition(":")[0].strip("[]")
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    @property
    def token(self) -> str | None:
        """The token in clear: for the transport and the log filter only."""
        return self.telegram_token.get_secret_value() if self.telegram_token else None


def load_settings(
    env_file: Path | None = Path(".env"), overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Reads the settings; `overrides` (field names) win over the environment.

    Raises SettingsError with one line if a value is bad.
    """
    try:
        return Settings(_env_file=env_file, _env_file_encoding="utf-8", **dict(overrides or {}))  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from None
    except (UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{env_file} cannot be read: {error}") from None


def _one_line(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]).upper() if first["loc"] else "settings"
    wanted = str(first.get("ctx", {}).get("error") or first["msg"])
    wanted = wanted[0].lower() + wanted[1:]
    if name in _SECRETS:
        return f"{name}: the value cannot be used; allowed: {wanted}"
    value = first["input"]
    shown = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    shown = _CREDENTIALS.sub("…@", shown)
    return f"{name}={shown[:100]!r} cannot be used; allowed: {wanted}"
