"""Names are seen where no capital tells them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.news.stories.clustering import Clusterer
from bot.news.stories.splitting.names import has_no_capitals
from bot.news.stories.splitting.terms import terms_of
from tests.news.stories.look_alikes import Told
from tests.news.stories.test_look_alikes import sighting

NAMED = [
    (
        "de",
        "Unfall auf der Brücke bei Sollenbach, zwei Verletzte in Koblenz",
        ["sollenbach", "koblenz"],
    ),
    ("de", "Am Abend trat Trainer Ruvik zurück, der Essener Verein sucht", ["ruvik"]),
    ("de", "Nach dem Spiel sagte Sabine Tarndorff wenig", ["sabin", "tarndorff"]),
    ("ar", "حريق كبير في مدينة الطرفاية قرب طنجة", ["طنجه"]),
    ("ar", "تكريم الفنان العراقي حيدر الزعيمي", ["حيدر", "زعيمي"]),
    ("ar", "الوفد يصل إلى القاهرة ودمشق", ["قاهره"]),
    ("he", "שריפה גדולה סמוך לקיבוץ תמרון, כבאים מאשקלון", ["תמרון", "אשקלון"]),
    ("he", "אורנה סלעית זכתה בפרס", ["אורנה", "סלעית"]),
    ("zh", "外长林若川访问挪威", ["林若", "若川", "挪威"]),
    ("zh", "青澜科技在杭州发布新品", ["青澜", "杭州"]),
    ("zh", "奥斯特维克公交司机罢工", ["奥斯", "斯特"]),
    ("ja", "北見町で火事、鈴川首相が視察", ["北見", "鈴川"]),
    ("fa", "زلزله در تهران احساس شد", ["تهران"]),
    ("hi", "मुंबई में भारी बारिश", ["मुंबई"]),
]
NAMELESS = [
    ("de", "Starker Regen und Sturm am Wochenende, die Feuerwehr warnt vor Schäden"),
    ("de", "Feuer in Altenheim, Panne in Innenstadt"),
    ("ar", "سيول جارفة وأمطار غزيرة في أنحاء البلاد"),
    ("he", "תחזית לסוף השבוע: גשם ורוחות במקומות רבים"),
    ("zh", "天气预报：周末全国大部分地区有雨"),
    ("ja", "週末は全国で雨の予報"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "names"), NAMED)
def test_names_are_seen_without_capitals(language: str, text: str, names: list[str]) -> None:
    assert set(names) <= set(terms_of(text, "", language).names)


@pytest.mark.parametrize(("language", "text"), NAMELESS)
def test_everyday_words_are_no_names(language: str, text: str) -> None:
    assert terms_of(text, "", language).names == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Trainer Montag kommt am Dienstag im August"),
        ("ar", "السيد الثلاثاء مدينة يناير"),
        ("he", "קיבוץ ינואר ביום שלישי"),
    ],
)
def test_no_day_and_no_month_is_a_name_in_any_script(language: str, text: str) -> None:
    assert terms_of(text, "", language).names == ()


def test_a_prefix_does_not_hide_a_name() -> None:
    bare = terms_of("طهران", "", "ar").names
    assert bare
    assert terms_of("سافر الوفد لطهران", "", "ar").names == bare
    assert terms_of("האסיפה נערכה בירושלים", "", "he").names == terms_of("ירושלים", "", "he").names


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("de", "Mann stirbt bei Brand in Koblenz, die Ermittler prüfen die Ursache des Feuers",
         "Frau stirbt bei Brand in Passau, die Ermittler prüfen die Ursache des Feuers"),
        ("ar", "تعليق الدراسة غدا في طنجة بسبب الأمطار الغزيرة والرياح",
         "تعليق الدراسة غدا في نابلس بسبب الأمطار الغزيرة والرياح"),
        ("he", "כביש ראשי נחסם לתנועה סמוך לאשקלון לאחר התהפכות משאית עמוסה",
         "כביש ראשי נחסם לתנועה סמוך לטבריה לאחר התהפכות משאית עמוסה"),
        ("zh", "山体滑坡阻断铁路 杭州境内多趟列车停运", "山体滑坡阻断铁路 桂林境内多趟列车停运"),
    ],
)  # fmt: skip
def test_the_same_event_in_another_place_is_other_news(
    language: str, first: str, second: str
) -> None:
    clusterer = Clusterer()
    clusterer.remember(sighting(Told("", first, 1, language)), 1)
    verdict = clusterer.judge(sighting(Told("", second, 2, language), 60.0))
    assert (verdict.story, verdict.related) == (None, None)


@pytest.mark.parametrize(
    ("text", "has_none"),
    [
        ("Ferry to 东京 stops", False),
        ("東京で火事", True),
        ("Пожар в порту", False),
        ("حريق", True),
        ("", False),
    ],
)
def test_which_texts_have_no_capitals(text: str, has_none: bool) -> None:
    assert has_no_capitals(text) is has_none


ALPHABET = (
    "محمدهانيالفنان مدينةקיבוץשרהבחיפה 外长林若川市在杭州首相のトラ KreisTrainerBerlinbei.,:\n"
)


@settings(deadline=None)  # the first example makes the table
@given(st.text(ALPHABET, max_size=200), st.sampled_from(["ar", "he", "zh", "ja", "de", "fa", None]))
def test_names_are_terms_of_the_text(text: str, language: str | None) -> None:
    found = terms_of("", text, language)
    assert set(found.names) <= set(found.summary) | {name for name in found.names if len(name) == 1}
    assert len(found.names) <= 12
    assert found == terms_of("", text, language)
