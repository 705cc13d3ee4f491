"""Feeds that only chats brought: for the chats that follow them, and for nobody else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from bot.actions import search
from bot.loops import Stop
from bot.news.chat import Habits, Mute, Subscription, Topic, TopicOptions, mute_of_feed
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.outbox import Delivery, DeliveryState, Settlement
from bot.news.query.parse import parse_query
from bot.news.retention import Tended
from bot.pipeline.placing.desk import Desk
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import look
from tests.desks import desk_on
from tests.news.stories.doubted import AGROUND, ASHORE, threshold_of_doubt
from tests.storage.samples import chat, report, traces_of

pytestmark = pytest.mark.slow

DAY = 86_400.0
NOON = 1_800_014_400.0
ADA, BEN, CAT = 1, 2, 3
STORM = "Storm closes the harbour of Lund Island"
STOLEN = "Customer data of Ostwick council were stolen"
SPAM = "Buy Glimmer coins today and double your savings"
LINK, OTHER_LINK = "https://news.example/storm", "https://news.example/stolen"


@dataclass
class Office:
    """A desk, two feeds of the operator's, and whatever chats bring."""

    url: str
    storage: Storage
    now: list[float]
    feeds: dict[str, Feed]
    desk: Desk
    number: int = 0

    def opened(self) -> None:
        """Another desk: as after a restart."""
        stop, now = Stop(), self.now
        self.desk = desk_on(self.storage, lambda: now[0], stop)

    async def brings(self, chat_id: int, title: str, *more: int) -> None:
        new = NewFeed(f"https://{len(self.feeds)}.example/feed", title, 1.0)
        brought = await self.storage.feeds.bring(chat_id, 0, new, 1.0)
        assert brought is not None
        for other in more:
            await self.storage.feeds.bring(other, 0, new, 1.0)
        self.feeds[title] = brought

    async def stores(self, feed: str, title: str, **other: Any) -> None:
        self.number += 1
        made = report(self.number, title=title, published_at=None, **other)
        poll = PollRecord(replace(self.feeds[feed], settled=True), traces_of([made]), (made,))
        await self.storage.feeds.record([poll], self.now[0])

    async def places(self) -> None:
        while await self.storage.stories.unplaced(1):
            await self.desk.step()

    async def says(self, feed: str, title: str, **other: Any) -> None:
        await self.stores(feed, title, **other)
        await self.places()

    async def sends(self) -> list[Delivery]:
        """Sends all that is due, and returns it."""
        sent: list[Delivery] = []
        while due := await self.storage.outbox.due(self.now[0], [], 99):
            ids = [each.delivery_id for each in due]
            claimed = await self.storage.outbox.claim(ids, self.now[0], 100)
            settled = [
                Settlement(
                    each.id, each.chat_id, DeliveryState.SENT, self.now[0], message_id=70 + each.id
                )
                for each in claimed
            ]
            await self.storage.outbox.settle(settled, True)
            sent += claimed
        return sent

    async def rung(self) -> list[tuple[int, str]]:
        """Who is told of what, as it is sent."""
        return sorted((each.chat_id, each.title) for each in await self.sends())

    async def edits(self) -> dict[int, list[str]]:
        """By chat, whose reports an edit of its alert names besides the one that rang."""
        self.now[0] += 61
        due = await self.storage.outbox.due_edits(self.now[0], [], 99)
        return {each.chat_id: [also.source for also in each.also] for each in due}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return look(self.url, sql)


@pytest.fixture
async def office(url: str) -> AsyncIterator[Office]:
    now = [NOON]
    storage = await open_storage(url, alone=True, now=NOON)
    wanted = [NewFeed(f"https://{name}.example/", name, 1.0) for name in ("Harbour", "Hill")]
    feeds = {feed.title: feed for feed in await storage.feeds.add(wanted, 1.0)}
    for chat_id in (ADA, BEN, CAT):
        await storage.chats.meet(chat(chat_id))
        await storage.chats.subscribe(Subscription(chat_id, 0, None), 1.0)
    made = Office(url, storage, now, feeds, None)  # type: ignore[arg-type]
    made.opened()
    yield made
    await storage.close()


async def test_a_guest_bridges_no_story_of_the_operators(office: Office) -> None:
    """Its headline is that of a told story, its link that of a coming one."""
    await office.brings(BEN, "Bridge")
    await office.says("Harbour", STORM, canonical=LINK)
    assert await office.rung() == [(chat_id, STORM) for chat_id in (ADA, BEN, CAT)]
    await office.says("Bridge", STORM, canonical=OTHER_LINK)
    await office.says("Hill", STOLEN, canonical=OTHER_LINK)
    assert await office.rung() == [(chat_id, STOLEN) for chat_id in (ADA, BEN, CAT)]


async def test_what_is_taken_in_by_little_shows_the_operators_headline_as_in_doubt(
    office: Office,
) -> None:
    office.desk.threshold = threshold_of_doubt()
    await office.brings(BEN, "Early Bird")
    link = "https://bird.example/1"
    await office.says("Early Bird", AGROUND.title, summary=AGROUND.summary, canonical=link)
    assert await office.rung() == [(BEN, AGROUND.title)]
    await office.says("Hill", ASHORE.title, summary=ASHORE.summary, canonical=OTHER_LINK)
    told = await office.sends()
    # To all others there is no such story of a guest, and no doubt.
    assert [(each.chat_id, each.title, each.also) for each in told] == [
        (ADA, ASHORE.title, ()),
        (CAT, ASHORE.title, ()),
    ]
    office.now[0] += 61
    (edited,) = await office.storage.outbox.due_edits(office.now[0], [], 99)
    assert (edited.chat_id, edited.title) == (BEN, AGROUND.title)
    assert [(each.title, each.doubtful) for each in edited.also] == [(ASHORE.title, True)]


async def test_who_heard_of_it_from_a_guest_gets_the_edit_and_all_others_the_ring(
    office: Office,
) -> None:
    await office.brings(BEN, "Early Bird")
    await office.says("Early Bird", STOLEN, canonical="https://bird.example/1")
    assert await office.rung() == [(BEN, STOLEN)]
    office.opened()
    await office.says("Hill", STOLEN, canonical=OTHER_LINK)
    assert await office.rung() == [(ADA, STOLEN), (CAT, STOLEN)]
    assert await office.edits() == {BEN: ["Hill"]}
    await office.says("Harbour", STOLEN, canonical="https://harbour.example/1")
    assert await office.rung() == []
    assert await office.edits() == {
        ADA: ["Harbour"],
        BEN: ["Hill", "Harbour"],
        CAT: ["Harbour"],
    }
    stories = await office.storage.stories.seen_by(BEN).newest(None, 9)
    assert [(row.story.source, row.story.reports) for row in stories] == [("Hill", 2)]


async def test_three_guests_called_like_agencies_touch_nobody_who_does_not_follow_them(
    office: Office,
) -> None:
    for name in ("Coast Wire", "Gull Wire", "World Wire"):
        await office.brings(BEN, name)
    habits = Habits(quiet=(11 * 60, 15 * 60), breaking=True)
    for chat_id in (ADA, BEN):
        await office.storage.chats.set_habits(chat_id, habits)
    await office.says("Harbour", STORM, canonical=LINK)
    assert await office.rung() == [(CAT, STORM)]
    for number, name in enumerate(("Coast Wire", "Gull Wire", "World Wire")):
        await office.says(name, STORM, canonical=f"https://wire.example/{number}")
    # Ben follows them: for him, and for nobody else, four sources carry it.
    assert await office.rung() == [(BEN, STORM)]
    assert await office.edits() == {}
    (waits,) = office.rows("SELECT chat_id, state, sources FROM deliveries WHERE chat_id = 1")
    assert waits == (ADA, "held", 4)
    told = {
        chat_id: number for number, chat_id in office.rows("SELECT id, chat_id FROM deliveries")
    }
    also = {
        chat_id: [each.source for each in found.also]
        for chat_id, number in told.items()
        if (found := await office.storage.alerts.get(number))
    }
    assert also == {ADA: [], BEN: ["World Wire", "Gull Wire", "Coast Wire"], CAT: []}


async def test_a_topic_that_waits_for_three_sources_waits_for_those_its_chat_sees(
    office: Office,
) -> None:
    for name in ("Coast Wire", "Gull Wire", "World Wire"):
        await office.brings(BEN, name)
    for chat_id in (ADA, BEN):
        await office.storage.chats.unsubscribe(Subscription(chat_id, 0, None))
        for feed in ("Coast Wire", "Gull Wire", "World Wire"):
            own = Subscription(chat_id, 0, office.feeds[feed].id)
            await office.storage.chats.unsubscribe(replace(own, thread_id=0))
            if chat_id == BEN:
                await office.storage.chats.subscribe(replace(own, thread_id=5), NOON)
        topic = await office.storage.chats.put_topic(
            Topic(0, chat_id, 0, "Storms", "storm", 0.0), "storms", 1.0
        )
        await office.storage.chats.set_options(topic.id, TopicOptions(sources=3))
    await office.says("Harbour", STORM, canonical=LINK)
    for number, name in enumerate(("Coast Wire", "Gull Wire", "World Wire")):
        await office.says(name, STORM, canonical=f"https://wire.example/{number}")
    rung = office.rows("SELECT chat_id, state FROM deliveries WHERE thread_id = 0 ORDER BY chat_id")
    assert rung == [(ADA, "waiting"), (BEN, "pending"), (CAT, "pending")]


async def test_what_a_guest_told_is_found_by_its_followers_only(office: Office) -> None:
    await office.brings(BEN, "Early Bird")
    await office.says("Early Bird", STOLEN, canonical=OTHER_LINK, link=OTHER_LINK)
    await office.says("Hill", STORM)
    wanted = parse_query("customer OR storm")
    for chat_id, titles in ((BEN, {STORM, STOLEN}), (CAT, {STORM}), (0, {STORM})):
        stories = office.storage.stories.seen_by(chat_id)
        pages = [await stories.newest(None, 9), await stories.newer_than(0, 9, None)]
        pages.append(list((await search.page_before(stories, wanted, None)).rows))
        pages.append(list((await search.page_after(stories, wanted, 0)).rows))
        assert all({row.story.title for row in page} == titles for page in pages)
        assert (await search.preview(stories, wanted, office.now[0])).stories == len(titles)
        assert await stories.count_with_keys(None, 0.0) == len(titles)
        assert (await stories.story(1) is not None) == (STOLEN in titles)
    for chat_id, found in ((BEN, 1), (CAT, 0)):
        inquiry = await office.storage.history.of_link(chat_id, OTHER_LINK, OTHER_LINK)
        assert inquiry is not None
        assert len(inquiry.cases) == found


async def test_an_answer_to_why_names_and_counts_what_its_chat_follows(office: Office) -> None:
    await office.brings(BEN, "Early Bird")
    await office.says("Hill", STORM)
    await office.says("Early Bird", STORM)
    await office.sends()
    told = {}
    for chat_id, message in office.rows("SELECT chat_id, message_id FROM deliveries"):
        why = await office.storage.history.told_by(chat_id, message)
        assert why is not None
        (story,) = why.stories
        told[chat_id] = ([each.source for each in story.attached], story.sources)
    assert told == {ADA: ([], 1), BEN: (["Early Bird"], 2), CAT: ([], 1)}


async def test_guests_of_others_are_placed_as_if_these_did_not_exist(office: Office) -> None:
    await office.brings(BEN, "Early Bird")
    await office.brings(CAT, "Late Bird")
    await office.brings(CAT, "Later Bird")
    await office.says("Early Bird", STOLEN)
    await office.says("Late Bird", STOLEN)
    assert await office.rung() == [(BEN, STOLEN), (CAT, STOLEN)]
    await office.says("Later Bird", STOLEN)
    assert await office.edits() == {CAT: ["Later Bird"]}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(
    ("title", "link"), [(STORM, "https://yawl.example/1"), ("Storm shuts the port of Marlow", LINK)]
)
async def test_no_strangers_following_has_a_chat_rung_twice(
    office: Office, title: str, link: str, at_once: bool
) -> None:
    await office.brings(ADA, "Xebec", BEN)  # so Xebec and Yawl are of two circles
    await office.brings(ADA, "Yawl", CAT)
    await office.brings(ADA, "Zulu", CAT)
    await office.stores("Xebec", STORM, canonical=LINK)
    if not at_once:
        await office.places()
        assert await office.rung() == [(ADA, STORM), (BEN, STORM)]
        office.opened()
    await office.says("Yawl", title, canonical=link)
    first = [(ADA, STORM), (BEN, STORM)] if at_once else []
    assert await office.rung() == sorted([*first, (CAT, title)])
    # What joins the story that Ada heard elsewhere does not ring there either.
    office.opened()
    await office.says("Zulu", title, canonical="https://zulu.example/1")
    assert await office.rung() == []
    kept = office.rows("SELECT chat_id, kept_by FROM matches WHERE kept_by IS NOT NULL")
    assert kept[0] == (ADA, '["told_beside"]')


async def test_who_was_not_told_by_one_guest_is_rung_by_another(office: Office) -> None:
    await office.brings(ADA, "Xebec", BEN)
    await office.brings(ADA, "Yawl", CAT)
    muted = mute_of_feed(office.feeds["Xebec"].id)
    await office.storage.chats.mute(Mute(0, ADA, "Xebec", muted, NOON + DAY), NOON)
    await office.says("Xebec", STORM, canonical=LINK)
    assert await office.rung() == [(BEN, STORM)]
    await office.says("Yawl", STORM, canonical=OTHER_LINK)
    assert await office.rung() == [(ADA, STORM), (CAT, STORM)]


async def test_many_circles_with_one_headline_are_all_taken_in(office: Office) -> None:
    strangers = range(100, 114)
    for number in strangers:
        await office.storage.chats.meet(chat(number))
        await office.brings(number, f"Feed {number}")
        await office.says(f"Feed {number}", STORM, canonical=LINK)
    await office.brings(BEN, "Valley")
    await office.says("Valley", STORM, canonical=OTHER_LINK)
    assert await office.rung() == [(BEN, STORM), *((each, STORM) for each in strangers)]
    await office.says("Harbour", STORM, canonical=LINK)
    assert await office.rung() == [(ADA, STORM), (CAT, STORM)]


async def test_the_operators_reports_are_placed_before_those_of_guests(office: Office) -> None:
    await office.brings(BEN, "Early Bird")
    await office.stores("Early Bird", STOLEN)
    await office.stores("Hill", STOLEN)
    await office.places()
    placed = office.rows("SELECT source FROM reports ORDER BY placing")
    assert placed == [("Hill",), ("Early Bird",)]
    assert office.rows("SELECT id, reports, opened_by FROM stories") == [(2, 1, 0)]


async def test_what_guests_told_before_all_others_is_known_after_a_stop(office: Office) -> None:
    await office.brings(ADA, "Gull")
    await office.says("Gull", STORM, canonical=LINK)
    office.now[0] += 3600
    await office.says("Harbour", STOLEN, canonical=OTHER_LINK)
    await office.brings(ADA, "Tern")
    await office.rung()
    await office.desk.end()
    office.opened()
    await office.says("Tern", STORM, canonical=LINK)
    assert await office.rung() == []


async def test_a_restart_goes_on_as_if_nothing_had_happened(office: Office) -> None:
    await office.brings(BEN, "Early Bird", CAT)
    await office.brings(CAT, "Late Bird", BEN)
    await office.says("Early Bird", STOLEN)
    office.opened()
    await office.says("Late Bird", STOLEN)
    office.opened()
    await office.says("Hill", STOLEN)
    office.opened()
    await office.says("Early Bird", STOLEN)
    await office.says("Harbour", STOLEN)
    assert office.rows("SELECT DISTINCT story_id FROM reports") == [(3,)]
    order = office.rows("SELECT id FROM reports ORDER BY placing")
    assert order == [(1,), (2,), (3,), (4,), (5,)]


@pytest.mark.parametrize("moved", [False, True])
async def test_what_becomes_the_operators_meanwhile_is_a_story_of_all(
    office: Office, moved: bool
) -> None:
    """Its feed is put into the catalogue, or one that is there moves to its address."""
    await office.brings(ADA, "Gull")
    gull, harbour = office.feeds["Gull"], office.feeds["Harbour"]
    await office.says("Gull", STORM, canonical=LINK)
    assert await office.rung() == [(ADA, STORM)]
    if moved:
        await office.storage.feeds.move(harbour.id, gull.url, office.now[0])
    else:
        await office.storage.feeds.adopt({gull.url: ""})
    await office.says("Hill", STORM, canonical=LINK)
    assert await office.rung() == [(BEN, STORM), (CAT, STORM)]
    assert office.rows("SELECT id, reports, opened_by FROM stories") == [(1, 2, 0)]
    assert len(await office.storage.stories.newest(None, 9)) == 1
    assert await office.storage.stories.count_with_keys({"storm"}, 0.0) == 1


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_a_guest_told_before_it_moved_to_the_operators_is_shown_to_nobody_else(
    office: Office, restarted: bool
) -> None:
    """hostile: a stranger's feed tells what it likes, then redirects to one of the catalogue."""
    await office.brings(BEN, "Bridge")
    bridge, harbour = office.feeds["Bridge"], office.feeds["Harbour"]
    await office.says("Harbour", STORM, canonical=LINK)
    await office.says("Bridge", STORM, canonical=OTHER_LINK)
    await office.says("Bridge", SPAM, canonical="https://bridge.example/1")
    assert (BEN, SPAM) in await office.rung()
    await office.storage.feeds.move(bridge.id, harbour.url, office.now[0])
    if restarted:
        office.opened()
    for chat_id in (ADA, BEN):
        reader = office.storage.stories.seen_by(chat_id)
        assert [row.story.title for row in await reader.newest(None, 9)] == [STORM]
        assert await reader.with_keys({"coins"}, None, 9, 0.0) == []
    assert office.rows("SELECT reports, outlets FROM stories WHERE opened_by = 0") == [(1, 1)]
    await office.says("Hill", STOLEN, canonical=OTHER_LINK)
    assert await office.rung() == [(chat_id, STOLEN) for chat_id in (ADA, BEN, CAT)]
    await office.says("Hill", SPAM, canonical="https://hill.example/1")
    assert (ADA, SPAM) in await office.rung()


async def test_who_heard_it_from_a_guest_that_moved_to_the_operators_is_not_rung_again(
    office: Office,
) -> None:
    await office.brings(ADA, "Gull")
    gull, hill = office.feeds["Gull"], office.feeds["Hill"]
    await office.says("Gull", STORM, canonical=LINK)
    assert await office.rung() == [(ADA, STORM)]
    await office.storage.feeds.move(gull.id, hill.url, office.now[0])
    await office.says("Hill", STORM, canonical=LINK)
    assert await office.rung() == [(BEN, STORM), (CAT, STORM)]
    assert office.rows("SELECT id, reports, opened_by FROM stories") == [(2, 1, 0)]


async def test_a_feed_that_became_one_with_another_rings_for_its_own_next_story(
    office: Office,
) -> None:
    """A text that an outlet tells under another headline is a copy if another outlet told it."""
    told = (
        "The storm closed the harbour of Lund Island on Monday, and forty boats stayed at their"
        " moorings while the ferry to Ostwick was put off until Wednesday morning."
    )
    await office.says("Harbour", STORM, summary=told, canonical=LINK)
    assert len(await office.rung()) == 3
    harbour, hill = office.feeds["Harbour"], office.feeds["Hill"]
    await office.storage.feeds.move(harbour.id, hill.url, office.now[0])
    await office.says(
        "Hill", "Boats stay at their moorings, ferry put off", summary=told, canonical=OTHER_LINK
    )
    assert len(await office.rung()) == 3


async def test_what_guests_told_is_known_after_one_was_seen_by_a_clock_that_was_ahead(
    office: Office,
) -> None:
    for name in ("Gull", "Tern"):
        await office.brings(ADA, name)
    await office.storage.keep_tended(Tended(NOON))
    await office.says("Gull", STORM, canonical=LINK)
    office.now[0] += 30 * DAY
    await office.says("Gull", STOLEN, canonical=OTHER_LINK)
    office.now[0] -= 30 * DAY
    assert await office.rung() == [(ADA, STOLEN), (ADA, STORM)]
    for name in ("Tern", "Gull"):
        await office.says(name, STORM, canonical=LINK)
        assert await office.rung() == []
        office.opened()


async def test_who_ceases_to_follow_a_guest_sees_nothing_more_of_it(office: Office) -> None:
    await office.brings(BEN, "Early Bird")
    feed = office.feeds["Early Bird"]
    await office.says("Early Bird", STOLEN)
    assert await office.rung() == [(BEN, STOLEN)]
    await office.storage.chats.unsubscribe(Subscription(BEN, 0, feed.id))
    await office.says("Early Bird", f"{STOLEN}, 40 million people concerned", canonical="x")
    rewritten = "Customer data of 40 million people were stolen"
    await office.says("Early Bird", rewritten, canonical="https://news.example/1")
    assert await office.rung() == []
    assert await office.edits() == {}
    await office.storage.feeds.uncredit(feed.id, BEN)
    assert await office.storage.stories.seen_by(BEN).newest(None, 9) == []


async def _takes_out(office: Office, chat_id: int, user_id: int) -> bool:
    number = office.rows(f"SELECT id FROM deliveries WHERE chat_id = {chat_id} ORDER BY id")[0][0]
    alert = await office.storage.alerts.get(number)
    assert alert is not None
    return await office.storage.alerts.take_out(alert, 2, office.now[0], user_id)


async def _splits(office: Office, *pressed: tuple[int, int]) -> bool:
    await office.says("Harbour", STORM)
    await office.sends()
    await office.says("Hill", STORM)
    assert office.rows("SELECT DISTINCT story_id FROM reports") == [(1,)]
    split = [await _takes_out(office, chat_id, user_id) for chat_id, user_id in pressed]
    # For itself a chat takes it out at once, whatever others do.
    out = [each for (each,) in office.rows("SELECT chat_id FROM taken_out")]
    assert out == sorted(chat_id for chat_id, _ in pressed)
    return any(split)


async def test_two_people_of_chats_that_were_there_for_a_while_split_a_story(
    office: Office,
) -> None:
    assert await _splits(office, (ADA, ADA), (BEN, BEN))


async def test_one_person_with_two_chats_splits_for_these_only(office: Office) -> None:
    await office.storage.chats.meet(chat(-9, "group"))
    await office.storage.chats.subscribe(Subscription(-9, 0, None), 1.0)
    await office.storage.keepers.keep(-9, ADA, 1.0)
    assert not await _splits(office, (-9, ADA), (ADA, ADA))


async def test_who_does_not_keep_a_group_has_no_say_for_others(office: Office) -> None:
    await office.storage.chats.meet(chat(-9, "group"))
    await office.storage.chats.subscribe(Subscription(-9, 0, None), 1.0)
    assert not await _splits(office, (-9, BEN), (ADA, ADA))


async def test_a_chat_that_came_this_week_has_no_say_for_others(office: Office) -> None:
    await office.storage.chats.meet(replace(chat(4), since=NOON - 6 * DAY))
    await office.storage.chats.subscribe(Subscription(4, 0, None), 1.0)
    assert not await _splits(office, (ADA, ADA), (4, 4))


async def test_a_chat_that_brought_a_feed_has_no_say_for_others(office: Office) -> None:
    await office.brings(BEN, "Early Bird")
    assert not await _splits(office, (ADA, ADA), (BEN, BEN))


async def test_who_was_not_told_of_a_story_has_no_say_for_others(office: Office) -> None:
    await office.says("Harbour", STORM)
    await office.says("Hill", STORM)
    assert not await _takes_out(office, ADA, ADA)
    assert not await _takes_out(office, BEN, BEN)


async def test_a_guests_report_is_split_from_a_story_for_nobody_but_who_pressed(
    office: Office,
) -> None:
    await office.brings(ADA, "Early Bird", BEN, CAT)
    await office.says("Harbour", STORM)
    await office.sends()
    await office.says("Early Bird", STORM)
    for chat_id in (ADA, BEN):
        assert not await _takes_out(office, chat_id, chat_id)
    assert office.rows("SELECT DISTINCT story_id FROM reports") == [(1,)]


async def test_what_others_crowded_out_is_not_held_again_after_a_restart(office: Office) -> None:
    for chat_id, name in ((ADA, "Gull"), (BEN, "Flood")):
        await office.brings(chat_id, name)
    await office.says("Gull", STORM, canonical=LINK)
    office.desk._placer.circles.most = 4  # type: ignore[union-attr]
    for number, what in enumerate(("Ferry", "Bridge", "Crane", "Lamp", "Quay", "Pier")):
        office.now[0] += 60
        await office.says("Flood", f"{what} number {number} is sold", canonical=f"{LINK}/{number}")
    held = "SELECT id FROM reports WHERE guest = 1 AND placing > 0 ORDER BY id"
    # One more is held until something comes after it.
    assert office.rows(held) == [(1,), (4,), (5,), (6,), (7,)]
    office.opened()
    await office.says("Gull", STORM, canonical=LINK)
    circles = office.desk._placer.circles  # type: ignore[union-attr]
    assert sorted(circles._live) == [number for (number,) in office.rows(held)]
    assert office.rows("SELECT story_id FROM reports WHERE id = 8") == [(1,)]
