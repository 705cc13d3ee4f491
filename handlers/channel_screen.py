"""Screens about a channel, shown in the private chat of who speaks for it."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.delivery.render import bold, clock, fitting
from bot.news.chat import Chat
from bot.news.text.plain import cut
from handlers import callback_data as carried

_TITLE = 60
_LABEL = 24


def about_channel(
    channel: Chat,
    timezone: str,
    until: float,
    html: str,
    buttons: InlineKeyboardMarkup | None,
) -> tuple[str, InlineKeyboardMarkup]:
    """The screen with a line above it that names the channel, where there is room, its buttons
    marked as the channel's, and one that ends speaking for it.
    """
    name = cut(channel.title or "without a name", _TITLE)
    line = f"For the channel {bold(name)}, until {clock(until, timezone, until)}"
    rows = [
        [_marked(button, channel.id) for button in row]
        for row in (buttons.inline_keyboard if buttons else ())
    ]
    end = InlineKeyboardButton(
        f"End speaking for {cut(name, _LABEL)}", callback_data=carried.pack("silent")
    )
    above = fitting([line, html], "\n\n")
    return (above if above != line else html), InlineKeyboardMarkup([*rows, [end]])


def _marked(button: InlineKeyboardButton, channel_id: int) -> InlineKeyboardButton:
    if not isinstance(button.callback_data, str):
        return button
    data = carried.about_channel(button.callback_data, channel_id)
    return InlineKeyboardButton(button.text, callback_data=data)
