"""Matching all chats' topics against a story: python -m benchmarks.speed.topics

On the invented topics and stories of `benchmarks.topics_scale`. Memory is counted by tracemalloc
in a process of its own, which takes several times as long.
"""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.speed.figures import Figure, Found, Goal, Growth, Scale, alone
from benchmarks.topics_scale import News, Story
from bot.news.query.index import TopicIndex
from bot.news.query.match import StoryText
from bot.news.query.parse import parse_query

TOPICS = 100_000
_STORIES = 2_000
_WARMED = 200
_PATTERNS = 1_000


def _index(queries: list[str]) -> TopicIndex[int]:
    index: TopicIndex[int] = TopicIndex()
    for number, query in enumerate(queries):
        index.add(number, parse_query(query))
    return index


def _matched(topics: int) -> float:
    """Milliseconds of a story in the median, its text's splitting included."""
    news = News()
    stories = [news.story() for _ in range(_STORIES + _WARMED)]
    index = _index(news.queries(topics))
    times = []
    for story in stories:
        began = time.process_time()
        index.match(StoryText(*story))
        times.append((time.process_time() - began) * 1000)
    return median(times[_WARMED:])


def match_all(stories: int) -> None:
    """Matches so many stories, to be profiled."""
    news = News()
    told = [news.story() for _ in range(stories)]
    _ask(_index(news.queries(TOPICS)), told)


def _ask(index: TopicIndex[int], stories: list[Story]) -> None:
    for story in stories:
        index.match(StoryText(*story))


def _by_patterns(topics: int) -> float:
    """Milliseconds of a loop over a compiled pattern a topic, from as many as are tried."""
    news = News()
    stories = [" ".join(news.story()[:2]) for _ in range(20)]
    words = [query.strip('"(').split(" ")[0] for query in news.queries(_PATTERNS)]
    patterns = [re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE) for word in words]
    began = time.process_time()
    for story in stories:
        _ = [pattern.search(story) for pattern in patterns]
    return (time.process_time() - began) * 1000 / len(stories) * topics / _PATTERNS


def _room(topics: int) -> float:
    command = [sys.executable, "-m", "benchmarks.topics_scale", "room", str(topics), "500"]
    return float(subprocess.check_output(command))


def figures(scale: Scale) -> Iterator[Found]:
    """The rows of matching, and how it grows with the topics."""
    counts = (1, 10, 100, 1_000, 10_000, TOPICS)
    found = [(float(count), _matched(count)) for count in counts]
    yield Figure(
        "match 100,000 topics, stems on", "ms of CPU a story", found[-1][1], (Goal(0.2),),
        {"a pattern a topic": _by_patterns(TOPICS)},
        how="the median of stories of 35 words in three languages; patterns of one word, reckoned "
        f"from {_PATTERNS:,}",
    )  # fmt: skip
    yield Figure("the index of 100,000 topics", "MB", _room(TOPICS), (Goal(50),),
                 how="tracemalloc, after 500 stories")  # fmt: skip
    yield Growth("matching a story", "topics", "ms of CPU", tuple(found))


if __name__ == "__main__":
    alone(figures)
