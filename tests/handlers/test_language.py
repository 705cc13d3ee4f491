"""/language: the languages of the news as buttons and in words."""

import pytest
from msgspec.structs import replace

from bot.news.chat import Subscription
from bot.news.feed import PollRecord
from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, Stage
from tests.storage.samples import report, traces_of

TITLES = {"en": "Ferry leaves the pier", "de": "Fähre legt ab", "fr": "Le ferry part"}


@pytest.fixture
async def here(here: Stage) -> Stage:
    """A stage with a chat that chose no language yet, as groups do not."""
    await here.ask("/language all")
    return here


async def _news(here: Stage, tags: list[str | None], title: str = "Headline") -> None:
    """A story each in languages as feeds call them, in a feed of the catalogue."""
    feed = min(await here.storage.feeds.all(), key=lambda each: each.id)
    now = here.clock[0]
    first = int(now) % 1_000_000 * 1_000
    made = [
        report(first + n, title=f"{title} {n} {tag}", language=tag, published_at=now - n)
        for n, tag in enumerate(tags)
    ]
    record = PollRecord(replace(feed, settled=True), traces_of(made), tuple(made))
    await here.storage.feeds.record([record], now)
    while await here.storage.stories.unplaced(1):
        await here.desk.step()


async def _chosen(here: Stage, chat_id: int = ADA_ID) -> tuple[str, ...]:
    chat = await here.storage.chats.get(chat_id)
    assert chat
    return chat.habits.languages


async def test_the_screen_offers_the_languages_that_news_came_in(here: Stage) -> None:
    await _news(here, ["de-AT", "de", "de", "en-GB", "en", "fr", None, "mul", "tlh-x"])
    screen = await here.ask("/language")
    assert screen.labels[:3] == ["German", "English", "French"]
    assert screen.labels[-2:] == ["✓ All languages", "Interface: English"]
    assert "Alerts come in every language." in screen.text


async def test_a_press_ticks_one_and_says_so_and_another_press_of_it_changes_nothing(
    here: Stage,
) -> None:
    await _news(here, ["de", "en", "fr"])
    screen = await here.ask("/language")
    german = dict(screen.buttons)["German"]
    assert await here.press(screen, "English") == "Alerts come in \u2068English\u2069."
    assert screen.labels == [
        "German",
        "✓ English",
        "French",
        "All languages",
        "Interface: English",
        "← Settings",
    ]
    assert "Alerts come in German, English" not in screen.text
    await here.press_data(screen, german)
    await here.press_data(screen, german)  # the button of a screen that is older
    assert screen.labels[:3] == ["✓ German", "✓ English", "French"]
    assert await _chosen(here) == ("de", "en")
    await here.press(screen, "✓ English")
    assert await _chosen(here) == ("de",)
    assert await here.press(screen, "✓ German") == "Alerts come in every language."
    assert screen.labels[-3] == "✓ All languages"
    await here.press(screen, "French")
    await here.press(screen, "All languages")
    assert await _chosen(here) == ()


async def test_a_screen_has_thirteen_buttons_at_most_and_pages_in_place(here: Stage) -> None:
    codes = "de en fr es it pt ru uk ar he zh ja ko tr pl nl sv da fi el hu"
    tags: list[str | None] = list(codes.split())
    await _news(here, tags)
    screen = await here.ask("/language")
    seen: list[str] = []
    for turn in ("More →", "More →", ""):
        assert len(screen.labels) <= 13
        seen += [each for each in screen.labels if each[0] not in "✓←M" and ":" not in each]
        if turn:
            await here.press(screen, turn)
    assert len(seen) == len(tags)
    assert "page 3 of 3" in screen.text
    last = screen.labels[0]
    await here.press(screen, last)
    assert "page 3 of 3" in screen.text
    assert screen.labels[0] == f"✓ {last}"


async def test_what_was_chosen_is_offered_although_no_news_has_it(here: Stage) -> None:
    await _news(here, ["en"])
    screen = await here.ask("/language is")
    await here.press(screen, "Icelandic")
    assert screen.labels[:3] == ["English", "✓ Icelandic", "All languages"]


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ("de en", ("de", "en")),
        ("DE, en-GB", ("de", "en")),
        ("german and English", ("de", "en")),
        ("in French", ("fr",)),
        ("no", ("no",)),
        ("pt_BR;es", ("es", "pt")),
        ("all", ()),
        ("ALL", ()),
        ("de de de", ("de",)),
        ("only English", ("en",)),
        ("nur deutsch", ("de",)),
        ("no de", ("de", "no")),
        ("English please", ("en",)),
        ("only in German, please", ("de",)),
        ("English and German", ("de", "en")),
        ("German language", ("de",)),
        ("all languages", ()),
        ("alle Sprachen", ()),
        ("все", ()),
        ("English, bitte", ("en",)),
        ("英语和中文", ("en", "zh")),
    ],
)
async def test_words_choose_them(here: Stage, words: str, chosen: tuple[str, ...]) -> None:
    await here.ask("/language fi")
    await here.ask(f"/language {words}")
    assert await _chosen(here) == chosen


@pytest.mark.parametrize(
    ("words", "languages"),
    [
        ("Deutsch und Englisch", ("de", "en")),
        ("français et deutsch", ("de", "fr")),
        ("Русский", ("ru",)),
        ("en e Português", ("en", "pt")),
        ("et", ("et",)),
        ("Bahasa Indonesia", ("id",)),
        ("中文", ("zh",)),
    ],
)
async def test_languages_are_called_by_their_own_names_in_every_chat(
    here: Stage, words: str, languages: tuple[str, ...]
) -> None:
    await here.ask(f"/language {words}")
    assert await _chosen(here) == languages


async def test_a_language_without_news_is_offered_and_not_chosen(here: Stage) -> None:
    await _news(here, ["de", "en"])
    screen = await here.ask("/language klingon")
    assert screen.text.splitlines()[1] == (
        "This week no source had news in Klingon. Press it to choose it all the same."
    )
    assert await _chosen(here) == ()
    assert screen.labels[:3] == ["Klingon", "German", "English"]
    await here.press(screen, "Klingon")
    assert await _chosen(here) == ("tlh",)
    assert screen.text.splitlines()[1] == "This week no source had news in Klingon."
    assert "This week" not in (await here.ask("/language en")).text
    mixed = await here.ask("/language latin de")
    assert await _chosen(here) == ("de", "la")
    assert mixed.text.splitlines()[1] == "This week no source had news in Latin."


@pytest.mark.parametrize(
    "words",
    ["klingonish", "de xx", "and", "😀", "de all", "x" * 500, "no russian", "kein Deutsch",
              "english no russian", "not russian", "all but russian", "anything but russian"],
)  # fmt: skip
async def test_words_that_are_none_are_refused_in_one_sentence(here: Stage, words: str) -> None:
    await here.ask("/language fi")
    said = await here.ask(f"/language {words}")
    assert "de" in said.text
    assert len(said.text) < 120
    assert await _chosen(here) == ("fi",)


async def test_a_member_looks_and_an_administrator_chooses(here: Stage) -> None:
    await _news(here, ["de", "en"])
    seen = await here.ask("/language", GROUP, BEN_ID)
    assert seen.text == (
        "Languages of news\nAlerts come in every language.\nAdministrators can change this."
    )
    assert seen.labels == []
    screen = await here.ask("/language", GROUP)
    refused = await here.press(screen, "German", BEN_ID)
    assert "administrator" in refused
    assert "administrator" in (await here.ask("/language de", GROUP, BEN_ID)).text
    assert await _chosen(here, GROUP) == ()
    await here.press(screen, "German", ADA_ID)
    assert await _chosen(here, GROUP) == ("de",)


@pytest.mark.parametrize(
    "data", ["v1:language_set", "v1:language_set:xx:1:0", "v1:language_set:de"]
)
async def test_a_button_that_cannot_be_read_is_answered(here: Stage, data: str) -> None:
    screen = await here.ask("/language")
    assert "Send /language" in await here.press_data(screen, data)
    assert await _chosen(here) == ()


async def test_another_screen_opens_it(here: Stage) -> None:
    screen = await here.ask("/settings")
    await here.press_data(screen, "v1:language")
    assert "Languages of news" in screen.text


async def test_volumes_count_what_the_chat_would_have_heard(here: Stage) -> None:
    await _news(here, ["de", "de", "de", "en", None], "Ferry news")
    assert "5 stories so far" in (await here.ask("/topic test ferry")).text
    await here.ask("/language en")
    counted = (await here.ask("/topic test ferry")).text
    assert "2 stories so far" in counted
    assert "Ferry news 0 de" not in counted
    assert "I counted only" not in counted
    none = (await here.ask("/topic test zeppelin")).text
    assert "Nothing so far. I began to read" in none
    assert "I counted only news in English." in none
    asked = (await here.ask("/topic test ferry lang:de")).text
    assert "3 stories so far" in asked
    assert "Counted" not in asked
    found = await here.ask("/search ferry")
    assert "Ferry news 0 de" in found.text


async def test_whynot_says_that_it_was_the_language(here: Stage) -> None:
    await here.ask("/start")
    await here.storage.chats.subscribe(Subscription(ADA_ID, 0, None), here.clock[0])
    await here.ask("/language en")
    await _news(here, ["de-AT"], "Fähre legt ab")
    (row,) = await here.storage.stories.newest(None, 1)
    said = (await here.ask(f"/whynot {row.story.link}")).text
    assert "It is in German, which is not chosen here." in said


async def test_the_newest_stories_can_be_kept_to_the_languages_of_the_chat(here: Stage) -> None:
    await _news(here, ["en", "de", "sv", "en", "tr", "de", "en", "en", "sv", "en", "en"])
    assert "Only English" not in (await here.ask("/latest")).labels
    await here.ask("/language en")
    shown = await here.ask("/latest")
    assert "Headline 1 de" in shown.text
    assert shown.labels == ["Older →", "Only English"]
    await here.press(shown, "Only English")
    for number in (0, 3, 6, 7, 9):
        assert f"Headline {number} en" in shown.text
    assert " de" not in shown.text
    assert shown.labels == ["Older →", "All languages"]
    await here.press(shown, "Older →")
    assert "Headline 10 en" in shown.text
    assert shown.labels == ["← Newer", "All languages"]
    await here.press(shown, "← Newer")
    assert "Headline 0 en" in shown.text
    assert " sv" not in shown.text
    await here.press(shown, "All languages")
    assert "Headline 1 de" in shown.text
    await here.ask("/language de tr")
    assert "Only chosen languages" in (await here.ask("/latest")).labels


async def test_who_asks_for_news_in_words_reads_their_languages_where_some_came(
    here: Stage,
) -> None:
    await _news(here, ["en", "de", "sv"])
    await here.ask("/language de")
    shown = await here.ask("any news?")
    assert "Headline 1 de" in shown.text
    assert " en" not in shown.text
    assert shown.labels == ["All languages"]


async def test_where_none_came_in_their_languages_they_read_all(here: Stage) -> None:
    await here.ask("/language fi")
    await _news(here, ["en", "de", "sv"])
    shown = await here.ask("any news?")
    assert "Headline 2 sv" in shown.text
    assert shown.labels == ["Only Finnish"]
    await here.press(shown, "Only Finnish")
    assert "Headline 2 sv" in shown.text


async def test_what_was_looked_for_can_be_kept_to_them_too(here: Stage) -> None:
    await _news(here, ["en", "de", "en"], title="Ferry")
    await here.ask("/language en")
    shown = await here.ask("/latest ferry")
    await here.press(shown, "Only English")
    assert shown.text.startswith("Latest on ferry\n")
    assert "Ferry 0 en" in shown.text
    assert "Ferry 1 de" not in shown.text
    assert shown.labels == ["All languages", "Follow"]
