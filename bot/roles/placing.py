"""The role that places reports in stories, and decides whom to tell."""

import asyncio
from typing import TYPE_CHECKING

from bot.news.stories.clustering import WINDOW_SECONDS
from bot.pipeline.placing.desk import Desk
from bot.pipeline.placing.digests import Gatherer
from bot.roles.process import Loop, Process, alone

if TYPE_CHECKING:
    from bot.across.neighbours import Neighbours
    from bot.news.telling.elsewhere import Opening


async def desk(process: Process) -> list[Loop]:
    """Places reports in stories, and decides whom to tell, at once or in a digest. Raises
    SettingsError where what compares languages is wanted and missing.
    """
    across = await _neighbours(process) if process.settings.semantic == "on" else None
    placing = Desk(
        stories=process.storage.stories,
        window=process.storage.window,
        chats=process.storage.chats,
        digests=process.storage.digests,
        now=process.now,
        stop=process.stop,
        wakeup=process.bells.wakeup("desk"),
        outbox=process.bells.rope("outbox"),
        metrics=process.metrics,
        threshold=process.settings.story_threshold,
        across=across,
    )
    process.stack.push_async_callback(placing.end)
    gatherer = Gatherer(
        digests=process.storage.digests,
        now=process.now,
        stop=process.stop,
        outbox=process.bells.rope("outbox"),
    )
    loops = [Loop("desk", placing.step), Loop("digests", gatherer.step)]
    return alone(process, "desk", *loops, *([Loop("across", across.step)] if across else []))


async def _neighbours(process: Process) -> "Neighbours":
    """What knows the newest stories of all languages."""
    from bot.across.neighbours import Neighbours
    from bot.across.wheel import check_wheel
    from bot.news.telling.elsewhere import MOST_OPENINGS, opening_of

    await asyncio.to_thread(check_wheel)

    async def known() -> list["Opening"]:
        now = process.now()
        newest = await process.storage.stories.sample(
            now - WINDOW_SECONDS, now + WINDOW_SECONDS, MOST_OPENINGS
        )
        return [opening_of(story) for story, _ in newest.stories]

    across = Neighbours(
        known=known,
        now=process.now,
        wakeup=process.stop.wakeup(),
        metrics=process.metrics,
        window=WINDOW_SECONDS,
    )
    process.stack.push_async_callback(across.end)
    return across
