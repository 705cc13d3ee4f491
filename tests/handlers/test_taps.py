"""How many taps a person needs for what people do most: START and every button is one."""

from dataclasses import dataclass

from bot.news.chat import Chat
from tests.handlers.delivering import deliver
from tests.handlers.stage import ADA_ID, Shown, Stage

FERRY = "Ferry to Lund Island resumes after storm"


@dataclass
class Thumb:
    """A thumb that presses buttons by the beginnings of their labels, and counts."""

    here: Stage
    taps: int = 0

    async def start(self) -> Shown:
        """Presses START in an empty chat."""
        self.taps += 1
        return await self.here.ask("/start")

    async def tap(self, shown: Shown, *parts: str) -> str:
        """Presses one button after the other; returns the note that the last one brought."""
        note = ""
        for part in parts:
            label = next(each for each in shown.labels if each.removeprefix("✓ ").startswith(part))
            note = await self.here.press(shown, label)
            self.taps += 1
        return note


async def _chat(here: Stage) -> Chat:
    chat = await here.storage.chats.get(ADA_ID)
    assert chat is not None
    return chat


async def _topics(here: Stage) -> list[str]:
    return [topic.name for topic in await here.storage.chats.topics(ADA_ID)]


async def test_the_first_headline_takes_two_taps_at_most(here: Stage) -> None:
    await here.publish(FERRY)
    thumb = Thumb(here)
    assert FERRY in (await thumb.start()).text
    assert thumb.taps <= 2


async def test_a_topic_takes_two_taps_at_most_in_the_first_minute(here: Stage) -> None:
    await here.publish("Ukraine talks go on in the harbour")
    page, thumb = await here.ask("/start"), Thumb(here)
    assert await thumb.tap(page, "Skip →", "Ukraine") == "Following Ukraine. 1 story so far."
    assert thumb.taps <= 2
    assert "✓ Ukraine" in page.labels
    assert await _topics(here) == ["Ukraine"]
    assert await here.press(page, "✓ Ukraine") == "Unfollowed Ukraine."
    assert await _topics(here) == []
    assert len(here.messages()) == 1


async def test_a_topic_takes_two_taps_at_most_later_on(here: Stage) -> None:
    page, thumb = await here.ask("/topic"), Thumb(here)
    await thumb.tap(page, "Ready-made topics", "Ukraine")
    assert thumb.taps <= 2
    assert await _topics(here) == ["Ukraine"]


async def test_quiet_hours_in_ones_own_time_take_four_taps_at_most(here: Stage) -> None:
    for command, ways in (
        ("/start", ("Skip →", "Skip →", "London 08:00", "Quiet 22:00–07:00")),
        ("/settings", ("Quiet", "23:00", "Time zone", "Kolkata")),
    ):
        page, thumb = await here.ask(command), Thumb(here)
        await thumb.tap(page, *ways)
        assert thumb.taps <= 4
        habits = (await _chat(here)).habits
        first = command == "/start"
        assert habits.quiet == ((1320, 420) if first else (1380, 480))
        assert habits.timezone == ("Europe/London" if first else "Asia/Kolkata")


async def test_a_digest_at_eight_takes_three_taps_at_most(here: Stage) -> None:
    page, thumb = await here.ask("/start"), Thumb(here)
    for _ in range(4):
        await here.press(page, page.labels[-1])
    assert page.text.startswith("All set")
    await thumb.tap(page, "Settings", "When", "Mornings, 08:00")
    assert thumb.taps <= 3
    assert (await _chat(here)).habits.digest == (480,)


async def test_one_tap_undoes_a_removal(here: Stage) -> None:
    await here.ask("/topic Boats: ferry OR tram")
    before = await here.storage.chats.topics(ADA_ID)
    removed, thumb = await here.ask("/topic remove boats"), Thumb(here)
    assert await _topics(here) == []
    assert await thumb.tap(removed, "Undo") == "Boats is back."
    assert thumb.taps == 1
    assert await here.storage.chats.topics(ADA_ID) == before


async def test_the_topic_of_a_bad_alert_is_left_in_two_taps_at_most(here: Stage) -> None:
    await here.ask("/topic Ferries: ferry")
    await here.publish(FERRY)
    await deliver(here)
    shown, thumb = here.alert(FERRY), Thumb(here)
    await thumb.tap(shown, "Options", "Unfollow Ferries")
    assert thumb.taps <= 2
    assert await _topics(here) == []
