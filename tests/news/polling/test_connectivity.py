"""Whether it is our own connection that is silent."""

import pytest

from bot.news.polling.connectivity import Connectivity

NOW = 1_800_000_000.0
DAY = 86_400.0


def _silent(*hosts: str, heard: float | None = None, at: float = NOW) -> Connectivity:
    reach = Connectivity()
    if heard is not None:
        reach.heard(heard)
    for host in hosts:
        reach.silent(host, at)
    return reach


@pytest.mark.parametrize(
    ("hosts", "heard", "after", "cut_off"),
    [
        ("a b c", None, 0, True),
        ("a b", None, 0, False),
        ("a a a", None, 0, False),
        ("a b c", NOW - 60, 0, False),
        ("a b c", NOW - 60, 60, True),
        ("a b c d e", None, DAY - 1, True),
        ("a b c d e", None, DAY + 1, False),
    ],
)
def test_it_is_ours_where_one_host_after_the_other_is_silent_and_nobody_answers(
    hosts: str, heard: float | None, after: float, cut_off: bool
) -> None:
    assert _silent(*hosts.split(), heard=heard).is_cut_off(NOW + after) is cut_off


def test_one_answer_ends_it() -> None:
    reach = _silent("a", "b", "c")
    reach.heard(NOW + 5)
    assert not reach.is_cut_off(NOW + 5)
    reach.silent("a", NOW + 100)
    assert not reach.is_cut_off(NOW + 100)


def test_a_clock_that_goes_back_does_not_keep_a_silence_theirs() -> None:
    reach = _silent("a", "b", "c", heard=NOW + 9e6)
    assert reach.is_cut_off(NOW)


def test_where_answers_are_rare_one_of_them_counts_until_the_next_is_due() -> None:
    reach = Connectivity(3_600.0)
    reach.heard(NOW)
    for host in "abc":
        reach.silent(host, NOW + 1)
    assert not reach.is_cut_off(NOW + 3_599)
    assert reach.is_cut_off(NOW + 3_601)


@pytest.mark.parametrize(("heard_seconds", "counted"), [(90.0, False), (3_600.0, True)])
def test_dead_hosts_beside_one_that_answers_hourly_are_found_out(
    heard_seconds: float, counted: bool
) -> None:
    reach = Connectivity(heard_seconds)
    ours = 0
    for minute in range(0, 48 * 60, 5):
        at = NOW + minute * 60
        if minute % 60 == 0:
            reach.heard(at)
        else:
            reach.silent(f"dead-{minute % 3}-{minute // 5 % 3}", at)
            ours += reach.is_cut_off(at)
    assert (ours == 0) is counted
