"""/subscribe and /unsubscribe: every story of the catalogue, of one group, or of one source."""

from bot.actions import adding
from bot.actions import chats as chats_actions
from bot.actions.feeds import find_named
from bot.aside import aside
from bot.news.chat import Subscription
from bot.news.feed import Feed, FeedGroup, groups_of
from bot.news.text import urls
from bot.news.text.plain import cut
from bot.news.text.words import fold
from bot.texts.html import NOTHING, Html, bold, code, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_many
from handlers.call import Call
from handlers.commands import leave
from handlers.rights import resume
from handlers.routing.verbs import Deed
from handlers.routing.wishes import Spoken, is_of_everything
from handlers.screens.callback_data import Press, pack
from handlers.screens.followed import followed as all_followed
from handlers.screens.keyboard import MOST_BUTTONS, Button, arranged, keyboard
from handlers.screens.setting_screens import still_paused
from handlers.screens.threads import forum_of
from handlers.screens.wished import ways_to
from handlers.surface import Action, Command, HelpLine, Purpose

_OFFERED = 12
_NAME = 60

Followed = Feed | FeedGroup | None
"""A source, a group, or every story."""


async def seen_by(call: Call) -> list[Feed]:
    """The catalogue as whoever calls may see it."""
    return await adding.seen_by(call.storage, call.chat.id, operator=call.is_operator)


async def _followable(call: Call) -> list[Feed]:
    """What the chat may follow. What other chats brought is followed by its address only."""
    return await call.storage.feeds.seen_by(call.chat.id)


async def subscribe(call: Call) -> None:
    """Follows all, or the source or group that the words name."""
    await _change(call, on=True)


async def unsubscribe(call: Call) -> None:
    """Ends following everything, a group or a source."""
    await _change(call, on=False)


async def press(call: Call, pressed: Press) -> None:
    """A button that names a feed or a group by number, or all."""
    on = pressed.action.startswith("subscribe")
    what: Followed = None
    thread_id = pressed.number(0)
    if not pressed.action.endswith("_all"):
        thread_id = pressed.number(1)
        what = await _pressed(call, pressed)
        if what is None:
            await call.note(say("That source is gone."))
            return
    await _apply(call, what, on=on, thread_id=thread_id)


async def _pressed(call: Call, pressed: Press) -> Followed:
    if pressed.action.endswith("_group"):
        return await group_kept(call, pressed.number(0) or 0)
    return await call.storage.feeds.seen(pressed.number(0) or 0, call.chat.id)


async def group_kept(call: Call, number: int) -> FeedGroup | None:
    """The group whose name was kept under a number, also where no feed is in it now."""
    name = await call.storage.stories.search_words(call.chat.id, number)
    if name is None:
        return None
    groups = groups_of(await call.storage.feeds.some(call.chat.id, (), [name]))
    return next((group for group in groups if group.name == name), FeedGroup(name))


async def _change(call: Call, *, on: bool) -> None:
    wanted = call.words.strip()
    if not wanted:
        if on or not await _offer_what_is_followed(call):
            await _apply(call, None, on=on)
        return
    found = await aside(find_named, await _followable(call), wanted)
    if not on:
        found = [*await _emptied(call, wanted, found), *found]
        if not found and is_of_everything(wanted):
            await leave.ask(call)
            return
    if len(found) == 1:
        await _apply(call, found[0], on=on)
        return
    action = "subscribe" if on else "unsubscribe"
    buttons = [await _button(call, action, what) for what in found[:_OFFERED]]
    if not found and on:
        buttons = [*(await ways_to(call, Spoken(Deed.FOLLOW, wanted))).buttons]
    elif not found:
        buttons = await _topics_called(call, wanted)
    asked = call.locale.t(_which(cut(wanted, _NAME), found))
    await call.ask_anew(asked, keyboard(*arranged(buttons)))


async def _topics_called(call: Call, name: str) -> list[Button]:
    """Buttons that end topics of this name, for who calls one a source."""
    topics, there = await call.storage.chats.topics(call.chat.id), await forum_of(call)
    return [
        (
            call.locale.plain("Unfollow {topic}", topic=there.label(each.name, each.thread_id)),
            pack("unfollow", each.id),
        )
        for each in topics
        if fold(each.name) == fold(name)
    ]


def _which(name: str, found: list[Feed | FeedGroup]) -> Said:
    count = len(found)
    if not found:
        return say("No source is called '{name}'. /sources shows all.", name=name)
    if any(isinstance(what, FeedGroup) for what in found):
        return say_many("{n} sources or groups fit '{name}'. Which one?", count, name=name)
    return say_many("{n} sources fit '{name}'. Which one?", count, name=name)


async def _emptied(
    call: Call, wanted: str, found: list[Feed | FeedGroup]
) -> list[Feed | FeedGroup]:
    """Followed groups of that name that have no feed now, so that the catalogue has them not."""
    known = {what.name for what in found if isinstance(what, FeedGroup)}
    followed = await call.storage.chats.subscriptions(call.chat.id)
    names = {s.group for s in followed if s.group and s.group not in known}
    return [FeedGroup(name) for name in sorted(names) if fold(name) == fold(wanted)]


async def _button(call: Call, action: str, what: Followed, *behind: int) -> Button:
    """A button that does this with all, a group or a source, in the thread that is named behind."""
    if what is None:
        return call.locale.plain("every story"), pack(f"{action}_all", *behind)
    if isinstance(what, Feed):
        return what.title or urls.host_of(what.url), pack(action, what.id, *behind)
    # Kept as the words of a search are: a button has no room for a name.
    kept = await call.storage.stories.keep_search(call.chat.id, what.name, call.now())
    name, count = cut(what.name, 25), len(what.feeds)
    label = call.locale.plain("{group} (group of {n})", group=name, n=count)
    return label, pack(f"{action}_group", kept, *behind)


async def _offer_what_is_followed(call: Call) -> bool:
    """Where single sources or groups are followed and not all, asks which one to end; where nothing
    is followed here, also of what is in other threads.
    """
    followed = await call.storage.chats.subscriptions(call.chat.id)
    here = [s for s in followed if s.thread_id == call.thread_id] or followed
    if not here or any(s.is_all and s.thread_id == call.thread_id for s in here):
        return False
    buttons, locale = await _to_end(call, here), call.locale
    asked = locale.t("Which source do you want to unfollow?")
    more = len(buttons) - MOST_BUTTONS
    rest = locale.t("… and {n} more", n=more) if more > 0 else NOTHING
    await call.answer(lines(asked, rest), keyboard(*arranged(buttons)))
    return True


async def _to_end(call: Call, followed: list[Subscription]) -> list[Button]:
    """Buttons that end these, each where it is followed: all, groups by their names, sources."""
    there = await forum_of(call)
    ids, names = {s.feed_id for s in followed}, {s.group for s in followed if s.group}
    feeds = await call.storage.feeds.some(call.chat.id, [i for i in ids if i], names)
    groups = {group.name: group for group in groups_of(feeds)}
    whole: list[tuple[Followed, Subscription]] = [(None, s) for s in followed if s.is_all]
    whole += [
        (groups.get(s.group, FeedGroup(s.group)), s)
        for s in sorted(followed, key=lambda s: s.group)
        if s.group
    ]
    whole += [(feed, s) for feed in feeds for s in followed if s.feed_id == feed.id]
    buttons = []
    for what, each in whole:
        behind = () if each.thread_id == call.thread_id else (each.thread_id,)
        label, data = await _button(call, "unsubscribe", what, *behind)
        buttons.append((there.label(label, each.thread_id), data))
    return buttons


async def _apply(call: Call, what: Followed, *, on: bool, thread_id: int | None = None) -> None:
    chats, locale = call.storage.chats, call.locale
    named = _named(what, locale)
    if on:
        new = await chats_actions.subscribe(chats, call.chat.id, call.thread_id, what, locale.now)
        newest = (locale.plain("Newest stories"), pack("latest", 0))
        again = await resume(call) if new else []
        follows = await _follows(call, what, named, new=new)
        pause = await still_paused(call)
        said = joined(" ", [follows, *map(locale.t, again)])
        await call.answer(lines(said, pause.text), keyboard(*pause.rows, [newest]))
        return
    thread_id = call.thread_id if thread_id is None else thread_id
    ended = await chats_actions.unsubscribe(chats, call.chat.id, thread_id, what)
    elsewhere = await _elsewhere(call, what)
    if elsewhere and not ended:
        asked = locale.t("Which source do you want to unfollow?")
        no = locale.t("This thread does not follow {what}.", what=named)
        await call.answer(lines(no, asked), keyboard(*arranged(await _to_end(call, elsewhere))))
        return
    if ended and thread_id != call.thread_id:
        shown = (await forum_of(call)).label(_name(what, locale), thread_id)
        await call.answer(locale.t("Unfollowed {name}.", name=shown))
        return
    if elsewhere:
        gone = locale.t("This thread no longer follows {what}.", what=named)
    elif ended:
        gone = locale.t("This chat no longer follows {what}.", what=named)
    else:
        gone = locale.t("This chat does not follow {what}.", what=named)
    await call.answer(joined(" ", filter(None, [gone, await _still(call, what)])))


async def _elsewhere(call: Call, what: Followed) -> list[Subscription]:
    """What of it is still followed: in other threads, once it has ended here."""
    followed = await call.storage.chats.subscriptions(call.chat.id)
    feed_id = what.id if isinstance(what, Feed) else None
    group = what.name if isinstance(what, FeedGroup) else ""
    return [s for s in followed if (s.feed_id, s.group) == (feed_id, group)]


def _named(what: Followed, locale: Locale) -> Html:
    if isinstance(what, FeedGroup):
        return locale.t("the group {group}", group=bold(cut(what.name, _NAME)))
    return bold(what.title or urls.host_of(what.url)) if what else locale.t("every story")


def _name(what: Followed, locale: Locale) -> str:
    if isinstance(what, FeedGroup):
        return what.name
    return what.title or urls.host_of(what.url) if what else locale.plain("every story")


async def _follows(call: Call, what: Followed, named: Html, *, new: bool) -> Html:
    locale, has_threads = call.locale, (await forum_of(call)).has_threads
    if new and has_threads:
        said = [locale.t("This thread follows {what} from now on.", what=named)]
    elif new:
        said = [locale.t("This chat follows {what} from now on.", what=named)]
    elif has_threads:
        said = [locale.t("This thread follows {what} already.", what=named)]
    else:
        said = [locale.t("This chat follows {what} already.", what=named)]
    if isinstance(what, FeedGroup):
        said.append(
            locale.n(
                "It has 1 source. New ones are followed too.",
                "It has {n} sources. New ones are followed too.",
                len(what.feeds),
            )
        )
    if new and what is None:
        said.append(
            locale.t(
                "For fewer alerts, /unsubscribe and follow a topic: {example}",
                example=code("/topic ceasefire"),
            )
        )
    return joined(" ", said)


async def _still(call: Call, what: Followed) -> Html:
    """What goes on ringing here after that."""
    left = await call.storage.chats.subscriptions(call.chat.id)
    if what and any(s.is_all and s.thread_id == call.thread_id for s in left):
        return call.locale.t("It follows every story, of that source too. /unsubscribe ends that.")
    still = await all_followed(call)
    return call.locale.t("It still follows {one}.", one=still) if still else NOTHING


COMMANDS = (
    Command(
        "subscribe", subscribe,
        help=HelpLine(
            Purpose.FOLLOW, 30, say("Follow everything"),
            say("follow everything, or one source"), "/subscribe Harbour",
        ),
        actions=(
            Action("subscribe", press),
            Action("subscribe_group", press),
            Action("subscribe_all", press),
        ),
    ),
    Command(
        "unsubscribe", unsubscribe,
        help=HelpLine(
            Purpose.FOLLOW, 40, say("Unfollow sources"),
            say("unfollow everything, or one source"), "/unsubscribe Harbour",
        ),
        actions=(
            Action("unsubscribe", press),
            Action("unsubscribe_group", press),
            Action("unsubscribe_all", press),
        ),
    ),
)  # fmt: skip
