"""What became of a message, for each thing Telegram or the network may do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.outcome import (
    BadMarkup,
    Blocked,
    Fate,
    MessageGone,
    Moved,
    NotFound,
    Outcome,
    PictureRefused,
    Refusal,
    Refused,
    Sent,
    ThreadGone,
    TokenRefused,
    TryAgain,
    Unknown,
    Wait,
    decide,
)
from bot.news.why import quoted


def answered(status: int, text: str, **more: float) -> Refusal:
    return Refusal(Fate.ANSWERED, status, text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (answered(429, "Flood control exceeded", retry_after=17), Wait),
        (answered(429, "Too Many Requests"), Wait),
        (answered(403, "Forbidden: bot was blocked by the user"), Blocked),
        (answered(403, "Forbidden: user is deactivated"), Blocked),
        (answered(403, "Forbidden: bot was kicked from the supergroup chat"), Blocked),
        (answered(403, "Forbidden: bot is not a member of the channel chat"), Blocked),
        (answered(403, "Forbidden: bot can't initiate conversation with a user"), Blocked),
        (answered(403, "Forbidden: the group chat was deleted"), Blocked),
        (answered(400, "Group migrated to supergroup", migrate_to=-1001), Moved),
        (answered(400, "Can't parse entities: unsupported start tag"), BadMarkup),
        (answered(400, "Message is too long"), BadMarkup),
        (answered(400, "Bad Request: text is too long"), BadMarkup),
        (answered(400, "Message caption is too long"), BadMarkup),
        (answered(400, "Wrong type of the web page content"), PictureRefused),
        (answered(400, "Failed to get http url content"), PictureRefused),
        (answered(400, "Wrong file identifier/http url specified"), PictureRefused),
        (answered(400, "Photo_invalid_dimensions"), PictureRefused),
        (answered(400, "Not enough rights to send photos to the chat"), PictureRefused),
        (answered(400, "Message text is empty"), Refused),
        (answered(400, "Message thread not found"), ThreadGone),
        (answered(400, "Message to edit not found"), MessageGone),
        (answered(400, "Topic_closed"), ThreadGone),
        (answered(400, "TOPIC_DELETED"), ThreadGone),
        (answered(400, "Not enough rights to send text messages to the chat"), Blocked),
        (answered(400, "Chat_write_forbidden"), Blocked),
        (answered(400, "Have no rights to send a message"), Blocked),
        (answered(400, "Need administrator rights in the channel chat"), Blocked),
        (answered(400, "Something never seen before"), Refused),
        (answered(401, "Unauthorized"), TokenRefused),
        (answered(404, "Not Found: method not found"), Refused),
        (answered(409, "Conflict: terminated by other getUpdates request"), TryAgain),
        (answered(413, "Request Entity Too Large"), Refused),
        (answered(500, "Internal Server Error"), Unknown),
        (answered(502, "Bad Gateway"), Unknown),
        (Refusal(Fate.LOST, 200, "Invalid server response"), Unknown),
        (Refusal(Fate.LOST, 0, "timed out"), Unknown),
        (Refusal(Fate.LOST, 0, "server disconnected"), Unknown),
        (Refusal(Fate.NOT_SENT, 0, "connection refused"), TryAgain),
        (Refusal(Fate.NOT_SENT, 0, "no such host"), TryAgain),
        (Refusal(Fate.NOT_SENT, 0, "the pool is full"), TryAgain),
    ],
)
def test_each_refusal_has_its_outcome(refusal: Refusal, kind: type) -> None:
    assert type(decide(refusal, 1)) is kind


def test_a_named_time_is_kept_and_an_unnamed_one_is_half_a_minute_or_more() -> None:
    assert decide(answered(429, "flood", retry_after=17), 1) == Wait(17)
    unnamed = decide(answered(429, "Too Many Requests"), 1)
    assert isinstance(unnamed, Wait)
    assert 30 <= unnamed.seconds <= 60


def test_a_moved_group_names_its_new_id() -> None:
    assert decide(answered(400, "migrated", migrate_to=-1001), 1) == Moved(-1001)


@pytest.mark.parametrize("text", ["Chat not found", "Private chat not found", "User not found"])
def test_a_chat_is_given_up_only_when_it_is_not_found_thrice(text: str) -> None:
    before = [type(decide(answered(400, text), 9, not_found)) for not_found in range(4)]
    assert before == [NotFound, NotFound, Blocked, Blocked]


@pytest.mark.parametrize(
    ("text", "for_good"),
    [("Message thread not found", True), ("TOPIC_DELETED", True), ("Topic_closed", False)],
)
def test_a_closed_thread_may_open_again_and_a_deleted_one_is_gone(
    text: str, for_good: bool
) -> None:
    assert decide(answered(400, text), 1) == ThreadGone(quoted(text), for_good)


def test_what_was_surely_not_sent_is_tried_again_ever_more_slowly() -> None:
    waits = [decide(Refusal(Fate.NOT_SENT, 0, ""), n) for n in range(1, 20)]
    seconds = [wait.seconds for wait in waits if isinstance(wait, TryAgain)]
    assert len(seconds) == 19
    assert seconds == sorted(seconds)
    assert seconds[0] == 1
    assert seconds[-1] == 60


_refusals = st.builds(
    Refusal,
    st.sampled_from(Fate),
    st.integers(0, 700),
    st.text(max_size=40),
    st.none() | st.floats(0, 1e6),
    st.none() | st.integers(-(2**52), 2**52),
)


@given(_refusals, st.integers(1, 10_000))
def test_only_a_lost_answer_or_a_broken_server_leaves_it_unknown(
    refusal: Refusal, attempts: int
) -> None:
    outcome: Outcome = decide(refusal, attempts)
    assert not isinstance(outcome, Sent)
    lost = refusal.fate is Fate.LOST or refusal.status >= 500
    assert isinstance(outcome, Unknown) == lost
