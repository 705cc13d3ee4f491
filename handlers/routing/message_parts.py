"""What is read of a message as Telegram sends it."""

from telegram import Document, Message, MessageOriginChannel

from handlers.call import ChannelPost


def text_of(message: Message) -> str:
    """What is written in a message, or under what it shows; "" for nothing."""
    return message.text or message.caption or ""


def thread_of(message: Message) -> int:
    """The forum thread of a message. Replies in ordinary groups carry a thread id too, to which
    nothing can be sent.
    """
    return (message.message_thread_id or 0) if message.is_topic_message else 0


def replied_to(message: Message) -> int | None:
    """The message that this one replies to. In a forum thread, what replies to nothing carries the
    message that opened the thread.
    """
    answered = message.reply_to_message
    if answered is None or answered.forum_topic_created:
        return None
    return answered.message_id


def post_replied_to(message: Message) -> ChannelPost | None:
    """The post of a channel that Telegram itself made the message of that is replied to."""
    answered = message.reply_to_message
    origin = answered.forward_origin if answered and answered.is_automatic_forward else None
    if not isinstance(origin, MessageOriginChannel):
        return None
    return ChannelPost(origin.chat.id, origin.message_id)


def document_of(message: Message) -> Document | None:
    """The document of a message, or of the one that it replies to."""
    answered = message.reply_to_message
    return message.document or (answered.document if answered else None)
