"""Cutoff: where the bot may not write any more, one person who chose that it should is told, once.

What was told is stored after it was sent, so that a restart repeats nothing; what may have been
sent counts as sent. It is told again only after the bot could write there in between, and a day
later: who administers a chat may take the bot out and add it as often as they like.
"""

from dataclasses import dataclass
from functools import partial

from bot.news.chat import Chat
from bot.news.text.plain import cut, tidy
from bot.news.why import Code
from bot.notices.apart import Apart
from bot.notices.tell import Notices, Notified
from bot.texts.html import Html, bold, lines
from bot.texts.locale import Locale
from bot.texts.said import say, say_many

_EVERY_SECONDS = 5.0
_AGAIN_SECONDS = 300.0
_TOLD_AGAIN_SECONDS = 86_400.0
_NEWS_FOR_SECONDS = 86_400.0
_MOST_TOLD = 10_000
_KEPT_DAYS = 90
_TITLE = 80


@dataclass
class CutOffTeller:
    """Tells keepers of groups and channels in their private chats, whose ids are their own."""

    notices: Notices

    def __post_init__(self) -> None:
        self._keepers, self._now = self.notices.storage.keepers, self.notices.now
        self._wakeup = self.notices.stop.wakeup()
        self._apart = Apart(self.notices.storage.aside, self._now)
        # Chats whose keepers were told or could not be, and until when they are left alone.
        self._later: dict[int, float] = {}

    async def step(self) -> None:
        """One round, then a rest."""
        now = self._now()
        self._later = {chat: at for chat, at in self._later.items() if at > now}
        for chat in await self._keepers.cut_off(now - _NEWS_FOR_SECONDS, self._later):
            # Before it is tried: a chat for whom it fails must not stand first again.
            self._later[chat.id] = now + _AGAIN_SECONDS
            await self._apart.tell(chat.id, partial(self._tell_once, chat))
        await self._wakeup.wait(_EVERY_SECONDS)

    async def _tell_once(self, chat: Chat) -> None:
        if await self._tell(chat):
            await self._keepers.note_told(chat.id)
            if len(self._later) > _MOST_TOLD:
                self._later.clear()
            self._later[chat.id] = self._now() + _TOLD_AGAIN_SECONDS

    async def _tell(self, chat: Chat) -> bool:
        """Tells the newest keeper who can be told; True if nothing is left to do."""
        for person in await self._keepers.reachable(chat.id):
            told = await self.notices.tell(person, partial(_note, chat))
            if told is not Notified.UNHEARD:
                return told is Notified.OVER
        return False


def _note(chat: Chat, locale: Locale) -> Html:
    name = cut(tidy(chat.title), _TITLE) or locale.t("a chat without a name")
    why = chat.reason.said if chat.reason else say("Telegram refuses it")
    again = (
        say("To go on, make me an administrator there who may post.")
        if chat.kind == "channel"
        else say("To go on, add me again.")
        if chat.reason and chat.reason.code is Code.REMOVED
        else say("To go on, let me write there again.")
    )
    return lines(
        bold(locale.t("I can't write in {chat} any more", chat=name)),
        locale.t("Reason: {why}.", why=why),
        locale.t(again),
        locale.t(say_many("What it follows is kept for {n} days.", _KEPT_DAYS)),
    )
