"""Measures joins as readers judge them: python -m benchmarks.stories_readers [DEV [LABELS]]

`stories_reader/labels.jsonl` holds joins of the development streams `uci` and `ecbplus` that
readers judged (a: the same news, b: a development or debatable, c: other news), by the ids of the
report and of the report that opened its story, which is what the alert told; no texts. They were
drawn from what four versions joined, in strata: what the version of then was `sure` of, what was
at the `edge` of its threshold, and what only others joined (`else`). A stratum counts as much as
it had joins. Bounds are chosen on the `half` of gold stories that is `learn`, and said of `held`.
DEV has the streams, a report a line: set, id, ts, lang, title, summary, source, url.

`stories_reader/pairs.jsonl` are invented pairs of an alert and a report, the same news or other
news that looks like it; nothing may be learned from them. `pairs_to_learn_from.jsonl` are others,
to try rules on. `pairs_of_outcomes.jsonl` are of a writer who had not seen the rules: what went
another way, the next step, another match, a denial, and the same news told with other verbs; some
rules were chosen after they were first measured. Each pair stands in a window with the other alerts
of its file in its language.
"""

import json
import sys
from collections import Counter, defaultdict
from math import sqrt
from pathlib import Path
from typing import Any

from bot.news.stories.clustering import Clusterer, Sighting
from bot.news.text.plain import fold_title
from bot.news.text.urls import canonical

FOLDER = Path(__file__).parent / "stories_reader"
DEV = Path(__file__).parents[2] / "shared" / "data" / "stories" / "dev.jsonl"
# How many joins each stratum had when the sample was drawn.
DRAWN_FROM = {
    ("uci", "sure"): 2489, ("uci", "edge"): 548, ("uci", "else"): 2771,
    ("ecbplus", "sure"): 142, ("ecbplus", "edge"): 159, ("ecbplus", "else"): 308,
    ("gnews", "sure"): 2289, ("gnews", "edge"): 875, ("gnews", "else"): 3375,
}  # fmt: skip
_BEFORE = 3600.0
Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    """One row a line."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _sighting(row: Row, at: float, feed: int = 0) -> Sighting:
    source, url = row.get("source", ""), row.get("url")
    key = fold_title(row["title"], source)
    link = canonical(url) if url else None
    return Sighting(
        link, key, at, row["title"], row.get("summary", ""), source, row.get("lang"), feed
    )


def joined(stream: list[Row]) -> dict[str, str | None]:
    """By the id of each report that of the report which opened its story; None for itself."""
    clusterer, opened, found = Clusterer(), list[str](), dict[str, str | None]()
    for row in stream:
        sighting = _sighting(row, float(row["ts"]))
        story = clusterer.judge(sighting).story
        found[row["id"]] = None if story is None else opened[story]
        if story is None:
            story = len(opened)
            opened.append(row["id"])
        clusterer.remember(sighting, story)
    return found


def of_labels(dev: Path, labels: Path) -> list[str]:
    """Lines of a table: precision of joins, and repeats kept quiet, by stream and half."""
    streams: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of(dev):
        streams[row["set"]].append(row)
    judged = rows_of(labels)
    drawn = Counter((row["set"], row["drawn"]) for row in judged)
    lines = []
    openings_of = {name: joined(streams[name]) for name in {row["set"] for row in judged}}
    for name, half in dict.fromkeys((row["set"], row["half"]) for row in judged):
        openings = openings_of[name]
        right = wrong = square = quiet = repeats = 0.0
        for row in (row for row in judged if (row["set"], row["half"]) == (name, half)):
            weight = DRAWN_FROM[name, row["drawn"]] / drawn[name, row["drawn"]]
            weight /= len(row["labels"])
            for label in row["labels"]:
                if openings[row["id"]] == row["opening"]:
                    wrong += weight * (label == "c")
                    right += weight * (label != "c")
                    square += weight * weight
                if label == "a" and row["drawn"] != "else":
                    repeats += weight
                    quiet += weight * (openings[row["id"]] is not None)
        precision, size = right / (right + wrong), (right + wrong) ** 2 / square
        about = 1.96 * sqrt(precision * (1 - precision) / size)
        lines.append(f"| {name}, {half} | {precision:.3f} ± {about:.3f} | {quiet / repeats:.3f} |")
    return lines


def of_pairs(path: Path) -> list[str]:
    """Lines of a table: how many of the look-alikes and of the same news are joined."""
    pairs = rows_of(path)
    counts: Counter[tuple[str, str]] = Counter((pair["lang"], pair["kind"]) for pair in pairs)
    found: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        clusterer = Clusterer()
        others = [each for each in pairs if each["lang"] == pair["lang"] and each is not pair]
        for number, other in enumerate(others, 2):
            said = other["alert"] | {"lang": pair["lang"]}
            clusterer.remember(_sighting(said, -_BEFORE, 100 + number), number)
        alert, report = (pair[side] | {"lang": pair["lang"]} for side in ("alert", "report"))
        clusterer.remember(_sighting(alert, 0.0, 1), 1)
        one_outlet = alert["source"] == report["source"]
        later = min(float(pair["hours"]), 70.0) * 3600
        told = clusterer.judge(_sighting(report, later, 1 if one_outlet else 2))
        found[pair["lang"], pair["kind"]] += told.story == 1
    return [
        f"| {lang} | {found[lang, 'other']} of {counts[lang, 'other']} |"
        f" {found[lang, 'same']} of {counts[lang, 'same']} |"
        for lang in dict.fromkeys(pair["lang"] for pair in pairs)
    ]


def main(arguments: list[str] | None = None) -> None:
    """Prints the tables; that of the streams where they are there."""
    given = [Path(each) for each in (sys.argv[1:] if arguments is None else arguments)]
    dev = given[0] if given else DEV
    if dev.exists():
        print("| stream | precision of joins | repeats kept quiet |\n|---|---|---|")
        labels = given[1] if len(given) > 1 else FOLDER / "labels.jsonl"
        print("\n".join(of_labels(dev, labels)))
    else:
        print(f"{dev} is not there: the streams are not measured")
    for name in ("pairs.jsonl", "pairs_of_outcomes.jsonl", "pairs_to_learn_from.jsonl"):
        print(f"\n| {name} | look-alikes joined | same news joined |\n|---|---|---|")
        print("\n".join(of_pairs(FOLDER / name)))


if __name__ == "__main__":
    main()
