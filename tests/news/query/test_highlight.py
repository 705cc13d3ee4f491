"""Which words of a headline are marked as what a query asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.query.highlight import marked
from bot.news.query.match import StoryText, match
from bot.news.query.parse import parse_query

_titles = st.lists(
    st.sampled_from(
        [
            "Ferries",
            "ferry,",
            "(storm)",
            "F-35",
            "Gaza's",
            "غزة",
            "وصول",
            "порт",
            "漁港",
            "3.5",
            "—",
            "Éire",
        ]
    ),
    max_size=8,
).map(" ".join)


def _marks(title: str, query: str, language: str | None = "en") -> list[str]:
    return [piece for piece, asked in marked(title, parse_query(query), language) if asked]


@pytest.mark.parametrize(
    ("title", "query", "found"),
    [
        ("Ferries wait for the storm", "ferry storm", ["Ferries", "storm"]),
        ("Storm, then calm", "storm OR rain", ["Storm"]),
        ("Ferry museum closes", "ferry -museum", ["Ferry"]),
        ("Electricity and electrons", "electr*", ["Electricity", "electrons"]),
        ("The (ferry) sails", "=ferry", ["ferry"]),
        ("Ministers talk at the border", "near(border talks, 5)", ["talk", "border"]),
        ("Порты закрыты", "порт", ["Порты"]),
        ("A quiet day", "source:courier quiet", ["quiet"]),
    ],
)
def test_what_was_asked_for_is_marked(title: str, query: str, found: list[str]) -> None:
    assert _marks(title, query, None) == found


@given(
    _titles, st.sampled_from(["ferry", "storm OR ferry", "f-35", "غزة", "порт", '"ferry storm"'])
)
def test_the_pieces_are_the_title_again(title: str, words: str) -> None:
    query = parse_query(words)
    pieces = marked(title, query, None)
    assert "".join(piece for piece, _ in pieces) == title
    if not isinstance(words, str) or '"' in words:
        return
    if match(query, StoryText(title)) is not None:
        assert any(asked for _, asked in pieces)
