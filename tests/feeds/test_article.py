"""Leads of articles and rules of robots, read in the real worker processes."""

import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.fetching.fetch import Failed, Fetched, FetchOutcome, Gone, TryLater
from bot.feeds.fetching.robots import Permission, Robots
from bot.feeds.reading.article import LONGEST_LEAD, lead_of
from bot.feeds.reading.worker import ParserPool
from bot.news.why import Code, NotAFeed, because, quoted
from tests.effort import examples
from tests.parsers import shared_parser

LEAD = (
    "The ferry to Lund Island sails again from Monday, after the harbour office had kept it in port"
    " for nine days."
)
SECOND = "Its first boat leaves at eight in the morning, and tickets of last week are good for it."


def article(*paragraphs: str, title: str = "Ferry resumes") -> str:
    """A page of an invented outlet, with what stands around an article."""
    menu = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(30))
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html><head><title>{title} | Pier Post</title></head><body>"
        f"<nav><ul>{menu}</ul></nav><article><h1>{title}</h1><p>By Ina Holm</p>{text}</article>"
        "<footer><p>Accept our cookies to go on reading Pier Post.</p></footer></body></html>"
    )


def _lead(page: str | bytes, content_type: str | None = "text/html; charset=utf-8") -> str:
    body = page.encode() if isinstance(page, str) else page
    return lead_of(body, content_type=content_type, title="Ferry resumes", source="Pier Post")


def test_the_first_paragraphs_are_the_lead() -> None:
    lead = _lead(article(LEAD, SECOND))
    assert lead.startswith(LEAD)
    assert "Section" not in lead
    assert "Holm" not in lead
    assert "cookies" not in lead


def test_a_lead_is_bounded_and_cut_between_words() -> None:
    lead = _lead(article(LEAD, *[SECOND + f" And so on, {n} times." for n in range(50)]))
    assert LONGEST_LEAD * 2 / 3 < len(lead) <= LONGEST_LEAD
    assert lead.endswith("…")


def test_a_page_in_another_charset_is_read_by_its_header() -> None:
    text = "Паром на остров Лунд снова ходит с понедельника, сообщила администрация порта города."
    page = article(text, text.replace("Паром", "Катер"), title="Паром").encode("cp1251")
    assert text in _lead(page, "text/html; charset=windows-1251")


@pytest.mark.parametrize(
    "page",
    ["", "<p>", "no page", "<html></html>", "\x00" * 50, "<a " + "b=c " * 5_000 + ">"],
    ids=["empty", "p", "text", "bare", "nul", "attributes"],
)
def test_a_page_without_an_article_has_no_lead(page: str) -> None:
    assert _lead(page) == ""


@examples(60)
@given(st.binary(max_size=300), st.sampled_from([None, "text/html", "text/html; charset=no"]))
def test_random_pages_raise_nothing(body: bytes, content_type: str | None) -> None:
    page = b"<html><body><article><p>" + LEAD.encode() + body + b"</p></article>"
    assert len(_lead(page, content_type)) <= LONGEST_LEAD
    assert len(_lead(body, content_type)) <= LONGEST_LEAD


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    return {
        "deep": b"<div>" * 200_000 + LEAD.encode(),
        "attributes": b"<p "
        + b" ".join(b"a%d=b" % n for n in range(90_000))
        + b">"
        + LEAD.encode(),
        "tables": b"<table><tr><td>" * 60_000,
        "links": b"<a href=x>y</a>" * 70_000,
    }


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    async with ParserPool(size=1, deadline=3.0) as opened:
        yield opened


@pytest.mark.slow
async def test_hostile_pages_end_within_the_deadline(
    pool: ParserPool, pages: dict[str, bytes]
) -> None:
    """Read or given up; the next page gets a worker either way."""
    for page in pages.values():
        began = time.perf_counter()
        try:
            lead = await pool.lead(page, content_type="text/html", title="x", source="y")
            assert len(lead) <= LONGEST_LEAD
        except NotAFeed:
            pass
        assert time.perf_counter() - began < 30  # the deadline, and a worker's start
    found = await pool.lead(
        article(LEAD, SECOND).encode(), content_type=None, title="x", source="y"
    )
    assert found.startswith(LEAD)


RULES = b"""# invented
User-agent: *
Disallow: /
User-agent: tocsin
Crawl-delay: 3
Disallow: /paid/
Allow: /paid/free$
Disallow: /*.pdf$
"""


async def test_the_longest_rule_for_our_name_counts(pool: ParserPool) -> None:
    async def may(path: str, rules: bytes = RULES) -> bool:
        return (await pool.judge(rules, url=f"https://pier.example{path}")).allowed

    assert await may("/news/ferry")
    assert not await may("/paid/ferry")
    assert await may("/paid/free")
    assert not await may("/paid/free-of-charge")
    assert not await may("/timetable.pdf")
    assert not await may("/news", b"User-agent: *\nDisallow: /")
    assert not await may("/news", b"\xef\xbb\xbfUser-agent: *\nDisallow: /")
    assert await may("/news", b"<html>no rules at all</html>\x00\xff")
    assert await pool.judge(RULES, url="https://pier.example/") == Permission(True, 3.0)
    endless = b"User-agent: *\nCrawl-delay: 1e400\n"
    assert (await pool.judge(endless, url="https://pier.example/")).delay <= 86_400


@pytest.mark.parametrize(
    "name",
    ["Tocsin", "TOCSIN", "Tocsin/0.1", "tocsin/2 (+https://pier.example)", "Tocsin*", "*Tocsin*",
     "Tocsin # the bell", "  Tocsin  "],
)  # fmt: skip
@pytest.mark.parametrize("field", ["User-agent:", "USER-AGENT :", "Useragent:", "User agent"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_rules_for_our_product_are_ours(name: str, field: str, end: str) -> None:
    lines = [f"{field} {name}", "Disallow: /", "User-agent: *", "Allow: /", ""]
    for start in ("", "\ufeff", f"Sitemap: /map{end}"):
        assert not await _may((start + end.join(lines)).encode())


@pytest.mark.parametrize("name", ["Toc", "t", "tocsi", "Toc/1", "to*", "Tocsins", "Tocsin-x", "x"])
async def test_rules_for_another_are_not_ours(name: str) -> None:
    assert await _may(f"User-agent: {name}\nDisallow: /\n".encode())
    assert not await _may(f"User-agent: {name}\nUser-agent: *\nDisallow: /\n".encode())


async def _may(rules: bytes) -> bool:
    async def fetch(url: str) -> FetchOutcome:
        return _rules(rules)

    robots = Robots(shared_parser().judge, lambda: 1_000.0)
    return (await robots.permission("https://pier.example/news", fetch)).allowed


class _Host:
    """Answers for robots.txt; the rules are judged by what they begin with."""

    def __init__(self, answer: FetchOutcome) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.now = 1_000.0
        self.robots = Robots(self._judge, lambda: self.now)

    async def _fetch(self, url: str) -> FetchOutcome:
        self.asked.append(url)
        return self.answer

    async def _judge(self, rules: bytes, *, url: str) -> Permission:
        return Permission(not rules.startswith(b"no"))

    async def may(self, url: str = "https://pier.example/a") -> bool:
        return (await self.robots.permission(url, self._fetch)).allowed


def _rules(text: bytes) -> Fetched:
    return Fetched("https://pier.example/robots.txt", text, "text/plain", None, None, None, None)


@pytest.mark.parametrize(
    ("answer", "allowed", "again"),
    [
        (_rules(b"no"), False, 86_400),
        (_rules(b"yes"), True, 86_400),
        (Failed(quoted("404"), 404), True, 86_400),
        (Failed(quoted("403"), 403), True, 86_400),
        (Gone(), True, 86_400),
        (Failed(because(Code.NO_BODY), 200), True, 86_400),
        (Failed(because(Code.TOO_LARGE, 5), 200), False, 3_600),
        (Failed(quoted("500"), 500), False, 3_600),
        (Failed(because(Code.CIRCLE), 301), False, 3_600),
        (Failed(quoted("no connection")), False, 3_600),
        (Failed(quoted("address not allowed"), refused=True), False, 3_600),
        (TryLater(120.0, quoted("429")), False, 120),
    ],
    ids=lambda value: str(value)[:24],
)
async def test_what_a_host_says_holds_for_a_while(
    answer: FetchOutcome, allowed: bool, again: float
) -> None:
    host = _Host(answer)
    assert await host.may() is allowed
    assert await host.may("https://pier.example/b") is allowed
    assert host.asked == ["https://pier.example/robots.txt"]
    host.now += again - 1
    await host.may()
    assert len(host.asked) == 1
    host.now += 2
    await host.may()
    assert len(host.asked) == 2
    await host.may("http://pier.example:8080/a")
    assert host.asked[-1] == "http://pier.example:8080/robots.txt"


@pytest.mark.slow
async def test_what_is_remembered_of_hosts_is_bounded() -> None:
    host = _Host(_rules(b"yes" + b" " * 400 * 1024))
    for n in range(30):
        await host.may(f"https://n{n}.example/")
    assert host.robots._bytes() <= 8 * 1024 * 1024
    assert await host.may("https://n29.example/")
    assert len(host.asked) == 30
    await host.may("https://n0.example/")
    assert len(host.asked) == 31
