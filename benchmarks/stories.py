"""Measures how reports are put into stories: python -m benchmarks.stories COMMAND ...

curve GOLD.jsonl [PLOT.svg]   precision and suppression at several thresholds, with a plot
load [REPORTS]                time and memory with REPORTS (30,000) invented ones in the window

GOLD.jsonl has one report a line: set, id, ts, lang, title, summary, source, url, story.
"""

import json
import random
import statistics
import sys
import time
import tracemalloc
from collections import defaultdict
from pathlib import Path

from bot.news.stories.clustering import Clusterer, Sighting
from bot.news.text.plain import fold_title
from bot.news.text.urls import canonical

THRESHOLDS = (0.7, 0.8, 0.84, 0.85, 0.86, 0.88, 0.9, 0.93)
WindowStory = tuple[Sighting, str]


def read_streams(path: Path) -> dict[str, list[WindowStory]]:
    """The reports of each set with their gold stories."""
    streams: dict[str, list[WindowStory]] = defaultdict(list)
    with path.open() as file:
        for line in file:
            row = json.loads(line)
            streams[row.get("set", "all")].append((_sighting(row), row["story"]))
    return dict(streams)


def _sighting(row: dict[str, str]) -> Sighting:
    source, url = row.get("source", ""), row.get("url")
    return Sighting(
        canonical(url) if url else None,
        fold_title(row["title"], source),
        float(row["ts"]),
        row["title"],
        row.get("summary", ""),
        source,
        row.get("lang"),
    )


def measure(stream: list[WindowStory], threshold: float) -> dict[str, float]:
    """Of one stream: attach precision, repeats suppressed, stories missed, alerts a story."""
    clusterer, opened = Clusterer(threshold), list[str]()
    seen: set[str] = set()
    attached = right = repeats = quiet = 0
    for sighting, gold in stream:
        story = clusterer.judge(sighting).story
        repeats += gold in seen
        if story is None:
            story = len(opened)
            opened.append(gold)
        else:
            attached += 1
            right += opened[story] == gold
            quiet += gold in seen
        seen.add(gold)
        clusterer.remember(sighting, story)
    return {
        "attach": right / attached if attached else 1.0,
        "suppressed": quiet / repeats if repeats else 1.0,
        "missed": len(seen - set(opened)) / len(seen),
        "alerts": len(opened) / len(seen),
    }


def curve(path: Path, plot: Path | None) -> None:
    """Prints the table, one line a threshold, and draws it where asked."""
    streams = read_streams(path)
    print(f"| threshold | attach ({' / '.join(streams)}) | suppressed | missed | alerts a story |")
    print("|---|---|---|---|---|")
    points = []
    for threshold in THRESHOLDS:
        found = [measure(stream, threshold) for stream in streams.values()]
        mean = {key: statistics.fmean(f[key] for f in found) for key in found[0]}
        each = {key: " / ".join(f"{f[key]:.3f}" for f in found) for key in found[0]}
        print(
            f"| {threshold} | {mean['attach']:.3f} ({each['attach']}) | {mean['suppressed']:.3f}"
            f" ({each['suppressed']}) | {mean['missed']:.3f} | {mean['alerts']:.1f} |",
            flush=True,
        )
        points.append((mean["suppressed"], mean["attach"], threshold))
    if plot:
        plot.write_text(draw(points))


def draw(points: list[tuple[float, float, float]]) -> str:
    """A small plot: precision over suppression, a dot a threshold."""

    def place(suppressed: float, attach: float) -> tuple[float, float]:
        return 60 + (suppressed - 0.4) * 680, 270 - (attach - 0.88) * 2000

    dots = []
    for suppressed, attach, threshold in points:
        x, y = place(suppressed, attach)
        dots.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4"/>')
        dots.append(f'<text x="{x + 6:.0f}" y="{y - 6:.0f}">{threshold}</text>')
    line = " ".join("{:.0f},{:.0f}".format(*place(s, a)) for s, a, _ in points)
    ticks = [
        f'<text x="{place(s, 0.88)[0] - 8:.0f}" y="288">{s}</text>' for s in (0.4, 0.6, 0.8, 1.0)
    ]
    ticks += [f'<text x="20" y="{place(0.4, a)[1] + 4:.0f}">{a}</text>' for a in (0.9, 0.95, 1.0)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 320" font-family="sans-serif"'
        ' font-size="11" fill="#345">\n<rect width="520" height="320" fill="#fff"/>\n'
        '<path d="M60 20V270H490" fill="none" stroke="#999"/>\n'
        f'<polyline points="{line}" fill="none" stroke="#27c" stroke-width="2"/>\n'
        + "\n".join([*dots, *ticks])
        + '\n<text x="210" y="308">repeats suppressed</text>\n'
        '<text x="20" y="14">attach precision</text>\n</svg>\n'
    )


def load(reports: int) -> None:
    """Fills a window with invented reports, then times the next thousand."""
    stream = invented(reports + 1000)
    tracemalloc.start()
    clusterer = Clusterer()
    for number, sighting in enumerate(stream[:reports]):
        clusterer.remember(sighting, number if number % 3 else max(0, number - number % 30))
    used = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    times = []
    for number, sighting in enumerate(stream[reports:], reports):
        start = time.perf_counter()
        story = clusterer.judge(sighting).story
        clusterer.remember(sighting, number if story is None else story)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(
        f"{reports} in the window: {used:.0f} MB; a report takes {times[500]:.2f} ms in the median,"
        f" {times[950]:.2f} ms at p95, {times[-1]:.1f} ms at most"
    )


def invented(count: int) -> list[Sighting]:
    """Reports of words that are as unevenly common as those of news: 9 in a title, 25 below."""
    chance = random.Random(1)
    syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(60_000)]
    weights = [1 / (rank + 20) ** 0.95 for rank in range(len(words))]
    drawn = chance.choices(words, weights, k=count * 34)
    found = []
    for number in range(count):
        some = drawn[number * 34 : number * 34 + 34]
        title, summary = " ".join(some[:9]), " ".join(some[9:])
        link = f"https://news{number % 400}.example.org/{number}/{some[0]}-{some[1]}"
        found.append(
            Sighting(
                link, title, number * 259_000.0 / count, title, summary, f"News {number % 400}"
            )
        )
    return found


def main() -> None:
    """Runs the command that was asked for."""
    match sys.argv[1:]:
        case ["curve", gold, *plot]:
            curve(Path(gold), Path(plot[0]) if plot else None)
        case ["load", *count]:
            load(int(count[0]) if count else 30_000)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
