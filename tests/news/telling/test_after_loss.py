"""What becomes of a delivery whose outcome is unknown; how it is stored, `tests/storage` says."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.outbox import DeliveryState
from bot.news.telling.after_loss import AGAIN_AFTER_SECONDS, Lost, after_loss, begun_anew
from bot.news.why import Code, because, quoted

NOW = 5_000.0
WHY = quoted("reset")
MESSAGES = st.none() | st.integers(1, 99)
RESEND = st.booleans()
LOST = st.builds(
    Lost,
    id=st.just(1),
    is_digest=st.booleans(),
    message_id=MESSAGES,
    resends=st.integers(0, 20),
    renewals=st.integers(0, 4),
    due_at=st.floats(0, 2 * NOW),
    was_due_at=st.none() | st.floats(0, 2 * NOW),
    whole_in=MESSAGES,
    sources=st.none() | st.integers(1, 9),
)
OPEN = (DeliveryState.PENDING, DeliveryState.HELD)


@given(LOST, RESEND)
def test_it_goes_on_with_a_time_or_ends_with_one(lost: Lost, resend: bool) -> None:
    for end in (after_loss(lost, WHY, resend, NOW), begun_anew(lost, WHY, resend, NOW)):
        assert end.state is not DeliveryState.SENDING
        assert (end.settled_at is None) is (end.state in OPEN)
        assert end.error in (WHY, because(Code.LOST_TWICE))
        assert end.resends >= lost.resends
        if lost.is_digest and end.state is DeliveryState.PENDING:
            assert end.due_at > NOW


@given(LOST)
def test_dropped_is_what_nobody_may_send_again(lost: Lost) -> None:
    end = after_loss(lost, WHY, False, NOW)
    begun = lost.is_digest and lost.message_id is not None
    assert begun or end.state is DeliveryState.UNKNOWN


@given(LOST)
def test_an_alert_is_sent_once_more_then_gathered_then_given_up(lost: Lost) -> None:
    alert, states = replace(lost, is_digest=False, resends=0), []
    for _ in range(3):
        alert = after_loss(replace(alert, state=DeliveryState.SENDING), WHY, True, NOW)
        assert (alert.sources, alert.whole_in) == (None, lost.whole_in)
        states.append(alert.state)
    assert states == [DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.UNKNOWN]


@given(LOST, RESEND)
def test_a_digest_takes_every_step_once_and_none_where_it_was_brought_forward(
    lost: Lost, resend: bool
) -> None:
    digest = replace(lost, is_digest=True, message_id=7, resends=0, was_due_at=None)
    gaps = []
    while digest.state is not DeliveryState.UNKNOWN:
        later = after_loss(digest, WHY, resend, NOW)
        forward = after_loss(replace(digest, was_due_at=NOW + 9), WHY, resend, NOW)
        assert (forward.due_at, forward.resends) == (NOW + 9, digest.resends)
        assert later.whole_in == (7 if lost.whole_in is None else lost.whole_in)
        gaps.append(later.due_at - NOW)
        digest = later
    assert tuple(gaps[:-1]) == AGAIN_AFTER_SECONDS


@given(LOST, RESEND)
def test_one_that_may_have_been_told_is_never_told_one_by_one(lost: Lost, resend: bool) -> None:
    end = begun_anew(replace(lost, is_digest=True), WHY, resend, NOW)
    assert end.message_id is None
    assert lost.whole_in is None or end.state is not DeliveryState.FAILED
    assert resend or lost.whole_in is None or end.state is DeliveryState.UNKNOWN
    assert lost.renewals < 2 or end.state is not DeliveryState.PENDING
