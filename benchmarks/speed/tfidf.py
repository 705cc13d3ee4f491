"""The plain way to find a report's story: cosine of TF-IDF with the stories that share a word.

Written for `benchmarks.speed.placing`, as small as it can be: an inverted index over the reports
of a window, the nearest one above a threshold has the story.
"""

import math
import re
from collections import Counter, defaultdict

_WORD = re.compile(r"\w+")
_ALIKE = 0.5


class Nearest:
    """Reports that were added, and the nearest of them to a text."""

    def __init__(self) -> None:
        self._with: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        self._count = 0

    def place(self, text: str) -> int | None:
        """Adds a report; returns the one that it is like, if any."""
        weights = self._weights(text)
        found: defaultdict[int, float] = defaultdict(float)
        for word, weight in weights.items():
            for report, theirs in self._with[word]:
                found[report] += weight * theirs
        self._keep(weights)
        best = max(found, key=found.__getitem__, default=None)
        return best if best is not None and found[best] >= _ALIKE else None

    def add(self, text: str) -> None:
        """Adds a report."""
        self._keep(self._weights(text))

    def _weights(self, text: str) -> dict[str, float]:
        known = Counter(_WORD.findall(text.lower()))
        weights = {word: n * self._idf(word) for word, n in known.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {word: weight / length for word, weight in weights.items()}

    def _keep(self, weights: dict[str, float]) -> None:
        for word, weight in weights.items():
            self._with[word].append((self._count, weight))
        self._count += 1

    def _idf(self, word: str) -> float:
        return math.log((self._count + 1) / (len(self._with[word]) + 1)) + 1
