"""A feed of the operator's that shows new entries at every poll keeps no other from ringing."""

from email.utils import formatdate

import structlog

from bot.cli import doctor
from bot.news.feed import NewFeed
from bot.news.polling.quota import ALERTS_AT_ONCE
from tests.databases import look
from tests.feeds.site import Page, Site
from tests.journey.town import Town, until

STORM = "Storm closes the harbour of Lund Island for three days"
STOLEN = "Customer data of Ostwick council were stolen"
_AT_ONCE = 90


class _Flood:
    """Shows other entries, dated now, each time that it was asked."""

    def __init__(self, t: Town, harbour: Site) -> None:
        self._t, self._harbour = t, harbour
        self.shown = 0

    def more(self) -> None:
        items = "".join(
            f"<item><title>Pump {n} of the lower town</title><guid>p{n}</guid>"
            f"<link>{self._harbour.url}/p{n}</link>"
            f"<pubDate>{formatdate(self._t.now())}</pubDate></item>"
            for n in range(self.shown, self.shown + _AT_ONCE)
        )
        self.shown += _AT_ONCE
        self._harbour.pages["/flood"] = Page(
            f'<rss version="2.0"><channel><title>Flood Post</title>{items}</channel></rss>',
            content_type="application/rss+xml",
        )

    async def goes_on(self, times: int) -> None:
        for _ in range(times):
            self.more()
            await until(lambda: self._stored() == self.shown, "the flood")
        await self._t.settle()

    def told(self) -> int:
        """How many of them were or are to be told."""
        return self._count(
            "SELECT count(*) FROM deliveries d JOIN reports r ON r.id = d.report_id"
            " WHERE r.source = 'Flood Post'"
        )

    def _stored(self) -> int:
        return self._count("SELECT count(*) FROM reports WHERE source = 'Flood Post'")

    def _count(self, statement: str) -> int:
        return int(look(self._t.settings.database_url, statement)[0][0])


async def test_one_feed_that_floods_rings_so_often_an_hour_and_others_ring_beside_it(
    harbour: Site, idle: Town
) -> None:
    flood = _Flood(idle, harbour)
    flood.more()
    async with idle.storage() as storage:
        new = NewFeed(f"{harbour.url}/flood", "Flood Post", idle.now())
        await storage.feeds.add([new], idle.now())
    await idle.start_bot()
    await idle.ask("/start")
    await idle.ask("/subscribe")
    with structlog.testing.capture_logs() as logged:
        await flood.goes_on(5)
        assert ALERTS_AT_ONCE <= flood.told() < ALERTS_AT_ONCE + 20
        idle.playground.newsroom.publish("harbour-post", STORM)
        await idle.alert(STORM)
        await idle.stop_bot()
        await idle.start_bot()
        await flood.goes_on(2)
    assert flood.told() < ALERTS_AT_ONCE + 40
    idle.playground.newsroom.publish("hill-radio", STOLEN)
    await idle.alert(STOLEN)
    said = [each for each in logged if each["event"].startswith("a feed rings too much")]
    assert len(said) == 1
    findings, _, _ = await doctor._database(idle.settings)
    (found,) = [each for each in findings if not each.ok]
    assert "feed Flood Post rings too much" in found.detail
    # What did not ring is there.
    assert "Pump" in (await idle.ask("/latest")).text
