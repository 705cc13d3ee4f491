"""More or less like an alert: words for its topic, each counted, that a person adds by a tap."""

from collections.abc import Callable

from bot.actions import refining
from bot.actions.mutes import mute_words
from bot.actions.refining import WordCount
from bot.actions.topics import change_query, follow, kept_topic
from bot.delivery.render import bold, code
from bot.news.chat import Topic, mute_of_feed
from bot.news.outbox import Alert
from bot.news.query.match import And, Not, Or, Query, Term
from bot.news.query.parse import parse_query
from bot.news.story import Story
from bot.news.text.plain import cut
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import Button, arranged, keyboard
from handlers.surface import Action, Who

Change = Callable[[Query, Term], Query]

_OLD = "This alert is too old for that."


async def more(call: Call, press: Press) -> None:
    """Proposes words that would bring more stories like the alert's."""
    found = await _asked(call, press)
    if found is None:
        return
    story, topics = found
    topic = topics[0] if topics else None
    query = parse_query(topic.query) if topic else None
    words = await refining.words_for_more(call.stories, query, story, call.now())
    offered = [each for each in words if each.stories]
    buttons = await _buttons(call, "grow", topic, offered, "+")
    name = f"the topic {bold(topic.name)}" if topic else "a topic of its own"
    await _propose(call, f"Words that bring more like it, for {name}; stories a week:", buttons)


async def less(call: Call, press: Press) -> None:
    """Proposes words that would leave out stories like the alert's."""
    found = await _asked(call, press)
    if found is None:
        return
    story, topics = found
    if not topics:
        await call.note("No topic brought it; mute a word or its source instead.")
        return
    words = await refining.words_for_less(
        call.stories, parse_query(topics[0].query), story, call.now()
    )
    buttons = await _buttons(call, "shrink", topics[0], words, "-")
    await _propose(
        call,
        f"Words that leave out what is like it, for {bold(topics[0].name)}; stories a week:",
        buttons,
    )


async def _propose(call: Call, text: str, buttons: list[Button]) -> None:
    await call.note()
    if buttons:
        await call.answer(text, keyboard(*arranged(buttons)))
    else:
        await call.answer("Its words are either everywhere or nowhere else: none would help.")


async def _buttons(
    call: Call, action: str, topic: Topic | None, words: list[WordCount], sign: str
) -> list[Button]:
    made = []
    for each in words:
        kept = await call.storage.stories.keep_search(call.chat.id, each.word, call.now())
        data = pack(action, topic.id if topic else 0, kept)
        count = f"{each.stories}{'' if each.whole else '+'}"
        made.append((f"{sign} {each.word} ({count})", data))
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
        await call.note("These words are too old; press the alert's button again.")
        return
    word = Term((kept,))
    if not press.number(0):
        wish = kept_topic(kept)
        topic = await follow(chats, call.chat.id, call.thread_id, wish, now)
    else:
        known = {each.id: each for each in await chats.topics(call.chat.id)}
        topic_before = known.get(press.number(0) or 0)
        if topic_before is None:
            await call.note("That topic is gone already.")
            return
        query = parse_query(str(change(parse_query(topic_before.query), word)))
        topic = await change_query(chats, topic_before, query, now)
    await call.note("Changed.")
    await call.show(
        f"{bold(topic.name)} now follows\n{code(cut(topic.query, 1_500))}",
        keyboard([("Options", pack("topic", topic.id)), ("All topics", pack("topics"))]),
    )


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
    await call.note(f"{alert.source} is silent here for two days; /unmute lists it.")


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
    Action("more", more, Who.CHANGERS),
    Action("less", less, Who.CHANGERS),
    Action("grow", grow, Who.CHANGERS),
    Action("shrink", shrink, Who.CHANGERS),
    Action("mute_source", mute_source, Who.CHANGERS),
)
