"""Which rewritten headlines are told again: new figures, marks; not other words for the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.stories.changes import is_substantial


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Quake near Porto kills 12", "Quake near Porto kills 40"),
        ("Quake near Porto", "Quake of 6.1 near Porto"),
        ("Harbour to close on Monday", "UPDATE 1-Harbour to close on Tuesday"),
        ("UPDATE 1-Harbour to close", "UPDATE 2-Harbour to close"),
        ("Harbour to close on Monday", "Correction: Harbour closes on Tuesday"),
        ("Harbour to close on Monday", "Harbour closes on Tuesday [corrected]"),
        ("Hafen schließt am Montag", "Korrektur: Hafen schließt am Dienstag"),
        ("Порт закроют", "Обновлено: порт закроют во вторник"),
        ("港は月曜に閉鎖", "訂正：港は火曜に閉鎖"),
    ],
)
def test_new_figures_and_marks_are_told(before: str, after: str) -> None:
    assert is_substantial(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Ferry aground off Lund", "Ferry runs aground off Lund Island"),
        ("Quake near Porto kills 12", "12 dead in quake near Porto"),
        ("Budget of 1,000 crowns", "Budget of 1000 crowns"),
        ("UPDATE 2-Harbour to close", "UPDATE 2-Harbour is to close"),
        ("Updates to the harbour law pass", "Updates to the harbour law passed"),
        ("Quake kills 12 and hurts 40", "Quake kills 12"),
        ("Breaking: ferry aground", "Ferry aground"),
    ],
)
def test_other_words_for_the_same_are_not(before: str, after: str) -> None:
    assert not is_substantial(before, after)


@given(st.text(max_size=300))
def test_a_headline_that_stayed_is_no_change(title: str) -> None:
    assert not is_substantial(title, title)
