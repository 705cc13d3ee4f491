"""/settings and its screens, as somebody presses them; the same screens by their commands."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from msgspec.structs import replace

from bot.news.chat import Habits
from bot.news.telling.choosing import KEPT
from bot.news.telling.timing import GATHERED
from handlers.routing.pleas import Plea, read_plea
from handlers.screens.callback_data import about_channel, unpack
from handlers.screens.keyboard import keyboard
from handlers.screens.setting_screens import packed
from tests.handlers.stage import ADA_ID, BEN_ID, CHANNEL, GROUP, Shown, Stage, stage

ROOT = "Settings of this chat"
FIRST = Habits(languages=("en",))


async def _habits(here: Stage, chat_id: int = ADA_ID) -> Habits:
    chat = await here.storage.chats.get(chat_id)
    assert chat is not None
    return chat.habits


async def _through(here: Stage, page: Shown, *parts: str) -> None:
    """Presses buttons by the beginnings of their labels."""
    for part in parts:
        await here.press(page, _label(page, part))


def _label(page: Shown, part: str) -> str:
    return next(label for label in page.labels if label.removeprefix("✓ ").startswith(part))


async def test_a_line_sums_up_what_is_set(here: Stage) -> None:
    page = await here.ask("/settings")
    assert page.text == f"{ROOT}\nAt once · UTC 08:00"
    await here.say("/quiet 10pm-7am")
    await here.say("/timezone London")
    await here.say("/cap 30")
    page = await here.ask("/settings")
    line = page.text.splitlines()[1]
    assert line == "At once · quiet 22:00–07:00 · at most 30 a day · London 08:00"
    assert page.labels == [
        "When: At once", "Quiet hours: 22:00–07:00", "Time zone: London 08:00",
        "Daily limit: 30 a day", "Sound: on", "Languages: English", "Topics", "Sources",
        "Look", "Muted", "Pause", "Interface: English", "Channels", "Your data", "Help",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("opens", "label", "command", "begins"),
    [
        ("When", "When: At once", "/digest", "When\n"),
        ("Quiet", "Quiet hours: off", "/quiet", "Quiet hours\n"),
        ("Time zone", "Time zone: UTC 08:00", "/timezone", "Time zone\n"),
        ("Daily", "Daily limit: none", "/cap", "Daily limit\n"),
        ("Sound", "Sound: on", "", "Sound\n"),
        ("Look", "Look", "", "Look\n"),
        ("Topics", "Topics", "", "Topics\nNone yet."),
        ("Sources", "Sources", "", "Sources: 2"),
        ("Muted", "Muted", "", "Nothing is muted"),
        ("Channels", "Channels", "", "Your channels"),
        ("Languages", "Languages: English", "", "Languages of news"),
        ("Interface", "Interface: English", "", "Interface language\n"),
        ("Pause", "Pause", "", "Pause\n"),
    ],
)
async def test_each_row_opens_a_screen_with_a_way_back_and_changes_nothing(
    here: Stage, opens: str, label: str, command: str, begins: str
) -> None:
    page = await here.ask("/settings")
    assert _label(page, opens) == label
    await here.press(page, label)
    assert page.text.startswith(begins)
    assert await _habits(here) == FIRST
    if command:
        assert (await here.ask(command)).labels == page.labels
    await here.press(page, page.labels[-1])
    assert page.text.startswith(ROOT)


async def test_every_choice_is_answered_with_what_holds_now_and_is_marked(here: Stage) -> None:
    for command, choice, note in (
        ("/digest", "Every hour", "When: Every hour"),
        ("/digest", "Mornings and evenings", "When: Mornings and evenings, 08:00 18:00"),
        ("/digest", "Weekdays", "When: Weekdays, 08:00"),
        ("/digest", "At once", "When: At once"),
        ("/quiet", "23:00", "Quiet hours: 23:00–08:00"),
        ("/quiet", "Major news", "Major news when quiet: off"),
        ("/quiet", "Off", "Quiet hours: off"),
        ("/cap", "12", "Daily limit: 12 a day"),
        ("/cap", "None", "Daily limit: none"),
    ):
        page = await here.ask(command)
        assert await here.press(page, _label(page, choice)) == note
        if choice != "Major news":
            marked = next(label for label in page.labels if label.startswith("✓ "))
            assert marked.startswith(f"✓ {choice}")
    assert (await _habits(here)).breaking is False


async def test_a_choice_sets_what_it_says_however_often_it_is_pressed(here: Stage) -> None:
    page = await here.ask("/settings")
    await _through(here, page, "Look")
    pictures = dict(page.buttons)["Pictures"]
    for _ in range(2):
        assert await here.press_data(page, pictures) == "Pictures: on"
    assert "✓ Pictures" in page.labels
    assert (await _habits(here)).pictures is True
    await _through(here, page, "Pictures", "Link previews", "Options", "Updates")
    habits = await _habits(here)
    assert (habits.pictures, habits.previews, habits.buttons, habits.updates) == (
        False, True, False, False,
    )  # fmt: skip
    await _through(here, page, "← Back", "Sound", "Off")
    assert (await _habits(here)).silent is True


async def test_ones_own_values_stay_among_the_choices(here: Stage) -> None:
    for typed, own, other in (
        ("/digest 7:30am 7pm", "07:30 19:00", "Evenings"),
        ("/digest tue thu 7pm", "Tue Thu, 19:00", "Weekdays"),
        ("/quiet 9:15pm-6", "21:15–06:00", "22:00"),
        ("/cap 20", "20 a day", "60 a day"),
    ):
        await here.say(typed)
        before = await _habits(here)
        page = await here.ask(typed.split()[0])
        assert f"✓ {own}" in page.labels
        await _through(here, page, other)
        assert own in page.labels
        assert await _habits(here) != before
        await here.press(page, own)
        assert await _habits(here) == before


async def test_hours_that_no_button_holds_stay_when_theirs_is_pressed(here: Stage) -> None:
    await here.say("/digest " + " ".join(f"{hour}:{hour + 10}" for hour in range(20)))
    before = await _habits(here)
    assert len(before.digest) == 20
    page = await here.ask("/digest")
    await here.press(page, next(label for label in page.labels if label.startswith("✓ ")))
    assert await _habits(here) == before


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("digest", "When\n"), ("quiet", "Quiet hours\n"), ("breaking", "Quiet hours\n"),
        ("cap", "Daily limit\n"), ("silent", "Sound\n"), ("updates", "Look\n"),
        ("buttons", "Look\n"), ("pictures", "Look\n"), ("previews", "Look\n"), ("", ROOT),
        ("nothing", ROOT),
    ],
)  # fmt: skip
async def test_buttons_of_before_open_the_screen_of_their_setting(
    here: Stage, name: str, begins: str
) -> None:
    await here.say("/digest 7:45")
    page = await here.ask("/settings")
    before = await _habits(here)
    await here.press_data(page, f"v1:setting:{name}" if name else "v1:setting")
    assert page.text.startswith(begins)
    assert await _habits(here) == before


@pytest.mark.parametrize(
    "data",
    ["set", "set:digest", "set:digest:9999", "set:quiet:1.1", "set:timezone:localtime",
     "set:timezone:../x", "set:own:1", "set:digest:480:nonsense", "held", "held:now:1"],
)  # fmt: skip
async def test_a_forged_button_is_answered_and_breaks_nothing(here: Stage, data: str) -> None:
    page = await here.ask("/settings")
    await here.press_data(page, f"v1:{data}")
    habits = await _habits(here)
    assert habits in (FIRST, replace(FIRST, digest=(480,)))


async def test_a_place_that_may_be_several_is_asked_about(here: Stage) -> None:
    asked = await here.ask("/timezone Birmingham")
    assert asked.labels == [
        "Birmingham, United Kingdom 08:00",
        "Birmingham, United States 02:00",
    ]
    assert (await _habits(here)).timezone == "UTC"
    note = await here.press(asked, "Birmingham, United States 02:00")
    assert note == "Time zone: Chicago 02:00"
    assert (await _habits(here)).timezone == "America/Chicago"
    said = await here.ask("/timezone Mumbai")
    assert "in Kolkata now" in said.text
    assert "Jakarta, Indonesia 15:00" in (await here.ask("/timezone 3pm")).labels
    assert "UTC+3 11:00" in (await here.ask("/timezone GMT+3")).labels
    guess = await here.ask("/timezone Mumbia")
    assert (guess.text, guess.labels[0]) == (
        "Which place is nearest to you?",
        "✓ Mumbai, India 13:30",
    )
    assert (await here.ask("/timezone Reykjavk")).text == "Did you mean this?"
    assert "I don't know a place called" in (await here.ask("/timezone qqqqq")).text
    assert (await _habits(here)).timezone == "Asia/Kolkata"


async def test_likely_zones_are_offered_and_the_one_before_stays(here: Stage) -> None:
    await here.say("/timezone Asia/Tokyo")
    page = await here.ask("/timezone")
    assert page.labels[0] == "✓ Tokyo 17:00"
    await _through(here, page, "London")
    assert {"✓ London 08:00", "Tokyo 17:00"} <= set(page.labels)


async def test_likely_zones_are_those_of_a_persons_telegram(here: Stage) -> None:
    await here.ask("/settings")
    here.languages[ADA_ID] = "es"
    assert "Mexico City 02:00" in (await here.ask("/timezone")).labels
    assert "in Madrid now" in (await here.ask("/timezone Madrid, España")).text
    here.languages[ADA_ID] = "uk"
    page = await here.ask("/settings")
    await _through(here, page, "Time zone", "Kyiv")
    assert (await _habits(here)).timezone == "Europe/Kyiv"


async def test_words_turn_digest_and_quiet_hours_on_and_off(here: Stage) -> None:
    for text, digest, quiet in (
        ("/digest on", (480, 1080), None),
        ("/digest daily", (480,), None),
        ("/digest on", (480,), None),
        ("/digest 8am daily", (480,), None),
        ("/digest OFF", (), None),
        ("/digest 8am", (480,), None),
        ("/digest at once", (), None),
        ("/quiet on", (), (1320, 420)),
        ("/quiet 22:00 to 6", (), (1320, 360)),
        ("/quiet on", (), (1320, 360)),
        ("/quiet none", (), None),
    ):
        await here.say(text)
        habits = await _habits(here)
        assert (habits.digest, habits.quiet) == (digest, quiet), text


@pytest.mark.parametrize(
    ("typed", "digest", "days", "shown"),
    [
        ("weekdays 8am", (480,), (0, 1, 2, 3, 4), "Weekdays, 08:00"),
        ("8am 6pm weekends", (480, 1080), (5, 6), "Weekends, 08:00 18:00"),
        ("monday 8am", (480,), (0,), "Every Monday, 08:00"),
        ("every monday at 8am", (480,), (0,), "Every Monday, 08:00"),
        ("weekly", (480,), (0,), "Every Monday, 08:00"),
        ("sat, sun hourly", tuple(range(0, 1440, 60)), (5, 6), "Weekends, every hour"),
        ("daily", (480,), (), "Mornings, 08:00"),
    ],
)
async def test_a_digest_may_come_on_some_days_only(
    here: Stage, typed: str, digest: tuple[int, ...], days: tuple[int, ...], shown: str
) -> None:
    assert shown in (await here.ask(f"/digest {typed}")).text
    habits = await _habits(here)
    assert (habits.digest, habits.days) == (digest, days)
    assert (await here.ask("/settings")).text.splitlines()[1].startswith(shown)
    await here.say("/digest off")
    assert (await _habits(here)).days == ()


async def test_a_day_of_the_week_is_pressed_in_three_taps_at_the_hour_that_was_set(
    here: Stage,
) -> None:
    await here.say("/digest 6pm")
    page = await here.ask("/settings")
    await _through(here, page, "When", "Once a week", "Friday")
    habits = await _habits(here)
    assert (habits.digest, habits.days) == ((1080,), (4,))
    assert "✓ Every Friday, 18:00" in page.labels
    await _through(here, page, "Once a week")
    assert "✓ Friday" in page.labels
    said = page.text.replace("\u2060", "")
    assert said.startswith("Once a week\nOne digest a week, at 18:00.")
    await _through(here, page, "← Back")
    assert page.text.startswith("When\n")
    # What was one's own stays among the choices.
    await _through(here, page, "Mornings, 08:00")
    assert "Every Friday, 18:00" in page.labels


async def test_a_weekly_digest_comes_on_its_day(here: Stage) -> None:
    await here.say("/subscribe")
    await here.say("/digest sunday 6pm")
    await here.publish("Ferry to Lund Island resumes after storm")
    _, due = await _held(here)
    assert due
    assert f"{datetime.fromtimestamp(due, UTC):%a %H:%M}" == "Sun 18:00"
    await here.say("/digest saturday 6pm")
    assert await _held(here) == (1, due - 86_400)


async def _held_story(here: Stage) -> None:
    await here.say("/subscribe")
    await here.say("/digest 18:00")
    await here.publish("Ferry to Lund Island resumes after storm")
    assert await _held(here) == (1, _at(here, 18))


async def _held(here: Stage) -> tuple[int, float | None]:
    return await here.storage.digests.held(ADA_ID, [GATHERED])


def _at(here: Stage, hour: int) -> float:
    return here.clock[0] // 86_400 * 86_400 + hour * 3600


async def test_leaving_a_digest_asks_and_waits_for_its_hour_meanwhile(here: Stage) -> None:
    await _held_story(here)
    page = await here.ask("/digest")
    await _through(here, page, "At once")
    assert "1 story waits until 18:00. Send it now?" in page.text
    assert page.labels[:2] == ["Send now", "Wait until 18:00"]
    # Nor do other changes release it; quiet hours at that hour are kept too.
    await here.say("/timezone Europe/London")
    assert (await _held(here))[1] == _at(here, 18)
    await here.say("/quiet 5pm-7pm")
    assert (await _held(here))[1] == _at(here, 19)
    assert await here.press(page, "Wait until 18:00") == "They come at 19:00."
    assert "Send now" not in page.labels
    assert (await _held(here))[1] == _at(here, 19)
    assert await here.storage.digests.enqueue_due(_at(here, 18)) == 0
    assert await here.storage.digests.enqueue_due(_at(here, 19)) == 1


async def test_what_is_held_is_sent_where_somebody_says_so(here: Stage) -> None:
    await _held_story(here)
    asked = await here.ask("/digest off")
    assert asked.labels == ["Send now", "Wait until 18:00", "Settings"]
    send = dict(asked.buttons)["Send now"]
    assert await here.press_data(asked, send) == "They are on their way."
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 1
    assert await here.press_data(asked, send) == "Nothing waits any more."
    assert (await here.ask("/digest off")).labels == ["Settings"]


async def test_a_daily_limit_that_ends_asks_what_becomes_of_what_it_held(here: Stage) -> None:
    await here.say("/subscribe")
    await here.say("/cap 1")
    await here.publish("Ferry stopped by ice", "Bridge at Mill Lane shut", "Port strike ends")
    # A lower limit frees nothing, a higher one may.
    assert (await here.ask("/cap 1")).labels == ["Settings"]
    asked = await here.ask("/cap 5")
    assert "2 stories wait until 18:00. Send them now?" in asked.text.replace("\u2060", "")
    assert asked.labels == ["Send now", "Wait until 18:00", "Settings"]
    assert await here.press(asked, "Wait until 18:00") == "They come at 18:00."
    assert asked.text.startswith("Daily limit\n")
    asked = await here.ask("/cap off")
    assert await here.press(asked, "Send now") == "They are on their way."
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 1
    assert (await here.ask("/cap off")).labels == ["Settings"]


async def test_the_screen_of_the_daily_limit_asks_as_well(here: Stage) -> None:
    await here.say("/subscribe")
    await here.say("/cap 1")
    await here.publish("Ferry stopped by ice", "Bridge at Mill Lane shut")
    page = await here.ask("/cap")
    assert "Send now" not in page.labels
    await _through(here, page, "None")
    assert "1 story waits until 18:00. Send it now?" in page.text.replace("\u2060", "")
    assert await here.press(page, "Send now") == "They are on their way."
    assert page.text.startswith("Daily limit\n")


async def test_another_hour_moves_what_is_held_and_asks_nothing(here: Stage) -> None:
    await _held_story(here)
    assert (await here.ask("/digest 20:00")).labels == ["Settings"]
    assert await _held(here) == (1, _at(here, 20))


async def test_what_quiet_hours_held_and_a_digest_takes_over_is_explained_by_the_digest(
    here: Stage,
) -> None:
    await here.ask("/subscribe")
    await here.ask("/quiet 07:00-10:00")
    await here.publish("Ferries stand still at noon")
    (story,) = await here.storage.stories.newest(None, 1)
    assert "Quiet hours hold it" in (await here.ask(f"/whynot {story.story.link}")).text
    await here.ask("/digest 18:00")
    assert "It waits for the digest" in (await here.ask(f"/whynot {story.story.link}")).text


async def test_a_channel_is_shown_what_applies_to_it(here: Stage) -> None:
    here.wire.administrators.add((CHANNEL, ADA_ID))
    page = await here.ask("/settings", CHANNEL)
    assert "Channels" not in page.labels
    await here.press_data(page, "v1:setting:look")
    assert page.labels == ["Pictures", "Link previews", "✓ Updates", "← Back"]


async def test_in_a_group_only_administrators_choose(here: Stage) -> None:
    for command, holds in (
        ("/digest", "When: At once"), ("/quiet", "Quiet hours: off"), ("/cap", "Daily limit: none"),
        ("/timezone", "Time zone: UTC 08:00"),
    ):  # fmt: skip
        page = await here.ask(command, GROUP, user=BEN_ID)
        assert page.text == f"{holds}\nAdministrators can change this."
        assert page.labels == []
    page = await here.ask("/digest", GROUP)
    note = await here.press(page, "Every hour", user=BEN_ID)
    assert note == "Only administrators can change that."
    assert (await _habits(here, GROUP)).digest == ()
    await here.press(page, "Every hour")
    assert len((await _habits(here, GROUP)).digest) == 24


def test_every_zone_fits_into_a_button_about_a_channel() -> None:
    for zone in available_timezones():
        for own in ("", zone, "America/Argentina/ComodRivadavia"):
            data = about_channel(packed("timezone", zone, own), -1_009_999_999_999)
            press = unpack(data)
            assert press
            assert press.arguments[1] in (zone, KEPT)
            assert len(zone) > 30 or press.arguments[1] == zone


async def test_the_screens_are_in_the_language_of_who_reads(tmp_path: Path) -> None:
    async with stage(tmp_path, language="qps") as there:
        page = await there.ask("/settings")
        await _through(there, page, "⟦⟦Quiet")
        assert page.labels[-1] == "⟦← Back⟧"


def test_a_row_whose_labels_a_phone_would_cut_is_broken() -> None:
    """English has "Daily limit: none" and "Your data" beside others; Russian has no room for it."""
    russian = [("Дневной лимит: нет", "v1:a"), ("Звук: вкл", "v1:b")]
    days = [(f"Day {n} with a name", "v1:c") for n in range(7)]
    made = keyboard(russian, [("Look", "v1:d"), ("Muted", "v1:e"), ("Pause", "v1:f")], days)
    assert made is not None
    assert [len(row) for row in made.inline_keyboard] == [1, 1, 3, 7]


@pytest.mark.parametrize("words", ["what's waiting?", "was wartet?", "qué hay pendiente"])
async def test_who_asks_what_waits_is_told_and_nothing_is_sent(here: Stage, words: str) -> None:
    await here.say("/subscribe")
    await here.say("/digest 8am")
    await here.publish("Ferry stopped by ice", "Bridge at Mill Lane shut")
    before = await _held(here)
    assert "2 stories wait" in (await here.ask(words)).text
    assert await _held(here) == before


@pytest.mark.parametrize(
    "words",
    [
        "/digest now", "/digest right now", "/digest jetzt", "/digest сейчас",
        "/digest send it now",
        "send it now", "schick es jetzt", "envíalo ahora", "envoie maintenant",
        "invialo ora", "manda agora", "пришли сейчас", "надішли зараз", "şimdi gönder",
        "أرسله الآن", "الان بفرست", "שלח עכשיו", "अभी भेजो", "kirim sekarang", "现在发",
    ],
)  # fmt: skip
async def test_what_waits_is_sent_now_and_the_digest_stays(here: Stage, words: str) -> None:
    await here.say("/subscribe")
    await here.say("/digest 8am")
    await here.publish("Ferry stopped by ice", "Bridge at Mill Lane shut")
    assert (await _held(here))[0] == 2
    assert (await here.ask(words)).text.startswith("They are on their way.\nMornings, 08:00")
    assert await _held(here) == (2, here.clock[0])
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 1
    assert (await _habits(here)).digest == (480,)
    assert (await here.ask(words)).text.startswith("Nothing waits.\nMornings, 08:00")
    await here.publish("Harbour museum opens")
    _, due = await _held(here)
    assert due
    assert due > here.clock[0]


@pytest.mark.parametrize("words", ["now", "send now", "waiting list for trains", "right now"])
def test_words_that_may_be_news_ask_for_nothing_that_waits(words: str) -> None:
    assert (read_plea(words) is Plea.WAITING) == (words == "send now")


async def test_what_quiet_hours_and_a_limit_hold_is_sent_now_too(here: Stage) -> None:
    await here.say("/subscribe")
    await here.say("/cap 1")
    await here.publish("Ferry stopped by ice", "Bridge at Mill Lane shut")
    await here.say("/quiet 0:00-23:59")
    await here.say("/cap off")
    await here.publish("Harbour museum opens")
    await here.ask("/digest now")
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 1
    assert await here.storage.digests.reasons(ADA_ID) == []
    assert (await _habits(here)).quiet


async def test_in_a_pause_nothing_is_sent_now(here: Stage) -> None:
    await here.say("/subscribe")
    await here.say("/stop 2h")
    await here.publish("Ferry stopped by ice")
    asked = await here.ask("/digest now")
    assert asked.text.startswith("Paused until")
    assert asked.labels == ["Resume"]
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 0


async def test_the_switch_for_major_news_stands_where_quiet_hours_are_set(here: Stage) -> None:
    page = await here.ask("/quiet")
    assert page.text.splitlines()[1].startswith("In quiet hours only major news comes.")
    assert "✓ Major news when quiet" in page.labels
    said = await here.ask("/quiet 22-7")
    assert "Only major news comes then." in said.text
    assert said.labels == ["✓ Major news when quiet", "Settings"]
    await here.press(said, "✓ Major news when quiet")
    assert "Nothing comes in quiet hours." in said.text
    assert not (await _habits(here)).breaking
    assert "Nothing comes then." in (await here.ask("/quiet 23-6")).text
    assert (await here.ask("/quiet off")).labels == ["Settings"]


async def test_help_does_not_promise_that_quiet_hours_are_silent(here: Stage) -> None:
    page = await here.ask("/help")
    await here.press(page, "When")
    assert "hours with major news at most" in page.text
