"""/why and /whynot: each says what is on record, through the running bot."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.news.chat import TopicOptions
from bot.playground.bot_api import refusals
from bot.playground.bot_api.faults import FaultKind
from bot.playground.chats.world import ADA_ID, BEN_ID, PlaygroundMessage
from bot.playground.news.newsroom import quiet_newsroom
from tests.journey.town import Town, town, until

FERRY = "Ferry to Lund Island resumes after storm"
NOON = "The first boat left at noon."
CHOIR = "Choir festival opens in the hills on Friday"
GROUP = -1002000000001
FORUM = -1002000000002


def _read(message: PlaygroundMessage) -> str:
    """The text without the marks that keep directions and links apart."""
    return message.text.translate(dict.fromkeys(map(ord, "\u2060\u2068\u2069")))


def _clock(hours: float) -> str:
    """The UTC time of day so many hours from now."""
    return f"{datetime.fromtimestamp(time.time() + hours * 3600, UTC):%H:%M}"


def _publish(t: Town, outlet: str, title: str, summary: str = "") -> str:
    return t.playground.newsroom.publish(outlet, title, summary).link


async def _whynot(t: Town, link: str, chat_id: int = ADA_ID) -> str:
    return _read(await t.ask(f"/whynot {link}", chat_id, user=chat_id if chat_id > 0 else ADA_ID))


async def _why(t: Town, message: PlaygroundMessage, **how: Any) -> PlaygroundMessage:
    """Asks about a message, once it is on record that it was sent."""
    await t.told(message)
    return await t.ask("/why", message.chat_id, reply_to=message.id, **how)


async def test_why_names_topic_words_source_and_what_is_attached(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/topic Ferries: ferry storm")
        first = _publish(t, "harbour-post", FERRY, NOON)
        alert = await t.alert("first boat")
        second = _publish(t, "hill-radio", FERRY, "Something else altogether.")
        await t.reports(2)
        answer = await _why(t, alert)
        said = _read(answer)
        assert answer.reply_to == alert.id
        assert said.startswith("Why this alert\nTopic Ferries: it found ferry, storm.")
        assert "Source: Harbour Post, seen " in said
        assert "Also in this story:" in said
        assert f"{FERRY} (Hill Radio: the same headline)" in said
        # What was attached was not told by itself; its answer points at the alert.
        answer = await t.ask(f"/whynot {second}")
        said = _read(answer)
        assert answer.reply_to == alert.id
        assert "Its story came" in said
        assert f": {FERRY} (Harbour Post)" in said
        assert "the same headline" in said
        answer = await t.ask(f"what was /whynot {first}?")
        assert "Nothing found on" in answer.text
        answer = await t.ask(f"/whynot see {first}?utm_source=feed.")
        assert answer.reply_to == alert.id
        assert "Sent at" in _read(answer)
        assert "for Ferries." in _read(answer)
        # Ben follows nothing, and has no alert of his own to ask about.
        assert "follows nothing yet" in await _whynot(t, first, BEN_ID)
        answer = await t.ask("/why", BEN_ID, user=BEN_ID)
        assert "Reply to an alert with /why" in answer.text
        answer = await t.ask("/why", reply_to=t.messages()[0].id)
        assert "I don't know that alert" in answer.text


async def test_why_of_a_subscription_a_digest_and_an_update(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        newsroom = t.playground.newsroom
        await t.ask("/subscribe Harbour Post")
        await t.ask("/topic Choirs: choir, chorus")
        item = newsroom.publish("harbour-post", FERRY, NOON)
        alert = await t.alert("first boat")
        said = _read(await _why(t, alert))
        assert "follows every story of Harbour Post." in said
        rewritten = "Ferry to Lund Island sinks, 40 passengers missing"
        newsroom.publish("harbour-post", rewritten, NOON, id=item.id, link=item.link)
        update = await t.alert("Update: ")
        said = _read(await _why(t, update))
        assert said.startswith("Why this update")
        assert "changed what it said before" in said
        await t.ask(f"/digest {_clock(3)}")
        link = _publish(t, "hill-radio", CHOIR)
        other = _publish(t, "harbour-post", "Old bridge at Mill Lane to be painted green")
        await t.deliveries("held", 2)
        said = await _whynot(t, link)
        assert "It waits for the digest at" in said
        assert "because this chat gets digests" in said
        t.ahead = 3 * 3600 + 60
        digest = await t.alert("Digest: 2 stories")
        said = _read(await _why(t, digest))
        assert said.startswith("Why this digest: 2 stories\n")
        assert f"• {CHOIR}\nChoirs choir · Hill Radio" in said
        assert "painted green\nfollows all its news · Harbour Post" in said
        answer = await t.ask(f"/whynot {other}")
        assert answer.reply_to == digest.id
        assert "Sent in a digest at" in _read(answer)


async def test_what_was_not_seen_names_the_source_and_its_trouble(bot: Town) -> None:
    await bot.ask("/subscribe")
    _publish(bot, "harbour-post", FERRY)
    await bot.alert(FERRY)
    said = await _whynot(bot, "https://elsewhere.example/news/1")
    assert "No source has had this link" in said
    assert "No source is from elsewhere.example." in said
    said = await _whynot(bot, "https://harbour-post.example/never")
    assert "Its source:" in said
    assert "Harbour Post: Answering" in said
    bot.playground.newsroom.outlets["harbour-post"].trouble = 500
    await bot.some_feed(lambda feed: feed.failures, "a failure")
    said = await _whynot(bot, "harbour-post.example/never")
    assert "Its source does not work" in said
    assert "Harbour Post: Failing since" in said
    assert "500" in said
    assert "I can't read that link" in (await bot.ask("/whynot ferry")).text
    assert "Send it with the link of a story" in (await bot.ask("/whynot")).text


async def test_a_first_poll_and_an_archive_were_stored_quietly(tmp_path: Path) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio")
    old = newsroom.publish("harbour-post", FERRY).link
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        said = await _whynot(t, old)
        assert "was there before I first read Harbour Post" in said
        assert "There are no alerts for older stories" in said
        past = time.time() - 90 * 86_400
        links = [
            newsroom.publish(
                "harbour-post", f"Bulletin {n} of the harbour office", published=past + n
            ).link
            for n in range(30)
        ]
        await t.stored("Bulletin 29 of the harbour office")
        assert "Harbour Post showed it among older stories" in await _whynot(t, links[29])


async def test_no_topic_matched_and_the_nearest_miss(bot: Town) -> None:
    await bot.ask("/topic Choirs: choir concert")
    await bot.ask("/topic Storms: ferry storm strike")
    await bot.ask("/topic Drills: ferry -storm")
    await bot.ask("/subscribe Hill Radio")
    link = _publish(bot, "harbour-post", FERRY)
    await bot.stored(FERRY)
    said = await _whynot(bot, link)
    assert "No topic fits this story." in said
    assert "Storms: it has ferry, storm, it lacks strike." in said
    assert "follows Hill Radio" in said
    assert "lacks ferry" not in said
    await bot.ask("/topic remove Storms")
    said = await _whynot(bot, link)
    assert "Drills: it has ferry, it is left out by -storm." in said


async def test_what_was_muted_says_by_what(bot: Town) -> None:
    await bot.ask("/topic Ferries: ferry")
    await bot.ask("/topic Choirs: choir")
    await bot.ask("/topic mute Ferries 8h")
    link = _publish(bot, "harbour-post", FERRY)
    await bot.stored(FERRY)
    assert "the topic Ferries is muted" in await _whynot(bot, link)
    await bot.ask("/mute source:Hill Radio 2d")
    link = _publish(bot, "hill-radio", CHOIR)
    await bot.stored(CHOIR)
    said = await _whynot(bot, link)
    assert "Not sent at" in said
    assert "Hill Radio is muted" in said
    await bot.ask("/mute concert 2d")
    title = "Choir cancels its concert at the mill"
    link = _publish(bot, "harbour-post", title)
    await bot.stored(title)
    assert "concert is muted" in await _whynot(bot, link)


async def test_what_follows_a_muted_story_says_so(bot: Town) -> None:
    await bot.ask("/subscribe")
    _publish(
        bot,
        "harbour-post",
        "Dockers walk out at Grand Anse, 31 ships waiting",
        "Dockers at Grand Anse walked out on Monday over wages. 31 ships wait off the port.",
    )
    alert = await bot.alert("Dockers walk out")
    await bot.press(alert, "Options")
    await until(lambda: "Mute this" in str(_now(bot, alert).reply_markup), "the options")
    await bot.press(alert, "Mute this story")
    deal = "Dockers at Grand Anse end walkout after wage deal"
    link = _publish(
        bot,
        "harbour-post",
        deal,
        "Dockers at Grand Anse ended their walkout over wages on Tuesday. The port opens again "
        "and the 31 ships that wait off it may enter.",
    )
    await bot.stored(deal)
    assert "Its story was muted here at" in await _whynot(bot, link)


def _now(t: Town, message: PlaygroundMessage) -> PlaygroundMessage:
    return t.playground.world.chats[message.chat_id].messages[message.id]


async def test_quiet_hours_and_more_sources_are_waited_for(bot: Town) -> None:
    await bot.ask("/topic Ferries: ferry")
    await bot.ask("/topic Choirs: choir")
    async with bot.storage() as storage:
        ferries = (await storage.chats.topics(ADA_ID))[0]
        await storage.chats.set_options(ferries.id, TopicOptions(sources=2))
    link = _publish(bot, "harbour-post", FERRY)
    await bot.deliveries("waiting")
    assert "Its topic waits for 2 sources. So far: 1." in await _whynot(bot, link)
    await bot.ask(f"/quiet {_clock(-1)}-{_clock(4)}")
    link = _publish(bot, "harbour-post", CHOIR)
    await bot.deliveries("held")
    said = await _whynot(bot, link)
    assert "Quiet hours hold it until" in said


async def test_what_waits_in_the_queue_and_what_telegram_refused(bot: Town) -> None:
    await bot.ask("/subscribe")
    bot.playground.faults.add(FaultKind.TOO_MANY, chat_id=ADA_ID, retry_after=8)
    link = _publish(bot, "harbour-post", FERRY)
    await bot.deliveries("pending")
    await until(lambda: not bot.playground.faults.waiting, "the 429")
    await bot.deliveries("pending")  # until then it counts as being sent
    bot.playground.people.say(ADA_ID, f"/whynot {link}")
    # The answer waits as well.
    waits = await bot.alert("It is on its way")
    assert "Telegram asked me to wait until" in waits.text
    await bot.deliveries("sent")
    bot.playground.faults.add(FaultKind.REFUSE, chat_id=ADA_ID, description=refusals.TEXT_EMPTY)
    link = _publish(bot, "harbour-post", CHOIR)
    await bot.deliveries("failed")
    said = await _whynot(bot, link)
    assert "Telegram refused it at" in said
    assert "essage text is empty" in said


@pytest.mark.town(unknown_outcome="drop")
async def test_an_outcome_that_is_unknown_is_said_to_be(bot: Town) -> None:
    await bot.ask("/subscribe")
    bot.playground.faults.add(FaultKind.APPLY_THEN_DROP, chat_id=ADA_ID)
    link = _publish(bot, "harbour-post", FERRY)
    await bot.deliveries("unknown")
    assert "It may have come" in await _whynot(bot, link)


async def test_followed_later_and_a_chat_that_was_paused(bot: Town) -> None:
    await bot.ask("/start")
    link = _publish(bot, "harbour-post", FERRY)
    await bot.stored(FERRY)
    await bot.ask("/topic Ferries: ferry")
    said = await _whynot(bot, link)
    assert "It came before that. Topic Ferries has been followed since" in said
    await bot.ask("/stop")
    link = _publish(bot, "harbour-post", "Ferry to Skerry Point runs an hour late")
    await bot.stored("Ferry to Skerry Point runs an hour late")
    said = await _whynot(bot, link)
    assert "This chat was paused when I saw it" in said
    assert "This chat is paused now. To go on, send /start" in said
    await bot.ask("/start")
    assert "This chat was paused until" in await _whynot(bot, link)


@pytest.mark.parametrize("thread", ["General", "Science"])
async def test_why_answers_in_groups_and_in_the_threads_of_a_forum(bot: Town, thread: str) -> None:
    threads = bot.playground.world.chats[FORUM].threads
    thread_id = next(each.id for each in threads.values() if each.name == thread)
    await bot.ask("/topic ferry", FORUM, thread_id=thread_id)
    _publish(bot, "harbour-post", FERRY)
    alert = await bot.alert(FERRY, FORUM)
    # In a thread, what replies to nothing carries the message that opened the thread.
    answer = await bot.ask("/why", FORUM, user=BEN_ID, thread_id=thread_id)
    assert "Reply to an alert with /why" in answer.text
    answer = await _why(bot, alert, user=BEN_ID, thread_id=thread_id)
    assert "Topic ferry: it found ferry." in _read(answer)
