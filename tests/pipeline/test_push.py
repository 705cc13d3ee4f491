"""WebSub from discovery to stored reports, against a hub that knows nothing of our code."""

import asyncio
import io
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

import pytest
from aiohttp.test_utils import unused_port
from msgspec.structs import replace
from yarl import URL

from bot.feeds.fetching.fetch import Failed, Fetcher
from bot.feeds.fetching.guard import Guard
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.polling.identity import Policy
from bot.news.polling.politeness import Politeness
from bot.news.polling.push import Push, PushState
from bot.news.why import quoted
from bot.pipeline.polling.poll import Poller
from bot.pipeline.polling.push import Subscriber
from bot.web import websub
from bot.web.admission import MOST_CONNECTIONS
from bot.web.server import serve
from storage.aside import Queue
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import look, refuse
from tests.feeds.hub import Hub, open_hub
from tests.parsers import shared_parser
from tests.pipeline.conftest import Clock
from tests.pollers import poller_on
from tests.storage.samples import add_feed, brought, chat

pytestmark = pytest.mark.slow


@dataclass
class Quay:
    """A poller and a subscriber around one feed with a hub."""

    hub: Hub
    storage: Storage
    poller: Poller
    subscriber: Subscriber
    clock: Clock
    stop: Stop
    metrics: Metrics

    async def poll(self) -> None:
        """Polls what is due and reads what was pushed."""
        async with asyncio.timeout(60):
            while True:
                for bell in self.stop.wakeups:
                    bell.ring()
                await self.poller.step()
                await asyncio.sleep(0.005)
                if not self.poller.under_way:
                    return

    async def subscribe(self) -> None:
        """Asks the hub, and waits until it came back."""
        asked, came = len(self.hub.asked), len(self.hub.verified)
        await self.step()
        assert len(self.hub.asked) == asked + 1
        async with asyncio.timeout(60):
            while self.hub.verifies and self.hub.says == 202 and len(self.hub.verified) == came:
                await asyncio.sleep(0.01)

    async def step(self) -> None:
        """Lets the subscriber take a turn, without its rest."""
        for bell in self.stop.wakeups:
            bell.ring()
        await self.subscriber.step()

    async def feed(self) -> Feed:
        (feed,) = await self.storage.feeds.all()
        return feed

    async def feed_with_a_hub(self) -> Feed:
        return next(feed for feed in await self.storage.feeds.all() if feed.hub)

    async def titles(self) -> list[str]:
        return [r.title for r in await self.storage.stories.unplaced(50) if not r.quiet]

    def count(self, outcome: str) -> float:
        return float(self.metrics.pushes.labels(outcome)._value.get())


@asynccontextmanager
async def quayside(url: str, hub: Hub) -> AsyncIterator[Quay]:
    clock, stop, metrics = Clock(), Stop(), Metrics()
    storage = await open_storage(url, alone=True, now=clock())
    await storage.feeds.add([NewFeed(hub.topic, "", clock())], clock())
    guard, port = Guard(["127.0.0.1"]), unused_port()
    words = (f"secret-word-number-{n:04}" for n in itertools.count())
    async with Fetcher(guard, now=clock) as fetcher:
        poller = poller_on(
            storage.feeds,
            fetcher.fetch,
            shared_parser().parse,
            clock,
            stop,
            metrics=metrics,
            politeness=Politeness(guard.is_ours),
        )
        subscriber = Subscriber(
            pushes=storage.pushes,
            post=fetcher.post,
            base=f"http://127.0.0.1:{port}",
            now=clock,
            chance=lambda: 0.0,
            secret=lambda: next(words),
            offer=poller.offer,
            stop=stop,
            metrics=metrics,
        )
        routes = websub.routes(subscriber)
        async with serve(f"127.0.0.1:{port}", None, metrics, storage.feeds.all, routes):
            yield Quay(hub, storage, poller, subscriber, clock, stop, metrics)
        await poller.end()
    await storage.close()


@pytest.fixture
async def quay(url: str) -> AsyncIterator[Quay]:
    async with open_hub(items=["Old news"]) as hub, quayside(url, hub) as made:
        await made.poll()
        yield made


async def test_a_feed_with_a_hub_is_subscribed_verified_and_polled_rarely(quay: Quay) -> None:
    await quay.subscribe()
    (asked,) = quay.hub.asked
    assert asked["hub.mode"] == "subscribe"
    assert asked["hub.topic"] == quay.hub.topic
    assert quay.hub.verified == [("subscribe", 200, "tide-and-time")]
    assert (await quay.feed()).pushed_until == quay.clock() + 86_400
    quay.clock.now = (await quay.feed()).poll_at
    await quay.poll()
    assert (await quay.feed()).poll_at - quay.clock() == 3600


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_what_is_pushed_is_stored_and_rings_without_a_poll(quay: Quay, method: str) -> None:
    await quay.subscribe()
    fetched = quay.hub.fetched
    quay.hub.items.insert(0, "Bridge opens")
    assert await quay.hub.publish(method=method) == [202]
    await quay.poll()
    assert await quay.titles() == ["Bridge opens"]
    assert quay.hub.fetched == fetched
    assert await quay.hub.publish(quay.hub.document("Only the new one")) == [202]
    await quay.poll()
    assert await quay.titles() == ["Bridge opens", "Only the new one"]
    before = await quay.feed()
    quay.clock.now = before.poll_at
    await quay.poll()
    assert await quay.titles() == ["Bridge opens", "Only the new one"]


async def test_news_that_are_pushed_below_what_is_known_ring(quay: Quay) -> None:
    """A push may hold a part of the entries: nothing slid in where it ends."""
    quay.hub.items[:0] = ["Second", "Third"]
    quay.clock.now = (await quay.feed()).poll_at
    await quay.poll()
    await quay.subscribe()
    shown = (await quay.feed()).listing
    await quay.hub.publish(quay.hub.document("Third", "Fourth"))
    await quay.poll()
    assert (await quay.titles())[-1] == "Fourth"
    assert (await quay.feed()).listing == shown


async def test_one_entry_that_is_pushed_says_nothing_of_how_the_feed_names_its_entries(
    quay: Quay,
) -> None:
    """Alone in its document it is all of it: as a whole feed it would have used its ids again."""
    quay.hub.items[:0] = ["Second", "Third"]
    quay.clock.now = (await quay.feed()).poll_at
    await quay.poll()
    await quay.subscribe()
    corrected = quay.hub.document("Third, put right").replace(
        b"<guid>Third, put right</guid>", b"<guid>Third</guid>"
    )
    await quay.hub.publish(corrected)
    await quay.poll()
    assert (await quay.titles())[-1] == "Third, put right"
    assert (await quay.feed()).policy == Policy()


@pytest.mark.parametrize(
    ("other", "outcome"),
    [
        ({"X_Hub_Signature": "sha256=" + "0" * 64}, "badsignature"),
        ({"X_Hub_Signature": "md5=" + "0" * 32}, "badsignature"),
        ({"X_Hub_Signature": ""}, "badsignature"),
        ({"Link": '<https://elsewhere.example/feed>; rel="self"'}, "wrongtopic"),
    ],
)
async def test_what_is_not_the_hubs_own_is_acknowledged_and_ignored(
    quay: Quay, other: dict[str, str], outcome: str
) -> None:
    await quay.subscribe()
    assert await quay.hub.publish(quay.hub.document("Forged"), **other) == [202]
    await quay.poll()
    assert await quay.titles() == []
    assert quay.count(outcome) == 1


async def test_a_push_does_not_end_a_pause_that_the_host_asked_for(quay: Quay) -> None:
    await quay.subscribe()
    waits = replace(
        await quay.feed(), poll_at=quay.clock() + 86_400, error=quoted("asked us to wait")
    )
    await quay.storage.feeds.record([PollRecord(waits)], quay.clock())
    assert await quay.hub.publish(quay.hub.document("Pushed all the same")) == [202]
    await quay.poll()
    assert await quay.titles() == ["Pushed all the same"]
    assert (await quay.feed()).poll_at == waits.poll_at


async def test_a_push_after_a_clock_that_was_ahead_does_not_put_off_the_next_poll(
    quay: Quay,
) -> None:
    await quay.subscribe()
    right = quay.clock.now
    quay.clock.now += 8 * 3600
    await quay.poll()
    quay.clock.now = right
    await quay.poll()
    await quay.hub.publish(quay.hub.document("Bridge opens"))
    await quay.poll()
    assert (await quay.titles()) == ["Bridge opens"]
    assert (await quay.feed()).poll_at <= right + 3600


async def test_what_was_pushed_before_cannot_be_pushed_again(quay: Quay) -> None:
    await quay.subscribe()
    first = quay.hub.document("Ferry runs agrond")
    await quay.hub.publish(first)
    await quay.poll()
    await quay.hub.publish(quay.hub.document("Ferry runs aground"))
    await quay.poll()
    quay.clock.now += 7200
    assert await quay.hub.publish(first) == [202]
    await quay.poll()
    assert quay.count("repeated") == 1
    assert await quay.titles() == ["Ferry runs agrond", "Ferry runs aground"]


async def test_a_body_that_is_too_large_encoded_or_for_nobody_is_refused(quay: Quay) -> None:
    await quay.subscribe()
    assert await quay.hub.publish(b"x" * 10_000_000) == [413]
    assert await quay.hub.publish(b"x", Content_Encoding="gzip") == [415]
    (callback,) = quay.hub.subscribers
    stranger = callback.replace("secret-word", "public-word")
    assert (await quay.hub.call("POST", stranger, data=io.BytesIO(b"x" * 10_000_000)))[0] == 404
    assert (await quay.hub.call("GET", stranger))[0] == 404


class SlowPost:
    """A call of a hub that has sent its head and none of its body yet."""

    BODY = b"no feed"

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def begin(cls, callback: str) -> "SlowPost":
        address = urlsplit(callback)
        made = cls(*await asyncio.open_connection(address.hostname, address.port))
        made._writer.write(
            f"POST {address.path} HTTP/1.1\r\nHost: h\r\n"
            f"Content-Length: {len(cls.BODY)}\r\n\r\n".encode()
        )
        return made

    async def answer(self) -> str:
        """The status; nothing where the connection is closed instead."""
        try:
            return (await self._reader.readline())[9:12].decode()
        except ConnectionError:
            return ""

    def sends_its_body(self) -> None:
        self._writer.write(self.BODY)

    def leaves(self) -> None:
        self._writer.close()


async def test_a_hub_that_sends_its_bodies_slowly_keeps_nobody_else_out(quay: Quay) -> None:
    await quay.subscribe()
    (callback,) = quay.hub.subscribers
    other = await _subscribed(quay, await add_feed(quay.storage))
    posts = [await SlowPost.begin(callback) for _ in range(MOST_CONNECTIONS + 12)]
    answers = {asyncio.create_task(post.answer()): post for post in posts}
    ended = [await each for each in islice(asyncio.as_completed(answers), len(posts) - 2)]
    assert {*ended} <= {"503", ""}
    assert quay.count("toomuch") >= ended.count("503") > 0
    assert (await quay.hub.call("GET", str(URL(callback).with_path("/healthz"))))[0] == 200
    assert await _posted(quay, other) == 202
    assert await _posted(quay, callback) == 503
    read = [task for task in answers if not task.done()]
    for task in read:
        answers[task].sends_its_body()
        assert await task == "202"
    assert await _posted(quay, callback) == 202
    for post in posts:
        post.leaves()


async def test_hubs_of_strangers_leave_room_for_those_of_the_operator(quay: Quay) -> None:
    await quay.subscribe()
    (ours,) = quay.hub.subscribers
    for chat_id in range(1, 6):
        await quay.storage.chats.meet(chat(chat_id))
    theirs = [
        await _subscribed(quay, await brought(quay.storage, f"https://{n}.example/feed", n))
        for n in range(1, 6)
    ]
    slow = {await SlowPost.begin(each): each for each in theirs[:4] for _ in range(2)}
    refused = {post: asyncio.create_task(post.answer()) for post in slow}
    async with asyncio.timeout(60):
        while await _posted(quay, theirs[4]) != 503:
            # What is posted here may have had the place of one of them, which comes again.
            for post in [each for each, answered in refused.items() if answered.done()]:
                post.leaves()
                del refused[post]
                again = await SlowPost.begin(callback := slow.pop(post))
                slow[again], refused[again] = callback, asyncio.create_task(again.answer())
            await asyncio.sleep(0.005)
    posts = list(slow)
    assert await _posted(quay, ours) == 202
    posts.pop().leaves()
    async with asyncio.timeout(60):
        while await _posted(quay, theirs[4]) != 202:
            await asyncio.sleep(0.005)
    for post in posts:
        post.leaves()
    for task in refused.values():
        task.cancel()


async def _subscribed(quay: Quay, feed: Feed) -> str:
    """Where the hub of this feed calls."""
    push = Push(
        token=f"another-secret-word-{feed.id:04}", feed_id=feed.id, base=quay.subscriber.base,
        hub="https://hub.example/", topic=feed.url, secret="s", state=PushState.ASKED, next_at=9e9,
    )  # fmt: skip
    await quay.storage.pushes.put(push)
    return push.callback


async def _posted(quay: Quay, callback: str) -> int:
    """What is said to a hub that sends a body at once."""
    return (await quay.hub.call("POST", callback, data=io.BytesIO(b"no feed")))[0]


async def test_what_was_taken_and_lost_in_a_crash_is_polled_soon(quay: Quay) -> None:
    await quay.subscribe()
    quay.clock.now = (await quay.feed()).poll_at
    await quay.poll()
    assert (await quay.feed()).poll_at == quay.clock() + 3600
    quay.hub.items.insert(0, "Nearly lost")
    await quay.hub.publish()
    quay.poller._offers._waiting.clear()
    quay.clock.now += 300
    await quay.poll()
    assert await quay.titles() == ["Nearly lost"]


async def test_what_was_lost_behind_another_push_that_was_read_is_polled_at_the_next_start(
    quay: Quay,
) -> None:
    await quay.subscribe()
    quay.clock.now = (await quay.feed()).poll_at
    await quay.poll()
    for title in ("Bridge opens", "Nearly lost"):
        quay.hub.items.insert(0, title)
        await quay.hub.publish()
    del quay.poller._offers._waiting[1]
    await quay.poll()
    assert (await quay.feed()).poll_at == quay.clock() + 3600
    quay.clock.now += 60
    await quay.storage.feeds.begin(quay.clock(), 60.0)
    await quay.poll()
    assert await quay.titles() == ["Bridge opens", "Nearly lost"]


async def test_what_is_pushed_while_the_feed_is_polled_is_told_once(quay: Quay) -> None:
    await quay.subscribe()
    quay.clock.now = (await quay.feed()).poll_at
    quay.hub.items.insert(0, "Pushed and polled")
    await quay.hub.publish()
    await quay.poll()
    await quay.poll()
    assert await quay.titles() == ["Pushed and polled"]


async def test_what_came_while_too_much_waited_is_taken_when_the_hub_tries_again(
    quay: Quay,
) -> None:
    await quay.subscribe()
    waits = (quay.hub.document(f"Item {n}") for n in itertools.count())
    while await quay.hub.publish(latest := next(waits)) == [202]:
        pass
    assert quay.count("toomuch") == 1
    await quay.poll()
    assert await quay.hub.publish(latest) == [202]
    assert quay.count("repeated") == 0


async def test_a_hub_without_encryption_is_asked_by_https_so_that_nobody_reads_the_secret(
    url: str,
) -> None:
    async with open_hub(items=["Old news"]) as hub, quayside(url, hub) as quay:
        hub.url = "http://hub.example/"
        await quay.poll()
        assert (await quay.feed()).hub == "https://hub.example/"


async def test_what_is_no_feed_harms_nothing(quay: Quay) -> None:
    await quay.subscribe()
    before = await quay.feed()
    assert await quay.hub.publish(b"<html><body>Sign in</body></html>") == [202]
    await quay.poll()
    after = await quay.feed()
    assert (after.failures, after.error, after.body_hash) == (0, None, before.body_hash)


async def test_nothing_is_confirmed_that_was_not_asked_for(quay: Quay) -> None:
    await quay.subscribe()
    (form,) = quay.hub.subscribers.values()
    verify = quay.hub.verify
    assert (await verify(form, hub_mode="unsubscribe"))[0] == 404
    assert (await verify(form, hub_topic="https://elsewhere.example/"))[0] == 404
    assert (await verify(form, hub_challenge=""))[0] == 404
    quay.clock.now += 80_000
    quay.hub.verifies = False
    await quay.subscribe()
    assert (await verify(form, hub_topic="https://elsewhere.example/"))[0] == 404
    assert (await verify(form, hub_challenge=""))[0] == 404
    assert (await verify(form, hub_challenge="x" * 3000))[0] == 404
    assert (await verify(form))[0] == 200


async def test_a_hub_that_lost_our_answer_verifies_again_and_prolongs_nothing(quay: Quay) -> None:
    quay.hub.verifies = False
    await quay.subscribe()
    (form,) = quay.hub.asked
    assert await quay.hub.verify(form) == (200, "tide-and-time")
    until = (await quay.feed()).pushed_until
    assert until == quay.clock() + 86_400
    quay.clock.now += 3600
    again = await quay.hub.verify(form, hub_lease_seconds="864000", hub_challenge="once more")
    assert again == (200, "once more")
    assert (await quay.feed()).pushed_until == until
    quay.hub.items.insert(0, "Bridge opens")
    assert await quay.hub.publish() == [202]
    await quay.poll()
    assert await quay.titles() == ["Bridge opens"]


async def test_a_lease_is_renewed_before_it_ends_and_a_lapsed_one_means_polling(
    quay: Quay,
) -> None:
    await quay.subscribe()
    quay.clock.now += 0.8 * 86_400 + 1
    await quay.subscribe()
    renewed = quay.clock() + 86_400
    assert (await quay.feed()).pushed_until == renewed
    quay.hub.verifies = False
    quay.clock.now = renewed + 1
    await quay.poll()
    feed = await quay.feed()
    assert feed.poll_at - quay.clock() < 3600
    quay.hub.items.insert(0, "Too late")
    assert await quay.hub.publish() == [202]
    assert quay.count("expired") == 1


async def test_a_hub_that_does_not_come_back_is_asked_again_later_and_later(quay: Quay) -> None:
    quay.hub.verifies = False
    await quay.subscribe()
    await quay.step()
    assert len(quay.hub.asked) == 1
    quay.clock.now += 300
    await quay.step()
    quay.clock.now += 300
    await quay.step()
    assert len(quay.hub.asked) == 2
    assert (await quay.feed()).pushed_until is None


async def test_a_hub_that_refuses_is_left_alone_for_a_day(quay: Quay) -> None:
    await quay.subscribe()
    (form,) = quay.hub.subscribers.values()
    denial = {"hub.mode": "denied", "hub.topic": form["hub.topic"], "hub.reason": "no"}
    assert (await quay.hub.call("GET", form["hub.callback"], params=denial))[0] == 200
    assert (await quay.feed()).pushed_until is None
    quay.clock.now += 80_000
    await quay.step()
    assert len(quay.hub.asked) == 1
    quay.clock.now += 10_000
    await quay.subscribe()
    assert (await quay.feed()).pushed_until is not None


async def test_a_hub_that_pushes_nothing_is_not_relied_on(quay: Quay) -> None:
    await quay.subscribe()
    for n in range(2):
        quay.clock.now = (await quay.feed()).poll_at
        quay.hub.items.insert(0, f"Unpushed {n}")
        await quay.poll()
    feed = await quay.feed()
    assert feed.missed == 2
    assert feed.poll_at - quay.clock() < 3600
    quay.hub.items.insert(0, "Pushed at last")
    await quay.hub.publish()
    await quay.poll()
    assert (await quay.feed()).missed == 0


async def test_a_feed_that_names_itself_anew_each_time_is_subscribed_once(quay: Quay) -> None:
    await quay.subscribe()
    topic = quay.hub.topic
    for n in range(2):
        quay.hub.topic = f"{topic}?visit={n}"
        quay.hub.items.insert(0, f"Item {n}")
        await quay.hub.publish(Link="")
        quay.clock.now = (await quay.feed()).poll_at
        await quay.poll()
        await quay.step()
    assert len(quay.hub.asked) == 1
    assert (await quay.feed()).topic == topic


async def test_the_hub_is_told_when_the_feed_is_removed(quay: Quay) -> None:
    await quay.subscribe()
    (token,) = [callback.rpartition("/")[2] for callback in quay.hub.subscribers]
    await quay.storage.feeds.remove((await quay.feed()).id)
    assert await quay.hub.publish(quay.hub.document("Afterwards")) == [404]
    await quay.subscribe()
    assert [form["hub.mode"] for form in quay.hub.asked] == ["subscribe", "unsubscribe"]
    assert "hub.secret" not in quay.hub.asked[1]
    assert quay.hub.subscribers == {}
    assert await quay.storage.pushes.get(token) is None


async def test_a_hub_that_ignores_goodbyes_is_forgotten(quay: Quay) -> None:
    await quay.subscribe()
    quay.hub.says = 500
    await quay.storage.feeds.remove((await quay.feed()).id)
    for _ in range(6):
        await quay.step()
        quay.clock.now += 86_400
    assert len(quay.hub.asked) == 4
    assert await quay.storage.pushes.due(quay.clock() + 1e9, 10) == []


async def test_another_public_address_means_subscribing_anew(quay: Quay) -> None:
    await quay.subscribe()
    await quay.storage.pushes.begin("https://new.example")
    assert (await quay.feed()).pushed_until is None
    await quay.subscribe()
    (push,) = await quay.storage.pushes.due(quay.clock() + 1e9, 10)
    assert (push.state, len(quay.hub.asked)) == (PushState.LIVE, 2)


async def test_a_hub_at_an_address_that_is_not_allowed_is_never_asked(url: str) -> None:
    async with open_hub(items=["Old news"]) as hub, quayside(url, hub) as quay:
        hub.url = "http://169.254.169.254/hub"
        await quay.poll()
        await quay.step()
        (push,) = await quay.storage.pushes.due(quay.clock() + 1e9, 10)
        assert (push.state, push.attempts, hub.asked) == (PushState.ASKED, 1, [])


async def test_a_hub_that_is_slow_keeps_no_other_from_being_asked(url: str) -> None:
    clock, stop, asked, go = Clock(), Stop(), [], asyncio.Event()

    async def post(url: str, form: Mapping[str, str]) -> int | Failed:
        asked.append(url)
        if "slow" in url:
            await go.wait()
        return 202

    storage = await open_storage(url, alone=True, now=clock())
    for number, name in enumerate(("slow1", "slow2", "good")):
        url = f"https://{name}.example/"
        (feed,) = await storage.feeds.add([NewFeed(url, "", clock())], clock())
        hubbed = replace(feed, hub=url, topic=url, settled=True)
        await storage.feeds.record([PollRecord(hubbed)], clock() + number)
    words = (f"secret-word-number-{n:04}" for n in itertools.count())
    subscriber = Subscriber(
        pushes=storage.pushes,
        post=post,
        base="https://us.example",
        now=clock,
        chance=lambda: 0.0,
        secret=lambda: next(words),
        offer=lambda feed_id, document: True,
        stop=stop,
        metrics=Metrics(),
    )
    step = asyncio.create_task(subscriber.step())
    async with asyncio.timeout(60):
        while len(asked) < 3:
            await asyncio.sleep(0.005)
    assert "https://good.example/" in asked
    stop.request()
    go.set()
    await step
    await storage.close()


async def test_a_subscription_that_cannot_be_stored_keeps_no_other_hub_from_being_asked(
    quay: Quay, url: str
) -> None:
    (other,) = await quay.storage.feeds.add([NewFeed("https://other.example/", "O", 9e9)], 1.0)
    feed = await quay.feed_with_a_hub()
    first = replace(other, hub="https://hub.example/", topic="https://other.example/")
    await quay.storage.feeds.record([PollRecord(first)], quay.clock())
    # The other's row comes first.
    look(url, "UPDATE feeds SET id = 0 WHERE id = ?", other.id)
    refuse(url, "INSERT", "pushes", "NEW.feed_id = 0")
    await quay.step()
    await quay.step()
    assert [asked["hub.topic"] for asked in quay.hub.asked] == [feed.topic]
    (aside,) = await quay.storage.aside.newest(9)
    assert (aside.queue, aside.item, aside.times) == (Queue.PUSHES, "feed 0", 1)
