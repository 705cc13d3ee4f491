"""What a group reads: one greeting, few answers to one person, and to members what holds."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.pace import PaceLimits
from handlers.screens.callback_data import unpack
from handlers.surface import Who, known
from tests.handlers.stage import ADA_ID, BEN_ID, BOT_NAME, GROUP, SMALL_GROUP, Shown, Stage, stage

THREAD = {"is_topic_message": True, "message_thread_id": 7}
ONLY = "Only administrators can change that."


@pytest.mark.parametrize("role", ["member", "administrator"])
async def test_a_group_is_greeted_once_with_what_can_be_done(here: Stage, role: str) -> None:
    await here.bot_becomes(role)
    (hello,) = here.messages(GROUP)
    assert hello.text == (
        "I bring news to this group.\nOne alert for each story.\n"
        "Nothing comes before an administrator chooses."
    )
    assert hello.labels == ["Choose topics", "Newest stories", "Settings"]
    # Telegram writes /start for who adds a bot by its profile; the rights may follow.
    await here.say("/start", GROUP)
    await here.bot_becomes("administrator", role)
    assert len(here.messages(GROUP)) == 1
    # A person who writes it is answered.
    assert (await here.ask("/start", GROUP, BEN_ID)).text.startswith("News alerts")
    await here.press(hello, "Settings")
    assert hello.text.startswith("Settings of this chat")


async def test_start_is_answered_in_a_group_when_a_person_writes_it(here: Stage) -> None:
    await here.bot_becomes("member")
    here.clock[0] += 90
    await here.ask("/start", GROUP)


async def test_a_group_that_took_the_bot_back_reads_what_goes_on(here: Stage) -> None:
    await here.bot_becomes("member")
    here.clock[0] += 3_700
    await here.bot_becomes("left", "member")
    await here.bot_becomes("member")
    assert len(here.messages(GROUP)) == 2
    assert here.messages(GROUP)[-1].text.startswith("I bring news to this group.")
    for words in ("/topic ferry", "/topic goats", "/subscribe Hill Radio", "/stop 2h"):
        await here.ask(words, GROUP)
    await here.bot_becomes("left", "member")
    await here.bot_becomes("member")
    back = here.messages(GROUP)[-1]
    assert back.text.startswith("I am back.\nFollowing: 2 topics, 1 source\nPaused until ")
    assert back.labels == ["Topics", "Newest stories", "Settings"]


async def test_a_group_is_not_greeted_again_within_the_hour(here: Stage) -> None:
    async def toggled() -> None:
        for _ in range(3):
            here.clock[0] += 30
            await here.bot_becomes("left", "member")
            await here.bot_becomes("member")

    await here.bot_becomes("member")
    await toggled()
    assert len(here.messages(GROUP)) == 1
    # A person who writes it then is answered: nobody was greeted.
    await here.ask("/start", GROUP)
    await here.ask("/topic ferry", GROUP)
    await toggled()
    texts = [each.text for each in here.messages(GROUP)]
    assert sum(text.startswith("I am back.") for text in texts) == 1
    here.clock[0] += 3_600
    await toggled()
    assert len(here.messages(GROUP)) == len(texts) + 1


@pytest.mark.rights(access="invite")
async def test_a_group_that_is_not_let_in_reads_how_it_is(here: Stage) -> None:
    await here.bot_becomes("member")
    (said,) = here.messages(GROUP)
    assert said.text.startswith("This bot serves invited chats only.")
    await here.bot_becomes("left", "member")
    await here.bot_becomes("member")
    assert len(here.messages(GROUP)) == 1


async def test_a_member_who_begins_reads_what_holds_and_is_offered_no_more(here: Stage) -> None:
    hello = await here.ask("/start", GROUP, BEN_ID)
    assert hello.text == (
        "News alerts, one for each story\nI read 2 sources and send their news here.\n"
        "Administrators choose what comes here."
    )
    assert hello.labels == ["Newest stories", "Topics", "Help"]
    await here.ask("/stop", GROUP)
    hello = await here.ask("/start", GROUP, BEN_ID)
    assert hello.text == "Paused until you resume.\nAdministrators choose what comes here."
    status = await here.ask("/status", GROUP, BEN_ID)
    assert status.text.startswith("Paused until you resume.")
    assert "Resume" not in status.labels
    assert "Choose topics" in (await here.ask("/start", GROUP)).labels


async def test_a_group_that_becomes_a_supergroup_is_not_greeted_anew(here: Stage) -> None:
    await here.bot_becomes("member", chat_id=SMALL_GROUP)
    await here.becomes_supergroup(SMALL_GROUP, GROUP)
    await here.bot_becomes("member", chat_id=GROUP)
    assert here.messages(GROUP) == []


async def test_a_member_is_refused_aloud_once_in_ten_minutes(here: Stage) -> None:
    assert (await here.ask("/stop", GROUP, user=BEN_ID)).text == ONLY
    for text in ("/stop", "/quiet 22-7", "/topic ferry", "/forget"):
        await here.say(text, GROUP, user=BEN_ID)
    assert len(here.messages(GROUP)) == 1
    # What a member may do is answered as before, and so is another member.
    await here.ask("/latest", GROUP, user=BEN_ID)
    assert (await here.ask("/stop", GROUP, user=5_003)).text == ONLY
    here.clock[0] += 600
    assert (await here.ask("/stop", GROUP, user=BEN_ID)).text == ONLY
    page = await here.ask("/settings", GROUP)
    for _ in range(3):  # a note is seen by nobody else
        assert await here.press_data(page, "v1:setting:quiet", user=BEN_ID) == ONLY


async def test_a_member_reads_what_holds_and_who_may_change_it(here: Stage) -> None:
    await here.say("/quiet 22-7", GROUP)
    page = await here.ask("/settings", GROUP, user=BEN_ID)
    assert page.text.replace("\u2060", "") == (
        "Settings of this chat\nWhen: At once\nQuiet hours: 22:00–07:00\nTime zone: UTC 08:00\n"
        "Daily limit: none\nSound: on\nLanguages: all\nAdministrators can change this."
    )
    assert page.labels == ["Topics", "Sources"]
    assert "When: At once" in (await here.ask("/settings", GROUP, user=ADA_ID)).labels


async def test_what_cannot_be_answered_soon_is_named_once_the_group_may_be_written_to(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path, limits=PaceLimits(0, 0, 3)) as here:
        for _ in range(2):  # the third place in a minute is not for answers
            await here.ask("/help", GROUP)
        began = here.clock[0]
        for said in ("/help", "/latest", "/help"):
            await here.say(said, GROUP, BEN_ID, quickly=True)
            await here.router.drained(SMALL_GROUP)
        assert len(here.messages(GROUP)) == 2
        await here.router.drained(GROUP)
        assert here.messages(GROUP)[-1].text == (
            "Telegram lets me write only so often here. Not answered: /help (2 times), /latest."
            " Wait a minute, then ask again."
        )
        assert 50 <= here.clock[0] - began <= 60
        # More of it is said in the same message, for which no place is needed.
        await here.ask("/help", GROUP)
        await here.say("/latest", GROUP, quickly=True)
        await here.router.drained(GROUP)
        assert len(here.messages(GROUP)) == 4
        assert "/latest (2 times)" in here.messages(GROUP)[2].text


@pytest.mark.parametrize(
    "words",
    [
        "this", "it", "that", "these", "das", "ça", "esto", "это", "这个", "bunu", "این", "זה",
        "यह", "ini", "هذا",
    ],
)  # fmt: skip
async def test_what_points_at_an_alert_is_not_muted_as_words(here: Stage, words: str) -> None:
    for time in ("", " 2d", " for a week"):
        asked = await here.ask(f"/mute {words}{time}", GROUP)
        assert asked.text == f"Reply to the alert you mean: /mute {words}{time}"
        assert asked.labels == ["Pause", "All muted"]
    assert await here.storage.chats.mutes(GROUP, here.clock[0]) == []


@pytest.mark.parametrize(
    "words",
    [
        "here", "chat", "group", "channel", "thread", "this thread", "this chat", "the group",
        "in this group", "alerts here", "hier", "dieser Chat", "ici", "ce groupe", "aquí", "здесь",
        "этот чат", "burada", "这里", "本群", "اینجا", "כאן", "यहाँ", "grup ini", "هنا", "alerts",
    ],
)  # fmt: skip
async def test_a_chat_that_is_to_be_muted_can_be_paused(here: Stage, words: str) -> None:
    asked = await here.ask(f"/mute {words} for a week", GROUP, **THREAD)
    assert asked.text == "Did you mean this?\nThis holds in all threads."
    assert asked.labels == ["/stop for a week"]
    alone = await here.ask(f"/mute {words}", GROUP)
    assert (alone.text, alone.labels) == ("Did you mean this?", ["Pause"])
    assert await here.storage.chats.mutes(GROUP, here.clock[0]) == []
    await here.press(asked, "/stop for a week")
    assert asked.text.startswith("Paused until ")


@pytest.mark.parametrize(
    "said", ["football here", "football in this thread", "football in diesem Chat", "football ici"]
)
async def test_here_is_no_part_of_what_is_muted(here: Stage, said: str) -> None:
    assert (await here.ask(f"/mute {said} 2d", GROUP)).text.startswith("Muted football until ")
    assert (await here.ask(f"/mute {said}", GROUP)).text.startswith("Mute football for how long?")


async def test_what_has_such_a_word_in_it_is_muted(here: Stage) -> None:
    for words in ("VW Group", "English Channel", "this is it now or never", "Chat Moss"):
        assert (await here.ask(f"/mute {words} 2d", GROUP)).text.startswith(f"Muted {words} until")


async def test_a_wish_about_here_is_one_about_the_chat(here: Stage) -> None:
    async def offered(said: str) -> list[str]:
        return (await here.ask(f"@{BOT_NAME} {said}", GROUP)).labels

    asked = await here.ask(f"@{BOT_NAME} mute this thread for a week", GROUP, **THREAD)
    assert asked.text == "Did you mean this?\nThis holds in all threads."
    assert asked.labels == ["/mute everything for a week"]
    assert "/mute climate" in await offered("no more climate here")
    assert "/mute climate" in await offered("mute climate in this group")


@pytest.mark.parametrize(
    "words", ["/stop", "/stop 2h", "/digest 8am", "/quiet 22-7", "/cap 4", "/mute lottery 2d"]
)
async def test_what_holds_for_all_threads_says_so_in_one(here: Stage, words: str) -> None:
    assert "This holds in all threads." in (await here.ask(words, GROUP, **THREAD)).text
    assert "threads" not in (await here.ask(words, GROUP)).text


async def _replaced(here: Stage, shown: Shown, user: int) -> list[tuple[str, bool]]:
    """What anybody may press on a screen, each with whether that stood there afterwards."""
    pressed = []
    before = replace(shown)
    for label, data in before.buttons:
        press = unpack(data)
        if press and known().actions[press.action].who is Who.ANYBODY:
            here.wire.shown[GROUP, shown.id] = now = replace(before)
            await here.press(now, label, user)
            pressed.append((label, now != before))
            here.clock[0] += 60
    here.wire.shown[GROUP, shown.id] = before
    return pressed


@pytest.mark.parametrize(
    "said", ["/start", "/settings", "/topic", "/help", "/latest", "/sources", "/status",
             "/topic remove ferry", "/sources Hill Radio", "/topic test ferry"],
)  # fmt: skip
async def test_a_screen_of_an_administrator_stays_when_a_member_presses(
    here: Stage, said: str
) -> None:
    await here.add_sources(*(f"Station {n}" for n in range(30)))
    await here.publish(*(f"Ferry number {n} sails to Lund" for n in range(9)))
    await here.ask("/topic ferry", GROUP)
    screen = await here.ask(said, GROUP)
    before = len(here.messages(GROUP))
    pressed = await _replaced(here, screen, BEN_ID)
    assert pressed
    assert not any(changed for _, changed in pressed)
    # Each was answered, by a message that Ben may go on in.
    answers = here.messages(GROUP)[before:]
    assert len(answers) == len(pressed)
    assert any(changed for _, changed in await _replaced(here, screen, ADA_ID))


async def test_the_greeting_and_undo_stay_for_the_administrators(here: Stage) -> None:
    await here.bot_becomes("member")
    (hello,) = here.messages(GROUP)
    await here.press(hello, "Newest stories", BEN_ID)
    assert hello.labels == ["Choose topics", "Newest stories", "Settings"]
    await here.ask("/topic ferry", GROUP)
    removed = await here.ask("/topic remove ferry", GROUP)
    await here.press(removed, "All topics", BEN_ID)
    assert "Undo" in removed.labels
    await here.press(removed, "Undo")
    assert len(await here.storage.chats.topics(GROUP)) == 1


async def test_a_member_goes_on_in_their_own_message(here: Stage) -> None:
    screen = await here.ask("/help", GROUP)
    await here.press(screen, "Settings", BEN_ID)
    own = here.messages(GROUP)[-1]
    assert own.text.startswith("Settings of this chat")
    before = len(here.messages(GROUP))
    await here.press(own, "Topics", BEN_ID)
    assert own.text.startswith("Topics")
    # An administrator may take it over; then it is theirs.
    await here.press(own, "← Settings", ADA_ID)
    assert "Pause" in own.labels
    assert len(here.messages(GROUP)) == before
    await here.press(own, "Topics", BEN_ID)
    assert len(here.messages(GROUP)) == before + 1
    assert "Pause" in own.labels


@pytest.mark.parametrize("words", ["stop", "at most 3 a day", "unfollow ferry"])
async def test_what_a_member_may_not_do_is_refused_and_not_offered(here: Stage, words: str) -> None:
    await here.ask("/topic ferry", GROUP)
    said = await here.ask(f"@{BOT_NAME} {words}", GROUP, BEN_ID)
    assert (said.text, said.labels) == (ONLY, [])
    # What only reads is offered to all.
    assert (await here.ask(f"@{BOT_NAME} sources", GROUP, BEN_ID)).labels == ["/sources"]
    assert len((await here.ask(f"@{BOT_NAME} {words}", GROUP)).labels) == 1


async def test_the_name_of_a_group_is_plain_where_it_comes_in(here: Stage) -> None:
    for title, plain in (
        ("News \u2069\u2067 of\n\u202eHarbour", "News of Harbour"),
        ("Watch", "Watch"),
        ("\u202e", ""),
    ):
        chat = {"id": GROUP, "type": "supergroup", "title": title}
        await here.ask("/help", GROUP, chat=chat)
        stored = await here.storage.chats.get(GROUP)
        assert stored is not None
        assert stored.title == plain
