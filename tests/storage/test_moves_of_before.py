"""A database of which feeds moved before that was kept is brought up to date."""

from pathlib import Path

import pytest

from storage.open import open_storage
from tests.databases import ENGINES, former_database, look
from tests.storage.samples import chat

_BEFORE = 85


@pytest.mark.parametrize(
    "of",
    [
        pytest.param(each, marks=pytest.mark.slow) if each == "postgres" else each
        for each in ENGINES
    ],
)
async def test_what_a_guest_told_at_a_former_address_is_not_of_all_later(
    of: str, tmp_path: Path
) -> None:
    url = former_database(tmp_path / "before.db", _BEFORE, of)
    for feed, name in ((1, "gull"), (2, "tern"), (3, "wren")):
        look(
            url,
            "INSERT INTO feeds (id, url, poll_at, added_at, guest) VALUES (?1, ?2, 0, 0, 1)",
            feed,
            f"https://{name}.example/feed",
        )
        look(
            url,
            "INSERT INTO stories (id, sort_key, at, opened_by) VALUES (?1, ?1, 0, ?1)",
            feed,
        )
        look(
            url,
            "INSERT INTO reports (id, feed_id, source, title, summary, seen_at, quiet, guest,"
            " story_id) VALUES (?1, ?1, ?2, ?2, '', 0, 0, 1, ?1)",
            feed,
            name,
        )
    look(url, "INSERT INTO former_addresses VALUES ('https://lies.example/feed', 2)")
    look(url, "INSERT INTO former_addresses VALUES ('http://www.wren.example/feed', 3)")
    storage = await open_storage(url, alone=True, now=10.0)
    try:
        await storage.chats.meet(chat(7))
        await storage.feeds.adopt(
            {f"https://{name}.example/feed": "" for name in ("gull", "tern", "wren")}
        )
        found = [row.story.title for row in await storage.stories.seen_by(7).newest(None, 9)]
    finally:
        await storage.close()
    assert sorted(found) == ["gull", "wren"]
