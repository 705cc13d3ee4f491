"""Terms are kept with a report, and read as they were split."""

from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from bot.news.stories.kept_terms import VERSION, packed, unpacked
from bot.news.stories.terms import terms_of

_TEXTS = (
    (
        "Ferry Albatross runs aground off Lund Island with 212 aboard",
        "On Monday Kari Lund said so.",
    ),
    ("Fähre läuft vor Altenau auf Grund", "Der Hafen von Essen bleibt bis Dienstag geschlossen."),
    ("Паром задержан у северного причала", "Из-за тумана в Норвике ждут 3 судна."),
    ("زلزال بقوة 5.1 قرب الساحل", "قال مسؤول في القاهرة إن لا ضحايا."),
    ("רעידת אדמה ליד חיפה", "לא נפגע איש."),
    ("上海港因大雾关闭", "市长王伟说，周二重新开放。"),
    ("東京で大火", "消防によると3人がけが。"),
)
_SPLIT_BY_VERSION = {"1": "48a9b41e23abfc28"}


@given(st.text(max_size=120), st.text(max_size=300))
def test_terms_are_read_as_they_were_split(title: str, summary: str) -> None:
    terms = terms_of(title, summary, None)
    assert unpacked(packed(terms)) == terms


def test_what_another_version_split_is_split_again() -> None:
    text = packed(terms_of(*_TEXTS[0], "en"))
    assert unpacked(text.replace(VERSION, "0", 1)) is None
    assert unpacked(None) is None
    assert unpacked("") is None


def test_the_version_rises_where_texts_are_split_otherwise() -> None:
    """If this fails, texts are split otherwise than before: raise `VERSION` and note the hash."""
    split = "\n".join(packed(terms_of(title, summary, None)) for title, summary in _TEXTS)
    assert blake2b(split.encode(), digest_size=8).hexdigest() == _SPLIT_BY_VERSION[VERSION]
