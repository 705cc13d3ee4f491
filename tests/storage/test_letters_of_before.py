"""A database whose names of topics know Persian letters from Arabic ones is brought up to date."""

from pathlib import Path

import pytest

from bot.actions.topics import TopicWish, follow
from bot.news.query.parse import parse_query
from storage.open import open_storage
from tests.databases import ENGINES, former_database, look

pytestmark = pytest.mark.slow

_BEFORE = 84
PERSIAN, ARABIC, FIGURES, PLAIN = "کشور ایران", "كشور ايران", "۲۰۲۶", "boats"


@pytest.mark.parametrize(
    "of",
    [
        pytest.param(each, marks=pytest.mark.slow) if each == "postgres" else each
        for each in ENGINES
    ],
)
async def test_a_topic_is_found_by_its_name_in_either_writing(of: str, tmp_path: Path) -> None:
    url = former_database(tmp_path / "before.db", _BEFORE, of)
    for chat in (1, 2):
        look(
            url,
            "INSERT INTO chats (id, kind, title, state, language, timezone, since, changed_at)"
            " VALUES (?1, 'private', '', 'active', 'fa', 'UTC', 0, 0)",
            chat,
        )
    # One chat has both writings: the first keeps its name.
    for chat, name in ((1, PERSIAN), (1, FIGURES), (1, PLAIN), (2, PERSIAN), (2, ARABIC)):
        look(
            url,
            "INSERT INTO topics (chat_id, thread_id, name, name_key, query, since)"
            " VALUES (?1, 0, ?2, ?2, 'x', 0)",
            chat,
            name,
        )
    storage = await open_storage(url, alone=True, now=10.0)
    try:
        for name in (ARABIC, "2026"):
            await follow(storage.chats, 1, 0, TopicWish(name, parse_query("new")), 20.0)
        one, both = [await storage.chats.topics(chat) for chat in (1, 2)]
    finally:
        await storage.close()
    assert {(t.name, t.query) for t in one} == {(PERSIAN, "new"), (FIGURES, "new"), (PLAIN, "x")}
    assert {t.name for t in both} == {PERSIAN, ARABIC}
