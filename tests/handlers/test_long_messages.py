"""What anybody may write is read before their floods are counted, so however it is written it takes
next to no time.
"""

import time
from itertools import product

import pytest

from bot.news.query.introducing import is_introduced
from handlers.routing import in_reply, listed
from handlers.routing.pleas import read_plea, said_of_alert
from handlers.routing.typed import address_meant, read_typed, without_greeting, without_mention
from handlers.routing.whereabouts import in_thread
from handlers.routing.wishes import LONGEST, read_wish
from tests.handlers.stage import Stage

_MOST_SECONDS = 0.5  # measured: 2 to 40 ms; a pattern that was quadratic took 0.4 s to 4 s
_SIGNS = (
    ",", " ", "、", "，", ";", ".", "!", "-", ", ", " - ", "a,", "a: ", "no ", "please ", "bitte, ",
    "и ", "ו ", "个 ", "for ", "in ", "and ", "\u0301", "\U0001f6a2", '"', "(", "1,", "12:30 ",
)  # fmt: skip
_BEFORE = ("", "hi hi hi hi hi hi ", "stop a", "mute a ")
_BEHIND = ("", "b", " please", " for 1 day")


@pytest.mark.parametrize("sign", _SIGNS)
def test_a_message_of_one_sign_again_and_again_is_read_at_once(sign: str) -> None:
    for before, behind in product(_BEFORE, _BEHIND):
        began = time.thread_time()
        words = read_typed(before + (sign * 4_096)[: 4_096 - len(before + behind)] + behind).words
        without_greeting(without_mention(words, "tocsin_bot") or words)
        for read in (read_wish, read_plea, said_of_alert, address_meant, is_introduced):
            read(words)
        in_reply.is_told(words, of_news=True)
        listed.parts_of(words)
        assert time.thread_time() - began < _MOST_SECONDS, (before, behind)


def test_what_is_asked_for_has_an_end() -> None:
    wish = "unfollow football, " + "please " * 40
    assert read_wish(wish[:LONGEST])
    assert read_wish(wish + wish) is None


@pytest.mark.parametrize("letters", ["a", "\u00e4\u0301", "Ж"])
def test_the_names_of_many_threads_are_looked_for_at_once(letters: str) -> None:
    names = {n: f"{letters * 110} {n}" for n in range(200)}
    began = time.thread_time()
    assert in_thread("a " * 1_000, names, bare=True) == ("a " * 1_000, [])
    assert in_thread(f"ferry in the thread {letters * 110} 7", names) == ("ferry", [7])
    assert time.thread_time() - began < _MOST_SECONDS


async def test_so_is_a_topic_that_is_to_be_moved(here: Stage) -> None:
    for number in range(20):
        await here.ask(f"/topic Straße {'ä' * 40} {number}: ferry")
    began = time.thread_time()
    await here.ask("/topic move " + "a " * 900)
    assert time.thread_time() - began < 2 * _MOST_SECONDS
    moved = await here.ask(f"/topic move Straße {'ä' * 40} 7 to the thread Nowhere")
    assert "ä 7" in moved.text
