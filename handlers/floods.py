"""More commands at once than a person means, or than may be answered: they are left, and that is
said.

A flood is answered with one message. It names what was left, and is edited while more comes.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from bot.delivery.outcome import Sent, Wait
from bot.delivery.send import Address, Sender
from bot.delivery.windows import TimeWindow
from bot.news.text.plain import cut, tidy
from bot.texts.html import Html, code
from bot.texts.locale import Locale

MOST, IN_SECONDS = 20, 30.0
_CHATS_OF_ONE = 3
"""All chats of a keeper, written to as themselves, count as so many people."""
_MOST_KNOWN = 10_000
_NAMED = 10
_COMMAND = 40
# A group that was written to as often as it may be waits for a minute at most.
_PATIENCE_SECONDS = 60.0


class Left(Enum):
    """Why something was left."""

    UNDONE = "it was one of more than a person means"
    UNANSWERED = "the chat could not be written to soon enough"


@dataclass
class _Flood:
    """What was left in a chat for one reason, and the message that says so."""

    why: Left
    address: Address
    locale: Locale
    last_at: float
    left: Counter[str] = field(default_factory=Counter)
    unnamed: int = 0
    message_id: int | None = None
    news: bool = True


class Floods:
    """Counts what each person asks for, and says what was not done."""

    def __init__(self, sender: Sender, now: Callable[[], float]) -> None:
        self._sender = sender
        self._now = now
        self._windows: dict[tuple[int, bool], TimeWindow] = {}
        self._floods: dict[tuple[int, Left], _Flood] = {}

    def is_one(self, who: int, keeper: int | None = None) -> bool:
        """Counts a command or a press of somebody; True if it is one too many. Who writes as a chat
        is that chat; all chats of one `keeper` have an account together too, which is not theirs.
        """
        now = self._now()
        if len(self._windows) > _MOST_KNOWN:
            self._windows = {k: w for k, w in self._windows.items() if not w.idle(now)}
        windows = [self._windows.setdefault((who, False), TimeWindow(MOST, IN_SECONDS))]
        if keeper:
            most = MOST * _CHATS_OF_ONE
            windows.append(self._windows.setdefault((keeper, True), TimeWindow(most, IN_SECONDS)))
        if any(window.ready_at(now) > now for window in windows):
            return True
        for window in windows:
            window.take(now)
        return False

    def leave(
        self, address: Address, command: str, locale: Locale, why: Left = Left.UNDONE
    ) -> None:
        """Notes that a command was left, and how who sent it is spoken to."""
        now = self._now()
        self._forget(now)
        flood = self._floods.setdefault((address.chat_id, why), _Flood(why, address, locale, now))
        flood.locale, flood.last_at, flood.news = locale, now, True
        name = cut(tidy(command), _COMMAND)
        if name in flood.left or len(flood.left) < _NAMED:
            flood.left[name] += 1
        else:
            flood.unnamed += 1

    async def say(self, chat_id: int) -> None:
        """Says in the chat what was left since it was last said."""
        for why in Left:
            flood = self._floods.get((chat_id, why))
            if flood is not None and flood.news:
                await self._say(flood)

    async def _say(self, flood: _Flood) -> None:
        flood.news = False
        html = _words(flood)
        if flood.message_id and await self._sender.edit(
            flood.address.chat_id, flood.message_id, html
        ):
            return
        outcome = await self._sender.reply(flood.address, html, patience=_PATIENCE_SECONDS)
        flood.message_id = outcome.message_id if isinstance(outcome, Sent) else None
        flood.news |= isinstance(outcome, Wait)
        flood.last_at = self._now()  # what comes now is named in that message

    def _forget(self, now: float) -> None:
        """Floods end when nothing was left for as long as commands are counted."""
        if len(self._floods) > _MOST_KNOWN or any(
            now - flood.last_at > IN_SECONDS for flood in self._floods.values()
        ):
            self._floods = {
                k: flood for k, flood in self._floods.items() if now - flood.last_at <= IN_SECONDS
            }


def _words(flood: _Flood) -> Html:
    """What was left, in words."""
    left, unnamed, locale = flood.left, flood.unnamed, flood.locale
    named = locale.list(
        locale.t("{command} ({n} times)", command=code(command), n=times)
        if times > 1
        else code(command)
        for command, times in left.items()
    )
    if unnamed:
        named = locale.t("{commands} and {more} more", commands=named, more=unnamed)
    if flood.why is Left.UNANSWERED:
        return locale.t(
            "Telegram lets me write only so often here. Not answered: {commands}. Wait a minute,"
            " then ask again.",
            commands=named,
        )
    return locale.n(
        "More than {most} commands in {seconds} seconds. Not done: {commands}. Wait half a minute,"
        " then send it again.",
        "More than {most} commands in {seconds} seconds. Not done: {commands}. Wait half a minute,"
        " then send them again.",
        sum(left.values()) + unnamed,
        most=MOST,
        seconds=int(IN_SECONDS),
        commands=named,
    )
