"""What joined its story in doubt, as deliveries, alerts and the record show it."""

from msgspec.structs import replace

from bot.news.chat import Habits
from bot.news.feed import PollRecord
from bot.news.outbox import Also, DeliveryState, Placement, Settlement, Telling
from bot.news.why import Code, because
from storage.storage import Storage
from tests.storage.samples import brought, chat, placed, report, ring, sql, store, traces_of

ADA, BEN = 1, 2
GUEST = "https://guest.example/feed"


def _doubted(report_id: int, story_id: int) -> Placement:
    return replace(placed(report_id, story_id), reason="alike", doubtful=True)


async def _told(storage: Storage, *chats: int) -> None:
    """Three reports of one story, which the second joined in doubt; these chats hear of it."""
    for chat_id in chats:
        await storage.chats.meet(chat(chat_id))
    await store(storage, report(1), report(2), report(3))
    rings = [ring(chat_id) for chat_id in chats]
    await storage.stories.place([placed(1, None, *rings)], 3_000.0)
    sure = replace(placed(3, 1), reason="copy")
    await storage.stories.place([_doubted(2, 1), sure], 3_001.0)


async def _also(storage: Storage) -> list[list[tuple[str, bool]]]:
    """What stands beside each alert that is due, and whether in doubt."""
    due = await storage.outbox.due(4_000.0, (), 10)
    claimed = await storage.outbox.claim([each.delivery_id for each in due], 4_000.0, 60.0)
    await storage.outbox.settle(
        [
            Settlement(each.id, each.chat_id, DeliveryState.SENT, 4_000.0, 70 + i)
            for i, each in enumerate(claimed)
        ],
        resend=True,
    )
    return [[(o.title[-1], o.doubtful) for o in each.also] for each in claimed]


async def test_a_report_keeps_whether_how_it_joined_leaves_doubt(
    storage: Storage,
) -> None:
    await _told(storage, ADA)
    assert await sql(storage, "SELECT doubtful FROM reports ORDER BY id") == [(0,), (1,), (0,)]
    assert await _also(storage) == [[("2", True), ("3", False)]]
    alert = await storage.alerts.get(1)
    assert alert is not None
    assert [(each.report_id, each.doubtful) for each in alert.also] == [(2, True), (3, False)]
    message = await storage.history.told_by(ADA, 70)
    assert message is not None
    assert [each.doubtful for each in message.stories[0].attached] == [True, False]


async def test_beside_a_report_that_joined_in_doubt_all_others_are_in_doubt(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(ADA))
    await store(storage, report(1), report(2), report(3))
    wanted = replace(_doubted(2, 1), rings=(ring(ADA),))
    await storage.stories.place([placed(1), wanted, placed(3, 1)], 3_000.0)
    assert await _also(storage) == [[("1", True), ("3", True)]]


async def test_what_is_in_doubt_is_not_lost_in_a_story_of_many_reports(storage: Storage) -> None:
    await storage.chats.meet(chat(ADA))
    await store(storage, *(report(n) for n in range(1, 131)))
    await storage.stories.place([placed(1, None, ring(ADA))], 3_000.0)
    await storage.stories.place([placed(n, 1) for n in range(2, 130)], 3_001.0)
    await storage.stories.place([_doubted(130, 1)], 3_002.0)
    ((first, *others),) = await _also(storage)
    assert first == ("0", True)
    assert len(others) == 99
    assert not any(in_doubt for _, in_doubt in others)


async def test_doubt_is_shown_to_nobody_who_does_not_see_the_report_or_took_it_out(
    storage: Storage,
) -> None:
    await _told(storage, ADA, BEN)
    feed = await brought(storage, GUEST, BEN)
    made = report(4)
    record = PollRecord(replace(feed, settled=True), traces_of([made]), (made,))
    await storage.feeds.record([record], 3_001.0)
    await storage.stories.place([_doubted(4, 1)], 3_002.0)
    assert await _also(storage) == [
        [("2", True), ("3", False)],
        [("2", True), ("4", True), ("3", False)],
    ]
    alert = await storage.alerts.get(1)
    assert alert is not None
    await storage.alerts.take_out(alert, 2, 5_000.0)
    (edited,) = await storage.outbox.due_edits(9_000.0, (), 1)
    assert [(o.title[-1], o.doubtful) for o in edited.also] == [("3", False)]


async def test_a_digest_names_what_joined_its_stories_in_doubt(storage: Storage) -> None:
    await storage.chats.meet(chat(ADA))
    await storage.chats.set_habits(ADA, Habits(digest=(480,)))
    await store(storage, report(1), report(2), report(3))
    held = Telling(DeliveryState.HELD, 2_900.0, reason=because(Code.GATHERED))
    rings = replace(ring(ADA), telling=held)
    joined = [_doubted(2, 1), placed(3, 1)]
    await storage.stories.place([placed(1, None, rings), *joined], 2_800.0)
    await storage.digests.enqueue_due(2_950.0)
    (due,) = await storage.outbox.due(3_000.0, (), 10)
    (digest,) = await storage.outbox.claim([due.delivery_id], 3_000.0, 60.0)
    (gathered,) = digest.gathered
    doubt = Also("The Example", "Headline number 2", "https://news.example/2", None, True)
    assert gathered.doubts == (doubt,)


async def test_a_guests_story_that_is_taken_in_by_little_stands_in_doubt(storage: Storage) -> None:
    await storage.chats.meet(chat(BEN))
    feed = await brought(storage, GUEST, BEN)
    made = report(1)
    record = PollRecord(replace(feed, settled=True), traces_of([made]), (made,))
    await storage.feeds.record([record], 3_000.0)
    await storage.stories.place([placed(1, None, ring(BEN))], 3_000.0)
    assert await _also(storage) == [[]]
    added = await storage.feeds.all()
    made = report(2)
    record = PollRecord(replace(added[0], guest=False), traces_of([made]), (made,))
    await storage.feeds.record([record], 4_001.0)
    opens = replace(placed(2), takes_in=(1,), doubted=(1,))
    await storage.stories.place([opens], 4_002.0)
    (edited,) = await storage.outbox.due_edits(9_000.0, (), 1)
    assert [(o.title[-1], o.doubtful) for o in edited.also] == [("2", True)]
