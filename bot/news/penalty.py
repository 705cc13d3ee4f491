"""Telegram's word to wait, as far as it may be meant for the whole bot. Pure.

A record that is stored as it is, so that it outlives a process and may be shared by several. Its
rules are in `bot.delivery.penalties`.
"""

import json
from dataclasses import astuple, dataclass, replace
from enum import IntEnum


class Stage(IntEnum):
    """How far it is known whom Telegram means."""

    NOBODY = 0
    """Nobody was refused since somebody was served."""
    ONE = 1
    """One chat was: it waits alone."""
    DOUBT = 2
    """Two were. Nothing goes but a probe to a chat that was not refused."""
    ALL = 3
    """A probe was refused too, or there was nobody to probe: all wait, then one probe goes."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """What is known of it. `refused` are the chats, oldest first, since the last success that
    counted: one of a request begun at `since` or later. A request begun before `passed`, which is
    when that success began, tells nothing any more.

    Anybody may be probed from `all_at` on, a private chat from `private_at`; `probe` is the chat
    of one that is in the air, and another may go once `probe_until` has passed.
    """

    stage: Stage = Stage.NOBODY
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
    return Penalty(Stage(stage), tuple(refused), *times)
