"""Where in a forum something comes: the thread by its name, where that is known."""

from collections.abc import Mapping

from msgspec import Struct

from bot.actions.chats import followed_threads
from bot.news.text.plain import cut
from bot.texts.html import NOTHING, Html
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.call import Call

_ON_BUTTON = 28
_BESIDE_THREAD, _THREAD = 18, 16
"""A button shows both, whatever they are called."""


class Forum(Struct, frozen=True):
    """The threads of a chat as they are spoken of in one of them."""

    locale: Locale
    here: int
    has_threads: bool
    names: Mapping[int, str]

    def label(self, name: str, thread_id: int, *, is_among_others: bool = False) -> str:
        """What is in a thread, on a button: its name, and where that is if it is not here, or if it
        stands beside what is elsewhere.
        """
        shown, locale = cut(name, _ON_BUTTON), self.locale
        if thread_id == self.here:
            if not is_among_others:
                return shown
            return locale.plain("{topic} · this thread", topic=shown)
        if not thread_id:
            return locale.plain("{topic} · main thread", topic=shown)
        if known := self.names.get(thread_id):
            shown, thread = cut(name, _BESIDE_THREAD), cut(known, _THREAD)
            return locale.plain("{topic} · in {thread}", topic=shown, thread=thread)
        return locale.plain("{topic} · elsewhere", topic=shown)

    def alerts(self, thread_id: int) -> Html:
        """Where the alerts of something come."""
        locale = self.locale
        if thread_id == self.here:
            return locale.t("Its alerts come to this thread.")
        if not thread_id:
            return locale.t("Its alerts come to the main thread.")
        if known := self.names.get(thread_id):
            return locale.t("Its alerts come to the thread {thread}.", thread=known)
        return locale.t("Its alerts come to another thread.")

    def is_elsewhere(self, topic: str, thread_id: int) -> Said:
        """That a topic is in a thread that is not this one."""
        if known := self.names.get(thread_id):
            return say("{topic} is a topic in the thread {thread}.", topic=topic, thread=known)
        return say("{topic} is a topic in another thread.", topic=topic)


async def in_all_threads(call: Call) -> Html:
    """Where a chat has threads: that what was set holds in each of them."""
    there = await forum_of(call)
    return call.locale.t("This holds in all threads.") if there.has_threads else NOTHING


async def forum_of(call: Call) -> Forum:
    """The threads of the chat that is spoken of."""
    names = await call.storage.threads.names(call.chat.id)
    followed = await followed_threads(call.storage.chats, call.chat.id)
    has_threads = bool(call.thread_id or names or followed - {0})
    return Forum(call.locale, call.thread_id, has_threads, names)
