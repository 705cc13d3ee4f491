"""How the poller's slots are shared."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.news.polling.slots import AT_ONCE, COSTLY_SECONDS, Slots

NOW = 1_800_000_000.0
CHEAP, COSTLY = 0.014, 7.4


def test_costly_feeds_fill_half_the_slots_and_are_passed_over_then() -> None:
    slots = Slots()
    for feed_id in range(100):
        slots.cost(feed_id, COSTLY, NOW)
    begun = [feed_id for feed_id in range(100) if slots.take(feed_id)]
    assert begun == list(range(AT_ONCE // 2))
    assert slots.passed_over() == set(range(100))
    assert [feed_id for feed_id in range(100, 200) if slots.take(feed_id)] == list(range(100, 116))
    slots.leave(0)
    assert 99 not in slots.passed_over()
    assert slots.take(99)
    assert not slots.take(98)


def test_pushes_fill_a_quarter_of_the_slots() -> None:
    slots = Slots()
    assert sum(slots.take(feed_id, pushed=True) for feed_id in range(100)) == AT_ONCE // 4
    assert sum(slots.take(feed_id) for feed_id in range(100, 200)) == AT_ONCE * 3 // 4


def test_a_feed_is_read_once_at_a_time() -> None:
    slots = Slots()
    assert slots.take(1)
    assert not slots.take(1)
    assert not slots.take(1, pushed=True)
    assert slots.passed_over() == {1}


def test_a_feed_that_costs_little_for_long_is_like_all_others() -> None:
    slots = Slots()
    slots.cost(1, 0.3, NOW)
    assert slots.is_costly(1)
    slots.cost(1, CHEAP, NOW)
    assert slots.is_costly(1)
    slots.cost(1, CHEAP, NOW)
    assert not slots.is_costly(1)


def test_a_cheap_document_between_costly_ones_makes_no_feed_cheap() -> None:
    slots = Slots()
    for number in range(100):
        slots.cost(1, CHEAP if number % 2 else 1.0, NOW)
        assert slots.is_costly(1)


def test_however_much_chats_bring_half_the_slots_are_the_operators() -> None:
    slots = Slots()
    guests = [(chat, chat * 100 + n) for n in range(50) for chat in range(1, 31)]
    begun = [chat for chat, feed_id in guests if slots.take(feed_id, chat)]
    assert len(begun) == AT_ONCE // 2
    assert not slots.has_room_for_guests()
    assert sum(slots.take(feed_id) for feed_id in range(5_000, 5_100)) == AT_ONCE // 2


def test_one_chat_has_four_slots_two_of_them_for_costly_feeds_and_one_for_pushes() -> None:
    slots = Slots()
    slots.cost(1, COSTLY, NOW)
    slots.cost(2, COSTLY, NOW)
    slots.cost(3, COSTLY, NOW)
    assert slots.costly() == {1, 2, 3}
    assert [slots.take(feed_id, 7) for feed_id in (1, 2, 3)] == [True, True, False]
    assert slots.without_room_for_costly() == {7}
    assert [slots.take(feed_id, 7, pushed=True) for feed_id in (4, 5)] == [True, False]
    assert [slots.take(feed_id, 7) for feed_id in (6, 8)] == [True, False]
    assert slots.without_room() == {7}
    slots.leave(1)
    assert slots.without_room() == frozenset()
    assert slots.take(8, 7)


def test_the_turns_of_chats_are_numbered_and_those_of_many_forgotten() -> None:
    slots = Slots()
    for feed_id, who in ((1, 7), (2, 8), (3, 7), (4, None)):
        slots.take(feed_id, who)
    assert sorted(slots.served, key=lambda who: slots.served[who]) == [8, 7]
    for number in range(3_000):
        slots.take(1_000_000, 100 + number)
        slots.leave(1_000_000)
    assert len(slots.served) <= 1_000


def test_what_is_pushed_rests_sixty_times_its_cost_and_not_at_all_if_that_was_little() -> None:
    slots = Slots()
    assert not slots.rests(1, NOW)
    slots.cost(1, 2.0, NOW)
    assert slots.rests(1, NOW + 119)
    assert not slots.rests(1, NOW + 120)
    slots.cost(2, CHEAP, NOW)
    assert not slots.rests(2, NOW)
    slots.cost(3, 1e9, NOW)
    assert not slots.rests(3, NOW + 600)
    slots.cost(4, 2.0, NOW)
    assert not slots.rests(4, NOW - 1e6)  # the clock was put back


def test_what_is_known_of_feeds_is_bounded() -> None:
    slots = Slots()
    for feed_id in range(25_000):
        slots.cost(feed_id, COSTLY, NOW)
    assert len(slots._costs) <= 10_001
    assert len(slots._rests_until) <= 10_001


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 80), st.sampled_from("plnc"), st.floats(0, 1))))
def test_whatever_happens_there_is_always_room_for_what_costs_little(
    events: list[tuple[int, str, float]],
) -> None:
    slots = Slots()
    for feed_id, what, seconds in events:
        if what == "l":
            slots.leave(feed_id)
        elif what == "c":
            slots.cost(feed_id, seconds, NOW)
            assert slots.is_costly(feed_id) or seconds < COSTLY_SECONDS
        else:
            slots.take(feed_id, pushed=what == "p")
        assert len(slots.taken) <= AT_ONCE
        cheap = sum(kind.name == "POLL" for kind in slots.taken.values())
        if cheap < AT_ONCE // 4:
            assert slots.take(1_000)
            slots.leave(1_000)
