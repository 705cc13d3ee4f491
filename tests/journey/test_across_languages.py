"""With SEMANTIC=on: an alert names the earlier story that is the same in another language."""

import importlib.util
from pathlib import Path

import pytest

from bot.across.wheel import NAME
from bot.app import run_bot
from bot.errors import SettingsError
from bot.playground.news.newsroom import Newsroom, Outlet
from tests.journey.town import Town, town

THERE = importlib.util.find_spec(NAME) is not None
ENGLISH = "Ferry to Lund Island resumes after the storm"
GERMAN = "Fähre nach Lund fährt nach dem Sturm wieder"
RUSSIAN = "Мэрия Лунда закрывает мост на ремонт"


def _newsroom() -> Newsroom:
    return Newsroom(
        [
            Outlet("harbour-post", "Harbour Post", "rss", "en-GB"),
            Outlet("hafenblatt", "Hafenblatt", "atom", "de"),
            Outlet("parus", "Парус", "json", "ru"),
        ]
    )


async def _told(t: Town) -> str:
    """The German alert, once its line is there: at once or by an edit, on a busy machine."""
    german = await t.alert(GERMAN)
    await t.deliveries("sent")
    t.ahead = 61

    def text() -> str:
        return t.playground.world.chats[german.chat_id].messages[german.id].text

    await t.turned_until(lambda: "In another language" in text(), "a line about another language")
    return text()


@pytest.mark.skipif(not THERE, reason=f"{NAME} is not installed: make semantic")
async def test_an_alert_names_the_same_story_in_another_language(tmp_path: Path) -> None:
    newsroom = _newsroom()
    async with town(tmp_path, newsroom, semantic="on") as t:
        await t.start_bot()
        await t.ask("/subscribe")
        await t.ask("/language all")
        newsroom.publish("harbour-post", ENGLISH, "The first boat to Lund left the quay at noon.")
        await t.alert(ENGLISH)
        newsroom.publish("parus", RUSSIAN, "Работы продлятся до весны.")
        assert "another language" not in (await t.alert(RUSSIAN)).text
        newsroom.publish("hafenblatt", GERMAN, "Das erste Boot nach Lund legte am Mittag ab.")
        lines = (await _told(t)).replace("\u2068", "").replace("\u2069", "").splitlines()
        assert f"In another language: {ENGLISH} (Harbour Post)" in lines


@pytest.mark.skipif(THERE, reason=f"{NAME} is installed")
async def test_without_the_wheel_the_bot_does_not_begin_and_says_what_to_do(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, _newsroom(), semantic="on") as t:
        with pytest.raises(SettingsError, match="run `make semantic`, or set SEMANTIC=off"):
            await run_bot(t.settings)
