"""Processes of Tocsin that begin with their modules loaded: imports take a second of a start.

One that has loaded them forks as often as it is asked: each that it starts is a process of its own,
which is signalled, killed and waited for as any other. It is asked over a socket: a line of JSON,
with the files for stdout and stderr, and a socket on which the new one's number is said, and how it
ended.
"""

import atexit
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

_CODE = Path(__file__).parents[1]
_MOST_BYTES = 1 << 16
_FILES = 3
# What goes on until it is told to end, and what ends by itself: as in a cold start, the former have
# no command line.
_RUNNING, _COMMANDS = "running", "commands"
_MODULES = {
    _RUNNING: (
        "bot.app", "bot.cli.running", "bot.feeds_file", "bot.playground.server",
        "handlers.receiving.entrance", "storage.postgres.opening", "benchmarks.hurried",
    ),
    _COMMANDS: (
        *(f"bot.cli.{name}" for name in ("demo", "doctor", "feeds", "moving", "news", "operate")),
        # Loaded by who needs it first; and another user may be unable to read this Python.
        "concurrent.futures.thread", "importlib.metadata", "typer.rich_utils",
        "storage.postgres.copying", "storage.postgres.opening",
    ),
}  # fmt: skip


class Started:
    """A process that was started, for who waits for it: as `subprocess.Popen` has it."""

    def __init__(self, said: socket.socket, args: Sequence[str]) -> None:
        self._said = said
        self._args = args
        self.returncode: int | None = None
        self.pid = int(self._read())

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self.returncode is None and select.select([self._said], [], [], 0)[0]:
            self._take_end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits for its end, and returns how it ended. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if timeout is not None and not select.select([self._said], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self._args, timeout)
            self._take_end()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, sign: int) -> None:
        """Sends it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sign)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it."""
        self.send_signal(signal.SIGKILL)

    def _take_end(self) -> None:
        self.returncode = int(self._read())
        self._said.close()

    def _read(self) -> bytes:
        said = self._said.recv(16)
        assert said, "the process that starts others has died"
        return said


def start(
    program: str,
    *words: str,
    env: Mapping[str, str],
    folder: Path,
    stdout: IO[Any],
    stderr: IO[Any] | None = None,
    user: int | None = None,
) -> Started:
    """Starts `python -m program` with these words in a folder, as root also as another user. It
    complains where this process does, unless told.
    """
    kind = _COMMANDS if program == "bot" and words[:1] != ("run",) else _RUNNING
    asked = {"program": program, "words": words, "environment": dict(env), "user": user}
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        line = json.dumps({**asked, "folder": str(folder)}).encode()
        complaints = stderr.fileno() if stderr else 2
        socket.send_fds(_warm(kind), [line], [stdout.fileno(), complaints, its.fileno()])
    return Started(ours, [program, *words])


def run(
    program: str,
    *words: str,
    env: Mapping[str, str],
    folder: Path,
    user: int | None = None,
    seconds: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Runs one to its end, so many seconds at most, and says what it wrote."""
    with TemporaryFile("w+", encoding="utf-8") as said, TemporaryFile("w+") as complained:
        started = start(
            program, *words, env=env, folder=folder, stdout=said, stderr=complained, user=user
        )
        try:
            code = started.wait(seconds)
        finally:
            started.kill()
        # Where it wrote, we read.
        said.seek(0)
        complained.seek(0)
        return subprocess.CompletedProcess(words, code, said.read(), complained.read())


@cache
def _warm(kind: str) -> socket.socket:
    """The way to the process that has such modules; it ends with this one."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm", kind, str(its.fileno())],
            pass_fds=[its.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=_CODE,
            env={"LANG": "C.UTF-8"},
        )
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def _serve(kind: str, asking: socket.socket) -> None:
    """Loads modules, and starts what is asked for until nobody can ask any more."""
    _load(kind)
    looked_after = 0
    while True:
        line, files, _, _ = socket.recv_fds(asking, _MOST_BYTES, _FILES)
        while looked_after and os.waitpid(-1, os.WNOHANG)[0]:
            looked_after -= 1
        if not line:
            return
        looked_after += 1
        if not os.fork():
            asking.close()
            _start(json.loads(line), files)
            return
        for file in files:
            os.close(file)


def _load(kind: str) -> None:
    from bot.cli.running import importing

    if kind == _RUNNING:
        with importing():
            _import(_MODULES[kind])
            from bot import app
            from bot.settings import ROLES

            app.load(ROLES)
    else:
        _import(_MODULES[kind])
    # The end of each would look through all that was loaded for garbage.
    gc.collect()
    gc.freeze()


def _import(names: Iterable[str]) -> None:
    for name in names:
        import_module(name)


def _start(asked: dict[str, Any], files: list[int]) -> None:
    """Runs a program in a process, and says how that ended; returns in that process."""
    *files, said = files
    process = os.fork()
    if process:
        for file in files:
            os.close(file)
        with closing(socket.socket(fileno=said)) as saying:
            saying.send(b"%d" % process)
            _, status = os.waitpid(process, 0)
            saying.send(b"%d" % os.waitstatus_to_exitcode(status))
        os._exit(0)
    os.close(said)
    _become(asked, [os.open(os.devnull, os.O_RDONLY), *files])


def _become(asked: dict[str, Any], files: list[int]) -> None:
    """Runs a program, and ends as it does."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    if asked["user"]:
        os.setgroups([])
        os.setgid(asked["user"])
        os.setuid(asked["user"])
    program = asked["program"]
    sys.argv = [program, *asked["words"]]
    try:
        import_module("bot.cli.main" if program == "bot" else program).main()
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        # To take down all that was loaded would take a third of the time.
        os._exit(ended.code or 0)


if __name__ == "__main__":
    _serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
