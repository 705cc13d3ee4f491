"""Every language that the bot is offered in: its screens, who is greeted in which, and menus."""

import pytest

from bot.news.chat import FirstStep
from bot.texts.catalogues import catalogue, forget, offered
from bot.texts.languages import ENGLISH, NAMES
from bot.texts.locale import Locale
from bot.texts.translating.check import width
from handlers.floods import MOST
from handlers.receiving.introduction import introduce
from handlers.screens.callback_data import pack
from handlers.screens.setting_screens import SCREENS
from tests.delivery.test_render import Parsed
from tests.handlers.delivering import deliver
from tests.handlers.stage import ADA_ID, BEN_ID, BOT_ID, GROUP, START, Shown, Stage, bot_on

pytestmark = pytest.mark.slow

OTHERS = [each for each in offered() if each != ENGLISH]
NEWS = "Ferry to Lund Island resumes in fair weather"
ASKED = (
    "/help", "/settings", "/latest", "/latest ferry", "/search nothing at all", "/sources", "/top",
    "/top week", "/status", "/privacy", "/mute", "/mute storm", "/mute storm 2d", "/cap 1",
    "/cap 300", "/timezone", "/timezone London", "/timezone nowhere at all", "/language de en",
    "/language tlh", "/digest 08:00 18:00", "/digest weekends hourly", "/digest off", "/digest 99",
    "/quiet", "/quiet 22-7", "/quiet off", "/subscribe", "/subscribe Hill Radio",
    "/unsubscribe Hill Radio", "/why", "/whynot https://h.example/x", "/channels", "/addfeed nope",
    "/topic", "/topic test ferry", "/topic OR", "/topic remove nope", "/nothing", "hello", "ferry",
    "/forget", "/stop", "/start",
)  # fmt: skip


def looks_right(shown: Shown) -> None:
    """Telegram takes it, whatever is set apart ends, and what has no name in it fits a button."""
    read = Parsed(shown.html)
    for text in (read.text, *shown.labels):
        assert text.count("\u2068") == text.count("\u2069"), text
        assert "{" not in text, text
    for label in shown.labels:
        of_ours = not any(sign.isdigit() or sign in ":：" for sign in label)
        assert width(label) <= (24 + len("✓ ") if of_ours else 48), label


async def every_button(here: Stage, page: Shown) -> None:
    """Presses all buttons of a screen that are there at first, each on the screen as it was."""
    for _, data in list(page.buttons):
        if data:
            await here.press_data(page, data)
            looks_right(here.messages()[-1])
            looks_right(page)


@pytest.mark.parametrize("language", OTHERS)
async def test_each_screen_is_taken_in_each_language(here: Stage, language: str) -> None:
    here.languages[ADA_ID] = language
    first = await here.ask("/start")
    assert not first.text.startswith("News alerts")
    for step in FirstStep:
        await here.press_data(first, pack("first", step))
        looks_right(first)
    topic = await here.ask("/topic Ferries: ferry")
    looks_right(topic)
    await here.publish(NEWS)
    await deliver(here)
    await every_button(here, here.alert(NEWS))
    for asked in ASKED:
        looks_right(await here.ask(asked))
    await every_button(here, await here.ask("/topic"))
    await every_button(here, await here.turned(await here.ask("/topic"), "Ferries"))
    for name in SCREENS:
        page = await here.ask("/settings")
        await here.press_data(page, pack("setting", name))
        looks_right(page)
        await every_button(here, page)


@pytest.mark.parametrize("language", OTHERS)
async def test_who_presses_a_language_is_spoken_to_in_it_from_then_on(
    here: Stage, language: str
) -> None:
    page = await here.ask("/settings")
    english = page.text
    await here.press(page, "Interface: English")
    note = await here.press(page, NAMES[language])
    assert note.strip("\u200e\u200f\u2068\u2069").endswith(NAMES[language])
    assert f"✓ {NAMES[language]}" in [
        label.strip("\u200f\u2068\u2069") for label in page.labels
    ] or (any(NAMES[language] in label and "✓" in label for label in page.labels))
    again = await here.ask("/settings")
    assert again.text != english
    chat = await here.storage.chats.get(ADA_ID)
    assert chat
    assert chat.language == language


async def test_a_group_speaks_at_first_as_who_brought_the_bot(here: Stage) -> None:
    here.languages.update({ADA_ID: "ru-RU", BEN_ID: "de"})
    await here.bot_becomes("member")
    assert "новости" in here.messages(GROUP)[-1].text
    # Others who write there change nothing of it.
    await here.ask("/help", GROUP, user=BEN_ID)
    chat = await here.storage.chats.get(GROUP)
    assert chat
    assert chat.language == "ru"


async def test_a_flood_is_answered_in_the_language_of_who_sent_it(here: Stage) -> None:
    here.languages[ADA_ID] = "de"
    page = await here.ask("/settings")
    for _ in range(MOST + 2):
        await here.say("/help", quickly=True)
    await here.router.drained(ADA_ID)
    german = Locale("de", "UTC", START)
    assert german.plain("That was fast. Wait a little.") == await here.press_data(page, "v1:help")
    assert "Nicht" in here.messages()[-1].text
    assert "/help" in here.messages()[-1].text


async def test_an_old_button_is_answered_in_the_language_of_who_presses(here: Stage) -> None:
    here.languages[ADA_ID] = "fr"
    page = await here.ask("/settings")
    said = Locale("fr", "UTC", START).plain("This menu is old. Send /help for a new one.")
    assert await here.press_data(page, "v0:gone") == said
    assert not said.startswith("This")


async def test_menus_and_descriptions_are_sent_in_each_language_and_not_twice(here: Stage) -> None:
    bot, kept = bot_on(here.wire), here.storage.introductions
    english = Locale("en", "UTC", START)
    await introduce(bot, BOT_ID, kept, english, everybody=False)
    assert {each["language_code"] for each in here.wire.introduced} == {""}
    before = len(here.wire.introduced)
    await introduce(bot, BOT_ID, kept, english, everybody=True)
    sent = here.wire.introduced[before:]
    assert {each["language_code"] for each in sent} == {each.partition("-")[0] for each in NAMES}
    assert len(sent) == before * len(NAMES)
    texts = [each["description"] for each in sent if "description" in each]
    assert len(set(texts)) == len(texts)
    here.wire.introduced.clear()
    forget()
    for everybody in (False, True):
        await introduce(bot, BOT_ID, kept, english, everybody=everybody)
    assert here.wire.introduced == []
    assert catalogue.cache_info().misses <= 1  # nor was any catalogue read to find that
    # Who has no language of ours sees the one of the settings: what was said in it is said anew.
    for language in ("uk", "en"):
        here.wire.introduced.clear()
        await introduce(bot, BOT_ID, kept, Locale(language, "UTC", START), everybody=False)
        assert len(here.wire.introduced) == before


async def test_a_city_that_only_cldr_knows_in_a_language_is_understood(here: Stage) -> None:
    here.languages[ADA_ID] = "ru"
    assert "Норонья" in (await here.ask("/timezone норонья")).text
    chat = await here.storage.chats.get(ADA_ID)
    assert chat
    assert chat.timezone == "America/Noronha"
    here.languages[BEN_ID] = "de"
    await here.ask("/quiet 22 Uhr - 7 Uhr", BEN_ID, user=BEN_ID)
    other = await here.storage.chats.get(BEN_ID)
    assert other
    assert other.habits.quiet == (1320, 420)
