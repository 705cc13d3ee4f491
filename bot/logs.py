"""Logging: structlog, as text or as JSON, on stderr; the token never gets through."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_TOKEN = re.compile(r"\b(bot)?\d{3,20}:[A-Za-z0-9_-]{20,100}")
_HIDDEN = "[token]"
# Libraries that write addresses, and with them the token, at their lower levels.
_TALKATIVE = ("httpx", "httpcore", "telegram", "aiohttp", "asyncio", "aiosqlite")


def hide_token(text: str) -> str:
    """The text without anything that looks like a bot's token."""
    return _TOKEN.sub(_HIDDEN, text)


def _hide_tokens(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = hide_token(value)
        elif not isinstance(value, int | float | bool | None):
            event[name] = hide_token(str(value))
    return event


def set_up_logging(level: str, form: str) -> None:
    """Sends everything, ours and libraries', through one set of steps to stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide_tokens,
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
