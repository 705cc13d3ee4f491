"""Two reports of one ferry: the second joins the first by likeness, and how sure that is depends on
the threshold. Invented.
"""

from bot.news.stories.clustering import Clusterer, Sighting
from bot.news.text.plain import fold_title


def _told(title: str, summary: str, source: str, feed: int, at: float) -> Sighting:
    key = fold_title(title, source)
    return Sighting(None, key, at, title, summary, source, "en", feed)


AGROUND = _told(
    "Ferry Albatross runs aground off Lund Island with 212 aboard",
    "The ferry Albatross struck a sandbank off Lund Island on Monday evening with 212 passengers "
    "aboard. The coastguard said nobody was hurt and lifeboats were on the way.",
    "Coast Wire", 1, 0.0,
)  # fmt: skip
ASHORE = _told(
    "Lifeboats bring passengers of the Albatross ashore at Lund Island",
    "Lifeboats took passengers off the ferry Albatross, which lay on a sandbank at Lund Island, "
    "the coastguard said.",
    "Hill Radio", 2, 600.0,
)  # fmt: skip


def chance() -> float:
    """That the second tells what the first did, as the clusterer judges."""
    clusterer = Clusterer()
    clusterer.remember(AGROUND, 1)
    verdict = clusterer.judge(ASHORE)
    assert verdict.reason == "alike"
    return verdict.score


def threshold_of_doubt() -> float:
    """A threshold at which the second joins in the middle of the band of doubt."""
    return chance() - (1.0 - chance()) / 4


def threshold_of_no_doubt() -> float:
    """A threshold at which the second surely joins."""
    return chance() - 2 * (1.0 - chance())
