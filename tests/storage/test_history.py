"""What is on record of a message and of a link."""

from msgspec.structs import replace

from bot.news.chat import ChatState, Habits, Subscription, Topic
from bot.news.outbox import DeliveryState, Ring, Settlement, Telling
from bot.news.why import Code, because
from storage.storage import Storage
from tests.storage.samples import chat, placed, report, ring, store

LINK = "https://news.example/1"


async def _send(storage: Storage, message_id: int) -> None:
    """Claims what is due and settles it as sent."""
    due = await storage.outbox.due(3_000.0, (), 10)
    claimed = await storage.outbox.claim([each.delivery_id for each in due], 3_000.0, 60.0)
    await storage.outbox.settle(
        [
            Settlement(each.id, each.chat_id, DeliveryState.SENT, 3_002.0, message_id + i)
            for i, each in enumerate(claimed)
        ],
        resend=True,
    )


async def test_an_alert_tells_its_wishes_and_what_is_attached_and_only_to_its_chat(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(5))
    await storage.chats.meet(chat(6))
    topic = await storage.chats.put_topic(Topic(0, 5, 0, "News", "number", 0.0), "news", 2_000.0)
    await storage.chats.subscribe(Subscription(5, 0, None), 2_000.0)
    await store(storage, report(1), report(2, original="The Agency"))
    wanted = Ring(5, 0, ((topic.id, ("number", "headline")),), subscribed=True)
    muted = replace(ring(6), kept_by=because(Code.MUTED, "The Example"))
    await storage.stories.place([placed(1, None, wanted, muted)], 3_000.0)
    copied = replace(placed(2, 1, wanted), reason="copy")
    await storage.stories.place([copied], 3_001.0)
    await _send(storage, 70)
    assert await storage.history.told_by(6, 70) is None
    assert await storage.history.told_by(5, 71) is None
    assert await storage.history.delivery_of(6, 70) is None
    assert await storage.history.delivery_of(5, 71) is None
    assert await storage.history.delivery_of(5, 70) == 1
    assert await storage.history.message_of(5, 1) == 70
    assert await storage.history.message_of(6, 1) is None
    message = await storage.history.told_by(5, 70)
    assert message is not None
    (told,) = message.stories
    assert told.rang is not None
    assert (told.rang.id, told.rang.joined, told.sources) == (1, None, 1)
    assert [(each.id, each.joined, each.original) for each in told.attached] == [
        (2, "copy", "The Agency")
    ]
    # The second report matched the same again: each wish stands once.
    assert [(w.topic, w.words, w.whole) for w in told.wishes] == [
        ("News", "number, headline", True),
        (None, "", True),
    ]
    inquiry = await storage.history.of_link(6, LINK, LINK)
    assert inquiry is not None
    (case,) = inquiry.cases
    assert case.posted == ()
    assert [wish.kept_by for wish in case.wishes] == [because(Code.MUTED, "The Example")]


async def test_a_digest_tells_all_its_stories(storage: Storage) -> None:
    await storage.chats.meet(chat(5))
    await storage.chats.set_habits(5, Habits(digest=(480,)))
    await store(storage, report(1), report(2))
    held = Telling(DeliveryState.HELD, 2_900.0, reason=because(Code.GATHERED))
    rings = replace(ring(5), telling=held)
    await storage.stories.place([placed(1, None, rings), placed(2, None, rings)], 2_800.0)
    await storage.digests.enqueue_due(2_950.0)
    inquiry = await storage.history.of_link(5, LINK, LINK)
    assert inquiry is not None
    (posted,) = inquiry.cases[0].posted
    assert (posted.state, posted.within_state) == (DeliveryState.HELD, DeliveryState.PENDING)
    await _send(storage, 80)
    message = await storage.history.told_by(5, 80)
    assert message is not None
    assert [told.rang.id for told in message.stories if told.rang] == [1, 2]
    inquiry = await storage.history.of_link(5, LINK, LINK)
    assert inquiry is not None
    (posted,) = inquiry.cases[0].posted
    assert (posted.state, posted.message_id) == (DeliveryState.SENT, 80)


async def test_a_link_is_found_by_its_canonical_form_or_as_it_is_shown(storage: Storage) -> None:
    await storage.chats.meet(chat(5))
    shared = "https://news.example/live"
    feed = await store(storage, report(1), report(2, canonical=None, link=shared, quiet=True))
    await storage.stories.place([placed(1, None, ring(5))], 3_000.0)
    assert await storage.history.of_link(9, LINK, LINK) is None
    inquiry = await storage.history.of_link(5, LINK, "https://news.example/1?utm_source=x")
    assert inquiry is not None
    assert (inquiry.state, [len(case.posted) for case in inquiry.cases]) == (ChatState.ACTIVE, [1])
    inquiry = await storage.history.of_link(5, shared, shared)
    assert inquiry is not None
    (case,) = inquiry.cases
    (sighting,) = case.sightings
    assert (sighting.story_id, sighting.quiet, sighting.earlier) == (None, True, False)
    assert (await storage.history.of_link(5, "https://no.example/", "x")) == replace(
        inquiry, cases=()
    )
    assert (
        await storage.history.feeds_of_host(7, "https://news.example/") == await storage.feeds.all()
    )
    assert await storage.history.feeds_of_host(7, "https://news.exampl/") == []
    assert feed.id == 1


async def test_what_came_after_the_first_poll_is_known_from_what_was_there(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(5))
    await store(storage, report(1, quiet=True), now=3_000.0)
    await store(storage, report(2, quiet=True), now=4_000.0)
    earlier = []
    for link in (LINK, "https://news.example/2"):
        inquiry = await storage.history.of_link(5, link, link)
        assert inquiry is not None
        earlier += [each.earlier for case in inquiry.cases for each in case.sightings]
    assert earlier == [False, True]


async def test_what_a_chat_took_out_of_a_story_is_a_case_with_a_delivery_of_its_own(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(5))
    await store(storage, report(1), report(2))
    await storage.stories.place([placed(1, None, ring(5)), placed(2, 1, ring(5))], 3_000.0)
    await _send(storage, 70)
    alert = await storage.alerts.get(1)
    assert alert is not None
    await storage.alerts.take_out(alert, 2, 3_003.0)
    link = "https://news.example/2"
    inquiry = await storage.history.of_link(5, link, link)
    assert inquiry is not None
    assert {each.report_id for each in inquiry.cases[0].posted} == {1, 2}
    await _send(storage, 71)
    message = await storage.history.told_by(5, 71)
    assert message is not None
    (told,) = message.stories
    assert told.attached == ()
    message = await storage.history.told_by(5, 70)
    assert message is not None
    assert message.stories[0].attached == ()
