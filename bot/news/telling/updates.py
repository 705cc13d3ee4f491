"""What is told again of a story that was told: its alerts are edited, and a change that is news by
itself is told quietly, as an update. Pure.
"""

from msgspec import Struct

EDIT_GAP_SECONDS = 60.0
EDIT_WITHIN_SECONDS = 86_400.0
UPDATE_GAP_SECONDS = 3600.0
CHANGES_AT_ONCE = 5
"""An outlet that has news of more told stories at one poll has another site, and no news."""
CHANGES_AN_HOUR = 10
"""Of so many stories a feed may have changes told in an hour."""


class StandingAlert(Struct, frozen=True):
    """An alert whose story changes. `sent_at` is None while it is under way; one without a
    `message_id` was told within a digest.
    """

    id: int
    sent_at: float | None
    edited_at: float | None
    message_id: int | None


class Hearer(Struct, frozen=True):
    """A chat that heard a story from the outlet that changed it, and what it asks for by now.

    `follows` the outlet, its group or all; of the topics that wanted the story one speaks again at
    `topics_muted_until`, None where none is left. `updated_at` is when it was last told of a
    change.
    """

    alert: StandingAlert
    served: bool
    sees: bool
    wants_updates: bool
    follows: bool
    topics_muted_until: float | None
    outlet_muted_until: float | None
    story_muted: bool
    updated_at: float | None


def edit_due_at(alert: StandingAlert, now: float) -> float | None:
    """When an alert is to be edited whose story changed: a minute after it was sent or edited last
    at the earliest, None once it is a day old. One that is under way may have been drawn before
    the change, and is edited when it arrived.
    """
    if alert.sent_at is not None and not _may_be_edited(alert.message_id, alert.sent_at, now):
        return None
    return max(now, max(alert.edited_at or 0.0, alert.sent_at or 0.0) + EDIT_GAP_SECONDS)


def is_told_of_change(hearer: Hearer, now: float) -> bool:
    """Whether a chat is told quietly of a change: at most once an hour, not where the story or the
    outlet is muted or nothing asks for it any more, and never once the alert is a day old.
    """
    alert, topics, outlet = hearer.alert, hearer.topics_muted_until, hearer.outlet_muted_until
    return (
        hearer.served
        and hearer.sees
        and hearer.wants_updates
        and alert.sent_at is not None
        and _may_be_edited(alert.message_id, alert.sent_at, now)
        and (hearer.follows or (topics is not None and topics <= now))
        and (outlet is None or outlet <= now)
        and not hearer.story_muted
        and (hearer.updated_at is None or hearer.updated_at <= now - UPDATE_GAP_SECONDS)
    )


def changes_told(changed: int, room: int) -> int:
    """Of how many stories chats are told that a feed has changed them, where its new headlines say
    what is news of so many told ones at once and there is such room within the hour. All others
    are edited only.
    """
    return 0 if changed > CHANGES_AT_ONCE else room


def _may_be_edited(message_id: int | None, sent_at: float, now: float) -> bool:
    return message_id is not None and sent_at > now - EDIT_WITHIN_SECONDS
