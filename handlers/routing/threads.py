"""What Telegram tells of the threads of a forum: their names, for which it has no method."""

from telegram import Message

from bot.news.text.plain import cut, tidy
from handlers.services import Services

_NAME = 128  # as long as Telegram lets it be


def is_of_thread(message: Message) -> bool:
    """Whether a message says that a thread was opened, or is called otherwise now."""
    return bool(message.forum_topic_created or message.forum_topic_edited)


async def learn(services: Services, message: Message) -> None:
    """Notes the name of the thread that a message is in, where it carries that. What replies to
    nothing carries what opened the thread, with the name of then: a later one is not undone.
    """
    threads, chat_id, now = services.storage.threads, message.chat.id, services.now()
    thread_id = message.message_thread_id or 0
    answered = message.reply_to_message
    edited, opened = message.forum_topic_edited, message.forum_topic_created
    if opened is None and answered:
        opened = answered.forum_topic_created
    if not thread_id:
        return
    if edited and (name := _shown(edited.name)):  # nothing where only its sign changed
        await threads.rename(chat_id, thread_id, name, now)
    elif opened and (name := _shown(opened.name)):
        await threads.learn(chat_id, thread_id, name, now)


def _shown(name: str | None) -> str:
    return cut(tidy(name or ""), _NAME)
