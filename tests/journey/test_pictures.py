"""Pictures and previews: with them where a chat wants them, and never twice for them."""

from pathlib import Path

import pytest

from bot.playground.bot_api.faults import FaultKind
from bot.playground.chats.world import ADA_ID
from bot.playground.news.newsroom import quiet_newsroom
from tests.databases import look
from tests.journey.test_faults import HEADLINE, _following, _times, _until_states
from tests.journey.town import Town, town, until

GROUP = -1002000000001
PICTURE = "https://harbour-post.example/pictures/quay.png"


async def _with(t: Town, chat_id: int, *settings: str) -> None:
    """Turns settings on, as a person would."""
    shown = await t.ask("/settings", chat_id)
    await t.turned(shown, "Look", "← Back")
    for name in settings:
        await t.turned(shown, name, f"✓ {name}")


def _publish(
    t: Town,
    title: str = HEADLINE,
    feed: str = "harbour-post",
    *,
    summary: str = "",
    image: str = PICTURE,
) -> None:
    t.playground.newsroom.publish(feed, title, summary, image=image)


async def test_an_alert_has_its_picture_where_the_chat_wants_pictures(idle: Town) -> None:
    await _following(idle, ADA_ID, GROUP)
    await _with(idle, ADA_ID, "Pictures")
    _publish(idle, summary="Crews voted by a wide margin on Tuesday.")
    alert = await idle.alert(HEADLINE)
    assert alert.picture == PICTURE
    assert "Crews voted" in alert.text
    assert idle.labels(alert) == ["Options"]
    in_group = await idle.alert(HEADLINE, GROUP)
    assert in_group.picture == ""
    _publish(idle, "Market day moves to Thursday", image="")
    assert (await idle.alert("Market day")).picture == ""


async def test_a_picture_is_edited_by_its_caption(idle: Town) -> None:
    await _following(idle, ADA_ID)
    await _with(idle, ADA_ID, "Pictures")
    _publish(idle)
    alert = await idle.alert(HEADLINE)
    _publish(idle, feed="hill-radio")
    await idle.reports(2)
    idle.ahead = 61
    await until(lambda: "Also:" in idle.shown(alert).text, "the edit")
    assert idle.shown(alert).picture == PICTURE
    assert not idle.playground.ledger.find(method="editMessageText", containing=HEADLINE)
    assert await idle.press(alert, "Options") == ""
    assert any("Mute this story" in label for label in idle.labels(alert))


@pytest.mark.parametrize(
    "said",
    [
        "Bad Request: wrong type of the web page content",
        "Bad Request: failed to get HTTP URL content",
        "Bad Request: wrong file identifier/HTTP URL specified",
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
        "Bad Request: IMAGE_PROCESS_FAILED",
        "Bad Request: WEBPAGE_CURL_FAILED",
        "Bad Request: something that nobody has said before",
    ],
)
async def test_words_go_alone_and_once_where_telegram_refuses_the_picture(
    idle: Town, said: str
) -> None:
    await _following(idle, ADA_ID, GROUP)
    await _with(idle, ADA_ID, "Pictures")
    idle.playground.faults.add(FaultKind.REFUSE, method="sendPhoto", description=said)
    _publish(idle)
    alert = await idle.alert(HEADLINE)
    await _until_states(idle, {"sent": 2})
    assert alert.picture == ""
    assert _times(idle, HEADLINE) == 1
    assert len(idle.playground.ledger.find(method="sendPhoto")) == 1
    _publish(idle, "Market day moves to Thursday")
    await idle.alert("Market day")
    # The same picture is not tried again at once.
    assert len(idle.playground.ledger.find(method="sendPhoto")) == 1


async def test_a_group_that_takes_no_pictures_is_told_in_words_and_not_paused(
    idle: Town,
) -> None:
    await _following(idle, GROUP)
    await _with(idle, GROUP, "Pictures")
    idle.playground.world.chats[GROUP].takes_pictures = False
    _publish(idle)
    assert (await idle.alert(HEADLINE, GROUP)).picture == ""
    _publish(idle, "Market day moves to Thursday", image=PICTURE + "?2")
    await idle.alert("Market day", GROUP)
    assert len(idle.playground.ledger.find(method="sendPhoto")) == 1


@pytest.mark.parametrize("chat_id", [ADA_ID, GROUP])
async def test_a_picture_of_unknown_outcome_is_looked_for_or_goes_once_more_in_words(
    idle: Town, chat_id: int
) -> None:
    await _following(idle, chat_id)
    await _with(idle, chat_id, "Pictures")
    idle.playground.faults.add(FaultKind.APPLY_THEN_DROP, method="sendPhoto", chat_id=chat_id)
    _publish(idle)
    await _until_states(idle, {"sent": 1})
    told = [m for m in idle.messages(chat_id) if HEADLINE in m.text]
    if chat_id == GROUP:  # it was found by its number
        assert [m.picture for m in told] == [PICTURE]
        assert idle.playground.ledger.find(method="editMessageCaption")
    else:
        assert [m.picture for m in told] == [PICTURE, ""]
    stored = look(idle.settings.database_url, "SELECT as_picture FROM deliveries")
    assert stored == [(int(chat_id == GROUP),)]


async def test_a_picture_on_a_private_address_is_not_sent(idle: Town) -> None:
    await _following(idle, ADA_ID)
    await _with(idle, ADA_ID, "Pictures")
    _publish(idle, image="http://10.0.0.7/camera.png")
    assert (await idle.alert(HEADLINE)).picture == ""
    assert not idle.playground.ledger.find(method="sendPhoto")


async def test_a_long_story_with_many_outlets_fits_under_its_picture(tmp_path: Path) -> None:
    newsroom = quiet_newsroom("harbour-post", *(f"outlet-{n}-of-the-coast" for n in range(9)))
    async with town(tmp_path, newsroom) as t:
        await _following(t, ADA_ID)
        await _with(t, ADA_ID, "Pictures")
        title = f"{HEADLINE} {'after a long night of talks ' * 9}"
        _publish(t, title, summary="A sentence that goes on and on, & on. " * 30)
        alert = await t.alert(HEADLINE)
        for name in list(newsroom.outlets)[1:]:
            _publish(t, title, feed=name)
        await t.reports(10)
        t.ahead = 61
        await until(lambda: "Also:" in t.shown(alert).text, "the edit")
        refused = t.playground.ledger.find(applied=False)
        assert [entry.outcome for entry in refused] == []


async def test_a_link_is_previewed_where_the_chat_wants_that(idle: Town) -> None:
    await _following(idle, ADA_ID, GROUP)
    await _with(idle, ADA_ID, "Link previews")
    _publish(idle)
    alert = await idle.alert(HEADLINE)
    assert alert.link_preview is not None
    assert alert.link_preview["prefer_small_media"] is True
    assert alert.link_preview["url"].startswith("https://harbour-post.example/")
    assert (await idle.alert(HEADLINE, GROUP)).link_preview == {"is_disabled": True}
    _publish(idle, feed="hill-radio")
    await idle.reports(2)
    idle.ahead = 61
    await until(lambda: "Also:" in idle.shown(alert).text, "the edit")
    assert (idle.shown(alert).link_preview or {})["url"] == alert.link_preview["url"]


async def test_a_chat_without_sound_hears_none_of_any_kind(idle: Town) -> None:
    await _following(idle, ADA_ID, GROUP)
    shown = await idle.ask("/settings")
    await idle.turned(shown, "Sound: on", "Off")
    await idle.turned(shown, "Off", "✓ Off")
    _publish(idle)
    assert (await idle.alert(HEADLINE)).silent
    assert not (await idle.alert(HEADLINE, GROUP)).silent
    await idle.ask("/digest 08:00")
    _publish(idle, "Market day moves to Thursday")
    await idle.deliveries("held")
    idle.ahead = 86_400
    assert (await idle.alert("Digest: ")).silent
