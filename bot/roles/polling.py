"""The role that reads feeds, and where hubs may push, lets them."""

import secrets
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.feeds.fetching.fetch import Fetcher, user_agent
from bot.feeds.fetching.gate import Gate
from bot.feeds.fetching.visitor import Visitor
from bot.feeds.reading.worker import DocumentParser, ParserPool
from bot.news.members import SLOTS
from bot.news.polling.politeness import Politeness
from bot.pipeline.polling.articles import Articles
from bot.pipeline.polling.poll import Poller
from bot.pipeline.polling.push import Subscriber
from bot.roles.by_settings import bounds, chance, guard_of
from bot.roles.process import Loop, Process, alone

if TYPE_CHECKING:
    from aiohttp import web as http


class DocumentReading(Struct, frozen=True, kw_only=True):
    """What fetches and reads documents of strangers, for feeds and for who searches for one."""

    politeness: Politeness
    fetcher: Fetcher
    visitor: Visitor
    parser: DocumentParser


async def reading(process: Process) -> DocumentReading:
    """Opens what `poll` and `chat` read documents with."""
    guard = guard_of(process.settings)
    politeness = Politeness(guard.is_ours)
    gate = Gate(politeness, process.now, process.stop.sleep)
    agent = user_agent(process.settings.contact)
    fetcher = Fetcher(guard, now=process.now, user_agent=agent, gate=gate)
    await process.stack.enter_async_context(fetcher)
    parser = process.parser
    if parser is None:
        parser = await process.stack.enter_async_context(ParserPool())
    return DocumentReading(
        politeness=politeness, fetcher=fetcher, visitor=Visitor(fetcher), parser=parser
    )


async def poll(
    process: Process, *, reading: DocumentReading
) -> tuple[list[Loop], list["http.RouteDef"]]:
    """Reads feeds; where hubs may push, also lets them, by the calls that are returned."""
    part = process.membership.part("poll", SLOTS)
    poller = Poller(
        feeds=process.storage.feeds,
        fetch=reading.fetcher.fetch,
        parse=reading.parser.parse,
        bounds=bounds(process.settings),
        now=process.now,
        chance=chance,
        stop=process.stop,
        desk=process.bells.rope("desk"),
        metrics=process.metrics,
        politeness=reading.politeness,
        connectivity=process.connectivity,
        articles=_articles(process, reading),
        visit=reading.visitor.fetch,
        part=part,
    )
    part.busy, part.gain, part.bell = poller.busy, poller.gain, poller.look_again
    process.bells.when("poll", poller.look_again)
    process.stack.push_async_callback(poller.end)
    subscriber = await _subscriber(process, reading.fetcher, poller)
    if subscriber is None:
        return [Loop("poll", poller.step)], []
    from bot.web import websub  # brings a server, which most have no use for

    pushing = alone(process, "push", Loop("push", subscriber.step))
    return [Loop("poll", poller.step), *pushing], websub.routes(subscriber)


def _articles(process: Process, reading: DocumentReading) -> Articles:
    return Articles(
        fetch=reading.fetcher.fetch,
        lead=reading.parser.lead,
        judge=reading.parser.judge,
        politeness=reading.politeness,
        now=process.now,
        sleep=process.stop.sleep,
        metrics=process.metrics,
    )


async def _subscriber(process: Process, fetcher: Fetcher, poller: Poller) -> Subscriber | None:
    """The part that lets hubs push, where they can reach us."""
    base = process.settings.websub_url if process.settings.web_listen else None
    if base is not None or not process.membership.others:
        await process.storage.pushes.begin(base)
    if base is None:
        return None

    async def pass_on(feed_id: int) -> bool:
        """Has another process, which polls the feed, do so now."""
        passed_on = await poller.pass_on(feed_id)
        if passed_on:
            process.bells.ring("poll")
        return passed_on

    return Subscriber(
        pushes=process.storage.pushes,
        post=fetcher.post,
        base=base,
        now=process.now,
        chance=chance,
        secret=secrets.token_urlsafe,
        offer=poller.offer,
        pass_on=pass_on,
        stop=process.stop,
        metrics=process.metrics,
    )
