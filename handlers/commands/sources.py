"""/sources: the catalogue with its health, by groups where there are some, a page at a time; with
words, the group or the sources that they name.
"""

from collections.abc import Sequence

from bot.actions.feeds import find_feeds, find_named
from bot.aside import aside
from bot.news.feed import Feed, FeedGroup
from bot.news.text.plain import cut, tidy
from bot.texts.html import Html, bold, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import groups, source_page
from handlers.commands.source_page import Way, button_to, name_of, state
from handlers.commands.subscribe import seen_by
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.pages import Page, page_of
from handlers.screens.setting_screens import to_settings
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who, again

_A_PAGE = 8
_NAME = 80
_WORDS = 200
_OLD = say("This list is old. Send /sources again.")


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
    named = await aside(find_named, catalogue, words) if words else []
    if len(named) == 1 and isinstance(named[0], FeedGroup):
        await _show_group(call, named[0], kept, 0)
    elif len(named) == 1 and isinstance(named[0], Feed):
        await source_page.show(call, named[0], ("sources", 0, 0))
    else:
        await _show(call, catalogue, kept, 0)


async def turn(call: Call, press: Press) -> None:
    """Another page, in place of the one whose button was pressed."""
    await _show(call, await seen_by(call), press.number(0) or 0, press.number(1) or 0)


async def group(call: Call, press: Press) -> None:
    """A page of one group, in place."""
    found = await groups.of_press(call, press)
    if found is None:
        await call.note(_OLD)
        return
    await _show_group(call, found, press.number(0) or 0, press.number(1) or 0)


async def _show_group(call: Call, found: FeedGroup, number: int, wanted: int) -> None:
    if number:
        # What the person wrote may be another spelling, or a part of the name.
        number = await call.storage.stories.keep_search(call.chat.id, found.name, call.now())
    page, locale = page_of(len(found.feeds), _A_PAGE, wanted), call.locale
    heading = groups.headed(bold(cut(found.name, _NAME)), found.feeds, locale)
    way = ("group", number, page.number)
    await call.show(
        _list(heading, page, found.feeds, locale),
        keyboard(
            *_buttons(page, found.feeds, way, locale),
            page.turning(locale, "group", number),
            await groups.buttons_of(call, found, number),
        ),
    )


async def _show(call: Call, catalogue: list[Feed], search_id: int, wanted: int) -> None:
    words = await call.storage.stories.search_words(call.chat.id, search_id) if search_id else None
    if search_id and words is None:
        await call.note(_OLD)
        return
    named = await aside(find_named, catalogue, words) if words else []
    feeds = await aside(find_feeds, catalogue, words) if words else catalogue
    page, locale = page_of(len(feeds), _A_PAGE, wanted), call.locale
    alike = [each for each in named if isinstance(each, FeedGroup)]
    below = [
        [(locale.plain("Group {name}", name=name), data)]
        for name, data in await groups.buttons_to(call, alike)
    ]
    way = ("sources", search_id, page.number)
    every = [(locale.plain("All sources"), pack("sources", 0, 0))] if search_id else []
    await call.show(
        _list(_heading(feeds, words, locale), page, feeds, locale),
        keyboard(
            *below,
            *_buttons(page, feeds, way, locale),
            page.turning(locale, "sources", search_id),
            every or to_settings(call),
        ),
    )


def _heading(feeds: Sequence[Feed], words: str | None, locale: Locale) -> Html:
    name = cut(words or "", 60)
    if not feeds and name:
        return locale.t("No source is called '{name}'. /sources shows all.", name=name)
    if not feeds:
        return locale.t("No sources yet. Whoever runs this bot adds them.")
    called = locale.t("Sources called '{name}'", name=name) if name else locale.t("Sources")
    return groups.headed(bold(called), feeds, locale)


def _list(heading: Html, page: Page, feeds: Sequence[Feed], locale: Locale) -> Html:
    """A page of sources: the name of each, and how it is."""
    listed = (
        lines(bold(name_of(feed, locale)), state(feed, locale, with_reason=False))
        for feed in page.of(feeds)
    )
    return joined("\n\n", [page.under(heading, locale), *listed])


def _buttons(page: Page, feeds: Sequence[Feed], way: Way, locale: Locale) -> list[list[Button]]:
    """A button a row, to the page of each source."""
    return [[button_to(feed, way, locale)] for feed in page.of(feeds)]


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
        ),
    ),
)  # fmt: skip
