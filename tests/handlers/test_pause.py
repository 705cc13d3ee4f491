"""Pausing a chat for a time: nothing comes, and one digest at its end has what came."""

import pytest

from bot.actions.habits import change_habits
from bot.news.chat import Chat, ChatState
from bot.news.polling.quota import ALERTS_AT_ONCE
from bot.news.telling.timing import PAUSED
from bot.news.why import Code, because
from storage.delivery.gathered import MOST_GATHERED
from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, Shown, Stage

pytestmark = pytest.mark.slow

HOUR = 3600.0


async def _chat(here: Stage, chat_id: int = ADA_ID) -> Chat:
    chat = await here.storage.chats.get(chat_id)
    assert chat
    return chat


async def _paused(here: Stage, choice: str) -> Shown:
    page = await here.ask("/settings")
    await here.press(page, "Pause")
    await here.press(page, choice)
    return page


async def _waits(here: Stage) -> tuple[int, float | None]:
    return await here.storage.digests.held(ADA_ID, [PAUSED])


async def _pending(here: Stage) -> int:
    return (await here.storage.chats.status(ADA_ID)).pending


async def test_a_pause_says_until_when_and_offers_to_resume(here: Stage) -> None:
    page = await here.ask("/settings")
    await here.press(page, "Pause")
    assert page.labels == [
        "1 hour", "Until 08:00", "1 day", "1 week", "Until I resume", "← Settings"
    ]  # fmt: skip
    assert await here.press(page, "1 hour") == "Paused until 09:00."
    assert page.text == "Paused until 09:00.\nWhat comes meanwhile waits for one digest."
    assert page.labels == ["Resume", "← Settings"]
    await here.press(page, "← Settings")
    assert page.text.splitlines()[1] == "Paused until 09:00."
    assert page.labels[0] == "Resume"
    assert await here.press(page, "Resume") == "Alerts are on again."
    assert page.text == "Alerts are on again."
    assert "Paused" not in (await here.ask("/settings")).text


async def test_what_comes_in_a_pause_waits_for_one_digest_at_its_end(here: Stage) -> None:
    await here.say("/subscribe")
    await _paused(here, "1 hour")
    until = (await _chat(here)).habits.paused_until
    await here.publish("Ferry stopped by ice", "Bridge at Mill Lane shut", "Port strike ends")
    assert await _waits(here) == (3, until)
    assert await _pending(here) == 0
    digests = here.storage.digests
    assert await digests.enqueue_due(until - 1) == 0
    assert await digests.enqueue_due(until) == 1
    assert await _pending(here) == 1
    here.clock[0] = until
    await here.publish("Lighthouse opens to visitors")
    assert await _pending(here) == 2


async def test_what_waits_when_a_pause_begins_comes_at_its_end_too(here: Stage) -> None:
    await here.say("/subscribe")
    await here.say("/digest 6pm")
    await here.publish("Ferry stopped by ice")
    await here.say("/digest off")
    await here.publish("Bridge at Mill Lane shut")
    assert await _pending(here) == 1
    await _paused(here, "1 week")
    until = (await _chat(here)).habits.paused_until
    assert await _pending(here) == 0
    assert await here.storage.digests.enqueue_due(until - 1) == 0
    assert await here.storage.digests.enqueue_due(until) == 1


async def test_resuming_early_sends_what_waits_and_a_shorter_pause_ends_sooner(
    here: Stage,
) -> None:
    await here.say("/subscribe")
    await _paused(here, "1 week")
    await here.publish("Ferry stopped by ice")
    page = await _paused(here, "1 hour")
    now = here.clock[0]
    count, due = await _waits(here)
    assert (count, due) == (1, now + HOUR)
    await here.press(page, "Resume")
    assert await _waits(here) == (1, here.clock[0])
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 1


async def test_start_ends_a_timed_pause(here: Stage) -> None:
    await _paused(here, "1 day")
    await here.say("/start")
    assert (await _chat(here)).habits.paused_until == 0


async def test_other_settings_neither_end_a_pause_nor_let_anything_through(here: Stage) -> None:
    await here.say("/subscribe")
    await _paused(here, "1 day")
    until = (await _chat(here)).habits.paused_until
    await here.publish("Ferry stopped by ice")
    for text in ("/quiet 22-7", "/timezone London", "/digest 18:00", "/digest off", "/cap 3"):
        await here.say(text)
        _, due = await _waits(here)
        assert due
        assert due >= until, text
    assert (await _chat(here)).habits.paused_until == until


async def test_one_digest_is_enough_after_a_long_pause_and_has_what_most_sources_carry(
    here: Stage,
) -> None:
    await here.say("/subscribe")
    await _paused(here, "1 week")
    until = (await _chat(here)).habits.paused_until
    bulletins = [f"Bulletin {n} of harbour {n * 7}" for n in range(MOST_GATHERED + 20)]
    await here.publish(*bulletins[:ALERTS_AT_ONCE])
    here.clock[0] += HOUR
    await here.publish(*bulletins[ALERTS_AT_ONCE:])
    waiting, _ = await _waits(here)
    assert waiting > MOST_GATHERED
    assert await here.storage.digests.enqueue_due(until) == 1
    assert await here.storage.digests.enqueue_due(until) == 0
    assert await _waits(here) == (0, None)


async def test_until_somebody_resumes_is_stop_as_before(here: Stage) -> None:
    page = await _paused(here, "Until I resume")
    assert page.text == (
        "Paused.\nNo alerts until you resume: /start\nWhat this chat follows is kept."
    )
    assert (await _chat(here)).state is ChatState.STOPPED
    said = await here.ask("/stop")
    assert (said.text, said.labels) == (page.text, ["Resume"])
    await here.press(said, "Resume")
    assert (await _chat(here)).state is ChatState.ACTIVE
    # Who is stopped may choose an end.
    await here.say("/stop")
    await _paused(here, "1 hour")
    assert (await _chat(here)).state is ChatState.ACTIVE
    assert (await _chat(here)).habits.paused_until > here.clock[0]


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("2h", 2),
        ("for 2 hours", 2),
        ("bis morgen", 24),
        ("۲ ساعت", 2),
        ("أسبوع", 168),
        ("一周", 168),
        ("half an hour", 0.5),
        ("bis zehn", 2),
    ],
)
async def test_stop_with_a_time_pauses_until_then(here: Stage, words: str, hours: float) -> None:
    said = await here.ask(f"/stop {words}")
    assert said.text.startswith("Paused until ")
    assert said.labels == ["Resume"]
    chat = await _chat(here)
    assert chat.state is ChatState.ACTIVE
    assert abs(chat.habits.paused_until - here.clock[0] - hours * HOUR) < 60


async def test_stop_with_words_that_are_no_time_asks_for_how_long(here: Stage) -> None:
    said = await here.ask("/stop ferry")
    assert said.labels == ["1 hour", "Until 08:00", "1 day", "1 week", "Until I resume"]
    chat = await _chat(here)
    assert (chat.state, chat.habits.paused_until) == (ChatState.ACTIVE, 0)
    assert (await here.ask("/stop forever")).text.startswith("Paused.\n")
    assert (await _chat(here)).state is ChatState.STOPPED


@pytest.mark.parametrize(
    "words", ["2h", "everything 2h", "all 2 hours", "alles für 2 Stunden", "الكل ساعتين"]
)
async def test_to_mute_everything_is_to_pause(here: Stage, words: str) -> None:
    said = await here.ask(f"/mute {words}")
    assert said.text.startswith("Paused until ")
    assert (await _chat(here)).habits.paused_until == here.clock[0] + 2 * HOUR
    assert await here.storage.chats.mutes(ADA_ID, here.clock[0]) == []


async def test_to_mute_everything_for_nobody_knows_how_long_asks(here: Stage) -> None:
    said = await here.ask("/mute everything")
    assert said.text.startswith("Pause\n")
    assert (await here.ask("/mute all blacks 2d")).text.startswith("Muted all blacks until ")


async def test_the_morning_is_when_quiet_hours_end(here: Stage) -> None:
    await here.say("/quiet 22:00-6:30")
    page = await here.ask("/settings")
    await here.press(page, "Pause")
    await here.press(page, "Until 06:30")
    assert "Paused until" in page.text


async def test_whynot_says_that_the_chat_is_paused(here: Stage) -> None:
    await here.say("/subscribe")
    await _paused(here, "1 hour")
    await here.publish("Ferry stopped by ice")
    (story,) = await here.storage.stories.newest(None, 1)
    said = (await here.ask(f"/whynot {story.story.link}")).text
    assert "paused" in said


async def test_status_does_not_say_that_alerts_are_on(here: Stage) -> None:
    assert "Alerts are on" in (await here.ask("/status")).text
    await _paused(here, "1 hour")
    assert "Alerts are on" not in (await here.ask("/status")).text


@pytest.mark.parametrize(
    "command", ["/subscribe Hill Radio", "/topic climate", "/topic move climate here"]
)
async def test_what_is_followed_already_is_said_to_be_paused(here: Stage, command: str) -> None:
    await here.ask("/topic climate", GROUP)
    await here.ask("/subscribe Hill Radio", GROUP)
    assert "Paused" not in (await here.ask(command, GROUP)).text
    await here.ask("/stop", GROUP)
    asked = await here.ask(command, GROUP)
    assert asked.text.endswith("\nPaused until you resume.")
    assert (await _chat(here, GROUP)).state is ChatState.STOPPED
    assert await here.press(asked, "Resume") == "Alerts are on again."
    await here.ask("/stop 1h", GROUP)
    assert "Paused until 09:00." in (await here.ask(command, GROUP)).text


async def test_pages_say_that_alerts_are_paused(here: Stage) -> None:
    await here.ask("/topic glaciers", GROUP)
    source = await here.turned(await here.ask("/sources", GROUP), "Hill Radio")
    await here.ask("/stop", GROUP)
    topic = await here.turned(await here.ask("/topic", GROUP), "glaciers")
    await here.press(source, "Mute for 2 days")
    for page in (topic, source):
        assert "\nPaused until you resume." in page.text
        assert page.labels[0] == "Resume"
    own = await here.turned(await here.ask("/topic", GROUP, BEN_ID), "glaciers", BEN_ID)
    assert "Paused until you resume." in own.text
    assert "Resume" not in own.labels
    await here.press(source, "Follow")
    assert "Paused" not in source.text


async def test_a_ready_made_topic_that_is_followed_already_is_said_to_be_paused(
    here: Stage,
) -> None:
    page = await here.turned(await here.ask("/topic"), "Ready-made topics")
    follow = dict(page.buttons)["Health"]
    await here.press_data(page, follow)
    await here.ask("/stop")
    note = await here.press_data(page, follow)
    assert note == "You follow Health already. Paused until you resume."


@pytest.mark.parametrize("command", ["/latest", "/topic climate", "/stop"])
async def test_a_chat_that_could_not_be_written_to_is_served_once_an_answer_comes(
    here: Stage, command: str
) -> None:
    await here.ask("/topic climate", GROUP)
    why = because(Code.MAY_NOT_WRITE)
    await here.storage.chats.set_state(GROUP, ChatState.BLOCKED, why, here.clock[0])
    await here.ask(command, GROUP)
    becomes = ChatState.STOPPED if command == "/stop" else ChatState.ACTIVE
    assert (await _chat(here, GROUP)).state is becomes


async def test_a_press_that_is_answered_serves_such_a_chat_too(here: Stage) -> None:
    page = await here.ask("/topic climate", GROUP)
    why = because(Code.MAY_NOT_WRITE)
    await here.storage.chats.set_state(GROUP, ChatState.BLOCKED, why, here.clock[0])
    await here.press(page, "Options")
    assert (await _chat(here, GROUP)).state is ChatState.ACTIVE


async def test_members_of_a_group_cannot_pause_it(here: Stage) -> None:
    page = await here.ask("/settings", GROUP)
    for data in ("pause", "pause_for:hour", "resume"):
        note = await here.press_data(page, f"v1:{data}", user=BEN_ID)
        assert note == "Only administrators can change that."


@pytest.mark.parametrize("data", ["pause_for", "pause_for:year", "resume", "resume:1", "pause:1"])
async def test_a_forged_button_of_a_pause_is_answered(here: Stage, data: str) -> None:
    page = await here.ask("/settings")
    await here.press_data(page, f"v1:{data}")
    assert page.text.startswith(("Pause\n", "Alerts are on"))
    assert (await _chat(here)).habits.paused_until == 0


async def test_a_pause_that_is_over_changes_nothing_any_more(here: Stage) -> None:
    await here.say("/subscribe")
    await _paused(here, "1 hour")
    here.clock[0] += 2 * HOUR
    assert "Paused" not in (await here.ask("/settings")).text
    chat = await _chat(here)
    await change_habits(here.storage, chat, chat.habits, here.clock[0])
    await here.publish("Ferry stopped by ice")
    assert await _pending(here) == 1


@pytest.mark.parametrize(
    "words",
    [
        "now", "please", "it", "it now, please", "alerts", "everything", "jetzt",
        "bitte sofort", "maintenant s'il vous plaît", "ahora por favor", "adesso grazie", "agora",
        "сейчас пожалуйста", "зараз", "şimdi lütfen", "الآن من فضلك", "עכשיו בבקשה", "अभी कृपया",
        "اکنون لطفا", "sekarang tolong", "现在", "请",
    ],
)  # fmt: skip
async def test_what_is_only_polite_behind_stop_does_not_keep_it_from_stopping(
    here: Stage, words: str
) -> None:
    await here.say("/topic ferry")
    assert (await here.ask(f"/stop {words}")).text.startswith("Paused.")
    assert (await _chat(here)).state is ChatState.STOPPED


@pytest.mark.parametrize("words", ["the war", "banana", "источник", "source", "football"])
async def test_other_words_behind_stop_pause_nothing_and_that_is_said(
    here: Stage, words: str
) -> None:
    await here.say("/topic ferry")
    asked = await here.ask(f"/stop {words}")
    assert asked.text.splitlines()[:2] == ["Pause", "Alerts are on."]
    assert (await _chat(here)).state is ChatState.ACTIVE


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("ferry", ["Unfollow ferry", "/topic mute ferry", "Pause"]),
        ("ferry for a week", ["/topic mute ferry for a week", "Unfollow ferry", "Pause"]),
        ("Hill Radio", ["/unsubscribe Hill Radio", "/mute source:Hill Radio", "Pause"]),
        ("Harbour Post", ["/mute source:Harbour Post", "Pause"]),
    ],
)
async def test_what_is_followed_is_offered_behind_stop(
    here: Stage, words: str, labels: list[str]
) -> None:
    await here.say("/topic ferry")
    await here.say("/subscribe Hill Radio")
    asked = await here.ask(f"/stop {words}")
    assert (asked.text, asked.labels) == ("Did you mean this?", labels)
    assert (await _chat(here)).state is ChatState.ACTIVE


@pytest.mark.parametrize(
    "words",
    [
        "continue", "unpause", "start again", "turn on", "turn alerts on again", "go on", "on",
        "resume", "Resume please", "weiter", "mach weiter", "reanudar", "activa las alertas",
        "reprendre", "remets les alertes", "riprendi", "riattiva gli avvisi", "retomar",
        "ative os alertas", "продолжай", "включи уведомления", "віднови", "зніми з паузи",
        "devam et", "bildirimleri aç", "استأنف", "ادامه بده", "תמשיך", "फिर से शुरू करो",
        "lanjutkan", "mulai lagi", "继续", "恢复", "取消暂停",
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["/stop", "/stop 2h"])
async def test_whoever_wants_to_go_on_is_offered_to_resume(
    here: Stage, words: str, command: str
) -> None:
    await here.say("/topic ferry")
    await here.say(command)
    asked = await here.ask(words)
    assert asked.text.startswith("Paused until")
    assert asked.labels == ["Resume"]
    await here.press(asked, "Resume")
    assert asked.text == "Alerts are on again."


@pytest.mark.parametrize("words", ["unpause", "start again", "turn alerts on again", "继续发送"])
async def test_where_nothing_is_paused_it_is_said_that_alerts_are_on(
    here: Stage, words: str
) -> None:
    asked = await here.ask(words)
    assert (asked.text, asked.labels) == ("Alerts are on.", ["Settings"])


@pytest.mark.parametrize(
    "words", ["talks resume", "continue the talks", "strikes go on", "turn on the lights", "weiter"]
)
async def test_news_with_such_words_stays_a_search_and_says_what_is_paused(
    here: Stage, words: str
) -> None:
    searched = await here.ask(words)
    assert "Follow" in searched.labels
    assert "Resume" not in searched.labels
    if words == "weiter":
        return
    await here.say("/stop")
    searched = await here.ask(words)
    assert "Paused until you resume." in searched.text
    assert searched.labels[-1] == "Resume"
    assert "Follow" in searched.labels


@pytest.mark.parametrize("name", ["spam", "news"])
async def test_stop_before_the_name_of_a_topic_pauses_nothing(here: Stage, name: str) -> None:
    await here.ask(f"/topic {name}: {name} sent")
    offered = await here.ask(f"/stop {name}")
    assert offered.labels[0] == f"Unfollow {name}"
    assert (await here.ask("/status")).text.count("Alerts are on") == 1
