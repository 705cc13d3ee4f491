"""News without end: events made up from the templates of `endless.toml`."""

import random
from typing import Any

Json = dict[str, Any]


class Inventions:
    """Templates with gaps such as `{place}`, and the words to fill them with."""

    def __init__(self, pages: Json) -> None:
        self._words: dict[str, list[str]] = pages["words"]
        self._events: list[Json] = pages["event"]
        self._last = -1

    def next_event(self, chance: random.Random) -> list[Json]:
        """One event as its outlets tell it, one draft each, in the order they are published."""
        choices = [number for number in range(len(self._events)) if number != self._last]
        self._last = chance.choice(choices)
        gaps: Json = {name: chance.choice(words) for name, words in self._words.items()}
        gaps |= {"small": chance.randint(3, 9), "number": chance.randint(12, 98)}
        return [self._filled(told, gaps) for told in self._events[self._last]["told"]]

    def _filled(self, told: Json, gaps: Json) -> Json:
        return {
            "feed": told["feed"],
            "title": str(told["title"]).format_map(gaps),
            "summary": str(told["summary"]).format_map(gaps),
        }
