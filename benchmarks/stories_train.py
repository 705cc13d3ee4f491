"""Grows `bot.news.stories.likeness_trees`: python -m benchmarks.stories_train DEV.jsonl OUT.py

DEV.jsonl has one report a line: set, id, ts, lang, title, summary, story. Only the sets `uci` (UCI
News Aggregator, CC BY 4.0) and `ecbplus` (ECB+, CC BY 3.0) are learned from, as they are and in
other shapes that feeds come in: two headlines of one story as title and summary, a title with
scraps of two other headlines as a snippet, a title without its text, a text without its beginning.
What is learned is a chance for each pair of a report and a story near it, as the clusterer meets
them while it runs.

Boosted trees of depth three (Friedman 2001), second-order leaves, with features that may only raise
or only lower the chance. Plain Python, some minutes; the same input gives the same trees.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from math import exp
from pathlib import Path

from bot.news.stories.cards import card_of
from bot.news.stories.clustering import MIN_TITLE_WORDS, WINDOW_SECONDS
from bot.news.stories.features import FALLING, FEATURES, RISING, features_of
from bot.news.stories.likeness import ask, compare, neighbours, rivals_of, stories_near
from bot.news.stories.splitting.stopwords import SMALL_WORDS
from bot.news.stories.splitting.terms import Terms, terms_of
from bot.news.stories.window import Window
from bot.news.text.plain import fold_title
from bot.news.text.summary import clean_summary

DEPTH, ROUNDS, RATE, RIDGE, SMALLEST = 3, 80, 0.12, 1.0, 40.0
BINS, ROWS_A_STREAM = 24, 7000
Row = tuple[list[float], float]
Tree = tuple[tuple[tuple[int, float], ...], tuple[float, ...]]
Rated = Callable[[list[float]], float]
Report = tuple[float, str, str, str, Terms]


def read_streams(path: Path) -> dict[str, list[Report]]:
    """The streams that may be learned from: time, gold story, title key, source, terms."""
    rows: dict[str, list[dict[str, str]]] = {"uci": [], "ecbplus": []}
    with path.open() as file:
        for line in file:
            row = json.loads(line)
            if row["set"] in rows:
                rows[row["set"]].append(row)
    headlines, texts = rows["uci"], rows["ecbplus"]
    rows["pairs"] = list(_pairs(headlines))
    rows["titles"] = [row | {"summary": ""} for row in texts]
    rows["snippets"] = list(_snippets(headlines))
    rows["later"] = [row | {"summary": _second_half(row["summary"])} for row in texts]
    return {name: [_report(row) for row in some] for name, some in rows.items()}


def _pairs(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    waiting: dict[str, str] = {}
    for row in rows:
        other = waiting.pop(row["story"], None)
        if other is None:
            waiting[row["story"]] = row["title"]
        else:
            yield row | {"summary": other}


def _snippets(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Lower-cased titles without small words, with the end of one headline after the start of
    another, as search pages cut them.
    """
    scraps = random.Random(3)
    waiting: dict[str, list[str]] = {}
    for row in rows:
        some = waiting.setdefault(row["story"], [])
        some.append(" ".join(w for w in row["title"].lower().split() if w not in SMALL_WORDS))
        if len(some) == 3:
            start = some[1].split()[: scraps.randint(3, 9)]
            end = some[2].split()[-scraps.randint(3, 9) :]
            yield row | {"title": some[0], "summary": " ".join(start + end)}
            waiting[row["story"]] = []


def _second_half(text: str) -> str:
    words = text.split()
    return " ".join(words[len(words) // 2 :])


def _report(row: dict[str, str]) -> Report:
    source = row.get("source", "")
    summary = clean_summary(row["summary"], title=row["title"], source=source)
    terms = terms_of(row["title"], summary, row["lang"])
    return float(row["ts"]), row["story"], fold_title(row["title"], source), source, terms


def examples(stream: list[Report], rate: Rated, threshold: float) -> list[Row]:
    """What the clusterer would meet: each report with each story near it, right or wrong."""
    window, titles, opened = Window(WINDOW_SECONDS), dict[str, int](), list[str]()
    found: list[Row] = []
    for at, gold, key, source, terms in stream:
        window.forget(at)
        story = titles.get(key) if len(key.split()) >= MIN_TITLE_WORDS else None
        if story is None:
            asked, best = ask(window, terms, source, at), threshold
            found_near = neighbours(window, asked)
            stories = stories_near(window, found_near)
            for near in stories:
                told = compare(window, asked, near.story.first)
                rivals = rivals_of(window, found_near, stories, near)
                features = features_of(window, asked, near, told, rivals)
                found.append((features, float(opened[near.story.id] == gold)))
                if (rated := rate(features)) >= best:
                    best, story = rated, near.story.id
        if story is None:
            story = len(opened)
            opened.append(gold)
        titles[key] = story
        window.add(card_of(terms), source, at, story)
    return found


def grow(rows: list[Row], weights: list[float]) -> list[Tree]:
    """Boosts trees on rows; each row counts as much as its weight, which average 1."""
    limits = [_limits([row[0][f] for row in rows]) for f in range(len(FEATURES))]
    binned = [[sum(x > limit for limit in lim) for x, lim in zip(r[0], limits, strict=True)]
              for r in rows]  # fmt: skip
    totals = [0.0] * len(rows)
    trees = []
    for _ in range(ROUNDS):
        chances = [1 / (1 + exp(-z)) for z in totals]
        slopes = [w * (p - y) for w, p, (_, y) in zip(weights, chances, rows, strict=True)]
        bends = [w * p * (1 - p) for w, p in zip(weights, chances, strict=True)]
        splits: list[tuple[int, float]] = [(0, 0.0)] * (2**DEPTH - 1)
        leaves = [0.0] * 2**DEPTH
        work = [(0, list(range(len(rows))), -9.0, 9.0)]
        while work:
            at, some, low, high = work.pop()
            slope, bend = sum(slopes[i] for i in some), sum(bends[i] for i in some)
            value = min(high, max(low, -slope / (bend + RIDGE)))
            if at >= len(splits):
                leaves[at - len(splits)] = RATE * value
                for i in some:
                    totals[i] += RATE * value
                continue
            best = _best_split(binned, some, slopes, bends, (low, high))
            if best is None:
                work += [(2 * at + 1, some, value, value), (2 * at + 2, [], value, value)]
                continue
            feature, edge, left, right = best
            splits[at] = feature, limits[feature][edge]
            middle, name = (left + right) / 2, FEATURES[feature]
            lows, highs = (low, low), (high, high)
            if name in RISING:
                lows, highs = (low, middle), (middle, high)
            elif name in FALLING:
                lows, highs = (middle, low), (high, middle)
            work.append((2 * at + 1, [i for i in some if binned[i][feature] <= edge],
                         lows[0], highs[0]))  # fmt: skip
            work.append((2 * at + 2, [i for i in some if binned[i][feature] > edge],
                         lows[1], highs[1]))  # fmt: skip
        trees.append((tuple(splits), tuple(leaves)))
    return trees


def _best_split(
    binned: list[list[int]],
    some: list[int],
    slopes: list[float],
    bends: list[float],
    bounds: tuple[float, float],
) -> tuple[int, int, float, float] | None:
    best, chosen = 1e-6, None
    low, high = bounds
    for feature, name in enumerate(FEATURES):
        by_bin = [[0.0, 0.0, 0] for _ in range(BINS + 1)]
        for i in some:
            cell = by_bin[binned[i][feature]]
            cell[0] += slopes[i]
            cell[1] += bends[i]
            cell[2] += 1
        slope, bend = sum(c[0] for c in by_bin), sum(c[1] for c in by_bin)
        left_slope = left_bend = 0.0
        left_rows = 0.0
        for edge in range(BINS):
            left_slope += by_bin[edge][0]
            left_bend += by_bin[edge][1]
            left_rows += by_bin[edge][2]
            if left_rows < SMALLEST or len(some) - left_rows < SMALLEST:
                continue
            left = min(high, max(low, -left_slope / (left_bend + RIDGE)))
            right = min(high, max(low, -(slope - left_slope) / (bend - left_bend + RIDGE)))
            if (name in RISING and left > right) or (name in FALLING and left < right):
                continue
            gain = (left_slope**2 / (left_bend + RIDGE) - slope**2 / (bend + RIDGE)
                    + (slope - left_slope) ** 2 / (bend - left_bend + RIDGE))  # fmt: skip
            if gain > best:
                best, chosen = gain, (feature, edge, left, right)
    return chosen


def _limits(values: list[float]) -> list[float]:
    ordered = sorted(values)
    found = [ordered[len(ordered) * i // (BINS + 1)] for i in range(1, BINS + 1)]
    return [float(f"{value:.4g}") for value in found]


def rated_by(trees: list[Tree]) -> Rated:
    """The chance by these trees, as `bot.news.stories.features.chance` reckons it."""

    def rate(features: list[float]) -> float:
        total = 0.0
        for splits, leaves in trees:
            at = 0
            while at < len(splits):
                feature, limit = splits[at]
                at = 2 * at + (1 if features[feature] <= limit else 2)
            total += leaves[at - len(splits)]
        return 1 / (1 + exp(-total))

    return rate


def learn(streams: dict[str, list[Report]]) -> list[Tree]:
    """Two passes: cosine chooses first, then what was learned; each stream counts the same."""
    chosen = random.Random(7)
    cosine = FEATURES.index("cosine")
    pools: dict[str, list[Row]] = {name: [] for name in streams}
    trees: list[Tree] = []
    for thresholds in ((0.35, 0.5), (0.7, 0.85)):
        rate = rated_by(trees) if trees else lambda features: features[cosine]
        for name, stream in streams.items():
            for threshold in thresholds:
                pools[name] += examples(stream, rate, threshold)
        rows, weights = list[Row](), list[float]()
        for pool in pools.values():
            some = chosen.sample(pool, min(len(pool), ROWS_A_STREAM))
            rows += some
            weights += [1 / len(some)] * len(some)
        mean = sum(weights) / len(weights)
        trees = grow(rows, [weight / mean for weight in weights])
    return trees


def written(trees: list[Tree]) -> str:
    """The trees as a module: conditional expressions, which run thrice as fast as tables."""
    lines = "".join(f"        + {_expression(*tree)}\n" for tree in trees)
    return (
        '"""Grown by `benchmarks.stories_train` from UCI News Aggregator and ECB+: change nothing'
        ' here."""\n\n# ruff: noqa: E501, RUF059\n# fmt: off\n\n'
        "from collections.abc import Sequence\n\n\n"
        "def total_of(x: Sequence[float]) -> float:\n"
        '    """The sum of the leaves that the features fall into: the log odds."""\n'
        # A local name is read in a third of the time of an item.
        f"    {', '.join(f'x{number}' for number in range(len(FEATURES)))} = x\n"
        "    return (\n        0.0\n" + lines + "    )\n"
    )


def _expression(splits: Sequence[tuple[int, float]], leaves: Sequence[float], at: int = 0) -> str:
    if at >= len(splits):
        return f"{leaves[at - len(splits)]:.4g}"
    feature, limit = splits[at]
    low, high = (_expression(splits, leaves, 2 * at + side) for side in (1, 2))
    return low if low == high else f"({low} if x{feature} <= {limit} else {high})"


def main() -> None:
    """Learns and writes the module."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    Path(sys.argv[2]).write_text(written(learn(read_streams(Path(sys.argv[1])))))


if __name__ == "__main__":
    main()
