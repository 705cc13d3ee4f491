"""A subscription at a WebSub hub, and what becomes of it. Pure.

    asked     the hub was asked, or is about to be; it has not come back to verify
    live      verified; the hub pushes until the lease ends, and is asked anew before
    refused   the hub said no; it is asked again after a day
    leaving   the feed is gone or has another hub; this one is asked to stop

Source: WebSub, W3C Recommendation of 23 January 2018, sections 5 to 7.
"""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

LEASE_WANTED_SECONDS = 10 * 86_400
_LEASE_LEAST, _LEASE_MOST, _LEASE_UNNAMED = 60.0, 30 * 86_400.0, 86_400.0
_RENEW_AT = 0.8  # of the lease: leaves time for some tries
_FIRST_WAIT, _MOST_WAIT = 300.0, 86_400.0
_MOST_GOODBYES = 3
_FAILING_SECONDS = 300.0


class PushState(StrEnum):
    """How a subscription stands."""

    ASKED = "asked"
    LIVE = "live"
    REFUSED = "refused"
    LEAVING = "leaving"


class Wanted(Struct, frozen=True):
    """A feed that names a hub and has no subscription there yet."""

    feed_id: int
    hub: str
    topic: str


class Push(Struct, frozen=True):
    """A subscription. `token` is in the address that the hub calls, and tells whom it means;
    `attempts` counts how often the hub was asked without having come back; `brought_by` is the chat
    whose feed it is, None where it is the operator's.
    """

    token: str
    feed_id: int
    base: str
    hub: str
    topic: str
    secret: str
    state: PushState
    next_at: float
    lease_until: float | None = None
    attempts: int = 0
    brought_by: int | None = None

    @property
    def callback(self) -> str:
        """The address that the hub calls."""
        return f"{self.base}/websub/{self.token}"

    @property
    def mode(self) -> str:
        """What the hub is asked for."""
        return "unsubscribe" if self.state is PushState.LEAVING else "subscribe"


def asking(push: Push, now: float, chance: float) -> Push | None:
    """The subscription as it stands once its hub has been asked now; None where the hub was asked
    often enough to stop. It is asked again later and later until it comes back.
    """
    if push.state is PushState.LEAVING and push.attempts >= _MOST_GOODBYES:
        return None
    wait = min(_FIRST_WAIT * 4.0 ** min(push.attempts, 8), _MOST_WAIT) * (1 + chance / 4)
    state = PushState.ASKED if push.state is PushState.REFUSED else push.state
    return replace(push, state=state, attempts=push.attempts + 1, next_at=now + wait)


def is_expected(push: Push, mode: str, topic: str) -> bool:
    """True if the hub may verify this: it was asked for just that, and has not verified yet; or it
    has, and may not have heard our answer.
    """
    asked = push.attempts > 0 or push.state is PushState.LIVE
    return topic == push.topic and mode == push.mode and asked


def verified(push: Push, lease: float | None, now: float) -> Push:
    """The subscription once the hub has verified it for so many seconds; as it is where the hub
    does so again without having been asked again.
    """
    if not push.attempts:
        return push
    seconds = min(max(lease or _LEASE_UNNAMED, _LEASE_LEAST), _LEASE_MOST)
    return replace(
        push,
        state=PushState.LIVE,
        lease_until=now + seconds,
        next_at=now + _RENEW_AT * seconds,
        attempts=0,
    )


def denied(push: Push, now: float) -> Push:
    """The subscription once the hub has refused it, or ended it."""
    return replace(
        push, state=PushState.REFUSED, lease_until=None, next_at=now + _MOST_WAIT, attempts=0
    )


def after_push(poll_at: float, now: float, *, fails: bool, failures: int) -> float:
    """When a feed is to be polled of which something was pushed to a process that does not poll it,
    and which was to be polled at `poll_at`. One that `fails` answers again, perhaps: it is asked
    within minutes, however much is pushed, and not for days. Without `failures` its host asked for
    a pause, and has it.
    """
    if not fails:
        # Later than it was due, where it is being polled: so that is seen not to be enough.
        return now
    return min(poll_at, now + _FAILING_SECONDS) if failures else poll_at
