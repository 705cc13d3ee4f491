"""Where a join is in doubt: the report joins its story, and its headline is shown all the same."""

from bot.news.stories.clustering import Verdict

DOUBT_BAND = 1 / 3
"""So much of what lies between the threshold and certainty is doubt."""
SURELY_TOLD = 0.42
"""A report that is less like what the alert told may have news of its own."""


def doubtful(verdict: Verdict, threshold: float) -> bool:
    """Whether a report joined by a chance just above the threshold from which reports join, or is
    not very like what the alert told. A headline or a text that both have leaves no doubt, nor does
    a link, unless another feed shows it under a headline of which this one has nothing; and what
    opens a story hides nothing.
    """
    sure = threshold + (1.0 - threshold) * DOUBT_BAND
    return verdict.told is not None and (
        threshold <= verdict.score < sure or verdict.told < SURELY_TOLD
    )
