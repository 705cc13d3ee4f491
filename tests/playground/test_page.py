"""The chat page in a real browser."""

import shutil
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.playground.server import Playground
from bot.playground.world import ADA_ID

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Why this?", callback_data="why")]])

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="there is no Chromium here"),
    pytest.mark.skipif(find_spec("playwright") is None, reason="playwright is not installed"),
]

if find_spec("playwright"):
    from playwright.async_api import Page, async_playwright, expect


@pytest.fixture
async def page(playground: Playground) -> AsyncIterator["Page"]:
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        shown = await browser.new_page(viewport={"width": 1280, "height": 800})
        troubles: list[str] = []
        shown.on("pageerror", lambda error: troubles.append(str(error)))
        shown.on("console", lambda line: troubles.append(line.text))
        await shown.goto(playground.url)
        yield shown
        await browser.close()
        assert troubles == []


async def test_a_visitor_talks_with_the_bot(page: "Page", playground: Playground, bot: Bot) -> None:
    await page.get_by_test_id("start").click()
    await page.get_by_test_id("composer").fill("ceasefire")
    await page.get_by_test_id("composer").press("Enter")
    messages = page.get_by_test_id("message")
    await expect(messages).to_have_count(2)
    heard = [update.message.text for update in await bot.get_updates() if update.message]
    assert heard == ["/start", "ceasefire"]

    sent = await bot.send_message(
        ADA_ID, "<b>Truce</b> &lt;img src=x&gt;", "HTML", reply_markup=KEYBOARD
    )
    await expect(messages.last.locator("strong")).to_have_text("Truce")
    await expect(messages.last.locator("img")).to_have_count(0)

    await page.get_by_test_id("keyboard-button").click()
    await expect(page.locator(".key.waiting")).to_have_count(1)
    query = (await bot.get_updates(offset=-1))[0].callback_query
    assert query
    await query.answer("Because you follow ceasefire.")
    await expect(page.get_by_test_id("toast")).to_have_text("Because you follow ceasefire.")

    await bot.edit_message_text("Truce, also: Beta", ADA_ID, sent.message_id)
    await expect(messages.last).to_contain_text("also: Beta")
    await expect(messages.last.locator(".edited")).to_be_visible()

    playground.newsroom.publish("alpha", "Harvest begins")
    await expect(page.get_by_test_id("published")).to_contain_text("Harvest begins")


async def test_a_message_elsewhere_counts_as_unread(
    page: "Page", playground: Playground, bot: Bot
) -> None:
    forum = next(chat for chat in playground.world.chats.values() if chat.is_forum)
    thread = max(forum.threads)
    await expect(page.get_by_test_id("chat-list").locator("li")).to_have_count(5)
    await bot.send_message(forum.id, "In the topic", message_thread_id=thread)
    line = page.get_by_test_id(f"chat-{forum.id}")
    await expect(line.locator(".unread")).to_have_text("1")
    await line.click()
    await page.get_by_test_id(f"thread-{thread}").click()
    await expect(page.get_by_test_id("message").last).to_contain_text("In the topic")
    await expect(line.locator(".unread")).to_have_count(0)


async def test_a_visitor_sends_a_document_and_saves_one(
    page: "Page", playground: Playground, bot: Bot
) -> None:
    await page.get_by_test_id("composer").fill("/import")
    await page.get_by_test_id("attach").set_input_files(
        {"name": "feeds.opml", "mimeType": "text/xml", "buffer": b"<opml/>"}
    )
    mine = page.get_by_test_id("message").filter(has_text="feeds.opml")
    await expect(mine).to_contain_text("/import")
    async with page.expect_download() as saved:
        await mine.get_by_test_id("document").click()
    path = await (await saved.value).path()
    assert path.read_bytes() == b"<opml/>"
    await bot.send_document(ADA_ID, b"{}", filename="chat.json")
    await expect(page.get_by_test_id("document").filter(has_text="chat.json")).to_be_visible()
