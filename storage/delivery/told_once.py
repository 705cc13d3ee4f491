"""A chat is told of a story in a thread once, and an update of it waits there once."""


def untold(
    chat_id: str = "deliveries.chat_id",
    thread_id: str = "deliveries.thread_id",
    story_id: str = "deliveries.story_id",
) -> str:
    """Whether a delivery may become one of this chat, thread and story, as SQL: no other tells it
    there already.
    """
    alike = (
        f"o.id <> deliveries.id AND o.chat_id = {chat_id} AND o.thread_id = {thread_id}"
        f" AND o.story_id = {story_id}"
    )
    return (
        "NOT (kind = 'alert' AND EXISTS"
        f"  (SELECT 1 FROM deliveries o WHERE o.kind = 'alert' AND {alike})"
        " OR kind = 'update' AND state = 'pending' AND EXISTS (SELECT 1 FROM deliveries o"
        f"  WHERE o.kind = 'update' AND o.state = 'pending' AND {alike}))"
    )
