"""The messages that the code names, found by reading it."""

from functools import cache

from bot.texts.translating.extract import TextCall, calls


@cache
def messages() -> tuple[TextCall, ...]:
    """All of them, in the order of files and lines, but for those of `bot.texts` itself, and for
    reasons, which get their arguments later: tests/news/test_why.py.
    """
    return tuple(
        found for found in calls() if not found.place.startswith(("bot/texts/", "bot/news/why.py"))
    )
