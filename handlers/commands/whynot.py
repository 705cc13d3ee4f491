"""/whynot LINK: what became of a link in this chat, in one sentence."""

import re

from bot.aside import aside
from bot.errors import BadInput
from bot.news.chat import ChatState
from bot.news.feed import Feed
from bot.news.polling.politeness import host_key
from bot.news.telling import health
from bot.news.telling.explaining import Explanation, PartOfTold, WasTold, explain
from bot.news.telling.health import State
from bot.news.text import urls
from bot.texts.html import Html, bold, code, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import sources
from handlers.reasons import heading, sentence
from handlers.surface import Command, HelpLine, Purpose, Who

_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_BARE = re.compile(r"[^\s/:@]+\.[^\s/:@]+(?:/\S*)?")
_AFTER = ".,;:!?'”»…"
_MOST_FEEDS = 6


async def whynot(call: Call) -> None:
    """Says what kept a link away, or when it was told."""
    locale = call.locale
    if not call.words.strip():
        usage = say(
            "Write /whynot and the link of a story, and I say what became of it here: {example}",
            example=code("/whynot https://…"),
        )
        await call.answer(locale.t(usage))
        return
    link = link_in(call.words)
    canonical = urls.canonical(link)
    if canonical is None:
        raise BadInput(say("That is no link that I can read; write /whynot https://…"))
    inquiry = await call.storage.history.of_link(
        call.chat.id, canonical, urls.clean_link(link) or link
    )
    # A hundred topics of hundreds of names each take a second: not on the loop that sends.
    found = await aside(explain, inquiry, call.now()) if inquiry else None
    if found is None:
        await call.answer(_unseen(call, await _feeds_near(call, canonical)))
        return
    said = [heading(found, locale), sentence(found.reason, locale)]
    if call.chat.state is not ChatState.ACTIVE:
        said.append(locale.t("This chat is paused now; /start goes on."))
    await call.answer(lines(*said), reply_to=_told_in(call, found))


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


def _unseen(call: Call, feeds: list[Feed]) -> Html:
    days, locale = f"{call.services.retention_days:g}", call.locale
    if not feeds:
        return locale.t(
            "No source of the catalogue has shown this link in the last {days} days, and none is of"
            " its site. /sources shows all.",
            days=days,
        )
    ailing = [f for f in feeds if health.state_of(f) in (State.FAILING, State.SUSPENDED)]
    said = (
        locale.t("This link was not seen, and its source is in trouble.")
        if ailing
        else locale.t(
            "This link was not seen in the last {days} days. How its source is:", days=days
        )
    )
    near = (ailing or feeds)[:_MOST_FEEDS]
    return lines(said, *(_how(feed, locale) for feed in near), locale.t("/sources shows all."))


def _how(feed: Feed, locale: Locale) -> Html:
    name, how = bold(sources.name_of(feed, locale)), sources.state(feed, locale)
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
