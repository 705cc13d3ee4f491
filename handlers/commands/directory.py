"""The starter catalogue in the chat: well-known sources by region, for who has no address at hand.

An operator puts a region into the catalogue; anybody else adds one source at a time under the
rules of /addfeed. Buttons carry checksums of names: a file that was changed since leads nowhere.
"""

from zlib import crc32

from bot.actions.feeds import FeedWish, import_feeds, sort_out
from bot.delivery.render import bold, escape
from bot.feeds.opml import OpmlFeed
from bot.news.telling.saved import counted
from bot.news.text.plain import cut
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.commands import addfeed
from handlers.keyboard import arranged, keyboard
from handlers.pages import page_of
from handlers.surface import Action, Command, Line, Who, again

_A_PAGE = 10
_LABEL = 32
_ALL = "all"
_HOW = "Name one address, of a site or of its feed: /addfeed https://… Or choose a region:"
_OLD = "This list is old; send /addfeed again."
_UNVERIFIED = "Nobody has checked these addresses for a while: some may have moved."


async def addfeed_(call: Call) -> None:
    """/addfeed with an address; without one, the regions to choose from."""
    if call.words.strip():
        await addfeed.addfeed(call)
    elif await addfeed.may_add(call):
        await offer(call, escape(_HOW))


async def offer(call: Call, heading: str) -> None:
    """The regions as buttons, under a heading in HTML."""
    buttons = [(cut(name, _LABEL), pack("starter", _mark(name), 0)) for name in _regions(call)]
    rows = arranged(buttons)
    if call.is_operator:
        count = len(call.services.directory)
        rows.append([(f"Add all {count} for everybody", pack("starter_all", _ALL))])
    await call.show(f"{heading}\n{_UNVERIFIED}", keyboard(*rows))


async def regions(call: Call) -> None:
    """Back to the regions, or to them from an empty list of sources."""
    await offer(call, "Well-known sources by region:")


async def region(call: Call, press: Press) -> None:
    """The sources of a region, a page at a time, with a button for each."""
    feeds = _of_region(call, press.arguments[0] if press.arguments else "")
    if not feeds:
        await call.note(_OLD)
        return
    page = page_of(len(feeds), _A_PAGE, press.number(1))
    shown = page.of(feeds)
    rows = arranged([(feed.title, pack("starter_feed", _mark(feed.url))) for feed in shown])
    rows.append(page.turning("starter", _mark(feeds[0].group)))
    if call.is_operator:
        all_of_it = pack("starter_all", _mark(feeds[0].group))
        rows.append([(f"Add all {len(feeds)} for everybody", all_of_it)])
    rows.append([("← Regions", pack("starter_regions"))])
    await call.show(
        f"{bold(feeds[0].group)}: {counted(len(feeds), 'source')}. A button adds one and follows "
        f"it here.\n{_UNVERIFIED}",
        keyboard(*rows),
    )
    await call.note()


async def add_one(call: Call, press: Press) -> None:
    """Adds a source and follows it here, as /addfeed does with its address."""
    wanted = press.arguments[0] if press.arguments else ""
    found = next((feed for feed in call.services.directory if _mark(feed.url) == wanted), None)
    if found is None:
        await call.note(_OLD)
        return
    await addfeed.take(call, found.url)


async def add_all(call: Call, press: Press) -> None:
    """Puts the sources of a region, or all of them, into the catalogue: for operators only."""
    wanted = press.arguments[0] if press.arguments else ""
    feeds = list(call.services.directory) if wanted == _ALL else _of_region(call, wanted)
    if not feeds:
        await call.note(_OLD)
        return
    await call.note()
    adding = call.services.adding
    wishes = [FeedWish(feed.url, feed.title, feed.group) for feed in feeds]
    good, refused = sort_out(wishes, adding.check)
    imported = await import_feeds(
        call.storage.feeds, good, adding.check, adding.bounds, call.now(), adding.chance
    )
    text = f"{counted(len(imported.added), 'source')} added to the catalogue; they are read now."
    if known := len(good) - len(imported.added):
        text += f" Known already: {known}."
    if refused:
        text += f" Not allowed: {len(refused)}."
    await call.answer(escape(text) + " /sources shows how they are.")


def _regions(call: Call) -> list[str]:
    return list(dict.fromkeys(feed.group for feed in call.services.directory))


def _of_region(call: Call, mark: str) -> list[OpmlFeed]:
    return [feed for feed in call.services.directory if _mark(feed.group) == mark]


def _mark(text: str) -> str:
    return f"{crc32(text.encode()):08x}"


COMMANDS = (
    Command(
        name="addfeed",
        handler=addfeed_,
        who=Who.CHANGERS,
        menu=Line(120, "A source of yours, by its site's address"),
        help=Line(60, "a source of yours, by the address of its site; /removefeed NAME ends it"),
        actions=(
            Action("addfeed", addfeed.chosen, Who.CHANGERS),
            Action("starter", region),
            Action("starter_regions", again(regions)),
            Action("starter_feed", add_one, Who.CHANGERS),
            Action("starter_all", add_all, Who.OPERATORS),
        ),
    ),
)
