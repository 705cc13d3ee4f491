"""What a delivery looks like: the one message that it is, cut once, from one clock. Pure."""

from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from bot.delivery import render
from bot.delivery.digest_page import digest_view, first_part
from bot.delivery.render import Message, StoryView
from bot.news.outbox import Delivery, DeliveryKind
from bot.texts.locale import Locale

_REMEMBERED = 256


class DeliveryView(Struct, frozen=True):
    """A message as a reader sees it, and of how many pages it is the first. A digest that is not
    there yet is sent as its `first` part, and edited into the message then.
    """

    message: Message
    locale: Locale
    pages: int = 1
    first: Message | None = None


def locale_of(delivery: Delivery, now: float) -> Locale:
    """Who reads a delivery."""
    return Locale(delivery.language, delivery.timezone, now)


def view_of(delivery: Delivery, now: float) -> DeliveryView:
    """How its chat sees a delivery now, in seconds since 1970."""
    locale = locale_of(delivery, now)
    if delivery.kind is DeliveryKind.DIGEST:
        view = digest_view(delivery.gathered, locale, delivery.digest, delivery.quiet)
        first = first_part(delivery.gathered, locale) if delivery.message_id is None else None
        return DeliveryView(view.page(0), locale, len(view.pages), first)
    item = StoryView(
        delivery.title,
        delivery.summary,
        delivery.link,
        delivery.source,
        delivery.at,
        # Where there is but one topic, it says nothing.
        delivery.topics if delivery.topics_of_chat > 1 else (),
        delivery.original,
        delivery.also,
        elsewhere=delivery.elsewhere,
    )
    pictured = bool(delivery.image) and (delivery.pictures or delivery.as_picture)
    # Of the time only the day is shown, and days begin with a minute in every zone.
    in_minute = replace(locale, now=now // 60 * 60)
    return DeliveryView(_message(delivery.kind, item, in_minute, pictured), locale)


# A story goes to many chats at once, of which most read it in the same words.
@lru_cache(maxsize=_REMEMBERED)
def _message(kind: DeliveryKind, item: StoryView, locale: Locale, pictured: bool) -> Message:
    if kind is DeliveryKind.UPDATE:
        return render.update(item, locale)
    message = render.alert(item, locale)
    return replace(message, caption=render.caption(item, locale)) if pictured else message
