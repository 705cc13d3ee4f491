"""What a chat follows, in few words."""

from bot.texts.html import Html
from bot.texts.said import say_n
from handlers.call import Call


async def followed(call: Call, *, here: bool = False, topics_alone: bool = False) -> Html:
    """What a chat follows, counted; every story, where it follows those, and beside them what it
    follows in other threads. Of this thread where it is asked of `here`. Empty for nothing.
    """
    chats, locale = call.storage.chats, call.locale
    follows = [] if topics_alone else await chats.subscriptions(call.chat.id)
    topics = await chats.topics(call.chat.id)
    if here:
        follows = [each for each in follows if each.thread_id == call.thread_id]
        topics = [each for each in topics if each.thread_id == call.thread_id]
    every = {s.thread_id for s in follows if s.is_all}
    beside = [s for s in follows if s.thread_id not in every]
    counts = (
        say_n("1 topic", "{n} topics", len(topics)),
        say_n("1 source", "{n} sources", len({s.feed_id for s in beside if s.feed_id})),
        say_n("1 group", "{n} groups", len({s.group for s in beside if s.group})),
    )
    parts = [locale.t("every story")] if every else []
    parts += [locale.t(said) for said in counts if said.args["n"]]
    return locale.list(parts)
