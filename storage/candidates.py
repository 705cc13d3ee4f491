"""What may be asked of a database about feeds that lists brought; see `storage.interface`."""

from collections.abc import Sequence
from typing import Protocol

from bot.news.chat import Subscription
from bot.news.feed import Feed, NewFeed


class Candidates(Protocol):
    """Feeds that are followed already and that nobody has read yet."""

    async def bring(
        self, chat_id: int, thread_id: int, feeds: Sequence[NewFeed], now: float, *, guests: bool
    ) -> list[Feed]:
        """Adds feeds for a chat, which follows them from now on; `guests` are the chat's own.
        Returns those that were not there.
        """

    async def follow(self, subscriptions: Sequence[Subscription], now: float) -> int:
        """Follows many at once, as many as a chat may; returns how many of them newly."""

    async def over(self, failures: int, before: float) -> list[tuple[int, int]]:
        """Chats and threads all of whose candidates were read, failed so often, are suspended, or
        were brought before then.
        """

    async def of(self, chat_id: int, thread_id: int) -> list[Feed]:
        """The feeds that a chat's list brought in a thread, and that it was not told of yet."""

    async def told(self, chat_id: int, feed_ids: Sequence[int], unread: Sequence[int]) -> None:
        """Notes that a chat was told what became of its candidates, and takes those `unread` out
        of the catalogue that are no feeds and that only this chat brought and follows.
        """
