"""Milliseconds from a command to its answer, with a million stored stories:
python -m benchmarks.answers [--stories 1000000]

The real router and handlers on a real database of 30 days, as `benchmarks.aged` makes it, whose
stories have texts of `benchmarks.topics_scale`: 20,000 of them, each worn by many stories.
Telegram is a wire that answers at once. Searches are queries as chats follow them, each asked once.
"""

import argparse
import asyncio
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import aged
from benchmarks.topics_scale import News
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.query.match import StoryText
from bot.pipeline.placing.desk import Desk
from storage.open import open_storage
from tests.handlers.stage import Stage, Wire, router

_DAYS = 30
_TEXTS = 20_000
_SEARCHES = 300
_TIMES = 40
_MOST_MEDIAN, _MOST_SEARCH = 300.0, 500.0


def worded(file: sqlite3.Connection, age: aged.Age) -> None:
    """Every story gets one of the invented texts, and is found by its words."""
    news = News()
    file.execute(
        "CREATE TEMP TABLE texts (n INTEGER PRIMARY KEY, title, summary, language, link, keys)"
    )
    for n in range(_TEXTS):
        title, summary, source, language, link = news.story()
        keys = " ".join(sorted(StoryText(title, summary, source, language, link).keys()))
        row = n, title, summary, language, link, keys
        file.execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?)", row)
    file.execute(
        "UPDATE reports SET title = t.title, summary = t.summary,"
        " language = t.language FROM texts t WHERE t.n = reports.story_id % ?",
        (_TEXTS,),
    )
    file.execute(
        "INSERT INTO story_keys (rowid, keys) SELECT s.id, t.keys FROM stories s"
        " JOIN texts t ON t.n = s.id % ? ORDER BY s.id",
        (_TEXTS,),
    )


Asked = Callable[[int], Awaitable[object]]


def _commands(here: Stage, stories: int, queries: list[str]) -> dict[str, tuple[Asked, int]]:
    """What is measured, and how many times."""

    def says(text: str) -> Asked:
        return lambda n: here.say(text)

    async def pages(n: int) -> None:
        shown = here.messages()[-1]
        label = next(label for label in shown.labels if "→" in label)
        await here.press(shown, label)

    async def follows(n: int) -> None:
        await here.say(f"/topic Topic {n}: {queries[-1 - n]}")

    link = f"https://x.example/{stories // 2}"
    fixed = {
        text: (says(text), _TIMES)
        for text in (
            "/start", "/help", "/latest", "/top", "/top week", "/topic", "/sources",
            "/sources outlet 77", "/digest", "/settings", "/status", f"/whynot {link}", "/mute",
        )
    }  # fmt: skip
    return fixed | {
        "/latest, a page on": (pages, _TIMES),
        "/search": (lambda n: here.say(f"/search {queries[n]}"), _SEARCHES),
        "plain words": (lambda n: here.say(queries[n].lower()), _TIMES),
        "/topic test": (lambda n: here.say(f"/topic test {queries[n]}"), _TIMES),
        "/topic NAME: words": (follows, _TIMES),
    }


async def measure(path: Path, stories: int, only: Collection[str] = ()) -> dict[str, list[float]]:
    """Milliseconds of each answer, by command: of all, or of these only."""
    age = aged.Age("a month of much news", _DAYS, stories, stories // 5)
    await asyncio.to_thread(aged.make, path, age, worded)
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=aged.NOW)
    clock, wire, stop = [aged.NOW], Wire(), Stop()
    desk = Desk(
        stories=storage.stories, window=storage.window, chats=storage.chats,
        digests=storage.digests, now=lambda: clock[0], stop=stop, wakeup=stop.wakeup(),
        outbox=stop.wakeup(), metrics=Metrics(),
    )  # fmt: skip
    here = Stage(storage, wire, router(storage, wire, clock), desk, clock)
    try:
        found = {}
        queries = News().queries(_SEARCHES + _TIMES)
        for name, (ask, times) in _commands(here, stories, queries).items():
            if only and name not in only:
                continue
            if name == "/latest, a page on":
                await here.say("/latest")
            found[name] = [await _one(here, ask, n) for n in range(times)]
        return found
    finally:
        await storage.close()


async def _one(here: Stage, ask: Asked, n: int) -> float:
    here.clock[0] += 60.0  # nobody is too fast
    began = time.perf_counter()
    await ask(n)
    return (time.perf_counter() - began) * 1_000


def main(arguments: list[str] | None = None) -> None:
    """Prints a table; says which goals were missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=1_000_000)
    wanted = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder) / "answers.db", wanted.stories))
    print("| ms | median | p95 | most |\n|---|--:|--:|--:|")
    for name, times in found.items():
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"| {name} | {statistics.median(times):.1f} | {p95:.1f} | {max(times):.1f} |")
    slow = [name for name, times in found.items() if statistics.median(times) > _MOST_MEDIAN]
    searches = statistics.quantiles(found["/search"], n=20)[-1]
    print(f"\nmedian over {_MOST_MEDIAN:.0f} ms: {', '.join(slow) or 'none'};", end=" ")
    print(f"/search at p95: {searches:.0f} ms of {_MOST_SEARCH:.0f}")


if __name__ == "__main__":
    main()
