"""What a query would have brought, in words, and what to try where that is nothing or too much."""

from bot.actions import refining, search
from bot.actions.refining import Suggestion
from bot.actions.search import Preview
from bot.delivery import render
from bot.delivery.render import Item, escape
from bot.news.query.highlight import marked
from bot.news.query.match import Query
from bot.news.story import Story
from handlers.call import Call
from handlers.callback_data import pack
from handlers.keyboard import Button

_SHOWN = 30


async def preview(call: Call, query: Query) -> tuple[str, list[list[Button]]]:
    """How many stories of the last seven days match, the newest with the words that matched
    marked, and other queries to try, counted, as buttons.
    """
    now = call.now()
    preview = await search.preview(call.stories, query, now)
    text = _counted(call, query, preview)
    other = await refining.suggestions(call.stories, query, preview, call.services.aliases, now)
    if other:
        text += "\n" + escape(_advice(preview))
    return text, [[await _to_try(call, each)] for each in other]


def _counted(call: Call, query: Query, preview: Preview) -> str:
    if not preview.stories and preview.whole:
        return escape(
            f"{_period(preview.days)} brought nothing on it. That may be right for a rare event; "
            "fewer words or an OR find more."
        )
    if not preview.stories:
        return escape(
            f"None of the newest {preview.looked:,} stories that share a word with it match; "
            "older ones were not looked at."
        )
    newest = render.headlines(
        [_item(story, query) for story in preview.newest], call.chat.timezone, call.now()
    )
    return f"{escape(_found(preview))}. The newest:\n{newest}"


def _found(preview: Preview) -> str:
    """How many there are, in words. Pure."""
    stories = f"{preview.stories:,} {'story' if preview.stories == 1 else 'stories'}"
    if not preview.whole:
        return f"{stories} of the newest {preview.looked:,} that share a word with it"
    if preview.a_day is None:
        return f"{stories} so far; I began to watch {_lately(preview.days)}"
    a_day = f"{preview.a_day:.1f}" if preview.a_day < 10 else f"{preview.a_day:.0f}"
    return f"{_period(preview.days)}: {stories}, about {a_day} a day"


def _period(days: float) -> str:
    """What was looked through. Pure."""
    if days >= search.PREVIEW_DAYS:
        return f"Last {search.PREVIEW_DAYS} days"
    if days < 1:
        return f"What I have seen since I began to watch {_lately(days)}"
    return "Last day" if days < 2 else f"Last {days:.0f} days"


def _lately(days: float) -> str:
    minutes = round(days * 24 * 60)
    if minutes < 2:
        return "a moment ago"
    if minutes < 90:
        return f"{minutes} minutes ago"
    return f"{round(minutes / 60)} hours ago"


def _item(story: Story, query: Query) -> Item:
    pieces = tuple(marked(story.title, query, story.language))
    return Item(story.title, "", story.link, story.source, story.at, pieces=pieces)


def _advice(preview: Preview) -> str:
    if preview.stories:
        return "That is much for one chat. These bring less:"
    return "These would have brought some:"


async def _to_try(call: Call, suggestion: Suggestion) -> Button:
    words = str(suggestion.query)
    kept = await call.storage.stories.keep_search(call.chat.id, words, call.now())
    more = "" if suggestion.whole else "+"
    return f"{_short(words)} ({suggestion.stories}{more})", pack("try", kept)


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
