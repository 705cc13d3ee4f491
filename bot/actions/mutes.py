"""Words and sources that a chat does not want to hear of for a time.

Bad input raises BadInput or QueryError with one sentence for that person; nothing has changed then.
"""

import re
from collections.abc import Sequence

from bot.actions.feeds import find_feeds
from bot.errors import BadInput
from bot.news.chat import (
    Mute,
    mute_of_feed,
)
from bot.news.feed import Feed
from bot.news.query.parse import read_query
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from bot.news.text.words import fold
from bot.texts.said import say, say_many
from storage.storage import Storage

MAX_MUTES = 100
MAX_MUTE = 200


_SOURCE = re.compile(r'source:\s*"?(?P<name>[^"]*)"?', re.IGNORECASE)


def read_mute(text: str, seen: Sequence[Feed], language: str) -> tuple[str, str]:
    """What to mute, and what a person calls it: words, or with `source:NAME` one of the feeds that
    the chat sees. A feed is never meant by words: whoever names it could keep them from being one.

    Raises QueryError for words that cannot be read, and BadInput where no one source is named.
    """
    text = text.strip()
    if named := _SOURCE.fullmatch(text):
        feed = _source_named(seen, named["name"])
        return mute_of_feed(feed.id), feed.title or urls.host_of(feed.url)
    if len(text) > MAX_MUTE:
        raise BadInput(say_many("That is too long to mute. Use {n} characters at most.", MAX_MUTE))
    return str(read_query(text, language)), tidy(text)


def _source_named(seen: Sequence[Feed], name: str) -> Feed:
    found = find_feeds(seen, name)
    if len(found) != 1:
        called = cut(name, 60)
        raise BadInput(
            say_many("{n} sources fit '{name}'. Send the whole name.", len(found), name=called)
            if found
            else say("No source is called '{name}'. /sources shows all.", name=called)
        )
    return found[0]


async def mute_words(
    storage: Storage, chat_id: int, query: str, seconds: float, now: float, *, shown: str
) -> float:
    """Mutes what matches a query in a chat for so long; returns until when."""
    if len(await storage.chats.mutes(chat_id, now)) >= MAX_MUTES:
        raise BadInput(say_many("A chat mutes {n} things at most. /unmute some first.", MAX_MUTES))
    until = now + seconds
    await storage.chats.mute(Mute(0, chat_id, cut(shown, 100), query, until), now)
    return until


async def unmute_words(storage: Storage, chat_id: int, text: str, now: float) -> Mute:
    """Unmutes what was muted under this name. Raises BadInput."""
    known = await storage.chats.mutes(chat_id, now)
    for mute in known:
        if fold(mute.shown) == fold(text.strip()):
            await storage.chats.unmute(mute.id)
            return mute
    name, names = cut(text, 60), ", ".join(mute.shown for mute in known[:10])
    if not names:
        raise BadInput(say("'{text}' is not muted. Nothing is.", text=name))
    raise BadInput(say("'{text}' is not muted. Muted now: {names}.", text=name, names=names))
