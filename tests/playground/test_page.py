"""The chat page in a real browser."""

import asyncio
import re
from importlib.util import find_spec

from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.playground.chats.world import ADA_ID, BEN_ID
from bot.playground.server import Playground
from tests.chromium import in_chromium
from tests.playground.conftest import Clock

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Why this?", callback_data="why")]])

pytestmark = in_chromium

if find_spec("playwright"):
    from playwright.async_api import Page, Route, expect


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


async def test_nobody_writes_before_the_page_knows_the_chats(
    page: "Page", playground: Playground
) -> None:
    asked, may_answer = asyncio.Event(), asyncio.Event()

    async def late(route: "Route") -> None:
        asked.set()
        await may_answer.wait()
        await route.continue_()

    await page.route("**/playground/state", late)
    await page.reload()
    await asked.wait()
    await expect(page.get_by_text("connecting")).to_be_visible()
    await expect(page.get_by_test_id("composer")).to_be_hidden()
    may_answer.set()
    await page.get_by_test_id("composer").fill("ceasefire")
    await page.get_by_test_id("composer").press("Enter")
    await expect(page.get_by_test_id("message")).to_have_text(re.compile("ceasefire"))


async def test_a_page_of_another_origin_changes_nothing(
    page: "Page", playground: Playground, bot: Bot
) -> None:
    """Another port is another origin of the same site, another name another site."""
    await page.get_by_test_id("start").click()
    await expect(page.get_by_test_id("message")).to_have_count(1)
    api = f"{playground.url}/bot{playground.token}"
    say = f"{api}/sendMessage?chat_id={ADA_ID}&text=Hello"
    hooked = f"{api}/setWebhook?url=http://127.0.0.1:9/"
    server = web.Application()
    pages = {
        "/": f"""<img src="{say}"><script src="{say}"></script>
            <link rel="stylesheet" href="{hooked}"><iframe src="{say}"></iframe>
            <script>
              const body = "text=Hello&chat_id={ADA_ID}";
              const write = {{ method: "POST", mode: "no-cors", body }};
              Promise.allSettled([
                fetch("{say}", {{ mode: "no-cors" }}), fetch("{hooked}", {{ mode: "no-cors" }}),
                fetch("{api}/sendMessage", write),
              ]).then(() => {{ document.title = "done"; }});
            </script>""",
        "/form": f"""<form method="post" action="{api}/sendMessage">
            <input name="chat_id" value="{ADA_ID}"><input name="text" value="Hello">
            <button>Win</button></form><a href="{say}">Look</a>""",
    }

    async def serve(request: web.Request) -> web.Response:
        return web.Response(text=pages[request.path], content_type="text/html")

    for path in pages:
        server.router.add_get(path, serve)
    browser = page.context.browser
    assert browser is not None
    async with TestServer(server, host="127.0.0.1") as other:
        for host in ("127.0.0.1", "localhost"):
            stranger = await browser.new_page()
            at = other.make_url("/").with_host(host)
            await stranger.goto(str(at))
            await expect(stranger).to_have_title("done")
            for pressed in ("Win", "Look"):
                await stranger.goto(str(at.with_path("/form")))
                async with stranger.expect_navigation() as gone:
                    await stranger.get_by_text(pressed).click()
                answer = await gone.value
                assert answer is not None
                assert answer.status == 403
            await stranger.close()
    assert playground.stage.updates.webhook_url == ""
    assert len(playground.ledger.delivered(ADA_ID)) == 0
    await bot.send_message(ADA_ID, "Here I am.")
    await expect(page.get_by_test_id("message")).to_have_count(2)


async def test_what_did_not_arrive_stays_where_it_was_written(
    page: "Page", playground: Playground
) -> None:
    await page.route("**/playground/say", lambda route: route.fulfill(body="No playground here"))
    await page.get_by_test_id("composer").fill("ceasefire")
    await page.get_by_test_id("composer").press("Enter")
    await expect(page.get_by_test_id("toast")).to_contain_text("The playground does not answer")
    await expect(page.get_by_test_id("composer")).to_have_value("ceasefire")


async def test_a_message_elsewhere_counts_as_unread(
    page: "Page", playground: Playground, bot: Bot
) -> None:
    forum = next(chat for chat in playground.world.chats.values() if chat.is_forum)
    thread = max(forum.threads)
    await expect(page.get_by_test_id("chat-list").locator("li")).to_have_count(4)
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


async def test_the_head_shows_the_bot_and_who_one_is_stands_in_a_menu(
    page: "Page", playground: Playground, bot: Bot
) -> None:
    head, note = page.locator("#head-title"), page.locator("#head-note")
    await expect(head).to_have_text("Tocsin")
    await expect(note).to_have_text("bot, not started")
    await page.get_by_test_id("start").click()
    await expect(note).to_have_text("bot, online")

    await page.get_by_test_id("try").click()
    await expect(page.get_by_test_id("as-user").locator("option")).to_have_text(["Ada", "Ben"])
    await page.get_by_test_id("as-user").select_option(label="Ben")
    await expect(head).to_have_text("Tocsin")
    await expect(page.get_by_test_id("message")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("trying")).to_be_hidden()
    await page.get_by_test_id("composer").fill("/help")
    await page.get_by_test_id("composer").press("Enter")
    await expect(page.get_by_test_id("message")).to_have_count(1)
    senders = [update.effective_user for update in await bot.get_updates()]
    assert [sender.id for sender in senders if sender] == [ADA_ID, BEN_ID]
    await expect(page.get_by_test_id(f"chat-{ADA_ID}")).to_have_count(0)
    await page.get_by_test_id("try").click()
    await page.get_by_test_id("block").click()
    await expect(note).to_have_text("bot, blocked")


async def test_an_anonymous_admin_is_shown_and_is_not_who_wrote_before(
    page: "Page", playground: Playground
) -> None:
    group = next(chat for chat in playground.world.chats.values() if chat.type == "supergroup")
    await page.get_by_test_id(f"chat-{group.id}").click()
    await expect(page.locator("#head-note")).to_have_text("as Ada, 3 members")
    playground.people.say(group.id, "/latest")
    await expect(page.locator(".message.mine")).to_have_count(1)
    await page.get_by_test_id("try").click()
    await page.get_by_test_id("as-user").select_option(label="anonymous admin")
    await expect(page.locator("#head-note")).to_have_text("as anonymous admin, 3 members")
    await expect(page.locator(".message.mine")).to_have_count(0)
    playground.people.say(group.id, "/top", user="anonymous")
    await expect(page.locator(".message.mine")).to_have_count(1)


async def test_a_message_is_edited_from_the_menu_the_bubble_and_the_keyboard(
    page: "Page", bot: Bot
) -> None:
    composer = page.get_by_test_id("composer")
    messages = page.get_by_test_id("message")
    await composer.fill("/latset")
    await composer.press("Enter")
    await expect(messages).to_have_count(1)
    for number in (1, 2, 3):
        if number == 1:
            await page.get_by_test_id("try").click()
            await page.get_by_test_id("edit-last").click()
        elif number == 2:
            await messages.first.hover()
            await messages.first.get_by_role("button", name="Edit").click()
        else:
            await composer.press("ArrowUp")
        await expect(composer).not_to_have_value("")
        await composer.fill(f"/latest {number}")
        await composer.press("Enter")
        await expect(messages.first).to_contain_text(f"/latest {number}")
        await expect(messages.first.locator(".edited")).to_be_visible()
        await expect(composer).to_have_value("")
    edited = [u.edited_message.text for u in await bot.get_updates() if u.edited_message]
    assert edited == ["/latest 1", "/latest 2", "/latest 3"]

    await composer.press("ArrowUp")
    await composer.press("Escape")
    await expect(composer).to_have_value("")
    await composer.fill("/top")
    await composer.press("Enter")
    await expect(messages).to_have_count(2)


async def test_news_a_place_and_the_copying_of_a_text_are_a_press_away(
    page: "Page", bot: Bot
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await expect(page.get_by_test_id("skip")).to_have_count(1)
    await page.get_by_test_id("try").click()
    # The bot of this test goes by a clock of its own.
    await expect(page.get_by_test_id("skip")).to_be_hidden()
    await page.get_by_test_id("places").get_by_text("Nairobi").click()
    place = page.get_by_test_id("message").last
    await expect(place).to_contain_text("Nairobi -1.29, 36.82")
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.location

    link = "https://alpha.example/2031/truce"
    copying = InlineKeyboardButton("Copy link", copy_text=CopyTextButton(link))
    await bot.send_message(ADA_ID, "Truce", reply_markup=InlineKeyboardMarkup([[copying]]))
    await page.get_by_test_id("keyboard-button").click()
    await expect(page.get_by_test_id("toast")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == link

    await page.get_by_test_id("try").click()
    await page.get_by_test_id("publish").click()
    await expect(page.get_by_test_id("toast")).to_have_text("The newsrooms have nothing new.")


async def test_a_newcomer_reads_who_they_are_and_what_each_chat_is_for(
    page: "Page", playground: Playground, bot: Bot
) -> None:
    begin, who = page.get_by_test_id(f"chat-{ADA_ID}"), page.get_by_test_id("whoami")
    await expect(begin).to_contain_text("Begin here")
    await expect(who).to_contain_text("You are Ada.")
    await page.get_by_test_id("start").click()
    await expect(begin).not_to_contain_text("Begin here")
    welcome = page.get_by_test_id("welcome")
    for chat in (chat for chat in playground.world.chats.values() if chat.type != "private"):
        await page.get_by_test_id(f"chat-{chat.id}").click()
        await expect(welcome.get_by_role("heading")).to_have_text(chat.title)
        kind = "A channel" if chat.type == "channel" else "A group"
        await expect(welcome).to_contain_text(kind)
    await welcome.get_by_text("/topic ceasefire").click()
    await expect(page.get_by_test_id("message")).to_have_text(re.compile("/topic ceasefire"))
    heard = [update.channel_post for update in await bot.get_updates()]
    assert heard[-1] is not None
    assert heard[-1].text == "/topic ceasefire"

    await page.get_by_test_id(f"chat-{ADA_ID}").click()
    await page.get_by_test_id("try").click()
    await page.get_by_test_id("as-user").select_option(label="Ben")
    await expect(who).to_contain_text("You are Ben.")


async def test_who_blocks_the_bot_is_told_what_that_means(
    page: "Page", playground: Playground
) -> None:
    await page.get_by_test_id("start").click()
    for label, told in (("Block bot", "can no longer write"), ("Unblock", "may write to you")):
        await page.get_by_test_id("try").click()
        await page.get_by_test_id("block").get_by_text(label).click()
        await expect(page.get_by_test_id("toast")).to_contain_text(told)
        await expect(page.get_by_test_id("trying")).to_be_hidden()
    assert playground.world.chats[ADA_ID].bot_status == "member"


async def test_feeds_are_listed_with_their_form_and_language_in_words(page: "Page") -> None:
    await page.get_by_text("Feed addresses").click()
    await expect(page.locator("#feeds li").first).to_have_text(re.compile("Alpha *RSS, English"))


async def test_a_word_on_a_button_stays_whole_on_a_phone(page: "Page", bot: Bot) -> None:
    await page.set_viewport_size({"width": 390, "height": 720})
    await page.get_by_test_id(f"chat-{ADA_ID}").click()
    await page.get_by_test_id("start").click()
    row = [
        InlineKeyboardButton(text, callback_data="x")
        for text in ("Technology", "Health", "Climate")
    ]
    await bot.send_message(ADA_ID, "Topics", reply_markup=InlineKeyboardMarkup([row]))
    keys = page.get_by_test_id("keyboard-button")
    await expect(keys).to_have_count(3)
    lines = await keys.evaluate_all(
        "keys => keys.map(key => { const words = document.createRange();"
        " words.selectNodeContents(key); return words.getClientRects().length; })"
    )
    assert lines == [1, 1, 1]


async def test_what_one_may_do_with_a_message_on_a_phone_lies_over_no_button(
    page: "Page", bot: Bot
) -> None:
    await page.set_viewport_size({"width": 390, "height": 720})
    await page.get_by_test_id(f"chat-{ADA_ID}").click()
    await page.get_by_test_id("start").click()
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Help", callback_data="x")]])
    await bot.send_message(ADA_ID, "Here I am.", reply_markup=keyboard)
    await expect(page.get_by_test_id("keyboard-button")).to_have_count(1)
    await page.get_by_test_id("composer").fill("hi")
    await page.get_by_test_id("composer").press("Enter")
    key = await page.get_by_test_id("keyboard-button").bounding_box()
    deeds = await page.get_by_test_id("message").last.locator(".deeds").bounding_box()
    assert key
    assert deeds
    assert deeds["y"] >= key["y"] + key["height"]


async def test_what_is_not_of_today_is_shown_with_its_day(
    page: "Page", playground: Playground, clock: Clock
) -> None:
    playground.newsroom.publish("alpha", "Harvest begins", published=clock.now - 2 * 86_400)
    news, newest = page.get_by_test_id("published"), page.locator("#news-count")
    with_a_day = re.compile(r"[A-Z][a-z]{2} \d+, \d\d:\d\d$")
    await expect(news.locator("time")).to_have_text(with_a_day)
    await expect(newest).to_have_text(with_a_day)
    playground.newsroom.publish("alpha", "Harvest ends")
    await expect(newest).to_have_text(re.compile(r"^newest \d\d:\d\d:\d\d$"))

    playground.people.say(ADA_ID, "/start")
    last = page.get_by_test_id(f"chat-{ADA_ID}").locator("time")
    await expect(last).to_have_text(re.compile(r"^\d\d:\d\d$"))
    clock.now += 2 * 86_400
    playground.stage.events.tell("clock", now=clock.now)
    await expect(last).to_have_text(re.compile(r"^[A-Z][a-z]{2} \d+$"))
    await expect(newest).to_have_text(with_a_day)
