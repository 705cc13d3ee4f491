"""What a newcomer does on the chat page, in a real browser and with the real bot."""

import asyncio
import json
import os
import re
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from bot.playground.chats.world import ADA_ID
from tests import warm
from tests.chromium import in_chromium
from tests.journey.town import Town
from tests.journey.visitor import Visitor, picture, visitor

GROUP = -1002000000001
FORUM = -1002000000002
READERS_ZONE = "America/St_Johns"

pytestmark = in_chromium


class Demo:
    """`tocsin start` as a process, without a token and so with the playground."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def publishes(self, **item: str) -> None:
        """Lets an invented outlet publish an item, or the next one of its script."""
        await asyncio.to_thread(self._post, "publish", item)

    def _post(self, act: str, body: dict[str, str]) -> None:
        request = urllib.request.Request(
            f"{self.url}playground/{act}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=10).close()


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[Demo]:
    """The command of `make run`, in an empty folder and with no setting at all."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    reading, writing = os.pipe()
    with open(reading, encoding="utf-8") as said:
        with open(writing, "wb") as says:
            words = ("start", "--port", "0", "--no-browser")
            process = warm.start("bot", *words, env=kept, folder=folder, stdout=says, stderr=says)
        try:
            yield Demo(await asyncio.to_thread(_address, said))
        finally:
            process.terminate()
            code, rest = await asyncio.gather(
                asyncio.to_thread(process.wait, 15), asyncio.to_thread(said.read)
            )
    assert code == 0
    assert "Traceback" not in rest
    assert list(folder.iterdir()) == []


def _address(lines: Any) -> str:
    """The address that the command prints for the newcomer to open."""
    printed = ""
    for line in lines:
        printed += line
        found = re.search(r"http://[\w.:]+/", line)
        if found:
            return found[0]
    pytest.fail(f"the command ended without an address: {printed}")


async def test_a_newcomer_follows_everything_and_is_told_what_happens(tmp_path: Path) -> None:
    async with demo(tmp_path) as here, visitor(here.url, READERS_ZONE) as guest:
        await guest.page.evaluate("window.sameLoad = true")
        await guest.page.get_by_test_id("start").click()
        await guest.presses("Skip →", await guest.sees("1 of 4"))
        menu = await guest.sees("2 of 4")
        await guest.presses("Everything", menu)
        await expect(menu.get_by_text("✓ Everything", exact=True)).to_be_visible()
        await _first_poll_is_over(guest)

        now = time.time()
        await here.publishes(
            feed="harbour-courier",
            title="Lighthouse of Marrow Bay lit again after ten dark years",
            summary="<p>The keeper's daughter turned the switch at dusk.</p>",
        )
        alert = await guest.sees("Lighthouse of Marrow Bay")
        headline = alert.locator("a:has(strong)")
        await expect(headline).to_have_text(
            "Lighthouse of Marrow Bay lit again after ten dark years"
        )
        await expect(alert).to_contain_text("The keeper's daughter turned the switch at dusk.")
        await expect(alert.locator("em")).to_contain_text("The Harbour Courier")
        shown = await alert.locator(".text > time").get_attribute("datetime")
        assert shown is not None
        at = datetime.fromisoformat(shown)
        assert abs(at.timestamp() - now) < 60
        local = at.astimezone(ZoneInfo(READERS_ZONE))
        await expect(alert.locator(".text > time")).to_contain_text(f"{local:%H:%M}")
        assert await guest.page.evaluate("window.sameLoad") is True

        async with guest.page.expect_popup() as opened:
            await headline.click()
        article = await opened.value
        await expect(article.locator("h1")).to_have_text(await headline.inner_text())
        await article.close()


async def _first_poll_is_over(guest: Visitor) -> None:
    """Waits until the bot has read the Harbour Courier once: what is there by then never rings."""
    await _finds(guest, "ferry skerries", "The Harbour Courier")


async def test_the_morning_comes_when_a_newcomer_skips_to_it(tmp_path: Path) -> None:
    async with demo(tmp_path) as here, visitor(here.url, READERS_ZONE) as guest:
        await guest.writes("/timezone Osaka")
        await guest.writes("/digest 08:00")
        await guest.writes("/subscribe")
        await _first_poll_is_over(guest)
        toast = guest.page.get_by_test_id("toast")
        await guest.tries("publish")
        await expect(toast).to_have_text(
            re.compile("^(The Harbour Courier|Meridian Wire|Open Led)")
        )
        for words, headline in (
            ("marrow", "Lighthouse of Marrow Bay lit"),
            ("choir", "Choir at sea"),
        ):
            await here.publishes(feed="open-ledger", title=headline, summary="<p>At dusk.</p>")
            shown = await _finds(guest, words, headline)
            await guest.tries("skip")
            await expect(toast).to_have_text(re.compile(r"day.* 08:00 \(Tokyo\)$"))
            await expect(guest.bubble(headline)).to_have_count(shown + 1)
            stamp = guest.bubble(headline).last.locator(".stamp time")
            at = datetime.fromisoformat(await stamp.get_attribute("datetime") or "")
            assert at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 8
        await guest.writes("/latest")
        await guest.sees("Latest stories")


async def _finds(guest: Visitor, words: str, headline: str) -> int:
    """Asks for a story until it is there; in how many messages it is then."""
    while True:
        before = await guest.bubble(words).count()
        await guest.writes(f"/latest {words}")
        # The question and its answer; others may come meanwhile.
        await expect(guest.bubble(words)).to_have_count(before + 2)
        if found := await guest.bubble(headline).count():
            return found


async def test_latest_turns_its_pages_in_the_same_message(bot: Town) -> None:
    titles = [f"Bulletin {number} from the harbour office" for number in range(1, 8)]
    for title in titles:
        bot.playground.newsroom.publish("harbour-post", title)
    await bot.stored(*titles)
    async with visitor(bot.playground.url) as guest:
        await guest.writes("/latest")
        listed = await guest.sees("Latest stories")
        headlines = listed.locator("a:has(strong)")
        await expect(headlines).to_have_count(5)
        newest = await headlines.all_inner_texts()

        await guest.presses("Older →", listed)
        await expect(headlines).to_have_count(2)
        assert sorted(newest + await headlines.all_inner_texts()) == sorted(titles)
        await expect(listed.locator(".edited")).to_be_visible()

        await guest.presses("← Newer", listed)
        await expect(headlines).to_have_text(newest)
        await expect(listed.locator(".waiting")).to_have_count(0)
        await expect(guest.bubbles).to_have_count(2)


async def test_with_a_topic_instead_of_everything_only_what_matches_arrives(
    bot: Town,
) -> None:
    async with visitor(bot.playground.url) as guest:
        await guest.writes("/subscribe")
        await guest.sees("This chat follows every story")
        await guest.writes("/unsubscribe")
        await guest.sees("no longer follows every story")
        await guest.writes("/topic ceasefire")
        await guest.sees("Following ceasefire")

        newsroom = bot.playground.newsroom
        other = "Bakers of Velmora agree on the size of rolls"
        newsroom.publish("harbour-post", other)
        await bot.stored(other)
        newsroom.publish("hill-radio", "Ceasefire in the Kharan valley holds")
        alert = await guest.sees("in the Kharan valley holds")
        await expect(alert).to_contain_text("Hill Radio")
        await expect(guest.page.get_by_test_id("published")).to_contain_text("Bakers")
        await expect(guest.bubble("Bakers")).to_have_count(0)


async def test_in_a_group_only_its_administrators_change_what_it_follows(bot: Town) -> None:
    async with visitor(bot.playground.url) as guest:
        await guest.opens(GROUP)
        await guest.speaks_as("Ben")
        await guest.writes("/subscribe")
        await guest.sees("Only administrators can change that.")
        await guest.speaks_as("Ada (admin)")
        await guest.writes("/subscribe")
        await guest.sees("This chat follows every story")

        await guest.opens(ADA_ID)
        bot.playground.newsroom.publish("hill-radio", "Tunnel through the ridge opens to cars")
        line = guest.page.get_by_test_id(f"chat-{GROUP}")
        await expect(line.locator(".unread")).to_have_text("1")
        await guest.opens(GROUP)
        await guest.sees("Tunnel through the ridge")
        await expect(line.locator(".unread")).to_have_count(0)


async def test_a_topic_of_a_forum_keeps_its_alerts_to_itself(bot: Town) -> None:
    async with visitor(bot.playground.url) as guest:
        await guest.opens(FORUM, "Science")
        await guest.writes("/topic probe")
        await guest.sees("Following probe")
        await guest.opens(FORUM, "Middle East")
        bot.playground.newsroom.publish("hill-radio", "Probe finds ice on the moon Ithra")
        science = guest.page.get_by_role("tab", name="Science")
        await expect(science.locator(".unread")).to_have_text("1")
        await expect(guest.bubble("Probe finds ice")).to_have_count(0)
        await guest.opens(FORUM, "General")
        await expect(guest.bubble("Probe finds ice")).to_have_count(0)
        await guest.opens(FORUM, "Science")
        await guest.sees("Probe finds ice")


async def test_why_and_whynot_answer_in_reply_to_the_alert(bot: Town) -> None:
    async with visitor(bot.playground.url) as guest:
        await guest.writes("/topic Ferries: ferry storm")
        await guest.sees("Following Ferries")
        newsroom = bot.playground.newsroom
        newsroom.publish("harbour-post", "Ferry to Lund Island resumes after storm", "At noon.")
        await guest.sees("At noon.")
        again = newsroom.publish("hill-radio", "Ferry to Lund Island resumes after storm")
        await bot.reports(2)
        bot.ahead += 61
        alert = await guest.sees("Also: ")
        await guest.replies(alert, "/why")
        answer = await guest.sees("Why this alert")
        await expect(answer.locator(".quote")).to_contain_text("Ferry to Lund Island")
        await expect(answer).to_contain_text("Topic Ferries: it found ferry, storm")
        await expect(answer).to_contain_text("Source: \u2068Harbour Post")
        await expect(answer.locator("a")).to_have_attribute("title", again.link)
        await guest.writes(f"/whynot {again.link}")
        answer = await guest.sees("Its story came")
        await expect(answer.locator(".quote")).to_contain_text("Ferry to Lund Island")

        choir = newsroom.publish("hill-radio", "Ferry museum opens in the hills on Friday")
        await bot.stored(choir.title)
        await guest.writes(f"/whynot {choir.link}")
        answer = await guest.sees("No topic fits this story.")
        await expect(answer).to_contain_text("it has ferry, it lacks storm")
        await picture(guest, "why")


async def test_two_taps_follow_a_ready_made_topic_and_a_typed_one_takes_other_names(
    tmp_path: Path,
) -> None:
    async with demo(tmp_path) as here, visitor(here.url) as guest:
        await guest.page.get_by_test_id("start").click()
        await guest.presses("Skip →", await guest.sees("1 of 4"))
        await guest.sees("2 of 4")
        menu = guest.bubbles.last
        await guest.presses("Middle East", menu)
        await expect(menu.get_by_text("✓ Middle East", exact=True)).to_be_visible()
        await picture(guest, "presets")

        await guest.writes("/topic Strip: gaza")
        page = await guest.sees("Following Strip")
        await guest.presses("Add other names", page)
        page = await guest.sees("Words of Strip")
        await guest.presses("+ Gaza Strip", page)
        await expect(page).to_contain_text('gaza OR "gaza strip"')
        await picture(guest, "names")
        await guest.presses("← Back", page)
        page = await guest.sees("At once · with sound")
        await guest.presses("Sound: on", page)
        page = await guest.sees("Strip: Sound")
        await guest.presses("Off", page)
        await expect(page.get_by_text("✓ Off", exact=True)).to_be_visible()

        await _first_poll_is_over(guest)
        await here.publishes(
            feed="harbour-courier",
            title="Aid ships wait off the Gaza Strip",
            summary="<p>Three ships with flour wait for leave to enter.</p>",
        )
        alert = await guest.sees("Aid ships wait")
        await guest.presses("Options", alert)
        await guest.presses("More like this", alert)
        await picture(guest, "alert-options")


async def test_settings_are_screens_of_choices_in_one_message(bot: Town) -> None:
    async with visitor(bot.playground.url) as guest:
        await guest.writes("/settings")
        page = await guest.sees("Settings of this chat")
        page = guest.bubbles.last
        buttons = page.get_by_test_id("keyboard-button")
        await buttons.filter(has_text="Quiet hours: off").click()
        await guest.presses("22:00–07:00", page)
        await expect(buttons.filter(has_text="✓ 22:00–07:00")).to_be_visible()
        await buttons.filter(has_text="Time zone: UTC").click()
        await buttons.filter(has_text="London").click()
        await expect(buttons.filter(has_text="✓ London")).to_be_visible()
        await guest.presses("← Back", page)
        await expect(page).to_contain_text("At once · quiet 22:00–07:00 · London ")
        await picture(guest, "settings")
        await expect(guest.bubbles).to_have_count(2)

        await guest.writes("/timezone Birmingham")
        asked = await guest.sees("Which place is nearest to you?")
        await asked.get_by_text("Birmingham, United States").click()
        await guest.sees("It is")
    async with bot.storage() as storage:
        chat = await storage.chats.get(ADA_ID)
    assert chat is not None
    assert (chat.habits.quiet, chat.timezone) == ((1320, 420), "America/Chicago")


async def test_pictures_are_shown_without_leaving_this_machine(bot: Town) -> None:
    await bot.ask("/subscribe")
    screen = await bot.turned(await bot.ask("/settings"), "Look", "Pictures")
    await bot.turned(screen, "Pictures", "✓ Pictures")
    publish = bot.playground.newsroom.publish
    publish("harbour-post", "Lighthouse lit again", image="https://harbour-post.example/1.png")
    await bot.alert("Lighthouse lit")
    publish("hill-radio", "Choir festival opens", image="https://images.choir.org/1.png")
    await bot.alert("Choir festival")
    async with visitor(bot.playground.url) as guest:
        asked: list[str] = []
        guest.page.on("request", lambda request: asked.append(request.url))
        await guest.page.reload()
        drawn = (await guest.sees("Lighthouse lit")).get_by_test_id("picture")
        await expect(drawn).to_have_js_property("naturalWidth", 800)
        framed = (await guest.sees("Choir festival")).get_by_test_id("picture")
        await expect(framed).to_contain_text("https://images.choir.org/1.png")
        assert asked
        assert all(url.startswith(bot.playground.url) for url in asked)
