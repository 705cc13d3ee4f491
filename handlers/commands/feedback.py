"""More or less like an alert: words for its topic, each counted, that a person adds by a tap."""

from collections.abc import Callable

from bot.actions import refining
from bot.actions.mutes import mute_words
from bot.actions.refining import WordCount
from bot.actions.topics import change_query, follow, kept_topic
from bot.news.chat import Topic, mute_of_feed
from bot.news.outbox import Alert
from bot.news.query.match import And, Not, Or, Query, Term
from bot.news.query.parse import parse_query
from bot.news.story import Story
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, code, lines
from bot.texts.said import say
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import Button, arranged, keyboard
from handlers.surface import Action

Change = Callable[[Query, Term], Query]

_OLD = say("This alert is too old for that.")


async def more(call: Call, press: Press) -> None:
    """Proposes words that would bring more stories like the alert's."""
    found = await _asked(call, press)
    if found is None:
        return
    story, topics = found
    topic = topics[0] if topics else None
    query = parse_query(topic.query) if topic else None
    heard = call.chat.habits.languages
    words = await refining.words_for_more(call.stories, query, story, call.now(), heard)
    offered = [each for each in words if each.stories]
    buttons = await _buttons(call, "grow", topic, offered, "+")
    said = say("Words that bring more like it, for a topic of its own; stories a week:")
    if topic:
        name = bold(topic.name)
        said = say(
            "Words that bring more like it, for the topic {topic}; stories a week:", topic=name
        )
    await _propose(call, call.locale.t(said), buttons)


async def less(call: Call, press: Press) -> None:
    """Proposes words that would leave out stories like the alert's."""
    found = await _asked(call, press)
    if found is None:
        return
    story, topics = found
    if not topics:
        none = say("No topic brought it; mute a word or its source instead.")
        await call.note(none)
        return
    query, heard = parse_query(topics[0].query), call.chat.habits.languages
    words = await refining.words_for_less(call.stories, query, story, call.now(), heard)
    buttons = await _buttons(call, "shrink", topics[0], words, "-")
    name = bold(topics[0].name)
    said = say("Words that leave out what is like it, for {topic}; stories a week:", topic=name)
    await _propose(call, call.locale.t(said), buttons)


async def _propose(call: Call, heading: Html, buttons: list[Button]) -> None:
    if buttons:
        await call.answer(heading, keyboard(*arranged(buttons)))
    else:
        none = say("Its words are either everywhere or nowhere else: none would help.")
        await call.answer(call.locale.t(none))


async def _buttons(
    call: Call, action: str, topic: Topic | None, words: list[WordCount], sign: str
) -> list[Button]:
    made, locale = [], call.locale
    for each in words:
        kept = await call.storage.stories.keep_search(call.chat.id, each.word, call.now())
        data = pack(action, topic.id if topic else 0, kept)
        count = locale.number(each.stories) + ("" if each.whole else "+")
        label = locale.plain("{sign} {word} ({n})", sign=sign, word=each.word, n=count)
        made.append((label, data))
    return made


async def grow(call: Call, press: Press) -> None:
    """Adds a word to a topic as an alternative; without a topic, follows the word."""
    await _refine(call, press, lambda query, word: Or((query, word)))


async def shrink(call: Call, press: Press) -> None:
    """Leaves out of a topic what has a word."""
    await _refine(call, press, lambda query, word: And((query, Not(word))))


async def _refine(call: Call, press: Press, change: Change) -> None:
    kept = await call.storage.stories.search_words(call.chat.id, press.number(1) or 0)
    chats, now = call.storage.chats, call.now()
    if kept is None:
        old = say("These words are too old; press the alert's button again.")
        await call.note(old)
        return
    word = Term((kept,))
    if not press.number(0):
        wish = kept_topic(kept)
        topic = await follow(chats, call.chat.id, call.thread_id, wish, now)
    else:
        known = {each.id: each for each in await chats.topics(call.chat.id)}
        topic_before = known.get(press.number(0) or 0)
        if topic_before is None:
            await call.note(say("That topic is gone already."))
            return
        query = parse_query(str(change(parse_query(topic_before.query), word)))
        topic = await change_query(chats, topic_before, query, now)
    locale = call.locale
    await call.note(say("Changed."))
    heading = locale.t("{topic} now follows", topic=bold(topic.name))
    options = (locale.plain("Options"), pack("topic", topic.id))
    all_of_them = (locale.plain("All topics"), pack("topics"))
    await call.show(lines(heading, code(cut(topic.query, 1_500))), keyboard([options, all_of_them]))


async def mute_source(call: Call, press: Press) -> None:
    """Mutes the source of an alert for two days."""
    alert = await _alert(call, press)
    if alert is None:
        await call.note(_OLD)
        return
    await mute_words(
        call.storage, call.chat.id, mute_of_feed(alert.feed_id), 2 * 86_400.0,
        call.now(), shown=alert.source,
    )  # fmt: skip
    said = say("{source} is silent here for two days; /unmute lists it.", source=alert.source)
    await call.note(said)


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
    Action("more", more),
    Action("less", less),
    Action("grow", grow),
    Action("shrink", shrink),
    Action("mute_source", mute_source),
)
