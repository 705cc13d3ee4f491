"""/sources: the catalogue with its health, a page at a time; with words, the sources they name."""

from bot import actions
from bot.delivery import render
from bot.delivery.render import bold, escape
from bot.news import health, urls
from bot.news.feed import Feed
from bot.news.health import State
from bot.news.text import cut, tidy
from handlers.buttons import Press, pack
from handlers.keyboard import Button, keyboard
from handlers.kit import Call

_A_PAGE = 8
_NAME = 80
_REASON = 160
_WORDS = 200


async def sources(call: Call) -> None:
    """The first page."""
    words = cut(tidy(call.words), _WORDS)
    kept = await call.kit.storage.stories.keep_search(words, call.kit.now()) if words else 0
    await _show(call, kept, 0)


async def turn(call: Call, press: Press) -> None:
    """Another page, in place of the one whose button was pressed."""
    await _show(call, press.number(0) or 0, press.number(1) or 0)


async def _show(call: Call, search_id: int, page: int) -> None:
    words = await call.kit.storage.stories.search_words(search_id) if search_id else None
    if search_id and words is None:
        await call.note("This list is old; send /sources again.")
        return
    catalogue = await call.kit.storage.feeds.all()
    feeds = actions.find_feeds(catalogue, words) if words else catalogue
    last = max(0, (len(feeds) - 1) // _A_PAGE)
    page = min(max(page, 0), last)
    shown = feeds[page * _A_PAGE : (page + 1) * _A_PAGE]
    text = "\n\n".join([_heading(feeds, words, page, last), *(_told(call, feed) for feed in shown)])
    await call.show(text, keyboard(_buttons(search_id, page, last)))
    await call.note()


def _heading(feeds: list[Feed], words: str | None, page: int, last: int) -> str:
    if not feeds and words:
        return escape(f"No source is called {cut(words, 60)!r}; ") + "/sources shows all."
    if not feeds:
        return "No sources yet; whoever runs this bot adds them."
    heading = bold(f"Sources called {cut(words, 60)!r}" if words else "Sources")
    troubled = sum(1 for f in feeds if health.state_of(f) in (State.FAILING, State.SUSPENDED))
    parts = [f"{len(feeds)}, {troubled or 'none'} in trouble"]
    if last:
        parts.append(f"page {page + 1} of {last + 1}")
    return f"{heading}: {', '.join(parts)}"


def _told(call: Call, feed: Feed) -> str:
    """A source in a few lines: its name, how it is, its last news, and what is odd about it."""
    lines = [bold(name_of(feed)), state(call, feed)]
    said = (health.advice(feed), health.pace(feed, call.kit.now()))
    lines += [escape(sentence) for sentence in said if sentence]
    lines += [escape(doubt) for doubt in health.doubts(feed, call.kit.now())]
    return "\n".join(lines)


def name_of(feed: Feed) -> str:
    """What a source is called, as plain text."""
    name = cut(tidy(feed.title) or urls.host_of(feed.url) or "(unnamed)", _NAME)
    host = urls.mixed_host(feed.url)
    return f"{name} ({host})" if host and host not in name else name


def state(call: Call, feed: Feed) -> str:
    """How a source is, as HTML: since when it fails and why, and its last news."""
    now, zone = call.kit.now(), call.chat.timezone
    how = health.state_of(feed)
    said = how.value[:1].upper() + how.value[1:]
    if how is State.FAILING and feed.failing_since is not None:
        said += f" since {render.clock(feed.failing_since, zone, now)}"
    if feed.error and how is not State.ANSWERING:
        said += f": {escape(cut(tidy(feed.error), _REASON))}"
    if feed.news_at is not None:
        said += f" · last news {render.clock(feed.news_at, zone, now)}"
    return said


def _buttons(search_id: int, page: int, last: int) -> list[Button]:
    buttons = []
    if page > 0:
        buttons.append(("← Back", pack("sources", search_id, page - 1)))
    if page < last:
        buttons.append(("More →", pack("sources", search_id, page + 1)))
    return buttons
