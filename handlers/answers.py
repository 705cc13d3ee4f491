"""What was heard a short while ago and how it was answered, so that an edit changes the answer.

A message that is edited within ten minutes is answered where the first answer stands.
"""

from dataclasses import dataclass
from typing import TypeVar

from telegram import InlineKeyboardMarkup

from bot.news.chat import FirstStep

_SECONDS = 600.0
_BEGUN_SECONDS = 120.0
"""For so long what is written next ends a command: later it is rather looked for."""
_MOST = 5_000
_MOST_ALBUMS = 1_000
_MOST_ASKED = 1_000
_MOST_ASKED_WORDS = 1_000
_MOST_BEGUN = 1_000
_MOST_PRESSES = 1_000
_MOST_UNDONE = 1_000
_MOST_OPENED = 5_000
_UNDO_SECONDS = 60.0
"""For so long a topic that was removed can be brought back too."""


@dataclass
class HeardMessage:
    """A message of a person: when it came, what it said, and the answer that an edit replaces.

    `is_stale` says that the answer is to what the message said before.
    """

    at: float
    said: int
    answer_id: int | None = None
    is_stale: bool = False


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_Asked = tuple[int, int, int]
"""The chat, the thread and the person of a question."""


class Answers:
    """The newest messages that were answered; times are seconds since 1970."""

    def __init__(self) -> None:
        self._heard: dict[tuple[int, int], HeardMessage] = {}
        self._albums: dict[int, str] = {}
        self._asked: dict[int, tuple[float, FirstStep]] = {}
        self._asked_words: dict[tuple[int, int], None] = {}
        self._begun: dict[int, tuple[float, str, str]] = {}
        self._presses: dict[_Asked, tuple[float, InlineKeyboardMarkup]] = {}
        self._undo: dict[int, tuple[float, str]] = {}
        self._opened: dict[tuple[int, int], int] = {}

    def hear(self, chat_id: int, message_id: int, text: str, now: float) -> HeardMessage:
        """Keeps a message in mind."""
        self._forget(now)
        heard = self._heard[chat_id, message_id] = HeardMessage(now, hash(text))
        return heard

    def hear_again(
        self, chat_id: int, message_id: int, text: str, now: float
    ) -> HeardMessage | None:
        """A message that was edited; None for one that says the same, which Telegram reports too,
        and for one that is not kept in mind any more.
        """
        self._forget(now)
        heard = self._heard.get((chat_id, message_id))
        if heard is None or heard.said == hash(text):
            return None
        heard.said, heard.is_stale = hash(text), heard.answer_id is not None
        return heard

    def is_of_last_album(self, chat_id: int, album: str | None) -> bool:
        """Whether a part of this album came before it; notes that one did."""
        if album is None:
            return False
        known = self._albums.pop(chat_id, None) == album
        self._albums[chat_id] = album
        if len(self._albums) > _MOST_ALBUMS:
            del self._albums[next(iter(self._albums))]
        return known

    def ask_step(self, chat_id: int, step: FirstStep, now: float) -> None:
        """Notes that a person was asked this; what they write next may say it."""
        _keep(self._asked, chat_id, (now, step), _MOST_ASKED)

    def step_asked(self, chat_id: int, now: float) -> FirstStep | None:
        """What was asked a short while ago and not answered since."""
        at, step = self._asked.get(chat_id, (0.0, None))
        return step if now - at <= _SECONDS else None

    def end_step(self, chat_id: int) -> None:
        """Notes that what was asked is over: a command came, a button was pressed, or all is
        answered.
        """
        self._asked.pop(chat_id, None)
        self._begun.pop(chat_id, None)

    def begin_command(self, chat_id: int, name: str, words: str, now: float) -> None:
        """Notes that a person was asked for the end of a command that begins with these words."""
        _keep(self._begun, chat_id, (now, name, words), _MOST_BEGUN)

    def command_begun(self, chat_id: int, now: float) -> tuple[str, str]:
        """The command, by its name and its first words, that what is written next ends; once. Empty
        where none was begun a short while ago.
        """
        at, name, words = self._begun.pop(chat_id, (0.0, "", ""))
        return (name, words) if now - at <= _BEGUN_SECONDS else ("", "")

    def ask_words(self, chat_id: int, message_id: int) -> None:
        """Notes that a message of ours asks what to look for; what replies to it says that."""
        _keep(self._asked_words, (chat_id, message_id), None, _MOST_ASKED_WORDS)

    def asks_words(self, chat_id: int, message_id: int) -> bool:
        """Whether a message of ours asks what to look for."""
        return (chat_id, message_id) in self._asked_words

    def ask_press(self, asked: _Asked, buttons: InlineKeyboardMarkup, now: float) -> None:
        """Notes that a person was asked what only these buttons answer."""
        _keep(self._presses, asked, (now, buttons), _MOST_PRESSES)

    def press_asked(self, asked: _Asked, now: float) -> InlineKeyboardMarkup | None:
        """The buttons that answer what was asked last, once, if that was a short while ago."""
        at, buttons = self._presses.pop(asked, (0.0, None))
        return buttons if now - at <= _SECONDS else None

    def open_screen(self, chat_id: int, message_id: int, user_id: int) -> None:
        """Notes for whom a message of ours in a group reads as it does."""
        _keep(self._opened, (chat_id, message_id), user_id, _MOST_OPENED)

    def is_own_screen(self, chat_id: int, message_id: int, user_id: int) -> bool:
        """Whether a message of ours reads as it does for this person; of what nobody asked for, and
        of what was before a start, it is not known.
        """
        return self._opened.get((chat_id, message_id)) == user_id

    def offer_undo(self, chat_id: int, data: str, now: float) -> None:
        """Notes what the button carries that undoes what was done last in a chat."""
        _keep(self._undo, chat_id, (now, data), _MOST_UNDONE)

    def last_undo(self, chat_id: int, now: float) -> str:
        """What undoes what was done a moment ago, once; "" where nothing does."""
        at, data = self._undo.pop(chat_id, (0.0, ""))
        return data if now - at <= _UNDO_SECONDS else ""

    def _forget(self, now: float) -> None:
        """Forgets what is too old or too much, oldest first."""
        while self._heard:
            oldest = next(iter(self._heard))
            if len(self._heard) < _MOST and now - self._heard[oldest].at <= _SECONDS:
                return
            del self._heard[oldest]


def _keep(table: dict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    """Keeps a value as the newest of so many at most."""
    table.pop(key, None)
    table[key] = value
    if len(table) > most:
        del table[next(iter(table))]
