"""The button under an alert, and what it offers: mute the story, take a report out of it."""

from telegram import InlineKeyboardMarkup

from bot.delivery import digest_page
from bot.news.outbox import Alert, Delivery, DeliveryKind
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import keyboard
from handlers.pages import page_of
from handlers.surface import Action, Who

_OFFERED = 6


def buttons_under(delivery: Delivery) -> InlineKeyboardMarkup | None:
    """What stands under a delivery. A channel's readers may not change anything: nothing there."""
    if delivery.kind is DeliveryKind.DIGEST:
        pages = digest_page.paged(delivery.gathered, delivery.timezone, delivery.at)
        return keyboard(page_of(len(pages), 1, 0).turning("digest", delivery.id))
    wanted = delivery.buttons and delivery.chat_kind != "channel"
    if delivery.kind is not DeliveryKind.ALERT or not wanted:
        return None
    return _closed(delivery.id)


async def options(call: Call, press: Press) -> None:
    """Opens the options of an alert, in place of its button."""
    if alert := await _alert(call, press):
        await _show(call, _open(alert))
        await call.note()


async def close(call: Call, press: Press) -> None:
    """Closes the options."""
    await _show(call, _closed(press.number(0) or 0))
    await call.note()


async def mute_story(call: Call, press: Press) -> None:
    """Mutes what follows of the story, or lets it ring again."""
    alert = await _alert(call, press)
    if alert is None:
        return
    muted = not alert.muted
    await call.storage.alerts.mute_story(alert.chat_id, alert.story_id, muted, call.now())
    await _show(call, _closed(alert.delivery_id))
    await call.note("What follows of this story stays silent." if muted else "It may ring again.")


async def take_out(call: Call, press: Press) -> None:
    """Takes a report out of the story; it comes as an alert of its own."""
    alert = await _alert(call, press)
    if alert is None:
        return
    if all(each.report_id != press.number(1) for each in alert.also):
        await _show(call, _closed(alert.delivery_id))
        await call.note("That report is not part of this story any more.")
        return
    who = call.user.id if call.user and not call.as_chat else 0
    await call.storage.alerts.take_out(alert, press.number(1) or 0, call.now(), who)
    call.services.outbox.ring()
    await call.note("Taken out. It comes as a message of its own.")


async def _alert(call: Call, press: Press) -> Alert | None:
    """The alert that was pressed, if it is one of this chat: buttons may be forged."""
    alert = await call.storage.alerts.get(press.number(0) or 0)
    if alert is None or alert.chat_id != call.chat.id:
        await call.note("This alert is too old to change.")
        return None
    return alert


async def _show(call: Call, buttons: InlineKeyboardMarkup | None) -> None:
    if call.message_id is not None:
        await call.services.sender.change_buttons(call.chat.id, call.message_id, buttons)


def _closed(delivery_id: int) -> InlineKeyboardMarkup | None:
    return keyboard([("Options", pack("alert", delivery_id))])


def _open(alert: Alert) -> InlineKeyboardMarkup | None:
    verb = "Unmute this story" if alert.muted else "Mute this story"
    rows = [
        [
            ("More like this", pack("more", alert.delivery_id)),
            ("Less like this", pack("less", alert.delivery_id)),
        ],
        [(verb, pack("mute_story", alert.delivery_id))],
    ]
    if alert.feed_id:
        rows.append([(f"Mute {alert.source} for 2 days", pack("mute_source", alert.delivery_id))])
    rows += [
        [
            (
                f"Not the same: {each.source}: {each.title}",
                pack("take_out", alert.delivery_id, each.report_id),
            )
        ]
        for each in alert.also[:_OFFERED]
    ]
    rows.append([("Close", pack("alert_close", alert.delivery_id))])
    return keyboard(*rows)


ACTIONS = (
    Action("alert", options),
    Action("alert_close", close),
    Action("mute_story", mute_story, Who.CHANGERS),
    Action("take_out", take_out, Who.CHANGERS),
)
