"""Inline keyboards from labels and what their buttons carry."""

from collections.abc import Sequence

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.news.text.plain import cut
from bot.texts.html import balanced
from handlers.callback_data import in_rows

_MOST_BUTTONS = 60
_LONGEST_LABEL = 40
_MOST_COPIED = 256  # Bot API, CopyTextButton

Button = tuple[str, str]
"""A label, and what the button carries."""


def keyboard(*rows: Sequence[Button | InlineKeyboardButton]) -> InlineKeyboardMarkup | None:
    """A keyboard of these rows; None if there is no button in them."""
    made = [[_made(each) for each in row] for row in rows if row]
    return InlineKeyboardMarkup(made) if made else None


def _made(button: Button | InlineKeyboardButton) -> InlineKeyboardButton:
    if isinstance(button, InlineKeyboardButton):
        return button
    label, data = button
    shown = balanced(cut(label, _LONGEST_LABEL))
    return InlineKeyboardButton(shown, callback_data=data)


def copying(label: str, text: str | None) -> list[InlineKeyboardButton]:
    """A button that copies a text on the reader's device; none for a longer one than Telegram
    takes.
    """
    if not text or len(text) > _MOST_COPIED:
        return []
    return [InlineKeyboardButton(label, copy_text=CopyTextButton(text))]


def arranged(buttons: Sequence[Button]) -> list[list[Button]]:
    """Buttons in rows that fit a phone."""
    shown = buttons[:_MOST_BUTTONS]
    return [[shown[i] for i in row] for row in in_rows([label for label, _ in shown])]
