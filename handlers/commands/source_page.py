"""The page of one source: how it is, its newest stories, and buttons to follow and mute it.

Its buttons carry the list from which it was opened, so that Back leads there.
"""

from msgspec.structs import replace

from bot.actions import chats as chats_actions
from bot.actions.mutes import mute_words
from bot.delivery import render
from bot.news.chat import mute_of_feed
from bot.news.feed import Feed
from bot.news.telling import health
from bot.news.telling.health import State
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from bot.texts.html import NOTHING, Html, bold, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.call import Call
from handlers.rights import resume
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.setting_screens import still_paused
from handlers.surface import Action, Who

_NAME = 80
_LABEL = 40
_REASON = 160
_NEWEST = 3
_MUTE_SECONDS = 2 * 86_400.0
_GONE = say("That source is gone.")
_STATES = {
    State.PENDING: say("Not read yet"),
    State.ANSWERING: say("Answering"),
    State.WAITING: say("Asked me to wait"),
    State.FAILING: say("Failing"),
    State.SUSPENDED: say("Suspended"),
}

Way = tuple[str, int, int]
"""The list from which a page was opened: `sources` or `group`, its number, and its page."""


def button_to(feed: Feed, way: Way, locale: Locale) -> Button:
    """The button that opens a source's page."""
    name = cut(tidy(feed.title) or urls.host_of(feed.url) or locale.plain("(unnamed)"), _LABEL)
    return name, pack("source", feed.id, *way)


async def open_page(call: Call, press: Press) -> None:
    """Opens the page of the source whose button was pressed."""
    feed = await _seen(call, press.number(0) or 0)
    if feed is None:
        await call.note(_GONE)
    else:
        await show(call, feed, _way(press, 1))


async def change(call: Call, press: Press) -> None:
    """Follows, unfollows, mutes or unmutes the source, as the button says, and shows it anew."""
    feed = await _seen(call, press.number(1) or 0)
    if feed is None:
        await call.note(_GONE)
        return
    match press.arguments[0]:
        case "follow" | "unfollow" as wanted:
            await call.note(*await _followed(call, feed, on=wanted == "follow"))
        case "mute" | "unmute" as wanted:
            await call.note(await _muted(call, feed, on=wanted == "mute"))
    await show(call, feed, _way(press, 2))


async def read_articles(call: Call, press: Press) -> None:
    """The button by which an operator has a source's articles read, or no more."""
    feeds, feed_id = call.storage.feeds, press.number(0) or 0
    await feeds.read_articles(feed_id, press.number(1) == 1)
    feed = await feeds.get(feed_id)
    if feed is None:
        await call.note(_GONE)
    else:
        await show(call, feed, _way(press, 2))


async def show(call: Call, feed: Feed, way: Way) -> None:
    """The page of a source."""
    locale, chats = call.locale, call.storage.chats
    there = [s for s in await chats.subscriptions(call.chat.id) if s.thread_id == call.thread_id]
    muted = await _mute(call, feed)
    by_name = any(s.feed_id == feed.id for s in there)
    if any(s.is_all for s in there):
        follows = locale.t("All sources are followed here.")
    elif feed.group and any(s.group == feed.group for s in there):
        follows = locale.t("Followed with its group {group}.", group=cut(feed.group, _NAME))
    else:
        follows = locale.t("Followed here.") if by_name else NOTHING
    buttons = _follow_buttons(feed, way, locale, by_name=by_name, otherwise=bool(follows))
    if not await call.storage.feeds.seen(feed.id, call.chat.id):
        buttons = []
    verb, label = ("unmute", say("Unmute")) if muted else ("mute", say("Mute for 2 days"))
    buttons.append((locale.plain(label), pack("source_set", verb, feed.id, *way)))
    until = locale.t("Muted until {time}.", time=locale.clock(muted[1])) if muted else NOTHING
    pause = await still_paused(call)
    about = lines(described(feed, locale), follows, until, pause.text)
    newest = await call.storage.stories.newest_of(feed.id, _NEWEST)
    items = [replace(render.item_of(story), source="") for story in newest]
    listed = render.headlines(items, locale)
    text = joined("\n\n", [about, listed]) if listed else about
    action, number, page = way
    back = (locale.plain("← Back"), pack(action, number, page))
    await call.show(text, keyboard(*pause.rows, buttons, _switch(call, feed, way), [back]))


def _follow_buttons(
    feed: Feed, way: Way, locale: Locale, *, by_name: bool, otherwise: bool
) -> list[Button]:
    if by_name:
        return [(locale.plain("Unfollow"), pack("source_set", "unfollow", feed.id, *way))]
    if otherwise:
        return []
    return [(locale.plain("Follow"), pack("source_set", "follow", feed.id, *way))]


def _switch(call: Call, feed: Feed, way: Way) -> list[Button]:
    """For operators: whether its articles are read."""
    if not call.is_operator:
        return []
    locale = call.locale
    label = say("Read headlines only") if feed.full_text else say("Read its articles")
    return [(locale.plain(label), pack("fulltext", feed.id, int(not feed.full_text), *way))]


def _way(press: Press, place: int) -> Way:
    action = press.arguments[place] if place < len(press.arguments) else ""
    known = action if action in ("sources", "group") else "sources"
    return known, press.number(place + 1) or 0, press.number(place + 2) or 0


async def _seen(call: Call, feed_id: int) -> Feed | None:
    feeds = call.storage.feeds
    return await (feeds.get(feed_id) if call.is_operator else feeds.seen(feed_id, call.chat.id))


async def _followed(call: Call, feed: Feed, *, on: bool) -> list[Said]:
    chats, name = call.storage.chats, feed.title or urls.host_of(feed.url)
    if not on:
        await chats_actions.unsubscribe(chats, call.chat.id, call.thread_id, feed)
        return [say("Unfollowed {name}.", name=name)]
    if not await call.storage.feeds.seen(feed.id, call.chat.id):
        return [_GONE]
    new = await chats_actions.subscribe(chats, call.chat.id, call.thread_id, feed, call.now())
    return [say("Following {name}.", name=name), *(await resume(call) if new else [])]


async def _muted(call: Call, feed: Feed, *, on: bool) -> Said:
    if on:
        name = feed.title or urls.host_of(feed.url)
        await mute_words(
            call.storage, call.chat.id, mute_of_feed(feed.id), _MUTE_SECONDS,
            call.now(), shown=name,
        )  # fmt: skip
        return say("Muted for 2 days.")
    if muted := await _mute(call, feed):
        await call.storage.chats.unmute(muted[0])
    return say("Unmuted.")


async def _mute(call: Call, feed: Feed) -> tuple[int, float] | None:
    """The mute of a source in this chat by its number, and until when it holds."""
    mutes = await call.storage.chats.mutes(call.chat.id, call.now())
    own = mute_of_feed(feed.id)
    return next(((each.id, each.until) for each in mutes if each.query == own), None)


def described(feed: Feed, locale: Locale) -> Html:
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


def state(feed: Feed, locale: Locale, *, with_reason: bool = True) -> Html:
    """How a source is: since when it fails and why, and its last news."""
    how = health.state_of(feed)
    said = locale.t(_STATES[how])
    if how is State.FAILING and feed.failing_since is not None:
        said = locale.t("Failing since {time}", time=locale.clock(feed.failing_since))
    if with_reason and feed.error and how is not State.ANSWERING:
        why = cut(tidy(locale.plain(feed.error.said)), _REASON)
        said = locale.t("{state}: {why}", state=said, why=why)
    if feed.news_at is not None:
        at = locale.clock(feed.news_at)
        said = locale.t("{state} · last news {time}", state=said, time=at)
    return said


ACTIONS = (
    Action("source", open_page, Who.ANYBODY),
    Action("source_set", change),
    Action("fulltext", read_articles, Who.OPERATORS),
)
