"""A join must not hide other news from who has read the alert."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.stories_readers import FOLDER, of_pairs
from bot.news.stories.clustering import Clusterer, Sighting
from bot.news.stories.filed import Filed
from bot.news.stories.likeness import Asked, ask, compare
from bot.news.stories.rules.other_news import (
    fills_its_form_otherwise,
    is_other_news,
    says_otherwise,
)
from bot.news.stories.splitting.terms import DENIES, terms_of
from bot.news.stories.window import View
from bot.news.text.plain import fold_title

WORDS = ["harbour", "ferry", "council", "votes", "closes", "opens", "storm", "bridge", "keeper"]


def _sighting(
    title: str, summary: str = "", language: str = "en", feed: int = 1, hours: float = 0
) -> Sighting:
    at, outlet = hours * 3600, f"N{feed}"
    return Sighting(None, fold_title(title, ""), at, title, summary, outlet, language, feed)


def _joins(one: Sighting, other: Sighting) -> bool:
    clusterer = Clusterer()
    clusterer.remember(one, 1)
    return clusterer.judge(other).story is not None


def _compared(alert: Sighting, report: Sighting, rule: object) -> bool:
    clusterer = Clusterer()
    clusterer.remember(alert, 1)
    terms = clusterer.terms(report)
    asked = ask(clusterer.window, terms, report.outlet, report.at)
    told = clusterer.window.report(0)
    return bool(rule(clusterer.window, asked, told))  # type: ignore[operator]


def _is_other(window: View, asked: Asked, told: Filed) -> bool:
    return is_other_news(window, asked, told, compare(window, asked, told).alike)


@pytest.mark.parametrize(
    ("language", "alert", "report"),
    [
        ("en", "Pellow United sign winger Jon Aske from Marrick",
         "Pellow United sign keeper Tom Ruud from Marrick"),
        ("de", "Unwetterwarnung für den Kreis Altenau bis Mitternacht",
         "Unwetterwarnung für den Kreis Dornbach bis Mitternacht"),
        ("es", "Retiran del mercado los yogures Brisal por un fallo de envasado",
         "Retiran del mercado los quesos Montiel por un fallo de envasado"),
        ("ru", "Землетрясение магнитудой у побережья Норвика ощутили жители",
         "Землетрясение магнитудой у побережья Тамсара ощутили жители"),
    ],
)  # fmt: skip
def test_one_form_filled_in_with_another_word_is_other_news(
    language: str, alert: str, report: str
) -> None:
    one, other = _sighting(alert, language=language), _sighting(report, "", language, 2)
    assert _compared(one, other, fills_its_form_otherwise)
    clusterer = Clusterer()
    clusterer.remember(one, 1)
    assert clusterer.judge(other).story is None


@pytest.mark.parametrize(
    ("language", "alert", "report"),
    [
        ("en", "Marrick assembly approves harbour toll", "Marrick assembly rejects harbour toll"),
        ("en", "Storm warning for Ostwick on Saturday", "Storm warning for Ostwick on Sunday"),
        ("de", "Kreistag Altenau berät Hafengebühr", "Kreistag Altenau beschließt Hafengebühr"),
        ("es", "El pleno de Brisal aprueba la tasa", "El pleno de Brisal rechaza la tasa"),
        ("en", "Jury finds keeper Tom Ruud guilty", "Jury finds keeper Tom Ruud not guilty"),
        ("en", "Mayor Jon Aske will not resign", "Mayor Jon Aske will resign"),
        ("uk", "Рада Марріка ухвалила збір гавані", "Рада Марріка не ухвалила збір гавані"),
    ],
)
def test_one_word_in_the_place_of_another_and_a_not_are_other_news(
    language: str, alert: str, report: str
) -> None:
    one, other = _sighting(alert, language=language), _sighting(report, "", language, 2)
    assert _compared(one, other, says_otherwise)
    assert _compared(other, one, says_otherwise)
    assert not _joins(one, other)


@pytest.mark.parametrize(
    ("alert", "report"),
    [
        ("President Zelensko lands in Marrick", "President Zelenskoo lands in Marrick"),
        ("Ship of Brannock runs aground in fog", "Ship of Branock runs aground in fog"),
        ("Ferry line Orla halts sales at Ostwick", "Ferry line-up Orla halts sales at Ostwick"),
    ],
)
def test_a_word_that_is_spelled_or_bent_otherwise_is_no_other(alert: str, report: str) -> None:
    assert not _compared(_sighting(alert), _sighting(report, feed=2), says_otherwise)


@pytest.mark.parametrize(
    ("language", "alert", "report"),
    [
        (
            "en",
            "Thousands march in Ostwick over toll",
            "Thousands march again in Ostwick over toll",
        ),
        ("de", "Großbrand im Hafen von Altenau", "Erneut Großbrand im Hafen von Altenau"),
        ("ru", "Землетрясение ощутили в Норвике", "Новое землетрясение ощутили в Норвике"),
    ],
)
def test_again_is_other_news_half_a_day_later_and_history_before(
    language: str, alert: str, report: str
) -> None:
    one = _sighting(alert, language=language)
    for hours in (11, 13):
        other = _sighting(report, "", language, 2, hours)
        assert _compared(one, other, says_otherwise) == (hours == 13)


def test_other_figures_are_other_news_half_a_day_later_and_another_count_before() -> None:
    one = _sighting("Strong quake shakes Norwick", "It was 20 km deep, and felt by 300 people.")
    for hours in (11, 13):
        text = "It was 12 km deep, and felt by 450 people."
        other = _sighting("Strong quake shakes Norwick town", text, feed=2, hours=hours)
        assert _compared(one, other, says_otherwise) == (hours == 13)


_WALKOUT = (
    "Handlers walk out at Orla airport",
    "Dozens of flights were cancelled{}, and crowds waited in the halls.",
    "Orla airport: handlers leave their posts",
    "A row over rosters kept bags in Brixholm{}, said the union.",
)
_MARTA = (
    "Vecinos cortan el puente de Marbal",
    "La protesta dejó colas{} en Brisal, y los camiones esperaron.",
    "Marbal: corte de puente por la falta de agua",
    "Habrá una reunión, según la portavoz Marta Ruiz, y el puerto abre.",
)
_QUAKE = (
    "Erdbeben erschüttert Insel Norwik",
    "Das Beben wurde{} gespürt, Häuser wurden beschädigt.",
    "Beben vor Norwik ohne Verletzte",
    "Ein Erdbeben hat{} die Insel erreicht, Fähren fuhren weiter.",
)


@pytest.mark.parametrize(
    ("language", "texts", "hours", "told", "tells", "is_other"),
    [
        ("en", _WALKOUT, 3, "", "", False),
        ("en", _WALKOUT, 3, " on Monday", " on Monday", False),
        ("en", _WALKOUT, 3, " on Monday", " on Friday", True),
        ("en", _WALKOUT, 9, " 40", " 40", False),
        ("en", _WALKOUT, 5, " 40", " 15", False),
        ("en", _WALKOUT, 9, " 40", " 15", True),
        ("es", _MARTA, 1, " el lunes", "", False),
        ("de", _QUAKE, 3, " am Sonntag", " am Sonntag", False),
        ("de", _QUAKE, 3, " am Sonntag", " am Montag", True),
        ("de", _QUAKE, 9, " am Sonntag", " im Juli", False),
    ],
)
def test_little_alike_and_of_another_day_or_hours_later_of_other_figures_is_other_news(
    language: str, texts: tuple[str, str, str, str], hours: int, told: str, tells: str,
    is_other: bool,
) -> None:  # fmt: skip
    alert, its_text, report, text = texts
    one = _sighting(alert, its_text.format(told), language)
    other = _sighting(report, text.format(tells), language, 2, hours)
    assert _compared(one, other, _is_other) == is_other
    assert _joins(one, other) != is_other


@pytest.mark.parametrize(
    ("hours", "text", "joins"),
    [
        (30, "A boy of 16 was found in Croydale park, police said.", False),
        (30, "A boy of 17 was found in a Brixholm street, police said.", True),
        (30, "A boy was found, police said.", True),
        (3, "The boy lived in Brixholm near Ostwick, and was 17.", True),
        (30, "", True),
    ],
)
def test_an_equal_headline_of_another_outlet_half_a_day_later_may_stand_over_another_event(
    hours: float, text: str, joins: bool
) -> None:
    one = _sighting("Teenager shot dead in south Ostwick", "A boy of 17 was found in Brixholm.")
    other = _sighting("Teenager shot dead in south Ostwick", text, feed=2, hours=hours)
    assert _joins(one, other) == joins


def test_more_words_on_one_side_only_are_no_other_filling() -> None:
    one = _sighting("Ferry to Saint Orla stopped by storm")
    other = _sighting("Ferry to Saint Orla stopped by storm until Friday noon", feed=2)
    assert not _compared(one, other, fills_its_form_otherwise)


def test_what_is_little_like_the_alert_is_other_news_however_well_it_fits_the_story() -> None:
    told = _sighting("Ore carrier Brannock runs aground off Pellow lighthouse")
    far = _sighting("Brannock owners win prize for cleanest kitchens at sea fair dinner", feed=2)
    near = _sighting("Carrier Brannock aground off Pellow", feed=3)
    assert _compared(told, far, _is_other)
    assert not _compared(told, near, _is_other)


@given(st.lists(st.sampled_from(WORDS), min_size=4, max_size=9, unique=True))
def test_a_headline_is_no_other_news_than_itself(words: list[str]) -> None:
    title = " ".join(words)
    assert not _compared(_sighting(title), _sighting(title, feed=2), _is_other)


@pytest.mark.slow
def test_look_alikes_that_were_invented_without_sight_of_the_rules_are_alerted() -> None:
    found = {}
    for line in of_pairs(FOLDER / "pairs.jsonl"):
        language, others, same = (cell.strip() for cell in line.strip("|").split("|"))
        found[language] = [int(cell.partition(" ")[0]) for cell in (others, same)]
    assert found["en"][0] <= 1
    assert sum(others for others, _ in found.values()) <= 5
    assert sum(same for _, same in found.values()) >= 30


@pytest.mark.parametrize(
    ("one", "other"),
    [("Niger", "Nigeria"), ("India", "Indiana"), ("Harris", "Harrison"), ("Lima", "Limassol")],
)
def test_names_that_begin_alike_are_two(one: str, other: str) -> None:
    alert = _sighting(f"{one} declares state of emergency after floods")
    report = _sighting(f"{other} declares state of emergency after floods", feed=2)
    assert not _joins(alert, report)
    assert not _joins(report, alert)


def test_who_is_named_by_a_number_is_named() -> None:
    alert = _sighting("Owner to cut hundreds of jobs", "The owner of Nine told its staff today.")
    report = _sighting("Hundreds of jobs to go", "The owner of Seven told its staff today.", feed=2)
    assert not _joins(alert, report)


def test_a_letter_of_a_name_denies_nothing() -> None:
    alert = _sighting("AT&T to buy the Marrick cable")
    report = _sighting("AT&T not to buy the Marrick cable", feed=2)
    assert not _joins(alert, report)


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("en", "Marsh fever vaccine: what 84 per cent does and does not mean"),
        ("en", "Marsh fever vaccine: what 84 per cent does and doesn’t mean"),
        ("en", "Not only children: Marsh fever vaccine protects 84 per cent in trial"),
        ("en", "Marsh fever vaccine isn't only for children"),
        ("en", "Who may and may not have the vaccine"),
        ("de", "Impfstoff gegen Sumpffieber: was 84 Prozent bedeuten und was nicht"),
        ("es", "Vacuna contra la fiebre: quién la recibe y quién no"),
        ("fr", "Vaccin contre la fièvre : pas seulement pour les enfants"),
        ("ru", "Вакцина от лихорадки: кому можно и кому нельзя, и не только детям"),
    ],
)
def test_what_is_left_open_or_added_to_is_not_denied(language: str, headline: str) -> None:
    assert not terms_of(headline, "", language).wording & DENIES


@pytest.mark.parametrize(
    "headline",
    [
        "Harbour board does not sign, and does not say why",
        "Harbour board and union won't meet",
        "Not the union but the board walks out",
        "Board says it didn't and can't pay",
        "Mayor Ruud will stay and will not resign after ferry vote",
        "Court has ruled and has not banned the ferry",
    ],
)
def test_what_is_denied_stays_so(headline: str) -> None:
    assert terms_of(headline, "", "en").wording & DENIES


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("de", "Ruud sagt, dass er bleibt und dass er nicht zurücktritt"),
        ("es", "Ruud dice que sigue y que no dimite"),
        ("it", "Ruud dice che resta e che non si dimette"),
        ("ru", "Рууд говорит, что останется и что не уйдет"),
    ],
)
def test_a_that_on_both_sides_of_an_and_leaves_nothing_open(language: str, headline: str) -> None:
    assert terms_of(headline, "", language).wording & DENIES


def test_a_reading_of_a_figure_joins_the_news_of_it() -> None:
    told = _sighting(
        "Vaccine against Marsh fever protects 84 per cent in trial",
        "A vaccine against Marsh fever protected 84 per cent of 9,600 volunteers in a trial.",
    )
    read = _sighting(
        "Marsh fever vaccine: what 84 per cent does and does not mean",
        "The trial had 9,600 volunteers and one hard question. A reading of the numbers.",
        feed=2,
    )
    assert _joins(told, read)
    assert _joins(read, told)
