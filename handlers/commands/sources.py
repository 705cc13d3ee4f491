"""/sources: the catalogue with its health, by groups where there are some, a page at a time; with
words, the group or the sources that they name.
"""

from collections.abc import Sequence

from bot.actions.feeds import find_feeds, find_named
from bot.news.feed import Feed, Group
from bot.news.telling import health
from bot.news.telling.health import State
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from bot.texts.html import Html, bold, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.commands import groups
from handlers.commands.subscribe import seen_by
from handlers.keyboard import Button, arranged, keyboard
from handlers.pages import page_of
from handlers.setting_screens import to_settings
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who, again

_A_PAGE = 8
_NAME = 80
_REASON = 160
_WORDS = 200
_STATES = {
    State.PENDING: say("Not polled yet"),
    State.ANSWERING: say("Answering"),
    State.WAITING: say("Asked us to wait"),
    State.FAILING: say("Failing"),
    State.SUSPENDED: say("Suspended"),
}
_OLD = say("This list is old; send /sources again.")


async def sources(call: Call) -> None:
    """The groups, or the first page of all sources or of those that the words name."""
    words, locale = cut(tidy(call.words), _WORDS), call.locale
    catalogue = await seen_by(call)
    if not catalogue and call.is_operator:
        await call.show(
            locale.t("No sources yet. Add yours with /addfeed, or begin with well-known ones:"),
            keyboard(
                [(locale.plain("Well-known sources"), pack("starter_regions"))], to_settings(call)
            ),
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
        await call.note(_OLD)
        return
    await _show_group(call, found, press.number(0) or 0, press.number(1) or 0)


async def _show_group(call: Call, found: Group, number: int, wanted: int) -> None:
    if number:
        # What the person wrote may be another spelling, or a part of the name.
        number = await call.storage.stories.keep_search(call.chat.id, found.name, call.now())
    page, locale = page_of(len(found.feeds), _A_PAGE, wanted), call.locale
    heading = groups.headed(bold(cut(found.name, _NAME)), found.feeds, locale)
    below = await groups.buttons_of(call, found, number)
    await call.show(
        _list(page.under(heading, locale), page.of(found.feeds), locale),
        keyboard(page.turning(locale, "group", number), below),
    )


async def _show(call: Call, search_id: int, wanted: int) -> None:
    words = await call.storage.stories.search_words(call.chat.id, search_id) if search_id else None
    if search_id and words is None:
        await call.note(_OLD)
        return
    catalogue = await seen_by(call)
    named = find_named(catalogue, words) if words else []
    feeds = find_feeds(catalogue, words) if words else catalogue
    page, locale = page_of(len(feeds), _A_PAGE, wanted), call.locale
    alike = [each for each in named if isinstance(each, Group)]
    below = arranged(await groups.buttons_to(call, alike))
    await call.show(
        _list(page.under(_heading(feeds, words, locale), locale), page.of(feeds), locale),
        keyboard(
            *below,
            page.turning(locale, "sources", search_id),
            _switch(call, feeds),
            [] if search_id else to_settings(call),
        ),
    )


def _switch(call: Call, feeds: Sequence[Feed]) -> list[Button]:
    """Under a single source, for operators: whether its articles are read."""
    if len(feeds) != 1 or not call.is_operator:
        return []
    feed, locale = feeds[0], call.locale
    if feed.full_text:
        return [(locale.plain("Articles are read: end that"), pack("fulltext", feed.id, 0))]
    return [(locale.plain("Articles are not read: begin that"), pack("fulltext", feed.id, 1))]


async def read_articles(call: Call, press: Press) -> None:
    """The button by which an operator has a source's articles read, or no more."""
    storage, feed_id = call.storage, press.number(0) or 0
    await storage.feeds.read_articles(feed_id, press.number(1) == 1)
    feed = await storage.feeds.get(feed_id)
    if feed is None:
        await call.note(say("That source is gone."))
        return
    await call.show(_described(feed, call.locale), keyboard(_switch(call, [feed])))


def _heading(feeds: Sequence[Feed], words: str | None, locale: Locale) -> Html:
    name = cut(words or "", 60)
    if not feeds and name:
        return locale.t("No source is called '{name}'; /sources shows all.", name=name)
    if not feeds:
        return locale.t("No sources yet; whoever runs this bot adds them.")
    called = locale.t("Sources called '{name}'", name=name) if name else locale.t("Sources")
    return groups.headed(bold(called), feeds, locale)


def _list(heading: Html, feeds: Sequence[Feed], locale: Locale) -> Html:
    return joined("\n\n", [heading, *(_described(feed, locale) for feed in feeds)])


def _described(feed: Feed, locale: Locale) -> Html:
    """A source in a few lines: its name, how it is, its last news, and what is odd about it."""
    now = locale.now
    said = [health.advice(feed), health.pace(feed, now), *health.doubts(feed, now)]
    if feed.full_text:
        said.append(say("Where it gives a headline only, its article is read."))
    sentences = (locale.t(sentence) for sentence in said if sentence)
    return lines(bold(name_of(feed, locale)), state(feed, locale), *sentences)


def name_of(feed: Feed, locale: Locale) -> str:
    """What a source is called, as plain text."""
    named = tidy(feed.title) or urls.host_of(feed.url) or locale.plain("(unnamed)")
    name, host = cut(named, _NAME), urls.mixed_host(feed.url)
    return f"{name} ({host})" if host and host not in name else name


def state(feed: Feed, locale: Locale) -> Html:
    """How a source is: since when it fails and why, and its last news."""
    how = health.state_of(feed)
    said = locale.t(_STATES[how])
    if how is State.FAILING and feed.failing_since is not None:
        said = locale.t("Failing since {time}", time=locale.clock(feed.failing_since))
    if feed.error and how is not State.ANSWERING:
        why = cut(tidy(locale.plain(feed.error.said)), _REASON)
        said = locale.t("{state}: {why}", state=said, why=why)
    if feed.news_at is not None:
        at = locale.clock(feed.news_at)
        said = locale.t("{state} · last news {time}", state=said, time=at)
    return said


COMMANDS = (
    Command(
        "sources", sources, Who.ANYBODY, for_members=True,
        menu=MenuLine(50, say("Sources I read")),
        help=HelpLine(
            Purpose.FOLLOW, 20, say("Sources"),
            say("sources I read, and how they are"), "/sources Harbour",
        ),
        actions=(
            Action("catalogue", again(sources), Who.ANYBODY),
            Action("sources", turn, Who.ANYBODY),
            Action("group", group, Who.ANYBODY),
            Action("groups", groups.turn, Who.ANYBODY),
            Action("fulltext", read_articles, Who.OPERATORS),
        ),
    ),
)  # fmt: skip
