"""/top: the stories that most independent sources carry."""

from bot.actions import search
from bot.actions.search import DAY, WEEK
from bot.delivery import render
from bot.news.query.match import Query
from bot.news.query.parse import parse_query
from bot.news.telling.hours import plainly
from bot.news.telling.languages import says_language
from bot.news.telling.spoken_times import THIS_WEEK, TODAY, UNITS
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, escape, fitting, italic, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.call import Call
from handlers.commands import latest
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.pages import page_of
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who
from storage.stories.stories import CarriedStory

_PERIODS = {
    "today": (DAY, say("Today"), say("Top stories of the last 24 hours")),
    "week": (WEEK, say("This week"), say("Top stories of the last 7 days")),
}
_WORDS_OF_WEEK = "words"
_WEEK_SECONDS = 7 * 24 * 3600
_WEEK = THIS_WEEK | {"week", *(word for word, unit in UNITS.items() if unit == _WEEK_SECONDS)}
_A_PAGE = 5
_WORDS = 300


async def top(call: Call) -> None:
    """Of the last day, of the week, or of what matches in the week."""
    words, said = call.words.strip(), plainly(call.words)
    if not said or said in TODAY:
        await _show(call, "today", 0)
    elif said in _WEEK:
        await _show(call, "week", 0)
    else:
        await _show_words(call, await latest.kept(call, words), 0)


async def turn(call: Call, press: Press) -> None:
    """Another period or page, in place."""
    wanted = press.arguments[0] if press.arguments else ""
    if wanted == _WORDS_OF_WEEK:
        await _show_words(call, press.number(1) or 0, press.number(2) or 0)
    else:
        await _show(call, wanted if wanted in _PERIODS else "today", press.number(1) or 0)


async def _show(call: Call, period: str, wanted: int) -> None:
    seconds, _, heading = _PERIODS[period]
    languages = call.chat.habits.languages
    found = await search.most_carried(call.stories, call.now() - seconds, None, languages)
    periods = [
        (_marked(call.locale.plain(label), name == period), pack("top", name))
        for name, (_, label, _) in _PERIODS.items()
    ]
    await _show_page(call, heading, found, wanted, (period,), periods)


async def _show_words(call: Call, search_id: int, wanted: int) -> None:
    stories, chat_id = call.storage.stories, call.chat.id
    words = await stories.search_words(chat_id, search_id)
    if words is None:
        await call.note(say("This list is old. Send /top again."))
        return
    shown = cut(await stories.search_shown(chat_id, search_id), _WORDS)
    found = await _matching(call, parse_query(words))
    heading = say("Top stories of the last 7 days on {words}", words=shown)
    every: list[Button] = [(call.locale.plain("All top stories"), pack("top", "week"))]
    await _show_page(call, heading, found, wanted, (_WORDS_OF_WEEK, search_id), every)


async def _matching(call: Call, query: Query) -> list[CarriedStory]:
    """What matches in the week, in the chat's languages. All others count where the words say a
    language, or where nothing else has them: they were typed to find it.
    """
    since, languages = call.now() - WEEK, call.chat.habits.languages
    asked = () if says_language(query) else languages
    heard = await search.most_carried(call.stories, since, query, asked)
    return heard or await search.most_carried(call.stories, since, query)


async def _show_page(
    call: Call,
    heading: Said,
    found: list[CarriedStory],
    wanted: int,
    way: tuple[str | int, ...],
    below: list[Button],
) -> None:
    locale, page = call.locale, page_of(len(found), _A_PAGE, wanted)
    title = bold(page.under(locale.t(heading), locale))
    rows = [page.turning(locale, "top", *way), below]
    if found:
        text = fitting([title, *(_listed(each, locale) for each in page.of(found))], "\n\n")
    else:
        text = joined("\n\n", [title, locale.t("No story here has two sources yet.")])
        rows.append([(locale.plain("Newest stories"), pack("latest", 0))])
    await call.show(text, keyboard(*rows))


def _marked(label: str, is_present: bool) -> str:
    return f"✓ {label}" if is_present else label


def _listed(each: CarriedStory, locale: Locale) -> Html:
    item = render.item_of(each.story)
    told = locale.n(
        "1 source · {first}, {time}",
        "{n} sources · {first}, {time}",
        each.outlets,
        first=italic(render.named(item.source)),
        time=locale.clock(item.at),
    )
    return lines(render.headline(item, locale), escape(render.lead(item)), told)


COMMANDS = (
    Command(
        "top", top, Who.ANYBODY, for_members=True,
        menu=MenuLine(30, say("What most sources have")),
        help=HelpLine(
            Purpose.READ, 20, say("Top stories"),
            say("stories that many sources have"), "/top week",
        ),
        actions=(Action("top", turn, Who.ANYBODY),),
    ),
)  # fmt: skip
