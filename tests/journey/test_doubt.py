"""What joins a story by little is shown with its headline, from the feed to the message."""

import time
from datetime import UTC, datetime
from pathlib import Path

from bot.playground.chats.world import ADA_ID, PlaygroundMessage
from bot.playground.news.newsroom import quiet_newsroom
from tests.journey.town import Town, town, until
from tests.news.stories.doubted import AGROUND, ASHORE, threshold_of_doubt, threshold_of_no_doubt
from tests.reading import seen

PERHAPS = f"Perhaps also: {ASHORE.title} (Hill Radio)"
FEEDS = ("coast-wire", "hill-radio", "harbour-post")


async def _aground(t: Town) -> PlaygroundMessage:
    """An alert, and another report that joins its story a moment later."""
    newsroom = t.playground.newsroom
    newsroom.publish("coast-wire", AGROUND.title, AGROUND.summary)
    alert = await t.alert(AGROUND.title)
    newsroom.publish("hill-radio", ASHORE.title, ASHORE.summary)
    await t.reports(2)
    t.ahead += 61
    await t.turned_until(lambda: ASHORE.title in t.shown(alert).text, "the edit")
    return alert


async def _asked(t: Town, command: str, alert: PlaygroundMessage) -> str:
    await t.told(alert)
    return seen((await t.ask(command, reply_to=alert.id)).text)


async def test_an_alert_is_edited_to_show_what_joined_in_doubt_and_why_says_so(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, quiet_newsroom(*FEEDS), story_threshold=threshold_of_doubt()) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        alert = await _aground(t)
        edited = t.shown(alert)
        lines = edited.text.splitlines()
        assert lines[0] == AGROUND.title
        assert lines[-1] == PERHAPS
        kinds = [entity["type"] for entity in edited.entities]
        assert "expandable_blockquote" not in kinds
        assert kinds.count("text_link") == 2
        # One message, edited once: doubt costs nothing that other joins do not.
        assert len(t.playground.ledger.find(method="editMessageText", chat_id=ADA_ID)) == 1
        assert sum("Albatross" in text for text in t.texts()) == 1
        said = await _asked(t, "/why", alert)
        assert f"{ASHORE.title} (Hill Radio: perhaps the same event)" in said
        async with t.storage() as storage:
            (row,) = await storage.stories.newest(None, 1)
            inquired = await storage.alerts.get(1)
        assert row.story.title == AGROUND.title
        assert inquired is not None
        (other,) = inquired.also
        said = seen((await t.ask(f"/whynot {other.link}")).text)
        assert "It may not be the same." in said
        # Whoever sees that it is another takes it out as ever.
        await t.press(alert, "Options")
        await until(lambda: "Close" in t.labels(alert), "the options")
        await t.press(t.shown(alert), "Not the same: Hill Radio")
        await t.turned_until(lambda: "Perhaps" not in t.shown(alert).text, "the second edit")
        own = await t.alert(ASHORE.title)
        assert "Perhaps" not in own.text


async def test_what_surely_joins_is_folded_as_before(tmp_path: Path) -> None:
    async with town(tmp_path, quiet_newsroom(*FEEDS), story_threshold=threshold_of_no_doubt()) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        alert = await _aground(t)
        assert t.shown(alert).text.splitlines()[-1] == f"Also: {ASHORE.title} (Hill Radio)"
        said = await _asked(t, "/why", alert)
        assert "perhaps" not in said


async def test_what_joined_in_doubt_is_asked_for_by_who_follows_it_alone(tmp_path: Path) -> None:
    """The chat hears the report that joined in doubt, and the rest of the story beside it."""
    async with town(tmp_path, quiet_newsroom(*FEEDS), story_threshold=threshold_of_doubt()) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/topic Boats: lifeboats bring")
        newsroom = t.playground.newsroom
        newsroom.publish("coast-wire", AGROUND.title, AGROUND.summary)
        await t.stored(AGROUND.title)
        newsroom.publish("hill-radio", ASHORE.title, ASHORE.summary)
        alert = await t.alert(ASHORE.title)
        assert alert.text.splitlines()[-1] == f"Perhaps also: {AGROUND.title} (Coast Wire)"


async def test_a_digest_shows_what_joined_in_doubt_below_its_story(tmp_path: Path) -> None:
    async with town(tmp_path, quiet_newsroom(*FEEDS), story_threshold=threshold_of_doubt()) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        hour = datetime.fromtimestamp(time.time() + 3 * 3600, UTC)
        await t.ask(f"/digest {hour:%H:%M}")
        newsroom = t.playground.newsroom
        newsroom.publish("coast-wire", AGROUND.title, AGROUND.summary)
        await t.stored(AGROUND.title)
        newsroom.publish("hill-radio", ASHORE.title, ASHORE.summary)
        await t.reports(2)
        t.ahead = 3 * 3600 + 120
        digest = await t.alert("Digest: 1 story")
        assert digest.text.splitlines()[-1] == PERHAPS
