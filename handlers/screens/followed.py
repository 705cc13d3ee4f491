"""What a chat follows, in few words."""

from bot.texts.html import Html
from bot.texts.said import say_n
from handlers.call import Call


async def followed(call: Call) -> Html:
    """What a chat follows, counted; every story, where it follows those. Empty for nothing."""
    chats, locale = call.storage.chats, call.locale
    follows = await chats.subscriptions(call.chat.id)
    every = any(s.is_all for s in follows)
    counts = (
        say_n("1 topic", "{n} topics", len(await chats.topics(call.chat.id))),
        say_n("1 source", "{n} sources", 0 if every else sum(not s.group for s in follows)),
        say_n("1 group", "{n} groups", 0 if every else len({s.group for s in follows if s.group})),
    )
    parts = [locale.t("every story")] if every else []
    parts += [locale.t(said) for said in counts if said.args["n"]]
    return locale.list(parts)
