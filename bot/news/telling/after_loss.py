"""What becomes of a delivery whose outcome is unknown. Pure.

An alert is sent once more; if that is of unknown outcome too, it is held for the chat's next
digest. A digest tells its stories by an edit, which may be repeated: so nothing of it comes twice,
and it is tried until it is known to be there, ever more rarely, for three days. One whose first
part is gone begins anew, as long as nobody can have been told the whole twice.
"""

from msgspec import Struct
from msgspec.structs import replace

from bot.news.outbox import DeliveryState, Unsure
from bot.news.why import Code, Why, because

AGAIN_AFTER_SECONDS = (
    1, 5, 15, 60, 300, 900, 1800, 3600, 7200, *(14_400,) * 17,
)  # fmt: skip
"""Seconds from one try of a digest to the next; three days in all, to outlast a weekend."""

_ANEW_AFTER_SECONDS = (1, 60)
"""Seconds until a digest begins anew; each time rings, and somebody may delete what bots write."""


class Lost(Struct, frozen=True):
    """A claimed delivery as it stands on record. `resends` counts 1 for an alert's second message,
    2 for the digest that it is held for, and a digest's tries; `renewals` how often that began
    anew. `whole_in` is the message that may have told a digest's stories already, `was_due_at`
    when one was due that was brought forward, which is no step of its tries, or put off by a pause.
    `sources` is from how many sources on it is decided anew.
    """

    id: int
    is_digest: bool
    message_id: int | None
    resends: int
    renewals: int
    due_at: float
    was_due_at: float | None
    whole_in: int | None
    sources: int | None
    state: DeliveryState = DeliveryState.SENDING
    settled_at: float | None = None
    error: Why | None = None


def after_loss(lost: Lost, why: Why | None, resend: bool, now: float) -> Lost:
    """How it stands after its outcome was lost for this reason; `resend` is the operator's policy
    of sending again what may have arrived.
    """
    if lost.is_digest:
        return _tried_again(lost, why, resend, now)
    # Nothing but a digest decides of an alert any more; what a refused one gives back ends.
    lost = replace(lost, error=why, sources=None)
    if not resend or lost.resends > 1:
        return replace(lost, state=DeliveryState.UNKNOWN, settled_at=now)
    if lost.resends == 0:
        return replace(lost, state=DeliveryState.PENDING, resends=1)
    twice = because(Code.LOST_TWICE)
    return replace(lost, state=DeliveryState.HELD, resends=2, due_at=now, error=twice)


def _tried_again(lost: Lost, why: Why | None, resend: bool, now: float) -> Lost:
    """To edit a digest twice is to edit it once: that needs nobody's leave."""
    forward = lost.was_due_at if (lost.was_due_at or 0.0) > now else None
    step = lost.resends
    whole_in = lost.message_id if lost.whole_in is None else lost.whole_in
    lost = replace(
        lost, error=why, whole_in=whole_in, was_due_at=forward, resends=step + (forward is None)
    )
    has_step = step < len(AGAIN_AFTER_SECONDS)
    if not (resend or lost.message_id is not None) or not (has_step or forward is not None):
        return replace(lost, state=DeliveryState.UNKNOWN, settled_at=now)
    due_at = now + AGAIN_AFTER_SECONDS[step] if forward is None else forward
    return replace(lost, state=DeliveryState.PENDING, due_at=due_at)


def begun_anew(lost: Lost, why: Why | None, resend: bool, now: float) -> Lost:
    """How a digest stands whose first part is gone, or was refused and may have been the whole. One
    that fails gives its stories back, to be told one by one; one that may have told them does not.
    """
    perhaps_told = lost.whole_in is not None
    gone = replace(lost, error=why, message_id=None, was_due_at=None, renewals=lost.renewals + 1)
    if lost.renewals < len(_ANEW_AFTER_SECONDS) and (resend or not perhaps_told):
        due_at = now + _ANEW_AFTER_SECONDS[lost.renewals]
        return replace(gone, state=DeliveryState.PENDING, due_at=due_at)
    end = DeliveryState.UNKNOWN if perhaps_told else DeliveryState.FAILED
    return replace(gone, state=end, due_at=0.0, settled_at=now)


def counted(ends: list[Lost]) -> Unsure:
    """How many of each end there are."""
    pending = [each.message_id for each in ends if each.state is DeliveryState.PENDING]
    return Unsure(
        resent=pending.count(None),
        gathered=sum(each.state is DeliveryState.HELD for each in ends),
        repeated=len(pending) - pending.count(None),
        given_up=sum(each.state is DeliveryState.UNKNOWN for each in ends),
    )
