"""A visitor of the chat page: a real Chromium, and what a person does and sees there."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright, expect

from tests.chromium import ARGUMENTS, CHROMIUM

# A folder for pictures of the page; none are taken without it.
PICTURES = os.environ.get("TOCSIN_SCREENSHOTS")
# The bot answers at once and a feed is read every few seconds: this only bounds a failure.
PATIENCE = 30_000


class Visitor:
    """Somebody before the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.bubbles = page.get_by_test_id("message")

    def bubble(self, part: str) -> Locator:
        """The messages on show that have this part, whatever shows nothing in between."""
        letters = r"[\u2068\u2069]*".join(map(re.escape, part))
        return self.bubbles.filter(has_text=re.compile(letters, re.IGNORECASE))

    async def sees(self, part: str) -> Locator:
        """Waits for exactly one message with this part."""
        await expect(self.bubble(part)).to_have_count(1)
        return self.bubble(part)

    async def writes(self, text: str) -> None:
        """Types a message and sends it."""
        await self.page.get_by_test_id("composer").fill(text)
        await self.page.get_by_test_id("composer").press("Enter")

    async def replies(self, bubble: Locator, text: str) -> None:
        """Writes in reply to a message."""
        await bubble.hover()
        await bubble.get_by_role("button", name="Reply").click()
        await self.writes(text)

    async def presses(self, label: str, bubble: Locator) -> None:
        """Presses a button under a message."""
        await bubble.get_by_test_id("keyboard-button").get_by_text(label, exact=True).click()

    async def opens(self, chat_id: int, thread: str = "") -> None:
        """Opens a chat, and a topic of it."""
        await self.page.get_by_test_id(f"chat-{chat_id}").click()
        if thread:
            await self.page.get_by_role("tab", name=thread).click()

    async def speaks_as(self, name: str) -> None:
        """Goes on as somebody else."""
        await self.page.get_by_test_id("try").click()
        await self.page.get_by_test_id("as-user").select_option(label=name)
        await self.page.keyboard.press("Escape")

    async def tries(self, what: str) -> None:
        """Does one of the things that the page offers besides writing, by its test id."""
        await self.page.get_by_test_id("try").click()
        await self.page.get_by_test_id(what).click()


@asynccontextmanager
async def visitor(
    url: str, timezone: str = "UTC", *, phone: bool = False
) -> AsyncIterator[Visitor]:
    """A visitor who has just opened the page, at a desk or on a `phone`; an error or complaint of
    the page fails the test.
    """
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(
            viewport={"width": 390, "height": 720} if phone else {"width": 1280, "height": 800},
            device_scale_factor=2 if phone else 1,
            timezone_id=timezone,
            locale="en-GB",
            reduced_motion="reduce",
        )
        page.set_default_timeout(PATIENCE)
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text))
        await page.goto(url)
        try:
            yield Visitor(page)
        except BaseException as failure:
            failure.add_note(f"The page complained of: {troubles}")
            raise
        await browser.close()
        assert troubles == []


async def picture(guest: Visitor, name: str) -> None:
    """Keeps a picture of the page, if there is a folder for pictures."""
    await guest.page.mouse.move(0, 0)  # what shows under the pointer only is no part of it
    if PICTURES:
        await guest.page.screenshot(path=Path(PICTURES) / f"{name}.png")
