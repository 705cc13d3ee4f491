"""What replies in a group are for the bot, and which are said to the others."""

from typing import Any

import pytest

from handlers.routing.in_reply import is_told
from tests.handlers.delivering import deliver
from tests.handlers.stage import ADA_ID, BEN_ID, BOT_ID, BOT_NAME, GROUP, Shown, Stage

FERRY = "Ferry to Lund Island resumes after the storm"
ASKED = """
    stop this|mute this for a week|mute for a week|why?|why|why this?|why did I get this?|why did
    this come|not interested|less of this|more like this|stop|mute|unfollow this|remove this
    |hide this|stop sending me this|i don't want this|mute football for a week|unfollow football
    |too many messages|digest at 8|no alerts after 10pm|стоп|почему это пришло?|не интересно
    |schalte das stumm|warum?|mets ça en sourdine|不感兴趣|不要这种|不要再发这个|silencia esto
    |por qué|neden geldi bu|لماذا وصلني هذا|چرا
"""
CHATTER = """
    no way!|why would they?|why is that?|no|more|no more|what a story|stop the war|they should stop
    this|this is mad|nice|thanks|boring|enough|no football|no it isn't|don't like it|not this again
    |why is it so sad|oh no|stop the boats|drop the charges|cancel everything|really?|too much
    |old news|wow, more|why not|why him|why now?|so sad|no news|hide the evidence|good|yes please
    |follow the money|remove the mayor|block the road|no this is it|good news|nein!|warum das?
    |nicht schon wieder|ну и ну|почему он?|no puede ser|qué triste|pas possible|c'est pas vrai
    |太多了|为什么他|什么
"""


def _each(phrases: str) -> list[str]:
    return [" ".join(each.split()) for each in phrases.split("|")]


@pytest.mark.parametrize("words", _each(ASKED))
def test_what_asks_something_of_the_bot_is_told(words: str) -> None:
    assert is_told(words, of_news=True)


@pytest.mark.parametrize("words", _each(CHATTER))
def test_what_is_said_of_news_is_not(words: str) -> None:
    assert not is_told(words, of_news=True)


def _reply(shown: Shown) -> dict[str, Any]:
    rows = [[{"text": text, "callback_data": data}] for text, data in shown.buttons if data]
    us = {"id": BOT_ID, "first_name": "Stage", "is_bot": True}
    chat = {"id": shown.chat_id, "type": "supergroup", "title": "A chat"}
    replied = {"message_id": shown.id, "date": 1, "chat": chat, "from": us, "text": shown.text}
    return {"reply_to_message": replied | {"reply_markup": {"inline_keyboard": rows}}}


async def _alert(here: Stage) -> Shown:
    await here.ask("/topic ferry", GROUP)
    await here.publish(FERRY)
    await deliver(here)
    return here.alert(FERRY, GROUP)


async def test_an_administrators_reply_to_an_alert_is_answered_as_in_private(here: Stage) -> None:
    reply = _reply(await _alert(here))
    assert (await here.ask("why?", GROUP, **reply)).text.startswith("Why this alert")
    assert "Mute Harbour Post" in (await here.ask("stop this", GROUP, **reply)).labels
    timed = await here.ask("mute this for a week", GROUP, **reply)
    assert any(label.startswith("Mute Harbour Post until") for label in timed.labels)
    assert (await here.ask("unfollow ferry", GROUP, **reply)).labels == ["Unfollow ferry"]
    assert "/digest at 8" in " ".join((await here.ask("digest at 8", GROUP, **reply)).labels)
    anonymous = await here.ask("why?", GROUP, "anonymous", **reply)
    assert anonymous.text.startswith("Why this alert")


async def test_chatter_below_an_alert_and_what_members_say_stay_unanswered(here: Stage) -> None:
    reply = _reply(await _alert(here))
    before = len(here.messages(GROUP))
    for words in ("no way!", "why would they?", "stop the war", FERRY):
        await here.say(words, GROUP, **reply)
    for words in ("why?", "stop this", "mute this for a week"):
        await here.say(words, GROUP, BEN_ID, **reply)
        await here.say(words, GROUP)  # to nobody of us
    assert len(here.messages(GROUP)) == before


async def test_a_reply_to_help_that_says_what_is_to_be_done_is_answered(here: Stage) -> None:
    reply = _reply(await here.ask("/help", GROUP))
    followed = await here.ask("follow ferry", GROUP, **reply)
    assert followed.labels[:2] == ["Follow", "Test it"]
    assert (await here.ask("too many messages", GROUP, **reply)).text.startswith("Fewer alerts")
    eight = await here.ask("digest at 8", GROUP, **reply)
    assert eight.text == "Did you mean this?"
    await here.press(eight, eight.labels[0])
    chat = await here.storage.chats.get(GROUP)
    assert chat is not None
    assert chat.habits.digest == (480,)
    before = len(here.messages(GROUP))
    await here.say("that is a lot", GROUP, **reply)
    await here.say("follow goats", GROUP, BEN_ID, **reply)
    assert len(here.messages(GROUP)) == before


async def test_a_wish_about_an_alert_that_is_not_named_asks_for_it(here: Stage) -> None:
    said = await here.ask("stop this", ADA_ID)
    assert said.text == "Reply to the alert you mean: stop this"
    for words in ("unfollow this", "mute it for a week", "no more of this", "remove it"):
        asked = f"Reply to the alert you mean: {words}"
        assert (await here.ask(words)).text == asked
        assert (await here.ask(f"@{BOT_NAME} {words}", GROUP)).text == asked
