"""The main job on documents from the wild: served over HTTP, taken in, alerted, counted.

Each document of a folder is served first as an empty feed, so that the quiet first poll has
nothing in it, and then as it is. Three chats follow everything. Run with
`python -m benchmarks.corpus [FOLDER]`; without the folder it says so and ends.
"""

import argparse
import asyncio
import json
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

from aiohttp import web

from benchmarks import kills
from bot.news.why import read_why

DOCUMENTS = Path(__file__).parents[2] / "shared" / "data" / "feeds" / "dev" / "docs"
_EMPTY = b'<rss version="2.0"><channel><title>%s</title></channel></rss>'
_CHATS = 3


@dataclass
class Shelf:
    """Serves documents; `open` says whether as they are. Counts answers by document."""

    folder: Path
    open: bool = False
    given: Counter[str] = field(default_factory=Counter)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        """A document, or an empty feed in its place."""
        name = unquote(request.match_info["name"])
        if not self.open:
            return web.Response(body=_EMPTY % name.encode(), content_type="application/rss+xml")
        self.given[name] += 1
        body = (self.folder / name).read_bytes()
        return web.Response(body=body, content_type="application/xml")


@contextmanager
def shelf(folder: Path) -> Iterator[Shelf]:
    """A web server in a thread of its own."""
    made = Shelf(folder)
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_get("/docs/{name}", made.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/docs/"
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def measure(documents: Path) -> dict[str, object]:
    """Takes the documents in and returns the counts."""
    names = sorted(path.name for path in documents.iterdir())
    with tempfile.TemporaryDirectory() as name, kills.server() as known, shelf(documents) as served:
        folder = Path(name)
        (folder / "feeds.txt").write_text("\n".join(served.url + quote(n) for n in names))
        bot = kills.start_bot(kills.environment(known, folder), folder)
        try:
            kills.wait_until(
                lambda: _count(folder, "feeds WHERE settled") == len(names), 60, "the first polls"
            )
            for person in range(_CHATS):
                known.post("chats", type="private", id=700_000 + person, title=f"Reader {person}")
                known.post(
                    "say", chat_id=700_000 + person, text="/subscribe", **{"as": 700_000 + person}
                )
            kills.wait_until(
                lambda: _count(folder, "subscriptions") == _CHATS, 20, "the subscriptions"
            )
            served.open = True
            began = time.monotonic()
            kills.wait_until(lambda: len(served.given) == len(names), 60, "the documents")
            _wait_until_still(folder)
            seconds = time.monotonic() - began
            ledger = known.get("ledger?method=sendMessage")["entries"]
        finally:
            bot.terminate()
            bot.wait(15)
        return _figures(folder, len(names), len(served.given), ledger, seconds)


def _count(folder: Path, what: str) -> int:
    found = kills.rows(folder, f"SELECT count(*) FROM {what}")
    return int(found[0][0]) if found else 0


def _wait_until_still(folder: Path) -> None:
    """Until everything is placed and settled, and stays so for some seconds of polling."""
    still, before = 0, -1
    while still < 60:
        time.sleep(0.1)
        waiting = _count(folder, "deliveries WHERE state IN ('pending', 'sending')")
        waiting += _count(folder, "reports WHERE story_id IS NULL")
        reports = _count(folder, "reports")
        still = still + 1 if waiting == 0 and reports == before else 0
        before = reports


def _figures(
    folder: Path, served: int, fetched: int, ledger: list[dict[str, object]], seconds: float
) -> dict[str, object]:
    states = dict(kills.rows(folder, "SELECT state, count(*) FROM deliveries GROUP BY state"))
    errors = kills.rows(folder, "SELECT error FROM feeds WHERE error IS NOT NULL")
    log = (folder / "bot.log").read_text("utf-8")
    return {
        "documents served": served,
        "documents fetched": fetched,
        "feeds that could not be read": dict(Counter(str(read_why(error)) for (error,) in errors)),
        "entries stored": _count(folder, "reports"),
        "stories": _count(folder, "stories"),
        "deliveries by state": states,
        "messages refused": sum(entry["outcome"] != "ok" for entry in ledger),
        "exceptions in the log": len(re.findall(r"Traceback", log)),
        "seconds": round(seconds, 1),
    }


def main() -> None:
    """Prints the counts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DOCUMENTS)
    given = parser.parse_args()
    if not given.folder.is_dir():
        print(f"skipped: {given.folder} is not there")
        return
    print(json.dumps(measure(given.folder), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
