"""Topics of a chat: reading what a person wrote, following, changing and muting.

Bad input raises BadInput or QueryError with one sentence for that person; nothing has changed then.
"""

import re
from dataclasses import dataclass, replace

from bot.actions.chats import check_thread
from bot.errors import BadInput
from bot.news.chat import (
    Chat,
    Topic,
)
from bot.news.query.match import FIELDS, Query
from bot.news.query.parse import parse_query, read_query
from bot.news.telling import durations
from bot.news.text.plain import cut, tidy
from bot.news.text.words import fold
from bot.texts.said import say
from storage.chats import Chats

MAX_TOPICS = 100
MAX_NAME = 60
_NAMED = re.compile(r'(?P<name>[^:"()|,]{1,200}):\s+(?P<query>\S.*)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class TopicWish:
    """A topic as a person wrote it."""

    name: str
    query: Query


def read_topic(text: str, language: str) -> TopicWish:
    """Reads `QUERY` or `NAME: QUERY` as a person who speaks this language typed it. Raises
    QueryError or BadInput.
    """
    text = text.strip()
    named = _NAMED.fullmatch(text)
    if named and named["name"].strip().lower() not in FIELDS:
        name = tidy(named["name"])
        query = read_query(named["query"], language)
    else:
        query = read_query(text, language)
        name = cut(tidy(text), MAX_NAME)
    if not name or len(name) > MAX_NAME:
        raise BadInput(say("The name of a topic has 1 to {most} characters.", most=MAX_NAME))
    parse_query(str(query))  # what is stored must be readable again, and may be longer
    return TopicWish(name, query)


def kept_topic(query: str) -> TopicWish:
    """The topic that a button offers: its query as it is stored, which is its name too."""
    return TopicWish(cut(tidy(query), MAX_NAME), parse_query(query))


async def follow(chats: Chats, chat_id: int, thread_id: int, wish: TopicWish, now: float) -> Topic:
    """Follows a topic; one of the same name is replaced."""
    known = await chats.topics(chat_id)
    key = fold(wish.name)
    if len(known) >= MAX_TOPICS and all(fold(topic.name) != key for topic in known):
        raise BadInput(
            say("A chat follows at most {most} topics; remove one first.", most=MAX_TOPICS)
        )
    await check_thread(chats, chat_id, thread_id)
    topic = Topic(0, chat_id, thread_id, wish.name, str(wish.query), 0.0)
    return await chats.put_topic(topic, key, now)


async def change_query(chats: Chats, topic: Topic, query: Query, now: float) -> Topic:
    """Gives a topic another query and leaves the rest of it. Raises QueryError."""
    text = str(query)
    parse_query(text)  # what is stored must be readable again
    return await chats.put_topic(replace(topic, query=text), fold(topic.name), now)


async def topic_named(chats: Chats, chat_id: int, name: str) -> Topic:
    """The chat's topic of that name, or the one whose name begins so."""
    topics = await chats.topics(chat_id)
    key = fold(name.strip())
    exact = [topic for topic in topics if fold(topic.name) == key]
    found = exact or [topic for topic in topics if key and fold(topic.name).startswith(key)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(topic.name for topic in topics[:10]) or "none yet"
    raise BadInput(
        say(
            "No one topic is called '{name}'. This chat follows: {names}.",
            name=cut(name, 60),
            names=names,
        )
    )


async def query_for(chats: Chats, chat: Chat, words: str) -> Query:
    """The query of the chat's topic of that name, or the words themselves. Raises QueryError."""
    try:
        topic = await topic_named(chats, chat.id, words)
    except BadInput:
        return read_query(words, chat.language)
    return parse_query(topic.query)


async def unfollow(chats: Chats, topic: Topic) -> None:
    """Ends a topic."""
    await chats.remove_topic(topic.id)


async def mute(chats: Chats, topic: Topic, seconds: float, now: float) -> float:
    """Keeps a topic silent for so long; returns until when."""
    await chats.mute_topic(topic.id, now + seconds)
    return now + seconds


def read_duration(text: str) -> float:
    """Seconds of `30m`, `2 days` or `an hour`. Raises BadInput."""
    return durations.read_duration(text)
