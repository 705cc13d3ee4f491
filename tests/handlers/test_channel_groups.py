"""The group that discusses a channel: replies to what Telegram puts into it of the channel."""

from typing import Any

from handlers.screens.callback_data import pack
from tests.handlers.delivering import deliver
from tests.handlers.stage import ADA_ID, BEN_ID, BOT_NAME, CHANNEL, GROUP, Shown, Stage

REFUSED = "You are not an administrator of A chat."
FERRY = "Ferry to Lund Island resumes after the storm"


async def _alert(here: Stage) -> Shown:
    here.wire.administrators.add((CHANNEL, ADA_ID))
    await here.ask("/topic ferry", CHANNEL)
    await here.publish(FERRY)
    await deliver(here)
    return here.alert(FERRY, CHANNEL)


def _reply(alert: Shown, **more: Any) -> dict[str, Any]:
    """A reply to the alert as Telegram has put it into the group."""
    channel = {"id": CHANNEL, "type": "channel", "title": "A channel"}
    posted = {
        "message_id": 900, "date": 1, "chat": {"id": GROUP, "type": "supergroup"},
        "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}, "sender_chat": channel,
        "is_automatic_forward": True, "text": alert.text,
        "forward_origin": {"type": "channel", "date": 1, "chat": channel, "message_id": alert.id},
    }  # fmt: skip
    return {"reply_to_message": posted | more}


async def test_why_finds_the_alert_of_the_channel_for_its_administrator(here: Stage) -> None:
    reply = _reply(await _alert(here))
    why = await here.ask("/why", GROUP, **reply)
    assert why.text.startswith("Why this alert\nTopic ferry")
    assert (await here.ask(f"@{BOT_NAME} why?", GROUP, **reply)).text == why.text
    # What a channel asks for is said to its administrators only, and no forward of a person counts.
    assert (await here.ask("/why", GROUP, BEN_ID, **reply)).text == REFUSED
    forged = _reply(here.alert(FERRY, CHANNEL), is_automatic_forward=False)
    unknown = await here.ask("/why", GROUP, **forged)
    assert unknown.text.startswith("I don't know that alert.")


async def test_a_mute_there_is_one_of_the_channel(here: Stage) -> None:
    reply = _reply(await _alert(here))
    asked = await here.ask("/mute this for a week", GROUP, **reply)
    assert asked.text == f"Mute\n{FERRY}"
    (source,) = (label for label in asked.labels if label.startswith("Mute Harbour Post until"))
    assert (await here.press(asked, source)).startswith("Muted Harbour Post until")
    now = here.clock[0]
    assert await here.storage.chats.mutes(GROUP, now) == []
    assert [each.shown for each in await here.storage.chats.mutes(CHANNEL, now)] == ["Harbour Post"]
    assert "No more alerts" in await here.press(asked, "Mute this story")
    assert asked.labels == []
    assert "Mute Harbour Post" in (await here.ask(f"@{BOT_NAME} stop this", GROUP, **reply)).labels


async def test_who_does_not_administer_the_channel_mutes_nothing_of_it(here: Stage) -> None:
    reply = _reply(await _alert(here))
    here.wire.administrators.add((GROUP, BEN_ID))
    asked = await here.ask("/mute this for a week", GROUP, BEN_ID, **reply)
    assert asked.text == REFUSED
    menu = await here.ask("/settings", GROUP, BEN_ID)
    for data in (pack("mute_source", 1), pack("mute_story", 1)):
        assert "too old" in await here.press_data(menu, data, BEN_ID)
    assert await here.storage.chats.mutes(CHANNEL, here.clock[0]) == []


async def test_where_telegram_does_not_say_who_administers_it_nobody_is_told_that_they_do_not(
    here: Stage,
) -> None:
    reply = _reply(await _alert(here))
    here.wire.troubled.add("getChatMember")
    asked = await here.ask("/why", GROUP, **reply)
    assert asked.text.startswith("Telegram can't tell me who manages A chat.")
