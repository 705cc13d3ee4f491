"""The first minute, from /start to a stranger's first alerts, through real feeds."""

import asyncio
from pathlib import Path

from bot.playground.news.newsroom import sample_newsroom
from bot.texts.locale import Locale
from tests.journey.town import PATIENCE, Town, town, until
from tests.storage.samples import sql

BRIDGE = "Old bridge at Mill Lane to be painted green"
# By what words of a headline an event of the playground's news is known, in any of its languages.
EVENTS = {
    "talks begin": ("talks open", "ceasefire talks", "gespräche", "переговоры", "محادثات"),
    "truce signed": ("30-day", "30 days", "30 tage", "30 días", "30 дней", "30 يوماً"),
    "quake in Tamsar": ("tamsar", "тамсар", "تمسار"),
    "quake off Norrvik": ("norrvik",),
    "strike": ("grand anse",),
    "vote": ("velmora",),
    "vaccine": ("marsh fever", "болотной"),
    "rare earths": ("rare earth", "rare-earth"),
    "orbit": ("orbit", "órbita", "umlaufbahn"),
    "first pictures": ("first pictures",),
}
FIRST_ALERTS = 8


async def test_a_new_person_chooses_a_topic_and_is_alerted_of_it(bot: Town) -> None:
    page = await bot.ask("/start")
    assert "News alerts, one for each story" in page.text
    await bot.turned(page, "Skip →", "Health")
    await bot.turned(page, "Health", "✓ Health")
    await bot.turned(page, "Next →", "Other")
    await bot.turned(page, bot.labels(page)[1], "Later")
    shown = await bot.turned(page, "Later", "Newest stories")
    assert shown.text.startswith("All set\nYou follow Health.\nAt once · London ")
    assert len(bot.messages()) == 1
    bot.playground.newsroom.publish("harbour-post", BRIDGE)
    bot.playground.newsroom.publish("harbour-post", "Hospitals in the hills get new doctors")
    alert = await bot.alert("Hospitals in the hills")
    assert alert.id != page.id
    assert not any(BRIDGE in text for text in bot.texts()[1:])
    home = await bot.ask("/start")
    assert home.text.startswith("Alerts are on\n")


def _events_of(headline: str) -> set[str]:
    shown = headline.lower()
    return {event for event, words in EVENTS.items() if any(word in shown for word in words)}


async def _leaves_it_all(t: Town, who: int, language: str) -> None:
    """A new person leaves the languages as they are and follows everything."""
    t.playground.people.create_person(who, f"Guest {who}", language_code=language)
    page = await t.ask("/start", who, user=who)
    locale = Locale(language, "UTC", t.now())
    every = locale.plain("Everything")
    await t.turned(page, locale.plain("Skip →"), every, user=who)
    await t.turned(page, every, locale.plain("✓ {choice}", choice=every), user=who)


async def _tells_in_order(t: Town, titles: int) -> None:
    """The next news of the script, read before it goes on."""
    before = await _placed(t)
    for _ in range(titles):
        t.playground.newsroom.publish_next()
    await _are_placed(t, before + titles)


async def _are_placed(t: Town, reports: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while await _placed(t) < reports:
            await asyncio.sleep(0.05)


async def _placed(t: Town) -> int:
    async with t.storage() as storage:
        ((count,),) = await sql(storage, "SELECT count(*) FROM reports WHERE story_id IS NOT NULL")
    return int(str(count))


async def test_no_two_of_a_strangers_first_alerts_are_of_one_event_in_five_languages(
    tmp_path: Path,
) -> None:
    newsroom = sample_newsroom(every=None)
    newsroom.open()
    people = dict(enumerate(("en", "de", "es", "ru", "ar"), 7001))
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        # What a person begins with follows from the news that is there.
        await _are_placed(t, sum(len(outlet.items) for outlet in newsroom.outlets.values()))
        for who, language in people.items():
            await _leaves_it_all(t, who, language)
        # The whole script, in which most events are told in several languages.
        for titles in (6, 6, 6, 6, 10):
            await _tells_in_order(t, titles)
        for who, language in people.items():
            await until(lambda who=who: len(t.messages(who)) > 3, f"alerts in {language}")  # type: ignore[misc]
            alerts = [each.text.splitlines()[0] for each in t.messages(who)[1:][:FIRST_ALERTS]]
            events = [event for text in alerts for event in _events_of(text)]
            assert len(events) >= 3, alerts
            assert len(events) == len(set(events)), alerts
