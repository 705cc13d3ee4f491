"""More and less like an alert: one proposal at a time, one press to take it, one to undo it."""

import pytest

from bot.news.outbox import DeliveryState, Settlement
from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, Shown, Stage

DAY = 86_400.0


async def _boats(here: Stage, chat_id: int = ADA_ID) -> Shown:
    """A chat that follows boats, eight days after the first news; its first alert is delivery 1."""
    here.clock[0] -= 8 * DAY
    await here.publish("Long ago a tram stopped")
    here.clock[0] += 8 * DAY
    page = await here.ask("/topic Boats: ferry", chat_id)
    await here.publish("Ferry museum shows sailors' knots", "Museum of knots beside the ferry pier")
    await here.publish("Lund museum opens", "Lund mayor retires")
    return page


async def _query(here: Stage, chat_id: int = ADA_ID) -> str:
    (topic,) = await here.storage.chats.topics(chat_id)
    return topic.query


@pytest.mark.parametrize("chat_id", [ADA_ID, GROUP])
async def test_less_proposes_one_word_takes_it_and_undoes_it(here: Stage, chat_id: int) -> None:
    page = await _boats(here, chat_id)
    await here.press_data(page, "v1:less:1")
    offer = here.messages(chat_id)[-1]
    assert offer.text == "Less like this\nTopic: Boats\nLeave out: museum · −2 a week"
    assert offer.labels == ["Leave it out", "Another"]
    assert await here.press(offer, "Leave it out") == "Changed."
    assert await _query(here, chat_id) == "ferry -museum"
    assert offer.text == "Boats is changed.\nLeft out: museum"
    assert offer.labels == ["Undo", "Options"]
    assert await here.press(offer, "Undo") == "Undone."
    assert await _query(here, chat_id) == "ferry"
    assert offer.text == "Boats is as before."


async def test_another_goes_through_the_proposals_to_the_last(here: Stage) -> None:
    page = await _boats(here)
    await here.press_data(page, "v1:less:1")
    offer = here.messages()[-1]
    seen = [offer.text]
    while "Another" in offer.labels:
        await here.press(offer, "Another")
        seen.append(offer.text)
    assert len(set(seen)) == len(seen) > 1
    assert here.messages()[-1] is offer
    assert offer.labels == ["Leave it out"]


async def test_more_adds_a_word(here: Stage) -> None:
    page = await _boats(here)
    await here.press_data(page, "v1:more:1")
    offer = here.messages()[-1]
    assert offer.text == "More like this\nTopic: Boats\nAdd: museum · +1 a week"
    await here.press(offer, "Add it")
    assert await _query(here) == "ferry OR museum"
    assert offer.text == "Boats is changed.\nAdded: museum"


async def test_more_of_what_no_topic_brought_becomes_a_topic_and_can_be_undone(
    here: Stage,
) -> None:
    page = await here.ask("/subscribe")
    await here.publish("Ferry museum shows knots", "Museum of boats grows")
    await here.press_data(page, "v1:more:1")
    offer = here.messages()[-1]
    assert "Follow: museum · +2 so far" in offer.text
    assert await here.press(offer, "Follow") == "Followed."
    assert await _query(here) == "museum"
    await here.press(offer, "Undo")
    assert await here.storage.chats.topics(ADA_ID) == []
    assert "Mute its source" in await here.press_data(page, "v1:less:1")


async def test_where_there_is_no_word_it_is_said(here: Stage) -> None:
    page = await here.ask("/topic Boats: ferry")
    await here.publish("Ferry")
    for way in ("more", "less"):
        await here.press_data(page, f"v1:{way}:1")
        said = here.messages()[-1]
        assert "I have no word to suggest here." in said.text
        assert said.labels == []


async def test_nothing_is_undone_that_was_changed_since(here: Stage) -> None:
    page = await _boats(here)
    await here.press_data(page, "v1:less:1")
    offer = here.messages()[-1]
    await here.press(offer, "Leave it out")
    asked = await here.ask("/topic Boats: tram")
    await here.press(asked, "Replace words")
    assert "changed since" in await here.press(offer, "Undo")
    assert await _query(here) == "tram"
    await here.ask("/topic remove Boats")
    assert await here.press(offer, "Undo") == "That topic is gone already."


async def test_buttons_of_before_still_change_the_words(here: Stage) -> None:
    page = await _boats(here)
    (topic,) = await here.storage.chats.topics(ADA_ID)
    kept = await here.storage.stories.keep_search(ADA_ID, "knots", here.clock[0])
    await here.press_data(page, f"v1:shrink:{topic.id}:{kept}")
    assert await _query(here) == "ferry -knots"
    await here.press_data(page, f"v1:grow:{topic.id}:{kept}")
    assert await _query(here) == "ferry -knots OR knots"
    assert "too old" in await here.press_data(page, f"v1:grow:{topic.id}:999")
    assert "too old" in await here.press_data(page, "v1:more:999")


async def test_a_word_that_is_a_topic_already_is_asked_about(here: Stage) -> None:
    page = await here.ask("/topic museum: boat OR ship")
    kept = await here.storage.stories.keep_search(ADA_ID, "museum", here.clock[0])
    await here.press_data(page, f"v1:grow:0:{kept}")
    assert "museum is a topic here already." in page.text
    assert await _query(here) == "boat OR ship"


async def test_a_topic_is_removed_under_its_alert_which_stays(here: Stage) -> None:
    alert = await _boats(here)  # stands for the message that the alert was sent as
    (topic,) = await here.storage.chats.topics(ADA_ID)
    assert await here.storage.outbox.claim([1], here.clock[0], 60.0)
    sent = Settlement(1, ADA_ID, DeliveryState.SENT, here.clock[0], message_id=alert.id)
    await here.storage.outbox.settle([sent], True)
    shown = alert.text
    assert await here.press_data(alert, f"v1:unfollow:{topic.id}") == "Boats removed."
    assert alert.text == shown
    removed = here.messages()[-1]
    assert removed.text == "Boats removed."
    await here.press(removed, "Undo")
    assert await _query(here) == "ferry"
    await here.press_data(alert, "v1:unfollow:999")
    assert alert.text == shown


async def test_a_member_of_a_group_gets_no_proposal(here: Stage) -> None:
    page = await _boats(here, GROUP)
    only = "Only administrators can change that."
    assert await here.press_data(page, "v1:less:1", BEN_ID) == only
