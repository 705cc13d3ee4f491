"""When a report that people took out of a story is taken out of it for all. Pure."""

from collections.abc import Iterable

from msgspec import Struct

PEOPLE_TO_SPLIT = 2
SPLIT_AFTER_SECONDS = 7 * 86_400.0
"""A chat younger than that decides for itself only."""


class TakenOut(Struct, frozen=True):
    """Somebody took a report out of a story in a chat, at `at`. The chat is there since `since`,
    and was `told_at` of the story, None for never. The person keeps the chat or not; it `brought`
    feeds of its own or not.
    """

    chat_id: int
    user_id: int
    at: float
    since: float
    told_at: float | None
    keeps: bool
    brought: bool


def is_split(taken_out: Iterable[TakenOut], now: float) -> bool:
    """Whether the report is to open a story of its own: two people took it out, in two chats, of
    those who have a say for others.
    """
    voices = [each for each in taken_out if _has_a_say(each, now)]
    people, chats = {each.user_id for each in voices}, {each.chat_id for each in voices}
    return min(len(people), len(chats)) >= PEOPLE_TO_SPLIT


def _has_a_say(each: TakenOut, now: float) -> bool:
    """People whom we know, who keep a chat that was there a week ago, was told of the story before
    they took the report out, and brought no feed itself.
    """
    return (
        each.user_id != 0
        and each.keeps
        and not each.brought
        and each.since <= now - SPLIT_AFTER_SECONDS
        and each.told_at is not None
        and each.told_at <= each.at
    )
