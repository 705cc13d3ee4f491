"""How closely hosts are asked."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.politeness import Politeness, host_key

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.reddit.com/r/tides/.rss", "reddit.com"),
        ("https://old.reddit.com/r/tides/.rss", "reddit.com"),
        ("https://harbour.substack.com/feed", "substack.com"),
        ("https://ferries.tumblr.com/rss", "tumblr.com"),
        ("https://news.example.co.uk/feed", "news.example.co.uk"),
        ("https://www.example.org/feed", "example.org"),
        ("https://notreddit.com/feed", "notreddit.com"),
        ("https://reddit.com.example.org/feed", "reddit.com.example.org"),
        ("http://[2001:db8::1]:8080/feed", "[2001:db8::1]"),
        ("nonsense", ""),
    ],
)
def test_feeds_are_counted_for_their_host_and_those_of_platforms_together(
    url: str, key: str
) -> None:
    assert host_key(url) == key


def test_a_host_is_asked_two_at_a_time_and_a_second_apart() -> None:
    politeness = Politeness()
    politeness.begin("a.example", NOW)
    assert not politeness.may_ask("a.example", NOW + 0.9)
    assert politeness.may_ask("b.example", NOW)
    politeness.begin("a.example", NOW + 1)
    assert not politeness.may_ask("a.example", NOW + 100)
    assert politeness.busy(NOW + 100) == {"a.example"}
    politeness.end("a.example")
    assert politeness.may_ask("a.example", NOW + 100)
    assert politeness.busy(NOW + 100) == frozenset()


def test_a_platform_has_its_own_pace_and_a_pause_it_asks_for_holds_for_all_of_it() -> None:
    politeness = Politeness()
    politeness.begin("reddit.com", NOW)
    politeness.end("reddit.com")
    assert not politeness.may_ask("reddit.com", NOW + 59)
    assert politeness.next_free_at(NOW) == NOW + 60
    assert politeness.next_free_at(NOW + 60) is None
    politeness.pause("reddit.com", NOW + 600)
    assert not politeness.may_ask("reddit.com", NOW + 599)
    assert politeness.may_ask("reddit.com", NOW + 600)


def test_a_pause_of_another_host_is_its_feeds_own() -> None:
    politeness = Politeness()
    politeness.pause("rsshub.example", NOW + 600)
    assert politeness.may_ask("rsshub.example", NOW)


def test_hosts_of_the_operator_are_asked_as_often_as_feeds_want() -> None:
    politeness = Politeness(lambda host: host == "127.0.0.1")
    for _ in range(2):
        assert politeness.may_ask("127.0.0.1", NOW)
        politeness.begin("127.0.0.1", NOW)
    assert not politeness.may_ask("127.0.0.1", NOW)


@given(
    st.lists(
        st.tuples(st.sampled_from(["reddit.com", "a.example", "b.example"]), st.floats(0, 30)),
        max_size=60,
    ),
    st.floats(0, 5),
)
def test_whatever_is_asked_for_no_host_is_asked_too_closely(
    wanted: list[tuple[str, float]], takes: float
) -> None:
    politeness, now = Politeness(), NOW
    ends: dict[str, list[float]] = defaultdict(list)
    last: dict[str, float] = {}
    for key, passed in wanted:
        now += passed
        for host, times in ends.items():
            for _ in [at for at in times if at <= now]:
                politeness.end(host)
            ends[host] = [at for at in times if at > now]
        if politeness.may_ask(key, now):
            assert key not in politeness.busy(now)
            assert now - last.get(key, 0.0) >= politeness.gap(key)
            assert len(ends[key]) < 2
            politeness.begin(key, now)
            last[key] = now
            ends[key].append(now + takes)
        else:
            assert key in politeness.busy(now)
