"""Whether Telegram means one chat or the whole bot when it says wait: a circuit breaker. Pure.

It never says whom it means. One chat that is refused waits alone. Two, and nobody served of what
was begun after the first: then nothing goes but one probe, to a chat that was not refused. If that
is served, only the refused chats wait. If it is refused, or there is no such chat, all wait for the
time last told, and then one probe goes: also where that time is a second or less. What was in the
air is told apart by when it began.

A group may be told to wait for an hour because its people chose slow mode, which is nobody else's
business: a private chat may be probed although groups were refused, but for the time that private
chats were told.
"""

from msgspec.structs import replace

from bot.delivery.outcome import Wait
from bot.news.penalty import MOST_REFUSED, Penalty, PenaltyStage

# A probe without an answer for so long makes room for another.
_PROBE_SECONDS = 10.0
# While one is in the air: ask again so soon.
_LOOK_AGAIN_SECONDS = 0.25
# A probe into a penalty makes that longer: none is sent to spare others so little.
_NOT_WORTH_A_PROBE_SECONDS = 1.0
# What a group is told may be its slow mode. Unless it was the probe, others wait no longer for it.
_MOST_BY_A_GROUP_SECONDS = 60.0
# Where Telegram names no time, all wait twice as long each time, and no longer than this: it may be
# that one chat after the other is refused, each for itself.
_MOST_GUESSED_SECONDS = 180.0


def refused(known: Penalty, chat_id: int, wait: Wait, began: float, now: float) -> Penalty:
    """Telegram told this chat to wait, in answer to a request begun at `began`."""
    if known.stage <= PenaltyStage.ONE and began < known.passed:
        return known  # it was in the air when the bot was found to be free
    probed = known.stage >= PenaltyStage.DOUBT and known.probe == chat_id and began >= known.since
    until = now + max(wait.seconds, _longer(known, now) if probed and wait.guessed else 0.0)
    chats = (*(chat for chat in known.refused if chat != chat_id), chat_id)[-MOST_REFUSED:]
    found = replace(_told(known, chat_id, until, now, probed=probed), refused=chats)
    if probed:
        return replace(found, stage=PenaltyStage.ALL, since=now, probe=None)
    if known.stage is PenaltyStage.NOBODY:
        return replace(found, stage=PenaltyStage.ONE, since=now)
    if known.stage is PenaltyStage.ONE and len(chats) > 1:
        return replace(found, stage=PenaltyStage.DOUBT, since=now)
    return found


def _longer(known: Penalty, now: float) -> float:
    """How long all wait where Telegram names no time, and the last wait was too short."""
    if known.stage is not PenaltyStage.ALL or now < known.all_at:
        return 0.0
    return min(2 * (known.all_at - known.since), _MOST_GUESSED_SECONDS)


def _told(known: Penalty, chat_id: int, until: float, now: float, *, probed: bool) -> Penalty:
    """Until when others must wait by this word: the last one counts. Of those that were in the
    air when the bot was known to be told, the longest.
    """
    least = known.all_at if known.stage is PenaltyStage.ALL and not probed else 0.0
    if chat_id < 0:
        most = until if probed else min(until, now + _MOST_BY_A_GROUP_SECONDS)
        return replace(known, all_at=max(least, most))
    least_private = known.private_at if least else 0.0
    return replace(known, all_at=max(least, until), private_at=max(least_private, until))


def served(known: Penalty, began: float) -> Penalty:
    """A request begun then was taken. If it began after the first refusal, or after the pause,
    Telegram means none but those that it refused.
    """
    if known.stage is PenaltyStage.NOBODY or began < known.since:
        return known
    return Penalty(passed=began)


def probed(known: Penalty, chat_id: int, now: float) -> Penalty:
    """A probe to this chat goes. Where the time last told is over, all have waited."""
    known = nobody(known) if now >= known.all_at else known
    return replace(known, probe=chat_id, probe_until=now + _PROBE_SECONDS)


def nobody(known: Penalty) -> Penalty:
    """There is no chat to probe, or it is not worth it: all wait."""
    return replace(known, stage=PenaltyStage.ALL) if known.stage is PenaltyStage.DOUBT else known


def ended(known: Penalty, chat_id: int, began: float) -> Penalty:
    """A request to this chat ended. A probe that was neither taken nor refused says nothing."""
    if known.probe != chat_id or began < known.since:
        return known
    return replace(known, probe=None)


def paused(known: Penalty) -> bool:
    """Whether nothing may go but a probe."""
    return known.stage >= PenaltyStage.DOUBT


def ready_at(known: Penalty, chat_id: int, now: float, *, early: bool = True) -> float:
    """When this chat may be written to, as far as the whole bot is concerned. Without `early`, a
    chat that was not refused waits like the others.
    """
    if not paused(known):
        return now
    if _probing(known, now):
        return min(now + _LOOK_AGAIN_SECONDS, known.probe_until)
    if known.stage is PenaltyStage.DOUBT:
        soon = known.all_at <= now + _NOT_WORTH_A_PROBE_SECONDS
        others = early and not soon and chat_id not in known.refused
        return now if others else max(now, known.all_at)
    return max(now, known.private_at if early and chat_id > 0 else known.all_at)


def any_ready_at(known: Penalty, now: float, *, early: bool = True) -> float:
    """The earliest time at which any chat may be written to."""
    if known.stage is PenaltyStage.ALL and early and not _probing(known, now):
        return max(now, min(known.private_at, known.all_at))
    return ready_at(known, 0, now, early=early)


def _probing(known: Penalty, now: float) -> bool:
    return known.probe is not None and now < known.probe_until


def rank(known: Penalty, chat_id: int) -> int:
    """Who is probed first: of those that were not refused a private chat; once all have waited,
    any private chat. 0 for all where nothing is paused.
    """
    again, group = chat_id in known.refused, chat_id < 0
    match known.stage:
        case PenaltyStage.DOUBT:
            return 2 * again + group
        case PenaltyStage.ALL:
            return 2 * group + again
        case _:
            return 0
