"""Strangers' feeds, through the running bot: what they may touch."""

from functools import partial
from pathlib import Path

from bot.news.polling.quota import ENTRIES_OF_A_GUEST
from bot.playground.chats.world import ADA_ID, BEN_ID, PlaygroundMessage
from bot.playground.news.newsroom import quiet_newsroom
from tests.feeds.site import Page, Site, site
from tests.journey.town import Town, town

STORM = "Storm closes the harbour of Lund Island for three days"
STOLEN = "Customer data of Ostwick council were stolen"


def _document(title: str, *entries: tuple[str, str]) -> Page:
    """A feed of entries with these headlines and links."""
    items = "".join(
        f"<item><title>{headline}</title><link>{link}</link><guid>{title}{link}</guid></item>"
        for headline, link in entries
    )
    return Page(
        f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>',
        content_type="application/rss+xml",
    )


async def _brought(t: Town, harbour: Site, *titles: str) -> None:
    """Ben, a stranger, adds feeds of his own."""
    for number, title in enumerate(titles):
        path = f"/{number}"
        harbour.pages[path] = _document(title, (f"Nothing yet at {title}", f"{harbour.url}/n"))
        answer = await t.ask(f"/addfeed {harbour.url}{path}", BEN_ID, user=BEN_ID)
        assert answer.text.startswith(f"Added {title}."), answer.text
    await t.settle()


async def _begun(t: Town) -> None:
    await t.start_bot()
    for user in (ADA_ID, BEN_ID):
        await t.ask("/start", user, user=user)
        await t.ask("/subscribe", user, user=user)


def _names(t: Town, message: PlaygroundMessage, source: str) -> bool:
    return source in t.shown(message).text


def _rung(t: Town, chat_id: int, headline: str) -> int:
    return sum(headline in text for text in t.texts(chat_id))


async def test_a_strangers_feed_cannot_keep_a_coming_story_from_anybody(
    harbour: Site, idle: Town
) -> None:
    """The headline of a story that was told, with the link of one that comes."""
    await _begun(idle)
    await _brought(idle, harbour, "Bridge Post")
    idle.playground.newsroom.publish("harbour-post", STORM)
    told = await idle.alert(STORM)
    await idle.alert(STORM, BEN_ID)
    await idle.deliveries("sent", 2)
    coming = f"{harbour.url}/coming"
    harbour.pages["/0"] = _document("Bridge Post", (STORM, coming))
    idle.ahead += 61
    own = next(m for m in idle.messages(BEN_ID) if STORM in m.text)
    await idle.turned_until(
        lambda: "Bridge Post" in idle.shown(own).text, "the stranger's own edit"
    )
    idle.playground.newsroom.publish("hill-radio", STOLEN, link=coming)
    for user in (ADA_ID, BEN_ID):
        await idle.alert(STOLEN, user)
    assert "Bridge Post" not in idle.shown(told).text
    assert [_rung(idle, user, STORM) for user in (ADA_ID, BEN_ID)] == [1, 1]


async def test_who_follows_a_feed_that_was_first_gets_the_operators_report_as_an_edit(
    harbour: Site,
    idle: Town,
) -> None:
    await _begun(idle)
    await _brought(idle, harbour, "Early Bird")
    harbour.pages["/0"] = _document("Early Bird", (STOLEN, f"{harbour.url}/1"))
    own = await idle.alert(STOLEN, BEN_ID)
    await idle.deliveries("sent")
    idle.ahead += 61
    idle.playground.newsroom.publish("hill-radio", STOLEN)
    await idle.alert(STOLEN)
    await idle.turned_until(lambda: "Hill Radio" in idle.shown(own).text, "the edit")
    assert [_rung(idle, user, STOLEN) for user in (ADA_ID, BEN_ID)] == [1, 1]
    assert "Early Bird" not in next(m.text for m in idle.messages() if STOLEN in m.text)


async def test_three_feeds_called_like_agencies_are_news_for_their_chat_only(
    tmp_path: Path,
) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio")
    async with site() as harbour, town(tmp_path, newsroom) as t:
        await t.start_bot()
        for user in (ADA_ID, BEN_ID):
            await t.ask("/start", user, user=user)
            await t.ask("/topic storm", user, user=user)
        names = ("Coast Wire", "Gull Wire", "World Wire")
        await _brought(t, harbour, *names)
        newsroom.publish("harbour-post", STORM)
        told, own = await t.alert(STORM), await t.alert(STORM, BEN_ID)
        await t.deliveries("sent", 2)
        for number, name in enumerate(names):
            link = f"{harbour.url}/copy{number}"
            harbour.pages[f"/{number}"] = _document(name, (STORM, link))
            t.ahead += 61
            await t.turned_until(partial(_names, t, own, name), "the stranger's own edit")
        newsroom.publish("hill-radio", STORM)
        t.ahead += 61
        await t.turned_until(lambda: "Hill Radio" in t.shown(told).text, "the edit for Ada")
        assert not any(name in t.shown(told).text for name in names)
        why = await t.ask("/why", reply_to=told.id)
        assert "Hill Radio" in why.text
        assert not any(name in why.text for name in names)
        for command in ("/latest", "/search storm"):
            answer = await t.ask(command)
            assert not any(name in answer.text for name in names)
        menu = t.labels(told)
        await t.press(told, menu[0])
        await t.turned_until(lambda: "Close" in t.labels(told), "the options")
        assert not any("Wire" in label for label in t.labels(told))


async def test_a_flood_is_cut_and_its_chat_told_once(harbour: Site, idle: Town) -> None:
    await _begun(idle)
    await _brought(idle, harbour, "Flood Post")
    flood = [(f"Pump {n} of the lower town", f"{harbour.url}/f{n}") for n in range(900)]
    harbour.pages["/0"] = _document("Flood Post", *flood)
    note = await idle.alert("Some stories are left out", BEN_ID)
    assert "Flood Post: 801 stories left out" in note.text
    assert f"{ENTRIES_OF_A_GUEST} stories an hour" in note.text
    idle.playground.newsroom.publish("harbour-post", STORM)
    await idle.alert(STORM)
    assert not any("Pump" in text or "Some stories are left out" in text for text in idle.texts())
    await idle.turn()
    assert sum("Some stories are left out" in text for text in idle.texts(BEN_ID)) == 1
