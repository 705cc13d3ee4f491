"""Summaries: what is not news goes, what may be news stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.text import summary
from bot.news.text.plain import bare
from bot.news.text.summary import clean_summary

NEWS = "The river rose in the night."
HEADS = [
    "by Ann Lee, with reporting from Harbour Wire Island Bureau Staff OSLO/ROME (Harbour Wire) – ",
    "By Ann Lee and Bo Berg\n",
    "By Ann Lee\nOSLO (AP) — ",
    "By Ann Lee | ",
    "By Ann Lee, Staff Writer ",
    "Von Ute Maier\n",
    "OSLO (Harbour Wire) – ",
    "OSLO, Norway (AP) — ",
    "OSLO, Oct 3 (Reuters) - ",
    "OSLO, Oct. 3, 2025 /PRNewswire/ -- ",
    "OSLO — ",
    "NEW YORK - ",
    "Oslo (dpa) - ",
    "OSLO, 3 oct 2025 (AFP) - ",
    "Madrid, 3 oct (EFE).- ",
    "(ANSA) - ROMA, 03 OTT - ",
    "МОСКВА, 3 окт — РИА Новости. ",
    "МОСКВА, 3 октября. /ТАСС/. ",
    "(Reuters) - ",
    "(Post) — ",
    "River rises by night\n",
    "River rises by night. ",
    "River rises by night – ",
    "River rises by night OSLO (AP) — ",
]
TAILS = [
    "\nThe post River rises by night appeared first on Post.",
    " The post River rises by night appeared first on Post.",
    "\nDer Beitrag Fluss steigt erschien zuerst auf Post.",
    "\nL’article Crue est apparu en premier sur Post.",
    "\nLa entrada Crecida apareció primero en Post.",
    "\nL'articolo Piena proviene da Post.",
    "\nO post Cheia apareceu primeiro em Post.",
    "\nСообщение Река появились сначала на Post.",
    "\nEl cargo Crecida se publicó primero en Post.",
    "\nL'articolo Piena sembra essere il primo su Post.",
    "\nHet bericht Rivier verscheen eerst op Post.",
    "\nЗапись Река впервые появилась Post.",
    "\nArtykuł Rzeka pochodzi z serwisu Post.",
    "\nInlägget Älven dök först upp på Post.",
    "\nNehir ilk önce Post üzerinde ortaya çıktı.",
    "\n投稿 川 は Post に最初に表示されました。",
    "\n文章河水最先出现在 Post。",
    "\n这篇文章河水首先出现在 Post。",
    " […]",
    " [...]",
    " [&#8230;]",
    " Read more",
    " Read More »",
    "\nContinue reading River rises by night →",
    " Weiterlesen…",
    "\nЧитать далее",
    "\nCopyright 1999-2025 Harbour Wire.",
    " © 2025 Harbour Wire. All rights reserved.",
    "\nAll rights reserved.",
    "\nCopyright 2025 Harbour Wire. This article was originally published on Harbour Wire and was "
    "reproduced with permission.",
    "\nThis article was originally published on Harbour Wire.",
    " […]\nThe post River rises by night appeared first on Post.",
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("tail", ["", TAILS[0], TAILS[8]])
def test_what_stands_before_the_news_is_taken_off(head: str, tail: str) -> None:
    found = clean_summary(head + NEWS + tail, title="River rises by night", source="Post")
    assert found == NEWS


@pytest.mark.parametrize("tail", TAILS)
def test_what_stands_after_the_news_is_taken_off(tail: str) -> None:
    found = clean_summary(NEWS + tail, title="River rises by night", source="Post")
    assert found == NEWS


def test_a_text_cut_by_its_feed_ends_with_an_ellipsis() -> None:
    assert clean_summary("The river rose, the mayor […]", title="", source="") == (
        "The river rose, the mayor…"
    )


NEWS_AS_IT_IS = [
    "By Friday the talks had failed.",
    "By Monday, Berlin and Paris had agreed.",
    "By the numbers: a storm in figures.",
    "Von der Elbe bis zum Rhein steigt das Wasser.",
    "Por la noche subió el río.",
    "NASA – the space agency – launched a probe.",
    "NATO - Russia talks resume in Geneva.",
    "Paris – the city of light – goes dark tonight.",
    "AI — What we know about the new rules.",
    "OPEC — The cartel met in Vienna.",
    "EU and UK - A deal is near.",
    "Copyright law is to change, ministers said.",
    "Copyright 2025 rules were adopted. They bite.",
    "A song appeared. The post it got appeared first on a small site and then everywhere.",
    "The story was first published in 1998 and changed the law.",
    "Read more books, the minister told pupils.",
    "Barack Obama (2009) – a year in pictures.",
    "River rises by night, forcing hundreds out.",
    "Reuters said it would close its office.",
    "By John Smith's account, the river rose first.",
    "Москва — столица России — готовится к зиме.",
    "今天北京下雨。",
    "COVID-19 — What doctors now know.",
]


@pytest.mark.parametrize("text", NEWS_AS_IT_IS)
def test_news_that_looks_like_a_credit_is_left_alone(text: str) -> None:
    assert clean_summary(text, title="River rises by night", source="Post") == text


_SMALL = ["the", "river", "rose", "by", "night", "in", "oslo", "and", "people", "left"]


@given(st.lists(st.sampled_from(_SMALL)))
def test_small_letters_are_never_taken_for_a_credit(words: list[str]) -> None:
    text = " ".join(words)
    assert clean_summary(text, title="Quay", source="Post") == text


@given(st.text(max_size=300), st.text(max_size=30), st.text(max_size=30))
def test_cleaning_takes_anything_and_adds_nothing_but_an_ellipsis(
    text: str, title: str, source: str
) -> None:
    assert clean_summary(text, title=title, source=source).removesuffix("…") in text


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "text",
    ["AA " * 1300, "AA-" * 1300, "AA/" * 1300, "By A " + "B and " * 700, "The post " * 440,
     "by A, " * 600, "x. " * 1300, "a" * 3000 + " ." * 500, "( " * 2000, "[ " * 2000, "A (" * 1300,
     "© " * 2000, "This article was " * 230],
)  # fmt: skip
def test_no_text_keeps_the_cleaning_busy(text: str) -> None:
    clean_summary(text, title="A", source="B")


@given(
    st.lists(
        st.sampled_from(
            ["Read more", "»", ".", "\n", " ", "”", "News", "© 2025 Post", "\u00a0", "…"]
        ),
        max_size=9,
    ).map("".join)
)
def test_what_ends_a_text_is_found_as_by_search(text: str) -> None:
    for pattern in (summary._RIGHTS(), summary._MORE()):
        found = summary._match_at(pattern, text)
        wanted = pattern.search(text)
        assert (found and found.span()) == (wanted and wanted.span())


ENDS = """
    Read more|SEE THE FULL STORY…|View full article|read the rest|Continue reading “Tide” →|
    KEEP READING|Click here to read all|Weiterlesen|Mehr lesen|Lire la suite|En savoir plus|
    Leer más|Seguir leyendo|Leggi tutto|Continua a leggere|Leia mais|Ler mais|Lees meer|
    Lees verder|Czytaj więcej|Czytaj dalej|Läs mer|Devamını oku|Читать далее|Читать дальше|
    Читать полностью|Подробнее|Читати далі|続きを読む|もっと読む|阅读全文|閱讀全文|查看全文|
    Read the reſt|LİRE LA SUITE|WEITERLESEN
"""
RIGHTS = """
    Copyright 2025|COPYRİGHT 2025 Quay|(C) Quay|© 2025|All rights reserved|ALL RIGHTſ REſERVED|
    Tous droits réservés|Alle Rechte vorbehalten|Todos los derechos reservados|
    Все права защищены|Reprinted with permission of Quay|
    This article was originally published on Quay|
    The story was published by Quay, with permission
"""
APPEARED = """
    The post A appeared first on Quay|Der Beitrag A erschien zuerst auf Quay|
    L'article A est apparu en premier sur Quay|La entrada A apareció primero en Quay|
    El cargo A se publicó primero en Quay|L'articolo A proviene da Quay|
    L'articolo A sembra essere il primo su Quay|O post A apareceu primeiro em Quay|
    Het bericht A verscheen eerst op Quay|Сообщение A появились сначала на Quay|
    Запись A впервые появилась Quay|Artykuł A pochodzi z serwisu Quay|
    Inlägget A dök först upp på Quay|A ilk önce B üzerinde ortaya çıktı|
    投稿 A は Quay に最初に表示されました|文章A最先出现在Quay
"""


def _listed(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.split("|")]


@given(
    st.sampled_from(["", "News. ", "Neuigkeit! ", "\n", "ÅÄÖ. ", "x "]),
    st.sampled_from([*_listed(ENDS), *_listed(RIGHTS), *_listed(APPEARED), "And so on"]),
    st.sampled_from(["", ".", " »", "…\u00a0", ")", "] →"]),
)
def test_what_a_pattern_finds_has_the_words_by_which_it_is_looked_for(
    before: str, end: str, behind: str
) -> None:
    text = before + end + behind
    lowered = text.lower()
    assert summary._may_lead_on(lowered) or not summary._MORE().search(text)
    assert summary._RIGHTS_HELD.may_be_in(lowered) or not summary._RIGHTS().search(text)
    assert summary._APPEARING.may_be_in(text) or not summary._APPEARED().search(text)
    assert summary.TAILS.may_be_in(lowered) or not summary._APPEARED().search(text)


def test_each_of_them_is_found_by_its_pattern() -> None:
    for listed, pattern in ((ENDS, summary._MORE()), (RIGHTS, summary._RIGHTS())):
        assert [text for text in _listed(listed) if not pattern.search(text)] == []


NAMES = st.sampled_from(
    [
        "Tide turns",
        "tide",
        "Élan vital",
        "e",
        "The Quay",
        "“Tide” turns",
        "7 boats",
        "",
        "U.S. tide",
    ]
)
BEGINNINGS = st.sampled_from(
    ["Tide turns", "tide", "TIDE: turns at the quay", "E\u0301lan vital", "elan", "u.s. tide",
     "U.S.", "The Quay", "\u201cTide\u201d turns", "7 boats", "...", "", "Low water"]
)  # fmt: skip
LONG = "and so the ferries of the islands lay at their moorings until the evening of that day"


@given(
    BEGINNINGS, st.sampled_from(["", "\n", " ", ". "]), st.sampled_from(["", LONG]), NAMES, NAMES
)
def test_a_text_that_repeats_a_name_may_begin_with_it(
    begins: str, between: str, rest: str, title: str, source: str
) -> None:
    text, names = (begins + between + rest).strip(), [name for name in (title, source) if name]
    forms = summary._forms(title, source, "")
    repeats = bare(text.split("\n")[0]) in forms or summary._goes_on(bare(text), forms)
    if text and repeats:
        assert summary._may_begin_with(text, names)
    start = summary._begins(text)
    if start:
        assert f"{bare(text)} ".startswith(f"{start} ")
        assert len(start) > max(map(len, summary._NOTHING_SAID))


PLACES = [
    "OSLO (AP) — ", "Oslo (Reuters) - ", "OSLO, Oct 3 – ", "/AP/ - ", "新华社北京1月2日电 ",
    "ROMA. /ANSA/. ", "【北京共同】", "(Post) - ", "OSLO – ", "Oslo – ", "MOSCOW, 3 May. ", "Oslo ",
]  # fmt: skip


@given(st.sampled_from(PLACES), st.sampled_from(["The tide turned.", "“Tide”", "tide (low)", "7"]))
def test_a_dateline_begins_with_what_it_is_looked_for_by(place: str, news: str) -> None:
    text = place + news
    found = any(pattern().match(text) for pattern in summary._DATELINES)
    found = found or summary._BARE_DATELINE().match(text) is not None or text.startswith("(Post")
    begins = summary._IN_CAPITALS.match(text) or text.startswith(summary._EASTERN)
    assert begins or "(" in text or "/" in text or not found


_HEADS = st.lists(
    st.sampled_from(
        ["NEW YORK", "LONDON/PARIS", "ОДЕССА", "Ostwick", "กขค", "王总统", "(Reuters)", "(AP)",
         "/dpa/", "Marlow County", " - ", ": ", ", ", " ", ". ", "5 мая", "Jan. 5", "The", "d'Or",
         "\n"]
    ),
    max_size=9,
).map("".join)  # fmt: skip


@given(_HEADS)
def test_a_place_that_gives_no_letter_back_is_found_as_one_that_does(text: str) -> None:
    for each in (*summary._DATELINES, summary._BARE_DATELINE):
        giving = re.compile(each().pattern.replace("++", "+"))
        found, before = each().match(text), giving.match(text)
        assert (found and found.span()) == (before and before.span())
