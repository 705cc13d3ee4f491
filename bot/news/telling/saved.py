"""What a chat asked for, as a JSON document that it can keep and bring back. Pure.

The document names feeds by their addresses, since numbers are those of one database, and has a
version: one that is newer than ours is refused, so that nothing of it is lost unseen.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import available_timezones

from msgspec import Struct, field, to_builtins
from msgspec.structs import asdict

from bot.errors import BadInput
from bot.news.chat import MOST_FOLLOWED, Habits, TopicOptions
from bot.news.telling import hours
from bot.news.telling.days import NAMES, as_days, day_named
from bot.news.telling.languages import MOST_LANGUAGES, chosen_languages, read_language
from bot.news.text.plain import cut, tidy
from bot.news.text.urls import LONGEST_URL
from bot.texts.said import say, say_many

VERSION = 1
MOST_BYTES = 1024 * 1024
_MARK = "tocsin_chat"
# A pause is of the moment; days are written by their names.
_LEFT_OUT = ("paused_until", "days")
_MOST_TOPICS, _MOST_MUTES = 100, 100
_MOST_ALERTS = 10_000
_LATEST = 253_402_300_799.0  # the last second that a date can have, in 9999

T = TypeVar("T")
Json = Mapping[str, Any]


class SavedFeed(Struct, frozen=True):
    """A feed by its address."""

    url: str
    title: str = ""


class SavedSource(Struct, frozen=True):
    """A feed whose address is not given away, as the database that wrote it knows it. The title
    and the host keep the number from meaning another feed elsewhere.
    """

    number: int
    title: str = ""
    host: str = ""


class SavedFollow(Struct, frozen=True):
    """What is followed whole: a feed by its address or as a source, a group by its name, or all
    (none of these).
    """

    thread_id: int = 0
    url: str = ""
    source: SavedSource | None = None
    group: str = ""


class SavedTopic(Struct, frozen=True):
    """A topic."""

    name: str
    query: str
    thread_id: int = 0
    muted_until: float = 0.0
    options: TopicOptions = field(default_factory=TopicOptions)


class SavedMute(Struct, frozen=True):
    """A muted query, or a muted feed by its address or as a source."""

    shown: str
    until: float
    query: str = ""
    url: str = ""
    source: SavedSource | None = None


class Saved(Struct, frozen=True):
    """All of it. Threads are those of `chat_id` and mean nothing elsewhere."""

    chat_id: int
    habits: Habits = field(default_factory=Habits)
    follows: tuple[SavedFollow, ...] = ()
    topics: tuple[SavedTopic, ...] = ()
    mutes: tuple[SavedMute, ...] = ()
    added: tuple[SavedFeed, ...] = ()


def write_saved(saved: Saved, now: float) -> bytes:
    """The document, for people to read as well."""
    habits = saved.habits
    document = {
        _MARK: VERSION,
        "written": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"),
        "chat": saved.chat_id,
        "settings": {k: v for k, v in asdict(habits).items() if k not in _LEFT_OUT}
        | {
            "digest_days": [NAMES[day] for day in habits.days],
            "digest": [hours.shown_minute(slot) for slot in habits.digest],
            "quiet": "-".join(map(hours.shown_minute, habits.quiet)) if habits.quiet else None,
        },
        "topics": to_builtins(saved.topics),
        "follows": to_builtins(saved.follows),
        "mutes": to_builtins(saved.mutes),
        "added": to_builtins(saved.added),
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def read_saved(data: bytes, present: Habits | None = None) -> Saved:
    """Reads what `write_saved` wrote, perhaps changed by a person or written by an older version:
    a setting that it does not name stays as it is at `present`. Raises BadInput with one sentence
    that names the place. Queries and addresses are checked by whoever uses them.
    """
    if len(data) > MOST_BYTES:
        raise BadInput(say("That file is larger than 1 MB. Send a smaller one."))
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadInput(say("I can't read that JSON. Send a file that /export gave.")) from None
    if not isinstance(document, dict) or not _is_whole(document.get(_MARK)):
        raise BadInput(say("That JSON is not from /export. Send a file that is."))
    if document[_MARK] != VERSION:
        raise BadInput(
            say(
                "That file has version {found}. I read version {known} only.",
                found=cut(str(document[_MARK]), 20),
                known=VERSION,
            )
        )
    return Saved(
        _whole(document, "chat", -(1 << 52), 1 << 52),
        _habits(_object(document, "settings"), present or Habits()),
        _each(document, "follows", MOST_FOLLOWED, _follow),
        _each(document, "topics", _MOST_TOPICS, _topic),
        _each(document, "mutes", _MOST_MUTES, _mute),
        _each(document, "added", MOST_FOLLOWED, _feed),
    )


def _habits(said: Json, present: Habits) -> Habits:
    timezone = _text(said, "timezone", 60, present.timezone)
    if timezone not in available_timezones():
        raise BadInput(
            say(
                "In that file, timezone is not one I know: '{timezone}'.",
                timezone=cut(timezone, 40),
            )
        )
    flags = {
        name: _flag(said, name, default=getattr(present, name))
        for name in ("breaking", "buttons", "updates", "pictures", "previews", "silent")
    }
    return Habits(
        timezone,
        _digest(said) if "digest" in said else present.digest,
        _quiet(said) if "quiet" in said else present.quiet,
        cap=_whole(said, "cap", 0, _MOST_ALERTS) if "cap" in said else present.cap,
        languages=_languages(said) if "languages" in said else present.languages,
        days=_days(said) if "digest_days" in said else present.days,
        paused_until=present.paused_until,
        **flags,
    )


def _digest(said: Json) -> tuple[int, ...]:
    slots = said["digest"] or []
    if not isinstance(slots, list) or not all(isinstance(slot, str) for slot in slots):
        raise BadInput(say("In that file, digest must be a list of times such as 08:00."))
    return hours.read_slots(" ".join(slots)) if slots else ()


def _days(said: Json) -> tuple[int, ...]:
    names = said["digest_days"] or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        names = [""]
    days = [day_named(name) for name in names]
    if None in days:
        raise BadInput(say("In that file, digest_days is no list of days such as monday."))
    return as_days([day for day in days if day is not None])


def _quiet(said: Json) -> hours.Quiet | None:
    quiet = _text(said, "quiet", 20, "")
    return hours.read_quiet(quiet) if quiet else None


def _languages(said: Json) -> tuple[str, ...]:
    tags = said["languages"] or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise BadInput(say("In that file, languages must be a list of codes such as de."))
    unknown = next((tag for tag in tags if read_language(tag) is None), None)
    if unknown is not None:
        raise BadInput(
            say(
                "In that file, languages has one I don't know: '{language}'.",
                language=cut(tidy(unknown), 40),
            )
        )
    chosen = chosen_languages(tags)
    if len(chosen) > MOST_LANGUAGES:
        raise BadInput(say_many("In that file, languages must be {n} at most.", MOST_LANGUAGES))
    return chosen


def _follow(said: Json) -> SavedFollow:
    url, group = _text(said, "url", LONGEST_URL, ""), _text(said, "group", 200, "")
    source = None if url else _source(said)
    return SavedFollow(_thread(said), url, source, "" if url or source else group)


def _source(said: Json) -> SavedSource | None:
    if said.get("source") is None:
        return None
    source = _object(said, "source")
    return SavedSource(
        _whole(source, "number", 0, 1 << 52),
        tidy(_text(source, "title", 1_000, "")),
        _text(source, "host", 300, ""),
    )


def _topic(said: Json) -> SavedTopic:
    options = _object(said, "options")
    return SavedTopic(
        tidy(_text(said, "name", 200)),
        _text(said, "query", 4_000),
        _thread(said),
        _time(said, "muted_until"),
        TopicOptions(
            _flag(options, "silent", default=False),
            _flag(options, "digest", default=False),
            max(1, _whole(options, "sources", 0, 100)),
            _whole(options, "cap", 0, _MOST_ALERTS),
        ),
    )


def _mute(said: Json) -> SavedMute:
    return SavedMute(
        tidy(_text(said, "shown", 400)),
        _time(said, "until"),
        _text(said, "query", 4_000, ""),
        _text(said, "url", LONGEST_URL, ""),
        _source(said),
    )


def _feed(said: Json) -> SavedFeed:
    return SavedFeed(_text(said, "url", LONGEST_URL), tidy(_text(said, "title", 1_000, "")))


def _each(said: Json, name: str, most: int, read: Callable[[Json], T]) -> tuple[T, ...]:
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadInput(say("In that file, {name} must be a list of objects.", name=name))
    if len(found) > most:
        raise BadInput(
            say_many(
                "In that file, {name} has {n} parts. I read {most} at most.",
                len(found),
                name=name,
                most=most,
            )
        )
    return tuple(dict.fromkeys(read(each) for each in found))


def _object(said: Json, name: str) -> Json:
    found = said.get(name, {})
    if not isinstance(found, dict):
        raise BadInput(say("In that file, {name} must be an object.", name=name))
    return found


def _text(said: Json, name: str, most: int, default: str | None = None) -> str:
    found = said.get(name)
    if found is None and default is not None:
        return default
    # Half a surrogate pair can be written in JSON, and cannot be stored.
    if not isinstance(found, str) or len(found) > most or not _is_storable(found):
        raise BadInput(
            say_many(
                "In that file, {name} must be a text of at most {n} characters.", most, name=name
            )
        )
    return found


def _is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _whole(said: Json, name: str, least: int, most: int) -> int:
    found = said.get(name, 0)
    if not _is_whole(found) or not least <= found <= most:
        raise BadInput(
            say(
                "In that file, {name} must be a whole number from {least} to {most}.",
                name=name,
                least=least,
                most=most,
            )
        )
    return int(found)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _thread(said: Json) -> int:
    return _whole(said, "thread_id", 0, 1 << 52)


def _time(said: Json, name: str) -> float:
    found = said.get(name, 0)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise BadInput(say("In that file, {name} must be a time in seconds.", name=name))
    # Compared as it is: a whole number may be too large for a float. NaN fails here too.
    if not 0 <= found <= _LATEST:
        raise BadInput(say("In that file, {name} is a time that cannot be.", name=name))
    return float(found)


def _flag(said: Json, name: str, *, default: bool) -> bool:
    found = said.get(name, default)
    if not isinstance(found, bool):
        raise BadInput(say("In that file, {name} must be true or false.", name=name))
    return found
