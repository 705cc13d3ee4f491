"""/whynot LINK: what became of a link in this chat, in one sentence."""

import re

from telegram import InlineKeyboardMarkup

from bot.aside import aside
from bot.feeds import platforms
from bot.news.chat import ChatState
from bot.news.feed import Feed
from bot.news.polling.politeness import host_key
from bot.news.telling import health
from bot.news.telling.explaining import Explanation, PartOfTold, WasTold, explain
from bot.news.telling.health import State
from bot.news.text import urls
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, code, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import addfeed, source_page
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.reasons import heading, sentence, setting_of
from handlers.surface import Command, HelpLine, Purpose, Who

_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_BARE = re.compile(r"[^\s/:@]+\.[^\s/:@]+(?:/\S*)?")
_AFTER = ".,;:!?'”»…"
_MOST_FEEDS = 6
_SITE = 20


async def whynot(call: Call) -> None:
    """Says what kept a link away, or when it was told."""
    locale = call.locale
    if not call.words.strip():
        usage = say(
            "Send it with the link of a story: {example}", example=code("/whynot https://…")
        )
        await call.answer(
            lines(
                bold(locale.t("Why did a story not come?")),
                locale.t(usage),
                locale.t("For an alert that came, reply to it with /why"),
            )
        )
        return
    link = link_in(call.words)
    canonical = urls.canonical(link)
    if canonical is None:
        unread = locale.t("I can't read that link. Send it like this: /whynot https://…")
        await call.answer(unread, keyboard(await addfeed.to_search(call, call.words.strip())))
        return
    inquiry = await call.storage.history.of_link(
        call.chat.id, canonical, urls.clean_link(link) or link
    )
    # A hundred topics of hundreds of names each take a second: not on the loop that sends.
    found = await aside(explain, inquiry, call.now()) if inquiry else None
    if found is None:
        await call.answer(*await _unseen(call, urls.clean_link(link) or link, canonical))
        return
    said = [heading(found, locale), sentence(found.reason, locale)]
    if call.chat.state is not ChatState.ACTIVE:
        said.append(locale.t("This chat is paused now. To go on, send /start"))
    opens = setting_of(found.reason)
    buttons = keyboard([(locale.plain(opens[0]), opens[1])] if opens else [])
    await call.answer(lines(*said), buttons, reply_to=_told_in(call, found))


def _told_in(call: Call, found: Explanation) -> int | None:
    """The message that told it, to answer in reply to; only within one thread."""
    match found.reason:
        case WasTold() | PartOfTold() as told if told.thread_id == call.thread_id:
            return told.message_id
    return None


def link_in(words: str) -> str:
    """The link in what a person wrote, also without its scheme; else the words. Pure."""
    found = _LINK.search(words)
    bare = _BARE.fullmatch(words.strip())
    link = found[0] if found else f"https://{bare[0]}" if bare else words.strip()
    while link and (link[-1] in _AFTER or (link[-1] == ")" and "(" not in link)):
        link = link[:-1]
    return link


# --- what was not seen -------------------------------------------------------------------------


async def _feeds_near(call: Call, canonical: str) -> list[Feed]:
    """The feeds that live at the link's host, or whose reports link there."""
    host = urls.host_of(canonical)
    origin = canonical[: canonical.index("/", len("https://")) + 1]
    feeds = call.storage.feeds
    linking = await call.storage.history.feeds_of_host(call.chat.id, origin)
    catalogue = await feeds.of_hosts({host_key(canonical), host}, seen_by=call.chat.id)
    ids = {feed.id for feed in linking}
    return linking + [f for f in catalogue if f.id not in ids and urls.host_of(f.url) == host]


async def _unseen(
    call: Call, link: str, canonical: str
) -> tuple[Html, InlineKeyboardMarkup | None]:
    """What is known of the source of a link that nobody has seen, with the way to add it."""
    days, locale = round(call.services.retention_days), call.locale
    feeds = await _feeds_near(call, canonical)
    never = locale.n(
        "No source has had this link in the last day.",
        "No source has had this link in the last {n} days.",
        days,
    )
    to_all = (locale.plain("Sources"), pack("catalogue"))
    if not feeds:
        host = urls.host_of(canonical)
        text = lines(
            bold(locale.t("I have not seen it")),
            never,
            locale.t("No source is from {site}.", site=code(host)),
        )
        return text, keyboard([*await _to_add(call, link, host), to_all])
    ailing = [f for f in feeds if health.state_of(f) in (State.FAILING, State.SUSPENDED)]
    said = locale.t("Its source does not work:") if ailing else locale.t("Its source:")
    near = [_how(feed, locale) for feed in (ailing or feeds)[:_MOST_FEEDS]]
    return lines(bold(locale.t("I have not seen it")), never, said, *near), keyboard([to_all])


async def _to_add(call: Call, link: str, host: str) -> list[Button]:
    """The button that adds the source of a link, where that may be."""
    if platforms.without_feeds(link) or not (call.services.access.user_feeds or call.is_operator):
        return []
    kept = await call.storage.stories.keep_search(call.chat.id, link, call.now())
    return [(call.locale.plain("Add {site}", site=cut(host, _SITE)), pack("addfeed", kept))]


def _how(feed: Feed, locale: Locale) -> Html:
    name, how = bold(source_page.name_of(feed, locale)), source_page.state(feed, locale)
    return locale.t("{source}: {state}", source=name, state=how)


COMMANDS = (
    Command(
        "whynot", whynot, Who.ANYBODY, for_members=True,
        help=HelpLine(
            Purpose.READ, 50, say("Why did it not come?"),
            say("what kept a story away"), "/whynot https://…",
        ),
    ),
)  # fmt: skip
