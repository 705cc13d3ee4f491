"""The settings: environment variables, or the same names in `.env`; read once, frozen.

A bad value stops the start with one line that names the variable, the value and what is allowed.
Read by `bot.app`, `bot.feeds_file`, `bot.roles` and `bot.cli` only; other modules are handed the
values they need.

Each field says how it is read: by a function that takes what is written and raises ValueError with
what would be right. (A library for this would take a tenth of a start.)
"""

# ruff: noqa: RUF009  (what `_set` returns is a field, and read by `dataclass`)

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import env_file as files
from bot.env_file import Slips
from bot.errors import SettingsError

Role = Literal["chat", "poll", "desk", "send"]
ROLES: tuple[Role, ...] = ("chat", "poll", "desk", "send")
ALERTING: tuple[Role, ...] = ("poll", "desk", "send")
"""Roles without any of which no alert is sent."""
_MOST_SENDS = 100_000
_SECRETS = {"TELEGRAM_TOKEN", "WEB_PASSWORD", "WEBHOOK_SECRET", "DATABASE_URL"}
_TOKEN = r"\d{3,20}:[A-Za-z0-9_-]{20,100}"  # noqa: S105  (its form)
_CREDENTIALS = r"[^/\s]+@"
_HOST_NAME = r"[^\s/:@?#\[\]]+"
_CONTACT = r"[!-'*-~]{3,200}"  # goes into a comment of a header: no brackets, no blanks
_SECRET_TOKEN = r"[A-Za-z0-9_-]{1,256}"  # noqa: S105  (its form)
_WEBHOOK_PATH = r"(/[A-Za-z0-9._~-]+)+"
_WEBHOOK_PORTS = (443, 80, 88, 8443)
_OURS = ("healthz", "readyz", "metrics", "websub")  # what else is asked for at WEB_LISTEN
_TELEGRAM_HOST = "api.telegram.org"
_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z]{2,4})?"
_YES, _NO = ("1", "true", "t", "yes", "y", "on"), ("0", "false", "f", "no", "n", "off")


class Secret:
    """What must not be printed or logged."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def in_clear(self) -> str:
        """The secret itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


# --- how what is written is read -----------------------------------------------------------------


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        return _between(float, text, least, most, "a number")

    return read


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        return int(_between(int, text, least, most, "an integer"))

    return read


def _between(
    kind: Callable[[str], float], text: str, least: float, most: float, called: str
) -> float:
    try:
        number = kind(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:  # as of what is no number at all
        raise ValueError(f"{called} from {least:.15g} to {most:.15g}")
    return number


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if (word := text.strip().lower()) not in words:
            raise ValueError(_or(words))
        return word

    return read


def _or(words: tuple[str, ...]) -> str:
    return " or ".join((", ".join(words[:-1]), words[-1]))


def _yes_or_no(text: str) -> bool:
    word = text.strip().lower()
    if word not in (*_YES, *_NO):
        raise ValueError("a boolean: true or false")
    return word in _YES


def _parts(text: str) -> tuple[str, ...]:
    """Lists are written with commas; blanks and empty parts do not matter."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(map(int, _parts(text)))
    except ValueError:
        raise ValueError("integers, with commas between them") from None


def _roles(text: str) -> tuple[str, ...]:
    roles = _parts(text)
    if not roles or not set(roles) <= set(ROLES):
        raise ValueError("one or more of " + ", ".join(ROLES))
    return roles


def _hosts(text: str) -> tuple[str, ...]:
    for host in _parts(text):
        try:
            ipaddress.ip_network(host.strip("[]"), strict=False)
        except ValueError:
            if not re.fullmatch(_HOST_NAME, host):
                raise ValueError(
                    "host names, addresses or CIDR blocks, with commas between them and no port"
                ) from None
    return _parts(text)


def _token(text: str) -> Secret:
    if not re.fullmatch(_TOKEN, text):
        raise ValueError("a token as BotFather gives it: digits, a colon, letters and digits")
    return Secret(text)


def _secret_token(text: str) -> Secret:
    if not re.fullmatch(_SECRET_TOKEN, text):
        raise ValueError("1 to 256 of the characters A-Z a-z 0-9 _ -")
    return Secret(text)


def _split_address(text: str) -> SplitResult:
    wanted = "an address that begins with http:// or https://"
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(wanted) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(wanted)
    try:
        parts.port  # noqa: B018  (it is looked at when it is asked for)
    except ValueError:
        raise ValueError("a port from 0 to 65535") from None
    return parts


def _web_address(text: str) -> str:
    _split_address(text)
    return text.rstrip("/")


def _where_telegram_posts(text: str) -> str:
    url = _web_address(text)
    parts = urlsplit(url if urlsplit(url).path else f"{url}/telegram")
    if (
        parts.query
        or parts.fragment
        or parts.username
        or not re.fullmatch(_WEBHOOK_PATH, parts.path)
    ):
        raise ValueError("an address with a path of plain letters, and nothing behind it")
    if parts.path.split("/")[1] in _OURS:
        raise ValueError("another path: that one is answered already")
    return parts.geturl()


def _contact(text: str) -> str:
    if not re.fullmatch(_CONTACT, text.strip()):
        raise ValueError("a web or mail address of up to 200 plain characters")
    return text.strip()


def _database_address(text: str) -> str:
    if not re.match(r"sqlite:///.+|postgres(ql)?://.+", text):
        raise ValueError("sqlite:///relative.db, sqlite:////absolute.db or postgresql://…")
    if text == "sqlite:///:memory:":
        raise ValueError("a file, since a database in memory ends with each connection")
    return text


def _host_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65_535:
        raise ValueError("host:port, such as 127.0.0.1:8080")
    return text


def _language_tag(text: str) -> str:
    if not re.fullmatch(_LANGUAGE, text):
        raise ValueError("a language code such as en or pt-BR")
    from bot.texts.languages import is_language  # most leave the default, which needs no list

    if not is_language(text):
        raise ValueError("the code of a language that there is, such as en or pt-BR")
    return text


def _known_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a zone of the IANA database, such as Europe/London") from None
    return text


def _set(default: Any, read: Callable[[str], Any]) -> Any:
    """A field, and how it is read."""
    return field(default=default, metadata={"read": read})


# --- the settings --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings; the names in the environment are these in capitals."""

    telegram_token: Secret | None = _set(None, _token)
    telegram_api_url: str = _set("https://api.telegram.org", _web_address)
    database_url: str = _set("sqlite:///tocsin.db", _database_address)
    feeds_file: Path | None = _set(None, Path)
    admin_ids: tuple[int, ...] = _set((), _numbers)
    access: Literal["open", "invite"] = _set("open", _one_of("open", "invite"))
    allow_user_feeds: bool = _set(True, _yes_or_no)
    allowed_private_hosts: tuple[str, ...] = _set((), _hosts)
    poll_min_seconds: float = _set(60.0, _number(1, 86_400))
    poll_max_seconds: float = _set(3600.0, _number(1, 604_800))
    contact: str | None = _set(None, _contact)
    send_per_second: float = _set(28.0, _number(0, _MOST_SENDS))
    send_per_chat_seconds: float = _set(1.0, _number(0, 3600))
    send_per_group_per_minute: int = _set(18, _whole_number(0, _MOST_SENDS))
    unknown_outcome: Literal["resend", "drop"] = _set("resend", _one_of("resend", "drop"))
    story_threshold: float = _set(0.86, _number(0, 1))
    semantic: Literal["off", "on"] = _set("off", _one_of("off", "on"))
    retention_days: float = _set(90.0, _number(1, 36_500))
    web_listen: str | None = _set(None, _host_and_port)
    web_password: Secret | None = _set(None, Secret)
    webhook_url: str | None = _set(None, _where_telegram_posts)
    webhook_secret: Secret | None = _set(None, _secret_token)
    websub_url: str | None = _set(None, _web_address)
    roles: tuple[Role, ...] = _set(ROLES, _roles)
    log_level: Literal["debug", "info", "warning", "error"] = _set(
        "info", _one_of("debug", "info", "warning", "error")
    )
    log_format: Literal["text", "json"] = _set("text", _one_of("text", "json"))
    default_language: str = _set("en", _language_tag)
    default_timezone: str = _set("UTC", _known_zone)

    def __post_init__(self) -> None:
        """Looks at what must fit together. Raises SettingsError."""
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
        return self.telegram_token.in_clear() if self.telegram_token else None


def load_settings(
    env_file: Path | None = Path(".env"), overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Reads the settings; `overrides` (field names; what is text is read as in the environment)
    win over the environment, and that over the file.

    Raises SettingsError with one line if a value is bad.
    """
    in_file = files.settings_in(env_file) if env_file else {}
    written = in_file | {name.upper(): value for name, value in os.environ.items()}
    values: dict[str, Any] = {}
    for each in fields(Settings):
        name, read = each.name.upper(), each.metadata["read"]
        value = (overrides or {}).get(each.name, written.get(name) or None)
        if value is not None:
            values[each.name] = _read(name, value, read) if isinstance(value, str) else value
    return Settings(**values)


def slips_in(path: Path = Path(".env")) -> Slips:
    """What stands in a file of settings and sets nothing. Raises SettingsError."""
    return files.slips_in(path, [each.name.upper() for each in fields(Settings)])


def _read(name: str, text: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(text)
    except ValueError as error:
        if name in _SECRETS:
            shown = f"{name}: the value"
        else:
            shown = f"{name}={re.sub(_CREDENTIALS, '…@', text)[:100]!r}"
        raise SettingsError(f"{shown} cannot be used; allowed: {error}") from None
