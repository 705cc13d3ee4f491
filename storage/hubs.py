"""What may be asked of a database about subscriptions at hubs; a part of `storage.interface`."""

from typing import Protocol

from bot.news.polling.push import Push, Wanted


class Pushes(Protocol):
    """Subscriptions at WebSub hubs."""

    async def begin(self, base: str | None) -> None:
        """Forgets subscriptions that lead elsewhere than to `base`; all of them without one."""

    async def wanted(self, limit: int) -> list[Wanted]:
        """Feeds that name a hub and have no subscription there; those that changed it leave the
        former one.
        """

    async def due(self, now: float, limit: int) -> list[Push]:
        """Subscriptions whose hub is to be asked now."""

    async def get(self, token: str) -> Push | None:
        """The subscription that a hub means."""

    async def put(self, push: Push) -> None:
        """Stores a subscription as it stands now. One that is leaving does not come back."""

    async def postpone(self, token: str, until: float) -> None:
        """Leaves the hub of a subscription alone until then."""

    async def set_aside(self, item: str, reason: str, now: float) -> None:
        """Notes that a hub could not be asked."""

    async def drop(self, token: str) -> None:
        """Forgets a subscription."""

    async def received(self, push: Push, digest: bytes, now: float) -> bool:
        """Notes that something was pushed; False if the same was before. Should it be lost on its
        way from here, the feed is polled some minutes later.
        """

    async def forget(self, push: Push, digest: bytes) -> None:
        """Unsays `received`: the same may be pushed again."""
