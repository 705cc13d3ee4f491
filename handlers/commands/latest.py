"""/latest: the newest stories, five a page, with buttons to page; with words, those that match."""

from bot.actions import search
from bot.actions.search import StoryPage
from bot.actions.topics import query_for
from bot.delivery import render
from bot.news.query.parse import parse_query
from bot.news.text.plain import cut
from bot.texts.html import Html, code, joined
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import Button, keyboard
from handlers.pages import turning
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who

_NEWER_AND_OLDER = (say("← Newer"), say("Older →"))
_WORDS = 300


async def latest(call: Call) -> None:
    """The first page."""
    words = call.words.strip()
    search_id = 0
    if words:
        query = await query_for(call.storage.chats, call.chat, words)
        parse_query(str(query))  # what is kept for the buttons may be longer than what was typed
        search_id = await call.storage.stories.keep_search(call.chat.id, str(query), call.now())
    await _show(call, search_id, None, "older")


async def search_(call: Call) -> None:
    """The first page of what has the words, newest first."""
    if call.words.strip():
        await latest(call)
    else:
        example = code("/search ferry OR boat")
        await call.answer(call.locale.t("Write what to look for: {example}", example=example))


async def turn(call: Call, press: Press) -> None:
    """Another page, in place of the one whose button was pressed."""
    anchor, search_id = press.number(1), press.number(0) or 0
    await _show(call, search_id, anchor, "newer" if "newer" in press.arguments else "older")


async def _show(call: Call, search_id: int, anchor: int | None, way: str) -> None:
    stories = call.stories
    words = await stories.search_words(call.chat.id, search_id) if search_id else None
    if search_id and words is None:
        await call.note(say("This list is old; send /latest again."))
        return
    query = parse_query(words) if words else None
    if way == "newer" and anchor is not None:
        page = await search.page_after(stories, query, anchor)
    else:
        page = await search.page_before(stories, query, anchor)
    locale = call.locale
    more = [(locale.plain("Follow this as a topic"), pack("follow", search_id))]
    buttons = keyboard(_buttons(search_id, page, locale), more if search_id else [])
    await call.show(text_of(words, page, locale), buttons)


def text_of(words: str | None, page: StoryPage, locale: Locale) -> Html:
    """A page of stories, on the words if there are any."""
    if words:
        heading = locale.t("Latest on {words}", words=cut(words, _WORDS))
        empty = say("Nothing stored matches. Fewer words find more; /latest shows everything.")
    else:
        heading = locale.t("Latest stories")
        empty = say("No stories yet: the first poll of the feeds may still be under way.")
    items = [render.item_of(row.story) for row in page.rows]
    if page.looked is None:
        return render.listing(heading, items, locale, locale.t(empty))
    said = locale.t(
        "Of the newest {n} that share a word with it; more words find older ones.", n=page.looked
    )
    listed = render.listing(heading, items, locale, none_of(page.looked, locale))
    return joined("\n\n", [listed, said])


def none_of(looked: int, locale: Locale) -> Html:
    """Nothing was found before looking on was too much."""
    return locale.t("None of the newest {n} stories that share a word with it match.", n=looked)


def _buttons(search_id: int, page: StoryPage, locale: Locale) -> list[Button]:
    if not page.rows:
        return []
    newest, oldest = page.rows[0].sort_key, page.rows[-1].sort_key
    return turning(
        locale,
        pack("latest", search_id, newest, "newer") if page.newer else None,
        pack("latest", search_id, oldest, "older") if page.older else None,
        _NEWER_AND_OLDER,
    )


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
