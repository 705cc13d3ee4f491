"""Finding the story of a report, with a full window: python -m benchmarks.speed.placing

`Clusterer.judge` and `remember` on the invented reports of `benchmarks.stories`, in a process that
looks for garbage as seldom as the bot does; what the desk and the database add stands in the rows
of polling.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import mean, median, quantiles

from benchmarks.speed.figures import Figure, Found, Goal, Growth, Scale, alone
from benchmarks.speed.tfidf import Nearest
from benchmarks.stories import invented
from bot.garbage import look_seldom
from bot.news.stories.clustering import Clusterer, Sighting

WINDOW = 30_000
_JUDGED = 1_000
_BY_TFIDF = 100


def _filled(reports: list[Sighting]) -> Clusterer:
    clusterer = Clusterer()
    for number, sighting in enumerate(reports):
        clusterer.remember(sighting, number if number % 3 else max(0, number - number % 30))
    return clusterer


def _times(place: Callable[[Sighting, int], object], reports: list[Sighting]) -> list[float]:
    times = []
    for number, sighting in enumerate(reports):
        began = time.process_time()
        place(sighting, 10_000_000 + number)
        times.append((time.process_time() - began) * 1000)
    return times


def _tocsin(window: int, stream: list[Sighting]) -> list[float]:
    """Milliseconds of each report that comes after those of the window."""
    clusterer = _filled(stream[:window])
    return _times(partial(_place, clusterer), stream[window:])


def _place(clusterer: Clusterer, sighting: Sighting, number: int) -> None:
    story = clusterer.judge(sighting).story
    clusterer.remember(sighting, number if story is None else story)


def place(reports: int) -> None:
    """Places so many behind a full window, to be profiled."""
    stream = invented(WINDOW + reports)
    clusterer = _filled(stream[:WINDOW])
    for number, sighting in enumerate(stream[WINDOW:]):
        _place(clusterer, sighting, 10_000_000 + number)


def _tfidf(stream: list[Sighting]) -> list[float]:
    near = Nearest()
    for sighting in stream[:WINDOW]:
        near.add(f"{sighting.title} {sighting.summary}")

    def place(sighting: Sighting, number: int) -> object:
        return near.place(f"{sighting.title} {sighting.summary}")

    return _times(place, stream[WINDOW : WINDOW + _BY_TFIDF])


def figures(scale: Scale) -> Iterator[Found]:
    """The rows of one report, and how they grow with the window."""
    look_seldom()
    stream = invented(WINDOW + _JUDGED)
    ours, theirs = _tocsin(WINDOW, stream), _tfidf(stream)
    path, how = (
        "place a report, 30,000 in the window",
        "invented reports of 34 words; garbage is looked for as the bot does",
    )
    yield Figure(f"{path}, median", "ms of CPU", median(ours), (Goal(0.4),),
                 {"TF-IDF, nearest report": median(theirs)}, how=how)  # fmt: skip
    yield Figure(f"{path}, p95", "ms of CPU", quantiles(ours, n=20)[18], (Goal(1.0),),
                 {"TF-IDF, nearest report": quantiles(theirs, n=20)[18]}, how=how)  # fmt: skip
    windows = (10, 100, 1_000, 10_000, 60_000) if scale.long else (10, 100, 1_000, 10_000)
    # Each within the same three days; the window ends at 60,000.
    points = [(float(n), mean(_tocsin(n, invented(n + _JUDGED)))) for n in windows]
    yield Growth("placing a report", "reports in the window", "ms of CPU", tuple(points))


if __name__ == "__main__":
    alone(figures)
