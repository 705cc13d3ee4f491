"""The button under an alert, and what it offers: why it came, less of it, more of it, its link."""

from collections import Counter

from msgspec.structs import replace
from telegram import InlineKeyboardMarkup

from bot.delivery.asking import Buttons
from bot.delivery.render import StoryView, others_of
from bot.delivery.views import DeliveryView
from bot.errors import BadInput
from bot.news.outbox import Alert, Also, Attached, Delivery, DeliveryKind
from bot.news.telling.durations import split_until
from bot.news.text.plain import cut, tidy
from bot.texts.html import bold
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import channels, feedback, topic
from handlers.routing.pleas import Plea
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, copying, keyboard, lone
from handlers.screens.pages import page_of
from handlers.surface import Action, Command, Where

_OFFERED = 6
_TOPICS = 3
_NAME = 24
_SHORT_NAME = 16
_OPEN_SECONDS = 60.0
_TITLE = 100


def buttons_under(delivery: Delivery, view: DeliveryView) -> Buttons | None:
    """What stands under a delivery. A channel's readers may not change anything: nothing there."""
    if delivery.kind is DeliveryKind.DIGEST:
        return keyboard(page_of(view.pages, 1, 0).turning(view.locale, "digest", delivery.id))
    wanted = delivery.buttons and delivery.chat_kind != "channel"
    if delivery.kind is not DeliveryKind.ALERT or not wanted:
        return None
    return _closed(delivery.id, view.locale)


async def options(call: Call, press: Press) -> None:
    """Opens the options of an alert, in place of its button. In a group they close again after a
    minute: the alert is due to be drawn anew, which a restart does not forget.
    """
    alert = await _alert(call, press)
    if alert is None:
        return
    await _show(call, _open(alert, call))
    if call.chat.kind != "private":
        now = call.now()
        await call.storage.alerts.close_options(alert.delivery_id, now + _OPEN_SECONDS, now)
        call.services.outbox.ring()


async def replied_to(call: Call) -> Alert | None:
    """The alert that was replied to, if it was one, in the group of a channel also one of it."""
    replied = await channels.told(call)
    if replied is None:
        return None
    delivery = await call.storage.history.delivery_of(*replied)
    return await call.storage.alerts.get(delivery) if delivery is not None else None


async def offer(call: Call) -> None:
    """Shows the options of the alert that was replied to, below what was written: its source is
    muted for the time that was named.
    """
    if alert := await replied_to(call):
        until = until_said(call, call.words)
        is_own = alert.chat_id == call.chat.id
        ways = _open(alert, call, until) if is_own else keyboard(*mutes(alert, call, until))
        await call.answer(bold(cut(tidy(alert.title), _TITLE)), ways)


async def more_like(call: Call) -> None:
    """Proposes what would bring more like the alert that was replied to."""
    alert = await replied_to(call)
    if alert and alert.chat_id != call.chat.id:
        await offer(call)
    elif alert:
        await feedback.more(call, Press("more", (str(alert.delivery_id),)))


async def close(call: Call, press: Press) -> None:
    """Closes the options."""
    await _show(call, _closed(press.number(0) or 0, call.locale))


async def mute_story(call: Call, press: Press) -> None:
    """Mutes what follows of the story, or lets it alert again."""
    alert = await _alert(call, press, of_channels=True)
    if alert is None:
        return
    muted = not alert.muted
    await call.storage.alerts.mute_story(alert.chat_id, alert.story_id, muted, call.now())
    is_own = alert.chat_id == call.chat.id
    await _show(call, _closed(alert.delivery_id, call.locale) if is_own else None)
    silent = say("Muted. No more alerts about this story.")
    heard = say("Unmuted. Alerts about it can come again.")
    await call.note(silent if muted else heard)


async def leave(call: Call, press: Press) -> None:
    """Unfollows a topic that brought the alert. What is said of it comes as a message of its own:
    the alert stays as it is.
    """
    alert = await _alert(call, press)
    if alert is None:
        return
    await _show(call, _closed(alert.delivery_id, call.locale))
    unfollowed = Press("unfollow", press.arguments[1:])
    await topic.unfollow(replace(call, message_id=None), unfollowed)


async def take_out(call: Call, press: Press) -> None:
    """Takes a report out of the story; it comes as an alert of its own."""
    alert = await _alert(call, press)
    if alert is None:
        return
    if all(each.report_id != press.number(1) for each in alert.also):
        await _show(call, _closed(alert.delivery_id, call.locale))
        await call.note(say("This story no longer has that source."))
        return
    who = call.user.id if call.user and not call.as_chat else 0
    await call.storage.alerts.take_out(alert, press.number(1) or 0, call.now(), who)
    call.services.outbox.ring()
    await call.note(say("Taken out. It comes as an alert of its own."))


async def _alert(call: Call, press: Press, *, of_channels: bool = False) -> Alert | None:
    """The alert that was pressed, if it is one of this chat, or of a channel that the person
    administers: buttons may be forged.
    """
    alert = await call.storage.alerts.get(press.number(0) or 0)
    is_own = alert is not None and alert.chat_id == call.chat.id
    if alert and not is_own and of_channels:
        is_own = await channels.administers(call, alert.chat_id)
    if alert is None or not is_own:
        await call.note(say("This alert is too old to change."))
        return None
    return alert


async def _show(call: Call, buttons: Buttons | None) -> None:
    if call.message_id is not None:
        await call.services.sender.change_buttons(call.chat.id, call.message_id, buttons)


def _closed(delivery_id: int, locale: Locale) -> Buttons:
    return lone(locale.plain("Options"), pack("alert", delivery_id))


def until_said(call: Call, words: str) -> float | None:
    """Until when something is to be muted, where words end with a time."""
    try:
        return split_until(words, call.chat.timezone, call.now())[1]
    except BadInput:
        return None


def mutes(alert: Alert, call: Call, until: float | None = None) -> list[list[Button]]:
    """The rows that mute the story of an alert, or its source, until then where that is said."""
    locale = call.locale
    verb = say("Unmute this story") if alert.muted else say("Mute this story")
    rows: list[list[Button]] = [[(locale.plain(verb), pack("mute_story", alert.delivery_id))]]
    if alert.feed_id:
        source = cut(tidy(alert.source), _NAME)
        data = pack("mute_source", alert.delivery_id)
        label = locale.plain("Mute {source}", source=source)
        if until is not None:
            data = pack("mute_source", alert.delivery_id, int(until))
            source = cut(source, _SHORT_NAME)
            label = locale.plain(
                "Mute {source} until {time}", source=source, time=locale.end(until)
            )
        rows.append([(label, data)])
    return rows


def _open(alert: Alert, call: Call, until: float | None = None) -> InlineKeyboardMarkup | None:
    number, locale = alert.delivery_id, call.locale
    topics = [
        (locale.plain("Unfollow {topic}", topic=cut(name, _NAME)), pack("leave", number, topic_id))
        for topic_id, name in zip(alert.topic_ids, alert.topics, strict=True)
    ]
    return keyboard(
        [
            (locale.plain("Why?"), pack("why", number)),
            *copying(locale.plain("Copy link"), alert.link),
        ],
        [
            (locale.plain("More like this"), pack("more", number)),
            (locale.plain("Less like this"), pack("less", number)),
        ],
        *mutes(alert, call, until),
        *([each] for each in topics[:_TOPICS]),
        *([each] for each in _others(alert, locale)),
        [(locale.plain("Close"), pack("alert_close", number))],
    )


def _others(alert: Alert, locale: Locale) -> list[Button]:
    """A button for each other report that the alert lists; by its headline where several are of
    one source.
    """
    by_report = {_also(each): each for each in alert.also}
    item = StoryView(
        alert.title, "", alert.link, alert.source, 0.0,
        original=alert.original, also=tuple(by_report),
    )  # fmt: skip
    listed = [by_report[each] for each in others_of(item)][:_OFFERED]
    sources = Counter(each.source for each in listed)
    return [
        (
            locale.plain(
                "Not the same: {report}",
                report=each.source if sources[each.source] == 1 else each.title,
            ),
            pack("take_out", alert.delivery_id, each.report_id),
        )
        for each in listed
    ]


def _also(each: Attached) -> Also:
    return Also(each.source, each.title, each.link, each.original, each.doubtful)


REPLIES = {
    Plea.LESS: Command("", offer, where=Where.HERE),
    Plea.MORE: Command("", more_like, where=Where.HERE),
}
"""What answers a reply to an alert."""
ACTIONS = (
    Action("alert", options, under_news=True),
    Action("alert_close", close, under_news=True),
    Action("mute_story", mute_story, under_news=True),
    Action("leave", leave, under_news=True),
    Action("take_out", take_out, under_news=True),
)
