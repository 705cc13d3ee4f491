"""What a query would have brought, in words, and what to try where that is nothing or too much."""

from typing import NamedTuple

from msgspec.structs import replace

from bot.actions import refining, search
from bot.actions.refining import Suggestion
from bot.actions.search import Budget, Preview
from bot.delivery import render
from bot.delivery.render import StoryView
from bot.news.query.asking_words import is_asking
from bot.news.query.highlight import marked
from bot.news.query.match import And, Not, Query, Term
from bot.news.query.spelled import as_typed
from bot.news.story import Story
from bot.news.telling.languages import says_language
from bot.news.text.plain import cut
from bot.news.text.words import fold
from bot.texts.html import Html, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_many, say_n
from handlers.call import Call
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import Button

_SHOWN = 20
_FEW = 3
_OFTEN = 2.0
_QUESTION_MARKS = ("?", "？", "؟")
_MUCH = say("That is a lot for one chat. These bring less:")
_LITTLE = say("These would have brought some:")


async def preview(call: Call, query: Query, typed: str = "") -> tuple[Html, list[list[Button]]]:
    """How many stories match of the days that were seen, the newest with the words that matched
    marked, and other queries to try, counted, as buttons, whose words are spelled as they were
    `typed`.
    """
    locale, languages = call.locale, call.chat.habits.languages
    found = await counted(call, query, 3)
    text = locale.t(volume(found, query))
    if languages and not found.stories and not says_language(query):
        names = locale.all_of(map(locale.name_of, languages))
        text = lines(text, locale.t("I counted only news in {languages}.", languages=names))
    if found.newest:
        text = lines(text, render.headlines([_item(s, query) for s in found.newest], locale))
    buttons = await _to_try_instead(call, query, found, typed)
    if buttons:
        text = lines(text, locale.t(_MUCH if found.stories else _LITTLE))
    return text, buttons


async def counted(call: Call, query: Query, show: int = 0, budget: Budget | None = None) -> Preview:
    """What a query brings in the chat's languages."""
    languages = call.chat.habits.languages
    return await search.preview(call.stories, query, call.now(), show, budget, languages)


class Instead(NamedTuple):
    """What to do about a query that finds nothing: other queries as buttons, a line above them, and
    the one of them that tells most, where it has so few stories that they can be shown.
    """

    advice: Html
    buttons: list[list[Button]]
    telling: Query | None = None


async def instead(call: Call, query: Query, budget: Budget, typed: str) -> Instead:
    """What to try instead of a query, each counted within what is left of a budget."""
    found = await counted(call, query, 3, budget)
    others = await _suggested(call, query, found, budget)
    buttons = [[await _to_try(call, each, typed)] for each in others]
    to_wait = say("Follow it to get an alert when there is news.")
    advice = call.locale.t(_LITTLE if buttons else to_wait)
    return Instead(advice, buttons, _telling(others, typed) if asks(typed) else None)


def asks(typed: str) -> bool:
    """Whether a sentence asks something, or to be told. Pure."""
    first, _, rest = typed.strip().partition(" ")
    return typed.strip()[-1:] in _QUESTION_MARKS or (bool(rest) and is_asking(fold(first)))


def _telling(others: list[Suggestion], typed: str) -> Query | None:
    """Of those with few stories the one of most words; one word alone where there is no other, or
    where it is written as names are. Pure.
    """
    few = [each.query for each in others if each.brings.stories <= _FEW]
    several = [each for each in few if isinstance(each, And)]
    if several:
        return max(several, key=lambda each: len(each.parts))
    single = [each for each in few if isinstance(each, Term)]
    if len(single) == 1:
        return single[0]
    return next((each for each in single if as_typed(each, typed)[:1].isupper()), None)


async def _to_try_instead(
    call: Call, query: Query, found: Preview, typed: str
) -> list[list[Button]]:
    others = await _suggested(call, query, found, None)
    return [[await _to_try(call, each, typed)] for each in others]


async def _suggested(
    call: Call, query: Query, found: Preview, budget: Budget | None
) -> list[Suggestion]:
    return await refining.suggestions(
        call.stories,
        query,
        found,
        call.services.shipped.aliases,
        call.now(),
        budget,
        call.chat.habits.languages,
    )


def volume(found: Preview, query: Query) -> Said:
    """How much there was, in a sentence or two; a rate is said of whole days only. Pure."""
    if not found.stories and not found.whole:
        return say_many("Nothing in the newest {n} stories.", found.looked)
    if found.a_day is None:
        return _so_far(found)
    if not found.whole:
        return say("{amount}.", amount=replace(about(found), begins=True))
    return _of_days(found, query, round(found.days))


def _so_far(found: Preview) -> Said:
    if not found.stories:
        return say("Nothing so far. I began to read {ago}.", ago=ago(found.days))
    if not found.whole:
        return say_many("More than {n} stories so far.", found.stories)
    return say_n("1 story so far.", "{n} stories so far.", found.stories)


def _of_days(found: Preview, query: Query, days: int) -> Said:
    period = say_n("Last day", "Last {n} days", days)
    if not found.stories and _has_several(query):
        return say("{period}: nothing. Fewer words find more.", period=period)
    a_day = round(found.a_day or 0)
    if not a_day or days == 1:
        return say_n("{period}: 1 story.", "{period}: {n} stories.", found.stories, period=period)
    return say_many(
        "{period}: {n} stories, about {a_day} a day.", found.stories, period=period, a_day=a_day
    )


def _has_several(query: Query) -> bool:
    """Whether several words must all occur, of which one can be left out."""
    parts = query.parts if isinstance(query, And) else ()
    return sum(not isinstance(part, Not) for part in parts) > 1


def amount(found: Preview) -> Said:
    """How much there was, in few words: 14 a day, 5 a week, 2 so far. Pure."""
    if found.a_day is None:
        n = found.stories
        return say("{n} so far", n=n) if found.whole else say("over {n} so far", n=n)
    if not found.whole and found.over < 1:
        return say_many("over {n} a day", found.stories)
    if not found.whole and round(found.a_day) == 0:
        return say("less than 1 a day")
    if found.a_day >= _OFTEN or not found.whole or found.days == 1:
        return say_many("{n} a day", round(found.a_day))
    if found.days == search.PREVIEW_DAYS:
        return say_many("{n} a week", found.stories)
    return say_many("{count} in {n} days", round(found.days), count=found.stories)


def about(found: Preview) -> Said:
    """How much a topic brings, beside other things that are said of it. Pure."""
    if not found.stories:
        none = say_many("none in the newest {n} stories", found.looked)
        return say("no stories yet") if found.whole else none
    much = amount(found)
    if found.a_day is None:
        return much
    is_bound = not found.whole and (found.over < 1 or round(found.a_day) == 0)
    return much if is_bound else say("about {amount}", amount=much)


def ago(days: float) -> Said:
    """When this bot began to read, that many days ago: less than one. Pure."""
    minutes = round(days * 24 * 60)
    if minutes < 50:
        return say_n("a minute ago", "{n} minutes ago", max(minutes, 1))
    return say_n("an hour ago", "{n} hours ago", round(minutes / 60))


def _item(story: Story, query: Query) -> StoryView:
    pieces = tuple(marked(story.title, query, story.language))
    return StoryView(story.title, "", story.link, story.source, story.at, pieces=pieces)


async def keep(call: Call, query: Query, shown: str) -> int:
    """Keeps a query for a button, with how it is shown where that is not how it prints."""
    words = str(query)
    keep_search = call.storage.stories.keep_search
    return await keep_search(call.chat.id, words, call.now(), "" if shown == words else shown)


def ways(locale: Locale, kept: int) -> list[Button]:
    """What can be done with a query that is kept under this number."""
    return [
        (locale.plain("Follow"), pack("follow", kept)),
        (locale.plain("Test it"), pack("try", kept)),
    ]


def only(call: Call, words: str, action: str, *numbers: int) -> Button:
    """A button that follows the words alone, and no ready-made topic that is called so."""
    said = say("Only the word {word}", word=words)
    if len(words.split()) > 1:
        said = say("Only the words {words}", words=words)
    return call.locale.plain(said), pack(action, *numbers)


async def _to_try(call: Call, suggestion: Suggestion, typed: str) -> Button:
    words = as_typed(suggestion.query, typed)
    kept = await keep(call, suggestion.query, words)
    found = suggestion.brings
    # A button has no room for how long ago that began; the text above says it.
    much = amount(found) if found.a_day else say("{n} so far", n=found.stories)
    label = say("{words} · {amount}", words=cut(words, _SHOWN), amount=much)
    return call.locale.plain(label), pack("try", kept)
