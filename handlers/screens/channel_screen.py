"""Screens about a channel, shown in the private chat of who manages it."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.news.chat import Chat
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, fitting
from bot.texts.locale import Locale
from handlers.screens import callback_data as carried

_TITLE = 60


def about_channel(
    channel: Chat, locale: Locale, html: Html, buttons: InlineKeyboardMarkup | None
) -> tuple[Html, InlineKeyboardMarkup]:
    """The screen with a line above it that names the channel, where there is room, its buttons
    marked as the channel's, and one that ends that: at `locale.now` at the latest.
    """
    name = cut(channel.title or locale.plain("without a name"), _TITLE)
    until = locale.clock(locale.now)
    line = locale.t("Channel {name}, until {until}", name=bold(name), until=until)
    rows = [
        [_marked(button, channel.id) for button in row]
        for row in (buttons.inline_keyboard if buttons else ())
    ]
    end = InlineKeyboardButton(locale.plain("Stop managing"), callback_data=carried.pack("silent"))
    above = fitting([line, html], "\n\n")
    return (above if above != line else html), InlineKeyboardMarkup([*rows, [end]])


def _marked(button: InlineKeyboardButton, channel_id: int) -> InlineKeyboardButton:
    if not isinstance(button.callback_data, str):
        return button
    data = carried.about_channel(button.callback_data, channel_id)
    return InlineKeyboardButton(button.text, callback_data=data)
