"""The groups of the catalogue in /sources: a list of them, and a page for each."""

from collections.abc import Sequence

from bot.news.feed import Feed, FeedGroup, groups_of
from bot.news.telling import health
from bot.news.telling.health import State
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_many, say_n
from handlers.call import Call
from handlers.commands.subscribe import group_kept, seen_by
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.pages import page_of
from handlers.screens.setting_screens import to_settings

_A_PAGE = 12
_NAME = 60
_LABEL = 30
_REST = say("Others")


def in_trouble(feeds: Sequence[Feed]) -> int:
    """How many of these are in trouble."""
    return sum(health.state_of(f) in (State.FAILING, State.SUSPENDED) for f in feeds)


def troubles(feeds: Sequence[Feed]) -> Said:
    """How many of these are in trouble, in words."""
    return in_words(in_trouble(feeds))


def in_words(count: int) -> Said:
    """That so many sources are in trouble."""
    return say_many("{n} in trouble", count) if count else say("none in trouble")


async def overview(call: Call, catalogue: list[Feed], wanted: int) -> None:
    """The groups, a page at a time, with a button for each."""
    groups, locale = groups_of(catalogue), call.locale
    rest = tuple(feed for feed in catalogue if not feed.group)
    page = page_of(len(groups), _A_PAGE, wanted)
    shown = page.of(groups)
    heading = locale.t(
        "{heading}: {count} in {groups}, {troubles}",
        heading=bold(locale.t("Sources")),
        count=len(catalogue),
        groups=say_n("1 group", "{n} groups", len(groups)),
        troubles=troubles(catalogue),
    )
    named = [_line(group, locale) for group in shown]
    buttons = await buttons_to(call, shown)
    if rest and page.is_last:
        others = FeedGroup(locale.plain(_REST), rest)
        named.append(_line(others, locale))
        buttons.append((others.name, pack("group", 0, 0)))
    everything = (locale.plain("All sources"), pack("sources", 0, 0))
    await call.show(
        lines(page.under(heading, locale), *named),
        keyboard(
            *arranged(buttons), page.turning(locale, "groups"), [everything], to_settings(call)
        ),
    )


async def turn(call: Call, press: Press) -> None:
    """Another page of the list, in place."""
    await overview(call, await seen_by(call), press.number(0) or 0)


def _line(group: FeedGroup, locale: Locale) -> Html:
    name, count = bold(cut(group.name, _NAME)), len(group.feeds)
    if not in_trouble(group.feeds):
        return locale.t("{heading}: {count}", heading=name, count=count)
    return headed(name, group.feeds, locale)


def headed(name: Html, feeds: Sequence[Feed], locale: Locale) -> Html:
    """The name of a list, how long it is, and how many of it are in trouble."""
    said = troubles(feeds)
    return locale.t("{heading}: {count}, {troubles}", heading=name, count=len(feeds), troubles=said)


async def buttons_to(call: Call, groups: Sequence[FeedGroup]) -> list[Button]:
    """A button to the page of each group."""
    keep = call.storage.stories.keep_search
    return [
        (
            cut(group.name, _LABEL),
            pack("group", await keep(call.chat.id, group.name, call.now()), 0),
        )
        for group in groups[:_A_PAGE]
    ]


async def of_press(call: Call, press: Press) -> FeedGroup | None:
    """The group that a button names; number 0 are the feeds in none. None for an old button."""
    number = press.number(0) or 0
    if number:
        return await group_kept(call, number)
    catalogue = await seen_by(call)
    rest = tuple(feed for feed in catalogue if not feed.group)
    return FeedGroup(call.locale.plain(_REST), rest)


async def buttons_of(call: Call, group: FeedGroup, number: int) -> list[Button]:
    """Under the page of a group: follow it, or end that; and back to the list."""
    followed = await call.storage.chats.subscriptions(call.chat.id)
    here = any(s.group == group.name and s.thread_id == call.thread_id for s in followed)
    locale = call.locale
    back = (locale.plain("← Groups"), pack("groups", 0))
    if not number:
        return [back]
    if here:
        return [(locale.plain("Unfollow this group"), pack("unsubscribe_group", number)), back]
    return [(locale.plain("Follow this group"), pack("subscribe_group", number)), back]
