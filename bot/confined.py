"""How a process of ours that reads what strangers wrote bounds itself."""

import ctypes
import sys

try:
    import resource
except ImportError:  # Windows has none; there the deadline alone bounds a document
    resource = None  # type: ignore[assignment]

_MOST_FILES = 64
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of <sched.h>


def bound_memory(limit: int) -> None:
    """At most so many bytes from now on."""
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def leave_network() -> None:
    """Enters a network of its own that has no way out, where the system lets this process; many
    containers do not (seccomp).
    """
    unshare = getattr(ctypes.CDLL(None), "unshare", None) if sys.platform == "linux" else None
    if unshare is not None and unshare(_NEW_NETWORK) != 0:
        # Whoever is not root needs to be so in a namespace of users first.
        unshare(_NEW_USER | _NEW_NETWORK)


def bound_rest() -> None:
    """No file is written, few are open, and no process or thread begins. (Root is not held by the
    last: the bot should not run as root.)
    """
    sys.dont_write_bytecode = True  # it would be left half written
    if resource is None:
        return
    for name, most in (
        ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0), ("RLIMIT_NOFILE", _MOST_FILES), ("RLIMIT_NPROC", 0)
    ):  # fmt: skip
        if (what := getattr(resource, name, None)) is not None:
            _, hard = resource.getrlimit(what)
            limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (limit, limit))


def bound_time(seconds: int) -> None:
    """So many seconds of CPU for what comes next, should the parent that keeps the deadline be
    gone.
    """
    # The limit counts a process's whole life, so it moves along with every document.
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = int(used.ru_utime + used.ru_stime) + seconds + 1
        if hard == resource.RLIM_INFINITY or soft < hard:
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
