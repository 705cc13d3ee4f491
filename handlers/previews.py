"""What a query would have brought, in words, and what to try where that is nothing or too much."""

from bot.actions import refining, search
from bot.actions.refining import Suggestion
from bot.actions.search import Preview
from bot.delivery import render
from bot.delivery.render import Item
from bot.news.query.highlight import marked
from bot.news.query.match import Query
from bot.news.story import Story
from bot.news.telling.languages import says_language
from bot.texts.html import Html, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_n
from handlers.call import Call
from handlers.callback_data import pack
from handlers.keyboard import Button

_SHOWN = 30
_MUCH = say("That is much for one chat. These bring less:")
_LITTLE = say("These would have brought some:")


async def preview(call: Call, query: Query) -> tuple[Html, list[list[Button]]]:
    """How many stories of the last seven days match, the newest with the words that matched
    marked, and other queries to try, counted, as buttons.
    """
    locale, languages = call.locale, call.chat.habits.languages
    preview = await search.preview(call.stories, query, locale.now, languages=languages)
    text = _counted(query, preview, locale)
    if languages and not says_language(query):
        names = locale.list(map(locale.name_of, languages))
        text = lines(text, locale.t("Counted: news in {languages}.", languages=names))
    buttons = await _to_try_instead(call, query, preview)
    if buttons:
        text = lines(text, locale.t(_MUCH if preview.stories else _LITTLE))
    return text, buttons


async def instead(call: Call, query: Query) -> tuple[Html, list[list[Button]]]:
    """What to do about a query that finds nothing: other queries to try, counted, as buttons, and
    a line above them.
    """
    languages = call.chat.habits.languages
    preview = await search.preview(call.stories, query, call.now(), languages=languages)
    buttons = await _to_try_instead(call, query, preview)
    to_wait = say("Follow it, and I tell you when there is news.")
    return call.locale.t(_LITTLE if buttons else to_wait), buttons


async def _to_try_instead(call: Call, query: Query, preview: Preview) -> list[list[Button]]:
    other = await refining.suggestions(
        call.stories,
        query,
        preview,
        call.services.aliases,
        call.now(),
        languages=call.chat.habits.languages,
    )
    return [[await _to_try(call, each)] for each in other]


def _counted(query: Query, preview: Preview, locale: Locale) -> Html:
    if not preview.stories and preview.whole:
        return locale.t(
            "{period} brought nothing on it. That may be right for a rare event; fewer words or an"
            " OR find more.",
            period=_period(preview.days),
        )
    if not preview.stories:
        return locale.t(
            "None of the newest {n} stories that share a word with it match; older ones were not"
            " looked at.",
            n=preview.looked,
        )
    newest = render.headlines([_item(story, query) for story in preview.newest], locale)
    return lines(locale.t("{found}. The newest:", found=_found(preview)), newest)


def _found(preview: Preview) -> Said:
    """How many there are, in words. Pure."""
    if not preview.whole:
        return say_n(
            "1 story of the newest {looked} that share a word with it",
            "{n} stories of the newest {looked} that share a word with it",
            preview.stories,
            looked=preview.looked,
        )
    if preview.a_day is None:
        return say_n(
            "1 story so far; I began to watch {ago}",
            "{n} stories so far; I began to watch {ago}",
            preview.stories,
            ago=_ago(preview.days),
        )
    return say_n(
        "{period}: 1 story, about {a_day} a day",
        "{period}: {n} stories, about {a_day} a day",
        preview.stories,
        period=_period(preview.days),
        a_day=f"{preview.a_day:.1f}" if preview.a_day < 10 else f"{preview.a_day:.0f}",
    )


def _period(days: float) -> Said:
    """What was looked through. Pure."""
    if days < 1:
        return say("What I have seen since I began to watch {ago}", ago=_ago(days))
    return say_n("Last day", "Last {n} days", 1 if days < 2 else round(days))


def _ago(days: float) -> Said:
    minutes = round(days * 24 * 60)
    if minutes < 2:
        return say("a moment ago")
    if minutes < 90:
        return say("{n} minutes ago", n=minutes)
    return say("{n} hours ago", n=round(minutes / 60))


def _item(story: Story, query: Query) -> Item:
    pieces = tuple(marked(story.title, query, story.language))
    return Item(story.title, "", story.link, story.source, story.at, pieces=pieces)


async def _to_try(call: Call, suggestion: Suggestion) -> Button:
    words = str(suggestion.query)
    kept = await call.storage.stories.keep_search(call.chat.id, words, call.now())
    more = "" if suggestion.whole else "+"
    count = call.locale.number(suggestion.stories)
    return f"{_short(words)} ({count}{more})", pack("try", kept)


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
