"""What Telegram says to a text: the plain text and its entities, or a refusal.

With the package `tdjson` the answer is that of TDLib's own functions, the ones the Bot API
server calls; they work offline. Without it every message is accepted, and `display` reads the
tags that are known well enough to show them: that is no verdict, and `name` says so.
"""

import importlib
import json
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from bot.playground.bot_api import display
from bot.playground.bot_api.refusals import (
    CAPTION_TOO_LONG,
    MESSAGE_TOO_LONG,
    TEXT_EMPTY,
    TEXT_TOO_LONG,
    BotApiError,
)

Json = dict[str, Any]
RAW_BYTES = 32_768
TEXT_CODE_POINTS = 4_096
CAPTION_CODE_POINTS = 1_024
ENTITIES = 100
_KINDS = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
    "Mention": "mention",
    "Hashtag": "hashtag",
    "Cashtag": "cashtag",
    "BotCommand": "bot_command",
    "Url": "url",
    "EmailAddress": "email",
    "PhoneNumber": "phone_number",
}
_PARSE_MODES: dict[str, Json] = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}
_NO_LINKS_INSIDE = ("code", "pre", "text_link", "text_mention", "custom_emoji")


class Formatted(Struct, frozen=True):
    """A text as it will be shown; offsets and lengths of entities are UTF-16 units."""

    text: str
    entities: list[Json]


class Verdicts:
    """Reads the texts of messages, with TDLib when it is installed and wanted."""

    def __init__(self, *, use_tdlib: bool = True) -> None:
        self._td = _load_tdlib() if use_tdlib else None
        self.name = f"tdjson, TDLib {_version(self._td)}" if self._td else "none"

    def of_message(self, raw: str, parse_mode: str, given: list[Json] | None) -> Formatted:
        """What becomes of a text a bot sends; raises `BotApiError` in Telegram's words."""
        read = self._of_words(raw, parse_mode, given)
        if not read.text:
            raise BotApiError(TEXT_EMPTY)
        if len(read.text) > TEXT_CODE_POINTS:
            raise BotApiError(MESSAGE_TOO_LONG)
        return read

    def of_caption(self, raw: str, parse_mode: str, given: list[Json] | None) -> Formatted:
        """The same of what stands under a picture, which may be nothing."""
        read = self._of_words(raw, parse_mode, given)
        if len(read.text) > CAPTION_CODE_POINTS:
            raise BotApiError(CAPTION_TOO_LONG)
        return read

    def _of_words(self, raw: str, parse_mode: str, given: list[Json] | None) -> Formatted:
        if len(raw.encode("utf-8", "replace")) > RAW_BYTES:
            raise BotApiError(TEXT_TOO_LONG)
        parsed = self._parse(raw, parse_mode) if parse_mode else Formatted(raw, given or [])
        parsed = _stripped(parsed)
        kept = parsed.entities[:ENTITIES]
        return Formatted(parsed.text, _merged(kept, self.links_in(parsed.text)))

    def of_typing(self, text: str) -> Formatted:
        """What a person typed: plain text, in which commands and links are found."""
        clean = text.strip()
        return Formatted(clean, self.links_in(clean))

    def links_in(self, text: str) -> list[Json]:
        """The entities Telegram finds by itself: links, mentions, commands, tags."""
        if self._td is None:
            return display.links_in(text)
        answer = self._td({"@type": "getTextEntities", "text": text})
        return _converted(answer.get("entities", []))

    def _parse(self, raw: str, parse_mode: str) -> Formatted:
        mode = _PARSE_MODES.get(parse_mode.lower())
        if mode is None:
            raise BotApiError("Bad Request: unsupported parse_mode")
        if self._td is None:
            text, entities = display.read(raw) if parse_mode.lower() == "html" else (raw, [])
            return Formatted(text, entities)
        answer = self._td({"@type": "parseTextEntities", "text": raw, "parse_mode": mode})
        if answer["@type"] == "error":
            words = str(answer["message"])
            raise BotApiError(f"Bad Request: {words[:1].lower()}{words[1:]}")
        return Formatted(answer["text"], _converted(answer["entities"]))


def _load_tdlib() -> Callable[[Json], Json] | None:
    try:
        tdjson = importlib.import_module("tdjson")
    except ImportError:
        return None

    def execute(query: Json) -> Json:
        answer: Json = json.loads(tdjson.td_execute(json.dumps(query).encode()))
        return answer

    execute({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})
    return execute


def _version(td: Callable[[Json], Json]) -> str:
    return str(td({"@type": "getOption", "name": "version"}).get("value", "unknown"))


def _converted(entities: list[Json]) -> list[Json]:
    """TDLib's entities as the Bot API names them; kinds it does not show are left out."""
    found = ((entity, _KINDS.get(_kind(entity))) for entity in entities)
    return [_entity(entity, kind) for entity, kind in found if kind]


def _kind(entity: Json) -> str:
    return str(entity["type"]["@type"]).removeprefix("textEntityType")


def _entity(entity: Json, kind: str) -> Json:
    detail = entity["type"]
    shown: Json = {"type": kind, "offset": entity["offset"], "length": entity["length"]}
    match kind:
        case "text_link":
            shown["url"] = detail["url"]
        case "pre" if detail.get("language"):
            shown["language"] = detail["language"]
        case "text_mention":
            shown["user"] = {"id": detail["user_id"], "is_bot": False, "first_name": ""}
        case "custom_emoji":
            shown["custom_emoji_id"] = str(detail["custom_emoji_id"])
        case "date_time":
            shown["unix_time"] = detail.get("unix_time", 0)
            form = _date_time_format(detail.get("formatting_type") or {})
            shown |= {"date_time_format": form} if form else {}
    return shown


_DAY = {"Short": "d", "Long": "D"}
_HOUR = {"Short": "t", "Long": "T"}


def _date_time_format(form: Json) -> str:
    """TDLib's way of showing a time in the letters of the Bot API's `date_time_format`."""
    if form.get("@type") == "dateTimeFormattingTypeRelative":
        return "r"
    day, hour = _precision(form, "date_precision"), _precision(form, "time_precision")
    weekday = "w" if form.get("show_day_of_week") else ""
    return weekday + _DAY.get(day, "") + _HOUR.get(hour, "")


def _precision(form: Json, part: str) -> str:
    return str(form.get(part, {}).get("@type", "")).removeprefix("dateTimePartPrecision")


def _merged(given: list[Json], found: list[Json]) -> list[Json]:
    closed = [entity for entity in given if entity["type"] in _NO_LINKS_INSIDE]
    free = [link for link in found if not any(_overlap(link, entity) for entity in closed)]
    return sorted(given + free, key=lambda entity: (entity["offset"], -entity["length"]))


def _overlap(one: Json, other: Json) -> bool:
    ends_before = one["offset"] + one["length"] <= other["offset"]
    begins_after = other["offset"] + other["length"] <= one["offset"]
    return not (ends_before or begins_after)


def _stripped(formatted: Formatted) -> Formatted:
    """Blank ends go, as Telegram takes them away; entities move along and are cut."""
    lead = len(formatted.text) - len(formatted.text.lstrip())
    text = formatted.text.strip()
    length = display.utf16_length(text)
    moved = (_cut(entity, lead, length) for entity in formatted.entities)
    return Formatted(text, [entity for entity in moved if entity["length"] > 0])


def _cut(entity: Json, lead: int, length: int) -> Json:
    begin = max(0, entity["offset"] - lead)
    end = min(length, entity["offset"] + entity["length"] - lead)
    return entity | {"offset": begin, "length": end - begin}
