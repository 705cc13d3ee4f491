"""What became of something, read from the terms of two headlines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.stories.splitting import outcome_words
from bot.news.stories.splitting.contest_words import ended_otherwise
from bot.news.stories.splitting.outcome_words import goes_otherwise
from bot.news.stories.splitting.stopwords import SMALL_WORDS
from bot.news.stories.splitting.terms import terms_of

_LANGUAGES = sorted(outcome_words._WORDS)
_HEADLINES = st.lists(
    st.sampled_from(
        ["rise", "fall", "approv", "reject", "missing", "dead", "rescu", "win", "beat", "orrin",
         "cask", "bay", "two", "3"]
    ),
    max_size=7,
    unique=True,
)  # fmt: skip


def _goes_otherwise(told: str, asked: str, language: str = "en", summary: str = "") -> bool:
    before, after = terms_of(told, summary, language), terms_of(asked, "", language)
    in_all = before.title + before.summary
    return goes_otherwise(after.title, before.title, in_all, before.language)


def _won_otherwise(told: str, asked: str, language: str = "en", rest: str = "") -> bool:
    before, after = terms_of(told, rest, language), terms_of(asked, rest, language)
    both = {*before.title, *before.summary} & {*after.title, *after.summary}
    return ended_otherwise(after.title, before.title, both, before.language)


@pytest.mark.parametrize(
    ("language", "told", "asked"),
    [
        ("en", "Tamsar shares climb after results", "Tamsar shares slip at the close"),
        ("en", "Bank of Ostmark raises its rate", "Bank of Ostmark cuts its rate"),
        ("en", "Ferry port at Norrvik reopens", "Ferry port at Norrvik shut by storm"),
        ("en", "Council to debate Pellow bypass", "Council approves Pellow bypass"),
        ("en", "Parliament passes the fishing bill", "President signs the fishing bill"),
        ("en", "Two climbers missing on Mount Aske", "Climbers on Mount Aske found dead"),
        ("en", "Banker Ida Storm charged with fraud", "Banker Ida Storm convicted of fraud"),
        ("en", "Banker Ida Storm found guilty", "Banker Ida Storm acquitted"),
        ("en", "Banker Ida Storm found guilty", "Banker Ida Storm jailed for nine years"),
        ("en", "Rescuers search for Aske climbers", "Aske climbers found alive"),
        ("en", "Minister Ruud is to go, says paper", "Ruvane denies that minister is to go"),
        ("en", "Ruvane imposes tariffs on timber", "Ruvane lifts tariffs on timber"),
        ("de", "Dornbacher Rat billigt Umgehung", "Dornbacher Rat lehnt Umgehung ab"),
        ("de", "Zwei Wanderer am Aske vermisst", "Wanderer am Aske tot geborgen"),
        ("fr", "La Bourse de Ruvane termine en hausse", "La Bourse de Ruvane finit en baisse"),
        ("es", "El Senado aprueba la ley de pesca", "El Senado rechaza la ley de pesca"),
        ("it", "La Camera approva la legge", "La Camera boccia la legge"),
        ("pt", "Dólar sobe com eleição em Ruvane", "Dólar cai após eleição em Ruvane"),
        ("nl", "Rechter heropent zaak Norrvik", "Rechter sluit zaak Norrvik"),
        ("ru", "Рувана открыла границу", "Рувана закрыла границу"),
        ("uk", "У Рувані зникла дівчина", "У Рувані загинула дівчина"),
        ("pl", "Sejm przyjął ustawę o rybach", "Sejm odrzucił ustawę o rybach"),
        ("tr", "Ruvane lirası yükseldi", "Ruvane lirası düştü"),
        ("id", "Rupiah menguat pagi ini", "Rupiah melemah sore ini"),
        ("ar", "ارتفاع أسعار النحاس في روفان", "انخفاض أسعار النحاس في روفان"),
        ("he", "מחיר הנחושת עלה ברובאן", "מחיר הנחושת ירד ברובאן"),
        ("fa", "افزایش قیمت مس", "کاهش قیمت مس"),
        ("hi", "रुवाने में बाजार खुला", "रुवाने में बाजार बंद"),
        ("zh", "鲁万铜价上涨", "鲁万铜价下跌"),
        ("ja", "ルバーン株が上昇", "ルバーン株が下落"),
    ],
)  # fmt: skip
def test_what_goes_another_way_or_a_step_further_is_seen(
    language: str, told: str, asked: str
) -> None:
    assert _goes_otherwise(told, asked, language)
    assert not _goes_otherwise(told, told, language)


@pytest.mark.parametrize(
    ("told", "asked", "summary"),
    [
        ("Oil falls as the crown rises", "Oil falls again", ""),
        ("Oil falls", "Oil falls as the crown rises", ""),
        ("Three dead in Norrvik fire", "Three killed in Norrvik fire", ""),
        ("Three dead in Norrvik fire", "Norrvik fire: nine people hurt", ""),
        ("Banker convicted of fraud", "Banker jailed for fraud", "A court jailed her at once."),
        ("Banker convicted of fraud", "Banker arrested years ago was the first", ""),
        ("Two hurt as bus overturns", "Bus overturns near Aske: one dead", "A driver died later."),
        ("Ferry sinks off Tamsar", "Six dead as ferry goes down off Tamsar", ""),
        ("Norrvik greets its new piano", "Norrvik hears its piano", ""),
        ("Aske Games accused of copying Tides", "Aske Games releases Tides all the same", ""),
    ],
)
def test_other_words_for_one_outcome_are_no_other_news(told: str, asked: str, summary: str) -> None:
    assert not _goes_otherwise(told, asked, summary=summary)


@pytest.mark.parametrize(
    ("language", "told", "asked"),
    [
        ("en", "Orrin beats Cask to reach final", "Orrin beats Ruud to win title"),
        ("en", "Orrin wins sprint in Norrvik", "Cask wins Grand Prix in Norrvik"),
        ("en", "Pellow win 3-1 at Marrick in Cup", "Marrick win 3-1 at Pellow in league"),
        ("de", "Orrin gewinnt in Norrvik", "Cask gewinnt in Norrvik"),
        ("es", "Orrin vence a Cask en Ruvane", "Orrin vence a Ruud en Ruvane"),
        ("ru", "«Норрвик» обыграл «Тамсар»", "«Норрвик» обыграл «Рувану»"),
        ("ru", "«Норрвик» обыграл «Тамсар»", "«Норрвик» уступил «Тамсару»"),
    ],
)
def test_another_winner_or_another_beaten_is_another_contest(
    language: str, told: str, asked: str
) -> None:
    assert _won_otherwise(told, asked, language)


@pytest.mark.parametrize(
    ("told", "asked", "rest"),
    [
        ("Orrin beats Cask", "Cask loses to Orrin", ""),
        ("Orrin beats Cask", "Third seed Orrin beats Cask in four sets", ""),
        ("Orrin beats Cask", "Orrin beats young Cask", ""),
        ("Norrvik: Orrin wins Grand Prix", "Orrin wins in Norrvik", ""),
        ("Orrin beats keeper", "Orrin beats Cask", "Cask, the keeper, was told to stay."),
        ("Winning ways", "Orrin beats Cask", ""),
    ],
)
def test_one_contest_in_other_words_is_one(told: str, asked: str, rest: str) -> None:
    assert not _won_otherwise(told, asked, rest=rest)


@given(_HEADLINES, _HEADLINES, st.sampled_from(["en", "de", "zh", "xx"]))
def test_no_headline_goes_otherwise_than_a_report_that_has_its_words(
    asked: list[str], told: list[str], language: str
) -> None:
    assert not goes_otherwise(asked, told, told + asked, language)
    assert not ended_otherwise(asked, asked, set(asked), language)
    ended_otherwise(asked, told, set(asked) & set(told), language)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_each_word_says_one_thing_and_is_a_term(language: str) -> None:
    found = list(outcome_words._read(language))
    assert len(dict(found)) == len({*found})
    assert not SMALL_WORDS.intersection(outcome_words._WORDS[language].split())
