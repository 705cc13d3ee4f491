"""More or less like an alert: one change of its topic's words at a time, done by a tap and undone
by another.
"""

from collections.abc import Callable
from zlib import crc32

from msgspec import Struct

from bot.actions import refining
from bot.actions import topics as topics_actions
from bot.actions.mutes import mute_words
from bot.actions.topics import change_query, kept_topic
from bot.news.chat import Topic, mute_of_feed
from bot.news.outbox import Alert
from bot.news.query.match import And, Not, Or, Query, Term
from bot.news.query.parse import parse_query
from bot.news.story import Story
from bot.news.telling.durations import MOST_SECONDS
from bot.texts.html import bold, lines
from bot.texts.said import Said, say
from handlers.call import Call
from handlers.commands import channels, topic_again, topic_page
from handlers.screens import previews
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, keyboard
from handlers.surface import Action

_MUTED_SECONDS = 2 * 86_400.0
_OLD = say("This alert is too old for that.")
_NONE = say("I have no word to suggest here. Edit the words of a topic with /topic")


class _Way(Struct, frozen=True):
    """More or less: the action that asks, the one that changes, and how that is said."""

    asks: str
    does: str
    title: Said
    label: Said


_MORE = _Way("more", "grow", say("More like this"), say("Add it"))
_LESS = _Way("less", "shrink", say("Less like this"), say("Leave it out"))


async def more(call: Call, press: Press) -> None:
    """Proposes a word that would bring more stories like the alert's."""
    found = await _asked(call, press)
    if found is None:
        return
    story, topics = found
    topic = topics[0] if topics else None
    query = parse_query(topic.query) if topic else None
    heard = call.chat.habits.languages
    words = await refining.words_for_more(call.stories, query, story, call.now(), heard)
    await _propose(call, press, _MORE, topic, words)


async def less(call: Call, press: Press) -> None:
    """Proposes a word that would leave out stories like the alert's."""
    found = await _asked(call, press)
    if found is None:
        return
    story, topics = found
    if not topics:
        await call.note(say("No topic brought this. Mute its source instead."))
        return
    query, heard = parse_query(topics[0].query), call.chat.habits.languages
    words = await refining.words_for_less(call.stories, query, story, call.now(), heard)
    await _propose(call, press, _LESS, topics[0], words)


async def _propose(
    call: Call, press: Press, way: _Way, topic: Topic | None, words: list[refining.WordCount]
) -> None:
    """Shows one proposal, which a press for another puts in place of the last."""
    locale, number = call.locale, press.number(1) or 0
    show = call.answer if press.number(1) is None else call.show
    useful = [each for each in words if each.brings.stories]
    if not useful:
        await show(lines(bold(locale.t(way.title)), locale.t(_NONE)))
        return
    proposed = useful[number % len(useful)]
    amount, word = previews.amount(proposed.brings), bold(proposed.word)
    if way is _LESS:
        change = say("Leave out: {word} · −{amount}", word=word, amount=amount)
    elif topic:
        change = say("Add: {word} · +{amount}", word=word, amount=amount)
    else:
        change = say("Follow: {word} · +{amount}", word=word, amount=amount)
    of_topic = locale.t("Topic: {topic}", topic=topic.name) if topic else ""
    kept = await call.storage.stories.keep_search(call.chat.id, proposed.word, call.now())
    label = way.label if topic else say("Follow")
    ways: list[Button] = [(locale.plain(label), pack(way.does, topic.id if topic else 0, kept))]
    if number + 1 < len(useful):
        another = pack(way.asks, press.number(0) or 0, number + 1)
        ways.append((locale.plain("Another"), another))
    await show(lines(bold(locale.t(way.title)), of_topic, locale.t(change)), keyboard(ways))


async def grow(call: Call, press: Press) -> None:
    """Adds a word to a topic as an alternative; without a topic, follows the word."""
    word = await _word(call, press)
    if word is None:
        return
    if press.number(0):
        said = say("Added: {word}", word=bold(word))
        await _refine(call, press, said, lambda query: Or((query, Term((word,)))))
        return
    wish = kept_topic(word)
    if await topic_again.is_asked(call, wish):
        return
    topic = await topics_actions.follow(
        call.storage.chats, call.chat.id, call.thread_id, wish, call.now()
    )
    undo = call.undo(pack("unfollow", topic.id))
    following = bold(call.locale.t("Following {name}.", name=topic.name))
    await call.show(following, keyboard([undo, _options(call, topic)]))
    await call.note(say("Followed."))


async def shrink(call: Call, press: Press) -> None:
    """Leaves out of a topic what has a word."""
    if word := await _word(call, press):
        said = say("Left out: {word}", word=bold(word))
        await _refine(call, press, said, lambda query: And((query, Not(Term((word,))))))


async def _word(call: Call, press: Press) -> str | None:
    kept = await call.storage.stories.search_words(call.chat.id, press.number(1) or 0)
    if kept is None:
        await call.note(say("This is too old. Press the alert's button again."))
    return kept


async def _refine(call: Call, press: Press, said: Said, change: Callable[[Query], Query]) -> None:
    topic = await topic_page.pressed(call, press)
    if topic is None:
        return
    query = parse_query(str(change(parse_query(topic.query))))
    changed = await change_query(call.storage.chats, topic, query)
    before = await call.storage.stories.keep_search(call.chat.id, topic.query, call.now())
    undo = call.undo(pack("words_back", topic.id, before, _mark(changed.query)))
    await call.show(
        lines(bold(call.locale.t("{topic} is changed.", topic=topic.name)), call.locale.t(said)),
        keyboard([undo, _options(call, topic)]),
    )
    await call.note(say("Changed."))


def _options(call: Call, topic: Topic) -> Button:
    return call.locale.plain("Options"), pack("topic", topic.id)


def _mark(words: str) -> str:
    """Tells whether the words of a topic are still these."""
    return f"{crc32(words.encode()):x}"


async def words_back(call: Call, press: Press) -> None:
    """Gives a topic the words that it had before a proposal was taken, if they are the last."""
    topic = await topic_page.pressed(call, press)
    before = await _word(call, press) if topic else None
    if topic is None or before is None:
        return
    if press.arguments[2:] != (_mark(topic.query),):
        await call.note(say("Its words have changed since. Nothing is undone."))
        return
    await change_query(call.storage.chats, topic, parse_query(before))
    said = bold(call.locale.t("{topic} is as before.", topic=topic.name))
    await call.show(said, keyboard([_options(call, topic)]))
    await call.note(say("Undone."))


async def mute_source(call: Call, press: Press) -> None:
    """Mutes the source of an alert until the time that the button names, else for two days."""
    alert = await call.storage.alerts.get(press.number(0) or 0)
    is_own = alert is not None and alert.chat_id == call.chat.id
    if alert is None or not (is_own or await channels.administers(call, alert.chat_id)):
        await call.note(_OLD)
        return
    now, until = call.now(), press.number(1)
    seconds = min(until - now, MOST_SECONDS) if until else _MUTED_SECONDS
    if seconds <= 0:
        await call.note(_OLD)
        return
    muted = mute_of_feed(alert.feed_id)
    ends = await mute_words(call.storage, alert.chat_id, muted, seconds, now, shown=alert.source)
    if until:
        time = call.locale.end(ends)
        await call.note(say("Muted {words} until {time}.", words=alert.source, time=time))
    else:
        await call.note(say("{source} is muted for 2 days. To undo: /unmute", source=alert.source))


async def _asked(call: Call, press: Press) -> tuple[Story, list[Topic]] | None:
    """The story of the alert whose button was pressed, and the topics that brought it."""
    alert = await _alert(call, press)
    story = await call.stories.story(alert.story_id) if alert else None
    if alert is None or story is None:
        await call.note(_OLD)
        return None
    topics = await call.storage.chats.topics(call.chat.id)
    return story, [topic for topic in topics if topic.id in alert.topic_ids]


async def _alert(call: Call, press: Press) -> Alert | None:
    alert = await call.storage.alerts.get(press.number(0) or 0)
    return alert if alert and alert.chat_id == call.chat.id else None


ACTIONS = (
    Action("more", more, under_news=True),
    Action("less", less, under_news=True),
    Action("grow", grow),
    Action("shrink", shrink),
    Action("words_back", words_back),
    Action("mute_source", mute_source, under_news=True),
)
