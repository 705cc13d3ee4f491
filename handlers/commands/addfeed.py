"""/addfeed and /removefeed: sources that the people of a chat bring along."""

from bot.actions import adding
from bot.actions.adding import Added, FeedStanding, Removal
from bot.errors import BadInput, QueryError
from bot.feeds import platforms
from bot.feeds.finder import FoundFeed, Search, read_address
from bot.news.feed import Feed
from bot.news.query.parse import read_query
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from bot.news.why import AddressRefused
from bot.texts.html import Html, bold, code, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.rights import resume
from handlers.routing.verbs import Deed
from handlers.routing.wishes import Spoken
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.setting_screens import still_paused
from handlers.screens.wished import ways_to
from handlers.surface import Action, Command, HelpLine, Purpose

_OFFERED = 8
_NAME, _HEADLINE = 80, 200
TOO_MANY_TRIES = say("At most five tries a minute. Wait a little.")
_ONE_ADDRESS = say("Send the address of one site: /addfeed https://…")
_EMPTY = say("It has no stories yet.")
OLD_LIST = say("This list is old. Send /addfeed again.")


async def addfeed(call: Call) -> None:
    """Finds the feed of an address, adds it to the catalogue and follows it here."""
    if not await _may_add(call):
        return
    wanted = call.words.strip()
    if not wanted or (len(wanted.split()) > 1 and is_address(wanted)):
        raise BadInput(_ONE_ADDRESS)
    if not is_address(wanted):
        ways = await ways_to(call, Spoken(Deed.FOLLOW, wanted))
        await call.answer(call.locale.t(_ONE_ADDRESS), keyboard(*([each] for each in ways.buttons)))
        return
    if found := await _found_or_said(call, wanted):
        await (_offer(call, found) if len(found.feeds) > 1 else _add(call, found.feeds[0]))


async def offer(call: Call) -> None:
    """Finds the feed of an address that was written without a command, and offers to add it."""
    if not await _may_add(call):
        return
    found = await _found_or_said(call, call.words, searchable="/" not in call.words)
    if found and len(found.feeds) > 1:
        await _offer(call, found)
    elif found:
        await _offer_one(call, found.feeds[0])


def is_address(words: str) -> bool:
    """Whether somebody may mean the address of a site, and no source by its name, or a topic."""
    return any(sign in words for sign in "./:")


async def to_search(call: Call, words: str) -> list[Button]:
    """A button for a bare name with a dot, which may be no domain: stories with those words."""
    try:
        query = str(read_query(words, call.chat.language))
    except QueryError:
        return []
    kept = await call.storage.stories.keep_search(call.chat.id, query, call.now(), words)
    return [(call.locale.plain("Search for {words}", words=words), pack("latest", kept))]


async def _found_or_said(call: Call, wanted: str, *, searchable: bool = False) -> Search | None:
    """What was found; None where that is nothing, which was said. `searchable` offers stories with
    these words instead.
    """
    locale = call.locale
    if host := platforms.without_feeds(read_address(wanted)):
        said = say(
            "I can't follow {host}. Send a site that has the same news.",
            host=code(host),
        )
        await call.answer(locale.t(said))
        return None
    found = await _found(call, wanted)
    if found and found.feeds:
        return found
    bare = keyboard(await to_search(call, wanted) if searchable else [])
    if found is None:
        # One answer whatever the reason: the difference would tell a stranger what is inside.
        await call.answer(locale.t("I can't use that address. Send one of a public site."), bare)
        return None
    said = say("I could not add that: {why}.", why=found.reason)
    await call.answer(lines(locale.t(said), *_what_else(found, locale)), bare)
    return None


def _what_else(found: Search, locale: Locale) -> list[Html]:
    """What may help where nothing was found, in lines; nothing where only waiting does."""
    if found.busy:
        return []
    if found.unreached:
        return [locale.t("Check the address, or try again later.")]
    return [
        locale.t("Look on the site for a link called RSS, Atom or Feed."),
        locale.t("Send me that address: /addfeed https://…"),
    ]


async def chosen(call: Call, press: Press) -> None:
    """The button of one of several feeds; it is fetched anew, since buttons last for ever."""
    if not await _may_add(call):
        return
    words = await call.storage.stories.search_words(call.chat.id, press.number(0) or 0)
    if words is None:
        await call.note(OLD_LIST)
        return
    await _take(call, words)


async def take(call: Call, url: str) -> None:
    """Adds the feed with this address, that a button named, and follows it here."""
    if await _may_add(call):
        await _take(call, url)


async def _take(call: Call, url: str) -> None:
    await call.note()
    if found := await _found_or_said(call, url):
        await _add(call, found.feeds[0])


async def removefeed(call: Call) -> None:
    """Takes a source out again; other chats that added it keep it."""
    wanted = call.words.strip()
    if not wanted:
        await _added_here(call)
        return
    feed, removal = await adding.remove_for_chat(
        call.storage, call.chat.id, wanted, operator=call.is_operator
    )
    name = bold(_name(feed))
    match removal:
        case Removal.GONE:
            said = say("Removed {source} for everybody. Its stories stay.", source=name)
        case Removal.LEFT:
            said = say("Removed {source}. This chat no longer follows it.", source=name)
    await call.answer(call.locale.t(said))


async def _added_here(call: Call) -> None:
    """The sources that this chat added, each with a button that takes it out."""
    locale, ids = call.locale, await call.storage.feeds.added_by(call.chat.id)
    feeds = [feed for feed in await call.storage.feeds.seen_by(call.chat.id) if feed.id in ids]
    if not feeds:
        add = (locale.plain("Add a source"), pack("starter_regions"))
        await call.show(locale.t("This chat has added no source."), keyboard([add]))
        return
    buttons = [(_name(feed), pack("removefeed", feed.id)) for feed in feeds]
    await call.show(locale.t("Which source do you want to remove?"), keyboard(*arranged(buttons)))


async def remove_pressed(call: Call, press: Press) -> None:
    """Takes out the source that a button names, where this chat added it."""
    number = press.number(0) or 0
    if number in await call.storage.feeds.added_by(call.chat.id):
        await call.storage.feeds.uncredit(number, call.chat.id)
        await call.note(say("Removed. It comes no more."))
    else:
        await call.note(say("That source is not one this chat added."))
    await _added_here(call)


async def may_add(call: Call) -> bool:
    """Whether who may change this chat may add sources here; says why not."""
    if call.services.access.user_feeds or call.is_operator:
        return True
    await call.answer(
        call.locale.t("Only operators of this bot add sources here. Ask one of them.")
    )
    return False


async def _may_add(call: Call) -> bool:
    """Whether to look for a feed now, which is counted; says why not."""
    if not await may_add(call):
        return False
    if not call.services.limits.may_search_feeds(call.chat.id):
        await call.answer(call.locale.t(TOO_MANY_TRIES))
        return False
    return True


async def _found(call: Call, wanted: str) -> Search | None:
    """What was found; None for an address that must not be fetched."""
    try:
        return await call.services.finder.find(wanted)
    except AddressRefused:
        return None


async def _add(call: Call, found: FoundFeed) -> None:
    added = await adding.add_for_chat(
        call.storage, call.chat.id, call.thread_id, found, call.services.adding, call.now(),
        unbounded=call.is_operator,
    )  # fmt: skip
    is_new = added.standing is FeedStanding.NEW or added.followed
    again = map(call.locale.t, await resume(call) if is_new else [])
    end = (call.locale.plain("Unfollow"), pack("unsubscribe", added.feed.id))
    pause = await still_paused(call)
    said = lines(_described(added, found, call.locale), *again, pause.text)
    await call.answer(said, keyboard(*pause.rows, [end]))


def _described(added: Added, found: FoundFeed, locale: Locale) -> Html:
    name = bold(_name(added.feed, found.title))
    if host := urls.mixed_host(added.feed.url):
        name = locale.t("{source} at {host}", source=name, host=code(host))
    if added.standing is FeedStanding.NEW:
        said = say("Added {source}. This chat follows it now.", source=name)
    elif added.followed:
        said = say("I know {source} already. This chat follows it now.", source=name)
    else:
        said = say("This chat follows {source} already.", source=name)
    newest = cut(tidy(found.newest), _HEADLINE)
    there = say("Newest story: {headline}", headline=newest)
    return lines(locale.t(said), locale.t(there if newest else _EMPTY))


def _name(feed: Feed | FoundFeed, title: str = "") -> str:
    """A feed's title, else the other title, else its host."""
    return cut(tidy(feed.title or title) or urls.host_of(feed.url), _NAME)


async def _offer_one(call: Call, feed: FoundFeed) -> None:
    """The one feed of an address, with its newest headline, and the button that adds it."""
    locale = call.locale
    newest = cut(tidy(feed.newest), _HEADLINE)
    there = say("Newest story: {headline}", headline=newest)
    kept = await call.storage.stories.keep_search(call.chat.id, feed.url, call.now())
    await call.answer(
        lines(
            locale.t("I can follow {source} for you.", source=bold(_name(feed))),
            locale.t(there if newest else _EMPTY),
        ),
        keyboard([(locale.plain("Add this source"), pack("addfeed", kept))]),
    )


async def _offer(call: Call, found: Search) -> None:
    """Several feeds, each with its newest headline, and a button for each."""
    locale = call.locale
    parts, rows = [bold(locale.t("That site has several sources. Which one?"))], []
    for number, feed in enumerate(found.feeds[:_OFFERED], start=1):
        name = _name(feed)
        newest = cut(tidy(feed.newest), _HEADLINE) or locale.t("no stories yet")
        parts.append(lines(locale.t("{n}. {source}", n=number, source=bold(name)), newest))
        # Kept as the words of a search are: a button has no room for an address.
        kept = await call.storage.stories.keep_search(call.chat.id, feed.url, call.now())
        label = locale.plain("{n}. {source}", n=number, source=name)
        rows.append([(label, pack("addfeed", kept))])
    await call.answer(joined("\n\n", parts), keyboard(*rows))


COMMANDS = (
    Command(
        "removefeed", removefeed,
        help=HelpLine(
            Purpose.FOLLOW, 60, say("Remove an added source"),
            say("remove a source you added"), "/removefeed Harbour",
        ),
        actions=(Action("removefeed", remove_pressed),),
    ),
)  # fmt: skip
