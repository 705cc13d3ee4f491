"""What people send that they did not write: a location, and posts of others."""

import telegram
from msgspec.structs import replace

from bot.actions.zones import zones_near
from bot.feeds import platforms
from bot.news.text import urls
from bot.news.text.plain import cut
from bot.texts.html import NOTHING, bold, lines
from handlers.call import Call
from handlers.commands import channels, written
from handlers.routing.obeying import obey
from handlers.routing.typed import headline_of, link_in, narrowed
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.setting_screens import use_zone
from handlers.screens.setting_words import clock, time_in
from handlers.surface import Command, Who

_HOST = 18


async def _located(call: Call) -> None:
    """Asks whether the time at the place that was sent is the person's; a button sets its zone."""
    places = await zones_near(*map(float, call.words.split()))
    locale, present = call.locale, call.chat.habits.timezone
    known = next((place for place in places if place.zone == present), None)
    if known:
        here = clock(present, locale)
        said = locale.t("Your time zone is set already: {clock}", clock=bold(here))
    else:
        said = locale.t("Is it {time} for you?", time=bold(time_in(places[0].zone, locale)))
    rows = [[use_zone(call, place)] for place in places if place is not known]
    other = (locale.plain("Another time zone"), pack("setting", "timezone"))
    await call.ask_anew(said, keyboard(*rows, [other]))


LOCATED = Command("", _located)


async def forwarded(call: Call, text: str, origin: telegram.Chat | None) -> None:
    """Binds the channel of a post, where that may be; else looks for what the post, or whoever
    shares a link, says.
    """
    unbound = await channels.forwarded(call, origin) if origin else channels.Unbound()
    if unbound is None:
        return
    headline, link = headline_of(text), link_in(text)
    if headline:
        words = cut(headline, written.LONGEST)
        await obey(replace(call, words=words), Command("", _looks(link, unbound), Who.ANYBODY))
    elif link:
        await obey(replace(call, words=link), written.OFFER)
    else:
        why = call.locale.t(unbound.why) if unbound.why else NOTHING
        await call.answer(lines(written.only_text(call.locale), why), keyboard(unbound.way))


def _looks(link: str | None, unbound: channels.Unbound) -> written.Handler:
    async def look(call: Call) -> None:
        """Stories with the words of a headline; where none has all of them, with the longest."""
        for words in narrowed(call.words, call.chat.language):
            call = replace(call, words=words)
            if await written.finds(call):
                break
        below = call.locale.t(unbound.why) if unbound.why else NOTHING
        await written.look(call, below, [*await _to_add(call, link), *unbound.way])

    return look


async def _to_add(call: Call, link: str | None) -> list[Button]:
    """A button that adds the site that a post links to."""
    host = urls.host_of(link) if link else ""
    if not link or not host or platforms.without_feeds(link):
        return []
    # Kept as the words of a search are: a button has no room for an address.
    kept = await call.storage.stories.keep_search(call.chat.id, link, call.now())
    label = call.locale.plain("Add {site}", site=cut(host.removeprefix("www."), _HOST))
    return [(label, pack("do", "addfeed", kept))]
