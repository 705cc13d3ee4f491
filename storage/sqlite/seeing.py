"""Who sees the reports of guests, which are feeds that only chats brought: chats that wrote their
address, and nobody else; no other may follow them. Every read that shows reports to a chat, or
counts them, asks here.
"""

OF_GUESTS = "§g"
"""The key of all stories that guests opened, among the keys of their words."""


def seen(report: str, chat: str) -> str:
    """Whether a report may be shown to a chat and counted for it, as SQL. The chat is a
    parameter, or a column named with its table.
    """
    return (
        f"({report}.guest = 0 OR EXISTS (SELECT 1 FROM added_feeds v"
        f" WHERE v.feed_id = {report}.feed_id AND v.chat_id = {chat}))"
    )


def kept_by(chat: str) -> str:
    """The guests of which a chat wrote the address, as SQL."""
    return f"(SELECT feed_id FROM added_feeds WHERE chat_id = {chat})"


def key_of(feed_id: int | str) -> str:
    """The key of the stories that a guest opened."""
    return f"§{feed_id}"
