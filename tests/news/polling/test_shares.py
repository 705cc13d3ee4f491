"""Who is next: ours first, then chats in turn, within their bounds."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.shares import Line, Shares, Who


def test_chats_never_hold_what_is_kept_for_ours() -> None:
    shares = Shares(4, chats=2, each=2)
    assert [shares.take(who) for who in (1, 1, 1, 2)] == [True, True, False, False]
    assert [shares.take(None) for _ in range(3)] == [True, True, False]


def test_ours_leaves_chats_some_where_it_is_bounded() -> None:
    shares = Shares(3, chats=2, each=1, ours=2)
    assert [shares.take(None) for _ in range(3)] == [True, True, False]
    assert shares.take(7)


def test_who_gives_back_and_asks_again_stands_behind_those_who_waited() -> None:
    shares = Shares(1, chats=1, each=1)
    line: Line[str] = Line(shares)
    for ticket, who in (("a1", 1), ("a2", 1), ("a3", 1), ("b1", 2), ("ours", None)):
        line.join(ticket, who)
    served = []
    held: dict[str, Who] = {"a": 1, "b": 2, "o": None}
    while (name := line.next()) is not None:
        served.append(name)
        shares.leave(held[name[0]])
    assert served == ["ours", "a1", "b1", "a2", "a3"]


@given(st.lists(st.tuples(st.sampled_from([None, 1, 2, 3]), st.booleans()), max_size=60))
def test_bounds_hold_and_nobody_who_could_be_served_waits(steps: list[tuple[Who, bool]]) -> None:
    shares = Shares(4, chats=3, each=2)
    line: Line[Who] = Line(shares)
    held: list[Who] = []
    for who, gives in steps:
        if gives and held:
            shares.leave(held.pop(0))
        else:
            line.join(who, who)
        while len(line) and (before := len(line)):
            ticket = line.next()
            if len(line) == before:
                break
            held.append(ticket)
        assert len(held) <= 4
        assert sum(each is not None for each in held) <= 3
        assert all(held.count(chat) <= 2 for chat in (1, 2, 3))
