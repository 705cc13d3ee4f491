"""Words are read as people type them, once, for commands and plain text alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.html import escape, shown
from bot.texts.locale import Locale
from handlers.routing.typed import (
    Typed,
    address_in,
    address_meant,
    as_meant,
    asks_for_news,
    is_small_talk,
    loosely,
    nearest,
    read_typed,
    without_greeting,
    without_mention,
)
from handlers.surface import known


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("／ｔｏｐｉｃ　ｆｅｒｒｙ", "/topic ferry"),
        ("“rare earth” —mining", '"rare earth" -mining'),
        ("«грузовой паром»", '"грузовой паром"'),
        ("「貨物船」", '"貨物船"'),
        ("harbourmaster’s", "harbourmaster's"),
        ('/topic צה"ל: ארה”ב “שלום עולם”', '/topic צה״ל: ארה״ב "שלום עולם"'),
        ("22：00－07：00", "22:00-07:00"),
        ("港口：渡轮", "港口: 渡轮"),
        ("source：Hill Radio", "source: Hill Radio"),
        ("https：//harbour.example", "https://harbour.example"),
        ("ｈｔｔｐｓ：／／harbour．example", "https://harbour.example"),
        (
            "/whynot “https://harbour.example/l’été–now”",
            '/whynot "https://harbour.example/l’été–now"',
        ),
        ("https://harbour.example/a\u2069 — pier", "https://harbour.example/a - pier"),
        ("\u2068Harbour Post\u2069", "Harbour Post"),
        ("/\u2060topic harbour\u2060.example", "/topic harbour.example"),
        ("fer\u00adry\u200b \ufeff pier\u200e", "ferry pier"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # there it is spelling
        ("ferry\u00a0pier\n at  noon", "ferry pier at noon"),
    ],
)
def test_signs_and_what_shows_nothing_are_folded(text: str, meant: str) -> None:
    assert as_meant(text) == meant
    assert as_meant(meant) == meant


@given(st.text(max_size=200))
def test_any_text_is_taken_and_folding_twice_changes_nothing_more(text: str) -> None:
    assert as_meant(as_meant(text)) == as_meant(text)
    typed = read_typed(text)
    assert len(typed.words) <= 2_000
    for read in (is_small_talk, address_in, loosely):
        read(typed.words)


@given(st.text("abc /@#.:5é-", min_size=1, max_size=30))
def test_what_our_texts_show_is_read_as_it_was_before_it_was_shown(text: str) -> None:
    """Names and words that a person copies out of our messages."""
    told = Locale("en", "UTC", 0.0).t("Following {name}.", name=text)
    assert read_typed(shown(told)).words == as_meant(f"Following {text}.")
    assert as_meant(shown(escape(text))) == as_meant(text)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("/latest", Typed("", "latest")),
        ("/Latest@Stage_Bot  ferry", Typed("ferry", "latest", "stage_bot")),
        ("/topic: ferry", Typed("ferry", "topic")),
        ("/help!", Typed("", "help")),
        ("/topic -drill quake", Typed("-drill quake", "topic")),
        ("/помощь паром", Typed("паром", "помощь")),
        ("/usr/bin/ferry", Typed("/usr/bin/ferry")),
        ("ferry /latest", Typed("ferry /latest")),
        ("/", Typed("/")),
        ("", Typed("")),
    ],
)
def test_a_command_stands_first_and_has_a_name(text: str, typed: Typed) -> None:
    assert read_typed(text) == typed


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("@tide_bot ferry", "ferry"),
        ("ferry, @Tide_Bot?", "ferry, ?"),
        ("@tide_bot: ferry", "ferry"),
        ("@tide_bot", ""),
        ("Hey @tide_bot, follow the ferry", "follow the ferry"),
        ("@tide_bot hello", "hello"),
        ("ferry, @tide_bot -race", "ferry, -race"),
        ("ferry @tide_bot thanks", "ferry"),
        ("@tide_bots ferry", None),
        ("ferry", None),
    ],
)
def test_the_name_of_the_bot_is_taken_out_of_what_is_said_to_it(
    words: str, rest: str | None
) -> None:
    assert without_mention(words, "tide_bot") == rest


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("hi, any news on the ferry?", "any news on the ferry?"),
        ("Hello there! what's new", "what's new"),
        ("Guten Tag, entferne Fähre", "entferne Fähre"),
        ("Привет, удали паром", "удали паром"),
        ("Hello Dolly", "Hello Dolly"),
        ("good night and good luck", "good night and good luck"),
        ("ferry", "ferry"),
        ("hi", "hi"),
        ("", ""),
    ],
)
def test_a_greeting_before_what_asks_for_something_is_left_out(words: str, rest: str) -> None:
    assert without_greeting(words) == rest


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("harbour.example", "harbour.example"),
        ("add harbour.example", "harbour.example"),
        ("please follow https://harbour.example/news", "https://harbour.example/news"),
        ("harbour.example hinzufügen", "harbour.example"),
        ("remove harbour.example", None),
        ("follow harbour", None),
    ],
)
def test_an_address_is_meant_where_it_is_to_be_followed(words: str, address: str | None) -> None:
    assert address_meant(words) == address


@pytest.mark.parametrize(
    "words",
    ["Hi!", "hello there", "Good morning, bot", "Thank you very much 🙏", "👍", "???", "...", "",
     "Спасибо большое!", "Доброе утро", "السلام عليكم", "شكراً", "谢谢！", "こんにちは。", "नमस्ते",
     "Merci", "¡Hola!", "안녕하세요", "สวัสดีครับ", "שלום"],
)  # fmt: skip
def test_greetings_thanks_and_signs_are_small_talk(words: str) -> None:
    assert is_small_talk(as_meant(words))


@pytest.mark.parametrize("words", ["ferry", "good ferry", "渡轮", "паром", "hi " * 7, "2026"])
def test_words_that_news_could_be_on_are_no_small_talk(words: str) -> None:
    assert not is_small_talk(words)


@pytest.mark.parametrize(
    "words",
    ["What's new?", "any news", "news of yesterday", "НОВОСТИ",
     "noticias de ayer", "headlines please", "What is going on today?", "was ist los?",
     "Gibt es was Neues", "qu’est-ce qui se passe ?", "en son haberler", "¿Qué pasa hoy?",
     "o que há de novo?",
     "che succede?", "Какие новости", "що нового?", "yeni haber var mı?", "apa berita hari ini?",
     "ما الجديد؟", "מה חדש?", "आज क्या खबर है?", "今天有什么新闻？", "can you tell me the news?",
     "dame las noticias", "расскажи новости", "mostra le notizie", "haberleri göster"],
)  # fmt: skip
def test_who_asks_what_is_new_asks_for_news(words: str) -> None:
    assert asks_for_news(as_meant(words))


@pytest.mark.parametrize(
    "words",
    [
        "new",
        "going",
        "world news",
        "News Corp",
        "good news",
        "what about the ferry",
        "IS news",
        "UP news",
        "Esta noticias",
        "O Novo",
        "New Passe",
        "#news",
        "ADA haber",
        "",
    ],
)
def test_who_names_a_thing_does_not_ask_for_all_news(words: str) -> None:
    assert not asks_for_news(words)


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("harbour.example", "harbour.example"),
        ("www.harbour.example/news?page=2", "www.harbour.example/news?page=2"),
        ("https://harbour.example/a", "https://harbour.example/a"),
        ("<http://127.0.0.1:8080/>", "http://127.0.0.1:8080/"),
        ("harbour.example.", "harbour.example"),
        ("почта.рф", "почта.рф"),
        ("t.me/tides", "t.me/tides"),
        ("see harbour.example", None),
        ("ada@harbour.example", None),
        ("U.S.", None),
        ("3.14", None),
        ("ferry", None),
        ("end.Of", "end.Of"),
    ],
)
def test_a_link_or_a_domain_alone_is_an_address(words: str, address: str | None) -> None:
    assert address_in(words) == address


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("latst", ["latest"]),
        ("serach", ["search"]),
        ("hlep", ["help"]),
        ("tpic", ["topic"]),
        ("subscribed", ["subscribe"]),
        ("setings", ["settings"]),
        ("lang", ["language"]),
        ("un", ["unmute", "unsubscribe"]),
        ("cpa", ["cap"]),
        ("pause", ["stop"]),
        ("unfollow", ["unsubscribe"]),
        ("find", ["search"]),
        ("pingpong", []),
        ("помощь", ["help"]),
        ("x", []),
    ],
)
def test_the_nearest_command_is_one_or_two_edits_away_or_begins_so(
    name: str, near: list[str]
) -> None:
    assert nearest(name, known().commands) == near


@given(st.sampled_from(sorted(known().commands)), st.integers(0, 20), st.sampled_from("abcxyz"))
def test_one_edit_still_finds_a_command_of_four_letters_or_more(
    name: str, at: int, letter: str
) -> None:
    at %= len(name)
    if len(name) >= 4:
        for slip in (name[:at] + name[at + 1 :], name[:at] + letter + name[at:]):
            assert nearest(slip, known().commands)


def test_words_are_left_of_what_cannot_be_read_as_a_query() -> None:
    assert loosely('Ferry - "resumes (at noon :)') == "Ferry resumes at noon"
    assert loosely("-war") == "-war"
