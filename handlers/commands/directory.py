"""The starter catalogue in the chat: well-known sources by region, for who has no address at hand.

An operator puts a region into the catalogue; anybody else adds one source at a time under the
rules of /addfeed. Buttons carry checksums of names: a file that was changed since leads nowhere.
"""

import re
from zlib import crc32

from bot.actions.feeds import FeedWish, import_feeds, sort_out
from bot.feeds.opml import OpmlFeed
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, named, say, say_many
from handlers.call import Call
from handlers.commands import addfeed
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.pages import page_of
from handlers.surface import Action, Command, HelpLine, Purpose, Who, again

_A_PAGE = 10
_LABEL = 32
_ALL = "all"
_HOW = say("Send the address of a site: /addfeed https://…")
_OR = say("Or choose a region.")
_UNVERIFIED = say("These addresses were not checked lately. Some may have moved.")


async def addfeed_(call: Call) -> None:
    """/addfeed with an address; without one, the regions to choose from."""
    if call.words.strip():
        await addfeed.addfeed(call)
    elif await addfeed.may_add(call):
        await _offer(call, _HOW, _OR)


async def _offer(call: Call, *heading: Said) -> None:
    """The regions as buttons, under a heading of some lines."""
    locale = call.locale
    buttons = [(_short(name, locale), pack("starter", _mark(name), 0)) for name in _regions(call)]
    rows = arranged(buttons)
    if call.is_operator:
        rows.append([_to_add_all(len(call.services.shipped.directory), _ALL, locale)])
    await call.show(lines(*map(locale.t, heading), locale.t(_UNVERIFIED)), keyboard(*rows))


def _short(region: str, locale: Locale) -> str:
    """A label for a region: where it is long, without its languages."""
    shown = locale.plain(named("region", region))
    return shown if len(shown) <= _LABEL else cut(re.split(r"\s?[(（]", shown)[0], _LABEL)


async def regions(call: Call) -> None:
    """Back to the regions, or to them from an empty list of sources."""
    await _offer(call, say("Well-known sources by region"))


async def region(call: Call, press: Press) -> None:
    """The sources of a region, a page at a time, with a button for each."""
    feeds = _of_region(call, press.arguments[0] if press.arguments else "")
    if not feeds:
        await call.note(addfeed.OLD_LIST)
        return
    page = page_of(len(feeds), _A_PAGE, press.number(1))
    shown = page.of(feeds)
    rows = arranged([(feed.title, pack("starter_feed", _mark(feed.url))) for feed in shown])
    group, locale = feeds[0].group, call.locale
    rows.append(page.turning(locale, "starter", _mark(group)))
    if call.is_operator:
        rows.append([_to_add_all(len(feeds), _mark(group), locale)])
    rows.append([(locale.plain("← Regions"), pack("starter_regions"))])
    heading = locale.n(
        "{region}: 1 source. Press it to follow it here.",
        "{region}: {n} sources. Press one to follow it here.",
        len(feeds),
        region=bold(locale.t(named("region", group))),
    )
    await call.show(lines(heading, locale.t(_UNVERIFIED)), keyboard(*rows))


async def add_one(call: Call, press: Press) -> None:
    """Adds a source and follows it here, as /addfeed does with its address."""
    wanted = press.arguments[0] if press.arguments else ""
    directory = call.services.shipped.directory
    found = next((feed for feed in directory if _mark(feed.url) == wanted), None)
    if found is None:
        await call.note(addfeed.OLD_LIST)
        return
    await addfeed.take(call, found.url)


async def add_all(call: Call, press: Press) -> None:
    """Puts the sources of a region, or all of them, into the catalogue: for operators only."""
    wanted = press.arguments[0] if press.arguments else ""
    feeds = list(call.services.shipped.directory) if wanted == _ALL else _of_region(call, wanted)
    if not feeds:
        await call.note(addfeed.OLD_LIST)
        return
    await call.note()
    adding = call.services.adding
    wishes = [FeedWish(feed.url, feed.title, feed.group) for feed in feeds]
    good, refused = sort_out(wishes, adding.check)
    imported = await import_feeds(
        call.storage.feeds, good, adding.bounds, call.now(), adding.chance
    )
    await call.answer(_imported(len(imported.added), len(good), len(refused), call.locale))


def _imported(added: int, good: int, refused: int, locale: Locale) -> Html:
    said = [
        locale.n(
            "Added 1 source for everybody. I read it now.",
            "Added {n} sources for everybody. I read them now.",
            added,
        )
    ]
    if known := good - added:
        said.append(locale.t("Already there: {n}.", n=known))
    if refused:
        said.append(locale.t("Not allowed: {n}.", n=refused))
    return joined(" ", [*said, locale.t("/sources shows if they work.")])


def _to_add_all(count: int, mark: str, locale: Locale) -> Button:
    return locale.plain(say_many("Add {n} for everybody", count)), pack("starter_all", mark)


def _regions(call: Call) -> list[str]:
    return list(dict.fromkeys(feed.group for feed in call.services.shipped.directory))


def _of_region(call: Call, mark: str) -> list[OpmlFeed]:
    return [feed for feed in call.services.shipped.directory if _mark(feed.group) == mark]


def _mark(text: str) -> str:
    return f"{crc32(text.encode()):08x}"


COMMANDS = (
    Command(
        "addfeed", addfeed_,
        help=HelpLine(
            Purpose.FOLLOW, 50, say("Add a source"),
            say("add a source by its address"), "/addfeed https://…",
        ),
        actions=(
            Action("addfeed", addfeed.chosen),
            Action("starter", region, Who.ANYBODY),
            Action("starter_regions", again(regions), Who.ANYBODY),
            Action("starter_feed", add_one),
            Action("starter_all", add_all, Who.OPERATORS),
        ),
    ),
)  # fmt: skip
