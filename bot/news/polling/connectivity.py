"""Whether this machine reaches anything at all. Pure; `now` is an argument.

Where one host is silent, that is its trouble. Where one after the other is, and nobody answers in
between, it is ours: then no feed has failed, and all are asked again within minutes, so that none
is hours late when the connection is back.
"""

from dataclasses import dataclass, field

_HOSTS = 3
HEARD_SECONDS = 90.0  # Telegram answers about as often, where it is listened to
_BELIEVED_SECONDS = 86_400.0


@dataclass
class Connectivity:
    """Who was silent since somebody answered. An answer counts for `heard_seconds`: as long as it
    may take until somebody who answers is asked again.
    """

    heard_seconds: float = HEARD_SECONDS
    _silent: set[str] = field(default_factory=set)
    _heard_at: float | None = None
    _silent_since: float | None = None

    def heard(self, now: float) -> None:
        """Somebody answered, whatever it said: a host, or Telegram."""
        self._silent.clear()
        self._silent_since = None
        self._heard_at = now

    def silent(self, host: str, now: float) -> None:
        """A host could not be reached."""
        if self._silent_since is None:
            self._silent_since = now
        if len(self._silent) < _HOSTS:
            self._silent.add(host)

    def is_cut_off(self, now: float) -> bool:
        """True where the silence is ours. After a day it is believed to be theirs: a catalogue may
        hold nothing but feeds that have ended.
        """
        if self._silent_since is None or len(self._silent) < _HOSTS:
            return False
        # A clock that went back says nothing of how long it has been.
        lately = self._heard_at is not None and abs(now - self._heard_at) < self.heard_seconds
        return not lately and abs(now - self._silent_since) < _BELIEVED_SECONDS
