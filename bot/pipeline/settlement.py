"""What an outcome means for a delivery and its chat. Pure."""

from msgspec.structs import replace

from bot.delivery import outcome as outcomes
from bot.delivery.outcome import Outcome
from bot.news.outbox import Delivery, DeliveryKind, DeliveryState, EditRecord, Settlement

_EDIT_AGAIN_SECONDS = 60.0
_PERHAPS_UNFOUND = (outcomes.NotFound, outcomes.TryAgain, outcomes.Unknown)


def edit_record(delivery: Delivery, outcome: Outcome, now: float) -> EditRecord:
    """What an outcome means for an edit: done, again later, or given up. An edit may be repeated,
    so one of unknown outcome is.
    """
    record = EditRecord(delivery.id, delivery.chat_id, now, delivery.edit_due_at)
    match outcome:
        case outcomes.TryAgain() | outcomes.Unknown():
            return replace(record, retry_at=now + _EDIT_AGAIN_SECONDS)
        case outcomes.Wait(seconds=seconds):
            return replace(record, retry_at=now + seconds, hold_until=now + seconds)
        case _:
            return record


def settlement(delivery: Delivery, outcome: Outcome, now: float) -> Settlement:
    """What an outcome means for the delivery and its chat."""
    made = _settlement(delivery, outcome, now)
    return made if delivery.kind is not DeliveryKind.DIGEST else _of_digest(delivery, outcome, made)


def _of_digest(delivery: Delivery, outcome: Outcome, made: Settlement) -> Settlement:
    """A digest's first part is sent and its id kept, until that is edited into the whole."""
    match outcome:
        case outcomes.Sent() if delivery.message_id is None:
            return replace(made, state=DeliveryState.PENDING, begun=True)
        case outcomes.Sent():
            return made
        case outcomes.MessageGone() | outcomes.ThreadGone() if delivery.message_id is not None:
            # Somebody deleted the first part: the chat was told nothing yet, as far as is known.
            return replace(made, state=DeliveryState.UNKNOWN, begin_anew=True)
        case _ if delivery.perhaps_told and made.state is DeliveryState.FAILED:
            # Told one by one, its stories could come twice and say nothing of it.
            return replace(made, state=DeliveryState.UNKNOWN, begin_anew=True)
        case _:
            return replace(made, message_id=delivery.message_id)


def _settlement(delivery: Delivery, outcome: Outcome, now: float) -> Settlement:
    found = 0 if delivery.not_found and not isinstance(outcome, _PERHAPS_UNFOUND) else None
    if isinstance(outcome, outcomes.Sent):  # as nearly all are
        return Settlement(
            delivery.id, delivery.chat_id, DeliveryState.SENT, now, outcome.message_id,
            not_found=found, as_picture=outcome.as_picture,
        )  # fmt: skip
    later = Settlement(delivery.id, delivery.chat_id, DeliveryState.PENDING, now, not_found=found)
    match outcome:
        case outcomes.TryAgain(seconds=seconds, reason=reason):
            return replace(later, error=reason, retry_at=now + seconds)
        case outcomes.NotFound(seconds=seconds, reason=reason):
            times = delivery.not_found + 1
            return replace(later, error=reason, hold_until=now + seconds, not_found=times)
        case outcomes.Wait(seconds=seconds):
            return replace(later, hold_until=now + seconds)
        case outcomes.Moved(chat_id=chat_id):
            return replace(later, migrate_to=chat_id)
        case outcomes.TokenRefused(reason=reason):
            return replace(later, error=reason)
        case outcomes.ThreadGone(reason=reason, for_good=for_good) if delivery.thread_id:
            return replace(later, error=reason, to_main_thread=True, for_good=for_good)
        case outcomes.Blocked(reason=reason):
            return replace(later, state=DeliveryState.DEAD, error=reason, block_reason=reason)
        case (
            outcomes.BadMarkup(reason=reason)
            | outcomes.PictureRefused(reason=reason)
            | outcomes.Refused(reason=reason)
            | outcomes.MessageGone(reason=reason)
            # The main thread of a forum is closed: other threads of the chat may be open.
            | outcomes.ThreadGone(reason=reason)
        ):
            return replace(later, state=DeliveryState.FAILED, error=reason)
        case outcomes.Unknown(reason=reason):
            return replace(later, state=DeliveryState.UNKNOWN, error=reason)
