"""A form that several stories of the window fill in carries no join by itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.news.stories.clustering import WINDOW_SECONDS, Clusterer, Sighting
from bot.news.stories.likeness import ask, neighbours
from bot.news.stories.rules.repetition import only_its_form_in_common, stock_share
from bot.news.text.plain import fold_title

FORMS = [
    ("en", "Night ferry timetable changes for {} harbour published",
     ("Pellow", "Marrick", "Tamsar", "Orlund")),
    ("de", "Neuer Fahrplan der Nachtfähre für {} veröffentlicht",
     ("Pellow", "Marrick", "Tamsar", "Orlund")),
    ("es", "Publican cambios de horario del ferri nocturno para {}",
     ("Pellow", "Marrick", "Tamsar", "Orlund")),
    ("fr", "Nouveaux horaires publiés pour la navette nocturne vers {}",
     ("Pellow", "Marrick", "Tamsar", "Orlund")),
    ("ru", "Опубликовано новое расписание ночного парома для порта {}",
     ("Пеллов", "Маррик", "Тамсар", "Орлунд")),
    ("ar", "نشر جدول جديد لعبارة الليل إلى مرفأ {}", ("بيلو", "ماريك", "طمسار", "أورلند")),
    ("he", "פורסם לוח זמנים חדש למעבורת הלילה לנמל {}", ("פלוב", "מאריק", "טמסר", "אורלונד")),
    ("zh", "夜间渡轮新时刻表公布 {}线", ("佩洛", "玛里", "坦萨", "奥伦")),
]  # fmt: skip
IDS = [form[0] for form in FORMS]
WORDS = ["quay", "heron", "lantern", "mill", "orchard", "ledger", "tiller", "beacon"]


def _sighting(title: str, language: str, feed: int, at: float = 0.0) -> Sighting:
    return Sighting(
        None, fold_title(title, ""), at, title, "", f"Feed {feed}", language, feed
    )  # fmt: skip


def _filled(form: tuple[str, str, tuple[str, ...]]) -> list[Sighting]:
    language, text, words = form
    return [_sighting(text.format(word), language, n) for n, word in enumerate(words, 1)]


def _compared(clusterer: Clusterer, report: Sighting) -> tuple[float, bool]:
    """With the first report of the window's first story: the share, and the rule."""
    window = clusterer.window
    asked = ask(window, clusterer.terms(report), report.outlet, report.at)
    story = window.stories.story(1)
    assert story is not None
    told = story.first
    near = neighbours(window, asked)
    return stock_share(window, asked, told, near), only_its_form_in_common(
        window, asked, told, near
    )


@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_what_two_other_stories_say_too_is_a_form(form: tuple[str, str, tuple[str, ...]]) -> None:
    first, second, third, report = _filled(form)
    clusterer = Clusterer()
    clusterer.remember(first, 1)
    assert _compared(clusterer, report) == (0.0, False)
    clusterer.remember(second, 2)
    assert _compared(clusterer, report) == (0.0, False)
    clusterer.remember(third, 3)
    share, is_form = _compared(clusterer, report)
    assert share > 0.95
    assert is_form
    assert clusterer.judge(report).story is None


@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_the_same_filling_is_no_form(form: tuple[str, str, tuple[str, ...]]) -> None:
    first, second, third, _ = _filled(form)
    clusterer = Clusterer()
    for story, each in enumerate((first, second, third), 1):
        clusterer.remember(each, story)
    again = _sighting(first.title, form[0], 9, 60.0)
    share, is_form = _compared(clusterer, again)
    assert share < 0.9
    assert not is_form


def test_one_story_told_often_is_no_form() -> None:
    first, second, third, report = _filled(FORMS[0])
    clusterer = Clusterer()
    clusterer.remember(first, 1)
    clusterer.remember(second, 2)
    clusterer.remember(third, 2)
    assert _compared(clusterer, report) == (0.0, False)


def test_a_form_is_forgotten_with_the_stories_that_had_it() -> None:
    first, second, third, report = _filled(FORMS[0])
    late = WINDOW_SECONDS + 3600.0
    clusterer = Clusterer()
    clusterer.remember(second, 2)
    clusterer.remember(third, 3)
    newer = Sighting(None, first.title_key, late, first.title, "", "Feed 1", "en", 1)
    clusterer.remember(newer, 1)
    asked = Sighting(None, report.title_key, late, report.title, "", "Feed 4", "en", 4)
    assert _compared(clusterer, asked) == (0.0, False)


_TITLES = st.lists(st.lists(st.sampled_from(WORDS), min_size=3, max_size=6), max_size=12)


@settings(deadline=None)
@given(_TITLES, _TITLES, st.lists(st.sampled_from(WORDS), min_size=3, max_size=6))
def test_what_left_the_window_leaves_no_trace(
    gone: list[list[str]], kept: list[list[str]], asked: list[str]
) -> None:
    late = 2 * WINDOW_SECONDS
    told = _sighting("quay heron lantern mill orchard", "en", 99, late)
    report = _sighting(" ".join(asked), "en", 98, late)
    remembering, fresh = Clusterer(), Clusterer()
    for number, words in enumerate(gone):
        remembering.remember(_sighting(" ".join(words), "en", number), 1000 + number)
    for clusterer in (remembering, fresh):
        clusterer.remember(told, 1)
        for number, words in enumerate(kept, 2):
            clusterer.remember(_sighting(" ".join(words), "en", number, late), number)
    share, is_form = _compared(remembering, report)
    assert (share, is_form) == _compared(fresh, report)
    assert 0.0 <= share <= 1.0
    assert remembering.judge(report) == fresh.judge(report)
