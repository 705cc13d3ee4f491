"""/topic: what this chat follows, and what it would have heard."""

import re

from msgspec.structs import replace

from bot.actions import topics as topics_actions
from bot.actions.topics import (
    TopicWish,
    called_so,
    kept_topic,
    meant,
    mute,
    read_topic,
    seconds_until,
)
from bot.errors import BadInput, QueryError
from bot.news.chat import Topic
from bot.news.query.parse import parse_query, read_query
from bot.news.text.plain import cut
from bot.texts.html import NOTHING, Html, bold, code, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.call import Call
from handlers.commands import (
    leave,
    presets,
    topic_again,
    topic_each,
    topic_move,
    topic_page,
    topic_words,
)
from handlers.rights import OTHERS_CHANGE, may_change, resume
from handlers.routing.topic_said import SaidOf, said_alone, said_of
from handlers.routing.whereabouts import in_thread, moved, without_here
from handlers.routing.wishes import is_of_everything
from handlers.screens import previews
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.pages import page_of, turning
from handlers.screens.setting_screens import to_settings
from handlers.screens.threads import forum_of
from handlers.screens.topic_choice import ask, label, one_meant
from handlers.screens.wished import preset_named
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who, again

_VERB = re.compile(r"(?P<verb>test|remove|mute|rename)(?:\s+(?P<rest>.*))?", re.I | re.DOTALL)
_OTHERS_CHOOSE = say("None yet. Administrators choose them.")
_MOST_TIME_WORDS = 4
_A_PAGE = 20
_QUERY_SHOWN = 200


def _read(words: str) -> tuple[str, str]:
    """The verb that words begin with, and the rest; `follow` and `list` are without one."""
    found = _VERB.fullmatch(words.strip())
    if found is None:
        is_list = not words.strip() or said_alone(words) is SaidOf.LIST
        return ("list" if is_list else "follow"), words.strip()
    return found["verb"].lower(), (found["rest"] or "").strip()


async def topic(call: Call) -> None:
    """Shows, follows, tests, removes, mutes or renames, as the words after the command say."""
    verb, rest = _read(call.words)
    match verb:
        case "list":
            await show_topics(call)
        case "test":
            await _test_words(call, rest)
        case "remove":
            await _remove(call, rest)
        case "mute":
            await _mute(call, rest)
        case "rename":
            await _rename(call, rest)
        case _:
            topics = await call.storage.chats.topics(call.chat.id)
            if known := called_so(topics, rest):
                await follow(call, _known_wish(call, known, rest))
            elif (moves := moved(rest)) and await topic_move.move(call, moves):
                return
            elif not await _is_no_topic(call, rest):
                await _follow_where(call, rest)


async def _is_no_topic(call: Call, words: str) -> bool:
    """Does or offers what was said instead of a topic, if that was."""
    match said_alone(words):
        case SaidOf.EVERYTHING:
            every = (call.locale.plain("Follow everything"), pack("do", "subscribe"))
            await _ask(call, call.locale.t("Did you mean this?"), words, [every])
            return True
        case SaidOf.OFF:
            pauses = (call.locale.plain("Pause"), pack("pause"))
            await _ask(call, call.locale.t("Did you mean this?"), words, [pauses])
            return True
    meant_so = said_of(words)
    if meant_so is None:
        return False
    said, thing = meant_so
    if said is SaidOf.ADD:
        await topic(replace(call, words=thing))
        return True
    if called_so(await call.storage.chats.topics(call.chat.id), thing):
        await _do(call, said, thing)
        return True
    return False


async def _do(call: Call, said: SaidOf, name: str) -> None:
    """Does with a topic what was said of it."""
    match said:
        case SaidOf.EDIT:
            question = say("Which topic do you mean?")
            known = await one_meant(call, name, question, lambda each: pack("topic", each.id))
            if known:
                await topic_page.show_topic(call, known)
        case SaidOf.PAUSE:
            await _mute(call, name)
        case SaidOf.UNMUTE:
            await _unmute(call, name)
        case _:
            await _remove(call, name)


async def _ask(call: Call, said: Html, words: str, ways: list[Button]) -> None:
    """Says what was understood, with ways on; the words as they stand can be followed too."""
    wish = read_topic(words, call.chat.language)
    kept = await previews.keep(call, wish.query, wish.name)
    await call.answer(said, keyboard(ways, [previews.only(call, wish.name, "follow", kept)]))


def _known_wish(call: Call, known: list[Topic], words: str) -> TopicWish:
    """What somebody means by a name that is followed already: of a ready-made topic its words."""
    preset = preset_named(call, words)
    if preset and any(each.query == preset.words for each in known):
        return presets.wish_of(call, preset)
    return read_topic(words, call.chat.language)


async def _follow_where(call: Call, words: str) -> None:
    """Follows a topic here, or in the thread that is named behind it."""
    here = without_here(words, call.chat.language)
    names = await call.storage.threads.names(call.chat.id) if here is None else {}
    what, threads = in_thread(words, names)
    said = here or what
    wish = read_topic(said, call.chat.language)
    known = called_so(await call.storage.chats.topics(call.chat.id), wish.name)
    there = [each for each in known if [each.thread_id] == threads]
    if threads in ([], [call.thread_id]):
        await follow(call, wish)
    elif there and not wish.is_named:
        await topic_page.show_topic(call, there[0])
    elif known or len(threads) > 1:
        # What becomes of one that is known is asked where the question can be answered.
        command = code(f"/topic {what}")
        await call.answer(call.locale.t("Send this in that thread: {command}", command=command))
    else:
        await _follow_in(call, wish, threads[0])


async def follow(call: Call, wish: TopicWish) -> bool:
    """Follows a topic and says what it would have brought. Where its name is followed already it
    asks, and returns False.
    """
    if await topic_again.is_asked(replace(call, message_id=None), wish):
        return False
    await _follow_in(call, wish, call.thread_id)
    return True


async def _follow_in(call: Call, wish: TopicWish, thread_id: int) -> None:
    """Follows a topic in a thread that has none of its name, and says so here."""
    stored = await topics_actions.follow(
        call.storage.chats, call.chat.id, thread_id, wish, call.now()
    )
    locale = call.locale
    following = joined(
        " ",
        [
            bold(locale.t("Following {name}.", name=stored.name)),
            *map(locale.t, await resume(call)),
        ],
    )
    is_ready = presets.is_ready_made(call, wish.query)
    alerts = looks = NOTHING
    if thread_id != call.thread_id:
        alerts = (await forum_of(call)).alerts(thread_id)
    if wish.is_otherwise and not is_ready:
        found_by = code(cut(wish.words, _QUERY_SHOWN))
        looks = locale.t("It looks for: {words}", words=found_by)
    brought, others = await previews.preview(call, wish.query, wish.typed)
    offered = list[Button]()
    if ready := topic_each.to_take_ready_words(call, stored):
        offered = [ready]
    elif topic_words.can_be_named_otherwise(call, stored):
        offered = [(locale.plain("Add other names"), pack("words", stored.id, 0))]
    ways = [
        (locale.plain("Options"), pack("topic", stored.id)),
        (locale.plain("Remove"), pack("unfollow", stored.id)),
        (locale.plain("All topics"), pack("topics")),
    ]
    each = [] if is_ready else await topic_each.to_follow_each(call, wish, stored)
    asked = locale.t("Did you mean this?") if each and not others else NOTHING
    said = lines(following, alerts, looks, brought, asked)
    await call.answer(said, keyboard(each, *others, offered, ways))


async def follow_search(call: Call, press: Press) -> None:
    """Follows the words of a /latest or of a test as a topic."""
    wish = await _kept(call, press)
    if wish and await follow(call, wish):
        await call.note(say("Followed."))


async def try_search(call: Call, press: Press) -> None:
    """Tests other words, which a test or an answer offered."""
    if wish := await _kept(call, press):
        await _test(call, wish)


async def _kept(call: Call, press: Press) -> TopicWish | None:
    words = await call.storage.stories.search_words(call.chat.id, press.number(0) or 0)
    if words is None:
        await call.note(say("This list is old. Send /topic and the words."))
        return None
    shown = await call.storage.stories.search_shown(call.chat.id, press.number(0) or 0)
    return kept_topic(words, shown)


async def unfollow(call: Call, press: Press) -> None:
    """Removes the topic whose button was pressed. An alert that it was pressed under stays."""
    there = call.message_id is not None
    if there and await call.storage.history.told_by(call.chat.id, call.message_id or 0):
        call = replace(call, message_id=None)
    topics = await call.storage.chats.topics(call.chat.id)
    known = next((each for each in topics if each.id == press.number(0)), None)
    if known:
        await call.note(say("{name} removed.", name=known.name))
        await _end(call, known)
    else:
        await call.note(say("That topic is gone already."))
        if call.message_id is not None:
            await show_topics(call)


async def _end(call: Call, known: Topic) -> None:
    """Removes a topic, and offers the way back."""
    locale = call.locale
    await topics_actions.unfollow(call.storage.chats, known, call.now())
    undo = call.undo(pack("topic_back", known.id))
    every = (locale.plain("All topics"), pack("topics"))
    await call.show(bold(locale.t("{name} removed.", name=known.name)), keyboard([undo, every]))


async def bring_back(call: Call, press: Press) -> None:
    """Follows a topic again that was removed a moment ago."""
    number = press.number(0) or 0
    known = await topics_actions.bring_back(call.storage.chats, call.chat.id, number, call.now())
    if known:
        await topic_page.show_topic(call, known)
        await call.note(say("{name} is back.", name=known.name))
        return
    topics = await call.storage.chats.topics(call.chat.id)
    is_there = any(each.id == number for each in topics)
    await call.note(say("It is back already.") if is_there else say("Too late to undo."))
    await show_topics(call)


async def show_topics(call: Call, wanted: int = 0) -> None:
    """The chat's topics, each with a button that opens its page, and the ready-made ones."""
    topics, locale = await call.storage.chats.topics(call.chat.id), call.locale
    ready = [(locale.plain("Ready-made topics"), pack("presets", 0))]
    page = page_of(len(topics), _A_PAGE, wanted)
    title = page.under(bold(locale.t("Topics")), locale)
    may = await may_change(call)
    if not may:
        ready = []
    if not topics:
        text = lines(title, *(_how_to_begin(locale) if may else [locale.t(_OTHERS_CHOOSE)]))
        newest = [(locale.plain("Newest stories"), pack("latest", 0))]
        await call.show(text, keyboard(ready, newest, to_settings(call)))
        return
    muted = sum(each.muted_until > locale.now for each in topics)
    text = lines(
        title,
        locale.n(
            "1 topic. Press it to change it.", "{n} topics. Press one to change it.", len(topics)
        )
        if may
        else locale.n("1 topic", "{n} topics", len(topics)),
        locale.n("1 is muted.", "{n} are muted.", muted) if muted else NOTHING,
        locale.t("Add one: {example}", example=code("/topic ceasefire OR truce"))
        if may
        else locale.t(OTHERS_CHANGE),
    )
    there = await forum_of(call)
    buttons = [(label(each, topics, there), pack("topic", each.id)) for each in page.of(topics)]
    way = turning(
        locale,
        pack("topics", page.number - 1) if page.number else None,
        pack("topics", page.number + 1) if not page.is_last else None,
        topic_words.PREVIOUS_AND_NEXT,
    )
    await call.show(text, keyboard(*arranged(buttons), way, ready, to_settings(call)))


def _how_to_begin(locale: Locale) -> list[Html]:
    """Where a chat has no topic."""
    own, tried = code("/topic ceasefire OR truce"), code("/topic test earthquake -drill")
    return [
        locale.t("None yet. Choose ready-made ones, or send your own:\n{example}", example=own),
        locale.t("To try one first: {example}", example=tried),
    ]


async def turn(call: Call, press: Press) -> None:
    """A page of the chat's topics."""
    await show_topics(call, press.number(0) or 0)


async def _test_words(call: Call, words: str) -> None:
    topics = await call.storage.chats.topics(call.chat.id)
    question, error = say("Which topic do you want to test?"), None
    if called_so(topics, words):
        known = meant(topics, words, call.thread_id)[0]
        await _test(call, _wish_of(known), known)
        return
    try:
        wish = read_topic(words, call.chat.language) if words else None
    except QueryError as refused:
        if not topics:
            raise
        wish, error = None, refused.said
    if wish:
        await _test(call, wish)
        return
    example = call.locale.t("Words to try: {example}", example=code("/topic test ceasefire"))
    said = lines(call.locale.t(error), example) if error else example
    await ask(call, said, question, words, lambda each: pack("test", each.id))


async def test_topic(call: Call, press: Press) -> None:
    """Tests a topic that the chat follows."""
    if known := await topic_page.pressed(call, press):
        await _test(call, _wish_of(known), known)


def _wish_of(known: Topic) -> TopicWish:
    """A topic as it was wished for: most are named as their words were typed."""
    return TopicWish(known.name, parse_query(known.query), typed=known.name)


async def _test(call: Call, wish: TopicWish, known: Topic | None = None) -> None:
    locale, is_ready = call.locale, presets.is_ready_made(call, wish.query)
    words = wish.name if known or is_ready else wish.words
    brought, others = await previews.preview(call, wish.query, wish.typed)
    if known:
        way = (locale.plain("Options"), pack("topic", known.id))
    else:
        kept = await previews.keep(call, wish.query, words)
        way = (locale.plain("Follow"), pack("follow", kept))
    only = list[Button]()
    if is_ready and not known:
        typed = wish.typed or words
        alone = await previews.keep(call, read_query(typed, call.chat.language), typed)
        only = [previews.only(call, typed, "follow", alone)]
    title = bold(locale.t("Test: {words}", words=cut(words, 100)))
    await call.answer(lines(title, brought), keyboard(*others, [way], only))


async def _remove(call: Call, name: str) -> None:
    topics = await call.storage.chats.topics(call.chat.id)
    if is_of_everything(name) and not called_so(topics, name):
        await leave.ask(call, topics_alone=True)
        return
    question = say("Which topic do you want to remove?")
    if known := await one_meant(call, name, question, lambda each: pack("unfollow", each.id)):
        await _end(call, known)


async def _mute(call: Call, words: str) -> None:
    topics = await call.storage.chats.topics(call.chat.id)
    name, seconds, unread = _muted(call, topics, words)
    question = say("Which topic do you want to mute?")

    def carries(each: Topic) -> str:
        if seconds:
            return pack("topic_mute", each.id, round(seconds))
        return pack("option", each.id, "mute")

    known = await one_meant(call, name, question, carries)
    if known is None:
        return
    if seconds:
        until = await mute(call.storage.chats, known, seconds, call.now())
        await topic_page.show_topic(call, replace(known, muted_until=until))
        return
    await topic_page.open_option(
        call, known, "mute", wrong=call.locale.t(unread) if unread else NOTHING
    )


async def _unmute(call: Call, name: str) -> None:
    question = say("Which topic do you want to unmute?")
    known = await one_meant(call, name, question, lambda each: pack("topic_mute", each.id, 0))
    if known:
        until = await mute(call.storage.chats, known, 0, call.now())
        await topic_page.show_topic(call, replace(known, muted_until=until))


def _muted(call: Call, topics: list[Topic], words: str) -> tuple[str, float, Said | None]:
    """The name of a topic, for how many seconds (0 where that is not said), and what is wrong with
    a time that cannot be read. A time may be of several words.
    """
    zone, now, thread_id = call.chat.timezone, call.now(), call.thread_id
    if not words or called_so(topics, words):
        return words, 0.0, None
    parts = words.split()
    timed = []
    for count in range(1, min(_MOST_TIME_WORDS, len(parts)) + 1):
        name, time = " ".join(parts[:-count]), " ".join(parts[-count:])
        try:
            timed.append((name, seconds_until(time, zone, now)))
        except BadInput as error:
            if count == 1:
                unread = name, error.said
    known = [each for each in timed if meant(topics, each[0], thread_id)]
    if known or (timed and not meant(topics, words, thread_id)):
        return *(known or timed)[0], None
    if meant(topics, words, thread_id) or not meant(topics, unread[0], thread_id):
        return words, 0.0, None
    return unread[0], 0.0, unread[1]


async def _rename(call: Call, words: str) -> None:
    topics = await call.storage.chats.topics(call.chat.id)
    ways = [(words[: at.start()], words[at.end() :]) for at in re.finditer(r"\s*:\s*", words)]
    old, new = next((way for way in ways if called_so(topics, way[0])), (ways or [(words, "")])[0])
    question = say("Which topic do you want to rename?")
    known = await one_meant(call, old, question, lambda each: pack("option", each.id, "rename"))
    if known is None:
        return
    if not new:
        await topic_page.open_option(call, known, "rename")
        return
    renamed = await topics_actions.rename(call.storage.chats, known, new)
    await topic_page.show_topic(call, renamed)


def _only_shows(words: str) -> bool:
    """The list, and a test."""
    return _read(words)[0] in ("list", "test")


COMMANDS = (
    Command(
        "topic", topic, shows=_only_shows, for_members=True,
        menu=MenuLine(20, say("Topics you follow")),
        help=HelpLine(
            Purpose.FOLLOW, 10, say("Topics"),
            say("topics you follow"), "/topic ceasefire OR truce",
        ),
        actions=(
            Action("topics", turn, Who.ANYBODY),
            Action("follow", follow_search),
            Action("ready", topic_each.take_ready_words),
            Action("each", topic_each.follow_each),
            Action("again", topic_again.answered),
            Action("unfollow", unfollow),
            Action("topic_back", bring_back),
            Action("try", try_search, Who.ANYBODY),
            Action("test", test_topic, Who.ANYBODY),
            Action("topic", topic_page.show, Who.ANYBODY),
            Action("option", topic_page.change),
            Action("topic_held", topic_page.held),
            Action("topic_mute", topic_page.mute),
            Action("here", topic_move.move_here),
            Action("words", topic_words.show),
            Action("name", topic_words.include),
            Action("part", topic_words.take_part_out),
            Action("presets", again(presets.show)),
            Action("preset", presets.choose),
        ),
    ),
)  # fmt: skip
