"""What is told again of a story that was told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.telling.updates import (
    EDIT_GAP_SECONDS,
    EDIT_WITHIN_SECONDS,
    UPDATE_GAP_SECONDS,
    Hearer,
    StandingAlert,
    edit_due_at,
    is_told_of_change,
)

NOW = 1_000_000.0
SENT = StandingAlert(1, NOW - 3600, None, 70)
TOLD = Hearer(SENT, True, True, True, True, None, None, False, None)

_times = st.none() | st.floats(NOW - 2 * EDIT_WITHIN_SECONDS, NOW)
_alerts = st.builds(StandingAlert, st.just(1), _times, _times, st.none() | st.just(70))


@given(_alerts)
def test_an_alert_is_edited_within_a_day_and_never_twice_a_minute(alert: StandingAlert) -> None:
    due = edit_due_at(alert, NOW)
    under_way = alert.sent_at is None
    fresh = alert.sent_at is not None and alert.sent_at > NOW - EDIT_WITHIN_SECONDS
    assert (due is not None) == (under_way or (fresh and alert.message_id is not None))
    if due is not None:
        assert due >= NOW
        for before in (alert.sent_at, alert.edited_at):
            assert before is None or due >= before + EDIT_GAP_SECONDS


def test_an_alert_is_edited_at_once_where_it_was_not_touched_for_a_minute() -> None:
    assert edit_due_at(SENT, NOW) == NOW
    assert edit_due_at(replace(SENT, edited_at=NOW - 20), NOW) == NOW + 40
    assert edit_due_at(replace(SENT, sent_at=None, message_id=None), NOW) == NOW


def test_who_follows_an_outlet_is_told_of_its_change() -> None:
    assert is_told_of_change(TOLD, NOW)


@pytest.mark.parametrize(
    "but",
    [
        {"served": False},
        {"sees": False},
        {"wants_updates": False},
        {"follows": False},
        {"follows": False, "topics_muted_until": NOW + 1},
        {"outlet_muted_until": NOW + 1},
        {"story_muted": True},
        {"updated_at": NOW - UPDATE_GAP_SECONDS + 1},
        {"alert": replace(SENT, sent_at=NOW - EDIT_WITHIN_SECONDS)},
        {"alert": replace(SENT, message_id=None)},
        {"alert": replace(SENT, sent_at=None)},
    ],
)
def test_each_reason_alone_keeps_a_change_from_being_told(but: dict[str, object]) -> None:
    assert not is_told_of_change(replace(TOLD, **but), NOW)


@pytest.mark.parametrize(
    "but",
    [
        {"follows": False, "topics_muted_until": NOW},
        {"outlet_muted_until": NOW},
        {"updated_at": NOW - UPDATE_GAP_SECONDS},
    ],
)
def test_what_is_over_keeps_nothing(but: dict[str, object]) -> None:
    assert is_told_of_change(replace(TOLD, **but), NOW)
