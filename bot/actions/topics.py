"""Topics of a chat: reading what a person wrote, following, changing and muting.

Bad input raises BadInput or QueryError with one sentence for that person; nothing has changed then.
"""

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bot.actions.chats import check_thread
from bot.errors import BadInput, QueryError
from bot.news.chat import Chat, Topic
from bot.news.query.match import FIELDS, Or, Query
from bot.news.query.parse import parse_query, read_query
from bot.news.query.spelled import as_typed, named_by
from bot.news.telling import durations
from bot.news.text.plain import cut, tidy
from bot.news.text.words import fold, is_unspaced
from bot.texts.said import Said, say, say_many
from bot.turns import asking
from storage.chats.chats import Chats

MAX_TOPICS = 100
MOST_WORDS = 10_000
"""Of all topics of a chat: all ready-made ones have 6,000."""
MOST_WORDS_KEPT = 100_000
"""Of all topics in the chats of a person: of their own, and of those that they keep."""
MAX_NAME = 60
_MOST_WRITTEN = 4 * MAX_NAME
"""Characters of a name, signs that go with a letter among them, that may be a topic's."""
_FEWEST_LETTERS, _FEWEST_SIGNS = 4, 2
_LIKELY = 12
"""So many names, of those that may be meant, are compared letter by letter."""
_NAMED = re.compile(r'(?P<name>[^:"()|,]{1,200}):\s+(?P<query>\S.*)', re.DOTALL)


class TopicWish(Struct, frozen=True):
    """A topic as a person wrote it; `is_named` where a name stood before its words, which were
    `typed` so, if they were.
    """

    name: str
    query: Query
    is_named: bool = False
    typed: str = ""

    @property
    def is_otherwise(self) -> bool:
        """Whether its name does not say what is looked for: it is another, or not each of the typed
        words is, as they stand.
        """
        try:
            return self.is_named or (bool(self.typed) and parse_query(self.typed) != self.query)
        except QueryError:
            return True

    @property
    def words(self) -> str:
        """What is looked for, for people to read: as they spelled it."""
        return as_typed(self.query, self.typed)


def read_topic(text: str, language: str) -> TopicWish:
    """Reads `QUERY` or `NAME: QUERY` as a person who speaks this language typed it. Raises
    QueryError or BadInput.
    """
    text = text.strip()
    named = _NAMED.fullmatch(text)
    if named and named["name"].strip().lower() in FIELDS:
        named = None
    typed = named["query"] if named else text
    query = read_query(typed, language)
    name = tidy(named["name"]) if named else cut(tidy(named_by(text, query)), MAX_NAME)
    parse_query(str(query))  # what is stored must be readable again, and may be longer
    return TopicWish(checked_name(name), query, named is not None, typed)


def checked_name(name: str) -> str:
    """A name that a topic may have. Raises BadInput. Pure."""
    if not name or len(name) > MAX_NAME:
        raise BadInput(say_many("A topic's name can have 1 to {n} characters.", MAX_NAME))
    return name


def kept_topic(query: str, shown: str = "") -> TopicWish:
    """The topic that a button offers: its query as it is stored, named as it was shown."""
    return TopicWish(cut(tidy(shown or query), MAX_NAME), parse_query(query), typed=shown)


async def follow(chats: Chats, chat_id: int, thread_id: int, wish: TopicWish, now: float) -> Topic:
    """Follows a topic in a thread; one of the same name there gets the new query and keeps the
    rest. Who may lose words by that is asked before (`called_so`).
    """
    known = await chats.topics(chat_id)
    there = next((t for t in called_so(known, wish.name) if t.thread_id == thread_id), None)
    if there:
        return await change_query(chats, there, wish.query)
    check_room(known)
    await check_words(chats, chat_id, words_in(str(wish.query)))
    await check_thread(chats, chat_id, thread_id)
    topic = Topic(0, chat_id, thread_id, wish.name, str(wish.query), 0.0)
    return await chats.put_topic(topic, name_key(topic.name, thread_id), now)


def check_room(known: Sequence[Topic], more: int = 1) -> None:
    """Raises BadInput where a chat that follows these may not follow so many more."""
    if len(known) + more > MAX_TOPICS:
        raise BadInput(
            say_many("A chat can follow {n} topics. Remove one first: /topic", MAX_TOPICS)
        )


async def check_words(chats: Chats, chat_id: int, more: int) -> None:
    """Raises BadInput where the topics of a chat, or of all chats of who keeps it, may have no more
    words. What has more already stays, and an operator may have as many as they like.
    """
    if more <= 0 or asking() is None:
        return
    asked = await chats.words_asked(chat_id)
    if asked.here + more > MOST_WORDS:
        raise BadInput(
            say("That is too many words for the topics of one chat. Remove one first: /topic")
        )
    if asked.kept + more > MOST_WORDS_KEPT:
        raise BadInput(
            say("That is too many words for the topics of all your chats. Remove one first: /topic")
        )


def words_in(query: str) -> int:
    """How many words, beginnings and the like a query has, as it is stored. Pure."""
    return query.count(" ") + 1 - query.count(" OR ")


def name_key(name: str, thread_id: int) -> str:
    """What a chat has only one topic of: a name in a thread. Pure."""
    return f"{fold(name)}\n{thread_id}" if thread_id else fold(name)


def called_so(topics: Sequence[Topic], name: str) -> list[Topic]:
    """Those of exactly this name, one a thread at most. Pure."""
    key = _key(name)
    return [topic for topic in topics if key is not None and fold(topic.name) == key]


def meant(topics: Sequence[Topic], name: str, thread_id: int) -> list[Topic]:
    """The topics that a name may mean: that of this name in the thread, else all of this name,
    else those whose names begin so. Pure.
    """
    exact = called_so(topics, name)
    here = [topic for topic in exact if topic.thread_id == thread_id]
    key = _key(name)
    return here or exact or [each for each in topics if key and fold(each.name).startswith(key)]


def begun_so(topics: Sequence[Topic], name: str) -> list[Topic]:
    """Those whose names begin with what was said among other words: with whole words, or with four
    letters of a word at least, or two signs of Chinese. Pure.
    """
    key = _key(name)
    return [each for each in topics if key and _begins(fold(each.name), key)]


def _begins(name: str, key: str) -> bool:
    if not name.startswith(key):
        return False
    last = key.split()[-1]
    is_long = len(last) >= (_FEWEST_SIGNS if is_unspaced(last[0]) else _FEWEST_LETTERS)
    return is_long or not name[len(key) :][:1].isalnum()


def nearest_first(topics: Sequence[Topic], name: str) -> list[Topic]:
    """The topics, those first whose names are most like what was written. Pure."""
    key = fold(name.strip()[:MAX_NAME])
    if not key:
        return list(topics)
    likeness = SequenceMatcher(b=key, autojunk=False)

    def unlike(topic: Topic, how: Callable[[SequenceMatcher[str]], float]) -> float:
        likeness.set_seq1(called := fold(topic.name))
        return -(how(likeness) + (key in called))

    # How the letters follow one another takes a hundred times longer than which there are.
    ranked = sorted(topics, key=partial(unlike, how=SequenceMatcher.quick_ratio))
    likely = sorted(ranked[:_LIKELY], key=partial(unlike, how=SequenceMatcher.ratio))
    return likely + ranked[_LIKELY:]


def _key(name: str) -> str | None:
    """A name as it is compared with those of topics; None for one that is too long for any."""
    name = name.strip()
    return fold(name) if len(name) <= _MOST_WRITTEN else None


def both(topic: Topic, wanted: Query) -> Query | None:
    """What asks for the words of a topic and for others too; None where it has them already, or
    where that would be longer than can be read. Pure.
    """
    query = parse_query(topic.query)
    parts = list(query.parts) if isinstance(query, Or) else [query]
    more = wanted.parts if isinstance(wanted, Or) else (wanted,)
    new = [part for part in more if part not in parts]
    if not new:
        return None
    try:
        return parse_query(str(Or((*parts, *new))))
    except QueryError:
        return None


async def change_query(chats: Chats, topic: Topic, query: Query) -> Topic:
    """Gives a topic another query and leaves the rest of it. Raises QueryError or BadInput."""
    text = str(query)
    parse_query(text)  # what is stored must be readable again
    await check_words(chats, topic.chat_id, words_in(text) - words_in(topic.query))
    changed = replace(topic, query=text)
    await chats.change_topic(changed, None)
    return changed


async def rename(chats: Chats, topic: Topic, name: str) -> Topic:
    """Gives a topic another name. Raises BadInput where its thread has one of that name."""
    return await _changed(chats, replace(topic, name=checked_name(tidy(name))))


async def move(chats: Chats, topic: Topic, thread_id: int) -> Topic:
    """Sends a topic's alerts to another thread. Raises BadInput where that has one of the name."""
    await check_thread(chats, topic.chat_id, thread_id)
    return await _changed(chats, replace(topic, thread_id=thread_id))


async def _changed(chats: Chats, topic: Topic) -> Topic:
    others = called_so(await chats.topics(topic.chat_id), topic.name)
    taken = any(o.id != topic.id and o.thread_id == topic.thread_id for o in others)
    if taken or not await chats.change_topic(topic, name_key(topic.name, topic.thread_id)):
        raise BadInput(_taken(topic))
    return topic


def _taken(topic: Topic) -> Said:
    return say("There is a topic called '{name}' already. Choose another name.", name=topic.name)


async def query_for(chats: Chats, chat: Chat, words: str) -> Query:
    """The query of the chat's topic of that name, or the words themselves. Raises QueryError."""
    topic = await _topic_meant(chats, chat, words)
    return parse_query(topic.query) if topic else read_query(words, chat.language)


async def name_for(chats: Chats, chat: Chat, words: str) -> str | None:
    """The name of the chat's topic that words mean; None where they are words of their own."""
    topic = await _topic_meant(chats, chat, words)
    return topic.name if topic else None


async def _topic_meant(chats: Chats, chat: Chat, words: str) -> Topic | None:
    """The topic of exactly this name: the beginning of one is a word like any other."""
    topics = await chats.topics(chat.id)
    return meant(topics, words, 0)[0] if called_so(topics, words) else None


async def unfollow(chats: Chats, topic: Topic, now: float) -> None:
    """Ends a topic; for a minute it can be brought back."""
    await chats.set_topic_aside(topic.id, now)


async def bring_back(chats: Chats, chat_id: int, topic_id: int, now: float) -> Topic | None:
    """Follows a topic again that was removed within the last minute, with all that it had; None
    where it is too late. Raises BadInput where the chat has another of its name, or no room.
    """
    topic = await chats.topic_aside(chat_id, topic_id, now)
    if topic is None:
        return None
    known = await chats.topics(chat_id)
    check_room(known)
    await check_words(chats, chat_id, words_in(topic.query))
    if any(each.thread_id == topic.thread_id for each in called_so(known, topic.name)):
        raise BadInput(say("Another topic is called '{name}' now.", name=topic.name))
    await chats.bring_topic_back(topic, name_key(topic.name, topic.thread_id))
    return topic


async def mute(chats: Chats, topic: Topic, seconds: float, now: float) -> float:
    """Mutes a topic for so long, 0 for no longer; returns until when."""
    await chats.mute_topic(topic.id, now + seconds)
    return now + seconds


def seconds_until(text: str, timezone: str, now: float) -> float:
    """Seconds of `30m` or `an hour`, or until `tomorrow`. Raises BadInput."""
    return durations.read_until(text, timezone, now) - now
