"""Databases of bots that have said in each language what they are: to read all catalogues for that
takes longer than what most tests of a whole bot are about.
"""

from functools import cache

from handlers.receiving.introduction import SOURCES, hash_of_sources
from tests.databases import look

_SAID = "INSERT INTO introductions (bot_id, what, language, hash) VALUES (?, ?, '', ?)"
_sources = cache(hash_of_sources)


def introduce(url: str, bot_id: int) -> str:
    """Notes in a database that the bot has said so; returns its address."""
    look(url, _SAID, bot_id, SOURCES, _sources())
    return url
