"""How well topics find what they are about: python -m benchmarks.topics_quality [FOLDER]

FOLDER has topics/queries_dev.jsonl (id, query, gold.any, gold.none) and stories/topics_dev.jsonl
(title, summary, topics). A report is right if its topics hold one of gold.any and none of
gold.none. Each query is measured as it is given and with all its other names included.
"""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

from bot.data.shipped import aliases_text
from bot.news.query.aliases import read_aliases
from bot.news.query.match import Query, StoryText, match
from bot.news.query.parse import parse_query
from bot.news.text.plain import plain_text, plain_title

DEFAULT = Path(__file__).parents[2] / "shared" / "data"
Report = tuple[StoryText, frozenset[str]]


class Counts(NamedTuple):
    """Reports that a query found rightly, that it found, and that it should have found."""

    right: int
    found: int
    wanted: int

    def plus(self, other: "Counts") -> "Counts":
        """Both together: what micro averages are made of."""
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def figures(self) -> tuple[float, float, float]:
        """Precision, recall and F1."""
        precision = self.right / self.found if self.found else 1.0
        recall = self.right / self.wanted if self.wanted else 1.0
        return precision, recall, 2 * self.right / max(1, self.found + self.wanted)


def count(query: Query, gold: dict[str, list[str]], reports: list[Report]) -> Counts:
    """What the query finds, against what it should."""
    right = found = wanted = 0
    for text, topics in reports:
        good = not topics.isdisjoint(gold["any"]) and topics.isdisjoint(gold["none"])
        hit = match(query, text) is not None
        right, found, wanted = right + (good and hit), found + hit, wanted + good
    return Counts(right, found, wanted)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _reports(path: Path) -> list[Report]:
    return [
        (StoryText(plain_title(row["title"]), plain_text(row["summary"])), frozenset(row["topics"]))
        for row in _lines(path)
    ]


def main(folder: Path = DEFAULT) -> None:
    """Prints a line a query, then the micro averages."""
    queries, stories = folder / "topics/queries_dev.jsonl", folder / "stories/topics_dev.jsonl"
    if not queries.is_file() or not stories.is_file():
        print(f"skipped: {folder} has no topics and stories")
        return
    aliases, reports = read_aliases(aliases_text()), _reports(stories)
    given = expanded = Counts(0, 0, 0)
    for row in _lines(queries):
        query = parse_query(row["query"])
        before = count(query, row["gold"], reports)
        after = count(aliases.expand(query), row["gold"], reports)
        given, expanded = given.plus(before), expanded.plus(after)
        print(f"{row['id']}  {_shown(before)}  with names {_shown(after)}  {row['query'][:40]}")
    print(f"all  {_shown(given)}  with names {_shown(expanded)}  micro average")


def _shown(counts: Counts) -> str:
    precision, recall, f1 = counts.figures()
    return f"p {precision:.3f} r {recall:.3f} F1 {f1:.3f}"


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:2]))
