"""What people ask for in plain words, as buttons that do it: the topic, source or muted words that
they name are looked for among what the chat has.
"""

import re

from msgspec import Struct
from msgspec.structs import replace

from bot.actions.feeds import find_named
from bot.actions.topics import begun_so, called_so, meant
from bot.aside import aside
from bot.errors import BadInput, QueryError
from bot.news.chat import Topic
from bot.news.feed import Feed, FeedGroup
from bot.news.query.function_words import base_of
from bot.news.query.parse import read_query
from bot.news.query.presets import Preset
from bot.news.telling.durations import is_time, split_until
from bot.news.text import words as text_words
from bot.news.text.words import fold
from bot.texts.languages import ENGLISH
from handlers.call import Call
from handlers.routing.typed import called
from handlers.routing.verbs import Deed
from handlers.routing.wishes import EVERYTHING, Spoken
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import Button
from handlers.screens.threads import Forum, forum_of

_MOST = 3
_OF_SEVERAL = (Deed.LEAVE, Deed.REMOVE, Deed.SPARE, Deed.MUTE)
_OF_ALL = {
    Deed.SPARE: ("stop",),
    Deed.MUTE: ("stop",),
    Deed.UNMUTE: ("unmute",),
    Deed.FOLLOW: ("subscribe",),
}
"""The commands that are about everything; to unfollow it all there is none."""
_FOR_A_TIME = {Deed.MUTE: "mute", Deed.PAUSE: "stop"}
"""What is done where only a time is named."""
_AND = re.compile(r"\s*(?:[,;&]|\s(?:and|und|y|e|et|и|і|та|ve|و)\s|和|与|、)\s*")
_MOST_THING_WORDS, _MOST_THING_SIGNS = 4, 8


class Ways(Struct, frozen=True):
    """Buttons that do what was asked for; it `is_sure` where what was named is there."""

    buttons: tuple[Button, ...] = ()
    is_sure: bool = False


async def to_do(call: Call, name: str, words: str) -> Button:
    """A button that does what a command with these words does."""
    label = f"/{name} {words}".strip()
    if not words:
        return label, pack("do", name)
    # Kept as the words of a search are: a button has no room for them.
    kept = await call.storage.stories.keep_search(call.chat.id, words, call.now())
    return label, pack("do", name, kept)


async def ways_to(call: Call, spoken: Spoken) -> Ways:
    """What can be done about a wish; nothing where it is rather a search. More is done than was
    asked for where it was not wanted at some hours only: then nothing is sure.
    """
    ways = await _ways_to_all(call, spoken)
    return ways if spoken.is_whole else replace(ways, is_sure=False)


async def _ways_to_all(call: Call, spoken: Spoken) -> Ways:
    zone, now = call.chat.timezone, call.now()
    thing = spoken.thing
    if (name := _FOR_A_TIME.get(spoken.deed)) and is_time(thing, zone, now):
        return Ways((await to_do(call, name, thing),), is_sure=True)
    all_, _, time = thing.partition(" ")
    if fold(all_) in EVERYTHING and time and is_time(time, zone, now):
        return Ways((await to_do(call, "mute", thing),), is_sure=True)
    if fold(thing) in EVERYTHING and spoken.deed in (Deed.LEAVE, Deed.REMOVE):
        return _to_leave(call, spoken.deed)
    if fold(thing) in EVERYTHING and (names := _OF_ALL.get(spoken.deed)):
        return Ways(tuple([await to_do(call, name, "") for name in names]), is_sure=True)
    if spoken.deed in _OF_SEVERAL and (each := await _ways_to_each(call, spoken)):
        return each
    return await _ways_to(call, spoken)


def _to_leave(call: Call, deed: Deed) -> Ways:
    """What there is for who wants no more of anything, or all of it deleted."""
    both = (_pause(call), _unfollow_all(call))
    if deed is Deed.LEAVE:
        return Ways(both, is_sure=True)
    delete = (call.locale.plain("Delete everything"), pack("forget", "ask"))
    return Ways((*reversed(both), delete), is_sure=True)


def _pause(call: Call) -> Button:
    return call.locale.plain("Pause"), pack("pause")


def _unfollow_all(call: Call, *what: str) -> Button:
    """A button that says what would be unfollowed, and asks."""
    return call.locale.plain("Unfollow all"), pack("leave_all", *what)


async def _ways_to_each(call: Call, spoken: Spoken) -> Ways | None:
    """What can be done with each of several things that are followed here: `ferry and
    football`.
    """
    what, time = _without_time(call, spoken.thing)
    parts = [part for part in _AND.split(what) if part]
    if not 1 < len(parts) <= _MOST or await _topics_named(call, what):
        return None
    ways = [await _ways_to(call, Spoken(spoken.deed, f"{part} {time}".strip())) for part in parts]
    known = tuple(each.buttons[0] for each in ways if each.is_sure)
    return Ways(known, is_sure=len(known) == len(parts))


def preset_named(call: Call, name: str) -> Preset | None:
    """The ready-made topic of this name, in English or as its reader calls it, there also in
    another inflection.
    """
    key, language = fold(name), base_of(call.locale.language)
    found = [(each, fold(call.locale.plain(each.called))) for each in call.services.shipped.presets]
    exact = (each for each, named in found if key in (named, *each.folded_names))
    if (preset := next(exact, None)) or language == ENGLISH:
        return preset
    forms = _stems(key, language)
    return next((each for each, named in found if forms and _stems(named, language) == forms), None)


def _stems(name: str, language: str) -> list[frozenset[str]]:
    return [frozenset(text_words.stems(word, language)) for word in text_words.split_words(name)]


async def _ways_to(call: Call, spoken: Spoken) -> Ways:
    match spoken.deed:
        case Deed.MUTE:
            return await _to_mute(call, spoken.thing, spoken.is_thing)
        case Deed.UNMUTE:
            return await _to_unmute(call, spoken.thing)
        case Deed.FOLLOW:
            return await _to_follow(call, spoken.thing)
    if is_time(spoken.thing, call.chat.timezone, call.now()):
        return Ways()
    if called(fold(spoken.thing)) == "topic":
        every = (call.locale.plain("All topics"), pack("topics"))
        return Ways((_unfollow_all(call, "topics"), every, _pause(call)), is_sure=True)
    if topics := await _topics_named(call, spoken.thing):
        there = await forum_of(call)
        return Ways(tuple(_unfollow(there, each) for each in topics[:_MOST]), is_sure=True)
    if source := await _followed_source(call, spoken.thing):
        return Ways((await to_do(call, "unsubscribe", source),), is_sure=True)
    if _is_sentence(_without_time(call, spoken.thing)[0] or spoken.thing):
        return Ways()
    if spoken.deed is Deed.REMOVE and (source := await _source_named(call, spoken.thing)):
        return Ways((await to_do(call, "mute", f"source:{source}"),))
    if spoken.deed is Deed.REMOVE:
        return await _to_mute(call, spoken.thing, is_thing=False, is_timed=True)
    return await _to_mute(call, spoken.thing, spoken.is_thing)


def _unfollow(there: Forum, topic: Topic) -> Button:
    shown = there.label(topic.name, topic.thread_id)
    return there.locale.plain("Unfollow {topic}", topic=shown), pack("unfollow", topic.id)


async def _to_mute(call: Call, thing: str, is_thing: bool, is_timed: bool = False) -> Ways:
    what, time = _without_time(call, thing)
    if not what or _is_sentence(what) or (is_timed and not time):
        return Ways()
    behind = f" {time}" if time else ""
    if topics := await _topics_named(call, what):
        names = [f"mute {each.name}{behind}" for each in topics[:_MOST]]
        return Ways(tuple([await to_do(call, "topic", each) for each in names]), is_sure=True)
    if source := await _source_named(call, what):
        buttons = [await to_do(call, "mute", f"source:{source}{behind}")]
        if not _is_whole(source, what):
            buttons.append(await to_do(call, "mute", f"{what}{behind}"))
        return Ways(tuple(buttons), is_sure=True)
    # What is no topic and no source here may be looked for as well.
    return Ways((await to_do(call, "mute", f"{what}{behind}"),)) if is_thing else Ways()


def _is_sentence(thing: str) -> bool:
    """Whether it is longer than what people name."""
    is_unspaced = text_words.is_unspaced(thing[0])
    return len(thing) > _MOST_THING_SIGNS if is_unspaced else len(thing.split()) > _MOST_THING_WORDS


async def _to_unmute(call: Call, thing: str) -> Ways:
    now = call.now()
    known = await call.storage.chats.mutes(call.chat.id, now)
    muted = [each for each in known if _same(each.shown, thing)]
    topics = [each for each in await _topics_named(call, thing) if each.muted_until > now]
    buttons = [await to_do(call, "unmute", each.shown) for each in muted[:_MOST]]
    buttons += [await to_do(call, "topic", f"unmute {each.name}") for each in topics[:1]]
    every = [await to_do(call, "unmute", "")] if known else []
    return Ways(tuple(buttons or every), is_sure=bool(buttons))


async def _to_follow(call: Call, thing: str) -> Ways:
    source = await _source_named(call, thing)
    topic = await to_do(call, "topic", thing)
    if not source:
        return Ways((topic,))
    whole = await to_do(call, "subscribe", source)
    return Ways((whole,) if _is_whole(source, thing) else (whole, topic), is_sure=True)


def _without_time(call: Call, thing: str) -> tuple[str, str]:
    """The thing, and for how long, both as they were said."""
    try:
        what, _ = split_until(thing, call.chat.timezone, call.now())
    except BadInput:
        return thing, ""
    return what, thing[len(what) :].strip()


async def _topics_named(call: Call, thing: str) -> list[Topic]:
    """The topics that somebody means who names them in words of their own language: by the name or
    its beginning, by the same words in another inflection, or by what is looked for.
    """
    topics = await call.storage.chats.topics(call.chat.id)
    if called_so(topics, thing):
        return meant(topics, thing, call.thread_id)
    if found := begun_so(topics, thing):
        return found
    try:
        query = str(read_query(thing, call.chat.language))
    except QueryError:
        query = ""
    return [each for each in topics if _same(each.name, thing) or each.query == query]


def _same(name: str, thing: str) -> bool:
    """Whether both are the same words, each perhaps in another inflection."""
    ours, theirs = text_words.split_words(name), text_words.split_words(thing)
    return len(ours) == len(theirs) > 0 and all(
        fold(mine) == fold(other)
        or not text_words.stems_in_any_language(mine).isdisjoint(
            text_words.stems_in_any_language(other)
        )
        for mine, other in zip(ours, theirs, strict=True)
    )


async def _source_named(call: Call, thing: str) -> str:
    """The name of the source that is called just so, or whose name begins so."""
    feeds = await call.storage.feeds.seen_by(call.chat.id)
    return await aside(_only_name, feeds, thing)


async def _followed_source(call: Call, thing: str) -> str:
    """The name of the one source or group that is followed here and has that in its name."""
    followed = await call.storage.chats.subscriptions(call.chat.id)
    ids, groups = (
        {each.feed_id for each in followed},
        {each.group for each in followed if each.group},
    )
    feeds = await call.storage.feeds.some(call.chat.id, [each for each in ids if each], groups)
    names = [
        _called(each)
        for each in await aside(find_named, feeds, thing)
        if _has_words(_called(each), thing)
        and (each.name in groups if isinstance(each, FeedGroup) else each.id in ids)
    ]
    return names[0] if len(names) == 1 else ""


def _has_words(name: str, thing: str) -> bool:
    """Whether a name has what was said, and not within a longer word."""
    words, said = text_words.split_words(name), text_words.split_words(thing)
    places = range(len(words) - len(said) + 1)
    return bool(said) and any(words[place : place + len(said)] == said for place in places)


def _only_name(feeds: list[Feed], thing: str) -> str:
    key = fold(thing)
    names = {
        each.title
        for each in feeds
        if _is_whole(each.title, thing) or _bare(each.title).startswith(f"{key} ")
    }
    return names.pop() if len(names) == 1 else ""


def _is_whole(title: str, thing: str) -> bool:
    """Whether the whole name of a source was said."""
    return _bare(title) == _bare(thing)


def _bare(title: str) -> str:
    return fold(title).removeprefix("the ")


def _called(source: Feed | FeedGroup) -> str:
    return source.name if isinstance(source, FeedGroup) else source.title
