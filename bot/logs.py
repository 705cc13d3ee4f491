"""Logging: structlog, as text or as JSON, on stderr; neither the token nor what may be the key in
an address gets through, and of no text more than some 4,000 characters.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_TOKEN = re.compile(r"\b(bot)?\d{3,20}:[A-Za-z0-9_-]{20,100}")
_HIDDEN = "[token]"
_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)([^\s\"'<>\\]+)", re.IGNORECASE)
_VALUE = re.compile(r"([?&;][^=&;]*=)[^&;]+")
_BARE_VALUE = re.compile(r"([?&;])[^=&;]+(?=[&;]|$)")
# Twelve letters and digits mixed, a long number, more letters than words have, or a UUID.
_DRAWN = re.compile(
    r"(?<![A-Za-z0-9])(?:(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{12,}|[0-9]{13,}"
    r"|[A-Za-z]{21,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})"
)
# Of a longer text its beginning and its end, where a traceback says what happened.
_HEAD, _TAIL = 1_500, 2_500
_ENDS_A_KEY = " \n\t\"'<>\\"
# Libraries that write addresses, and with them the token, at their lower levels.
_TALKATIVE = ("httpx", "httpcore", "telegram", "aiohttp", "asyncio", "aiosqlite")


def hide_token(text: str) -> str:
    """The text without anything that looks like a bot's token."""
    return _TOKEN.sub(_HIDDEN, text)


def hide_keys(text: str) -> str:
    """The text with its addresses as far as they are no secret: without user names, the values of
    parameters, and parts of the path that look drawn by lot.
    """
    return _ADDRESS.sub(_without_keys, text) if "://" in text else text


def _without_keys(found: re.Match[str]) -> str:
    scheme, rest = found[1], found[2].partition("#")[0]
    end = min((at for at in map(rest.find, "/?") if at >= 0), default=len(rest))
    path, mark, asked = rest[end:].partition("?")
    shown = _BARE_VALUE.sub(r"\1…", _VALUE.sub(r"\1…", mark + asked))
    return scheme + rest[:end].rpartition("@")[2] + _DRAWN.sub("…", path) + shown


def _hidden(text: str) -> str:
    return hide_keys(hide_token(_shortened(text)))


def _shortened(text: str) -> str:
    """A text of which strangers may have written any part. It is cut where no token or address goes
    on, since half of one would not be known for what it is.
    """
    if len(text) <= _HEAD + _TAIL:
        return text
    head, tail = text[:_HEAD], text[-_TAIL:]
    head = head[: max(map(head.rfind, _ENDS_A_KEY)) + 1]
    tail = tail[min((at for at in map(tail.find, _ENDS_A_KEY) if at >= 0), default=_TAIL) :]
    return f"{head}… [{len(text) - len(head) - len(tail)} characters left out] …{tail}"


def _hide_secrets(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _hidden(value)
        elif not isinstance(value, int | float | bool | None):
            event[name] = _hidden(str(value))
    return event


def set_up_logging(level: str, form: str) -> None:
    """Sends everything, ours and libraries', through one set of steps to stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide_secrets,
    ]
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
