"""Things that were named together, as in `Ukraine and football`, of which nothing has all: each can
be followed by itself.
"""

from bot.actions import search
from bot.actions.search import Budget
from bot.errors import QueryError
from bot.news.query.match import Query
from bot.news.query.parse import read_query
from bot.news.text.words import is_unspaced
from bot.texts.said import say
from handlers.call import Call
from handlers.routing.listed import is_name, named_apart
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import Button
from handlers.screens.wished import preset_named

_BOTH = 2
_BETWEEN = ", "


async def to_follow_each(call: Call, words: str, whole: int = 0) -> list[Button]:
    """A button that follows each of the things that were named, where they are things of their own;
    else none. It is for words of which nothing has all, and ends the topic that asks for the
    `whole`, if one does.
    """
    parts = named_apart(words)
    if not parts or _is_one(call, words) or not await _are_things(call, parts):
        return []
    listed = _BETWEEN.join(parts)
    kept = await call.storage.stories.keep_search(call.chat.id, listed, call.now())
    both = say("Follow both: {topics}", topics=listed)
    every = say("Follow all: {topics}", topics=listed)
    return [(call.locale.plain(both if len(parts) == _BOTH else every), pack("each", kept, whole))]


async def has_none(call: Call, query: Query) -> bool:
    """Whether no story has what was asked for."""
    return not await _finds(call, query, Budget())


def kept_parts(kept: str) -> list[str]:
    """The things that such a button names."""
    return kept.split(_BETWEEN)


def _is_one(call: Call, words: str) -> bool:
    """Whether the whole is the name of one thing."""
    return preset_named(call, words) is not None or call.services.shipped.aliases.knows(words)


async def _are_things(call: Call, parts: list[str]) -> bool:
    """Whether each is a thing of its own: one at least is well known and the others names, or
    there are stories on each.
    """
    aliases = call.services.shipped.aliases
    known = [bool(preset_named(call, part)) or aliases.knows(part) for part in parts]
    if not all(
        is_known or is_name(part, call.chat.language)
        for part, is_known in zip(parts, known, strict=True)
    ):
        return False
    # Where nothing stands between words, a part may be of another one.
    if any(known) and not any(is_unspaced(part[0]) for part in parts):
        return True
    budget = Budget()
    for part, is_known in zip(parts, known, strict=True):
        if is_known:
            continue
        try:
            found = await _finds(call, read_query(part, call.chat.language), budget)
        except QueryError:
            return False
        if not found:
            return False
    return True


async def _finds(call: Call, query: Query, budget: Budget) -> bool:
    return bool((await search.page_before(call.stories, query, None, budget)).rows)
