"""The errors Tocsin raises on purpose, as one tree.

    TocsinError                 one clear sentence for the person who can do something about it
    ├── SettingsError           a setting is missing or has a bad value          (exit code 2)
    │   └── TokenShared         … the token: another program uses it too
    ├── StorageUnusable         the database cannot be opened as it is           (exit code 2)
    │   └── StorageAway         … since its server does not answer: it may come back
    ├── AlreadyRunning          another process works on this database           (exit code 2)
    ├── TakenOver               other processes have what this one had; it begins anew
    ├── QueryError              a topic query that cannot be read                (exit code 2)
    ├── BadInput                another argument of a person that cannot be used (exit code 2)
    ├── AddressRefused          an address that must not be fetched        (in bot.news.why)
    └── NotAFeed                a document that is no feed, or no readable one  (there, too)

Expected outcomes of fetching and sending (not modified, blocked, retry after, …) are values,
not errors; see `bot.feeds.fetching.fetch` and `bot.delivery.outcome`.
"""

from bot.texts.said import Said


class TocsinError(Exception):
    """Base of all. `said` is one sentence that may be shown to a person, and `str(error)` the same
    in English; what only the command line and logs show may be given in English.
    """

    def __init__(self, said: Said | str) -> None:
        super().__init__(said)
        self.said = said if isinstance(said, Said) else Said("{text}", {"text": said})


class SettingsError(TocsinError):
    """A setting is missing or has a bad value."""


class TokenShared(SettingsError):  # noqa: N818  (what is wrong with it)
    """Another program receives this bot's updates, and did so before."""


class StorageUnusable(TocsinError):  # noqa: N818  (a state of the database, as its name says)
    """The database cannot be opened: damaged, read-only, or written by a newer version."""


class StorageAway(StorageUnusable):
    """The server of the database does not answer now."""


class AlreadyRunning(TocsinError):  # noqa: N818
    """Another process holds this database."""


class TakenOver(TocsinError):  # noqa: N818
    """Other processes took this one for dead, and have what it had."""


class QueryError(TocsinError):
    """A topic query that cannot be read; `place` is the offset of the first bad character."""

    def __init__(self, said: Said, place: int) -> None:
        super().__init__(said)
        self.place = place


class BadInput(TocsinError):  # noqa: N818
    """An argument that cannot be used, with what would be right."""
