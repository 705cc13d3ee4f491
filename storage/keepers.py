"""What may be asked of a database about the people behind groups and channels; a part of
`storage.interface`.
"""

from collections.abc import Collection
from typing import Protocol

from bot.news.chat import Chat, Speaking


class Keepers(Protocol):
    """Who let the bot into a chat or chose what it follows, and who speaks for which channel."""

    async def keep(self, chat_id: int, user_id: int, now: float) -> None:
        """Notes a person as the newest keeper of a chat; a few of each chat are remembered."""

    async def leave(self, chat_id: int, user_id: int) -> None:
        """Forgets that a person keeps a chat, and that they speak for it."""

    async def channels_of(self, user_id: int) -> list[Chat]:
        """The channels that a person keeps, by their titles."""

    async def speak(self, user_id: int, chat_id: int, until: float) -> None:
        """Lets a person speak for a channel until then, and for no other."""

    async def speaking(self, user_id: int) -> Speaking | None:
        """For whom a person speaks; also when the time for it is over."""

    async def fall_silent(self, user_id: int) -> None:
        """Ends that."""

    async def reachable(self, chat_id: int) -> list[Chat]:
        """The private chats of those who keep a chat and are served, the newest keeper's first."""

    async def cut_off(self, since: float, but: Collection[int] = ()) -> list[Chat]:
        """Groups and channels in which the bot may not write, of which nobody was told and somebody
        can be; `but` those.
        """

    async def told(self, chat_id: int) -> None:
        """Notes that somebody was told of that; once until the bot may write again."""
