"""Inline keyboards from labels and what their buttons carry."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.news.text.plain import cut
from handlers.callback_data import in_rows

_MOST_BUTTONS = 60
_LONGEST_LABEL = 40

Button = tuple[str, str]
"""A label, and what the button carries."""


def keyboard(*rows: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """A keyboard of these rows; None if there is no button in them."""
    made = [
        [
            InlineKeyboardButton(cut(label, _LONGEST_LABEL), callback_data=data)
            for label, data in row
        ]
        for row in rows
        if row
    ]
    return InlineKeyboardMarkup(made) if made else None


def arranged(buttons: Sequence[Button]) -> list[list[Button]]:
    """Buttons in rows that fit a phone."""
    shown = buttons[:_MOST_BUTTONS]
    return [[shown[i] for i in row] for row in in_rows([label for label, _ in shown])]
