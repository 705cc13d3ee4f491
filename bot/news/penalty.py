"""Telegram's word to wait, as far as it may be meant for the whole bot. Pure.

A record that is stored as it is, so that it outlives a process and may be shared by several. Its
rules are in `bot.delivery.penalties`.
"""

import json
from enum import IntEnum

from msgspec import Struct
from msgspec.structs import astuple, replace

MOST_REFUSED = 128
"""So many refused chats are remembered, the newest."""


class PenaltyStage(IntEnum):
    """How far it is known whom Telegram means."""

    NOBODY = 0
    """Nobody was refused since somebody was served."""
    ONE = 1
    """One chat was: it waits alone."""
    DOUBT = 2
    """Two were. Nothing goes but a probe to a chat that was not refused."""
    ALL = 3
    """A probe was refused too, or there was nobody to probe: all wait, then one probe goes."""


class Penalty(Struct, frozen=True):
    """What is known of it. `refused` are the chats, oldest first, since the last success that
    counted: one of a request begun at `since` or later. A request begun before `passed`, which is
    when that success began, tells nothing any more.

    Anybody may be probed from `all_at` on, a private chat from `private_at`; `probe` is the chat
    of one that is in the air, and another may go once `probe_until` has passed.
    """

    stage: PenaltyStage = PenaltyStage.NOBODY
    refused: tuple[int, ...] = ()
    since: float = 0.0
    all_at: float = 0.0
    private_at: float = 0.0
    passed: float = 0.0
    probe: int | None = None
    probe_until: float = 0.0

    def set_back(self, seconds: float) -> "Penalty":
        """The clock went back by so many seconds: what waits, waits as long as it was to."""
        return replace(
            self,
            since=self.since - seconds,
            all_at=self.all_at - seconds,
            private_at=self.private_at - seconds,
            passed=self.passed - seconds,
            probe_until=self.probe_until - seconds,
        )

    def as_json(self) -> str:
        """The record as a short text."""
        return json.dumps(astuple(self), separators=(",", ":"))


def penalty_of(text: str) -> Penalty:
    """The record that `as_json` made a text of."""
    stage, refused, *times = json.loads(text)
    return Penalty(PenaltyStage(stage), tuple(refused), *times)


def _gravity(known: Penalty) -> tuple[float | tuple[int, ...], ...]:
    times = (known.since, known.all_at, known.private_at, known.probe_until)
    return (known.stage, *times, known.probe or 0, known.refused)


def _refused_by_both(graver: Penalty, lesser: Penalty) -> tuple[int, ...]:
    """The chats of both. What was heard once changes nothing when it is heard again, in whatever
    order the two know them.
    """
    more = [chat for chat in lesser.refused if chat not in graver.refused]
    if not more or _gravity(graver)[:-1] != _gravity(lesser)[:-1]:
        return (*more, *graver.refused)
    if set(graver.refused).issubset(lesser.refused):
        return lesser.refused
    return tuple(sorted({*graver.refused, *lesser.refused}))


def merged(ours: Penalty, theirs: Penalty) -> Penalty:
    """What two processes know together. A success that one of them had ends what the other knows,
    where its request began later; else the graver counts, and all who were refused. Two that know
    of one chat each know of two.
    """
    passed = max(ours.passed, theirs.passed)
    lasting = [
        each
        for each in (ours, theirs)
        if each.stage is not PenaltyStage.NOBODY and each.since > passed
    ]
    if not lasting:
        return Penalty(passed=passed)
    lasting.sort(key=_gravity)
    graver, lesser = lasting[-1], lasting[0]
    refused = _refused_by_both(graver, lesser)[-MOST_REFUSED:]
    known = replace(graver, refused=refused, passed=passed, since=max(graver.since, lesser.since))
    as_grave = (lesser.stage, lesser.since) == (graver.stage, graver.since)
    if as_grave or graver.stage is PenaltyStage.ONE:
        known = replace(
            known,
            all_at=max(graver.all_at, lesser.all_at),
            private_at=max(graver.private_at, lesser.private_at),
        )
    if lesser.probe is not None and lesser.probe_until > graver.probe_until:
        known = replace(known, probe=lesser.probe, probe_until=lesser.probe_until)
    if graver.stage is PenaltyStage.ONE and len(refused) > 1:
        known = replace(known, stage=PenaltyStage.DOUBT)
    return known
