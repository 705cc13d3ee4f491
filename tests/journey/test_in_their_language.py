"""From feed bytes to what Telegram is asked, for people who speak Arabic and Russian."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground.news.newsroom import Newsroom, Outlet
from bot.texts.languages import form_of
from bot.texts.locale import Locale
from tests.journey.town import Town, town, until

PERSON = 7001
COUNTS = (1, 2, 5, 21)
_SYLLABLES = ("ка", "ле", "мо", "ру", "ти", "вян", "зо", "пэ", "сул", "до", "хра", "не", "гу")
_STORIES = {
    "ru": ("новость", "новости", "новостей"),
    "ar": ("", "خبر واحد", "خبران", "أخبار", "خبرًا", "خبر"),
}
_HOURS = 3


def _headline(number: int) -> str:
    """Words that no other headline has."""
    signs, base = [], len(_SYLLABLES)
    for place in range(4):
        first = number * 4 + place
        signs.append(_SYLLABLES[first % base] + _SYLLABLES[first // base % base] + f"то{first}")
    return " ".join(signs).capitalize()


async def _digest_of(t: Town, count: int, first: int) -> str:
    """The heading of a digest of so many stories."""
    wanted = [_headline(first + n) for n in range(count)]
    for title in wanted:
        t.playground.newsroom.publish("parus", title, published=t.now())
    await t.deliveries("held", count)
    before = len(t.texts(PERSON))
    t.ahead += 86_400
    await until(lambda: len(t.texts(PERSON)) > before, f"a digest of {count}")
    return t.texts(PERSON)[-1].splitlines()[0]


@pytest.mark.parametrize("language", ["ar", "ru"])
async def test_news_is_told_in_the_forms_of_a_persons_language(
    tmp_path: Path, language: str
) -> None:
    newsroom = Newsroom([Outlet("parus", "Парус", "json", "ru")])
    async with town(tmp_path, newsroom, introduced=False) as t:
        t.playground.people.create_person(PERSON, "Vera", language_code=language)
        await t.start_bot()
        about = t.playground.stage.profile
        await until(lambda: ("description", language) in about.texts, "a description")
        first = await t.ask("/start", PERSON, user=PERSON)
        locale = Locale(language, "UTC", time.time())
        assert first.text.splitlines()[0].lstrip("\u200f") == locale.plain(
            "News alerts, one for each story"
        ).lstrip("\u200f")
        await t.ask("/language all", PERSON, user=PERSON)
        await t.ask("/subscribe", PERSON, user=PERSON)
        at = datetime.fromtimestamp(t.now() + _HOURS * 3600, UTC)
        await t.ask(f"/digest {at:%H:%M}", PERSON, user=PERSON)
        begun = 0
        for count in COUNTS:
            heading = await _digest_of(t, count, begun)
            begun += count
            word = _STORIES[language][form_of(language, count)]
            assert re.search(rf"(?<!\w){word}(?!\w)", heading), (count, heading)
        t.ahead += 3
        await t.ask("/digest off", PERSON, user=PERSON)
        t.playground.newsroom.publish("parus", _headline(begun), published=t.now())
        alert = await t.alert(_headline(begun), PERSON)
        assert t.labels(alert) == [locale.plain("Options")]
