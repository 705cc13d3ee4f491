"""How reports were split is kept as long as the window holds them."""

from dataclasses import replace

from bot.news.stories.clustering import WINDOW_SECONDS
from bot.news.stories.kept_terms import packed
from bot.news.stories.terms import terms_of
from storage.storage import Storage
from tests.storage.samples import placed, report, sql, store

TERMS = terms_of("Ferry Albatross runs aground off Lund Island with 212 aboard", "", "en")


async def test_the_window_gets_back_what_a_report_was_split_into(storage: Storage) -> None:
    await store(storage, report(1), report(2))
    kept = replace(placed(1), placing=1, terms=packed(TERMS))
    await storage.stories.place([kept, replace(placed(2, 1), placing=2)], 3_000.0)
    window = await storage.stories.window(0.0, 0, 10)
    assert [each.terms for each in window] == [TERMS, None]


async def test_what_left_the_window_is_let_go_when_more_is_placed(storage: Storage) -> None:
    await store(storage, report(1), report(2), report(3))
    later = 3_001.0 + WINDOW_SECONDS
    for number, now in ((1, 3_000.0), (2, later), (3, later)):
        await storage.stories.place([replace(placed(number), terms=packed(TERMS))], now)
    assert await sql(storage, "SELECT report_id FROM report_terms ORDER BY 1") == [(2,), (3,)]
