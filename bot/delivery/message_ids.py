"""Where in a chat a message may have come to lie whose answer was lost. Pure: `now` is handed in.

In supergroups and channels ids count up chat by chat, so a message that arrived has one of the
next few after the last that was seen. Asked to edit that message into what it should read, Telegram
says "message is not modified" if it is the one. An edit of another message of ours would overwrite
it: ids are offered only where every one of ours since is known.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from bot.delivery.outcome import Fate, Refusal

KINDS = ("supergroup", "channel")
MOST_TRIES = 3
# What was lost may still arrive; until then it must not be taken for another.
_UNSURE_SECONDS = 120.0
_REMEMBERED = 50
_FORGET_ABOVE = 10_000

_NOT_MODIFIED = re.compile(r"not modified")
_ANOTHER = re.compile(
    r"message to edit not found|can't be edited|message_id_invalid"
    # Words were looked for, and a picture lies there; or the other way round.
    r"|there is no (text|caption) in the message"
)


class Probe(Enum):
    """What an edit that should change nothing says of an id."""

    ARRIVED = "arrived"
    ANOTHER = "another"
    UNCLEAR = "unclear"


def read_probe(refusal: Refusal | None) -> Probe:
    """What the answer to such an edit means; None is success: it reads so now."""
    if refusal is None:
        return Probe.ARRIVED
    text = refusal.text.lower()
    if refusal.fate is not Fate.ANSWERED or refusal.status != 400:
        return Probe.UNCLEAR
    if _NOT_MODIFIED.search(text):
        return Probe.ARRIVED
    return Probe.ANOTHER if _ANOTHER.search(text) else Probe.UNCLEAR


@dataclass
class _Place:
    last: int = 0
    seen: deque[int] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    in_air: int = 0
    unsure_until: float = 0.0


@dataclass
class MessageIds:
    """The ids seen lately in each chat, since this process began. Memory is bounded."""

    _places: dict[int, _Place] = field(default_factory=dict)

    def saw(self, chat_id: int, message_id: int) -> None:
        """A message of anybody's has this id; older ids than the last are remembered too."""
        if chat_id > 0:
            return  # a private chat: its ids are shared with the person's other chats
        place = self._place(chat_id)
        place.last = max(place.last, message_id)
        place.seen.append(message_id)

    def began(self, chat_id: int) -> int:
        """A message of ours goes out; returns the last id before it, 0 if none is known."""
        if chat_id > 0:
            return 0
        place = self._place(chat_id)
        place.in_air += 1
        return place.last

    def ended(self, chat_id: int, message_id: int | None) -> None:
        """A message of ours got this id, or none that is known."""
        if chat_id > 0:
            return
        self._place(chat_id).in_air -= 1
        if message_id is not None:
            self.saw(chat_id, message_id)

    def lost(self, chat_id: int, now: float) -> None:
        """A message of ours may lie anywhere from now on."""
        if chat_id < 0:
            self._place(chat_id).unsure_until = now + _UNSURE_SECONDS

    def candidates(self, chat_id: int, after: int, now: float) -> tuple[int, ...]:
        """Ids that a message may have which went out when `after` was the last; none where one of
        them could be another message of ours.
        """
        if chat_id > 0:
            return ()
        place = self._place(chat_id)
        if not after or place.in_air or now < place.unsure_until:
            return ()
        # What was forgotten of the ids since then might be ours.
        if len(place.seen) == _REMEMBERED and min(place.seen) > after:
            return ()
        known = set(place.seen)
        unknown = (n for n in range(after + 1, after + 1 + _REMEMBERED) if n not in known)
        return tuple(n for n, _ in zip(unknown, range(MOST_TRIES), strict=False))

    def _place(self, chat_id: int) -> _Place:
        if len(self._places) > _FORGET_ABOVE:
            self._places = {c: p for c, p in self._places.items() if p.in_air}
        return self._places.setdefault(chat_id, _Place())
