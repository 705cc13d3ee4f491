"""Cutoff: where the bot may not write any more, one person who chose that it should is told, once.

What was told is stored after it was sent, so that a restart repeats nothing; what may have been
sent counts as sent. It is told again only after the bot could write there in between.
"""

from dataclasses import dataclass
from functools import partial

import structlog

from bot.delivery.outcome import Blocked, Moved, NotFound, TokenRefused, TryAgain, Wait
from bot.delivery.render import bold, escape
from bot.delivery.send import Address, Sender
from bot.loops import Now, Stop
from bot.news.chat import Chat
from bot.news.telling.hours import quiet_until
from bot.news.text.plain import cut, tidy
from bot.notices.apart import Apart
from storage.storage import Storage

log = structlog.get_logger(__name__)

_EVERY_SECONDS = 5.0
_AGAIN_SECONDS = 300.0
_NEWS_FOR_SECONDS = 86_400.0
_KEPT_DAYS = 90
_TITLE, _REASON = 80, 120


@dataclass
class CutOffTeller:
    """Tells keepers of groups and channels in their private chats, whose ids are their own."""

    storage: Storage
    sender: Sender
    now: Now
    stop: Stop

    def __post_init__(self) -> None:
        self._wakeup = self.stop.wakeup()
        self._apart = Apart(self.storage.aside, self.now)
        # Chats whose keepers could not be told, and until when others go before them.
        self._later: dict[int, float] = {}

    async def step(self) -> None:
        """One round, then a rest."""
        now = self.now()
        self._later = {chat: at for chat, at in self._later.items() if at > now}
        for chat in await self.storage.keepers.cut_off(now - _NEWS_FOR_SECONDS, self._later):
            # Before it is tried: a chat for whom it fails must not stand first again.
            self._later[chat.id] = now + _AGAIN_SECONDS
            await self._apart.tell(chat.id, partial(self._tell_once, chat))
        await self._wakeup.wait(_EVERY_SECONDS)

    async def _tell_once(self, chat: Chat) -> None:
        if await self._tell(chat):
            await self.storage.keepers.note_told(chat.id)
            del self._later[chat.id]

    async def _tell(self, chat: Chat) -> bool:
        """Tells the newest keeper who can be told; True if nothing is left to do."""
        for person in await self.storage.keepers.reachable(chat.id):
            if quiet_until(person.habits.quiet, person.timezone, self.now()) is not None:
                return False
            outcome = await self.sender.reply(Address(person.id, person.kind), _note(chat))
            if not isinstance(outcome, Blocked | NotFound):
                return not isinstance(outcome, Moved | Wait | TryAgain | TokenRefused)
        return False


def _note(chat: Chat) -> str:
    name = bold(cut(tidy(chat.title), _TITLE) or "a chat without a name")
    reason = escape(cut(tidy(str(chat.reason or "Telegram refuses it")), _REASON))
    right = "make me an administrator who may post" if chat.kind == "channel" else "let me write"
    return (
        f"I cannot write in {name} any more ({reason}), so nothing is told there. To go on, "
        f"{right} there again; what it follows is kept for {_KEPT_DAYS} days."
    )
