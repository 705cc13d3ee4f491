"""/latest: the newest stories, five a page, with buttons to page; with words, those that match."""

from bot.actions import search
from bot.actions.search import Page
from bot.actions.topics import topic_named
from bot.delivery import render
from bot.delivery.render import Item
from bot.errors import BadInput
from bot.news.query.match import Query
from bot.news.query.parse import parse_query, read_query
from bot.news.story import Story
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import Button, keyboard
from handlers.pages import turning
from handlers.surface import Action, Command, Line


def item_of(story: Story) -> Item:
    """A story as it is shown."""
    return Item(story.title, story.summary, story.link, story.source, story.at)


async def latest(call: Call) -> None:
    """The first page."""
    words = call.words.strip()
    search_id = 0
    if words:
        query = await _query_for(call, words)
        parse_query(str(query))  # what is kept for the buttons may be longer than what was typed
        search_id = await call.storage.stories.keep_search(call.chat.id, str(query), call.now())
    await _show(call, search_id, None, "older")


async def search_(call: Call) -> None:
    """The first page of what has the words, newest first."""
    if call.words.strip():
        await latest(call)
    else:
        await call.answer(f"Write what to look for: {render.code('/search ferry OR boat')}")


async def turn(call: Call, press: Press) -> None:
    """Another page, in place of the one whose button was pressed."""
    anchor, search_id = press.number(1), press.number(0) or 0
    await _show(call, search_id, anchor, "newer" if "newer" in press.arguments else "older")


async def _query_for(call: Call, words: str) -> Query:
    """The query of the chat's topic of that name, or the words themselves."""
    try:
        topic = await topic_named(call.storage.chats, call.chat.id, words)
    except BadInput:
        return read_query(words, call.chat.language)
    return parse_query(topic.query)


async def _show(call: Call, search_id: int, anchor: int | None, way: str) -> None:
    stories = call.stories
    words = await stories.search_words(call.chat.id, search_id) if search_id else None
    if search_id and words is None:
        await call.note("This list is old; send /latest again.")
        return
    query = parse_query(words) if words else None
    if way == "newer" and anchor is not None:
        page = await search.page_after(stories, query, anchor)
    else:
        page = await search.page_before(stories, query, anchor)
    await call.show(_text(call, words, page), keyboard(_buttons(search_id, page), _more(search_id)))
    await call.note()


def _text(call: Call, words: str | None, page: Page) -> str:
    if words:
        heading = f"Latest on {words}"
        empty = "Nothing stored matches. Fewer words find more; /latest shows everything."
    else:
        heading = "Latest stories"
        empty = "No stories yet: the first poll of the feeds may still be under way."
    if page.looked is not None:
        empty = f"None of the newest {page.looked:,} stories that share a word with it match."
    items = [item_of(row.story) for row in page.rows]
    text = render.listing(heading, items, call.chat.timezone, call.now(), empty)
    if page.looked is None:
        return text
    said = f"Of the newest {page.looked:,} that share a word with it; more words find older ones."
    return f"{text}\n\n{render.escape(said)}"


def _buttons(search_id: int, page: Page) -> list[Button]:
    if not page.rows:
        return []
    newest, oldest = page.rows[0].sort_key, page.rows[-1].sort_key
    return turning(
        pack("latest", search_id, newest, "newer") if page.newer else None,
        pack("latest", search_id, oldest, "older") if page.older else None,
        ("← Newer", "Older →"),
    )


def _more(search_id: int) -> list[Button]:
    return [("Follow this as a topic", pack("follow", search_id))] if search_id else []


COMMANDS = (
    Command(
        name="latest",
        handler=latest,
        for_members=True,
        menu=Line(10, "Newest stories, or those on your words"),
        help=Line(10, "the newest stories; /latest ceasefire for those about it"),
        actions=(Action("latest", turn),),
    ),
    Command(
        name="search",
        handler=search_,
        for_members=True,
        menu=Line(30, "Stored stories with your words"),
        help=Line(70, "stored stories; /search ferry AND pier"),
    ),
)
