"""The button under an alert, and what it offers: mute the story, take a report out of it."""

from telegram import InlineKeyboardMarkup

from bot.delivery.views import DeliveryView
from bot.news.outbox import Alert, Delivery, DeliveryKind
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import keyboard
from handlers.pages import page_of
from handlers.surface import Action, Who

_OFFERED = 6


def buttons_under(delivery: Delivery, view: DeliveryView) -> InlineKeyboardMarkup | None:
    """What stands under a delivery. A channel's readers may not change anything: nothing there."""
    if delivery.kind is DeliveryKind.DIGEST:
        return keyboard(page_of(view.pages, 1, 0).turning(view.locale, "digest", delivery.id))
    wanted = delivery.buttons and delivery.chat_kind != "channel"
    if delivery.kind is not DeliveryKind.ALERT or not wanted:
        return None
    return _closed(delivery.id, view.locale)


async def options(call: Call, press: Press) -> None:
    """Opens the options of an alert, in place of its button."""
    if alert := await _alert(call, press):
        await _show(call, _open(alert, call.locale))


async def close(call: Call, press: Press) -> None:
    """Closes the options."""
    await _show(call, _closed(press.number(0) or 0, call.locale))


async def mute_story(call: Call, press: Press) -> None:
    """Mutes what follows of the story, or lets it ring again."""
    alert = await _alert(call, press)
    if alert is None:
        return
    muted = not alert.muted
    await call.storage.alerts.mute_story(alert.chat_id, alert.story_id, muted, call.now())
    await _show(call, _closed(alert.delivery_id, call.locale))
    silent, rings = say("What follows of this story stays silent."), say("It may ring again.")
    await call.note(silent if muted else rings)


async def take_out(call: Call, press: Press) -> None:
    """Takes a report out of the story; it comes as an alert of its own."""
    alert = await _alert(call, press)
    if alert is None:
        return
    if all(each.report_id != press.number(1) for each in alert.also):
        await _show(call, _closed(alert.delivery_id, call.locale))
        await call.note(say("That report is not part of this story any more."))
        return
    who = call.user.id if call.user and not call.as_chat else 0
    await call.storage.alerts.take_out(alert, press.number(1) or 0, call.now(), who)
    call.services.outbox.ring()
    await call.note(say("Taken out. It comes as a message of its own."))


async def _alert(call: Call, press: Press) -> Alert | None:
    """The alert that was pressed, if it is one of this chat: buttons may be forged."""
    alert = await call.storage.alerts.get(press.number(0) or 0)
    if alert is None or alert.chat_id != call.chat.id:
        await call.note(say("This alert is too old to change."))
        return None
    return alert


async def _show(call: Call, buttons: InlineKeyboardMarkup | None) -> None:
    if call.message_id is not None:
        await call.services.sender.change_buttons(call.chat.id, call.message_id, buttons)


def _closed(delivery_id: int, locale: Locale) -> InlineKeyboardMarkup | None:
    return keyboard([(locale.plain("Options"), pack("alert", delivery_id))])


def _open(alert: Alert, locale: Locale) -> InlineKeyboardMarkup | None:
    number = alert.delivery_id
    verb = say("Unmute this story") if alert.muted else say("Mute this story")
    rows = [
        [
            (locale.plain("More like this"), pack("more", number)),
            (locale.plain("Less like this"), pack("less", number)),
        ],
        [(locale.plain(verb), pack("mute_story", number))],
    ]
    if alert.feed_id:
        label = locale.plain("Mute {source} for 2 days", source=alert.source)
        rows.append([(label, pack("mute_source", number))])
    for each in alert.also[:_OFFERED]:
        source, title = each.source, each.title
        label = locale.plain("Not the same: {source}: {title}", source=source, title=title)
        rows.append([(label, pack("take_out", number, each.report_id))])
    rows.append([(locale.plain("Close"), pack("alert_close", number))])
    return keyboard(*rows)


ACTIONS = (
    Action("alert", options, Who.ANYBODY),
    Action("alert_close", close, Who.ANYBODY),
    Action("mute_story", mute_story),
    Action("take_out", take_out),
)
