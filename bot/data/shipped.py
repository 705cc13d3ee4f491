"""The texts of the files beside this module, as they ship in a wheel or lie in a checkout."""

from importlib import resources


def aliases_text() -> str:
    """The table of other names; `bot.news.query.aliases` reads it."""
    return _text("aliases.txt")


def presets_text() -> str:
    """The ready-made topics; `bot.news.query.presets` reads them."""
    return _text("presets.txt")


def starter_bytes() -> bytes:
    """The starter catalogue; `bot.feeds.opml` reads it."""
    return _text("starter.opml").encode()


def cities_text() -> str:
    """The cities by whose names time zones are found; `bot.news.telling.zones` reads them."""
    return _text("cities.txt")


def calendars_text() -> str:
    """Days and months by language; `bot.news.stories.splitting.calendar_words` reads them."""
    return _text("calendars.txt")


def _text(name: str) -> str:
    return resources.files("bot.data").joinpath(name).read_text("utf-8")
