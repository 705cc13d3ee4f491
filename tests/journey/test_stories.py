"""One story, one alert: later reports edit what was sent."""

from pathlib import Path

from bot.playground.bot_api.faults import FaultKind
from bot.playground.chats.world import ADA_ID
from bot.playground.news.newsroom import quiet_newsroom
from tests.journey.town import Town, town

HEADLINE = "Ferry to Lund Island resumes after storm"


def _edits(t: Town) -> int:
    return len(t.playground.ledger.find(method="editMessageText", chat_id=ADA_ID))


async def test_later_reports_edit_the_alert_gathered_and_named(tmp_path: Path) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio", "coast-wire")
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        newsroom.publish("harbour-post", HEADLINE, "The first boat left at noon.")
        alert = await t.alert(HEADLINE)
        newsroom.publish("hill-radio", HEADLINE)
        await t.reports(2)
        newsroom.publish("coast-wire", f"BREAKING: {HEADLINE}")
        await t.reports(3)
        assert _edits(t) == 0
        t.ahead = 61
        await t.turned_until(lambda: _edits(t) == 1, "an edit")
        edited = t.playground.world.chats[ADA_ID].messages[alert.id]
        also = edited.text.splitlines()
        assert also[0] == HEADLINE
        assert also[1] == "The first boat left at noon."
        assert also[3].replace("\u2068", "").replace("\u2069", "") == "Also: Hill Radio, Coast Wire"
        kinds = [entity["type"] for entity in edited.entities]
        assert "expandable_blockquote" in kinds
        assert kinds.count("text_link") == 3
        t.ahead = 180
        newsroom.publish("hill-radio", "Choir festival opens in the hills on Friday")
        await t.alert("Choir festival")
        assert _edits(t) == 1
        assert sum(HEADLINE in text for text in t.texts()) == 1


async def test_an_alert_older_than_a_day_is_not_edited(bot: Town) -> None:
    await bot.ask("/subscribe")
    bot.playground.newsroom.publish("harbour-post", HEADLINE)
    await bot.alert(HEADLINE)
    await bot.deliveries("sent")
    bot.ahead = 86_500
    bot.playground.newsroom.publish("hill-radio", HEADLINE)
    await bot.reports(2)
    bot.ahead = 86_700
    bot.playground.newsroom.publish("hill-radio", "Choir festival opens in the hills on Friday")
    await bot.alert("Choir festival")
    assert _edits(bot) == 0


async def test_an_edit_whose_answer_is_lost_is_repeated(bot: Town) -> None:
    await bot.ask("/subscribe")
    bot.playground.newsroom.publish("harbour-post", HEADLINE)
    await bot.alert(HEADLINE)
    bot.playground.newsroom.publish("hill-radio", HEADLINE)
    await bot.reports(2)
    bot.playground.faults.add(FaultKind.APPLY_THEN_DROP, method="editMessageText")
    bot.ahead = 61
    await bot.turned_until(lambda: _edits(bot) == 1, "an edit")
    await bot.until_stored(
        lambda storage: storage.outbox.next_due_at(bot.now()),
        lambda due: due is not None,
        "the note that it is to be tried again",
    )
    bot.ahead = 130
    await bot.turned_until(lambda: _edits(bot) == 2, "its repetition")
    bot.ahead = 300
    bot.playground.newsroom.publish("hill-radio", "Choir festival opens in the hills on Friday")
    await bot.alert("Choir festival")
    assert _edits(bot) == 2
    assert sum(HEADLINE in text for text in bot.texts()) == 1


async def test_a_story_that_grew_before_its_alert_went_out_is_told_whole(bot: Town) -> None:
    await bot.ask("/subscribe")
    bot.playground.faults.add(FaultKind.TOO_MANY, chat_id=ADA_ID, retry_after=3)
    bot.playground.newsroom.publish("harbour-post", HEADLINE)
    bot.playground.newsroom.publish("hill-radio", HEADLINE)
    alert = await bot.alert(HEADLINE)
    assert "Also:" in alert.text
    assert _edits(bot) == 0


async def test_one_event_in_three_words_is_one_alert_and_another_like_it_rings(
    tmp_path: Path,
) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio", "coast-wire")
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        newsroom.publish(
            "coast-wire",
            "Ferry Albatross runs aground off Lund Island with 212 aboard",
            "The ferry Albatross struck a sandbank off Lund Island on Monday evening with 212 "
            "passengers aboard. The coastguard said nobody was hurt and lifeboats were on the way.",
        )
        first = await t.alert("Ferry Albatross runs aground")
        # A copy under another headline, which says whose it is.
        newsroom.publish(
            "hill-radio",
            "Passengers wait for lifeboats after Albatross grounding",
            "<p>LUND ISLAND (Coast Wire) – The ferry Albatross struck a sandbank off Lund Island "
            "on Monday evening with 212 passengers aboard. The coastguard said nobody was hurt and "
            "lifeboats were on the way.</p>",
        )
        await t.reports(2)
        t.ahead = 61
        await t.turned_until(lambda: _edits(t) == 1, "the first edit")
        # The same event in other words.
        newsroom.publish(
            "harbour-post",
            "Albatross ferry aground on sandbank at Lund Island, 212 passengers safe",
            "All 212 passengers of the Albatross are safe after the ferry ran onto a sandbank at "
            "Lund Island, the coastguard said. Lifeboats took the first of them ashore.",
        )
        await t.reports(3)
        t.ahead = 125
        await t.turned_until(lambda: _edits(t) == 2, "the second edit")
        edited = t.playground.world.chats[ADA_ID].messages[first.id].text
        plain = edited.replace("\u2068", "").replace("\u2069", "")
        assert "Also: Hill Radio, Harbour Post" in plain
        assert "(Hill Radio, from Coast Wire)" in plain
        # Another ferry, another sandbank: its own alert.
        newsroom.publish(
            "hill-radio",
            "Ferry Cormorant runs aground near Saint Orla with 57 aboard",
            "The ferry Cormorant struck rocks near Saint Orla on Tuesday morning with 57 "
            "passengers aboard. Tugs were on the way.",
        )
        await t.alert("Ferry Cormorant")
        assert sum("Albatross" in text for text in t.texts()) == 1


async def test_a_development_is_told_in_reply_to_what_it_follows(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe")
    bot.playground.newsroom.publish(
        "harbour-post",
        "Dockers walk out at Grand Anse, 31 ships waiting",
        "Dockers at Grand Anse walked out on Monday over wages. 31 ships wait off the port.",
    )
    first = await bot.alert("Dockers walk out")
    await bot.told(first)
    bot.playground.newsroom.publish(
        "harbour-post",
        "Dockers at Grand Anse end walkout after wage deal",
        "Dockers at Grand Anse ended their walkout over wages on Tuesday. The port opens again "
        "and the 31 ships that wait off it may enter.",
    )
    second = await bot.alert("end walkout")
    assert second.reply_to == first.id


async def test_a_rewritten_headline_edits_the_alert_and_new_figures_are_told_quietly(
    bot: Town,
) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe")
    newsroom = bot.playground.newsroom
    item = newsroom.publish("harbour-post", "Storm hits Saint Orla, roofs damaged")
    alert = await bot.alert("Storm hits Saint Orla")
    newsroom.publish(
        "harbour-post", "Storm damages roofs in Saint Orla", id=item.id, link=item.link
    )
    # An edit is due a minute after what it tells was stored.
    await bot.stored("Storm damages roofs in Saint Orla")
    bot.ahead = 61
    await bot.turned_until(lambda: _edits(bot) == 1, "the new headline")
    shown = bot.playground.world.chats[ADA_ID].messages[alert.id]
    assert shown.text.startswith("Storm damages roofs in Saint Orla")
    newsroom.publish(
        "harbour-post", "Storm in Saint Orla hurts 14 people", id=item.id, link=item.link
    )
    update = await bot.alert("Update:")
    assert "hurts 14 people" in update.text
    assert update.silent
    assert update.reply_to == alert.id
    bot.ahead = 200
    await bot.turned_until(lambda: _edits(bot) == 2, "the newest headline")
    shown = bot.playground.world.chats[ADA_ID].messages[alert.id]
    assert shown.text.startswith("Storm in Saint Orla hurts 14 people")
    # A second change within the hour is edited in and makes no other message.
    newsroom.publish(
        "harbour-post", "Storm in Saint Orla hurts 15 people", id=item.id, link=item.link
    )
    await bot.stored("Storm in Saint Orla hurts 15 people")
    bot.ahead = 300
    await bot.turned_until(lambda: _edits(bot) == 3, "the third headline")
    assert sum("Update:" in text for text in bot.texts()) == 1
    assert sum("Saint Orla" in text for text in bot.texts()) == 2


async def test_a_headline_that_changes_before_its_alert_went_out_is_told_as_it_is_now(
    bot: Town,
) -> None:
    await bot.ask("/subscribe")
    bot.playground.faults.add(FaultKind.TOO_MANY, chat_id=ADA_ID, retry_after=3)
    newsroom = bot.playground.newsroom
    item = newsroom.publish("harbour-post", "Storm hits Saint Orla, roofs damaged")
    await bot.stored("Storm hits Saint Orla, roofs damaged")
    newsroom.publish("harbour-post", "Storm spares Saint Orla", id=item.id, link=item.link)
    alert = await bot.alert("Storm spares")
    assert len([text for text in bot.texts() if "Saint Orla" in text]) == 1
    assert alert.text.startswith("Storm spares Saint Orla")


async def test_what_an_archive_told_last_year_is_no_report_of_it_today(idle: Town) -> None:
    newsroom = idle.playground.newsroom
    year, old = 365 * 86_400.0, "the quay was calm that day"
    newsroom.publish("hill-radio", HEADLINE, old, published=idle.now() - year)
    await idle.start_bot()
    await idle.ask("/start")
    await idle.ask("/subscribe")
    newsroom.publish("harbour-post", HEADLINE, "The first boat left at noon.")
    alert = await idle.alert("The first boat left")
    assert "Hill Radio" not in idle.shown(alert).text
    shown = await idle.ask("/search ferry")
    assert "Hill Radio" in shown.text
    assert "Harbour Post" in shown.text
