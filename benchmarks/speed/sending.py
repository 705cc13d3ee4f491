"""Messages a second, by how many are in flight and through the whole bot:
python -m benchmarks.speed.sending [--peers PYTHON]

Each way is a process, before a server in another one that takes everything (`senders`,
`answerer`); counts in flight take turns. Through the whole bot it is `benchmarks.throughput`: one
story to many chats.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import throughput
from benchmarks.speed.figures import Figure, Found, Goal, Growth, Scale, alone

IN_FLIGHT = (1, 16, 64, 256)
_NAMES = {"default": "its default transport", "limiter": "default and its rate limiter"}
_LIMIT = "bare aiohttp"
_SENDERS = Path(__file__).with_name("senders.py")
_SECONDS = 2.0


@contextmanager
def answering() -> Iterator[str]:
    """The address of a server that takes everything."""
    command = [sys.executable, "-m", "benchmarks.speed.answerer"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.communicate()


def _sent(python: str | None, way: str) -> list[tuple[float, float]]:
    """Messages a second and CPU for one, for each count; nothing without a Python that can."""
    if python is None:
        return []
    with answering() as url:
        counts = ",".join(map(str, IN_FLIGHT))
        command = [python, "-P", str(_SENDERS), way, url, counts, str(_SECONDS)]
        lines = subprocess.check_output(command, text=True).splitlines()
    return [(float(rate), float(cpu)) for rate, cpu in map(str.split, lines)]


def _in_flight(scale: Scale) -> Iterator[Figure]:
    ours, limit = _sent(sys.executable, "tocsin"), _sent(sys.executable, "limit")
    others = {name: _sent(scale.peers, way) for way, name in _NAMES.items()}
    for i, count in enumerate(IN_FLIGHT):
        peers = {name: found[i][0] if found else None for name, found in others.items()}
        yield Figure(
            f"python-telegram-bot over our transport, {count} in flight", "messages a second",
            ours[i][0], (Goal(2_000),), peers, {_LIMIT: limit[i][0]}, more_is_better=True,
            how=f"{ours[i][1]:.2f} ms of CPU each",
        )  # fmt: skip


def figures(scale: Scale) -> Iterator[Found]:
    """The rows of sending, and how it grows with the chats."""
    flights = list(_in_flight(scale))
    yield from flights
    rates = [figure.value for figure in flights]
    yield Figure(
        "at 256 in flight, of the best", "part", rates[-1] / max(rates), (Goal(0.9),),
        more_is_better=True, how="no fall with concurrency: nine tenths of the best or more",
    )  # fmt: skip
    # Fewer are told before the first second is over.
    counts = (1_000, 10_000, 100_000) if scale.long else (1_000, 3_000, 10_000)
    found = {count: asyncio.run(throughput.measure(count)) for count in counts}
    whole = found[10_000]
    yield Figure(
        "through the whole bot, one story to many chats", "messages a second",
        float(whole["a second"]), (Goal(2_000),), more_is_better=True,
        how=f"{whole['messages']:,.0f} chats; from the outbox, claimed and settled on disk",
    )  # fmt: skip
    yield Growth(
        "telling one story", "chats", "s", tuple((n, f["seconds"]) for n, f in found.items())
    )


if __name__ == "__main__":
    alone(figures)
