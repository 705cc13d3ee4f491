"""Doing what a person asks for: where it works, if they may, about the channel they speak for."""

from collections.abc import Awaitable, Callable

from bot.errors import QueryError, TocsinError
from bot.texts.html import Html, code, lines
from bot.texts.locale import Locale
from handlers import rights
from handlers.call import Call
from handlers.commands import channels, start
from handlers.surface import Command, Where, Who, where_of
from storage.errors import StorageError


async def obey(call: Call, command: Command) -> None:
    """Does what a command says, about the channel that its person speaks for if they do."""
    meant = await channels.about(call, None) if Where.FOR_CHANNEL in command.where else call
    if meant is None:
        return
    if start.waits(meant) and not command.uninvited:
        await start.explain_waiting(meant)
        return
    who = command.who_may(meant.words)
    await answering(meant, command, who, lambda: command.handler(meant))


async def answering(
    call: Call, command: Command | None, who: Who, work: Callable[[], Awaitable[None]]
) -> None:
    """Lets a handler work, if who asks may and its command works here; what it refuses is said to
    the person in its own sentence. Raises what is no refusal, such as that the database failed.
    """
    try:
        if not await rights.admitted(call, who):
            return
        if command and where_of(call.here.kind) not in command.where:
            await call.answer(call.locale.t(command.elsewhere))
            return
        await work()
    except QueryError as error:
        await call.answer(lines(call.locale.t(error.said), _query_help(call.locale)))
    except StorageError:
        raise
    except TocsinError as error:
        await call.answer(call.locale.t(error.said))


def _query_help(locale: Locale) -> Html:
    return locale.t(
        "For example: {one}, {two}",
        one=code("ceasefire OR truce"),
        two=code('"rare earth" -mining'),
    )
