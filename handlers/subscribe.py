"""/subscribe and /unsubscribe: every story of the catalogue, or of one source."""

from bot import actions
from bot.delivery.render import bold, escape
from bot.news.feed import Feed
from bot.news.text import cut
from handlers.buttons import Press, pack
from handlers.keeping import begin
from handlers.keyboard import arranged, keyboard
from handlers.kit import Call
from handlers.rights import may_change, refuse

_OFFERED = 12


async def subscribe(call: Call) -> None:
    """Follows all, or the source that the words name."""
    await _change(call, on=True)


async def unsubscribe(call: Call) -> None:
    """Ends that."""
    await _change(call, on=False)


async def press(call: Call, pressed: Press) -> None:
    """A button that names a feed by number, or all."""
    if not await may_change(call):
        await refuse(call)
        return
    on = pressed.action.startswith("subscribe")
    feed = None
    if not pressed.action.endswith("_all"):
        catalogue = await call.kit.storage.feeds.all()
        feed = next((feed for feed in catalogue if feed.id == pressed.number(0)), None)
        if feed is None:
            await call.note("That source is gone.")
            return
    await call.note()
    await _apply(call, feed, on=on)


async def _change(call: Call, *, on: bool) -> None:
    if not await may_change(call):
        await refuse(call)
        return
    wanted = call.words.strip()
    if not wanted:
        if on or not await _offer_what_is_followed(call):
            await _apply(call, None, on=on)
        return
    found = actions.find_feeds(await call.kit.storage.feeds.all(), wanted)
    if len(found) == 1:
        await _apply(call, found[0], on=on)
        return
    action = "subscribe" if on else "unsubscribe"
    said = f"{len(found)} sources fit" if found else "No source is called"
    await call.answer(
        f"{escape(f'{said} {cut(wanted, 60)!r}.')}"
        + (" Which one?" if found else " /subscribe alone follows them all."),
        keyboard(*arranged([(f.title or f.url, pack(action, f.id)) for f in found[:_OFFERED]])),
    )


async def _offer_what_is_followed(call: Call) -> bool:
    """Where single sources are followed and not all, asks which one to end."""
    followed = await call.kit.storage.chats.subscriptions(call.chat.id)
    here = {s.feed_id for s in followed if s.thread_id == call.thread_id}
    if None in here or not here:
        return False
    feeds = [feed for feed in await call.kit.storage.feeds.all() if feed.id in here]
    buttons = [(feed.title or feed.url, pack("unsubscribe", feed.id)) for feed in feeds]
    await call.answer("Which source should ring no more?", keyboard(*arranged(buttons)))
    return True


async def _apply(call: Call, feed: Feed | None, *, on: bool) -> None:
    chats, now = call.kit.storage.chats, call.kit.now()
    what = bold(feed.title or feed.url) if feed else "every story"
    if on:
        await begin(call)
        new = await actions.subscribe(chats, call.chat.id, call.thread_id, feed, now)
        text = f"This chat follows {what}{' from now on' if new else ' already'}."
        if new and feed is None:
            text += " To hear less, /unsubscribe and name topics: /topic ceasefire"
        await call.answer(text, keyboard([("Newest stories", pack("latest", 0))]))
        return
    ended = await actions.unsubscribe(chats, call.chat.id, call.thread_id, feed)
    text = f"This chat no longer follows {what}." if ended else f"This chat does not follow {what}."
    await call.answer(text + await _still(call, feed))


async def _still(call: Call, feed: Feed | None) -> str:
    """What goes on ringing here after that."""
    topics = await call.kit.storage.chats.topics(call.chat.id)
    left = await call.kit.storage.chats.subscriptions(call.chat.id)
    if feed and any(s.feed_id is None for s in left):
        return " It follows every story, of that source too; /unsubscribe ends that."
    parts = []
    if left:
        parts.append(f"{len(left)} source{'s' if len(left) > 1 else ''}")
    if topics:
        parts.append(f"{len(topics)} topic{'s' if len(topics) > 1 else ''}")
    return f" It still follows {' and '.join(parts)}." if parts else ""
