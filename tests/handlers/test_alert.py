"""The options under an alert: what each button does, who may press it, and how they close."""

import pytest
from msgspec.structs import replace

from bot.delivery.views import view_of
from bot.news.feed import PollRecord
from handlers.screens.keyboard import copying
from tests.handlers.delivering import deliver, drawn
from tests.handlers.stage import ADA_ID, BEN_ID, BOT_ID, GROUP, Shown, Stage
from tests.storage.samples import report, traces_of

FERRY = "Ferry to Lund Island resumes after storm"
BY_US = {"from": {"id": BOT_ID, "first_name": "Tocsin", "is_bot": True}}


async def _alert(here: Stage, chat_id: int = ADA_ID, title: str = FERRY) -> Shown:
    await here.publish(title)
    await deliver(here)
    return here.alert(title, chat_id)


async def test_the_topic_stands_below_only_where_there_are_several(here: Stage) -> None:
    await here.ask("/topic Ferries: ferry")
    assert "Ferries" not in (await _alert(here)).text
    await here.ask("/topic Storms: storm")
    await here.ask("/topic Bridges: bridge")
    shown = await _alert(here, title="Ferry turns back in a storm off the cape")
    assert shown.text.endswith("Ferries, Storms")


async def test_options_name_the_topic_and_leaving_it_leaves_the_alert(here: Stage) -> None:
    await here.ask("/topic Ferries: ferry")
    shown = await _alert(here)
    told = shown.text
    await here.press(shown, "Options")
    assert shown.labels == [
        "Why?", "Copy link", "More like this", "Less like this", "Mute this story",
        "Mute Harbour Post", "Unfollow Ferries", "Close",
    ]  # fmt: skip
    await here.press(shown, "Unfollow Ferries")
    assert await here.storage.chats.topics(ADA_ID) == []
    assert shown.text == told
    assert shown.labels == ["Options"]
    assert here.messages()[-1].id > shown.id
    await here.press(shown, "Options")
    assert "Unfollow Ferries" not in shown.labels


def test_a_link_is_copied_unless_it_is_longer_than_telegram_takes() -> None:
    (button,) = copying("Copy link", "https://h.example/" + "x" * 238)
    assert button.copy_text is not None
    assert button.copy_text.text.endswith("x")
    assert copying("Copy link", "https://h.example/" + "x" * 239) == []
    assert copying("Copy link", None) == []


async def test_why_answers_in_reply(here: Stage) -> None:
    await here.ask("/topic Ferries: ferry")
    shown = await _alert(here)
    await here.press(shown, "Options")
    await here.press(shown, "Why?")
    said = here.messages()[-1].text
    assert said.startswith("Why this alert\nTopic Ferries: it found ferry.")
    assert said == (await here.ask("/why", reply_to_message=_reply(shown))).text


def _reply(shown: Shown) -> dict[str, object]:
    chat = {"id": shown.chat_id, "type": "private"}
    return {"message_id": shown.id, "date": 1, "chat": chat, "text": shown.text}


@pytest.mark.parametrize(
    "words",
    [
        "/mute",
        "/mute all",
        "/mute this",
        "/mute here",
        "/mute diese Meldung",
    ],
)
async def test_a_mute_in_reply_offers_the_story_and_the_source(here: Stage, words: str) -> None:
    await here.ask("/topic ferry")
    shown = await _alert(here)
    said = await here.ask(words, reply_to_message=_reply(shown))
    assert said.text == f"Mute\n{FERRY}"
    assert said.labels == ["Mute this story", "Mute Harbour Post"]
    assert "No more alerts" in await here.press(said, "Mute this story")
    said = await here.ask(words, reply_to_message=_reply(shown))
    assert "is muted for 2 days" in await here.press(said, "Mute Harbour Post")
    for what in ("ferry", "this is it"):
        muted = await here.ask(f"/mute {what} 2d", reply_to_message=_reply(shown))
        assert muted.text.startswith(f"Muted {what} until ")


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("/mute 2d", 2),
        ("/mute it 2d", 2),
        ("/mute this for a week", 7),
        ("/mute это на неделю", 7),
        ("mute this for a week", 7),
        ("mute for 3 days", 3),
    ],
)
async def test_a_source_is_muted_for_the_time_that_a_reply_names(
    here: Stage, words: str, days: int
) -> None:
    await here.ask("/topic ferry")
    shown = await _alert(here)
    said = await here.ask(words, reply_to_message=_reply(shown) | BY_US)
    (label,) = (each for each in said.labels if each.startswith("Mute Harbour Post"))
    assert label.startswith("Mute Harbour Post until ")
    pressed = here.clock[0]
    assert (await here.press(said, label)).startswith("Muted Harbour Post until ")
    (muted,) = await here.storage.chats.mutes(ADA_ID, pressed)
    assert muted.until - pressed == pytest.approx(days * 86_400, abs=5)
    # A button that is pressed once its time is over mutes nothing.
    here.clock[0] += (days + 1) * 86_400
    assert "too old" in await here.press(said, label)


async def test_muting_a_story_and_back(here: Stage) -> None:
    await here.ask("/topic ferry")
    shown = await _alert(here)
    await here.press(shown, "Options")
    assert "No more alerts" in await here.press(shown, "Mute this story")
    await here.press(shown, "Options")
    assert "can come again" in await here.press(shown, "Unmute this story")


async def test_in_a_group_only_administrators_open_them_and_they_close_by_themselves(
    here: Stage,
) -> None:
    await here.ask("/topic ferry", GROUP)
    shown = await _alert(here, GROUP)
    assert "administrator" in await here.press(shown, "Options", BEN_ID)
    assert shown.labels == ["Options"]
    await here.press(shown, "Options", ADA_ID)
    assert "Close" in shown.labels
    assert "administrator" in await here.press(shown, "Why?", BEN_ID)
    # The alert is due to be drawn anew after a minute, also by a process that begins then.
    outbox, now = here.storage.outbox, here.clock[0]
    assert await outbox.due_edits(now + 50, [], 9) == []
    (edit,) = await outbox.due_edits(now + 61, [], 9)
    assert drawn(edit, shown.id, now + 61).labels == ["Options"]


async def test_options_of_an_old_alert_close_too(here: Stage) -> None:
    await here.ask("/topic ferry", GROUP)
    shown = await _alert(here, GROUP)
    here.clock[0] += 5 * 86_400
    await here.press(shown, "Options", ADA_ID)
    assert len(await here.storage.outbox.due_edits(here.clock[0] + 61, [], 9)) == 1


async def test_in_private_they_stay_open(here: Stage) -> None:
    await here.ask("/topic ferry")
    shown = await _alert(here)
    await here.press(shown, "Options")
    assert await here.storage.outbox.due_edits(here.clock[0] + 600, [], 9) == []


async def test_only_listed_reports_are_offered_to_be_taken_out(here: Stage) -> None:
    await here.ask("/subscribe")
    await here.add_sources("Harbour Post")
    shown = await _alert(here)
    await _joins(here, 500, 2)
    await _joins(here, 501, 3)
    await here.press(shown, "Options")
    offered = [label for label in shown.labels if label.startswith("Not the same")]
    assert offered == ["Not the same: Hill Radio"]


async def _joins(here: Stage, number: int, feed_id: int) -> None:
    """Another report of the story comes by this feed."""
    feed = await here.storage.feeds.get(feed_id)
    assert feed is not None
    made = [report(number, title=FERRY, published_at=here.clock[0])]
    record = PollRecord(replace(feed, settled=True), traces_of(made), tuple(made))
    await here.storage.feeds.record([record], here.clock[0])
    while await here.storage.stories.unplaced(1):
        await here.desk.step()


@pytest.mark.hostile(83, 89)
@pytest.mark.parametrize("data", ["v1:leave:1:1", "v1:alert:1", "v1:mute_story:1", "v1:leave"])
async def test_a_forged_press_in_another_chat_changes_nothing(here: Stage, data: str) -> None:
    await here.ask("/topic Ferries: ferry")
    await _alert(here)
    other = await here.ask("/start", BEN_ID, BEN_ID)
    assert "too old" in await here.press_data(other, data, BEN_ID)
    assert [each.name for each in await here.storage.chats.topics(ADA_ID)] == ["Ferries"]


async def test_a_digest_counts_from_its_first_story_where_others_came_alone_that_day(
    here: Stage,
) -> None:
    await here.ask("/topic ferry")
    await _alert(here)
    await here.ask("/digest 07:00")
    here.clock[0] += 600
    held_at = here.clock[0]
    await here.publish("Ferry number 7 leaves at noon")
    here.clock[0] += 86_400
    await here.storage.digests.enqueue_due(here.clock[0])
    (digest,) = await deliver(here)
    assert [(each.held_at, each.told_at) for each in digest.gathered] == [(held_at, held_at - 602)]
    shown = view_of(digest, here.clock[0]).message.plain.splitlines()[0]
    assert shown == "Digest: 1 story since 15 Jan 08:10"


async def test_a_digest_counts_from_no_hour_before_its_chat_was_there(here: Stage) -> None:
    await here.ask("/topic ferry")
    await here.ask("/digest 07:00")
    here.clock[0] += 600
    await here.publish("Ferry number 7 leaves at noon")
    here.clock[0] += 86_400
    await here.storage.digests.enqueue_due(here.clock[0])
    (digest,) = await deliver(here)
    shown = view_of(digest, here.clock[0]).message.plain.splitlines()[0]
    assert shown == "Digest: 1 story since 15 Jan 08:10"
