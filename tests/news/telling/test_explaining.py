"""What became of a link, decided from what is on record: each reason, and their order."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot.news.chat import ChatState
from bot.news.history import Case, Follow, Heard, Inquiry, LinkReport, Posted, Wish
from bot.news.outbox import DeliveryState
from bot.news.query.near_miss import Miss
from bot.news.telling.explaining import (
    ChangedSince,
    ChatPaused,
    DeliveryRefused,
    Dropped,
    FollowedLater,
    ForDigest,
    ForSources,
    InQueue,
    Muted,
    NoTopic,
    NotPlaced,
    OutcomeUnknown,
    PartOfTold,
    QuietHours,
    Reason,
    RecordGone,
    Sending,
    StoredQuietly,
    StoryMuted,
    WasTold,
    explain,
)
from bot.news.why import Code, because, quoted

NOW = 10_000.0
HEARD = Heard(7, "Harbour Post", "Ferry resumes after storm", "https://h.example/7", 5_000.0)
OTHER = Heard(3, "Hill Radio", "Ferry sails again", "https://r.example/3", 4_000.0)
SEEN = LinkReport(HEARD, HEARD.title, "", "en", 1, 3, False, False, None)
JOINED = replace(SEEN, heard=replace(HEARD, joined="alike"))
QUIET = replace(SEEN, quiet=True)
WISH = Wish("Ferries", "ferry", "ferry", False, 5_001.0)
KEPT = replace(WISH, kept_by=because(Code.TOPIC_MUTED, "Ferries"))
SENT = Posted(DeliveryState.SENT, 0, 5_001.0, 0.0, 5_002.0, 1, None, None, 99, HEARD, 7)
HELD = replace(
    SENT, state=DeliveryState.HELD, due_at=12_000.0, attempts=0, error=because(Code.QUIET_HOURS)
)
FERRIES = Follow("Ferries", 100.0, "ferry")
LATER = replace(FERRIES, since=6_000.0)
STRIKES = Follow("Strikes", 100.0, "ferry strike")
CHOIRS = Follow("Choirs", 100.0, "choir")
EVERYTHING = Follow("", 100.0)
HARBOUR = Follow("Harbour Post", 100.0, None, 1)
RADIO = Follow("Hill Radio", 100.0, None, 2)


def _chat(*follows: Follow, **other: Any) -> Inquiry:
    return Inquiry(
        **{
            "state": ChatState.ACTIVE,
            "reason": None,
            "since": 50.0,
            "changed_at": 50.0,
            "hold_until": 0.0,
            "follows": follows,
            "cases": (),
        }
        | other
    )


def _reason(chat: Inquiry, *cases: Case) -> Reason:
    found = explain(replace(chat, cases=cases), NOW)
    assert found is not None
    return found.reason


def _posted(state: DeliveryState, **other: Any) -> Case:
    return Case((SEEN,), (replace(SENT, state=state, **other),), (WISH,))


DELIVERED = [
    (_posted(DeliveryState.SENT), WasTold(5_002.0, 99, 0, (WISH,), False)),
    (
        _posted(DeliveryState.SENT, within_state=DeliveryState.SENT),
        WasTold(5_002.0, 99, 0, (WISH,), True),
    ),
    (
        Case((JOINED,), (replace(SENT, rang=OTHER, report_id=3),)),
        PartOfTold(5_002.0, 99, 0, OTHER, "alike"),
    ),
    (_posted(DeliveryState.SENDING), Sending()),
    (
        _posted(DeliveryState.PENDING, attempts=0, error=because(Code.QUIET_HOURS), ahead=2),
        InQueue(2, None, True, 0, None),
    ),
    (
        _posted(DeliveryState.PENDING, attempts=3, error=quoted("no connection"), due_at=NOW + 5),
        InQueue(0, NOW + 5, False, 3, quoted("no connection")),
    ),
    (Case((SEEN,), (HELD,)), QuietHours(12_000.0)),
    (
        Case((SEEN,), (replace(HELD, error=because(Code.GATHERED)),)),
        ForDigest(12_000.0, because(Code.GATHERED)),
    ),
    (
        Case((SEEN,), (replace(HELD, within_state=DeliveryState.PENDING),)),
        ForDigest(None, because(Code.QUIET_HOURS)),
    ),
    (
        Case((SEEN,), (replace(HELD, state=DeliveryState.WAITING, sources=3),), sources=2),
        ForSources(3, 2, False),
    ),
    (
        _posted(DeliveryState.DEAD, sources=3, error=because(Code.FEWER_SOURCES, 3)),
        ForSources(3, 1, True),
    ),
    (
        _posted(DeliveryState.DEAD, error=because(Code.SAID_STOP)),
        Dropped(because(Code.SAID_STOP), 5_002),
    ),
    (
        _posted(DeliveryState.FAILED, error=quoted("text is empty")),
        DeliveryRefused(quoted("text is empty"), 5_002.0),
    ),
    (
        _posted(DeliveryState.UNKNOWN, error=quoted("timed out")),
        OutcomeUnknown(quoted("timed out"), 5_002.0),
    ),
    (
        _posted(
            DeliveryState.UNKNOWN,
            error=because(Code.QUIET_HOURS),
            within_state=DeliveryState.UNKNOWN,
            within_error=quoted("timed out"),
        ),
        OutcomeUnknown(quoted("timed out"), 5_002.0),
    ),
]


@pytest.mark.parametrize(("case", "reason"), DELIVERED)
def test_a_delivery_says_what_became_of_it(case: Case, reason: Reason) -> None:
    assert _reason(_chat(FERRIES), case) == reason


UNDELIVERED = [
    (_chat(FERRIES), Case((replace(SEEN, story_id=None),)), NotPlaced(5_000.0)),
    (_chat(FERRIES), Case((SEEN,), (), (WISH,), muted_at=4_500.0), StoryMuted(4_500.0)),
    (_chat(FERRIES), Case((SEEN,), (), (WISH,), muted_at=6_000.0), RecordGone((WISH,), 5_001.0)),
    (
        _chat(FERRIES),
        Case((SEEN,), (), (KEPT,)),
        Muted(because(Code.TOPIC_MUTED, "Ferries"), 5_001.0),
    ),
    (
        _chat(FERRIES),
        Case((SEEN,), (), (replace(KEPT, kept_by=because(Code.OTHER_LANGUAGE, "de")),)),
        Muted(because(Code.OTHER_LANGUAGE, "de"), 5_001.0),
    ),
    (_chat(FERRIES), Case((SEEN,), (), (KEPT, WISH)), RecordGone((WISH,), 5_001.0)),
    (_chat(FERRIES), Case((QUIET,)), StoredQuietly("Harbour Post", 5_000.0, False)),
    (
        _chat(FERRIES),
        Case((replace(QUIET, earlier=True),)),
        StoredQuietly("Harbour Post", 5_000.0, True),
    ),
    (
        _chat(FERRIES),
        Case((replace(QUIET, hushed_at=4_999.0),)),
        StoredQuietly("Harbour Post", 5_000.0, True),
    ),
    (
        _chat(FERRIES),
        Case((replace(QUIET, hushed_at=5_001.0),)),
        StoredQuietly("Harbour Post", 5_000.0, False),
    ),
    (
        _chat(FERRIES, state=ChatState.STOPPED, changed_at=4_000.0),
        Case((SEEN,)),
        ChatPaused(5_000.0, None, None),
    ),
    (_chat(FERRIES, changed_at=6_000.0), Case((SEEN,)), ChatPaused(5_000.0, 6_000.0, None)),
    (_chat(LATER, CHOIRS), Case((SEEN,)), FollowedLater(LATER, 5_000.0)),
    (
        _chat(replace(HARBOUR, since=6_000.0)),
        Case((SEEN,)),
        FollowedLater(replace(HARBOUR, since=6_000.0), 5_000.0),
    ),
    (_chat(FERRIES), Case((SEEN,)), ChangedSince(FERRIES, 5_000.0)),
    (_chat(EVERYTHING), Case((SEEN,)), ChangedSince(EVERYTHING, 5_000.0)),
    (
        _chat(CHOIRS, STRIKES, RADIO),
        Case((SEEN,)),
        NoTopic(
            "Harbour Post", 2, ("Hill Radio",), (STRIKES, Miss(("ferry",), ("strike",))), 5_000.0
        ),
    ),
    (_chat(), Case((SEEN,)), NoTopic("Harbour Post", 0, (), None, 5_000.0)),
    (
        _chat(replace(CHOIRS, query="choir OR")),
        Case((SEEN,)),
        NoTopic("Harbour Post", 1, (), None, 5_000.0),
    ),
]


@pytest.mark.parametrize(("chat", "case", "reason"), UNDELIVERED)
def test_without_a_delivery_the_first_that_holds_is_said(
    chat: Inquiry, case: Case, reason: Reason
) -> None:
    assert _reason(chat, case) == reason


def test_what_was_not_seen_has_no_reason() -> None:
    assert explain(_chat(FERRIES), NOW) is None


def test_of_several_threads_and_stories_what_came_furthest_counts() -> None:
    waits = replace(SENT, state=DeliveryState.PENDING, thread_id=4)
    case = Case((SEEN,), (waits, SENT), (WISH,))
    assert isinstance(_reason(_chat(), case), WasTold)
    assert isinstance(_reason(_chat(CHOIRS), Case((SEEN,)), case, Case((QUIET,))), WasTold)
    # A chat that took the report out of its story has two deliveries: its own counts.
    of_story = replace(SENT, rang=OTHER, report_id=3, message_id=5)
    assert _reason(_chat(), Case((SEEN,), (of_story, SENT))) == WasTold(5_002.0, 99, 0, (), False)


def test_a_story_that_waits_is_named_by_the_report_that_stands_for_it() -> None:
    held = replace(HELD, rang=OTHER, report_id=3)
    found = explain(_chat(cases=(Case((JOINED,), (held,)),)), NOW)
    assert found is not None
    assert (found.reason, found.within, found.sighting) == (QuietHours(12_000.0), OTHER, JOINED)


def test_a_report_that_is_not_quiet_is_asked_before_one_that_is() -> None:
    found = explain(_chat(CHOIRS, cases=(Case((QUIET, SEEN)),)), NOW)
    assert found is not None
    assert found.sighting is SEEN
    assert isinstance(found.reason, NoTopic)
