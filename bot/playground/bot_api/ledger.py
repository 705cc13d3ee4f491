"""What the server received and how it answered: the only honest count of losses and doubles.

The bot's own books cannot show a message that was sent twice because an answer got lost; these
can. Append-only, bounded by `cap`.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

Json = dict[str, Any]


class LedgerEntry(Struct, frozen=True):
    """One request that sends or changes a message.

    `outcome` is "ok" or the description of the refusal; `applied` says the world changed by it,
    `answered` that the client got the whole answer, `violation` that a penalty was running. It
    `arrived` before a delay, and was carried out or refused at `time`.
    """

    number: int
    time: float
    method: str
    chat_id: int
    thread_id: int | None
    message_id: int | None
    text: str
    entities: list[Json] = field(default_factory=list)
    outcome: str = "ok"
    applied: bool = True
    answered: bool = True
    violation: bool = False
    picture: str = ""
    arrived: float = 0.0

    def as_json(self) -> Json:
        """The entry as the control API shows it."""
        return asdict(self)


class Ledger:
    """The newest `cap` entries; `total` counts all there ever were."""

    MESSAGES = ("sendMessage", "sendPhoto")

    def __init__(self, cap: int = 100_000) -> None:
        self._entries: deque[LedgerEntry] = deque(maxlen=cap)
        self.total = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[LedgerEntry]:
        return iter(list(self._entries))

    def record(self, **fields: Any) -> LedgerEntry:
        """Append an entry; it gets the next number, counted from 1."""
        self.total += 1
        entry = LedgerEntry(number=self.total, **fields)
        self._entries.append(entry)
        return entry

    def find(
        self,
        *,
        method: str | None = None,
        chat_id: int | None = None,
        containing: str = "",
        after: int = 0,
        applied: bool | None = None,
    ) -> list[LedgerEntry]:
        """The entries that fit, oldest first; `after` leaves out numbers up to it."""
        return [
            entry
            for entry in self._entries
            if entry.number > after
            and (method is None or entry.method.lower() == method.lower())
            and (chat_id is None or entry.chat_id == chat_id)
            and (applied is None or entry.applied == applied)
            and containing in entry.text
        ]

    def delivered(self, chat_id: int | None = None, containing: str = "") -> list[LedgerEntry]:
        """Messages that really reached a chat, whatever the client learned of it."""
        sent = self.find(chat_id=chat_id, containing=containing, applied=True)
        return [entry for entry in sent if entry.method in self.MESSAGES]

    def violations(self) -> list[LedgerEntry]:
        """Requests sent while a penalty was running."""
        return [entry for entry in self._entries if entry.violation]
