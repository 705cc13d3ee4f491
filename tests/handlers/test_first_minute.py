"""The first minute of a private chat: its steps, leaving them, going back, on, and again."""

import base64
import re

import pytest
from msgspec.structs import replace

from bot.actions.zones import likely_times, likely_zones
from bot.news.chat import Chat, FirstStep, Habits
from bot.news.feed import PollRecord
from bot.news.telling.hours import TWICE
from bot.texts.languages import NAMES
from bot.texts.not_ours import line_for
from handlers.commands import first_languages, first_minute, first_topics
from handlers.screens.callback_data import pack
from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, START, Shown, Stage
from tests.storage.samples import chat as old_chat
from tests.storage.samples import report, traces_of

POPULAR = [
    "Middle East", "Ukraine", "Europe", "US politics", "Technology", "Health", "Climate",
    "Football",
]  # fmt: skip
ACTIONS = (*first_languages.ACTIONS, *first_topics.ACTIONS, *first_minute.ACTIONS)
DAY = 86_400.0


async def _chat(here: Stage, chat_id: int = ADA_ID) -> Chat:
    chat = await here.storage.chats.get(chat_id)
    assert chat is not None
    return chat


async def _topics(here: Stage) -> dict[str, str]:
    return {topic.name: topic.query for topic in await here.storage.chats.topics(ADA_ID)}


async def _follows_all(here: Stage) -> bool:
    return any(each.is_all for each in await here.storage.chats.subscriptions(ADA_ID))


async def _news(here: Stage, titles: list[str], at: float, language: str = "en") -> None:
    """Stories that came out at a time, seen then."""
    feed = min(await here.storage.feeds.all(), key=lambda each: each.id)
    first = int(at) % 10_000_000 * 100
    made = [
        report(first + n, title=title, published_at=at + n, language=language)
        for n, title in enumerate(titles)
    ]
    record = PollRecord(replace(feed, settled=True), traces_of(made), tuple(made))
    await here.storage.feeds.record([record], at)
    while await here.storage.stories.unplaced(1):
        await here.desk.step()


async def _at(here: Stage, step: FirstStep) -> Shown:
    """The screen of a step, reached by leaving those before."""
    page = await here.ask("/start")
    for _ in range([*FirstStep].index(step)):
        await here.press(page, next(each for each in page.labels if each in ("Skip →", "Later")))
    return page


async def test_the_first_screen_says_what_it_is_shows_an_alert_and_asks_for_languages(
    here: Stage,
) -> None:
    here.languages[ADA_ID] = "nl"
    await here.publish("Storm closes the port of Lund")
    page = await here.ask("/start")
    title, sources, _, headline, footer, *_ = page.text.splitlines()
    assert title == "News alerts, one for each story"
    assert sources == "I read 2 sources. An alert looks like this:"
    assert headline == "Storm closes the port of Lund"
    assert footer == "Harbour Post · 08:00"
    assert (
        "Alerts come in English and Dutch.\nThe same story can come once in each language."
        in page.text
    )
    assert page.labels == ["✓ Dutch", "✓ English", "More languages", "Skip →"]


async def test_who_speaks_what_our_texts_are_not_in_reads_so_in_their_language(here: Stage) -> None:
    here.languages.update({ADA_ID: "ja", BEN_ID: "de"})
    page = await here.ask("/start")
    assert page.text.splitlines()[-1].replace("\u2060", "") == line_for("ja")
    assert page.text.startswith("News alerts, one for each story")
    german = await here.ask("/start", BEN_ID, user=BEN_ID)
    assert german.text.startswith("Nachrichten")
    assert not any(line_for(each) for each in (*NAMES, "pt-br", "xx-nonsense", "", None))
    assert line_for("nn") == line_for("nb") != ""


async def test_the_example_is_in_a_language_of_the_person(here: Stage) -> None:
    here.languages[ADA_ID] = "es"
    await _news(here, ["El puerto cierra por la tormenta y los barcos"], START - 60, "es")
    await _news(here, ["Порт закрыт из-за шторма"], START - 30, "ru")
    page = await here.ask("/start")
    assert "El puerto cierra" in page.text
    assert "Порт" not in page.text


async def test_without_a_story_it_says_so(here: Stage) -> None:
    page = await here.ask("/start")
    assert "No stories yet. I am reading the sources for the first time." in page.text


@pytest.mark.parametrize(
    ("tag", "kept"),
    [
        ("de", ("de", "en")),
        ("pt-br", ("en", "pt")),
        ("en-GB", ("en",)),
        ("zh-hans", ("en", "zh")),
        ("xx-nonsense", ("en",)),
        (None, ("en",)),
    ],
)
async def test_a_new_private_chat_has_the_languages_offered_whatever_it_begins_with(
    here: Stage, tag: str | None, kept: tuple[str, ...]
) -> None:
    if tag:
        here.languages[ADA_ID] = tag
    await here.ask("/topic ferry")
    assert (await _chat(here)).habits == Habits(languages=kept)
    await here.ask("/topic ferry", GROUP)
    assert (await _chat(here, GROUP)).habits == Habits()
    assert (await _chat(here, GROUP)).first_step is FirstStep.THROUGH


async def test_a_language_with_enough_news_begins_alone_and_english_is_one_tap_away(
    here: Stage,
) -> None:
    here.languages.update({ADA_ID: "nl-BE", BEN_ID: "pl"})
    await _news(here, [f"Bericht {n} uit de haven" for n in range(5)], START - 3600, "nl")
    await _news(here, [f"Nowina {n} z portu" for n in range(4)], START - 7200, "pl")
    await _news(here, [f"Dawna {n} z portu" for n in range(9)], START - 2 * DAY, "pl")
    page = await here.ask("/start")
    assert page.labels == ["✓ Dutch", "English", "More languages", "Skip →"]
    assert page.text.endswith(f"1 of 4: Languages\nAlerts come in Dutch.\n{line_for('nl')}")
    await here.press(page, "English")
    assert page.labels == ["✓ Dutch", "✓ English", "More languages", "Next →"]
    other = await here.ask("/start", BEN_ID, user=BEN_ID)
    assert other.labels[:2] == ["✓ Polish", "✓ English"]


async def test_languages_are_ticked_and_left_in_place_and_none_means_all(here: Stage) -> None:
    here.languages[ADA_ID] = "nl"
    page = await here.ask("/start")
    assert await here.press(page, "✓ Dutch") == "Alerts come in \u2068English\u2069."
    assert page.labels == ["Dutch", "✓ English", "More languages", "Next →"]
    again = dict(page.buttons)["Dutch"]
    await here.press_data(page, again)
    await here.press_data(page, again)
    assert page.labels[0] == "✓ Dutch"
    await here.press(page, "✓ Dutch")
    assert await here.press(page, "✓ English") == "Alerts come in every language."
    assert page.labels == ["Dutch", "English", "✓ All languages", "More languages", "Next →"]
    assert (await _chat(here)).habits.languages == ()


async def test_more_languages_are_those_of_the_news(here: Stage) -> None:
    for tag in ("fr", "it", "ru", "uk", "pl", "nl", "sv", "da", "fi", "no"):
        await _news(here, [f"{tag} 1"], here.clock[0] - 3600, tag)
        here.clock[0] += 1
    page = await here.ask("/start")
    await here.press(page, "More languages")
    assert "page 1 of 2" in page.text
    assert page.labels[-2:] == ["More →", "Done"]
    await here.press(page, "French")
    assert "✓ French" in page.labels
    await here.press(page, "More →")
    assert "page 2 of 2" in page.text
    await here.press(page, "Done")
    assert page.labels == ["✓ English", "✓ French", "More languages", "Next →"]
    assert (await _chat(here)).habits.languages == ("en", "fr")
    await here.press(page, "More languages")
    await here.press(page, "All languages")
    assert (await _chat(here)).habits.languages == ()


async def test_topics_are_eight_then_groups_and_a_group_a_screen(here: Stage) -> None:
    page = await _at(here, FirstStep.TOPICS)
    assert page.labels == [*POPULAR, "More topics", "Everything", "← Back", "Skip →"]
    await here.press(page, "More topics")
    assert page.labels[:3] == ["World", "Middle East", "Ukraine and Russia"]
    await here.press(page, "Sport and culture")
    assert page.text.startswith("Topics: Sport and culture")
    assert page.labels == ["Football", "Sport", "Culture", "Music", "Media", "Travel", "← Back"]
    await here.press(page, "Music")
    assert "✓ Music" in page.labels
    await here.press(page, "← Back")
    await here.press(page, "← Back")
    # What was found elsewhere stands with the others.
    assert page.labels == [
        *POPULAR, "✓ Music", "More topics", "Everything", "← Back", "Next →",
    ]  # fmt: skip


async def test_volumes_stand_on_the_buttons_once_whole_days_were_seen(here: Stage) -> None:
    for day in range(2, 0, -1):
        titles = [f"Ukraine, day {day}: report {n} from the front" for n in range(6)]
        titles += [f"Choir number {n} of {day} sings" for n in range(24)]
        await _news(here, titles, START - day * DAY)
    await _news(here, [f"Украина: сводка {n}" for n in range(10)], START - DAY / 2, "ru")
    page = await _at(here, FirstStep.TOPICS)
    assert "Ukraine · 6 a day" in page.labels
    assert "Everything · 30 a day" in page.labels
    assert "Football" in page.labels
    note = await here.press(page, "Ukraine · 6 a day")
    assert note == "Following Ukraine, about 6 a day."
    await here.press(page, "← Back")
    await here.press(page, "✓ English")  # none is left: all languages
    await here.press(page, "Next →")
    assert "✓ Ukraine · 11 a day" in page.labels


async def test_everything_asks_how_where_it_is_much_and_does_what_is_answered(
    here: Stage,
) -> None:
    for hour in range(48, 0, -1):
        titles = [f"Bulletin {n} of hour {hour} from the harbour" for n in range(3)]
        await _news(here, titles, START - hour * 3600)
    page = await _at(here, FirstStep.TOPICS)
    everything = next(each for each in page.labels if each.startswith("Everything"))
    await here.press(page, everything)
    assert page.text == "Everything is about 72 alerts a day\nHow do you want them?"
    assert page.labels == [
        "Digest at 08:00 and 18:00", "At most 12 a day", "All of them, at once", "← Back",
    ]  # fmt: skip
    assert not await _follows_all(here)
    await here.press(page, "← Back")
    await here.press(page, everything)
    assert "about 72 a day" in await here.press(page, "At most 12 a day")
    assert await _follows_all(here)
    assert (await _chat(here)).habits.cap == 12
    assert f"✓ {everything}" in page.labels
    assert await here.press(page, f"✓ {everything}") == "Unfollowed all news. Topics stay."
    assert not await _follows_all(here)
    await here.press(page, everything)  # nothing to ask: the limit holds
    assert await _follows_all(here)


@pytest.mark.parametrize(
    ("answer", "habits"),
    [("digest", Habits(digest=TWICE)), ("all", Habits()), ("cap", Habits(cap=12))],
)
async def test_each_answer_on_everything_sets_what_it_says(
    here: Stage, answer: str, habits: Habits
) -> None:
    page = await _at(here, FirstStep.TOPICS)
    await here.press_data(page, pack("first_all", answer))
    assert await _follows_all(here)
    assert (await _chat(here)).habits == replace(habits, languages=("en",))


async def test_a_young_catalogue_asks_too_when_much_came_already(here: Stage) -> None:
    for minute in range(20, 0, -1):
        titles = [f"Bulletin {n} of minute {minute} from the harbour" for n in range(3)]
        await _news(here, titles, START - minute * 60)
    page = await _at(here, FirstStep.TOPICS)
    assert "Everything" in page.labels
    await here.press(page, "Everything")
    assert page.text == "60 stories so far.\nHow do you want them?"


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
async def test_no_clock_is_offered_that_is_not_the_countrys_own(language: str) -> None:
    places = [*await likely_times(language, START), *await likely_zones(language)]
    assert places
    assert "Europe/Simferopol" not in [place.zone for place in places]


async def test_the_clock_offers_likely_times_and_goes_on_when_one_is_pressed(here: Stage) -> None:
    page = await _at(here, FirstStep.CLOCK)
    assert page.text == "3 of 4: Clock\nWhat time is it for you?"
    assert page.labels == [
        "New York 03:00", "London 08:00", "Kolkata 13:30", "Other", "← Back", "Skip →",
    ]  # fmt: skip
    assert "London" in await here.press(page, "London 08:00")
    assert (await _chat(here)).timezone == "Europe/London"
    assert page.text.startswith("4 of 4: Night")
    await here.press(page, "← Back")
    assert "✓ London 08:00" in page.labels
    assert page.labels[-1] == "Next →"


@pytest.mark.parametrize("language", ["de", "ru", "ar", "hi", "tlh", ""])
async def test_there_are_one_to_three_times_in_every_language(here: Stage, language: str) -> None:
    here.languages[ADA_ID] = language
    page = await here.ask("/start")
    await here.press_data(page, pack("first", FirstStep.CLOCK))
    times = [label for label in page.labels if re.search(r"\d\d:\d\d\W*$", label)]
    assert 1 <= len(times) <= 3
    assert len({re.sub(r"[^\d:]", "", each) for each in times}) == len(times)


async def test_a_city_written_right_after_other_sets_the_clock(here: Stage) -> None:
    page = await _at(here, FirstStep.CLOCK)
    await here.press(page, "Other")
    assert "Send your city" in page.text
    night = await here.ask("Mumbai")
    assert night.text.startswith("4 of 4: Night")
    assert (await _chat(here)).timezone == "Asia/Kolkata"
    assert (await _chat(here)).first_step is FirstStep.NIGHT


async def test_a_city_written_when_the_time_is_asked_for_sets_the_clock(here: Stage) -> None:
    await _at(here, FirstStep.CLOCK)
    assert (await here.ask("I live in Mumbai")).text.startswith("4 of 4: Night")
    assert (await _chat(here)).timezone == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ("English and German", ("de", "en")),
        ("nur deutsch", ("de",)),
        ("Русский, English", ("en", "ru")),
    ],
)
async def test_languages_that_are_written_are_chosen(
    here: Stage, words: str, chosen: tuple[str, ...]
) -> None:
    await _at(here, FirstStep.LANGUAGES)
    assert (await here.ask(words)).text.startswith("2 of 4: Topics")
    assert here.messages()[-2].text.startswith("Alerts come in ")
    assert sorted((await _chat(here)).habits.languages) == list(chosen)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "all"), ("en", "everything"), ("en", "All languages!"), ("de", "alle"),
     ("ru", "все"), ("ru", "все языки"), ("fr", "toutes les langues"), ("zh-hans", "全部")],
)  # fmt: skip
async def test_all_languages_are_chosen_in_words(here: Stage, language: str, words: str) -> None:
    here.languages[ADA_ID] = language
    await _at(here, FirstStep.LANGUAGES)
    await here.ask(words)
    assert (await _chat(here)).habits.languages == ()
    assert (await _chat(here)).first_step is FirstStep.TOPICS


@pytest.mark.parametrize(
    "words",
    ["Russian war", "German car", "Spanish man", "Russian lit", "Chinese new", "English men",
     "English fang", "German slave", "no it", "Russian war in Ukraine", "German ban?"],
)  # fmt: skip
async def test_what_is_not_all_names_of_languages_chooses_none(here: Stage, words: str) -> None:
    await _at(here, FirstStep.LANGUAGES)
    assert "Nothing found on" in (await here.ask(words)).text
    assert (await _chat(here)).habits.languages == ("en",)


async def test_topics_that_are_written_are_followed(here: Stage) -> None:
    await _at(here, FirstStep.TOPICS)
    page = await here.ask("Ukraine, football and ferry")
    assert {"✓ Ukraine", "✓ Football"} <= set(page.labels)
    assert "✓ ferry" in page.text
    assert sorted(await _topics(here)) == ["Football", "Ukraine", "ferry"]
    page = await here.ask("Health")
    assert "✓ Health" in page.labels
    assert "✓ Everything" in (await here.ask("everything")).labels
    assert (await here.ask("next")).text.startswith("3 of 4: Clock")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("I want news on Ukraine and football", ["Football", "Ukraine"]),
        ("I'm interested in politics, sport and tech", ["Sport", "Technology", "politics"]),
        ("news about soccer please", ["Football"]),
        ("Trade and tariffs", ["Trade and tariffs"]),
    ],
)
async def test_topics_that_are_asked_for_are_followed(
    here: Stage, words: str, names: list[str]
) -> None:
    await _at(here, FirstStep.TOPICS)
    await here.ask(words)
    assert sorted(await _topics(here)) == names


async def test_topics_of_which_one_cannot_be_read_are_a_search(here: Stage) -> None:
    await _at(here, FirstStep.TOPICS)
    assert "Nothing found on Ukraine, the" in (await here.ask("Ukraine, the")).text
    assert await _topics(here) == {}


async def test_topics_are_called_as_their_reader_calls_them(here: Stage) -> None:
    here.languages[ADA_ID] = "ru"
    page = await here.ask("/start")
    await here.press(page, "Пропустить →")
    assert {"✓ Украина", "✓ Футбол"} <= set((await here.ask("Футбол и Украина")).labels)


@pytest.mark.parametrize(
    ("words", "quiet"),
    [("no", None), ("yes", (1320, 420)), ("23-6", (1380, 360)), ("later", None)],
)
async def test_hours_that_are_written_are_quiet(
    here: Stage, words: str, quiet: tuple[int, int] | None
) -> None:
    await _at(here, FirstStep.NIGHT)
    assert (await here.ask(words)).text.startswith("All set")
    assert (await _chat(here)).habits.quiet == quiet
    assert (await _chat(here)).first_step is FirstStep.THROUGH


@pytest.mark.parametrize(
    ("step", "others", "answer"),
    [
        (FirstStep.LANGUAGES, ("bridges at sea", "hi", "football"), "German"),
        (FirstStep.TOPICS, ("bridges at sea", "hi", "what can you do?"), "football"),
        (FirstStep.CLOCK, ("bridges at sea", "hello", "Putin", "stop"), "Mumbai"),
        (FirstStep.NIGHT, ("bridges at sea", "Hallo", "Real 4-0", "9 to 5"), "10 to 7"),
    ],
)
async def test_what_answers_no_step_is_as_ever_and_leaves_the_question_open(
    here: Stage, step: FirstStep, others: tuple[str, ...], answer: str
) -> None:
    await _at(here, step)
    before = await _chat(here)
    for words in others:
        await here.ask(words)
        assert await _chat(here) == before, words
    assert await _topics(here) == {}
    await here.ask(answer)
    if step is FirstStep.TOPICS:
        assert [*await _topics(here)] == ["Football"]
    else:
        assert (await _chat(here)).habits != before.habits


async def test_a_question_is_over_after_ten_minutes_a_command_or_all_steps(here: Stage) -> None:
    page = await _at(here, FirstStep.TOPICS)
    here.clock[0] += 601
    assert "Nothing found" in (await here.ask("football")).text
    await here.press_data(page, pack("first", FirstStep.TOPICS))
    await here.ask("/latest")
    assert "Nothing found" in (await here.ask("football")).text
    await here.press_data(page, pack("first", FirstStep.NIGHT))
    assert (await here.ask("no")).text.startswith("All set")
    assert (await here.ask("no")).text.startswith("Send words")
    assert await _topics(here) == {}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "no"), ("en", "No thanks!"), ("en", "nope"), ("en", "ok"), ("en", "later"),
        ("en", "no idea"), ("en", "never"), ("en", "not now"), ("de", "Nein, danke"),
        ("de", "keine Ahnung"), ("fr", "non"), ("fr", "plus tard"), ("es", "ahora no"),
        ("it", "dopo"), ("pt-br", "não sei"), ("ru", "нет"), ("ru", "не сейчас"), ("uk", "пізніше"),
        ("tr", "sonra"), ("ar", "لاحقا"), ("zh-hans", "不用了，谢谢"), ("zh-hans", "跳过"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", [FirstStep.LANGUAGES, FirstStep.TOPICS, FirstStep.CLOCK])
async def test_yes_no_and_later_are_the_way_on(
    here: Stage, step: FirstStep, language: str, words: str
) -> None:
    here.languages[ADA_ID] = language
    page = await here.ask("/start")
    await here.press_data(page, pack("first", step))
    before = await _chat(here)
    await here.ask(words)
    steps = [*FirstStep]
    assert (await _chat(here)).first_step is steps[steps.index(step) + 1]
    assert (await _chat(here)).habits == before.habits
    assert await _topics(here) == {}


@pytest.mark.parametrize(
    ("words", "quiet"),
    [
        ("no thanks", None), ("nope", None), ("not now", None), ("nein danke", None),
        ("ok", (1320, 420)), ("sure", (1320, 420)), ("yes please", (1320, 420)),
        ("nothing at night", (1320, 420)), ("no alerts at night", (1320, 420)),
        ("night", (1320, 420)), ("хорошо", (1320, 420)), ("好的", (1320, 420)),
        ("22-7?", (1320, 420)),
    ],
)  # fmt: skip
async def test_quiet_hours_are_agreed_to_or_not(
    here: Stage, words: str, quiet: tuple[int, int] | None
) -> None:
    await _at(here, FirstStep.NIGHT)
    assert (await here.ask(words)).text.startswith("All set")
    assert (await _chat(here)).habits.quiet == quiet


@pytest.mark.parametrize(
    "words",
    ["Trump", "Putin", "Macron", "Musk", "Brexit", "Nato", "Amazon", "March", "May", "hi", "Salut",
     "Hola", "Washington protests", "stop", "Help!", "settings", "undo", "mute football", "war",
     "oil", "Paris Hilton", "notícias", "good morning", "thanks", "Guten Tag"],
)  # fmt: skip
async def test_what_is_no_place_offers_none(here: Stage, words: str) -> None:
    await _at(here, FirstStep.CLOCK)
    answer = await here.ask(words)
    assert "Which place" not in answer.text
    assert not answer.text.startswith("4 of 4")
    assert (await _chat(here)).timezone == "UTC"


@pytest.mark.parametrize(
    "words", ["Gaza", "Israel", "Iran", "Corona", "Mobile", "Reading", "Nice", "Berl", "Germany"]
)
async def test_a_place_that_may_be_meant_otherwise_is_asked_about(here: Stage, words: str) -> None:
    await _at(here, FirstStep.CLOCK)
    asked = await here.ask(words)
    assert "Which place is nearest to you?" in asked.text
    assert (await _chat(here)).timezone == "UTC"
    await here.press(asked, asked.labels[0])
    assert asked.text.startswith("4 of 4: Night")


@pytest.mark.parametrize(
    ("language", "words", "zone", "shown"),
    [
        ("de", "Wien", "Europe/Vienna", "Wien"), ("ru", "живу в Киеве", "Europe/Kyiv", "Киев"),
        ("ru", "я из Москвы", "Europe/Moscow", "Москва"),
        ("uk", "живу у Львові", "Europe/Kyiv", "Київ"),
        ("tr", "İstanbul'da yaşıyorum", "Europe/Istanbul", "İstanbul"),
        ("zh-hans", "我住在上海", "Asia/Shanghai", "上海"),
        ("en", "Kiev now", "Europe/Kyiv", "Kyiv"),
        ("ar", "أسكن في القاهرة", "Africa/Cairo", "القاهرة"),
    ],
)  # fmt: skip
async def test_a_place_is_read_and_called_in_the_language_of_its_reader(
    here: Stage, language: str, words: str, zone: str, shown: str
) -> None:
    here.languages[ADA_ID] = language
    page = await here.ask("/start")
    await here.press_data(page, pack("first", FirstStep.CLOCK))
    night = await here.ask(words)
    assert (await _chat(here)).timezone == zone
    assert shown in night.text


@pytest.mark.parametrize(
    ("words", "label"),
    [("3pm", "15:"), ("three in the afternoon", "15:"), ("Springfield", "Springfield, ")],
)
async def test_words_that_may_be_several_places_are_offered_as_buttons(
    here: Stage, words: str, label: str
) -> None:
    page = await _at(here, FirstStep.CLOCK)
    await here.press(page, "Other")
    asked = await here.ask(words)
    assert "Which place is nearest to you?" in asked.text
    assert len(asked.labels) > 2
    assert any(label in each for each in asked.labels)
    assert (await _chat(here)).timezone == "UTC"
    await here.press(asked, asked.labels[0])
    assert (await _chat(here)).timezone != "UTC"
    assert asked.text.startswith("4 of 4: Night")


async def test_a_location_sets_the_clock_and_goes_on(here: Stage) -> None:
    page = await _at(here, FirstStep.CLOCK)
    await here.press(page, "Other")
    await here.send({"location": {"latitude": 19.07, "longitude": 72.88}})
    asked = here.messages()[-1]
    await here.press(asked, asked.labels[0])
    assert (await _chat(here)).timezone == "Asia/Kolkata"
    assert asked.text.startswith("4 of 4: Night")


async def test_where_none_of_the_places_fits_another_one_is_written(here: Stage) -> None:
    page = await _at(here, FirstStep.CLOCK)
    await here.press(page, "Other")
    assert "Which place is nearest to you?" in (await here.ask("Springfield")).text
    assert (await here.ask("Mumbai")).text.startswith("4 of 4: Night")
    assert (await _chat(here)).timezone == "Asia/Kolkata"


async def test_what_is_no_place_and_what_comes_later_is_a_search(here: Stage) -> None:
    page = await _at(here, FirstStep.CLOCK)
    await here.press(page, "Other")
    assert "Nothing found" in (await here.ask("ferry to the skerries")).text
    await here.ask("/latest")  # the question is over by then
    assert "Nothing found" in (await here.ask("Mumbai")).text
    await here.press_data(page, pack("first", FirstStep.NIGHT))
    assert "Nothing found" in (await here.ask("Mumbai")).text
    await here.press_data(page, pack("first_place"))
    here.clock[0] += 601
    assert "Nothing found" in (await here.ask("Mumbai")).text
    assert (await _chat(here)).timezone == "UTC"


async def test_the_night_ends_it_with_one_line_that_sums_up(here: Stage) -> None:
    page = await _at(here, FirstStep.TOPICS)
    for tap in ("Ukraine", "Next →", "London 08:00"):
        await here.press(page, tap)
    assert page.labels == ["Quiet 22:00–07:00", "← Back", "Later"]
    assert "only major news" in page.text
    await here.press(page, "Quiet 22:00–07:00")
    assert page.text.splitlines() == [
        "All set",
        "You follow Ukraine.",
        "At once · quiet 22:00–07:00 · London 08:00",
        "Change anything: /settings",
    ]
    assert (await _chat(here)).habits.quiet == (1320, 420)
    await here.press(page, "← Back")
    assert page.labels == ["✓ Quiet 22:00–07:00", "← Back", "Next →"]


async def test_who_leaves_everything_keeps_the_languages_offered_and_follows_nothing(
    here: Stage,
) -> None:
    here.languages[ADA_ID] = "sr"
    page = await _at(here, FirstStep.THROUGH)
    assert page.text.splitlines()[:3] == [
        "All set",
        "You follow nothing yet, so no alerts come.",
        "At once · UTC 08:00",
    ]
    assert (await _chat(here)).habits == Habits(languages=("en", "sr"))
    assert (await _chat(here)).first_step is FirstStep.THROUGH
    assert len(here.messages()) == 1


async def test_start_goes_on_where_it_was_and_ends_with_what_holds(here: Stage) -> None:
    first = await here.ask("/start")
    await here.press(first, "Skip →")
    second = await here.ask("/start")
    assert second.text.startswith("2 of 4")
    await here.press(second, "Ukraine")
    assert (await here.ask("/start")).text.startswith("2 of 4")
    await here.press(second, "Next →")
    assert (await here.ask("/start")).text.startswith("3 of 4")
    third = await here.ask("/start")
    await here.press(third, "← Back")
    assert (await here.ask("/start")).text.startswith("2 of 4")
    for tap in ("Next →", "Skip →", "Later"):
        await here.press(third, tap)
    home = await here.ask("/start")
    assert home.text.splitlines()[:2] == ["Alerts are on", "You follow Ukraine."]
    assert home.labels == [
        "Newest stories", "Topics", "Settings", "Help", "Set up step by step",
    ]  # fmt: skip
    await here.say("/stop")
    assert (await here.ask("/start")).text.startswith("Welcome back. Alerts are on again.")


async def test_doing_it_all_again_loses_nothing(here: Stage) -> None:
    page = await here.ask("/start")
    taps = ["Skip →", "Ukraine", "Next →", "London 08:00", "Quiet 22:00–07:00"]
    buttons = []
    for tap in taps:
        buttons.append(dict(page.buttons)[tap])
        await here.press(page, tap)
    before = await _chat(here), await _topics(here)
    for data in buttons:
        await here.press_data(page, data)
    assert (await _chat(here), await _topics(here)) == before
    await here.press(await here.ask("/start"), "Set up step by step")
    again = here.messages()[-1]
    for tap in ("Skip →", "Next →", "Next →", "Next →"):
        await here.press(again, tap)
    assert (await _chat(here), await _topics(here)) == before


async def test_a_chat_that_was_there_before_keeps_what_it_has_and_is_asked_nothing(
    here: Stage,
) -> None:
    await here.storage.chats.meet(old_chat(ADA_ID))
    await here.say("/topic Ukraine: ukraine ferry")
    home = await here.ask("/start")
    assert home.text.startswith("Alerts are on\nYou follow Ukraine.")
    assert (await _chat(here)).habits == Habits()
    await here.press(home, "Set up step by step")
    assert "Alerts come in every language." in home.text
    assert home.labels == ["English", "✓ All languages", "More languages", "Next →"]
    await here.press(home, "Next →")
    await here.press(home, "✓ Ukraine")
    assert home.text == "You have a topic Ukraine\nIts words are your own. Keep them?"
    await here.press(home, "Keep my words")
    assert await _topics(here) == {"Ukraine": "ukraine ferry"}
    await here.press(home, "✓ Ukraine")
    await here.press(home, "Use ready-made words")
    assert "kyiv" in (await _topics(here))["Ukraine"].lower()
    assert home.text.startswith("2 of 4")


async def test_a_link_to_a_topic_leads_a_newcomer_to_the_topics_with_it_ticked(
    here: Stage,
) -> None:
    page = await here.ask("/start topic_space")
    assert page.text.startswith("2 of 4")
    assert "✓ Space" in page.labels
    assert [*await _topics(here)] == ["Space"]
    again = await here.ask("/start topic_space")
    assert "✓ Space" in again.labels
    payload = base64.urlsafe_b64encode(b"quake, flood").decode().rstrip("=")
    page = await here.ask(f"/start t-{payload}")
    assert "✓ quake, flood" in page.text
    assert page.labels[-1] == "Next →"
    assert {"Space", "quake, flood"} == set(await _topics(here))
    await here.ask("/topic Health: my own health")
    assert "✓ Health" in (await here.ask("/start topic_health")).labels
    assert (await _topics(here))["Health"] == "my own health"


async def test_a_link_follows_at_once_where_the_first_minute_is_over(here: Stage) -> None:
    await _at(here, FirstStep.THROUGH)
    assert "Following Space" in (await here.ask("/start topic_space")).text
    await here.ask("/topic Health: my own health")
    asked = await here.ask("/start topic_health")
    assert asked.text.startswith("You have a topic Health")
    assert (await _topics(here))["Health"] == "my own health"
    payload = base64.urlsafe_b64encode(b"quake, flood").decode().rstrip("=")
    assert "Following quake, flood" in (await here.ask(f"/start t-{payload}")).text


@pytest.mark.parametrize("payload", ["topic_", "topic_nothing", "t-%%%", "topic_" + "x" * 58])
async def test_a_link_that_cannot_be_read_says_so(here: Stage, payload: str) -> None:
    assert "can't read the topic" in (await here.ask(f"/start {payload}")).text
    assert await _topics(here) == {}


FORGED = ("", ":", ":x:y:z", ":1:1:1", ":::::", ":²", ":99999999999:1:99999999", ":-1")


@pytest.mark.parametrize("action", [action.name for action in ACTIONS])
async def test_forged_presses_are_answered_and_do_no_harm(here: Stage, action: str) -> None:
    page = await here.ask("/start")
    for arguments in FORGED:
        await here.press_data(page, f"v1:{action}{arguments}")
        chat = await _chat(here)
        assert (chat.habits.timezone, chat.habits.quiet) == ("UTC", None), arguments
        assert await _topics(here) == {}, arguments
        assert len(here.messages()) == 1, arguments


@pytest.mark.parametrize("action", [action.name for action in ACTIONS])
async def test_in_a_group_no_step_can_be_pressed(here: Stage, action: str) -> None:
    page = await here.ask("/start", GROUP)
    before = await _chat(here, GROUP)
    for user, refused in ((ADA_ID, "in a private chat only"), (BEN_ID, "Only administrators")):
        assert refused in await here.press_data(page, f"v1:{action}:all", user)
    assert await _chat(here, GROUP) == before


@pytest.mark.parametrize(
    ("words", "followed"),
    [
        ("football, no politics", ["Football"]),
        ("football, not politics, please", ["Football"]),
        ("Health, but not covid", ["Health"]),
        ("Ukraine, Football, no sports please", ["Football", "Ukraine"]),
        ("Football, please", ["Football"]),
        ("hello, football", ["Football"]),
        ("health & climate, thanks", ["Climate", "Health"]),
        ("football?", ["Football"]),
        ("follow football and EU", ["EU", "Football"]),
        ("Football, Real Madrid", ["Football", "Real Madrid"]),
    ],
)
async def test_courtesy_and_what_is_left_out_are_no_topics(
    here: Stage, words: str, followed: list[str]
) -> None:
    await _at(here, FirstStep.TOPICS)
    await here.ask(words)
    assert sorted(await _topics(here)) == followed


@pytest.mark.parametrize(
    ("language", "words", "followed"),
    [
        ("de", "Fußball, aber keine Politik", ["Fußball"]),
        ("de", "Hallo, Fußball bitte", ["Fußball"]),
        ("de", "Fußball, das ist schön", []),
        ("es", "fútbol, pero no política", ["Fútbol"]),
        ("es", "fútbol y me gusta", []),
        ("fr", "football, mais pas de politique", ["Football"]),
        ("fr", "football, dit le ministre", []),
        ("ru", "футбол, но не политика", ["Футбол"]),
        ("ru", "футбол, без политики, спасибо", ["Футбол"]),
        ("ru", "футбол, сообщили власти", []),
        ("it", "calcio, ma niente politica", ["Calcio"]),
        ("pt-br", "futebol, sem política", ["Futebol"]),
        ("tr", "futbol, siyaset olmasın", ["Futbol"]),
        ("zh-hans", "足球，不要政治", ["足球"]),
    ],
)
async def test_what_is_left_out_is_not_followed_in_any_language(
    here: Stage, language: str, words: str, followed: list[str]
) -> None:
    here.languages[ADA_ID] = language
    page = await here.ask("/start")
    await here.press_data(page, pack("first", FirstStep.TOPICS))
    await here.ask(words)
    assert sorted(await _topics(here)) == followed


@pytest.mark.parametrize(
    "words",
    [
        "mute football and technology",
        "Technology, no football, climate",
        "Climate and what it means",
        "Ukraine and its allies",
        "I like football and technology",
        "Ukraine and Hamas agree ceasefire, officials say",
        "Ukraine, US agree to talks",
        "Ukraine, officials say",
        "Europe, Syria sign deal",
        "no football, only technology",
        "less football, more technology",
        "everything but football",
        "football, thanks, technology and more",
    ],
)
async def test_what_is_no_list_of_topics_follows_nothing(here: Stage, words: str) -> None:
    await _at(here, FirstStep.TOPICS)
    await here.ask(words)
    assert await _topics(here) == {}


async def test_a_topic_that_is_followed_is_not_passed_over_where_it_is_to_be_left_out(
    here: Stage,
) -> None:
    page = await _at(here, FirstStep.TOPICS)
    await here.press(page, "Football")
    await here.ask("Technology, stop sending football")
    assert [*await _topics(here)] == ["Football"]
