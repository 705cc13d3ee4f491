"""Measures all chats' topics against stories: python -m benchmarks.topics_scale [TOPICS [STORIES]]

Invented words as unevenly common as those of news, in three languages; 100,000 topics of one to
six terms, four in ten of which others follow too; 10,000 stories of 35 words. A topic is met by
about one story in a thousand.
"""

import random
import resource
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import accumulate

from bot.errors import QueryError
from bot.news.query.index import TopicIndex
from bot.news.query.match import Query, StoryText, match
from bot.news.query.parse import MAX_QUERY, MAX_TERMS, parse_query

_VOCABULARY = 60_000
_SMALL_WORDS = 300
_PHRASES = 5_000
_POPULAR = 2_000
_LANGUAGES = {"en": 0.7, "de": 0.15, "ru": 0.15}
_CYRILLIC = str.maketrans("abdefgiklmnoprstuvz", "абдефгиклмнопрстувз")
_ENDINGS = {
    "en": ("", "", "", "s", "ed", "ing"),
    "de": ("", "", "en", "er", "ung"),
    "ru": ("", "", "ы", "ов", "ами"),
}
_SUFFIXES = ("", "", "n", "r", "st", "k", "er", "ing", "tion", "ment", "ed", "y", "e", "es", "al")
Story = tuple[str, str, str, str, str]


class News:
    """Words, phrases, stories and queries, the same in every run."""

    def __init__(self) -> None:
        self._chance = random.Random(7)
        syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
        self._words = [
            "".join(self._chance.choices(syllables, k=self._chance.randint(2, 3)))
            + self._chance.choice(_SUFFIXES)
            for _ in range(_VOCABULARY)
        ]
        self._weights = list(accumulate(1 / (rank + 20) ** 0.95 for rank in range(_VOCABULARY)))
        self._phrases = [(self._word(100), self._word(300)) for _ in range(_PHRASES)]

    def _word(self, commonest: int) -> str:
        """A word as somebody follows it: of any rank, but rarely of the commonest."""
        rank = commonest * (_VOCABULARY / commonest) ** self._chance.random()
        return self._words[min(int(rank), _VOCABULARY - 1)]

    def _language(self) -> str:
        return self._chance.choices(list(_LANGUAGES), list(_LANGUAGES.values()))[0]

    def story(self) -> Story:
        """Title, summary, source, language and link."""
        language = self._language()
        told = self._chance.choices(self._words, cum_weights=self._weights, k=33)
        told[4:4] = self._phrases[int(_PHRASES * self._chance.random() ** 3)]
        told = [word + self._chance.choice(_ENDINGS[language]) for word in told]
        text = " ".join(told[:9]).capitalize(), f"{' '.join(told[9:25])}, {' '.join(told[25:])}."
        title, summary = (_written(part, language) for part in text)
        name = f"news{self._chance.randrange(400)}"
        return (
            title,
            summary,
            f"The {name}",
            language,
            f"https://{name}.example/{told[0]}-{told[1]}",
        )

    def query(self) -> str:
        """What one chat follows."""
        word, chance = self._word, self._chance
        shape = chance.random()
        if shape < 0.35:
            text = word(1_000)
        elif shape < 0.55:
            text = f"{word(_SMALL_WORDS)} {word(_SMALL_WORDS)}"
        elif shape < 0.67:
            text = " OR ".join(word(2_000) for _ in range(chance.randint(2, 6)))
        elif shape < 0.79:
            text = '"{} {}"'.format(*chance.choice(self._phrases))
        elif shape < 0.88:
            text = f"{word(300)} ({word(100)} OR {word(100)} OR {word(100)})"
        elif shape < 0.94:
            text = f"{word(1_000)} -{word(300)}"
        elif shape < 0.97:
            text = f"{word(1_000)[:7]}* {word(_SMALL_WORDS)}"
        else:
            text = f"{word(300)} source:news{chance.randrange(400)}"
        return _written(text, self._language(), but=("OR", "source", "news"))

    def queries(self, count: int) -> list[str]:
        """Of all chats: four in ten follow what many follow, as unevenly as words are used."""
        popular = [self.query() for _ in range(_POPULAR)]
        weights = list(accumulate(1 / (rank + 5) for rank in range(_POPULAR)))
        return [
            self._chance.choices(popular, cum_weights=weights)[0]
            if self._chance.random() < 0.4
            else self.query()
            for _ in range(count)
        ]


def _written(text: str, language: str, but: tuple[str, ...] = ()) -> str:
    if language == "de":
        return text.replace("ga", "gä").replace("so", "sö")
    if language == "ru":
        return " ".join(
            part if any(kept in part for kept in but) else part.translate(_CYRILLIC)
            for part in text.split(" ")
        )
    return text


def hurtful() -> dict[str, str]:
    """Queries built to hurt, about as long and as deep as may be written, or more."""
    words = [f"ab{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}" for n in range(MAX_TERMS)]
    half = words[: MAX_TERMS // 2 - 1]
    made = {
        "alternatives": " OR ".join(words),
        "500 alternatives": " OR ".join(f"a{n}" for n in range(500)),
        "beginnings": ",".join(f"{word}*" for word in words),
        "inflected alternatives": ",".join(f"{word}ing" for word in words),
        "brackets": "(" * 19 + "ab* OR cd" + ")" * 19,
        "far too deep": "(" * MAX_QUERY,
        "brackets in a row": " ".join(["(ab* OR (cd* -(ef* OR gh*)))"] * (len(words) // 4)),
        "pairs of alternatives": " ".join(f"({word}* OR ab*)" for word in half),
        "a phrase of one word": '"' + "ab " * (MAX_QUERY // 3 - 1) + '"',
        "phrases": ",".join(f'"ab a{n}*"' for n in range(MAX_QUERY // 10)),
        "near": " ".join(["near(ab* cd*, 50)"] * len(half)),
        "exclusions": "ab " + " ".join(f"-({word}* cd)" for word in half),
    }
    return {name: text[:MAX_QUERY] for name, text in made.items()}


def worst_hurtful() -> tuple[float, str]:
    """The longest that reading, adding and matching a hurtful query takes, in ms, and which."""
    texts = [
        StoryText("ab cd " * 40, "ab abc a cd " * 1_600),
        StoryText("ab", " ".join(f"ab{n:x}" for n in range(3_000))),
    ]
    index: TopicIndex[int] = TopicIndex()
    index.match(texts[0])
    return max(
        (max(_ms(_asked, index, q, text) for text in texts), n) for n, q in hurtful().items()
    )


def _asked(index: TopicIndex[int], query: str, text: StoryText) -> None:
    try:
        read = parse_query(query)
    except QueryError:
        return
    index.add(-1, read)
    index.match(text)
    match(read, text)
    index.discard(-1)


def _ms(work: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - began) * 1_000


def _built(queries: list[Query]) -> TopicIndex[int]:
    index: TopicIndex[int] = TopicIndex()
    for number, query in enumerate(queries):
        index.add(number, query)
    return index


def room(topics: int, stories: int) -> float:
    """Megabytes that the index holds after the stories, as Python's allocator counts them.

    Each topic is read, added and dropped in turn, as the bot does it.
    """
    news = News()
    texts = [news.story() for _ in range(min(stories, 500))]
    queries = news.queries(topics)
    for told in texts:
        StoryText(*told)
    tracemalloc.start()
    index: TopicIndex[int] = TopicIndex()
    for number in range(topics):
        index.add(number, parse_query(queries[number]))
    for told in texts:
        index.match(StoryText(*told))
    return tracemalloc.get_traced_memory()[0] / 1e6


def speed(topics: int, stories: int) -> None:
    """Prints everything that is about time."""
    news = News()
    texts = [news.story() for _ in range(stories)]
    wanted = news.queries(topics)
    began = time.perf_counter()
    queries = [parse_query(text) for text in wanted]
    read = time.perf_counter() - began
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    index = _built(queries)
    built = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{topics} topics, {len(set(wanted))} different: read in {read:.1f} s,", end=" ")
    print(f"indexed in {built:.2f} s, {grown:.0f} MB more resident")
    for told in texts[: stories // 10]:
        index.match(StoryText(*told))
    found = 0
    seconds, parts = [], [texts[start::20] for start in range(20)]
    for part in parts:
        began = time.process_time()
        found += sum(len(index.match(StoryText(*told))) for told in part)
        seconds.append((time.process_time() - began) / len(part))
    print(
        f"{stories} stories: {1 / statistics.fmean(seconds):.0f} a second on one core"
        f" ({1 / min(seconds):.0f} in the best twentieth, {1 / max(seconds):.0f} in the worst);"
        f" {found / stories:.1f} queries match a story"
    )
    _changes(index, queries)
    worst, name = worst_hurtful()
    print(f"the worst hurtful query ({name}): {worst:.1f} ms")


def _changes(index: TopicIndex[int], queries: list[Query]) -> None:
    chosen = random.Random(3).sample(range(len(queries)), min(5_000, len(queries)))
    removed = [_ms(index.discard, number) for number in chosen]
    added = [_ms(index.add, number, queries[number]) for number in chosen]
    for name, times in (("add", added), ("remove", removed)):
        worst = statistics.quantiles(times, n=100)[-1]
        print(
            f"{name} a topic: {statistics.median(times):.3f} ms in the median, {worst:.3f} at p99,"
            f" {max(times):.2f} at most"
        )


def main(topics: int = 100_000, stories: int = 10_000) -> None:
    """Prints the figures; memory is measured in a process of its own."""
    speed(topics, stories)
    command = [sys.executable, "-m", "benchmarks.topics_scale", "room", str(topics), str(stories)]
    print(f"the index holds {float(subprocess.check_output(command)):.0f} MB (tracemalloc)")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["room", topics, stories]:
            print(room(int(topics), int(stories)))
        case arguments:
            main(*map(int, arguments))
