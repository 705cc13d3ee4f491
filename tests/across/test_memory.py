"""The newest openings with their vectors."""

from typing import Any

import pytest

from bot.across.child import Memory
from bot.news.telling.elsewhere import Opening

numpy = pytest.importorskip("numpy", reason="numpy is not installed: make semantic")

SHIP, BRIDGE = (1.0, 0.0), (0.0, 1.0)
VECTORS = {"Ferry": SHIP, "Fähre": (0.95, 0.31), "Паром": (0.99, 0.1), "Brücke": BRIDGE}


def encode(text: str) -> Any:
    return numpy.array(VECTORS[text.split()[0]], numpy.float32)


def opening(number: int, text: str, language: str, at: float = 100.0) -> Opening:
    return Opening(number, at, text, (language,))


def test_the_nearest_in_another_language_is_found() -> None:
    memory = Memory(encode, 2, 10)
    assert memory.near(opening(1, "Ferry to Lund resumes", "en"), 0.0) is None
    assert memory.near(opening(2, "Ferry to Lund back", "en"), 0.0) is None
    assert memory.near(opening(3, "Brücke in Lund gesperrt", "de"), 0.0) is None
    assert memory.near(opening(4, "Fähre nach Lund fährt", "de"), 0.0) == 1
    assert memory.near(opening(5, "Паром Lund", "ru"), 0.0) == 1


def test_what_is_older_than_asked_is_not_found() -> None:
    memory = Memory(encode, 2, 10)
    memory.near(opening(1, "Ferry to Lund resumes", "en", at=10.0), None)
    assert memory.near(opening(2, "Fähre nach Lund fährt", "de"), 11.0) is None
    assert memory.near(opening(3, "Fähre nach Lund", "de"), 10.0) == 1


def test_the_oldest_gives_its_place_and_one_that_comes_again_keeps_its_own() -> None:
    memory = Memory(encode, 2, 2)
    memory.near(opening(1, "Ferry to Lund resumes", "en", at=1.0), None)
    for _ in range(3):
        memory.near(opening(2, "Brücke in Lund", "de", at=2.0), None)
    assert memory.near(opening(3, "Fähre nach Lund", "de", at=3.0), 0.0) == 1
    # The first is gone now.
    assert memory.near(opening(4, "Паром Lund", "ru", at=4.0), 0.0) == 3


def test_nothing_is_found_when_nothing_is_asked_and_nothing_is_its_own_neighbour() -> None:
    memory = Memory(encode, 2, 10)
    memory.near(opening(1, "Ferry to Lund", "en"), 0.0)
    assert memory.near(opening(1, "Fähre nach Lund", "de"), 0.0) is None
    assert memory.near(opening(2, "Ferry to Lund", "en"), None) is None
