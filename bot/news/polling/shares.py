"""Who may use next what many share: ours first, then chats in turn. Pure.

Ours (None) is the pipeline itself and what the operator brought; all else is some chat's, by its
id: the feeds that it brought, and the commands of a person, whose private chat has their number,
wherever they are written. What chats may hold together is
bounded, so that ours always finds room, and what one chat may hold, so that the others do. Whoever
gives back and asks again stands behind all who waited meanwhile.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Who = int | None
ANY_CHAT = -1
"""Stands for a chat that holds nothing: no chat has this id."""
NOBODY = 0
"""Behind all chats together of which it is not known who keeps them."""
Ticket = TypeVar("Ticket")


@dataclass
class Shares:
    """How much of `size` is held: by all `chats` together at most so much, by `each` of them so
    much, and by ours where `ours` is given.
    """

    size: int
    chats: int
    each: int
    ours: int | None = None
    _held: Counter[Who] = field(default_factory=Counter)

    def may(self, who: Who) -> bool:
        """Whether there is room for one more of theirs."""
        total, own = self._held.total(), self._held[None]
        if total >= self.size:
            return False
        if who is None:
            return self.ours is None or own < self.ours
        return total - own < self.chats and self._held[who] < self.each

    def take(self, who: Who) -> bool:
        """Takes one; the caller calls `leave`. False where there is no room."""
        if not self.may(who):
            return False
        self._held[who] += 1
        return True

    def leave(self, who: Who) -> None:
        """Gives one back."""
        self._held[who] -= 1
        if self._held[who] <= 0:
            del self._held[who]

    def without_room(self) -> frozenset[int]:
        """The chats that hold as much as one may."""
        return frozenset(who for who, n in self._held.items() if who is not None and n >= self.each)


class Line(Generic[Ticket]):
    """Who waits for a share, and who is next."""

    def __init__(self, shares: Shares) -> None:
        self._shares = shares
        self._ours: deque[Ticket] = deque()
        self._chats: dict[int, deque[Ticket]] = {}

    def join(self, ticket: Ticket, who: Who) -> None:
        """Waits for a share."""
        line = self._ours if who is None else self._chats.setdefault(who, deque())
        line.append(ticket)

    def quit(self, ticket: Ticket, who: Who) -> None:
        """Waits no longer."""
        line = self._ours if who is None else self._chats[who]
        line.remove(ticket)
        if who is not None and not line:
            del self._chats[who]

    def next(self) -> Ticket | None:
        """Who is served now, whose share is taken; None if nobody can be."""
        if self._ours and self._shares.take(None):
            return self._ours.popleft()
        who = next((who for who in self._chats if self._shares.may(who)), None)
        if who is None:
            return None
        self._shares.take(who)
        line = self._chats.pop(who)
        ticket = line.popleft()
        if line:  # behind all others
            self._chats[who] = line
        return ticket

    def __len__(self) -> int:
        return len(self._ours) + sum(map(len, self._chats.values()))
