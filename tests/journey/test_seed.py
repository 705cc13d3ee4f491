"""The seed through the running bot: eight alerts of nine reports, as a reader would have them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.playground.chats.world import ADA_ID
from tests.journey.town import Town, town, until

SEED = Path(__file__).parents[3] / "shared/data/seed"
EMPTY = '<rss version="2.0"><channel><title>{}</title><link>http://e.example</link></channel></rss>'

pytestmark = pytest.mark.skipif(
    not SEED.is_dir(), reason="the shared data are not there; they are used in development only"
)


class Press:
    """Two feeds that are empty until they are told to show the seed's document."""

    def __init__(self) -> None:
        self.shown: set[str] = set()

    async def answer(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name in self.shown:
            body = (SEED / name).read_bytes()
        else:
            title = "Worthy News" if name == "worthy.xml" else "The Reprint"
            body = EMPTY.format(title).encode()
        return web.Response(body=body, content_type="application/rss+xml")


@asynccontextmanager
async def press() -> AsyncIterator[tuple[Press, str]]:
    known = Press()
    app = web.Application()
    app.router.add_get("/{name}", known.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        yield known, f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


async def _until_stored(t: Town, reports: int) -> None:
    await t.until_stored(
        lambda storage: storage.stats(), lambda stats: stats.reports >= reports, "its reports"
    )
    await t.settle()


async def test_the_seed_is_eight_alerts_the_reprint_named_and_no_byline_shown(
    tmp_path: Path,
) -> None:
    async with press() as (outlets, url), town(tmp_path) as t:
        Path(str(t.settings.feeds_file)).write_text(f"{url}/worthy.xml\n{url}/reprint.xml\n")
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        outlets.shown.add("worthy.xml")
        await _until_stored(t, 8)
        outlets.shown.add("reprint.xml")
        await _until_stored(t, 9)
        await until(lambda: len(t.texts()) == 2 + 8, "eight alerts")
        t.ahead = 61
        await until(lambda: any("Also:" in text for text in t.texts()), "the reprint's edit")
        alerts = t.messages()[2:]
        assert len(alerts) == 8
        text = "\n".join(message.text for message in alerts)
        for unwanted in ("appeared first on", "(Worthy News)", "©", "Copyright", "with permission"):
            assert unwanted not in text
        (edited,) = [message for message in alerts if "Also:" in message.text]
        assert "from Worthy News" in edited.text
        gaza = [message for message in alerts if "Gaza" in message.text.splitlines()[0]]
        assert len(gaza) >= 3
        assert sum(message.reply_to is not None for message in alerts) >= 1
        listed = await t.ask("/latest", ADA_ID)
        assert "appeared first on" not in listed.text
