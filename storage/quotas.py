"""What may be asked of a database about guests that brought too much; see `storage.interface`."""

from collections.abc import Sequence
from typing import Protocol

from bot.news.feed import OverQuota


class Quotas(Protocol):
    """Feeds that chats brought and of which entries were left out."""

    async def untold(self) -> list[OverQuota]:
        """Such feeds, with the chats that brought them and were not told of it."""

    async def tell(self, chat_id: int, feed_ids: Sequence[int]) -> None:
        """Notes that a chat was told of these."""
