"""What goes wrong on purpose: answers lost, refused, late or garbled.

A fault waits for requests of a method and chat, lets the first `after` of them pass, and then
meets the next `times`.
"""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from bot.errors import BadInput


class FaultKind(StrEnum):
    """The ways a request can go wrong; the last four leave the client unsure or wrong."""

    DELAY = "delay"
    TOO_MANY = "too_many"
    TOO_MANY_BARE = "too_many_bare"
    REFUSE = "refuse"
    SERVER_ERROR = "server_error"
    BAD_GATEWAY = "bad_gateway"
    DROP = "drop"
    APPLY_THEN_ERROR = "apply_then_error"
    TRUNCATED = "truncated"
    APPLY_THEN_DROP = "apply_then_drop"
    APPLY_THEN_HANG = "apply_then_hang"


@dataclass
class Fault:
    """One trouble in wait. `times=None` lasts until it is removed.

    `seconds` is the length of a delay or a hang, `retry_after` goes into a 429, and
    `description` is the refusal in Telegram's words (see `refusals`).
    """

    kind: FaultKind
    method: str = "sendMessage"
    chat_id: int | None = None
    after: int = 0
    times: int | None = 1
    seconds: float = 0.0
    retry_after: int = 3
    description: str = "Forbidden: bot was blocked by the user"
    migrate_to_chat_id: int | None = None
    id: int = 0
    met: int = 0

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Whether a request is one this fault waits for; method `*` is any."""
        same_method = self.method in ("*", "") or self.method.lower() == method.lower()
        return same_method and (self.chat_id is None or self.chat_id == chat_id)

    def as_json(self) -> dict[str, Any]:
        """The fault as the control API shows it."""
        return asdict(self)


@dataclass
class FaultPlan:
    """The faults in wait, in the order they were added."""

    waiting: list[Fault] = field(default_factory=list)
    _last_id: int = 0

    def add(self, kind: FaultKind | str, **details: Any) -> Fault:
        """Add a fault; see `Fault` for the details. Raises BadInput for what it does not know."""
        try:
            fault = Fault(FaultKind(kind), **details, id=self._last_id + 1)
        except (TypeError, ValueError) as error:
            kinds = ", ".join(FaultKind)
            raise BadInput(f"Not a fault: {error}. Kinds are {kinds}.") from error
        self._last_id = fault.id
        self.waiting.append(fault)
        return fault

    def remove(self, fault_id: int) -> bool:
        """Remove one fault; False when it is not there (any more)."""
        before = len(self.waiting)
        self.waiting = [fault for fault in self.waiting if fault.id != fault_id]
        return len(self.waiting) < before

    def clear(self) -> None:
        """Remove all faults."""
        self.waiting.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that meets this request, if any; the first that is ready wins."""
        chosen: Fault | None = None
        for fault in list(self.waiting):
            if not fault.fits(method, chat_id):
                continue
            if fault.after > 0:
                fault.after -= 1
            elif chosen is None:
                chosen = fault
                self._wear(fault)
        return chosen

    def _wear(self, fault: Fault) -> None:
        fault.met += 1
        if fault.times is not None and fault.met >= fault.times:
            self.remove(fault.id)
