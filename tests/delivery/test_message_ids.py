"""Where a message may lie whose answer was lost, and never where another of ours does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.message_ids import MOST_TRIES, MessageIds, Probe, read_probe
from bot.delivery.outcome import Fate, Refusal

CHAT = -1002
_events = st.lists(st.sampled_from(["theirs", "theirs unseen", "ours", "ours lost"]), max_size=90)


@given(_events, st.sampled_from(["arrived", "not arrived"]), st.integers(0, 4), st.booleans())
def test_an_id_that_is_offered_is_never_that_of_another_message_of_ours(
    events: list[str], fate: str, others: int, waited: bool
) -> None:
    book, last, ours, now = MessageIds(), 0, set(), 1000.0
    for event in events:
        last += 1
        if event == "theirs":
            book.saw(CHAT, last)
        elif event == "ours":
            book.began(CHAT)
            book.ended(CHAT, last)
            ours.add(last)
        elif event == "ours lost":
            book.began(CHAT)
            book.ended(CHAT, None)
            book.lost(CHAT, now)
            ours.add(last)
            # What was lost has arrived by then, and something after it was seen.
            last += 1
            now += 200.0 if waited else 0.0
            book.saw(CHAT, last)
    after = book.began(CHAT)
    last += others
    arrived_as = last + 1 if fate == "arrived" else None
    book.ended(CHAT, None)
    offered = book.candidates(CHAT, after, now)
    assert len(offered) <= MOST_TRIES
    assert not ours & set(offered)
    if arrived_as and others < MOST_TRIES and after and waited and "theirs unseen" not in events:
        assert arrived_as in offered


def test_nothing_is_offered_where_another_message_of_ours_is_in_the_air() -> None:
    book = MessageIds()
    book.saw(CHAT, 10)
    after = book.began(CHAT)
    book.began(CHAT)
    book.ended(CHAT, None)
    assert book.candidates(CHAT, after, 0.0) == ()
    book.ended(CHAT, 11)
    assert book.candidates(CHAT, after, 0.0) == (12, 13, 14)


def test_nothing_is_offered_before_anything_was_seen_nor_in_private_chats() -> None:
    book = MessageIds()
    for chat in (CHAT, 7):
        after = book.began(chat)
        book.ended(chat, None)
        assert book.candidates(chat, after, 0.0) == ()
    book.saw(7, 10)
    assert book.candidates(7, book.began(7), 0.0) == ()


def test_the_book_stays_small() -> None:
    book = MessageIds()
    for chat in range(1, 30_000):
        book.saw(-chat, 5)
    assert len(book._places) <= 10_002


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Message is not modified: specified new message content", Probe.ARRIVED),
        ("Message to edit not found", Probe.ANOTHER),
        ("Message can't be edited", Probe.ANOTHER),
        ("Message_id_invalid", Probe.ANOTHER),
        ("Not enough rights to send text messages to the chat", Probe.UNCLEAR),
    ],
)
def test_a_refused_edit_says_what_lies_there(text: str, means: Probe) -> None:
    assert read_probe(Refusal(Fate.ANSWERED, 400, text)) is means


def test_an_edit_that_is_taken_is_the_message_and_one_without_an_answer_says_nothing() -> None:
    assert read_probe(None) is Probe.ARRIVED
    assert read_probe(Refusal(Fate.LOST, 0, "message is not modified")) is Probe.UNCLEAR
    assert read_probe(Refusal(Fate.ANSWERED, 429, "", retry_after=3)) is Probe.UNCLEAR
