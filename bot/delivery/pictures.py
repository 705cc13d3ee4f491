"""Which picture goes with an alert, and which ones Telegram would not take. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.news.outbox import Delivery, DeliveryKind
from bot.news.why import AddressRefused

_REMEMBERED = 5_000
_REMEMBERED_SECONDS = 3600.0


def picture_of(delivery: Delivery, check: Callable[[str], object]) -> str | None:
    """The address of the picture to send with a delivery: where the chat wants pictures and the
    feed has one. `check` raises AddressRefused for an address that nobody should be sent to.

    What is sent once more after an unknown outcome goes without: Telegram fetches pictures before
    it answers, and a slow one would be lost twice.
    """
    if delivery.kind is not DeliveryKind.ALERT or not delivery.pictures or delivery.resent:
        return None
    if not delivery.image:
        return None
    try:
        check(delivery.image)
    except AddressRefused:
        return None
    return delivery.image


@dataclass
class RefusedPictures:
    """Pictures that Telegram did not take lately, and chats that take none: they are not tried
    again for an hour, so that one bad picture costs one request and not one a chat.
    """

    _until: dict[str | int, float] = field(default_factory=dict)

    def note(self, what: str | int, now: float) -> None:
        """A picture by its address, or a chat by its id."""
        if len(self._until) >= _REMEMBERED:
            del self._until[next(iter(self._until))]
        self._until[what] = now + _REMEMBERED_SECONDS

    def has(self, what: str | int, now: float) -> bool:
        """Whether it was refused within the hour."""
        return self._until.get(what, 0.0) > now
