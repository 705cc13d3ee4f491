"""Telegram's limits are kept: not on average, but in any window."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import chat_windows, windows
from bot.delivery.outcome import Wait
from bot.delivery.pace import Lane, Pace, PaceLimits
from bot.delivery.windows import TimeWindow
from bot.news.outbox import Schedule

KINDS = {1: "private", 2: "private", -1: "group", -2: "supergroup", -3: "channel"}
_limits = st.builds(
    PaceLimits,
    st.sampled_from([0.0, 0.5, 1.0, 1.5, 3.0, 28.0]),
    st.sampled_from([0.0, 0.5, 1.0, 3.0]),
    st.sampled_from([0, 1, 3, 18]),
)
_lanes = st.sampled_from([Lane.ANSWER, Lane.ANSWER, Lane.ALERT, Lane.EDIT])
_sends = st.lists(
    st.tuples(
        st.sampled_from(list(KINDS)),
        st.sampled_from([0.0, 0.0, 0.01, 0.4, 1.0, 7.0, 61.0]),
        st.sampled_from([None, 0.0, 0.2, 2.5]),
    ),
    max_size=80,
)
START = 1_800_000_000.0


def sent_at(
    limits: PaceLimits, sends: list[tuple[int, float, float | None]]
) -> list[tuple[int, float]]:
    """The times of sends that each wait, dawdle, go, and are perhaps answered a little later."""
    keeper, now, found = Pace(limits), START, []
    for chat_id, dawdle, answer in sends:
        kind = KINDS[chat_id]
        now = when_ready(keeper, chat_id, now + dawdle)
        keeper.take(chat_id, kind, now)
        found.append((chat_id, now))
        if answer is not None:
            now += answer
            keeper.answered(chat_id, kind, now)
    return found


def when_ready(keeper: Pace, chat_id: int, now: float, lane: Lane = Lane.ALERT) -> float:
    """When a message may go, asked again and again as the sender does: what is in the air may
    land late.
    """
    while (ready := keeper.ready_at(chat_id, now, lane)) > now:
        now = ready
    return now


def at_most(count: int, seconds: float, times: list[float]) -> bool:
    """True if no window of so many seconds, open at its end, holds more than `count`."""
    return all(
        times[i + count] >= times[i] + seconds or times[i + count] - times[i] > seconds - 1e-6
        for i in range(len(times) - count)
    )


@given(_limits, _sends)
def test_no_window_ever_holds_more_than_its_count(
    limits: PaceLimits, sends: list[tuple[int, float, float | None]]
) -> None:
    found = sent_at(limits, sends)
    if limits.per_second:
        count = max(1, int(limits.per_second))
        assert at_most(count, count / limits.per_second, [at for _, at in found])
    for chat_id, kind in KINDS.items():
        times = [at for sent_to, at in found if sent_to == chat_id]
        if limits.per_chat_seconds:
            assert all(b - a >= limits.per_chat_seconds - 1e-6 for a, b in pairwise(times))
        if kind != "private" and limits.per_group_per_minute:
            assert at_most(limits.per_group_per_minute, 60.0, times)


@given(
    _limits,
    _sends,
    st.lists(_lanes, min_size=80, max_size=80),
    st.sets(st.sampled_from([*KINDS])),
    st.sampled_from([-4.0, 0.0, 0.3, 1.0, 30.0]),
)
def test_resting_chats_are_those_that_are_not_ready(
    limits: PaceLimits,
    sends: list[tuple[int, float, float | None]],
    lanes: list[Lane],
    asked: set[int],
    later: float,
) -> None:
    keeper, now = Pace(limits), START
    for (chat_id, dawdle, answer), lane in zip(sends, lanes, strict=False):
        now = when_ready(keeper, chat_id, now + dawdle, lane)
        keeper.take(chat_id, KINDS[chat_id], now, lane)
        if answer is not None:  # somebody looks meanwhile, too
            now += answer
            keeper.resting(now)
            keeper.answered(chat_id, KINDS[chat_id], now)
    now += later
    for chat_id in asked:
        keeper.answer_waits(chat_id, 1)
    resting = keeper.resting(now)
    for chat_id in KINDS:
        ready = keeper.ready_at(chat_id, now)
        assert max(resting.get(chat_id, now), keeper.all_ready_at(now)) == ready
        assert (chat_id in resting) == (resting.get(chat_id, now) > now)


@dataclass
class Asked:
    """A chat that always has one more answer to go, each of which takes a while to arrive; from a
    moment on an alert waits beside it, and looks as often as the one who delivers does.
    """

    keeper: Pace
    kind: str
    seconds: float
    now: float = START
    answers: int = 0

    def answer(self) -> None:
        """The next answer goes, and arrives."""
        while (ready := self._ready_at(Lane.ANSWER)) > self.now:
            self.now = ready
        self._go(Lane.ANSWER)
        self.answers += 1

    def alert(self) -> float:
        """The alert goes as soon as it may; how long it waits."""
        began, most = self.now, self.answers + 50
        self.keeper.answer_waits(-1, 1)
        while self.answers < most and (mine := self._ready_at(Lane.ALERT)) > self.now:
            theirs = self._ready_at(Lane.ANSWER)
            self.now = min(mine, theirs)
            if theirs <= mine:
                self.answer()
        self.keeper.answer_waits(-1, -1)
        self._go(Lane.ALERT)
        return self.now - began

    def _ready_at(self, lane: Lane) -> float:
        return self.keeper.ready_at(-1, self.now, lane)

    def _go(self, lane: Lane) -> None:
        self.keeper.take(-1, self.kind, self.now, lane)
        self.now += self.seconds
        self.keeper.answered(-1, self.kind, self.now)


@given(
    st.sampled_from([0.5, 1.0, 5.0]),
    st.sampled_from([0, 1, 2, 18]),
    st.sampled_from(["private", "supergroup"]),
    st.sampled_from([0.0, 0.01, 0.3, 3.0]),
    st.integers(0, 60),
)
def test_an_alert_waits_for_five_answers_of_its_chat_at_most(
    gap: float, in_minute: int, kind: str, seconds: float, before: int
) -> None:
    chat = Asked(Pace(PaceLimits(28, gap, in_minute)), kind, seconds)
    for _ in range(before):
        chat.answer()
    for _ in range(3):
        answers = chat.answers
        chat.alert()
        assert chat.answers - answers <= 5


@given(st.sampled_from([0.0, 1.0]), st.sampled_from([0.01, 0.3, 3.0]), st.integers(0, 80))
def test_a_group_that_asks_all_the_time_hears_three_alerts_a_minute_soon(
    gap: float, seconds: float, before: int
) -> None:
    chat = Asked(Pace(PaceLimits(28, gap, 18)), "supergroup", seconds)
    for _ in range(before):
        chat.answer()
    for _ in range(3):
        assert chat.alert() <= 15 * (gap + seconds) + 3
    began = chat.now
    for _ in range(15):
        chat.answer()
    assert chat.now - began <= 60 + 15 * seconds + gap


def test_without_alerts_a_person_is_answered_at_the_pace_of_the_chat() -> None:
    chat = Asked(Pace(PaceLimits(28, 1, 0)), "private", 0.0)
    for _ in range(5):
        chat.answer()
    assert chat.now == START + 4
    chat.answer()
    assert chat.now == START + 6, "one place is left to what is told there"
    chat.now += 60
    for _ in range(5):
        chat.answer()
    assert chat.now == START + 70


def test_without_limits_everything_goes_at_once_and_nothing_is_kept() -> None:
    keeper = Pace(PaceLimits(0, 0, 0))
    for chat_id in range(1000):
        assert keeper.ready_at(chat_id, START) == START
        keeper.take(chat_id, "group", START)
    assert not keeper._chats._windows
    assert keeper.resting(START) == {}


def test_chats_that_rest_no_more_are_forgotten() -> None:
    keeper = Pace(PaceLimits(0, 1, 18))
    for chat_id in range(3 * chat_windows._FORGET_ABOVE):
        keeper.take(chat_id, "private", START + chat_id / 100)
    assert len(keeper._chats._windows) <= chat_windows._FORGET_ABOVE


def test_who_rests_is_found_without_looking_at_all_that_were_told() -> None:
    keeper = Pace(PaceLimits(28, 1, 18))
    for number in range(5_000):
        keeper.take(number, "private", START + number / 28)
        resting = keeper.resting(START + number / 28)
        assert resting.keys() == keeper._chats._lately.keys()
        assert len(resting) <= 28
    assert len(keeper._chats._windows) == 5_000


def test_who_rests_is_bounded_where_nobody_asks() -> None:
    keeper = Pace(PaceLimits(0, 1, 18))
    for number in range(3 * chat_windows._FORGET_ABOVE):
        keeper.take(number, "private", START + number / 100)
    assert len(keeper._chats._lately) <= chat_windows._FORGET_ABOVE


def test_a_busy_chat_is_not_forgotten() -> None:
    keeper = Pace(PaceLimits(0, 1, 18))
    keeper.take(-1, "group", START)
    for chat_id in range(chat_windows._FORGET_ABOVE + 1):
        keeper.take(chat_id, "private", START)
    assert keeper.ready_at(-1, START) == START + 1


def test_an_answer_that_took_long_counts_from_the_answer() -> None:
    keeper = Pace(PaceLimits(0, 1, 0))
    keeper.take(1, "private", START)
    keeper.answered(1, "private", START + 5)
    assert keeper.ready_at(1, START + 5) == START + 6


@pytest.mark.parametrize("count", [1, 2, 30])
def test_a_window_keeps_no_more_times_than_its_count(count: int) -> None:
    window = TimeWindow(count, 1.0)
    for i in range(1000):
        window.take(START + i)
    assert len(window._times) == count
    assert not window.idle(START + 999.5)
    assert window.idle(START + 1000)


@given(
    st.lists(st.tuples(st.sampled_from(list(Lane)), st.floats(0, 0.3)), max_size=120),
    st.sampled_from([16.0, 28.0, 64.0]),
)
def test_a_lane_leaves_room_to_those_before_it_and_none_is_shut_out(
    sends: list[tuple[Lane, float]], rate: float
) -> None:
    keeper, now = Pace(PaceLimits(rate, 0, 0)), START
    taken: list[tuple[Lane, float]] = []
    for lane, dawdle in sends:
        now = when_ready(keeper, 1, now + dawdle, lane)
        # What comes free within a quarter of a second may be lent.
        within = [other for other, at in taken if at > now - 1.0 + windows._LENT_SECONDS + 1e-6]
        assert len(within) < rate - lane * (int(rate) // 16)
        keeper.take(1, "private", now)
        keeper.answered(1, "private", now)
        taken.append((lane, now))


def test_an_answer_goes_although_alerts_have_used_all_they_may() -> None:
    keeper = Pace(PaceLimits(28, 0, 0))
    while keeper.ready_at(1, START) <= START:
        keeper.take(1, "private", START)
    assert keeper.ready_at(1, START, Lane.ANSWER) == START
    assert keeper.ready_at(1, START, Lane.DIGEST) > START


def test_alerts_leave_the_next_places_to_answers_that_wait() -> None:
    keeper = Pace(PaceLimits(4, 1, 0))
    for chat_id in (3, 4):
        keeper.take(chat_id, "private", START)
    keeper.answer_waits(1, 1)
    keeper.answer_waits(2, 1)
    assert keeper.ready_at(-1, START) > START
    assert keeper.ready_at(1, START, Lane.ANSWER) == START
    assert 1 in keeper.resting(START)
    keeper.answer_waits(1, -1)
    keeper.answer_waits(2, -1)
    assert keeper.ready_at(-1, START) == START
    assert keeper.resting(START).keys() == {3, 4}


@pytest.mark.parametrize("rate", [5.0, 28.0])
def test_answers_that_wait_for_their_own_chats_keep_no_room_of_all(rate: float) -> None:
    keeper = Pace(PaceLimits(rate, 1, 18))
    for number in range(18 * 30):
        chat_id = -1 - number % 30
        keeper.take(chat_id, "supergroup", START + number / 28)
        keeper.answered(chat_id, "supergroup", START + number / 28)
    now = START + 30.0
    for chat_id in range(-30, 0):
        keeper.answer_waits(chat_id, 1)
    keeper.refused(-31, Wait(20.0), now, now)
    keeper.answer_waits(-31, 1)
    assert keeper.ready_at(1, now) == now
    keeper.answer_waits(2, 1)
    assert keeper._kept_for_answers(now) == 1


@pytest.mark.parametrize("rate", [1.0, 2.0, 5.0, 28.0])
def test_however_many_could_be_answered_half_of_all_is_kept_for_them_at_most(rate: float) -> None:
    keeper = Pace(PaceLimits(rate, 1, 18))
    for chat_id in range(2, 102):
        keeper.answer_waits(chat_id, 1)
    sent = 0
    while keeper.ready_at(1_000 + sent, START) <= START:
        keeper.take(1_000 + sent, "private", START)
        sent += 1
    assert sent >= rate / 2 - 2 if rate > 1 else sent == 0


def test_a_message_counts_from_when_it_arrived_not_from_when_it_went() -> None:
    keeper = Pace(PaceLimits(1, 0, 0))
    keeper.take(1, "private", START)
    keeper.answered(1, "private", START + 0.9)
    assert keeper.ready_at(2, START + 1.0) == START + 1.9


def test_a_request_that_hangs_holds_nobody_up_for_long() -> None:
    keeper = Pace(PaceLimits(1, 0, 0))
    keeper.take(1, "private", START)
    assert when_ready(keeper, 2, START) <= START + windows.IN_THE_AIR_SECONDS + 1


def refused(keeper: Pace, *chats: int, seconds: float = 30.0, at: float = START) -> None:
    """These chats are told to wait, one after the other, in answer to what began just before."""
    for chat_id in chats:
        keeper.refused(chat_id, Wait(seconds), at - 0.1, at)


def test_two_chats_told_to_wait_pause_all_but_one_probe() -> None:
    keeper = Pace(PaceLimits(0, 0, 0))
    refused(keeper, 10)
    assert keeper.ready_at(1, START) == START
    refused(keeper, 11)
    assert keeper.paused()
    assert keeper.ready_at(1, START) == START
    keeper.take(1, "private", START)
    assert keeper.ready_at(2, START) > START
    assert keeper.begin(1, START)
    keeper.served(START, START + 0.1)
    assert keeper.ready_at(2, START + 0.1) == START + 0.1
    assert keeper.ready_at(10, START + 0.1) == START + 30


def test_what_was_chosen_before_the_pause_does_not_begin_in_it() -> None:
    keeper = Pace(PaceLimits(0, 0, 0))
    for chat_id in (1, 2, 3):
        keeper.take(chat_id, "private", START)
    refused(keeper, 10, 11)
    assert not any(keeper.begin(chat_id, START) for chat_id in (1, 2, 3))
    keeper.take(4, "private", START)
    assert not keeper.begin(1, START)
    assert keeper.begin(4, START)
    assert not keeper.begin(4, START), "one probe is one request"


def test_what_was_chosen_before_its_chat_was_told_to_wait_does_not_begin() -> None:
    keeper = Pace(PaceLimits(0, 0, 0))
    keeper.take(1, "private", START)
    refused(keeper, 1)
    assert not keeper.begin(1, START)
    assert keeper.begin(1, START + 30)


def test_edits_that_nobody_waits_for_are_no_probes_before_the_time_is_over() -> None:
    keeper = Pace(PaceLimits(0, 0, 0))
    refused(keeper, 10, 11)
    assert keeper.ready_at(1, START, Lane.EDIT) == START + 30
    assert keeper.edit_ready_at(1, START) == START + 30
    assert keeper.opens_at(START) == START + 30


@given(
    st.lists(st.tuples(st.integers(1, 4), st.floats(0.0, 2.0)), max_size=30),
    st.floats(5.0, 9e8),
)
def test_a_clock_that_goes_back_changes_no_wait(
    sends: list[tuple[int, float]], back: float
) -> None:
    keeper, now = Pace(PaceLimits(5, 1, 18)), START + 1e9
    for chat_id, passed in sends:
        now += passed
        if keeper.ready_at(chat_id, now) <= now:
            keeper.take(chat_id, "private", now)
            keeper.answered(chat_id, "private", now)
    for chat_id in (3, 4):
        keeper.refused(chat_id, Wait(17.0), now, now)
    before = [keeper.ready_at(chat_id, now) - now for chat_id in range(1, 6)]
    keeper.set_back(back)
    after = [keeper.ready_at(each, now - back) - (now - back) for each in range(1, 6)]
    assert after == pytest.approx(before, abs=1e-3)


def test_chats_told_to_wait_while_others_are_served_mean_themselves() -> None:
    keeper = Pace(PaceLimits(0, 0, 0))
    for chat_id in range(10, 30):
        refused(keeper, chat_id)
        keeper.served(START, START)
    assert not keeper.paused()
    assert keeper.ready_at(1, START) == START


def test_it_is_known_when_a_lane_opens_although_another_is_open() -> None:
    keeper = Pace(PaceLimits(32, 0, 0))
    assert keeper.opens_at(START) is None
    while keeper.ready_at(1, START, Lane.DIGEST) <= START:
        keeper.take(1, "private", START)
        keeper.answered(1, "private", START)
    assert keeper.ready_at(1, START, Lane.ALERT) == START
    assert keeper.opens_at(START) == START + 1 - windows._LENT_SECONDS


@given(
    st.lists(
        st.tuples(st.sampled_from([Lane.ALERT, Lane.DIGEST, Lane.EDIT]), st.floats(0, 0.3)),
        max_size=120,
    ),
    st.sampled_from([16.0, 28.0, 64.0]),
)
def test_an_answer_waits_a_quarter_of_a_second_at_most_for_what_others_took(
    sends: list[tuple[Lane, float]], rate: float
) -> None:
    keeper, now = Pace(PaceLimits(rate, 0, 0)), START
    for lane, dawdle in sends:
        now = when_ready(keeper, 1, now + dawdle, lane)
        keeper.take(1, "private", now)
        keeper.answered(1, "private", now)
        ready = keeper.ready_at(2, now, Lane.ANSWER)
        assert ready <= now + windows._LENT_SECONDS + 1e-6


def test_a_bot_told_to_wait_goes_on_at_the_rate_that_was_taken() -> None:
    keeper = Pace(PaceLimits(28, 0, 0))
    for chat_id in range(20):
        keeper.take(chat_id, "private", START)
        keeper.answered(chat_id, "private", START)
        keeper.served(START, START)
    refused(keeper, *range(20, 28), seconds=0.8)
    keeper.take(1, "private", START)
    assert keeper.begin(1, START)
    keeper.refused(1, Wait(0.8), START, START + 0.2)
    keeper.answered(1, "private", START + 0.2)
    later = START + 1.2
    keeper.take(1, "private", later)
    keeper.served(later, later)
    keeper.answered(1, "private", later)
    for _ in range(19):
        assert keeper.ready_at(1, later, Lane.ANSWER) == later
        keeper.take(1, "private", later)
        keeper.answered(1, "private", later)
    assert keeper.ready_at(1, later, Lane.ANSWER) == later + 1


def test_a_bot_that_sent_little_learns_no_rate_from_groups_that_are_slow() -> None:
    keeper = Pace(PaceLimits(28, 0, 0))
    for chat_id in (-1, -2):
        keeper.take(chat_id, "supergroup", START)
    refused(keeper, -1, -2, seconds=3_600)
    keeper.nobody_to_probe(START)
    found = keeper.to_store()
    assert found is not None
    assert found[2] is None


def test_a_schedule_goes_on_in_the_next_process() -> None:
    keeper = Pace(PaceLimits(28, 0, 3))
    refused(keeper, 10, 12)
    keeper.take(3, "private", START)
    assert keeper.begin(3, START)
    keeper.refused(3, Wait(30.0), START, START)
    keeper.ended(3, START)
    found = keeper.to_store()
    assert found is not None
    holds, penalty, lowered = found
    keeper.stored(*found)
    assert keeper.to_store() is None
    sent = tuple((-1, "group", START - at) for at in (50.0, 20.0, 1.0))
    known = Schedule(penalty, lowered, tuple(holds.items()), sent)
    after = Pace(PaceLimits(28, 0, 3))
    after.restore(known, START + 5)
    assert after.to_store() is None
    assert after.ready_at(1, START + 5) == START + 30
    assert after.resting(START + 5)[-1] == pytest.approx(START + 10)
    assert after.resting(START + 5)[12] == START + 30


@pytest.mark.slow
def test_penalties_that_are_over_are_forgotten_where_nothing_is_delivered() -> None:
    keeper = Pace(PaceLimits(28, 1, 18))
    for n in range(25_000):
        keeper.refused(n, Wait(5.0), START + n, START + n)
    assert len(keeper._held) <= 10_000
    assert len(keeper._unstored) <= 10_000
