"""`tocsin feeds check`: what it says of an address or a file."""

import json
import os
from pathlib import Path

import pytest

from bot.feeds.check import MAX_FILE_BYTES, FeedCheck, check
from bot.feeds.fetching.fetch import Failed, Fetched, Fetcher, FetchOutcome, Gone, TryLater
from bot.feeds.fetching.guard import Guard
from bot.feeds.reading.parse import parse_document
from bot.news.polling.parsed import ParsedFeed
from bot.news.why import Code, because, quoted

FIXTURE = Path(__file__).parent / "fixtures" / "rss20.xml"


class Here:
    """Parses in this process."""

    async def parse(
        self, body: bytes, *, content_type: str | None = None, url: str | None = None
    ) -> ParsedFeed:
        return parse_document(body, content_type=content_type, url=url)


class Told:
    """Fetches what it was told."""

    def __init__(self, outcome: FetchOutcome) -> None:
        self.outcome = outcome

    async def fetch(self, url: str) -> FetchOutcome:
        return self.outcome


async def checked(source: str, outcome: FetchOutcome = Failed(quoted("not asked"))) -> FeedCheck:  # noqa: B008
    return await check(source, Told(outcome), Here())


async def test_a_feed_is_shown_as_the_contract_says() -> None:
    url = "https://harbour.example/feeds/all"
    found = await checked(url, Fetched(url, FIXTURE.read_bytes(), None, None, None, None, None))
    shown = json.loads(json.dumps(found.as_json()))
    assert found.ok
    assert list(shown) == ["url", "ok", "error", "kind", "title", "language", "entries"]
    assert shown["entries"][0] == {
        "id": "h-1",
        "link": "https://harbour.example/ferry",
        "title": "Ferry & bridge reopen",
        "summary": "Both links to the island are open again.",
        "published": "2025-10-29T14:58:20Z",
        "image": None,
    }
    assert shown["entries"][1]["published"] is None


async def test_a_plain_path_is_read() -> None:
    assert (await checked(str(FIXTURE))).as_json()["title"] == "Harbour Post"


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Failed(because(Code.NO_ANSWER, 30)), "no answer"),
        (Gone(), "has ended"),
        (TryLater(60, because(Code.STATUS, 429, "Too Many Requests")), "429"),
    ],
)
@pytest.mark.hostile(35)
async def test_a_failure_is_one_line_without_credentials(outcome: FetchOutcome, said: str) -> None:
    shown = (await checked("http://joe:secret@h.example/feed", outcome)).as_json()
    assert shown["ok"] is False
    assert shown["entries"] == []
    assert said in str(shown["error"])
    assert "secret" not in json.dumps(shown)


@pytest.mark.parametrize(
    "source", ["file:///etc/passwd", "FILE:/etc/passwd", "ftp://h/", "data:x,y"]
)
@pytest.mark.hostile(1, 2, 3, 4, 5, 6)
async def test_other_schemes_are_refused(source: str) -> None:
    async with Fetcher(Guard()) as fetcher:
        found = await check(source, fetcher, Here())
    assert found.error == "only http and https addresses work"


@pytest.mark.hostile(61)
async def test_nothing_of_a_file_that_is_no_feed_is_shown(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2 <rss")
    shown = json.dumps((await checked(str(secret))).as_json())
    assert "hunter2" not in shown
    assert '"ok": false' in shown


@pytest.mark.hostile(61)
async def test_only_regular_files_of_a_bearable_size_are_read(tmp_path: Path) -> None:
    big = tmp_path / "big.xml"
    big.write_bytes(b" " * (MAX_FILE_BYTES + 1))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    said = {
        str(tmp_path): "not a regular file",
        str(pipe): "not a regular file",
        "/dev/zero": "not a regular file",
        str(tmp_path / "none"): "no such file",
        "nul\x00byte": "cannot be read",
        str(big): "larger than",
    }
    for source, words in said.items():
        found = await checked(source)
        assert not found.ok
        assert words in str(found.error)
