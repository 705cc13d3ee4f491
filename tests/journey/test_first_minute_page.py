"""The first minute on a phone: the chat page in Chromium, 390 pixels wide."""

from pathlib import Path

from playwright.async_api import expect

from bot.playground.chats.world import ADA_ID
from tests.chromium import in_chromium
from tests.journey.town import Town
from tests.journey.visitor import PICTURES, Visitor, visitor

pytestmark = in_chromium


async def _photographed(guest: Visitor, name: str) -> None:
    if PICTURES:
        await guest.page.screenshot(path=Path(PICTURES) / f"first-{name}.png")


async def test_a_newcomer_goes_through_it_with_the_thumb(bot: Town) -> None:
    headline = "Ferry to Lund Island resumes after the storm"
    bot.playground.newsroom.publish("harbour-post", headline, "<p>The first boat left at noon.</p>")
    await bot.stored(headline)
    async with visitor(bot.playground.url, "Europe/London") as guest:
        await guest.page.set_viewport_size({"width": 390, "height": 844})
        await guest.page.get_by_test_id(f"chat-{ADA_ID}").first.click()
        await guest.writes("/start")
        await guest.sees("1 of 4: Languages")
        page = guest.bubbles.last
        await expect(page).to_contain_text(headline)
        await _photographed(guest, "languages")
        await guest.presses("Skip →", page)
        await expect(page).to_contain_text("2 of 4: Topics")
        await guest.presses("Health", page)
        await expect(page.get_by_text("✓ Health", exact=True)).to_be_visible()
        await _photographed(guest, "topics")
        await guest.presses("More topics", page)
        await guest.presses("Sport and culture", page)
        await expect(page).to_contain_text("Topics: Sport and culture")
        await _photographed(guest, "group")
        await guest.presses("← Back", page)
        await expect(page.get_by_text("Ukraine and Russia", exact=True)).to_be_visible()
        await _photographed(guest, "groups")
        await guest.presses("← Back", page)
        await guest.presses("Next →", page)
        await expect(page).to_contain_text("What time is it for you?")
        await _photographed(guest, "clock")
        await guest.presses("Other", page)
        await expect(page).to_contain_text("Send your city")
        await _photographed(guest, "place")
        await guest.writes("Mumbai")
        await guest.sees("4 of 4: Night")
        night = guest.bubbles.last
        await _photographed(guest, "night")
        await guest.presses("Quiet 22:00–07:00", night)
        await expect(night).to_contain_text("quiet 22:00–07:00 · Kolkata")
        await expect(night).to_contain_text("Health")
        await _photographed(guest, "end")
        await guest.writes("/start")
        await guest.sees("Alerts are on")
        await _photographed(guest, "home")
