"""Who sees guests, which are feeds that only chats brought, and what they tell: chats that wrote
their address, and nobody else; no other may follow them. Every read that shows feeds or reports to
a chat, or counts them, asks here.
"""


def seen(row: str, chat: str, feed: str = "feed_id") -> str:
    """Whether a report, or a feed, may be shown to a chat and counted for it, as SQL: it is the
    operator's, or of a guest of which the chat wrote the address. The chat is a parameter, or a
    column named with its table; `feed` is the column with the number of the feed.
    """
    return (
        f"({row}.guest = 0 OR EXISTS (SELECT 1 FROM added_feeds v"
        f" WHERE v.feed_id = {row}.{feed} AND v.chat_id = {chat}))"
    )


def kept_by(chat: str) -> str:
    """The guests of which a chat wrote the address, as SQL."""
    return f"(SELECT feed_id FROM added_feeds WHERE chat_id = {chat})"
