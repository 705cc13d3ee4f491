"""What ships with the bot is read when somebody first writes."""

import asyncio

import pytest
import structlog

from bot.news.query.presets import Preset, read_presets
from handlers.shipped import Shipped, or_empty


@pytest.mark.slow
async def test_it_is_read_once_and_beside_the_loop() -> None:
    here = Shipped()
    assert not vars(here)
    await asyncio.gather(here.read(), here.read())
    read = dict(vars(here))
    assert set(read) == {"aliases", "presets", "directory"}
    assert all(read.values())
    await here.read()
    assert all(vars(here)[name] is read[name] for name in read)


def test_a_file_that_cannot_be_read_is_said_by_name_and_counts_as_empty() -> None:
    none: tuple[Preset, ...] = ()
    with structlog.testing.capture_logs() as lines:
        assert or_empty("presets.txt", lambda: read_presets("ferry = Ferries\n"), none) == ()
    assert [line["file"] for line in lines] == ["presets.txt"]
    assert "Line 1" in lines[0]["reason"]
