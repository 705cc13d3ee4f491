"""What a report is filed by is kept with it, and read as it was made."""

from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from bot.news.stories.cards import VERSION, card_of, packed, unpacked
from bot.news.stories.splitting.terms import terms_of

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
    ("سیل در کشور ایران ۱٬۲۰۰ خانه را ویران کرد", "بارش شدید در ۲۵ شهر کشور."),
)
_SPLIT_BY_VERSION = {"4": "cc396806b6f8d87f"}


_hashes = st.integers(0, 2**64 - 1)


@given(st.text(max_size=120), st.text(max_size=300), _hashes, _hashes, st.booleans())
def test_a_card_is_read_as_it_was_made(
    title: str, summary: str, link: int, headline: int, long: bool
) -> None:
    terms = terms_of(title, summary, None)
    card = card_of(terms, link, headline, long=long)
    read = unpacked(packed(card))
    assert read is not None
    assert read._replace(terms=tuple(read.terms)) == card
    assert [read.terms[place] for place in read.names] == [
        text for text in terms.title + terms.summary if text in terms.names
    ]


def test_what_another_version_or_nobody_made_is_made_anew() -> None:
    text = packed(card_of(terms_of(*_TEXTS[0], "en")))
    assert unpacked(text.replace(VERSION, "0", 1)) is None
    assert unpacked(None) is None
    assert unpacked("") is None
    for damaged in ("eight", "-1", "300"):
        assert unpacked(text.replace("\x1f8\x1f", f"\x1f{damaged}\x1f")) is None
    assert unpacked(text.replace("\x1f0\x1f0\x1f", f"\x1f{2**64:x}\x1f0\x1f")) is None


def test_the_version_rises_where_texts_are_split_otherwise() -> None:
    """If this fails, texts are split otherwise than before: raise `VERSION` and note the hash."""
    split = "\n".join(packed(card_of(terms_of(title, summary, None))) for title, summary in _TEXTS)
    assert blake2b(split.encode(), digest_size=8).hexdigest() == _SPLIT_BY_VERSION[VERSION]
