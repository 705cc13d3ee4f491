"""More commands at once than a person means: they are left undone, and that is said.

A flood is answered with one message. It names what was not done, and is edited while more comes.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.delivery.outcome import Sent
from bot.delivery.send import Address, Sender
from bot.delivery.windows import TimeWindow
from bot.news.text.plain import cut, tidy
from bot.texts.html import Html, code
from bot.texts.locale import Locale

MOST, IN_SECONDS = 20, 30.0
_MOST_KNOWN = 10_000
_NAMED = 10
_COMMAND = 40


@dataclass
class _Flood:
    """What was left undone in a chat, and the message that says so."""

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
        self._windows: dict[int, TimeWindow] = {}
        self._floods: dict[int, _Flood] = {}

    def is_one(self, who: int) -> bool:
        """Counts a command or a press of somebody; True if it is one too many."""
        now = self._now()
        if len(self._windows) > _MOST_KNOWN:
            self._windows = {k: w for k, w in self._windows.items() if not w.idle(now)}
        window = self._windows.setdefault(who, TimeWindow(MOST, IN_SECONDS))
        if window.ready_at(now) > now:
            return True
        window.take(now)
        return False

    def leave(self, address: Address, command: str, locale: Locale) -> None:
        """Notes that a command is not done, and how who sent it is spoken to."""
        now = self._now()
        self._forget(now)
        flood = self._floods.setdefault(address.chat_id, _Flood(address, locale, now))
        flood.locale, flood.last_at, flood.news = locale, now, True
        name = cut(tidy(command), _COMMAND)
        if name in flood.left or len(flood.left) < _NAMED:
            flood.left[name] += 1
        else:
            flood.unnamed += 1

    async def say(self, chat_id: int) -> None:
        """Says in the chat what was left since it was last said."""
        flood = self._floods.get(chat_id)
        if flood is None or not flood.news:
            return
        flood.news = False
        html = _words(flood.left, flood.unnamed, flood.locale)
        if flood.message_id and await self._sender.edit(chat_id, flood.message_id, html):
            return
        outcome = await self._sender.reply(flood.address, html, None)
        flood.message_id = outcome.message_id if isinstance(outcome, Sent) else None

    def _forget(self, now: float) -> None:
        """Floods end when nothing was left for as long as commands are counted."""
        if len(self._floods) > _MOST_KNOWN or any(
            now - flood.last_at > IN_SECONDS for flood in self._floods.values()
        ):
            self._floods = {
                k: flood for k, flood in self._floods.items() if now - flood.last_at <= IN_SECONDS
            }


def _words(left: Mapping[str, int], unnamed: int, locale: Locale) -> Html:
    """What was left undone, in words."""
    named = locale.list(
        locale.t("{command} ({n} times)", command=code(command), n=times)
        if times > 1
        else code(command)
        for command, times in left.items()
    )
    if unnamed:
        named = locale.t("{commands} and {more} more", commands=named, more=unnamed)
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
