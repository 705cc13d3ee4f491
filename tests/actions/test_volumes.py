"""Volumes of ready-made topics and of what a chat follows, on a real database."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.actions.search import Budget
from bot.actions.volumes import Volumes, expected_a_day
from bot.news.chat import Habits, Subscription, Topic
from bot.news.feed import PollRecord
from bot.news.query.presets import read_presets
from bot.news.telling.volume import A_SLOT, Seen
from storage.storage import Storage
from tests.handlers.stage import START, Stage, stage
from tests.storage.samples import add_feed, placed, report, traces_of

DAY, HOUR = 86_400.0, 3600.0
NOW = 1_800_000_000.0
PRESETS = read_presets("[Sea]\n* ferry = Ferries\n  ferry OR boat\nfish = Fish\n  cod\n")


async def _news(
    storage: Storage, titles: Sequence[str], at: float, language: str = "en", first: int = 0
) -> None:
    """Stories that came out one a second, and were seen then."""
    feeds = await storage.feeds.all()
    feed = feeds[0] if feeds else await add_feed(storage)
    made = [
        report(int(at) * 1000 + first + n, title=title, published_at=at + n, language=language)
        for n, title in enumerate(titles)
    ]
    await storage.feeds.record([PollRecord(feed, traces_of(made), tuple(made))], at)
    while unplaced := await storage.stories.unplaced(500):
        await storage.stories.place([placed(each.id) for each in unplaced], at)


async def _seen(storage: Storage, now: float = NOW, by: Volumes | None = None) -> Seen:
    return await (by or Volumes()).seen(storage.stories, PRESETS, now)


async def test_of_whole_days_it_says_how_many_a_day_and_of_less_none(storage: Storage) -> None:
    assert (await _seen(storage)).everything(()).a_day is None
    for day in (3, 2, 1):
        await _news(storage, ["Ferry leaves", "Cod is back", "Choir sings"], NOW - day * DAY)
    young = await _seen(storage, NOW - 2.5 * DAY)
    assert young.everything(()).a_day is None
    assert young.on(["ferry"], ()).stories == 1
    seen = await _seen(storage)
    assert seen.on(["ferry"], ()).a_day == pytest.approx(1)
    assert seen.on(["ferry", "fish"], ()).a_day == pytest.approx(2)
    assert seen.everything(()).a_day == pytest.approx(3)


async def test_what_feeds_had_before_they_were_first_read_is_not_counted(
    storage: Storage,
) -> None:
    feed = await add_feed(storage)
    old = [report(n, title=f"Ferry {n}", published_at=NOW - 2 * DAY - n) for n in range(1, 30)]
    record = PollRecord(replace(feed, settled=True), traces_of(old), tuple(old))
    await storage.feeds.record([record], NOW - 2 * DAY)
    await storage.stories.place(
        [placed(each.id) for each in await storage.stories.unplaced(99)], NOW
    )
    await _news(storage, ["Ferry leaves"], NOW - DAY)
    assert (await _seen(storage)).on(["ferry"], ()).a_day == pytest.approx(0.5)


async def test_only_languages_of_the_chat_count(storage: Storage) -> None:
    await _news(storage, ["Ferry leaves"], NOW - 2 * DAY)
    await _news(storage, ["Ferry legt ab und die boat fährt"], NOW - DAY, "de")
    seen = await _seen(storage)
    assert seen.on(["ferry"], ("en",)).a_day == pytest.approx(0.5)
    assert seen.on(["ferry"], ("de",)).a_day == pytest.approx(0.5)
    assert seen.on(["ferry"], ()).a_day == pytest.approx(1)


async def test_of_many_a_part_stands_for_all(storage: Storage) -> None:
    await _news(storage, ["Choir sings"], NOW - 2 * DAY)
    titles = [f"Ferry {n}" if n % 2 else f"Choir {n}" for n in range(3 * A_SLOT)]
    await _news(storage, titles, NOW - DAY)
    seen = await _seen(storage)
    assert len(seen.kinds) == A_SLOT + 1
    assert seen.everything(()).stories == 3 * A_SLOT + 1
    assert seen.on(["ferry"], ()).a_day == pytest.approx(0.75 * A_SLOT, rel=0.02)


async def test_hours_that_are_over_are_looked_at_once_and_the_last_once_a_minute(
    storage: Storage,
) -> None:
    await _news(storage, ["Ferry leaves"], NOW - 2 * DAY)
    known = Volumes()
    assert (await _seen(storage, NOW, known)).on(["ferry"], ()).stories == 1
    await _news(storage, ["Ferry sinks"], NOW + 1)
    await _news(storage, ["Ferry of old"], NOW - DAY)
    assert (await _seen(storage, NOW + 30, known)).on(["ferry"], ()).stories == 1
    later = await _seen(storage, NOW + 61, known)
    assert later.on(["ferry"], ()).stories == 2
    # A clock that went back is no reason to believe what was found then.
    assert (await _seen(storage, NOW - 7 * HOUR, known)).on(["ferry"], ()).stories == 1


async def test_a_look_spends_little_and_the_next_ones_go_on(storage: Storage) -> None:
    for day in range(6, 0, -1):
        await _news(storage, [f"Ferry {n} on {day}" for n in range(8)], NOW - day * DAY)
    known = Volumes(seconds=1e-9)
    days = [(await _seen(storage, NOW, known)).days for _ in range(40)]
    assert days == sorted(days)
    assert days[0] < 1 <= days[-1]
    assert days[-1] == pytest.approx(6)
    assert (await _seen(storage, NOW, known)).on(["ferry"], ()).a_day == pytest.approx(8)


def _topic(number: int, query: str, muted_until: float = 0.0) -> Topic:
    return Topic(number, 1, 0, f"Topic {number}", query, muted_until)


class _Chat:
    """A chat of which it is asked what it is to expect; its stories came through the desk."""

    def __init__(self, here: Stage) -> None:
        self._here = here

    async def news(self, titles: Sequence[str], day: int, language: str = "en") -> None:
        """Stories that came out so many days ago."""
        at = START - day * DAY
        feed = min(await self._here.storage.feeds.all(), key=lambda each: each.id)
        first = day * 1000 + (500 if language != "en" else 0)
        made = [
            report(first + n, title=title, published_at=at + n, language=language)
            for n, title in enumerate(titles)
        ]
        await self._here.storage.feeds.record([PollRecord(feed, traces_of(made), tuple(made))], at)
        while await self._here.storage.stories.unplaced(1):
            await self._here.desk.step()

    async def expects(
        self,
        *queries: str,
        whole: Sequence[Subscription] = (),
        feeds: Sequence[int] = (),
        languages: tuple[str, ...] = (),
        muted_until: float = 0.0,
        budget: Budget | None = None,
    ) -> float | None:
        """How many alerts a day."""
        storage, habits = self._here.storage, Habits(languages=languages)
        topics = [_topic(n, query, muted_until) for n, query in enumerate(queries)]
        seen = await Volumes().seen(storage.stories, PRESETS, START)
        asked = storage.stories.seen_by(1)
        return await expected_a_day(
            asked, seen, PRESETS, habits, topics, whole, feeds, START, budget
        )


FERRY, FISH = (str(preset.query) for preset in PRESETS)
EVERYTHING = (Subscription(1, 0, None),)


async def test_a_chat_is_to_expect_what_its_topics_and_sources_bring_each_story_once(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path) as here:
        chat = _Chat(here)
        assert await chat.expects(FERRY) is None
        for day in (2, 1):
            await chat.news(
                [f"Ferry brings cod on {day}", f"Choir of {day} sings", f"Boat {day} leaves"], day
            )
            await chat.news([f"Choir der {day} singt und wir nicht"], day, "de")
        (feed, _) = await here.storage.feeds.all()
        assert await chat.expects() == 0
        assert await chat.expects(FERRY) == pytest.approx(2)
        assert await chat.expects(FERRY, FISH) == pytest.approx(2)
        assert await chat.expects(FERRY, muted_until=START + 9) == 0
        assert await chat.expects("choir") == pytest.approx(2)
        assert await chat.expects("choir", languages=("en",)) == pytest.approx(1)
        assert await chat.expects("choir", "choir lang:de", languages=("en",)) == pytest.approx(2)
        assert await chat.expects(FERRY, "choir") == pytest.approx(4)
        assert await chat.expects(whole=EVERYTHING) == pytest.approx(4)
        assert await chat.expects(whole=EVERYTHING, languages=("en",)) == pytest.approx(3)
        assert await chat.expects(feeds=[feed.id], languages=("en",)) == pytest.approx(4)


async def test_what_is_too_much_to_count_is_not_guessed(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        chat = _Chat(here)
        for day in (2, 1):
            await chat.news([f"Choir {n} of day {day} sings" for n in range(9)], day)
        assert await chat.expects("choir", budget=Budget(rows=5)) is None
