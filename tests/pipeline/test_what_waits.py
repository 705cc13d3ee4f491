"""What waits for sources or for a digest: nothing of it is lost, and what was muted stays away."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from bot.actions.habits import change_habits
from bot.actions.mutes import mute_words
from bot.actions.topics import follow, move, read_topic
from bot.loops import Stop
from bot.news.chat import Habits, Subscription, Topic, TopicOptions, mute_of_feed
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.outbox import Delivery, DeliveryState, Settlement
from bot.news.polling.identity import Rewrite
from bot.news.telling.timing import BY_TOPICS
from bot.news.why import Code, because
from bot.pipeline.placing.desk import Desk
from bot.pipeline.placing.digests import FOLD_AFTER_SECONDS, FOLD_AT_LEAST
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import look
from tests.desks import desk_on
from tests.storage.samples import brought, chat, report, sql, traces_of

pytestmark = pytest.mark.slow

NOON = 20_833 * 86_400.0 + 12 * 3600
LINK = "https://news.example/quake"
FIRST = "Earthquake shakes the northern city at dawn today"
SECOND = "Earthquake in Japan kills many people at dawn today"


@dataclass
class Office:
    """A desk and its database, with a clock that a test moves."""

    url: str
    storage: Storage
    desk: Desk
    feeds: list[Feed]
    now: list[float]

    async def says(self, feed: int, number: int, title: str, **other: Any) -> None:
        made = report(number, title=title, **other)
        polled = PollRecord(replace(self.feeds[feed], settled=True), traces_of([made]), (made,))
        await self.storage.feeds.record([polled], self.now[0])
        self.desk.wakeup.ring()  # it does not rest, should there be nothing to place
        await self.desk.step()

    async def rewrites(self, feed: int, number: int, title: str) -> None:
        """The same entry with another headline."""
        changed = (Rewrite(report(number).key, title, ""),)
        polled = PollRecord(replace(self.feeds[feed], settled=True), rewritten=changed)
        await self.storage.feeds.record([polled], self.now[0])

    async def follows(self, query: str, chat_id: int = 1, **options: Any) -> Topic:
        wish = read_topic(f"{query} topic: {query}", "en")
        topic = await follow(self.storage.chats, chat_id, 0, wish, self.now[0])
        await self.storage.chats.set_options(topic.id, TopicOptions(**options))
        return topic

    async def sends(self, state: DeliveryState = DeliveryState.SENT) -> list[Delivery]:
        due = await self.storage.outbox.due(self.now[0], [], 99)
        ids = [each.delivery_id for each in due]
        claimed = await self.storage.outbox.claim(ids, self.now[0], 100)
        settled = [
            Settlement(each.id, each.chat_id, state, self.now[0], message_id=70 + each.id)
            for each in claimed
        ]
        await self.storage.outbox.settle(settled, True)
        return claimed

    def deliveries(self) -> list[dict[str, Any]]:
        columns = ("id", "chat_id", "kind", "state", "silent", "error", "due_at", "digest_id")
        rows = look(self.url, f"SELECT {', '.join(columns)} FROM deliveries ORDER BY id")
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def states(self) -> list[str]:
        return [row["state"] for row in self.deliveries()]


@pytest.fixture
async def office(url: str) -> AsyncIterator[Office]:
    now, stop = [NOON], Stop()
    storage = await open_storage(url, alone=True, now=NOON)
    wanted = [NewFeed(f"https://f{n}.example/feed", f"Feed {n}", 1.0) for n in range(3)]
    feeds = sorted(await storage.feeds.add(wanted, 1.0), key=lambda feed: feed.id)
    desk = desk_on(storage, lambda: now[0], stop)
    await storage.chats.meet(chat(1))
    yield Office(url, storage, desk, feeds, now)
    await storage.close()


async def test_a_second_topic_wants_at_once_what_the_first_waits_for(office: Office) -> None:
    await office.follows("earthquake", sources=3)
    await office.follows("japan")
    await office.says(0, 1, FIRST, canonical=LINK)
    assert office.states() == ["waiting"]
    await office.says(1, 2, SECOND, canonical=LINK)
    assert office.states() == ["pending"]


async def test_a_subscription_wants_at_once_what_a_topic_gathers(office: Office) -> None:
    await office.follows("earthquake", digest=True)
    await office.storage.chats.subscribe(Subscription(1, 0, office.feeds[1].id), NOON)
    await office.says(0, 1, FIRST, canonical=LINK)
    assert office.states() == ["held"]
    await office.says(1, 2, SECOND, canonical=LINK)
    assert office.states() == ["pending"]


@pytest.mark.parametrize("what", ["topic", "word", "source"])
async def test_what_is_muted_while_it_waits_is_told_by_what_comes_after_the_mute(
    office: Office, what: str
) -> None:
    topic = await office.follows("earthquake", sources=2)
    await office.says(0, 1, FIRST, canonical=LINK)
    if what == "topic":
        await office.storage.chats.mute_topic(topic.id, NOON + 9999)
    else:
        query = "dawn" if what == "word" else mute_of_feed(office.feeds[0].id)
        await mute_words(office.storage, 1, query, 9999, NOON, shown=what)
    await office.says(1, 2, SECOND, canonical=LINK)
    assert office.states() == ["waiting"]
    office.now[0] += 10_000
    await office.says(1, 3, SECOND, canonical=LINK)
    assert office.states() == ["pending"]


async def test_what_waits_for_a_topic_that_is_gone_ends(office: Office) -> None:
    topic = await office.follows("earthquake", sources=2)
    await office.says(0, 1, FIRST, canonical=LINK)
    await office.storage.chats.set_topic_aside(topic.id, 0.0)
    await office.says(1, 2, SECOND, canonical=LINK)
    assert office.states() == ["dead"]
    assert office.deliveries()[0]["error"] == because(Code.TOPICS_REMOVED).stored()


@pytest.mark.parametrize("brought_back", [False, True])
@pytest.mark.parametrize("held", ["gathered", "one gathered", "told late"])
async def test_a_digest_tells_nothing_that_only_topics_brought_which_were_removed(
    office: Office, held: str, brought_back: bool
) -> None:
    gone = await office.follows("earthquake", digest=True)
    if held != "gathered":
        await office.follows("japan", digest=True)
        await office.says(1, 2, "Japan opens a museum of dolls")
    await office.says(0, 1, FIRST)
    office.now[0] += 6 * 3600
    if held == "told late":  # the digest has been waiting for its first try since
        await office.storage.digests.enqueue_due(office.now[0])
    await office.storage.chats.set_topic_aside(gone.id, office.now[0])
    if brought_back:
        await office.storage.chats.bring_topic_back(gone, "earthquake topic")
    else:
        assert (await office.storage.digests.held(1, BY_TOPICS))[0] == (held == "one gathered")
    await office.storage.digests.enqueue_due(office.now[0])
    told = [each.title for digest in await office.sends() for each in digest.gathered]
    others = ["Japan opens a museum of dolls"] if held != "gathered" else []
    assert told == [*others, *([FIRST] if brought_back else [])]
    if not brought_back:
        ended = [row for row in office.deliveries() if row["state"] == "dead"]
        (alert,) = [row for row in ended if row["kind"] == "alert"]
        assert alert["error"] == because(Code.TOPICS_REMOVED).stored()
    assert await office.storage.digests.enqueue_due(office.now[0]) == 0
    assert await office.sends() == []


async def test_a_digest_tells_what_is_followed_whole_though_its_topics_were_removed(
    office: Office,
) -> None:
    gone = await office.follows("earthquake")
    await office.storage.chats.set_habits(1, Habits(digest=(18 * 60,)))
    await office.storage.chats.subscribe(Subscription(1, 0, office.feeds[0].id), NOON)
    await office.says(0, 1, FIRST)
    await office.storage.chats.set_topic_aside(gone.id, NOON)
    await office.storage.chats.set_topic_aside(gone.id + 1, NOON + 9999)  # its row goes, too
    office.now[0] += 6 * 3600
    await office.storage.digests.enqueue_due(office.now[0])
    (digest,) = await office.sends()
    assert [each.title for each in digest.gathered] == [FIRST]


@pytest.mark.parametrize("waited", ["for sources", "for a digest"])
async def test_what_ended_with_its_topic_is_told_for_another_that_wants_it_later(
    office: Office, waited: str
) -> None:
    waits: dict[str, Any] = {"sources": 2} if waited == "for sources" else {"digest": True}
    gone = await office.follows("dawn", **waits)
    await office.says(0, 1, FIRST, canonical=LINK)
    await office.storage.chats.set_topic_aside(gone.id, NOON)
    office.now[0] += 6 * 3600
    if waited == "for sources":
        await office.says(2, 3, FIRST, canonical=LINK)
    else:
        await office.storage.digests.enqueue_due(office.now[0])
    await office.sends()
    assert "dead" in office.states()
    await office.follows("japan")
    await office.says(1, 2, SECOND, canonical=LINK)
    (told,) = await office.sends()
    assert (told.title, told.kind, told.topics) == (SECOND, "alert", ("japan topic",))


@pytest.mark.parametrize("what", ["nothing", "muted topic", "topic gone", "source"])
async def test_who_no_longer_asks_for_it_is_not_told_what_is_new_in_a_story(
    office: Office, what: str
) -> None:
    topic = await office.follows("earthquake")
    await office.says(0, 1, FIRST, canonical=LINK)
    assert [each.kind for each in await office.sends()] == ["alert"]
    if what == "muted topic":
        await office.storage.chats.mute_topic(topic.id, NOON + 9999)
    elif what == "topic gone":
        await office.storage.chats.set_topic_aside(topic.id, 0.0)
    elif what == "source":
        query = mute_of_feed(office.feeds[0].id)
        await mute_words(office.storage, 1, query, 9999, NOON, shown=what)
    await office.rewrites(0, 1, "Earthquake kills 43 people at dawn today")
    told = ["alert", "update"] if what == "nothing" else ["alert"]
    assert [row["kind"] for row in office.deliveries()] == told


def _places(office: Office) -> list[tuple[int, str]]:
    rows = look(office.url, "SELECT thread_id, state FROM deliveries ORDER BY id")
    return [(thread, state) for thread, state in rows]


@pytest.mark.parametrize("told", ["sent", "pending", "held", "waiting"])
async def test_a_topic_that_is_moved_tells_no_story_again_that_it_told(
    office: Office, told: str
) -> None:
    wishes: dict[str, dict[str, Any]] = {"held": {"digest": True}, "waiting": {"sources": 3}}
    topic = await office.follows("earthquake", **wishes.get(told, {}))
    await office.says(0, 1, FIRST, canonical=LINK)
    if told == "sent":
        await office.sends()
    topic = await move(office.storage.chats, topic, 6)
    await office.says(1, 2, SECOND, canonical=LINK)
    await office.says(1, 3, SECOND, canonical=LINK)
    assert _places(office) == [(0, told)]
    edits = await office.storage.outbox.due_edits(office.now[0] + 120, [], 9)
    assert len(edits) == (told == "sent")
    # What is new goes where the topic is now.
    await office.says(0, 4, "Bakers and cooks fear another earthquake")
    assert [thread for thread, _ in _places(office)] == [0, 6]


@pytest.mark.parametrize("for_good", [False, True])
async def test_an_alert_that_leaves_its_thread_keeps_its_topics_and_comes_there_no_more(
    office: Office, for_good: bool
) -> None:
    await follow(office.storage.chats, 1, 7, read_topic("earthquake", "en"), NOON)
    await office.says(0, 1, FIRST, canonical=LINK)
    (claimed,) = await office.storage.outbox.claim([1], NOON, 100)
    closed = Settlement(1, 1, DeliveryState.PENDING, NOON, to_main_thread=True, for_good=for_good)
    await office.storage.outbox.settle([closed], True)
    (told,) = await office.sends()
    assert (told.thread_id, told.topics) == (0, claimed.topics) == (0, ("earthquake",))
    # Where the thread was only closed, it may be open by now.
    await office.says(1, 2, SECOND, canonical=LINK)
    assert _places(office) == [(0, "sent")]


@pytest.mark.parametrize("who", ["topic", "subscription"])
async def test_who_follows_it_in_the_thread_to_which_a_topic_moved_is_told_there(
    office: Office, who: str
) -> None:
    topic = await office.follows("earthquake")
    await office.says(0, 1, FIRST, canonical=LINK)
    await move(office.storage.chats, topic, 6)
    if who == "topic":
        await follow(office.storage.chats, 1, 6, read_topic("japan", "en"), NOON)
    else:
        await office.storage.chats.subscribe(Subscription(1, 6, office.feeds[1].id), NOON)
    await office.says(1, 2, SECOND, canonical=LINK)
    assert _places(office) == [(0, "pending"), (6, "pending")]


async def test_what_a_mute_kept_away_in_one_thread_is_told_in_the_other(office: Office) -> None:
    topic = await office.follows("earthquake")
    await office.storage.chats.mute_topic(topic.id, NOON + 99)
    await office.says(0, 1, FIRST, canonical=LINK)
    office.now[0] += 100
    await move(office.storage.chats, topic, 6)
    await office.says(1, 2, SECOND, canonical=LINK)
    assert _places(office) == [(6, "pending")]


async def test_what_joins_a_story_that_was_told_counts_for_no_limit(office: Office) -> None:
    await office.storage.chats.subscribe(Subscription(1, 0, None), NOON)
    await office.storage.chats.set_habits(1, Habits(cap=3))
    await office.says(0, 1, FIRST, canonical=LINK)
    await office.sends()
    joining = [report(number, title=FIRST, canonical=LINK) for number in (2, 3, 4)]
    for made in (*joining, report(5, title="Customer data of Ostwick council were stolen")):
        polled = PollRecord(replace(office.feeds[1], settled=True), traces_of([made]), (made,))
        await office.storage.feeds.record([polled], office.now[0])
    await office.desk.step()
    assert office.states() == ["sent", "pending"]


async def test_a_setting_that_is_no_hour_moves_nothing(office: Office) -> None:
    await office.follows("earthquake", digest=True)
    await office.says(0, 1, FIRST)
    known = await office.storage.chats.get(1)
    assert known is not None
    await change_habits(office.storage, known, replace(known.habits, cap=9), NOON)
    assert office.deliveries()[0]["due_at"] == NOON + 6 * 3600
    # Nor does an end of quiet hours release what a topic gathers.
    await change_habits(office.storage, known, Habits(quiet=(60, 120)), NOON)
    assert office.deliveries()[0]["due_at"] == NOON + 6 * 3600


_NEW_HOURS = {
    "zone": (Habits(timezone="Asia/Tokyo"), 11),
    "digest": (Habits(digest=(20 * 60,)), 8),
    "quiet": (Habits(quiet=(17 * 60, 19 * 60)), 7),
}


@pytest.mark.parametrize("changed", _NEW_HOURS)
@pytest.mark.parametrize("held", ["chat's limit", "topic's limit", "topic's digest"])
async def test_what_waits_for_a_digest_comes_at_its_hour_by_the_new_habits(
    office: Office, held: str, changed: str
) -> None:
    habits, hours = _NEW_HOURS[changed]
    cap = 1 if held == "chat's limit" else 0
    await office.storage.chats.set_habits(1, Habits(cap=cap))
    await office.follows("earthquake", cap=int(held == "topic's limit"), digest="digest" in held)
    await office.says(0, 1, FIRST)
    await office.says(0, 2, "Earthquake insurance becomes dear in the south")
    *_, last = office.deliveries()
    assert (last["state"], last["due_at"]) == ("held", NOON + 6 * 3600)
    known = await office.storage.chats.get(1)
    assert known is not None
    await change_habits(office.storage, known, replace(habits, cap=cap), NOON)
    *_, moved = office.deliveries()
    assert moved == last | {"due_at": NOON + hours * 3600}


async def test_what_a_digest_told_is_neither_edited_nor_updated(office: Office) -> None:
    await office.follows("earthquake", digest=True)
    await office.says(0, 1, FIRST, canonical=LINK)
    office.now[0] += 12 * 3600
    assert await office.storage.digests.enqueue_due(office.now[0]) == 1
    assert [each.kind for each in await office.sends()] == ["digest"]
    assert office.states() == ["sent", "sent"]
    await office.says(1, 2, SECOND, canonical=LINK)
    await office.rewrites(0, 1, "Earthquake kills 43 people at dawn today")
    assert await office.storage.outbox.due_edits(office.now[0] + 120, [], 9) == []
    assert len(office.deliveries()) == 2


async def test_a_backlog_is_one_digest_and_a_refused_one_is_told_one_by_one(
    office: Office,
) -> None:
    await office.storage.chats.subscribe(Subscription(1, 0, None), NOON)
    for number in range(1, 61):
        await office.says(0, number, f"word{number}a word{number}b word{number}c word{number}d")
        office.now[0] += 60
        await office.storage.digests.fold(office.now[0], FOLD_AFTER_SECONDS, FOLD_AT_LEAST)
        await office.storage.digests.enqueue_due(office.now[0])
    rows = office.deliveries()
    assert [row["kind"] for row in rows].count("digest") == 1
    gathered = sum(row["digest_id"] is not None for row in rows)
    assert gathered > 20
    late = [row["error"] for row in rows if row["digest_id"] is not None]
    assert late == [because(Code.CAME_LATE).stored()] * gathered
    while not any(each.kind == "digest" for each in await office.sends(DeliveryState.FAILED)):
        pass
    for _ in range(3):
        await office.storage.digests.fold(office.now[0], FOLD_AFTER_SECONDS, FOLD_AT_LEAST)
        assert await office.storage.digests.enqueue_due(office.now[0]) == 0
    alone = [
        row for row in office.deliveries() if row["error"] == because(Code.DIGEST_REFUSED).stored()
    ]
    assert len(alone) == gathered
    assert all(row["state"] == "pending" for row in alone)


async def _ripens(office: Office, count: int) -> None:
    """So many stories wait for a second source for two hours, and get it."""
    await office.follows("quake", sources=2)
    for source in (0, 1):
        for n in range(count):
            link = f"https://news.example/{n}"
            title = f"Quake word{n}a word{n}b word{n}c"
            await office.says(source, 100 * source + n + 1, title, canonical=link)
        assert office.states() == ["waiting" if source == 0 else "pending"] * count
        office.now[0] += 7200 * (1 - source)


async def test_what_ripened_is_late_by_when_it_could_be_told(office: Office) -> None:
    await _ripens(office, FOLD_AT_LEAST)
    digests = office.storage.digests
    assert await digests.fold(office.now[0], FOLD_AFTER_SECONDS, FOLD_AT_LEAST) == 0
    office.now[0] += FOLD_AFTER_SECONDS + 1
    assert await digests.fold(office.now[0], FOLD_AFTER_SECONDS, FOLD_AT_LEAST) == FOLD_AT_LEAST


async def test_what_ripened_counts_for_the_limit_of_the_day_on_which_it_rings(
    office: Office,
) -> None:
    await office.storage.chats.set_habits(1, Habits(timezone="Asia/Tokyo"))
    # Midnight there is three hours after noon in Greenwich.
    office.now[0] += 2 * 3600
    await _ripens(office, 3)
    today = NOON + 3 * 3600
    assert (await office.storage.chats.told_since(1, today))[None] == 3


async def test_what_rings_although_it_was_held_is_not_late(office: Office) -> None:
    await office.follows("earthquake", digest=True)
    await office.storage.chats.subscribe(Subscription(1, 0, office.feeds[1].id), NOON)
    await office.says(0, 1, FIRST, canonical=LINK)
    office.now[0] += 7200
    await office.says(1, 2, SECOND, canonical=LINK)
    assert office.states() == ["pending"]
    assert await office.storage.digests.fold(office.now[0], FOLD_AFTER_SECONDS, 1) == 0


async def test_a_digest_is_silent_where_all_in_it_are(office: Office) -> None:
    await office.follows("earthquake", digest=True, silent=True)
    await office.says(0, 1, FIRST)
    office.now[0] += 12 * 3600
    await office.storage.digests.enqueue_due(office.now[0])
    assert [row["silent"] for row in office.deliveries()] == [1, 1]


async def test_who_was_told_of_the_story_hears_of_its_split_without_a_sound(
    office: Office,
) -> None:
    for chat_id in (2, 3, 4):
        await office.storage.chats.meet(chat(chat_id))
        await office.follows("earthquake", chat_id)
    await office.says(0, 1, FIRST, canonical=LINK)
    await office.says(1, 2, SECOND, canonical=LINK)
    await office.sends()
    for delivery in (1, 2):
        alert = await office.storage.alerts.get(delivery)
        assert alert is not None
        await office.storage.alerts.take_out(alert, 2, NOON, alert.chat_id)
    await office.desk.step()
    again = [row for row in office.deliveries() if row["state"] == "pending"]
    assert {row["chat_id"] for row in again} == {2, 3, 4}
    assert all(row["silent"] for row in again)


async def test_what_a_chat_added_rings_only_where_it_is_followed_by_name(office: Office) -> None:
    await office.storage.chats.meet(chat(2))
    for chat_id in (1, 2):
        await office.storage.chats.subscribe(Subscription(chat_id, 0, None), NOON)
        await office.follows("earthquake", chat_id)
    office.feeds.append(await brought(office.storage, "https://pier.example/feed", 2))
    await office.says(3, 1, FIRST)
    assert [row["chat_id"] for row in office.deliveries()] == [2]
    # Also when the chat that added it is gone.
    await office.storage.chats.forget(2)
    await office.says(3, 2, "Earthquake offers everybody cheap watches")
    assert office.deliveries() == []


async def test_a_wish_that_was_kept_away_does_not_let_a_topic_wait_for_less(office: Office) -> None:
    await office.follows("earthquake", sources=3)
    await office.storage.chats.subscribe(Subscription(1, 0, office.feeds[0].id), NOON)
    await mute_words(
        office.storage, 1, mute_of_feed(office.feeds[0].id), 9999, NOON, shown="Feed 0"
    )
    await office.says(0, 1, FIRST, canonical=LINK)
    assert office.states() == []
    await office.says(1, 2, SECOND, canonical=LINK)
    assert office.states() == ["waiting"]


async def _hears(office: Office, *languages: str, **other: Any) -> None:
    await office.storage.chats.set_habits(1, Habits(languages=languages, **other))


async def test_a_report_in_a_language_of_the_chat_alerts_for_all_that_were_kept_away(
    office: Office,
) -> None:
    await _hears(office, "en")
    await office.follows("earthquake OR erdbeben", sources=2)
    await office.says(0, 1, "Erdbeben erschüttert die Stadt", canonical=LINK, language="de-AT")
    assert office.states() == []
    await office.says(1, 2, SECOND, canonical=LINK, language="en-GB")
    # The other one counts as a source, although it may not be told.
    assert office.states() == ["pending"]
    (sent,) = await office.sends()
    assert sent.title == SECOND
    await office.says(2, 3, FIRST, canonical=LINK, language="en")
    assert office.states() == ["sent"]


async def test_what_many_carry_in_other_languages_breaks_through_quiet_hours(
    office: Office,
) -> None:
    await _hears(office, "en", quiet=(11 * 60, 13 * 60))
    await office.storage.chats.subscribe(Subscription(1, 0, None), NOON)
    wanted = [NewFeed(f"https://g{n}.example/feed", f"More {n}", 1.0) for n in range(2)]
    office.feeds += sorted(await office.storage.feeds.add(wanted, 1.0), key=lambda feed: feed.id)
    for n in (0, 1, 2):
        await office.says(n, n + 1, f"Erdbeben {n}", canonical=LINK, language="de")
    assert office.states() == []
    await office.says(3, 8, SECOND, canonical=LINK)
    assert office.states() == ["pending"]


async def test_a_choice_of_languages_leaves_what_was_decided_before(office: Office) -> None:
    """A later report could not alert in its place: it would be lost."""
    await office.follows("earthquake OR erdbeben", sources=2)
    await office.says(0, 1, "Erdbeben erschüttert die Stadt", canonical=LINK, language="de")
    await _hears(office, "en")
    await office.says(1, 2, SECOND, canonical=LINK)
    assert office.states() == ["pending"]


@pytest.mark.parametrize("stored", ["{}", '{"cap": 3}', '{"languages": null}', '{"languages": 5}'])
async def test_a_chat_of_before_hears_all_languages(office: Office, stored: str) -> None:
    await sql(office.storage, "UPDATE chats SET habits = ? WHERE id = 1", stored)
    await office.storage.chats.subscribe(Subscription(1, 0, None), NOON)
    known = await office.storage.chats.get(1)
    assert known
    assert known.habits.languages == ()
    await office.says(0, 1, "Erdbeben erschüttert die Stadt", language="de")
    assert office.states() == ["pending"]
