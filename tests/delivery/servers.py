"""Servers that refuse, as pure models, and a bot before them in simulated time."""

import functools
import heapq
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.delivery.outcome import Fate, Refusal, Wait, decide
from bot.delivery.pace import Pace, PaceLimits
from bot.news.outbox import Schedule
from bot.news.penalty import penalty_of

START = 1_800_000_000.0
FREE = PaceLimits(0, 0, 0)
_AT_ONCE = 96
_ANY = -1
_LONGEST_SECONDS = 3600.0


@dataclass(frozen=True)
class Answer:
    """What a server says: it took the message, or refused it with the seconds to wait or without.
    Refused `for_all`, it was the whole bot that was told.
    """

    taken: bool
    seconds: float | None = None
    for_all: bool = False


TAKEN = Answer(taken=True)
Server = Callable[[float, int], Answer]


@dataclass
class Growing:
    """Tells one chat to wait, and the whole bot a moment later; each request within a penalty
    makes it longer, by a time and by a share. Without `tells` it names no time.
    """

    chat: int
    opens: float
    seconds: float
    grows: float
    share: float = 0.0
    tells: bool = True
    until: float = 0.0
    first_until: float = 0.0
    violations: int = 0

    def __call__(self, now: float, chat_id: int) -> Answer:
        if chat_id == self.chat and now >= self.opens and not self.first_until:
            self.first_until = now + 2
            return self._refuse(now, self.first_until, for_all=False)
        if self.first_until and not self.until:
            self.until = now + self.seconds
            return self._refuse(now, self.until, for_all=True)
        if now < self.until:
            self.violations += 1
            longer = self.until + self.grows + self.share * (self.until - now)
            self.until = max(self.until, min(longer, now + _LONGEST_SECONDS))
            return self._refuse(now, self.until, for_all=True)
        if chat_id == self.chat and now < self.first_until:
            return self._refuse(now, self.first_until, for_all=False)
        return TAKEN

    def _refuse(self, now: float, until: float, *, for_all: bool) -> Answer:
        seconds = float(math.ceil(until - now)) if self.tells else None
        return Answer(False, seconds, for_all)


@dataclass
class SlowMode:
    """Lets many groups be written to once in so many seconds only, all of them from the same
    moment on. Without `tells` it names no time.
    """

    groups: frozenset[int]
    seconds: float
    tells: bool = True
    last: dict[int, float] = field(default_factory=dict)

    def __call__(self, now: float, chat_id: int) -> Answer:
        if chat_id in self.groups:
            until = self.last.setdefault(chat_id, START) + self.seconds
            if now < until:
                return Answer(False, float(math.ceil(until - now)) if self.tells else None)
            self.last[chat_id] = now
        return TAKEN


@dataclass
class Request:
    """One request as it went: when it began, arrived, and was answered. `paused`: the bot sent
    nothing but probes when it began.
    """

    chat: int
    message: int
    began: float
    paused: bool
    life: int = 0
    arrived: float = 0.0
    answered: float = 0.0
    answer: Answer = TAKEN


@dataclass
class Bot:
    """A bot with so many messages for each chat. `latency` gives seconds for each way."""

    server: Server
    chats: Sequence[int]
    messages: int
    latency: Callable[[], float]
    limits: PaceLimits = FREE
    restarts: Sequence[float] = ()
    now: float = START
    requests: list[Request] = field(default_factory=list)
    _pace: Pace = field(init=False)
    _life: int = 0
    _events: list[tuple[float, int, int, Callable[[], None]]] = field(default_factory=list)
    _under_way: set[int] = field(default_factory=set)
    _told: dict[int, int] = field(default_factory=dict)
    _number: int = 0

    def __post_init__(self) -> None:
        self._pace = Pace(self.limits)

    def run(self, seconds: float) -> "Bot":
        """Lets the bot send until all is told, or the time is over."""
        restarts = sorted(START + at for at in self.restarts)
        while self.now < START + seconds and self._left():
            if restarts and self.now >= restarts[0]:
                self._restart()
                restarts.pop(0)
            self._start_some()
            self._turn(restarts)
        return self

    def told(self) -> bool:
        """Whether every chat has all its messages."""
        return not self._left()

    def probes(self) -> list[Request]:
        """What began while all was paused."""
        return [each for each in self.requests if each.paused]

    def done_at(self, chat_id: int) -> float:
        """When the last message of a chat was taken, since the start."""
        taken = [each.arrived for each in self.requests if each.chat == chat_id]
        return max(taken) - START

    def twice(self) -> int:
        """How many messages were taken more than once."""
        taken = [(r.chat, r.message) for r in self.requests if r.answer.taken and r.arrived]
        return len(taken) - len(set(taken))

    def _left(self) -> list[int]:
        return [chat for chat in self.chats if self._told.get(chat, 0) < self.messages]

    def _start_some(self) -> None:
        pace = self._pace
        if len(self._under_way) >= _AT_ONCE or pace.all_ready_at(self.now) > self.now:
            return
        others = {*self._left()} - {*pace.told_to_wait(self.now)}
        if pace.paused() and not self._under_way and not others:
            pace.nobody_to_probe(self.now)
        resting = pace.resting(self.now)
        free = [c for c in self._left() if c not in self._under_way and c not in resting]
        free.sort(key=lambda chat: (pace.rank(chat), pace.told_at(chat)))
        for chat in free[: _AT_ONCE - len(self._under_way)]:
            if pace.ready_at(chat, self.now) <= self.now:
                pace.take(chat, _kind(chat), self.now)
                self._under_way.add(chat)
                # Claimed on disk, it begins a moment later.
                self._at(
                    self.now + self.latency() / 10, functools.partial(self._begin, chat), self._life
                )

    def _begin(self, chat: int) -> None:
        paused = self._pace.paused()
        if not self._pace.begin(chat, self.now):
            self._under_way.discard(chat)
            return
        request = Request(chat, self._told.get(chat, 0), self.now, paused, self._life)
        self.requests.append(request)
        self._at(self.now + self.latency(), lambda: self._arrive(request), _ANY)

    def _arrive(self, request: Request) -> None:
        request.arrived = self.now
        request.answer = self.server(self.now, request.chat)
        self._at(self.now + self.latency(), lambda: self._answered(request), request.life)

    def _answered(self, request: Request) -> None:
        request.answered, chat = self.now, request.chat
        self._under_way.discard(chat)
        if request.answer.taken:
            self._told[chat] = max(self._told.get(chat, 0), request.message + 1)
            self._pace.served(request.began, self.now)
        else:
            said = decide(Refusal(Fate.ANSWERED, 429, "", request.answer.seconds), 1)
            assert isinstance(said, Wait)
            self._pace.refused(chat, said, request.began, self.now)
        self._pace.answered(chat, _kind(chat), self.now)
        self._pace.ended(chat, request.began)

    def _restart(self) -> None:
        """Kills the process: what is in the air arrives, and its answer reaches nobody."""
        holds, penalty, lowered = self._pace.to_store() or ({}, None, None)
        known = {c: at for c, at in {**self._pace._held, **holds}.items() if at > self.now}
        kept = penalty or self._pace._penalty
        self._life += 1
        self._under_way.clear()
        self._pace = Pace(self.limits)
        schedule = Schedule(penalty_of(kept.as_json()), lowered, tuple(known.items()))
        self._pace.restore(schedule, self.now)

    def _at(self, when: float, act: Callable[[], None], life: int) -> None:
        """Something happens then, if that life of the process is not over."""
        self._number += 1
        heapq.heappush(self._events, (when, self._number, life, act))

    def _turn(self, restarts: Sequence[float]) -> None:
        """Goes on to the next thing that happens, or that is waited for."""
        times = [self.now + 5, *self._pace.resting(self.now).values(), *restarts[:1]]
        times += [at for at in (self._pace.opens_at(self.now),) if at is not None]
        if self._events and self._events[0][0] <= min(times):
            self.now, _, life, act = heapq.heappop(self._events)
            if life in (_ANY, self._life):
                act()
        else:
            self.now = max(min(times), self.now + 1e-3)


def _kind(chat_id: int) -> str:
    return "private" if chat_id > 0 else "supergroup"


def latency(chance: random.Random, most: float) -> Callable[[], float]:
    """Ways that take up to so many seconds."""
    return lambda: chance.uniform(most / 20, most)
