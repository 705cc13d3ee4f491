"""/latest: the newest stories, five a page, with buttons to page; with words, those that match."""

from collections.abc import Collection

from bot.actions import search
from bot.actions.search import StoryPage
from bot.actions.topics import name_for, query_for
from bot.delivery import render
from bot.news.query.parse import parse_query
from bot.news.query.spelled import named_by
from bot.news.telling.days import newest_of
from bot.news.text.plain import cut, tidy
from bot.texts.html import NOTHING, Html, bold, code, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import say, say_many
from handlers.call import Call
from handlers.commands import presets
from handlers.screens import previews
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.pages import turning
from handlers.screens.wished import preset_named
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who

_NEWER_AND_OLDER = (say("← Newer"), say("Older →"))
_WORDS = 300
_HEARD = "heard"
"""Of the stories in the chat's languages only."""


async def latest(call: Call) -> None:
    """The first page; of `yesterday` that which begins with the newest story of that day."""
    words, now = call.words.strip(), call.now()
    until = newest_of(words, call.chat.timezone, now)
    if until is None or await name_for(call.storage.chats, call.chat, words):
        await _find(call, words)
    elif until == now:
        await _find(call, "")
    else:
        page, has_some = await search.page_of_day(call.stories, until)
        if has_some or not page.rows:
            await _show_page(call, page)
        else:
            none = call.locale.t("No stories from that day. The nearest:")
            await _show_page(call, page, above=none)


async def newest(call: Call) -> None:
    """The newest stories for who asks for news in plain words: those in the languages of the chat,
    where there are some.
    """
    await _show(call, 0, None, ("older", _HEARD))


async def _find(call: Call, words: str) -> None:
    await _show(call, await kept(call, words) if words else 0, None, ())


async def kept(call: Call, words: str) -> int:
    """The number under which buttons find words, or a topic that they name: shown by its name, or
    as they were typed.
    """
    chats = call.storage.chats
    name = await name_for(chats, call.chat, words)
    query = await query_for(chats, call.chat, words)
    parse_query(str(query))  # what is kept for the buttons may be longer than what was typed
    shown = cut(tidy(name or named_by(words, query)), _WORDS)
    return await call.storage.stories.keep_search(call.chat.id, str(query), call.now(), shown)


async def search_(call: Call) -> None:
    """The first page of what has the words, newest first."""
    if words := call.words.strip():
        await _find(call, words)
    else:
        example = code("/search ferry OR boat")
        await call.ask_words(call.locale.t("Write what to look for: {example}", example=example))


async def turn(call: Call, press: Press) -> None:
    """Another page, in place of the one whose button was pressed."""
    await _show(call, press.number(0) or 0, press.number(1), press.arguments[1:])


async def _show(call: Call, search_id: int, anchor: int | None, arguments: Collection[str]) -> None:
    stories = call.stories
    words = await stories.search_words(call.chat.id, search_id) if search_id else None
    if search_id and words is None:
        await call.note(say("This list is old. Send /latest again."))
        return
    shown = await stories.search_shown(call.chat.id, search_id) if search_id else ""
    query = parse_query(words) if words else None
    heard = call.chat.habits.languages if _HEARD in arguments else ()
    if "newer" in arguments and anchor is not None:
        page = await search.page_after(stories, query, anchor, languages=heard)
    else:
        page = await search.page_before(stories, query, anchor, languages=heard)
    if heard and not page.rows and anchor is None:
        heard, page = (), await search.page_before(stories, query, None)
    await _show_page(call, page, search_id, words or "", shown, are_heard=bool(heard))


async def _show_page(
    call: Call,
    page: StoryPage,
    search_id: int = 0,
    words: str = "",
    shown: str = "",
    above: Html = NOTHING,
    *,
    are_heard: bool = False,
) -> None:
    below = await _below(call, search_id, words, shown, page)
    turning_ = _turning(search_id, page, call.locale, are_heard=are_heard)
    spoken = _languages(call, search_id, page, are_heard=are_heard)
    buttons = keyboard(turning_, spoken, *([each] for each in below))
    listed = text_of(shown, page, call.locale)
    await call.show(joined("\n\n", [above, listed]) if above else listed, buttons)


def _languages(call: Call, search_id: int, page: StoryPage, *, are_heard: bool) -> list[Button]:
    """The way to the stories in the chat's languages, where the page has others, and back."""
    locale, chosen = call.locale, call.chat.habits.languages
    if are_heard:
        return [(locale.plain("All languages"), pack("latest", search_id))]
    if all(search.hears(chosen, row.story) for row in page.rows):
        return []
    if len(chosen) == 1:
        only = locale.plain("Only {language}", language=locale.name_of(chosen[0]))
    else:
        only = locale.plain("Only chosen languages")
    return [(only, pack("latest", search_id, "", _HEARD))]


async def _below(
    call: Call, search_id: int, words: str, shown: str, page: StoryPage
) -> list[Button]:
    """What can be done next: follow the words unless they are a topic, or see all stories."""
    locale = call.locale
    if not search_id:
        return [] if page.rows else [(locale.plain("Sources"), pack("catalogue"))]
    topics = await call.storage.chats.topics(call.chat.id)
    is_topic = any(each.query == words for each in topics)
    follow = [(locale.plain("Follow"), pack("follow", search_id))]
    if preset := preset_named(call, shown):
        whole, only = (
            await presets.kept(call, preset),
            previews.only(call, shown, "follow", search_id),
        )
        follow = [(locale.plain("Follow"), pack("follow", whole)), only]
        is_topic = is_topic or await presets.followed_as(call, preset) is not None
    every = (locale.plain("All stories"), pack("latest", 0))
    return [*([] if is_topic else follow), *([] if page.rows else [every])]


def text_of(shown: str, page: StoryPage, locale: Locale) -> Html:
    """A page of stories, on a topic or words if there are any."""
    heading = locale.t("Latest stories")
    if shown:
        heading = locale.t("Latest on {words}", words=cut(shown, _WORDS))
        if not page.rows and page.looked is None:
            return _nothing_on(shown, locale)
    items = [render.item_of(row.story) for row in page.rows]
    if page.looked is None:
        empty = say("No stories yet. I am reading the sources for the first time.")
        return render.listing(heading, items, locale, locale.t(empty))
    said = locale.t(
        say_many("From the newest {n} stories. More words find older ones.", page.looked)
    )
    listed = render.listing(heading, items, locale, none_of(page.looked, locale))
    return joined("\n\n", [listed, said])


def _nothing_on(shown: str, locale: Locale) -> Html:
    title = bold(locale.t("Nothing found on {words}.", words=cut(shown, _WORDS)))
    return lines(title, locale.t("Fewer words find more.") if " " in shown else NOTHING)


def none_of(looked: int, locale: Locale) -> Html:
    """Nothing was found before looking on was too much."""
    return locale.t(say_many("Nothing in the newest {n} stories.", looked))


def _turning(search_id: int, page: StoryPage, locale: Locale, *, are_heard: bool) -> list[Button]:
    if not page.rows:
        return []
    first, last = page.rows[0].sort_key, page.rows[-1].sort_key
    heard = (_HEARD,) if are_heard else ()
    return turning(
        locale,
        pack("latest", search_id, first, "newer", *heard) if page.newer else None,
        pack("latest", search_id, last, "older", *heard) if page.older else None,
        _NEWER_AND_OLDER,
    )


NEWS = Command("latest", newest, Who.ANYBODY, for_members=True)
"""What answers who asks for news in plain words."""
COMMANDS = (
    Command(
        "latest", latest, Who.ANYBODY, for_members=True,
        menu=MenuLine(10, say("The newest stories")),
        help=HelpLine(
            Purpose.READ, 10, say("Newest stories"),
            say("the newest stories"), "/latest ferry",
        ),
        actions=(Action("latest", turn, Who.ANYBODY),),
    ),
    Command(
        "search", search_, Who.ANYBODY, for_members=True,
        menu=MenuLine(40, say("Find stories by words")),
        help=HelpLine(
            Purpose.READ, 30, say("Search"),
            say("find stories by words"), "/search ferry OR boat",
        ),
    ),
)  # fmt: skip
