"""When a message may go, so that Telegram's limits are kept. Pure: `now` is handed in.

Limits are windows: at most so many messages in any so many seconds. That is stricter than a token
bucket, which lets a burst through on top of its rate (Bot API FAQ: about 30 a second over all,
one a second to a chat, 20 a minute to a group). What counts is when a message arrives, which is
some time between its request and its answer.

Who goes first is a matter of lanes: each lane leaves some room to those before it, or takes it when
more is about to come free. What answers take of the places of their chat is kept apart
(`bot.delivery.answers_share`).
"""

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum

from msgspec import Struct
from msgspec.structs import replace

from bot.delivery import penalties
from bot.delivery.allowance import Allowance
from bot.delivery.answers_share import AnswersShare
from bot.delivery.chat_windows import ChatWindows
from bot.delivery.outcome import Wait
from bot.delivery.windows import IN_THE_AIR_SECONDS, Flow
from bot.news.outbox import Schedule
from bot.news.penalty import Penalty, PenaltyStage, merged

_FORGET_ABOVE = 10_000
_MOST_TAKEN = 10_000
_SHORTEST_TURN_SECONDS = 0.05
# Where other processes send all there is to be sent, until they leave a part.
_LOOK_AGAIN_SECONDS = 0.25


class Lane(IntEnum):
    """Who goes first: a person waits for an answer, an alert is news, the rest can wait. What is
    told again of a story goes with digests.
    """

    ANSWER = 0
    ALERT = 1
    DIGEST = 2
    EDIT = 3


class PaceLimits(Struct, frozen=True):
    """Messages a second over all, seconds between two to a chat, messages a minute to a group;
    0 stands for no limit.
    """

    per_second: float
    per_chat_seconds: float
    per_group_per_minute: int


def _window(per_second: float) -> tuple[int, float]:
    """So many messages in so many seconds; none stands for no limit."""
    count = max(1, int(per_second)) if per_second else 0
    return count, count / per_second if per_second else 0.0


@dataclass
class Pace:
    """Keeps the limits over all chats."""

    limits: PaceLimits
    _all: Flow = field(init=False)
    _penalty: Penalty = field(default_factory=Penalty)
    _probe_waits: bool = False
    _rushed: bool = False
    _chats: ChatWindows = field(init=False)
    _held: dict[int, float] = field(default_factory=dict)
    _answers: AnswersShare = field(default_factory=AnswersShare)
    _allowance: Allowance = field(init=False)
    _taken: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_TAKEN))
    _unstored: dict[int, float] = field(default_factory=dict)
    _stored: tuple[Penalty, int | None] = field(default_factory=lambda: (Penalty(), None))
    _closed: bool = False

    def __post_init__(self) -> None:
        count, seconds = _window(self.limits.per_second)
        self._all = Flow(count, seconds)
        self._chats = ChatWindows(self.limits.per_chat_seconds, self.limits.per_group_per_minute)
        self._allowance = Allowance(count)

    def send_at_most(self, per_second: float) -> None:
        """This process may send so many messages a second from now on, of those that the bot may;
        0: none. Without a limit over all there is nothing to share.
        """
        if not self.limits.per_second:
            return
        self._closed = per_second <= 0
        if not self._closed:
            count, self._all.seconds = _window(per_second)
            if count != self._allowance.most:
                self._allowance.among(count)
                self._all.count = self._allowance.count

    def restore(self, schedule: Schedule, now: float) -> None:
        """Goes on where an earlier process ended."""
        # A probe that was in the air went down with its process.
        self._penalty = replace(schedule.penalty, probe=None)
        self._allowance.begin_at(self._of_ours(schedule.lowered), now)
        self._stored = (self._penalty, self._lowered())
        self._held.update(schedule.holds)
        for chat_id, kind, sent_at in sorted(schedule.sent, key=lambda each: each[2]):
            at = min(sent_at, now)  # a clock that was put back must not keep anybody waiting
            self._count(chat_id, kind, at)
            self.answered(chat_id, kind, at)
            self._taken.append(at)

    def gain(self, schedule: Schedule, now: float) -> None:
        """Goes on with chats that another process had: what it sent counted against its own rate,
        and counts against theirs.
        """
        for chat_id in {chat_id for chat_id, *_ in schedule.sent}:
            self._chats.forget(chat_id)
        for chat_id, kind, sent_at in sorted(schedule.sent, key=lambda each: each[2]):
            self._note(chat_id, kind, min(sent_at, now))
        for chat_id, until in schedule.holds:
            self._held[chat_id] = max(until, self._held.get(chat_id, 0.0))

    def take_in(self, theirs: Penalty, lowered: int | None, now: float) -> None:
        """What another process has stored of the bot's penalty and rate."""
        before, self._penalty = self._penalty, merged(self._penalty, theirs)
        if before.stage is not PenaltyStage.ALL and self._penalty.stage is PenaltyStage.ALL:
            # It was refused for what all sent together.
            fewer = self._of_ours(lowered)
            if fewer < self._allowance.count:
                self._allowance.begin_at(fewer, now)
        self._stored = (theirs, self._stored[1])

    def _lowered(self) -> int | None:
        """How many messages a second the whole bot is allowed, where that was lowered."""
        count = self._allowance.lowered
        if count is None:
            return None
        return max(1, round(count * _window(self.limits.per_second)[0] / self._allowance.most))

    def _of_ours(self, lowered: int | None) -> int:
        """What is this process's part of that; 0 without."""
        if lowered is None:
            return 0
        return max(1, lowered * self._allowance.most // _window(self.limits.per_second)[0])

    def unstored(self) -> list[int]:
        """Chats whose penalty is not on disk yet."""
        return list(self._unstored)

    def to_store(self) -> tuple[dict[int, float], Penalty, int | None] | None:
        """Penalties of chats that are not stored yet, the bot's, and its lowered rate; None where
        nothing has changed.
        """
        whole = (self._penalty, self._lowered())
        return (dict(self._unstored), *whole) if self._unstored or whole != self._stored else None

    def stored(self, holds: dict[int, float], penalty: Penalty, lowered: int | None) -> None:
        """These are on disk now."""
        self._stored = (penalty, lowered)
        self._unstored = {c: at for c, at in self._unstored.items() if holds.get(c) != at}

    def ready_at(self, chat_id: int, now: float, lane: Lane = Lane.ALERT) -> float:
        """The earliest time at which a message to this chat may go."""
        return max(self.all_ready_at(now, lane), self._chat_ready_at(chat_id, now, lane))

    def all_ready_at(self, now: float, lane: Lane = Lane.ALERT) -> float:
        """The earliest time at which any message of this lane may go."""
        if self._closed:
            return now + _LOOK_AGAIN_SECONDS
        self._all.count = self._allowance.look(now)
        paused = penalties.any_ready_at(self._penalty, now, early=lane is not Lane.EDIT)
        if lane is Lane.ANSWER:
            return max(paused, self._all.ready_at(now))
        keep = self._kept_for_answers(now)
        return max(paused, self._all.ready_at(now, self._reserve(lane), keep))

    def opens_at(self, now: float) -> float | None:
        """When the first lane opens that is closed now; None if all are open."""
        times = (self.all_ready_at(now, lane) for lane in Lane)
        return min((at for at in times if at > now), default=None)

    def begin(self, chat_id: int, now: float) -> bool:
        """A request to this chat begins, if it may: since its turn came the chat may have been told
        to wait, or all have paused but the probe.
        """
        if self._held.get(chat_id, now) > now:
            return False
        if not penalties.paused(self._penalty):
            return True
        is_probe = self._probe_waits and self._penalty.probe == chat_id
        self._probe_waits = self._probe_waits and not is_probe
        return is_probe

    def refused(self, chat_id: int, wait: Wait, began: float, now: float) -> None:
        """Telegram has said that this chat, or all, must be left alone, in answer to a request
        begun at `began`.
        """
        self._forget_over(now)
        self._held[chat_id] = max(now + wait.seconds, self._held.get(chat_id, 0.0))
        self._unstored[chat_id] = self._held[chat_id]
        self._now_known(penalties.refused(self._penalty, chat_id, wait, began, now), now)

    def served(self, began: float, now: float) -> None:
        """A request begun at `began` was taken."""
        self._taken.append(now)
        self._penalty = penalties.served(self._penalty, began)

    def ended(self, chat_id: int, began: float) -> None:
        """A request begun at `began` ended, or will not begin: whatever became of it."""
        self._penalty = penalties.ended(self._penalty, chat_id, began)

    def nobody_to_probe(self, now: float) -> None:
        """Nothing is in the air, and only chats that were refused have something to be told."""
        self._now_known(penalties.nobody(self._penalty), now)

    def told_to_wait(self, now: float) -> list[int]:
        """The chats that Telegram has refused, as far as that is not over."""
        held = [chat_id for chat_id, at in self._held.items() if at > now]
        return [*held, *self._penalty.refused]

    def _forget_over(self, now: float) -> None:
        """Where nothing is delivered nobody else asks who rests, and nobody stores it."""
        if max(len(self._held), len(self._unstored)) >= _FORGET_ABOVE:
            self._held = {chat_id: at for chat_id, at in self._held.items() if at > now}
            self._unstored = {chat_id: at for chat_id, at in self._unstored.items() if at > now}

    def _now_known(self, penalty: Penalty, now: float) -> None:
        """Where it turns out that all are meant, the bot may have been too fast in the second
        before it paused.
        """
        before, self._penalty = self._penalty, penalty
        if before.stage is PenaltyStage.ONE and penalty.stage is PenaltyStage.DOUBT:
            # One that sent little was not refused for its rate: nothing is to be learned.
            self._rushed = 2 * self._all.counted(now) > self._all.count
        elif (
            before.stage is PenaltyStage.DOUBT
            and penalty.stage is PenaltyStage.ALL
            and self._rushed
        ):
            first, last = before.since - self._all.seconds, before.since + IN_THE_AIR_SECONDS
            self._allowance.lower(sum(first < at <= last for at in self._taken), now)

    def set_back(self, seconds: float) -> None:
        """The clock went back by so many seconds: what waits, waits as long as it was to."""
        self._penalty = self._penalty.set_back(seconds)
        self._held = {chat_id: at - seconds for chat_id, at in self._held.items()}
        self._unstored.clear()
        self._taken = deque((at - seconds for at in self._taken), _MOST_TAKEN)
        self._all.set_back(seconds)
        self._allowance.set_back(seconds)
        self._chats.set_back(seconds)
        self._answers.set_back(seconds)

    def answer_waits(self, chat_id: int, more: int) -> None:
        """An answer to a person waits for its turn (1), or does so no more (-1)."""
        self._answers.wait(chat_id, more)

    def resting(self, now: float) -> dict[int, float]:
        """Chats that may not be written to yet, with the time when they may."""
        ready = self._chats.counted_lately(now).copy()
        self._held = {chat_id: at for chat_id, at in self._held.items() if at > now}
        for chat_id, at in self._held.items():
            ready[chat_id] = max(at, ready.get(chat_id, 0.0))
        for chat_id in self._penalty.refused:
            if (at := penalties.ready_at(self._penalty, chat_id, now)) > ready.get(chat_id, now):
                ready[chat_id] = at
        for chat_id in self._answers.waiting:
            at = self._after_answers(chat_id, ready.get(chat_id, now))
            if at > now:
                ready[chat_id] = at
        return ready

    def told_at(self, chat_id: int) -> float:
        """When a message went to this chat last, as far as that is remembered."""
        return self._chats.told_at(chat_id)

    def paused(self) -> bool:
        """Whether nothing may go but a probe."""
        return penalties.paused(self._penalty)

    def rank(self, chat_id: int) -> int:
        """Whom a probe is to go to: the lowest first."""
        return penalties.rank(self._penalty, chat_id)

    def edit_ready_at(self, chat_id: int, now: float) -> float:
        """When what a person pressed may be edited, which no window counts."""
        held = self._held.get(chat_id, now)
        return max(held, penalties.ready_at(self._penalty, chat_id, now, early=False))

    def take(self, chat_id: int, kind: str, now: float, lane: Lane = Lane.ALERT) -> None:
        """Counts a message of this lane that goes now: as the probe, where all is paused."""
        self.take_probe(chat_id, now)
        if lane is Lane.ANSWER:
            self._count_answer(chat_id, kind, now)
        else:
            self._answers.take_other(chat_id)
        self._count(chat_id, kind, now)

    def take_probe(self, chat_id: int, now: float) -> None:
        """What goes to this chat now is the probe, where all is paused."""
        if penalties.paused(self._penalty):
            self._now_known(penalties.probed(self._penalty, chat_id, now), now)
            self._probe_waits = True

    def _count(self, chat_id: int, kind: str, now: float) -> None:
        self._all.take(now)
        self._note(chat_id, kind, now)

    def _note(self, chat_id: int, kind: str, at: float) -> None:
        if self._chats.forget_idle(at):
            self._answers.keep(self._chats)
        self._chats.take(chat_id, kind, at)

    def answered(self, chat_id: int, kind: str, now: float) -> None:
        """Counts the chat's last message as of its answer."""
        self._all.arrived(now)
        self._chats.arrived(chat_id, kind, now)
        self._answers.arrived(chat_id, now)

    def _count_answer(self, chat_id: int, kind: str, now: float) -> None:
        """Counts an answer among those of its chat, where that has a pace of its own."""
        _, in_minute = limits = self._chats.limits_of(kind)
        if any(limits):
            left = now >= (self._chats.free_at(chat_id) or 0.0) + self._turn_seconds()
            self._answers.take(chat_id, in_minute, now, left=left)

    def _reserve(self, lane: Lane) -> int:
        """Room that a lane leaves to those before it; a slow bot has none to leave."""
        return lane * (self._all.count // 16)

    def _kept_for_answers(self, now: float) -> int:
        """Room that is kept for answers that wait for nothing else; half of all at most."""
        could_go = self._answers.could_go(now, lambda chat_id: self._is_free(chat_id, now))
        return min(could_go, max(1, self._all.count // 2))

    def _is_free(self, chat_id: int, now: float) -> bool:
        """Whether the pace of a chat lets an answer go now."""
        ready = max(self._chats.lately_ready_at(chat_id, now), self._held.get(chat_id, now))
        return self._answer_ready_at(chat_id, ready) <= now

    def _chat_ready_at(self, chat_id: int, now: float, lane: Lane) -> float:
        paused = penalties.ready_at(self._penalty, chat_id, now, early=lane is not Lane.EDIT)
        held = self._held.get(chat_id, now)
        ready = max(paused, held, self._chats.ready_at(chat_id, now))
        if lane is Lane.ANSWER:
            return self._answer_ready_at(chat_id, ready)
        return self._after_answers(chat_id, ready) if chat_id in self._answers.waiting else ready

    def _answer_ready_at(self, chat_id: int, ready: float) -> float:
        """When an answer may go to a chat to which another message may go at `ready`."""
        if (free_at := self._chats.free_at(chat_id)) is None:
            return ready
        return self._answers.ready_at(chat_id, ready, free_at + self._turn_seconds())

    def _after_answers(self, chat_id: int, ready: float) -> float:
        """An answer that waits takes the chat's next place, if it may: how long that lasts is the
        chat's own pace.
        """
        first = self._answer_ready_at(chat_id, ready) <= ready
        return ready + self._turn_seconds() if first else ready

    def _turn_seconds(self) -> float:
        return max(self.limits.per_chat_seconds, _SHORTEST_TURN_SECONDS)
