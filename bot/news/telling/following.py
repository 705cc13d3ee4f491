"""What a chat may follow. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from bot.news.chat import MOST_FOLLOWED, Subscription


def new_follows(
    wanted: Iterable[Subscription],
    followed: Collection[Subscription],
    kept: Mapping[int, Collection[int]],
) -> list[Subscription]:
    """Of what chats want to follow what they do not follow yet, may see, and have room for.

    `kept` are the guests among the feeds that are wanted, each with the chats that wrote its
    address: no other may follow it.
    """
    known, counts = set(followed), Counter(each.chat_id for each in followed)
    new = []
    for each in wanted:
        keepers = None if each.feed_id is None else kept.get(each.feed_id)
        is_seen = keepers is None or each.chat_id in keepers
        if each not in known and is_seen and counts[each.chat_id] < MOST_FOLLOWED:
            known.add(each)
            counts[each.chat_id] += 1
            new.append(each)
    return new
