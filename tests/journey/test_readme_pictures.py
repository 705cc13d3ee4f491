"""The README's pictures: the demo is brought to three states, and shown as on a phone.

They are written by `make pictures`; else the states are reached, and those that are there are
looked at as files.
"""

import re
import struct
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.playground.clock import MovableClock
from tests.chromium import CHROMIUM
from tests.cli.test_demo import quiet_demo
from tests.journey.visitor import picture, visitor

ROOT = Path(__file__).parent.parent.parent
NAMES = ("first-minute", "alert", "settings")
MOST_BYTES = 200_000
A_SUNDAY = datetime(2027, 3, 7, 9, 41, tzinfo=UTC).timestamp()


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")
async def test_the_demo_reaches_what_the_pictures_show() -> None:
    clock = MovableClock(ahead=A_SUNDAY - time.time())
    async with quiet_demo(clock) as here, visitor(here.url, phone=True) as guest:
        await guest.page.get_by_test_id("chat-5001").click()
        await guest.page.get_by_test_id("start").click()
        answer = guest.bubbles.nth(1)
        await expect(answer.get_by_test_id("keyboard-button").first).to_be_visible()
        await expect(guest.page.locator("#head-note")).to_have_text("bot, online")
        await picture(guest, "first-minute")

        await guest.speaks_as("Ben")
        await guest.writes("/subscribe")
        await expect(guest.bubbles).to_have_count(2)
        first = here.newsroom.publish_next()
        assert first
        alert = guest.bubbles.filter(has=guest.page.get_by_text(first.title))
        await expect(alert).to_have_count(1)
        second = here.newsroom.publish_next()
        assert second
        clock.skip(90)
        await expect(alert).to_contain_text(here.newsroom.outlets[second.feed].title)
        await expect(alert.locator(".edited")).to_be_visible()
        await expect(guest.bubbles).to_have_count(3)
        await picture(guest, "alert")

        await guest.writes("/settings")
        await expect(guest.bubbles).to_have_count(5)
        screen = guest.bubbles.last
        await expect(screen).to_contain_text("Settings")
        await expect(screen.get_by_test_id("keyboard-button").last).to_be_in_viewport()
        await picture(guest, "settings")


def test_the_pictures_are_there_small_and_shown_by_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in NAMES:
        path = f"docs/images/{name}.png"
        data = (ROOT / path).read_bytes()
        width, _ = struct.unpack(">II", data[16:24])
        assert width == 2 * 390, path
        assert len(data) <= MOST_BYTES, path
        assert path in readme
    shown = set(re.findall(r"docs/images/[\w-]+\.png", readme))
    assert shown == {f"docs/images/{name}.png" for name in NAMES}
