"""A database in which reasons are English sentences is brought up to date."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.feeds import _as_json
from bot.news.telling import health
from bot.news.why import quoted, read_why, read_whys
from storage.open import open_storage
from storage.sqlite import schema
from tests.databases import former_database, former_file

pytestmark = pytest.mark.slow

_BEFORE = 44
_LOWER = "UPDATE feeds SET known_by = 'link', known_by_reason = ? WHERE id = ?"
SAID = r"""
["fewer_sources",3] | fewer than 3 sources carry it
["gathered"] | gathered for the digest
["gathered_by_topics"] | gathered by its topics
["chat_cap",12] | this chat had its 12 alerts of the day
["topics_cap"] | its topics had their alerts of the day
["quiet_hours"] | quiet hours
["breaking"] | many sources carry it
["muted","O'Hara"] | O'Hara is muted
["topic_muted","The \u201cPier\u201d"] | the topic The “Pier” is muted
["topics_gone"] | its topics are muted or gone
["lost_twice"] | Telegram's answer was lost twice
["process_ended"] | the process ended while sending
["claim_ran_out"] | the claim ran out
["bot_stopped"] | the bot stopped while sending
["came_late"] | it came late
["digest_refused"] | its digest was refused
["told_in_main"] | the thread is gone, and the main one was told already
["story_gone"] | the story is no longer stored
["unwritable"] | it cannot be written; see the log
["unexpected"] | an unexpected error
["unexpected_kind","TimeoutError"] | unexpected TimeoutError
["told_to_wait"] | Telegram has told the bot to wait
["telegram_silent"] | Telegram did not answer in time
["telegram_status",502] | Telegram answered 502 without a result
["answer_lost","TimeoutError"] | The answer was lost: TimeoutError
["telegram_unreached","TimeoutError"] | No connection to Telegram: TimeoutError
["no_api_address"] | TELEGRAM_API_URL is not an address
["pool_closed"] | The connection pool is closed
["not_served"] | the chat is not served
["said_stop"] | the chat said /stop
["shut_out"] | shut out by an operator
["removed"] | the bot was removed
["may_not_write"] | the bot may not write here
["address_long",5242880] | the address is longer than 5242880 characters
["address_unfit"] | the address has blanks, backslashes or control characters
["address_unreadable"] | the address cannot be read
["scheme"] | only http and https addresses can be fetched
["no_host"] | the address has no host
["host_unfit"] | the address has no valid host name
["credentials"] | an address with a user name or password is not fetched
["port","80, 443"] | the port is not one of 80, 443
["not_allowed"] | address not allowed; an operator opens private hosts with ALLOWED_PRIVATE_HOSTS
["no_answer",0.5] | no answer within 0.5 s
["unresolved"] | the host name could not be resolved
["certificate"] | the server's certificate is not valid
["insecure"] | no secure connection to the server could be made
["unreached"] | no connection to the server could be made
["closed"] | the server closed the connection
["cut_short"] | the document ended too early
["bad_http"] | the server's answer is not proper HTTP
["broken"] | the connection failed
["status",404,"Not Found"] | the server answered 404 Not Found
["odd_status",499] | the server answered 499
["unasked"] | the server answered 304 Not Modified without having been asked
["gone"] | the host says that this feed is gone (410)
["circle"] | the server redirects in a circle
["redirects",5] | the server redirects more than 5 times
["redirects_nowhere"] | the server redirects to an address that is none
["left_alone"] | that host asks to be left alone for now
["host_busy"] | too much is asked of that host just now
["host_crowded"] | too many feeds lead to the host that this one is found at
["no_body"] | empty: the server sent no document
["too_large",5242880] | the document is larger than 5242880 bytes
["encoded_twice"] | the document is encoded more than once
["encoding"] | the document is in an encoding that was not asked for
["compression"] | the document's compression is damaged
["no_document"] | empty: there is no document
["damaged"] | the document is damaged and cannot be read
["attributes"] | the document is damaged: a tag has hundreds of attributes
["web_page"] | this is a web page, not a feed
["not_a_feed"] | this is not a feed
["damaged_json"] | this JSON document is damaged
["other_json"] | this is a JSON document, but not a JSON Feed
["too_slow"] | the document took too long to read
["no_parser"] | the parser could not be started
["unstorable"] | what it sent cannot be stored; see the log
["poll_failed"] | an unexpected error; see the log
"""
LONG = {
    "the host says that this feed is gone (410); it is asked once more before that is believed": (
        '["gone_once"]'
    )
}
LOWERED = {
    "ids repeat": '[["ids_repeat"]]',
    "ids are missing, links change": '[["ids_missing"],["links_change"]]',
    "ids are used again, links are missing or shared, dates change": (
        '[["ids_reused"],["links_missing"],["dates_change"]]'
    ),
    "ids change": '[["ids_change"]]',
    "something else": '[["text","something else"]]',
    "7": '[["text","7"]]',
}
TEXTS = ("Forbidden: bot was kicked", "the chat is stopped", "the server answered nobody", "", "[]")


def _migrate(file: sqlite3.Connection) -> None:
    for number, _, text in schema.migrations():
        if number >= _BEFORE:
            schema._apply(file, number, text)


def _fill(file: sqlite3.Connection, sentences: Sequence[str]) -> None:
    """Every sentence in every column in which one was stored."""
    for n, said in enumerate(sentences, 1):
        file.execute(
            "INSERT INTO feeds (id, url, poll_at, added_at, failures, error)"
            " VALUES (?, ?, 0, 0, 1, ?)",
            (n, f"https://{n}.example/", said),
        )
        file.execute(
            "INSERT INTO chats (id, kind, title, state, reason, language, timezone, since,"
            " changed_at) VALUES (?, 'private', '', 'blocked', ?, 'en', 'UTC', 0, 0)",
            (n, said),
        )
        file.execute(
            "INSERT INTO deliveries (chat_id, thread_id, story_id, report_id, state, created_at,"
            " error) VALUES (?, 0, 1, 1, 'dead', 0, ?)",
            (n, said),
        )
        file.execute(
            "INSERT INTO matches (story_id, chat_id, thread_id, report_id, terms, at, subscribed,"
            " kept_by) VALUES (1, ?, 0, 1, '', 0, 1, ?)",
            (n, said),
        )


def _stored(file: sqlite3.Connection) -> list[tuple[str, ...]]:
    """What each sentence became, which is the same wherever it stood."""
    return list(
        file.execute(
            "SELECT DISTINCT d.error FROM deliveries d JOIN feeds f ON f.id = d.chat_id"
            " JOIN chats c ON c.id = d.chat_id JOIN matches m ON m.chat_id = d.chat_id"
            " WHERE f.error = d.error AND c.reason = d.error AND m.kept_by = d.error"
            " ORDER BY d.id"
        )
    )


@pytest.fixture
def before(tmp_path: Path) -> Path:
    path = tmp_path / "before.db"
    former_database(path, _BEFORE)
    return path


def test_sentences_become_their_codes_and_others_are_kept(before: Path) -> None:
    lines = [line.split(" | ") for line in SAID.strip().splitlines()]
    known = {said: stored for stored, said in lines} | LONG
    sentences = [*known, *TEXTS]
    with closing(sqlite3.connect(before, isolation_level=None)) as file:
        _fill(file, sentences)
        _migrate(file)
        whys = [read_why(stored) for (stored,) in _stored(file)]
    assert [why and why.stored() for why in whys[: len(known)]] == list(known.values())
    assert whys[len(known) :] == [quoted(text) for text in TEXTS]


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_nothing_is_lost_of_what_others_wrote(texts: list[str]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as file:
        with closing(sqlite3.connect(former_file(_BEFORE))) as former:
            former.backup(file)
        sentences = [*texts, *(f"{text} is muted" for text in texts if text)]
        _fill(file, sentences)
        _migrate(file)
        stored = file.execute("SELECT error FROM deliveries ORDER BY id")
        assert [str(read_why(each)) for (each,) in stored] == sentences


async def test_operators_read_the_words_of_now(before: Path) -> None:
    with closing(sqlite3.connect(before, isolation_level=None)) as file:
        _fill(file, ["the server answered 404 Not Found"] * len(LOWERED))
        for n, said in enumerate(LOWERED, 1):
            file.execute(
                "UPDATE feeds SET known_by = 'link', known_by_reason = ? WHERE id = ?", (said, n)
            )
    storage = await open_storage(f"sqlite:///{before}", alone=True, now=10.0)
    feeds = sorted(await storage.feeds.all(), key=lambda feed: feed.id)
    await storage.close()
    assert [feed.policy.reason for feed in feeds] == [read_whys(each) for each in LOWERED.values()]
    shown = [_as_json(feed) for feed in feeds]
    assert [each["known_by_reason"] for each in shown] == list(LOWERED)
    assert {each["state"] for each in shown} == {"failing: the site answered 404 Not Found"}
    assert [*map(str, health.doubts(feeds[1], 10.0))] == [
        "Ids are missing, links change, so stories are recognised by link."
    ]
    with closing(sqlite3.connect(before)) as file:
        lowered = file.execute("SELECT known_by_reason FROM feeds ORDER BY id")
        assert [json.loads(each) for (each,) in lowered] == list(map(json.loads, LOWERED.values()))
