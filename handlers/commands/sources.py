"""/sources: the catalogue with its health, by groups where there are some, a page at a time; with
words, the group or the sources that they name.
"""

from collections.abc import Sequence

from bot.actions.feeds import find_feeds, find_named
from bot.delivery import render
from bot.delivery.render import bold, escape
from bot.news.feed import Feed, Group
from bot.news.telling import health
from bot.news.telling.health import State
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.commands import groups
from handlers.commands.subscribe import seen_by
from handlers.keyboard import Button, arranged, keyboard
from handlers.pages import Page, page_of
from handlers.surface import Action, Command, Line, Who

_A_PAGE = 8
_NAME = 80
_REASON = 160
_WORDS = 200


async def sources(call: Call) -> None:
    """The groups, or the first page of all sources or of those that the words name."""
    words = cut(tidy(call.words), _WORDS)
    catalogue = await seen_by(call)
    if not catalogue and call.is_operator:
        await call.answer(
            "No sources yet. Add yours with /addfeed, or begin with well-known ones:",
            keyboard([("Well-known sources", pack("starter_regions"))]),
        )
        return
    if not words and any(feed.group for feed in catalogue):
        await groups.overview(call, catalogue, 0)
        return
    kept = await call.storage.stories.keep_search(call.chat.id, words, call.now()) if words else 0
    named = find_named(catalogue, words) if words else []
    if len(named) == 1 and isinstance(named[0], Group):
        await _show_group(call, named[0], kept, 0)
    else:
        await _show(call, kept, 0)


async def turn(call: Call, press: Press) -> None:
    """Another page, in place of the one whose button was pressed."""
    await _show(call, press.number(0) or 0, press.number(1) or 0)


async def group(call: Call, press: Press) -> None:
    """A page of one group, in place."""
    found = await groups.of_press(call, press)
    if found is None:
        await call.note("This list is old; send /sources again.")
        return
    await _show_group(call, found, press.number(0) or 0, press.number(1) or 0)


async def _show_group(call: Call, found: Group, number: int, wanted: int) -> None:
    if number:
        # What the person wrote may be another spelling, or a part of the name.
        number = await call.storage.stories.keep_search(call.chat.id, found.name, call.now())
    page = page_of(len(found.feeds), _A_PAGE, wanted)
    heading = _headed(bold(cut(found.name, _NAME)), found.feeds, page)
    lines = [heading, *(_described(call, feed) for feed in page.of(found.feeds))]
    below = await groups.buttons_of(call, found, number)
    await call.show("\n\n".join(lines), keyboard(page.turning("group", number), below))


async def _show(call: Call, search_id: int, wanted: int) -> None:
    words = await call.storage.stories.search_words(call.chat.id, search_id) if search_id else None
    if search_id and words is None:
        await call.note("This list is old; send /sources again.")
        return
    catalogue = await seen_by(call)
    named = find_named(catalogue, words) if words else []
    feeds = find_feeds(catalogue, words) if words else catalogue
    page = page_of(len(feeds), _A_PAGE, wanted)
    lines = [_heading(feeds, page, words), *(_described(call, feed) for feed in page.of(feeds))]
    alike = [each for each in named if isinstance(each, Group)]
    below = arranged(await groups.buttons_to(call, alike))
    await call.show(
        "\n\n".join(lines),
        keyboard(*below, page.turning("sources", search_id), _switch(call, feeds)),
    )


def _switch(call: Call, feeds: Sequence[Feed]) -> list[Button]:
    """Under a single source, for operators: whether its articles are read."""
    if len(feeds) != 1 or not call.is_operator:
        return []
    on = feeds[0].full_text
    data = pack("fulltext", feeds[0].id, 0 if on else 1)
    return [(f"Articles are {'read' if on else 'not read'}: {'end' if on else 'begin'} that", data)]


async def read_articles(call: Call, press: Press) -> None:
    """The button by which an operator has a source's articles read, or no more."""
    storage, feed_id = call.storage, press.number(0) or 0
    await storage.feeds.read_articles(feed_id, press.number(1) == 1)
    feed = await storage.feeds.get(feed_id)
    if feed is None:
        await call.note("That source is gone.")
        return
    await call.show(_described(call, feed), keyboard(_switch(call, [feed])))


def _heading(feeds: Sequence[Feed], page: Page, words: str | None) -> str:
    if not feeds and words:
        return escape(f"No source is called {cut(words, 60)!r}; ") + "/sources shows all."
    if not feeds:
        return "No sources yet; whoever runs this bot adds them."
    name = bold(f"Sources called {cut(words, 60)!r}" if words else "Sources")
    return _headed(name, feeds, page)


def _headed(name: str, feeds: Sequence[Feed], page: Page) -> str:
    """The name of a list, how long it is, and which page this is."""
    return f"{name}: {len(feeds)}, {groups.troubles(feeds)}{page.named()}"


def _described(call: Call, feed: Feed) -> str:
    """A source in a few lines: its name, how it is, its last news, and what is odd about it."""
    lines = [bold(name_of(feed)), state(call, feed)]
    said = (health.advice(feed), health.pace(feed, call.now()))
    lines += [escape(sentence) for sentence in said if sentence]
    lines += [escape(doubt) for doubt in health.doubts(feed, call.now())]
    if feed.full_text:
        lines.append("Where it gives a headline only, its article is read.")
    return "\n".join(lines)


def name_of(feed: Feed) -> str:
    """What a source is called, as plain text."""
    name = cut(tidy(feed.title) or urls.host_of(feed.url) or "(unnamed)", _NAME)
    host = urls.mixed_host(feed.url)
    return f"{name} ({host})" if host and host not in name else name


def state(call: Call, feed: Feed) -> str:
    """How a source is, as HTML: since when it fails and why, and its last news."""
    now, zone = call.now(), call.chat.timezone
    how = health.state_of(feed)
    said = how.value[:1].upper() + how.value[1:]
    if how is State.FAILING and feed.failing_since is not None:
        said += f" since {render.clock(feed.failing_since, zone, now)}"
    if feed.error and how is not State.ANSWERING:
        said += f": {escape(cut(tidy(str(feed.error)), _REASON))}"
    if feed.news_at is not None:
        said += f" · last news {render.clock(feed.news_at, zone, now)}"
    return said


COMMANDS = (
    Command(
        "sources", sources, Who.ANYBODY, for_members=True,
        menu=Line(40, "The sources, and how they are"),
        help=Line(50, "the sources and how they are; /sources NAME for one"),
        actions=(
            Action("sources", turn, Who.ANYBODY),
            Action("group", group, Who.ANYBODY),
            Action("groups", groups.turn, Who.ANYBODY),
            Action("fulltext", read_articles, Who.OPERATORS),
        ),
    ),
)  # fmt: skip
