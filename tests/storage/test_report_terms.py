"""What reports are filed by is kept as long as the window holds them."""

from msgspec.structs import replace

from bot.news.retention import Tended, looked
from bot.news.stories.cards import card_of, packed, unpacked
from bot.news.stories.clustering import WINDOW_SECONDS
from bot.news.stories.splitting.terms import terms_of
from storage.sqlite.connection import SqliteDatabase
from storage.storage import Storage
from tests.storage.samples import placed, report, sql, store

_HEADLINE = "Ferry Albatross runs aground off Lund Island with 212 aboard"
CARD = packed(card_of(terms_of(_HEADLINE, "", "en"), 7, 2**63, long=True))


async def test_the_window_gets_back_what_a_report_is_filed_by(storage: Storage) -> None:
    await store(storage, report(1), report(2))
    kept = replace(placed(1), placing=1, terms=CARD)
    await storage.stories.place([kept, replace(placed(2, 1), placing=2)], 3_000.0)
    window = await storage.window.held(0.0, None, 10)
    assert [(each.number, each.packed) for each in window] == [(2, None), (1, CARD)]
    assert [each.card for each in await storage.window.placed([2, 1])] == [unpacked(CARD), None]


async def test_what_left_the_window_is_let_go_when_more_is_placed(storage: Storage) -> None:
    await store(storage, report(1))
    later = 3_001.0 + WINDOW_SECONDS
    await store(storage, report(2), report(3), now=later)
    for number, now in ((1, 3_000.0), (2, later), (3, later)):
        await storage.stories.place([replace(placed(number), terms=CARD)], now)
    assert await sql(storage, "SELECT report_id FROM report_terms ORDER BY 1") == [(2,), (3,)]
    if isinstance(storage._database, SqliteDatabase):  # the other engine would write rows anew
        ordered = await sql(storage, "SELECT id FROM reports WHERE placing IS NOT NULL ORDER BY 1")
        assert ordered == [(2,), (3,)]


async def test_a_clock_that_is_ahead_of_what_is_placed_lets_go_of_nothing(storage: Storage) -> None:
    await store(storage, report(1), report(2))
    for number, now in ((1, 3_000.0), (2, 3_001.0 + WINDOW_SECONDS)):
        await storage.stories.place([replace(placed(number), terms=CARD)], now)
    kept = await sql(storage, "SELECT report_id, at FROM report_terms ORDER BY 1")
    assert kept == [(1, 3_000.0), (2, 3_000.0)]
    assert len(await storage.window.held(0.0, None, 9)) == 2


async def test_a_clock_that_is_doubted_lets_go_of_nothing_and_what_it_left_goes_first(
    storage: Storage,
) -> None:
    async def placed_at(number: int, now: float) -> list[object]:
        await store(storage, report(number), now=now)
        await storage.stories.place([replace(placed(number), terms=CARD)], now)
        return [
            each for (each,) in await sql(storage, "SELECT report_id FROM report_terms ORDER BY 1")
        ]

    tended = Tended(3_000.0)
    await storage.keep_tended(tended)
    assert await placed_at(1, 3_000.0) == [1]
    ahead = 3_000.0 + 2 * WINDOW_SECONDS
    # Before it is looked the next time, and after it.
    assert await placed_at(2, ahead) == [1, 2]
    await storage.keep_tended(looked(tended, ahead + 1))
    assert await placed_at(3, ahead + 2) == [1, 2, 3]
    await storage.keep_tended(Tended(3_010.0))
    assert await placed_at(4, 3_011.0) == [1, 3, 4]
