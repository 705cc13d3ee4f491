"""When a report is taken out of a story for all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.telling.split import PEOPLE_TO_SPLIT, SPLIT_AFTER_SECONDS, TakenOut, is_split

NOW = 10_000_000.0
ADA = TakenOut(1, 1, NOW - 60, 0.0, NOW - 90, keeps=True, brought=False)
BEN = replace(ADA, chat_id=2, user_id=2)


def test_two_people_in_two_chats_split_a_story_for_all() -> None:
    assert is_split([ADA, BEN], NOW)


@pytest.mark.parametrize(
    "but",
    [
        {"user_id": 0},
        {"user_id": 1},
        {"chat_id": 1},
        {"keeps": False},
        {"brought": True},
        {"since": NOW - SPLIT_AFTER_SECONDS + 1},
        {"told_at": None},
        {"told_at": NOW - 30},
    ],
)
def test_who_has_no_say_for_others_splits_nothing(but: dict[str, object]) -> None:
    assert not is_split([ADA, replace(BEN, **but)], NOW)


_ids = st.integers(0, 3)
_taken = st.builds(
    TakenOut, _ids, _ids, st.just(NOW - 60), st.sampled_from([0.0, NOW]),
    st.sampled_from([None, 0.0, NOW]), st.booleans(), st.booleans(),
)  # fmt: skip


@given(st.lists(_taken, max_size=8), _taken)
def test_one_more_voice_never_takes_a_split_back(taken: list[TakenOut], one: TakenOut) -> None:
    if is_split(taken, NOW):
        assert is_split([*taken, one], NOW)
        assert len(taken) >= PEOPLE_TO_SPLIT
