"""What people write that is no command of ours: words, links, greetings, pictures, slips."""

from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace

from bot.actions import search
from bot.actions.search import Budget
from bot.errors import QueryError
from bot.news.chat import Topic
from bot.news.query.match import Query
from bot.news.query.parse import parse_query, read_query
from bot.news.telling.durations import is_time
from bot.news.text.plain import cut
from bot.news.text.words import fold
from bot.texts.html import NOTHING, Html, bold, escape, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import addfeed, latest
from handlers.routing.obeying import obey
from handlers.routing.typed import called, loosely, nearest
from handlers.screens import previews
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, keyboard
from handlers.surface import Action, Command, Who, known, where_of

Handler = Callable[[Call], Awaitable[None]]

LONGEST = 200
"""Characters of a headline that are looked for."""
_SHOWN = 3
_WORDS = 60
_LEAVING = ("unsubscribe", "removefeed")
_TIMED = ("mute", "pause", "stop")


async def look(call: Call, below: Html = NOTHING, also: Sequence[Button] = ()) -> None:
    """The newest three stories that match what was written, and what can be done with it. `below`
    stands under them, and the buttons that there are `also`.
    """
    words, locale = call.words, call.locale
    topic = await _topic_called(call, words)
    query = parse_query(topic.query) if topic else _query_of(words, call.chat.language)
    parse_query(str(query))  # what is kept for the buttons may be longer than what was typed
    shown = cut(topic.name if topic else words, _WORDS)
    kept = await call.storage.stories.keep_search(call.chat.id, str(query), call.now(), shown)
    budget = Budget()
    page = await search.page_before(call.stories, query, None, budget)
    ways = [
        (locale.plain("Follow"), pack("follow", kept)),
        (locale.plain("Test it"), pack("try", kept)),
    ]
    if topic:
        ways = [(locale.plain("Options"), pack("topic", topic.id))]
    if not page.rows:
        advice, others = await previews.instead(call, query, budget, words)
        none = bold(locale.t("Nothing found on {words}.", words=shown))
        looked = latest.none_of(page.looked, locale) if page.looked else ""
        rows = [await _meant(call, words), *others, ways, also]
        await call.show(lines(none, looked, advice, below), keyboard(*rows))
        return
    more = [(locale.plain("All that match"), pack("latest", kept))]
    first = replace(page, rows=page.rows[:_SHOWN])
    found = latest.text_of(shown, first, locale)
    meant = await _meant(call, words)
    await call.show(
        joined("\n\n", [found, below]) if below else found,
        keyboard(meant, ways, more if len(page.rows) > _SHOWN else [], also),
    )


async def finds(call: Call) -> bool:
    """Whether any story has what was written."""
    query = _query_of(call.words, call.chat.language)
    return bool((await search.page_before(call.stories, query, None)).rows)


async def is_search(call: Call) -> bool:
    """Whether what was written is the name of a topic, or words that a story has."""
    try:
        return await topic_in(call) or await finds(call)
    except QueryError:
        return False


async def topic_in(call: Call) -> bool:
    """Whether what was written is the name of a topic."""
    return await _topic_called(call, call.words) is not None


async def _topic_called(call: Call, words: str) -> Topic | None:
    topics = await call.storage.chats.topics(call.chat.id)
    return next((topic for topic in topics if fold(topic.name) == fold(words)), None)


def _query_of(words: str, language: str) -> Query:
    """The words as a query; else, since few who write know what that is, the words in them."""
    try:
        return read_query(words, language)
    except QueryError:
        bare = loosely(words)
        if bare == words:
            raise
        return read_query(bare, language)


async def _meant(call: Call, words: str) -> list[Button]:
    """Where a command was written without its slash, also as texts call it and with a time behind
    it: the command.
    """
    first, _, rest = words.partition(" ")
    usable, name = _usable(call), first.lower()
    if name not in usable and called(name) not in usable:
        return []
    if rest and not (name in _TIMED and is_time(rest, call.chat.timezone, call.now())):
        return []
    return [await _to_do(call, name if name in usable else called(name), rest)]


def _usable(call: Call) -> list[str]:
    """The commands that may be offered to this person here."""
    here = where_of(call.here.kind)
    return [
        command.name
        for command in known().commands.values()
        if here in command.where and (command.who is not Who.OPERATORS or call.is_operator)
    ]


async def not_known(call: Call, name: str, words: str) -> None:
    """A command that there is not, or one of another bot: the same or the nearest that there are,
    as buttons that do them.
    """
    usable, bare = _usable(call), name.partition("@")[0]
    near = [bare] if bare in usable else nearest(bare, usable)
    shown, locale = escape("/" + cut(name, 40)), call.locale
    if not near:
        await call.show(locale.t("I don't know {command}. /help shows what I do.", command=shown))
        return
    rows = [[await _to_do(call, each, words)] for each in near]
    if any(each in _LEAVING for each in near) and (topic := await _topic_called(call, words)):
        rows = [[await _to_do(call, "topic", f"remove {topic.name}")]]
    said = locale.t("I don't know {command}. Did you mean this?", command=shown)
    await call.show(said, keyboard(*rows))


async def not_applied(call: Call, name: str, words: str) -> None:
    """A command that changes something was edited: nothing is done behind a person's back."""
    said = call.locale.t("Send it again to apply it.")
    await call.show(said, keyboard([await _to_do(call, name, words)]))


async def _to_do(call: Call, name: str, words: str) -> Button:
    """A button that does what a command with these words does."""
    label = f"/{name} {words}".strip()
    if not words:
        return label, pack("do", name)
    # Kept as the words of a search are: a button has no room for them.
    kept = await call.storage.stories.keep_search(call.chat.id, words, call.now())
    return label, pack("do", name, kept)


async def do(call: Call, press: Press) -> None:
    """Does the command that a button names, as if the person had written it."""
    command = known().commands.get(press.arguments[0] if press.arguments else "")
    words: str | None = ""
    if len(press.arguments) > 1:
        words = await call.storage.stories.search_words(call.chat.id, press.number(1) or 0)
    if command is None or words is None:
        await call.note(say("This button is old. Send the command again."))
        return
    await obey(replace(call, words=words), command)


def what_to_send(locale: Locale) -> Html:
    """What a person can send, in one line."""
    return locale.t("Send words to search news, or a link to add its source. /help shows more.")


def only_text(locale: Locale) -> Html:
    """The answer to a picture and the like."""
    return locale.t("I can't read that. Send words, a link, a post or your location.")


LOOK = Command("", look, Who.ANYBODY)
OFFER = Command("", addfeed.offer)
ACTIONS = (Action("do", do, Who.ANYBODY),)
