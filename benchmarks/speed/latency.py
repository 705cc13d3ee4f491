"""Seconds from a story's first sight to its acceptance, where nothing else is to be done:
python -m benchmarks.speed.latency

The whole bot with one chat before the playground's server; stories come one at a time.
"""

import asyncio
from collections.abc import Iterator
from statistics import quantiles

from benchmarks import kills
from benchmarks.rig import STORY, Rig, rig
from benchmarks.speed.figures import Figure, Found, Goal, Scale, alone

_BETWEEN_SECONDS = 0.45


async def _late(stories: int) -> list[float]:
    """Milliseconds of each story."""
    async with rig([(1, "private", 0)]) as r:
        r.start()
        await r.polled()
        for _ in range(stories):
            r.publish(1)
            await asyncio.sleep(_BETWEEN_SECONDS)
        await r.drained()
        return _between(r)


def _between(r: Rig) -> list[float]:
    seen = {
        number: at
        for title, at in kills.rows(r.folder, "SELECT title, seen_at FROM reports")
        for number in STORY.findall(title)
    }
    return [
        (entry.time - seen[number]) * 1000
        for entry in r.playground.ledger.delivered()
        for number in STORY.findall(entry.text)
    ]


def figures(scale: Scale) -> Iterator[Found]:
    """The two rows."""
    stories = 400 if scale.long else 120
    late = quantiles(asyncio.run(_late(stories)), n=100)
    how = f"{stories} stories, one at a time, through the whole bot and the playground's server"
    path = "seen until accepted by the Bot API server, idle"
    yield Figure(f"{path}, p50", "ms", late[49], (Goal(30),), how=how)
    yield Figure(f"{path}, p99", "ms", late[98], (Goal(200),), how=how)


if __name__ == "__main__":
    alone(figures)
