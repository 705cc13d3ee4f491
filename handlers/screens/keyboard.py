"""Inline keyboards from labels and what their buttons carry."""

from collections.abc import Sequence
from functools import lru_cache

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.delivery.asking import Buttons
from bot.news.text.plain import cut
from bot.texts.html import balanced
from handlers.screens.callback_data import in_rows

MOST_BUTTONS = 60
"""So many are arranged; of more, a screen has pages or says so."""
_MOST_ABREAST = 3
_LONGEST_LABEL = 40
_MOST_COPIED = 256  # Bot API, CopyTextButton

Button = tuple[str, str]
"""A label, and what the button carries."""


def keyboard(*rows: Sequence[Button | InlineKeyboardButton]) -> InlineKeyboardMarkup | None:
    """A keyboard of these rows, of which those are broken whose labels a phone would cut; None if
    there is no button in them.
    """
    made = [part for row in rows for part in _broken([_made(each) for each in row])]
    return InlineKeyboardMarkup(made) if made else None


def lone(label: str, data: str) -> Buttons:
    """A keyboard of one button: what stands under every alert."""
    return {"inline_keyboard": [[{"text": _shown(label), "callback_data": data}]]}


@lru_cache(maxsize=256)
def _shown(label: str) -> str:
    return balanced(cut(label, _LONGEST_LABEL))


def _broken(row: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """The row, or those that it becomes: languages need more room than English for some labels.
    Rows of more than three are of days and the like, which are short in all.
    """
    if len(row) > _MOST_ABREAST:
        return [row]
    return [[row[i] for i in part] for part in in_rows([each.text for each in row])]


def _made(button: Button | InlineKeyboardButton) -> InlineKeyboardButton:
    if isinstance(button, InlineKeyboardButton):
        return button
    label, data = button
    return InlineKeyboardButton(_shown(label), callback_data=data)


def copying(label: str, text: str | None) -> list[InlineKeyboardButton]:
    """A button that copies a text on the reader's device; none for a longer one than Telegram
    takes.
    """
    if not text or len(text) > _MOST_COPIED:
        return []
    return [InlineKeyboardButton(label, copy_text=CopyTextButton(text))]


def arranged(buttons: Sequence[Button]) -> list[list[Button]]:
    """Buttons in rows that fit a phone."""
    shown = buttons[:MOST_BUTTONS]
    return [[shown[i] for i in row] for row in in_rows([label for label, _ in shown])]
