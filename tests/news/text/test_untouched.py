"""What is seen at once to stand as it is, the rules leave as it is."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.news.text.credits import credited
from bot.news.text.summary import _NOTHING_SAID, clean_summary, first_with_words
from bot.news.text.untouched import stands_as_it_is, telling_in
from tests.news.text.test_summary import APPEARED, ENDS, HEADS, NAMES, PLACES, RIGHTS

NEWS = "The river rose in the night and the ferries lay still"
CREDITS = [
    "Originally published by Harbour Wire.", "It first appeared on Quay and others.",
    "Reprinted with the permission of Quay.", "Zuerst erschienen bei Quay.", "(Quay) – ",
    "Ursprünglich veröffentlicht auf Quay.", "Paru initialement dans Quay.",
    "Publié à l'origine par Quay.", "Publicado originalmente en Quay.", "FIRST PUBLIſHED BY QUAY.",
]  # fmt: skip
ENDINGS = [
    " ".join(one.split()) for listed in (ENDS, RIGHTS, APPEARED) for one in listed.split("|")
] + ["[…]", "[...]", "(...)", "[+12 chars]", "https://quay.example/1", "…", "."]
WORDS = [
    "Low", "tide", "a", "at", "noon,", "By", "von", "Comments", "no", "summary", "NATO", "Oslo",
    "É", "élan", "K\u212a", "“tide”", "U.S.", "7", "-", "–", "read", "more", "\n", " ", "http://q.x",
]  # fmt: skip
TEXTS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "", *HEADS, *PLACES, *CREDITS, "Tide turns ", "The Quay ", "tide: "]),
        st.sampled_from([NEWS, NEWS + " – élan", ""])
        | st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join),
        st.sampled_from(["", ". ", "\n", " ", "! ", "” "]),
        st.sampled_from(["", "", "", *ENDINGS, *CREDITS]),
        st.sampled_from(["", "", ".", " »", "…\u00a0", ")", "] →"]),
    ),
)


def _is_right(text: str, title: str, source: str) -> None:
    names = [name for name in (title, source) if name]
    if text and stands_as_it_is(text, names, telling_in([text])):
        assert first_with_words([text], title=title, source=source) == text
        assert clean_summary(text, title=title, source=source) == text
        assert credited(text, source) is None


@example("no summary no content", "Tide", "Quay")
@example("By Ann Lee and others, ", "Tide", "Quay")
@example("Tide turns at the quay tonight", "Tide turns", "Quay")
@given(TEXTS, NAMES, NAMES)
def test_the_rules_leave_what_stands_as_it_is(text: str, title: str, source: str) -> None:
    _is_right(text, title, source)


@given(st.text(max_size=60), st.text(max_size=9), st.text(max_size=9))
def test_of_any_text_it_says_no_or_is_right(end: str, title: str, source: str) -> None:
    _is_right(f"Low water was late {end}", title, source)


@given(st.lists(TEXTS, max_size=4), NAMES, NAMES)
def test_looked_at_together_texts_stand_as_they_do_alone(
    texts: list[str], title: str, source: str
) -> None:
    names, together = [name for name in (title, source) if name], telling_in(texts)
    for text in filter(None, texts):
        alone = stands_as_it_is(text, names, telling_in([text]))
        assert stands_as_it_is(text, names, together) == alone


@pytest.mark.parametrize(
    ("title", "stands"),
    [
        ("Thaw sets in", True), ("The river rose", False), ("THE", False), ("Tide", True),
        ("T.h.e. river", False), ("Th'e river", False), ("The  Quay", False), ("", True),
        ("Then what", True),
    ],
)  # fmt: skip
def test_a_headline_that_begins_otherwise_is_not_said_again(title: str, stands: bool) -> None:
    assert stands_as_it_is(NEWS, [title] if title else [], telling_in([NEWS])) == stands


@pytest.mark.parametrize("text", [NEWS + ".", "A storm has closed both ports – the third."])
def test_usual_summaries_stand_as_they_are(text: str) -> None:
    assert stands_as_it_is(text, ["Ferries", "Quay"], telling_in([text]))


def test_its_words_are_more_than_there_are_in_what_says_nothing() -> None:
    assert max(len(said.split()) for said in _NOTHING_SAID) < 4
