"""What people write that is no command of ours: words, links, greetings, pictures, slips."""

import re
from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace
from telegram import InlineKeyboardMarkup

from bot.actions import search
from bot.actions.habits import read_cap, read_digest, read_quiet_hours
from bot.actions.languages import read_languages
from bot.actions.pausing import is_paused
from bot.actions.search import Budget
from bot.actions.zones import find_zone
from bot.errors import BadInput, QueryError
from bot.news.chat import Topic
from bot.news.query.introducing import without_introducing
from bot.news.query.match import Query
from bot.news.query.parse import parse_query, read_query
from bot.news.query.spelled import as_typed, named_by
from bot.news.telling.durations import is_time
from bot.news.telling.spoken_times import PLEASE
from bot.news.text.plain import cut
from bot.news.text.words import fold
from bot.texts.html import NOTHING, Html, bold, code, escape, joined, lines, literal
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers import rights
from handlers.call import Call
from handlers.commands import addfeed, digest, latest, pause, presets
from handlers.rights import OTHERS_CHANGE, may_change
from handlers.routing.listed import ENDS
from handlers.routing.obeying import answering, obey
from handlers.routing.pleas import Plea, read_plea
from handlers.routing.setting import LOOKING, settings_named
from handlers.routing.typed import called, loosely, nearest
from handlers.routing.verbs import Deed
from handlers.routing.whereabouts import without_here
from handlers.routing.wishes import Spoken, is_of_all, read_wish
from handlers.screens import apart, previews, setting_words
from handlers.screens.callback_data import Press, pack, unpack
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.setting_screens import language_of, still_paused
from handlers.screens.threads import in_all_threads
from handlers.screens.wished import Ways, preset_named, to_do, ways_to
from handlers.surface import Action, Command, Purpose, Who, known, where_of

Handler = Callable[[Call], Awaitable[None]]

LONGEST = 200
"""Characters of a headline that are looked for."""
_SHOWN = 3
_WORDS = 60
_MENTION = re.compile(r"@\w+[\s,:]*")
_LEAVING = ("unsubscribe", "removefeed")
_ADDS = "addfeed"
_TIMED = ("mute", "pause", "stop")
_CODE = 2


async def heard(call: Call) -> None:
    """Answers words with what was found; where they ask for something to be done, also with a
    button that does it.
    """
    wish = read_wish(call.words) if not await _setting(call, call.words) else None
    if wish and wish.deed is Deed.FOLLOW:
        here = without_here(wish.thing, call.chat.language)
        wish = replace(wish, thing=here or wish.thing)
    ways = await ways_to(call, wish) if wish and not await topic_in(call) else Ways()
    if not wish or not ways.buttons:
        meant = None if await is_search(call) else await _command(call, call.words, is_found=False)
        if meant is None or _looks(call.words):
            await look(call)
        elif await _may(call, *meant):
            button = await to_do(call, *meant)
            await call.ask(call.locale.t("Did you mean this?"), keyboard([button]))
    elif await is_search(call):
        await look(call, also=ways.buttons)
    elif wish.deed is Deed.FOLLOW and not ways.is_sure:
        await look(replace(call, words=wish.thing))
    else:
        await _ask(call, ways, await in_all_threads(call) if is_of_all(wish) else NOTHING)


async def _ask(call: Call, ways: Ways, below: Html) -> None:
    """Offers what may have been asked for, with what is to be known of it `below`. Where that is
    not sure the words can still be followed or tested.
    """
    if not ways.is_sure and not await may_change(call):
        await look(call)
        return
    if ways.is_sure and not await rights.admitted(call, Who.CHANGERS):
        return
    locale, words = call.locale, call.words
    meant = locale.t("Did you mean this?")
    rows = [[each] for each in ways.buttons]
    if ways.is_sure:
        await call.ask(lines(meant, below), keyboard(*rows))
        return
    query = _query_of(words, call.chat.language)
    shown = cut(named_by(words, query), _WORDS)
    kept = await _keep(call, query, shown)
    none = bold(locale.t("Nothing found on {words}.", words=shown))
    await call.ask(lines(none, meant), keyboard(*rows, previews.ways(locale, kept)))


async def look(call: Call, below: Html = NOTHING, also: Sequence[Button] = ()) -> None:
    """The newest three stories that match what was written, and what can be done with it. `below`
    stands under them, and the buttons that there are `also`.
    """
    words, locale = call.words, call.locale
    topic = await _topic_called(call, words)
    ready = None if topic else preset_named(call, without_introducing(words).strip(ENDS))
    if ready:
        topic = await presets.followed_as(call, ready)
    query = parse_query(topic.query) if topic else _query_of(words, call.chat.language)
    shown = cut(topic.name if topic else named_by(words, query), _WORDS)
    kept = await _keep(call, query, shown)
    budget = Budget()
    page = await search.page_before(call.stories, query, None, budget)
    if is_paused(call.chat, call.now()):
        paused = await still_paused(call)
        below, also = (
            lines(below, paused.text),
            [*also, *(each for row in paused.rows for each in row)],
        )
    ways = [previews.ways(locale, kept)]
    if topic:
        ways = [[(locale.plain("Options"), pack("topic", topic.id))]]
    elif ready:
        only = previews.only(call, shown, "follow", kept)
        whole = await presets.kept(call, ready)
        ways = [previews.ways(locale, whole), [only]]
        if not page.rows:
            kept, page = whole, await search.page_before(call.stories, ready.query, None, budget)
    if not page.rows:
        looked = latest.none_of(page.looked, locale) if page.looked else NOTHING
        followed = locale.t("You follow {name} already.", name=topic.name) if topic else NOTHING
        none = bold(locale.t("Nothing found on {words}.", words=shown))
        meant = await _meant(call, words, is_found=False)
        each = [] if ready else await apart.to_follow_each(call, words)
        advice, others = locale.t("Did you mean this?"), [meant, each]
        listed = NOTHING
        if not any(others):
            advice, others, telling = await previews.instead(call, query, budget, words)
            if telling and not topic:
                near = await search.page_before(call.stories, telling, None, budget)
                listed = latest.text_of(as_typed(telling, words), near, locale)
        if topic and not any(others):
            advice = NOTHING
        said = lines(none, looked, followed)
        said = joined("\n\n", [said, listed, advice]) if listed else lines(said, advice)
        await call.show(lines(said, below), keyboard(*others, *ways, also))
        return
    more = [(locale.plain("All that match"), pack("latest", kept))]
    first = replace(page, rows=page.rows[:_SHOWN])
    found = latest.text_of(shown, first, locale)
    meant = await _meant(call, words, is_found=True)
    await call.show(
        joined("\n\n", [found, below]) if below else found,
        keyboard(meant, *ways, more if len(page.rows) > _SHOWN else [], also),
    )


async def _keep(call: Call, query: Query, shown: str) -> int:
    parse_query(str(query))  # what is kept for the buttons may be longer than what was typed
    return await call.storage.stories.keep_search(call.chat.id, str(query), call.now(), shown)


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


async def _may(call: Call, name: str, words: str) -> bool:
    """Whether whoever asks may do what is offered alone; who may not reads so, and no button."""
    command = known().commands[name]
    return await rights.admitted(call, command.who_may(words))


async def _meant(call: Call, words: str, *, is_found: bool) -> list[Button]:
    """A button that does the command that is meant, if one is."""
    meant = await _command(call, words, is_found=is_found)
    return [await to_do(call, *meant)] if meant else []


async def _command(call: Call, words: str, *, is_found: bool) -> tuple[str, str] | None:
    """Where a command was written without its slash, also as texts call it and with a time behind
    it, or a setting with how it is wanted: the command. Where stories were found a command to look
    for more is not meant.
    """
    first, _, rest = PLEASE().sub("", words.strip(ENDS)).partition(" ")
    usable, name = _usable(call), first.strip(ENDS).lower()
    bare = "" if _is_courtesy(rest) else rest
    is_command = name in usable or called(name) in usable
    is_timed = name in _TIMED and is_time(bare, call.chat.timezone, call.now())
    if is_command and (not bare or is_timed):
        return (name if name in usable else called(name)), bare
    return await _setting(call, words, is_found=is_found)


def _looks(words: str) -> bool:
    """Whether what is written may be a command to look for more, or to follow it."""
    named = next(settings_named(words), ("", ""))[0]
    return named in LOOKING


def _is_courtesy(words: str) -> bool:
    return not PLEASE().sub("", f" {words}").strip()


async def _setting(call: Call, words: str, *, is_found: bool = True) -> tuple[str, str] | None:
    """The command that sets what was said, and how, if it can be read so."""
    for name, rest in settings_named(words):
        if await _is_readable(call, name, rest) and not (is_found and name in LOOKING):
            return name, rest
    return None


async def _is_readable(call: Call, name: str, rest: str) -> bool:
    """Whether a command can be done with these words."""
    habits = call.chat.habits
    try:
        match name:
            case "digest" if not digest.asks_now(rest):
                read_digest(rest, habits)
            case "quiet":
                read_quiet_hours(rest, habits.quiet)
            case "cap":
                read_cap(rest)
            case "timezone":
                found = await find_zone(rest, language_of(call), call.now())
                return not found.is_guess
            case "language":
                is_codes = all(len(word) == _CODE for word in rest.split())
                read_languages(rest, call.locale, by_name=not is_codes)
    except BadInput:
        return False
    return True


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
    asked = await _ways_of_name(call, f"{bare} {words}") if words and not near else []
    if not near and not asked:
        await call.show(locale.t("I don't know {command}. /help shows what I do.", command=shown))
        return
    rows = [[await to_do(call, each, words)] for each in near] or [[each] for each in asked]
    if _ADDS in near and words and not addfeed.is_address(words):
        rows = [[each] for each in (await ways_to(call, Spoken(Deed.FOLLOW, words))).buttons]
    if any(each in _LEAVING for each in near) and (topic := await _topic_called(call, words)):
        rows = [[await to_do(call, "topic", f"remove {topic.name}")]]
    said = locale.t("I don't know {command}. Did you mean this?", command=shown)
    await call.ask(said, keyboard(*rows))


async def _ways_of_name(call: Call, words: str) -> Sequence[Button]:
    """What does it, where a command that there is not says with its words what is wanted of
    something that is followed here: `/delete ferry`.
    """
    if read_plea(words) is Plea.FORGET:
        return [await to_do(call, "forget", "")]
    wish = read_wish(words)
    ways = await ways_to(call, wish) if wish else Ways()
    return ways.buttons if ways.is_sure else ()


async def not_applied(call: Call, name: str, words: str) -> None:
    """A command that changes something was edited: nothing is done behind a person's back."""
    said = call.locale.t("Send it again to apply it.")
    await call.show(said, keyboard([await to_do(call, name, words)]))


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


async def fewer(call: Call) -> None:
    """What there is to get fewer alerts, first what was asked for, and what holds now."""
    locale, habits = call.locale, call.chat.habits
    title = bold(locale.t(Purpose.LESS.value))
    if not await may_change(call):
        await call.answer(lines(title, locale.t(OTHERS_CHANGE)))
        return
    holds = literal(setting_words.summary_line(habits, locale, await presets.expected(call)))
    settings = [
        [(setting_words.label(habits, name, locale), pack("setting", name))]
        for name in ("digest", "cap", "quiet")
    ]
    if asked := await _setting(call, call.said):
        settings.insert(0, [await to_do(call, *asked)])
    topics, muted = (locale.plain("Topics"), pack("topics")), (locale.plain("Muted"), pack("muted"))
    rest = [topics, muted, (locale.plain("Pause"), pack("pause"))]
    await call.answer(lines(title, holds), keyboard(*settings, rest))


async def weekdays(call: Call) -> None:
    """What there is for who wants no alerts on weekends: a digest on the other days, or a pause."""
    locale, habits = call.locale, read_digest("weekdays", call.chat.habits)
    said = say("Alerts can't skip days, but a digest can: what comes on weekends waits for Monday.")
    _, gathers = await to_do(call, "digest", "weekdays")
    shown = setting_words.value(habits, "digest", locale)
    away = await to_do(call, "stop", "weekend")
    await call.answer(locale.t(said), keyboard([(shown, gathers)], [away]))


async def which(call: Call) -> None:
    """Where something is to be done with an alert, and none was replied to."""
    said = code(cut(_MENTION.sub("", call.said), _WORDS))
    await call.answer(call.locale.t("Reply to the alert you mean: {example}", example=said))


async def undo(call: Call) -> None:
    """Does what the last Undo would have done; says where there is none any more. An edit does
    nothing.
    """
    if call.heard and call.heard.is_stale:
        await call.answer(call.locale.t("Send it again to apply it."))
        return
    press = unpack(call.services.answers.last_undo(call.chat.id, call.now()))
    action = known().actions.get(press.action) if press else None
    if press is None or action is None:
        every = (call.locale.plain("All topics"), pack("topics"))
        await call.answer(call.locale.t("Too late to undo."), keyboard([every]))
        return
    owner = known().owners.get(action.name)
    await answering(call, owner, action.who, lambda: action.handler(call, press))


def asking_for(buttons: InlineKeyboardMarkup) -> Command:
    """The answer to who writes yes or no where only these buttons answer."""

    async def ask(call: Call) -> None:
        await call.ask_anew(call.locale.t("Nothing was done. Press a button."), buttons)

    return Command("", ask, Who.ANYBODY)


async def no_channel(call: Call) -> None:
    """The answer to the name of a channel: none is read, and one's own are managed elsewhere."""
    said = say("I can't follow {host}. Send a site that has the same news.", host=code("t.me"))
    manage = call.locale.t("To manage a channel of yours, forward a post of it to me.")
    own = (call.locale.plain("Channels"), pack("channels"))
    await call.answer(lines(call.locale.t(said), manage), keyboard([own]))


def what_to_send(locale: Locale, name: str = "") -> Html:
    """What a person can send, in one line; in a group the `name` of the bot goes before it."""
    if name:
        example = code(f"@{name} ceasefire")
        return locale.t("To search news: {example}. /help shows more.", example=example)
    return locale.t("Send words to search news, or a link to add its source. /help shows more.")


def only_text(locale: Locale) -> Html:
    """The answer to a picture and the like."""
    return locale.t("I can't read that. Send words, a link, a post or your location.")


LOOK = Command("", heard, Who.ANYBODY)
OFFER = Command("", addfeed.offer)
_ANSWERS = {
    Plea.FEWER: Command("", fewer, Who.ANYBODY),
    Plea.UNDO: Command("", undo, Who.ANYBODY),
    Plea.WHICH: Command("", which, Who.ANYBODY),
    Plea.WAITING: Command("", digest.send_now),
    Plea.WEEKDAYS: Command("", weekdays),
    Plea.RESUME: Command("", pause.offer_to_resume, Who.ANYBODY),
}
_COMMANDS = {
    Plea.WHY: "why",
    Plea.NIGHT: "quiet",
    Plea.HELP: "help",
    Plea.TOPICS: "topic",
    Plea.SOURCES: "sources",
    Plea.SOUND: "settings",
    Plea.FORGET: "forget",
    Plea.CHATS: "channels",
    Plea.STATUS: "status",
}


def answer_to(plea: Plea) -> Command:
    """What answers a plea: a command, which shows something without words, or what has no name."""
    return _ANSWERS.get(plea) or known().commands[_COMMANDS[plea]]


ACTIONS = (Action("do", do, Who.ANYBODY),)
