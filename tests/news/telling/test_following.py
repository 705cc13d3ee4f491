"""What a chat may follow."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.chat import MOST_FOLLOWED, Subscription
from bot.news.telling.following import new_follows

ADA, BEN = 1, 2
_subscriptions = st.lists(
    st.builds(
        Subscription,
        st.sampled_from([ADA, BEN]),
        st.integers(0, 2),
        st.none() | st.integers(1, 4),
        st.sampled_from(["", "Coast"]),
    )
)
_kept = st.dictionaries(st.integers(1, 4), st.frozensets(st.sampled_from([ADA, BEN])))


@given(_subscriptions, _subscriptions, _kept)
def test_a_chat_follows_once_what_it_sees_and_nothing_else(
    wanted: list[Subscription], followed: list[Subscription], kept: dict[int, frozenset[int]]
) -> None:
    new = new_follows(wanted, followed, kept)
    assert len(set(new)) == len(new)
    assert set(new) == {
        each
        for each in wanted
        if each not in followed and each.chat_id in kept.get(each.feed_id or 0, {ADA, BEN})
    }


def test_a_chat_follows_so_many_and_others_as_many() -> None:
    wanted = [Subscription(chat, 0, n) for n in range(MOST_FOLLOWED + 5) for chat in (ADA, BEN)]
    assert len(new_follows(wanted, [], {})) == 2 * MOST_FOLLOWED
    followed = [Subscription(ADA, 7, n) for n in range(MOST_FOLLOWED)]
    assert {each.chat_id for each in new_follows(wanted, followed, {})} == {BEN}
