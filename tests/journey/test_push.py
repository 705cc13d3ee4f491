"""From a hub's push to a message, with the whole bot between."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import unused_port

from tests.feeds.hub import open_hub
from tests.journey.town import town


@pytest.mark.slow
async def test_what_a_hub_pushes_rings_and_a_removed_feed_leaves_its_hub(tmp_path: Path) -> None:
    listen = f"127.0.0.1:{unused_port()}"
    settings: dict[str, Any] = {
        "web_listen": listen,
        "websub_url": f"http://{listen}/",
        "poll_min_seconds": 5,  # the first poll is spread over as long
        "poll_max_seconds": 600,
    }
    async with open_hub(items=["Old news"]) as hub, town(tmp_path, **settings) as t:
        assert t.settings.feeds_file
        t.settings.feeds_file.write_text(hub.topic, "utf-8")
        await t.start_bot()
        await t.ask("/subscribe")
        await t.turned_until(lambda: hub.subscribers, "a subscription at the hub")
        fetched = hub.fetched
        hub.items.insert(0, "Lighthouse lit again")
        assert await hub.publish() == [202]
        await t.alert("Lighthouse lit again")
        assert hub.fetched == fetched
        async with t.storage() as storage:
            (feed,) = await storage.feeds.all()
            await storage.feeds.remove(feed.id)
        await t.turned_until(lambda: not hub.subscribers, "the end of the subscription")
