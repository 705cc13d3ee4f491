"""The chat page without a mouse, without eyes, and on the smallest telephone."""

from importlib.util import find_spec

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup

from bot.playground.chats.world import ADA_ID, Json
from bot.playground.server import Playground
from tests.chromium import in_chromium

pytestmark = in_chromium

if find_spec("playwright"):
    from playwright.async_api import Page, expect

COMMANDS = [BotCommand("latest", "Newest"), BotCommand("top", "Most"), BotCommand("topic", "Words")]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


async def _tree(page: "Page") -> list[Json]:
    """Chromium's own accessibility tree, as a screen reader is given it."""
    session = await page.context.new_cdp_session(page)
    found: Json = await session.send("Accessibility.getFullAXTree")
    return [node for node in found["nodes"] if not node["ignored"]]


def _names(tree: list[Json], role: str) -> list[str]:
    named = [node for node in tree if node["role"]["value"] == role]
    return [str(node.get("name", {}).get("value", "")) for node in named]


def _property(node: Json, name: str) -> object:
    found = [p["value"].get("value") for p in node.get("properties", []) if p["name"] == name]
    return found[0] if found else None


async def test_arrows_choose_a_command_enter_takes_it_and_escape_closes(
    page: "Page", bot: Bot
) -> None:
    await bot.set_my_commands(COMMANDS)
    composer, options = page.get_by_test_id("composer"), page.get_by_role("option")
    await page.reload()
    await composer.fill("/to")
    await expect(options).to_have_text(["/top Most", "/topic Words"])
    chosen = page.locator("[role=option][aria-selected=true]")
    await expect(chosen).to_have_count(0)
    for key, text in (
        ("ArrowDown", "/top Most"),
        ("ArrowDown", "/topic Words"),
        ("ArrowDown", "/top Most"),
        ("ArrowUp", "/topic Words"),
    ):
        await composer.press(key)
        await expect(chosen).to_have_text(text)
        active = await composer.get_attribute("aria-activedescendant")
        await expect(page.locator(f"#{active}")).to_have_text(text)
        await expect(composer).to_be_focused()
    await composer.press("Escape")
    await expect(options).to_have_count(0)
    await expect(composer).not_to_have_attribute("aria-activedescendant", "command-1")

    await page.get_by_test_id("menu").click()
    await expect(options).to_have_count(3)
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("message").last).to_contain_text("/topic")
    # What was typed whole is sent as it is, though a longer command stands below it.
    await composer.fill("/top")
    await composer.press("Enter")
    await expect(page.get_by_test_id("message")).to_have_count(2)
    heard = [update.message.text for update in await bot.get_updates() if update.message]
    assert heard == ["/topic", "/top"]


async def test_a_screen_reader_is_given_who_when_and_what(
    page: "Page", playground: Playground, bot: Bot
) -> None:
    await bot.set_my_commands(COMMANDS)
    await page.get_by_test_id("start").click()
    keys = [[InlineKeyboardButton("Older →", callback_data="o")]]
    sent = await bot.send_message(
        ADA_ID, "<b>Truce</b> signed", "HTML", reply_markup=InlineKeyboardMarkup(keys)
    )
    await bot.edit_message_text("Truce signed, also: Beta", ADA_ID, sent.message_id)
    await expect(page.get_by_test_id("message").last).to_contain_text("also: Beta")
    playground.people.send_location(ADA_ID, 38.7223, -9.1393)
    await expect(page.get_by_test_id("message")).to_have_count(3)
    stamp = await page.get_by_test_id("message").first.locator("time").inner_text()

    tree = await _tree(page)
    assert _names(tree, "article") == [
        f"You, {stamp}: /start",
        f"Tocsin, {stamp}, edited: Truce signed, also: Beta",
        f"You, {stamp}: Location: Lisbon",
    ]
    (log,) = [node for node in tree if node["role"]["value"] == "log"]
    assert (log["name"]["value"], _property(log, "live")) == ("Messages", "polite")
    assert _property(log, "busy") in (None, False)
    for role in ("button", "textbox", "link", "region", "tab", "Section"):
        assert all(_names(tree, role)), role

    await page.get_by_test_id("composer").fill("/")
    await page.get_by_test_id("composer").press("ArrowDown")
    tree = await _tree(page)
    assert _names(tree, "listbox") == ["Commands"]
    options = [node for node in tree if node["role"]["value"] == "option"]
    assert [_property(node, "selected") for node in options] == [True, False, False]
    await page.get_by_test_id("try").click()
    assert "You are" in _names(await _tree(page), "combobox")


@pytest.mark.parametrize("width", [320, 390])
async def test_nothing_has_to_be_scrolled_sideways(
    page: "Page", playground: Playground, bot: Bot, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 700})
    assert await _sticks_out(page) == []
    forum = next(chat for chat in playground.world.chats.values() if chat.is_forum)
    playground.people.open_topic(forum.id, LONG)
    await page.get_by_test_id(f"chat-{ADA_ID}").click()
    await page.get_by_test_id("start").click()
    playground.people.say(ADA_ID, f"{LONG}{LONG}")
    playground.people.send_document(ADA_ID, f"{LONG}.opml", b"<opml/>", caption=LONG)
    for text, labels in (
        (f"<b>{LONG}</b> https://{LONG.lower()}.example/{LONG}", ["x" * 24, "y" * 24, "z" * 24]),
        (f"<pre>{'| column ' * 30}</pre><code>/quiet {'22:00-07:00' * 9}</code>", [LONG]),
        (f"<blockquote expandable>{LONG * 9}</blockquote>", ["1", "2", "3", "4", "5", "6", "7"]),
        ("\n".join(f"Sources: {n}, of which {n} fail at the moment" for n in range(9)), []),
    ):
        keys = [InlineKeyboardButton(label, callback_data="d") for label in labels]
        markup = InlineKeyboardMarkup([keys]) if keys else None
        await bot.send_message(ADA_ID, text, "HTML", reply_markup=markup)
    picture = f"https://pictures.example.org/{LONG}.png"
    await bot.send_photo(ADA_ID, picture, caption=LONG)
    await expect(page.get_by_test_id("message")).to_have_count(8)
    assert await _sticks_out(page) == []
    await page.get_by_test_id("try").click()
    assert await _sticks_out(page) == []
    await page.get_by_test_id("publish").click()
    await page.get_by_test_id("menu").click()
    assert await _sticks_out(page) == []
    await page.get_by_role("button", name="Back to the chats").click()
    await page.get_by_test_id(f"chat-{forum.id}").click()
    assert await _sticks_out(page) == []
    channel = next(chat for chat in playground.world.chats.values() if chat.type == "channel")
    playground.people.say(channel.id, f"{LONG}{LONG}")
    await page.get_by_role("button", name="Back to the chats").click()
    await page.get_by_test_id(f"chat-{channel.id}").click()
    await expect(page.get_by_test_id("message")).to_have_count(1)
    assert await _sticks_out(page) == []


async def _sticks_out(page: "Page") -> list[str]:
    """What reaches over the edge of the screen or of the box it scrolls in, threads apart: their
    row is one to be moved.
    """
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll("body *")]
          .filter((node) => node.checkVisibility() && !node.closest(".threads, input"))
          .filter((node) => {
            const box = node.getBoundingClientRect();
            const moves = ["auto", "scroll"].includes(getComputedStyle(node).overflowX);
            return box.left < -0.5 || box.right > innerWidth + 0.5
              || (moves && node.scrollWidth > node.clientWidth);
          })
          .map((node) => `${node.tagName} ${node.className} ${node.textContent.slice(0, 30)}`)"""
    )
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["the page"] if wide else [])]
