"""What becomes of arguments in messages: asked of TDLib, which the Bot API server itself uses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.html import Html, bold, code, escape, fitting, joined, lines, visible
from bot.texts.languages import NAMES, PSEUDO
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_n
from tests.delivery.test_render import HOSTILE, Parsed

NOW = 1_800_000_000.0
HERE = Locale("en", "UTC", NOW)
_texts = st.text(st.characters(exclude_categories=("Cs", "Cc"))) | st.sampled_from(HOSTILE)


@given(_texts)
def test_an_argument_shows_what_it_is_and_nothing_in_it_is_live(text: str) -> None:
    parsed = Parsed(HERE.t("Following {name}.", name=text))
    assert parsed.live == []
    assert parsed.ours == []
    assert _letters(parsed.text) == _letters(f"Following {text}.")


def _letters(text: str) -> list[str]:
    return [char for char in text if char.isascii() and char.isalnum()]


def test_html_goes_in_as_it_is_and_messages_go_into_messages() -> None:
    said = HERE.t("{topic}: {stories}", topic=bold("A & B"), stories=say_n("1 story", "{n}", 1))
    assert said == "<b>A &amp; B</b>: 1 story"


@pytest.mark.parametrize(("n", "said"), [(0, "0 sources"), (1, "1 source"), (2, "2 sources")])
def test_a_number_chooses_its_form(n: int, said: str) -> None:
    assert HERE.n("1 source", "{n} sources", n) == said
    assert HERE.plain_n("1 source", "{n} sources", n) == said


@pytest.mark.parametrize(
    ("language", "reads"), [("en", "1,234.6 s"), ("de", "1.234,6 s"), ("tr", "1.234,6 sn")]
)
def test_what_is_no_whole_number_has_one_decimal(language: str, reads: str) -> None:
    said = say("no answer within {seconds} s", seconds=1234.56)
    assert reads in Locale(language, "UTC", 0).plain(said)
    assert str(said) == "no answer within 1,234.6 s"


def test_plain_text_is_neither_escaped_nor_set_apart() -> None:
    assert HERE.plain("Mute {name}", name="A & <B>") == "Mute A & <B>"


def test_a_message_that_nobody_read_yet_is_english() -> None:
    outer = say("{count} of {what}: {why}", count=12_000, what="a <b>", why=say("no reason"))
    assert str(outer) == "12,000 of a <b>: no reason"
    assert HERE.plain(outer) == str(outer)
    assert hash(outer) == hash(say("{count} of {what}: {why}", **dict(outer.args)))


def test_every_text_of_ours_stands_between_brackets_in_the_language_for_tests() -> None:
    there = Locale(PSEUDO, "UTC", NOW)
    said = there.t("{topic}: {stories}", topic="Sea", stories=say_n("1 story", "{n} stories", 2))
    assert said == "⟦\u2068Sea\u2069: ⟦2 stories⟧⟧"


def test_lists_are_set_apart_and_follow_the_language() -> None:
    assert HERE.list(["a", bold("b")]) == "\u2068a\u2069, <b>b</b>"
    assert HERE.list([]) == ""


def test_markup_and_text_are_kept_apart() -> None:
    assert Html("<b>") + "<i>" == "<b>&lt;i&gt;"
    assert joined(" · ", [code("/a"), "<"]) == "<code>/a</code> · &lt;"
    assert lines("a", "", Html("<i>b</i>")) == "a\n<i>b</i>"
    assert isinstance(lines("a"), Html)


@given(st.lists(_texts.map(escape), max_size=9), st.integers(0, 400), st.integers(0, 400))
def test_what_is_fitted_has_room_and_misses_the_last_parts_only(
    parts: list[Html], characters: int, octets: int
) -> None:
    found = fitting(parts, "\n", characters, octets)
    assert visible(found) <= characters
    assert len(found.encode()) <= octets
    assert any(found == joined("\n", parts[:n]) for n in range(len(parts) + 1))


def test_an_unknown_zone_or_language_tells_the_time_in_english() -> None:
    assert Locale("xx-nowhere", "UTC", NOW).date(NOW) == "15 Jan 2027"
    assert Locale("en", "Asia/Tokyo", NOW).clock(NOW) == (
        '<tg-time unix="1800000000" format="t">17:00</tg-time>'
    )


@pytest.mark.parametrize("language", [*NAMES, PSEUDO])
def test_lists_of_any_length_keep_their_items_apart(language: str) -> None:
    locale = Locale(language, "UTC", NOW)
    for length in (1, 2, 3, 4):
        items = [f"item{n}" for n in range(length)]
        assert str(locale.all_of(items)).count("item") == length
        assert str(locale.list(items)).count("item") == length
        between = str(locale.list(items)).replace("\u2068", "").replace("\u2069", "")
        assert "itemitem" not in between.translate(str.maketrans("", "", "0123456789"))


def test_and_in_hebrew_is_set_off_from_what_is_not_hebrew() -> None:
    locale = Locale("he", "UTC", NOW)
    read = [
        Parsed(locale.all_of(items)).text.replace("\u2068", "").replace("\u2069", "")
        for items in (["הכול", "Ferries"], ["עברית", "גרמנית"], ["Sea", bold("3 נושאים")], ["Sea"])
    ]
    assert read == ["הכול ו־Ferries", "עברית וגרמנית", "Sea ו־3 נושאים", "Sea"]


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("left", [1, 2, 5])
def test_how_many_topics_more_end_a_list_with_one_and(language: str, left: int) -> None:
    locale = Locale(language, "UTC", NOW)
    between = str(locale.all_of(["1", "1"])).strip("1 \u2068\u2069")
    more = locale.plain_n("1 more topic", "{n} more topics", left).strip("\u200f\u2068\u2069")
    assert between
    assert not more.startswith(between)


@pytest.mark.parametrize(
    ("language", "said", "reads"),
    [
        ("pt", say_n("an hour ago", "{n} hours ago", 3), "há 3 horas"),
        ("it", say("and {n} more", n=2), "e altre 2"),
        ("ru", say("It looks for: {words}", words="ferry"), "Ищу: ferry"),
        ("uk", say("It looks for: {words}", words="ferry"), "Шукаю: ferry"),
        ("tr", say("Stories come in a digest."), "Haberler özet hâlinde gelir."),
        ("fr", say("Muted for 2 days."), "En sourdine pendant 2 jours."),
        ("de", say("none in trouble"), "keine mit Störungen"),
        ("es", say("What most sources have"), "Lo que más fuentes dan"),
        ("ar", say("Press what you want to follow."), "اضغط على ما تريد متابعته."),
        ("fa", say("Muted for 2 days."), "به مدت 2 روز بی‌صدا شد."),
        ("fr", say("Unmuted."), "Alertes rétablies."),
        ("fr", say_n("1 mute", "{n} mutes", 2), "2 éléments en sourdine"),
        (
            "de",
            say("This chat no longer follows {what}.", what="Nord"),
            "Dieser Chat folgt Nord nicht mehr.",
        ),
        (
            "pt",
            say("Unfollowed all news. Topics stay."),
            "Você não segue mais tudo. Os temas continuam.",
        ),
        ("pt", say("Unmuted."), "Alertas reativados."),
        (
            "es",
            say("Unfollowed all news. Topics stay."),
            "Ya no sigues todas las noticias. Los temas se conservan.",
        ),
        ("es", say("Unmuted."), "Alertas reactivadas."),
        (
            "it",
            say("Unfollowed all news. Topics stay."),
            "Ora non segui più tutto. I temi restano.",
        ),
        ("it", say("Unmuted."), "Avvisi riattivati."),
        ("it", say("Weekdays"), "Da lunedì a venerdì"),
    ],
)
def test_a_sentence_reads_as_people_say_it(language: str, said: Said, reads: str) -> None:
    assert Locale(language, "UTC", NOW).plain(said) == reads
