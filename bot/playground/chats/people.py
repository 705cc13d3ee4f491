"""What people do: write, press buttons, block the bot, change who may do what.

Each act changes the world and tells the bot what a bot would hear of it, privacy mode on.
"""

from typing import Literal

from bot.errors import BadInput
from bot.playground.bot_api import wire
from bot.playground.bot_api.refusals import QUERY_TOO_OLD, BotApiError
from bot.playground.bot_api.verdict import Formatted
from bot.playground.chats.world import (
    ADA_ID,
    BOT_ID,
    GENERAL_THREAD,
    ChatType,
    Json,
    PlaygroundChat,
    PlaygroundMessage,
    Status,
    Thread,
    User,
)
from bot.playground.stage import QUERY_SECONDS, Query, Stage

ANONYMOUS: Literal["anonymous"] = "anonymous"
Speaker = int | Literal["anonymous"]
_QUERIES_KEPT = 1_000


class People:
    """Acts of people, on one stage. A `Speaker` is a user's id, or "anonymous" for an admin."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._world = stage.world
        self._presses = 0

    def say(
        self,
        chat_id: int,
        text: str,
        *,
        user: Speaker = ADA_ID,
        thread_id: int | None = None,
        reply_to: int | None = None,
    ) -> PlaygroundMessage:
        """Write a text in a chat; raises BadInput where that person could not."""
        chat = self._chat(chat_id)
        formatted = self._stage.verdicts.of_typing(text)
        if not formatted.text:
            raise BadInput("There is no text to send.")
        return self._send(chat, formatted, user, thread_id, reply_to)

    def send_document(
        self,
        chat_id: int,
        name: str,
        data: bytes,
        *,
        caption: str = "",
        user: Speaker = ADA_ID,
        thread_id: int | None = None,
        reply_to: int | None = None,
        tells: int | None = None,
    ) -> PlaygroundMessage:
        """Send a file to a chat; `tells` is the size that the message names, if not its own."""
        chat = self._chat(chat_id)
        if not data:
            raise BadInput("The file is empty.")
        stored = self._stage.files.add(name, "application/octet-stream", data, tells)
        formatted = self._stage.verdicts.of_typing(caption)
        return self._send(chat, formatted, user, thread_id, reply_to, document=stored.as_document())

    def send_location(
        self,
        chat_id: int,
        latitude: float,
        longitude: float,
        *,
        user: Speaker = ADA_ID,
        thread_id: int | None = None,
    ) -> PlaygroundMessage:
        """Say where one is, in degrees; raises BadInput for a place that is not on Earth."""
        chat = self._chat(chat_id)
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise BadInput("A latitude is from -90 to 90, a longitude from -180 to 180.")
        place = {"latitude": latitude, "longitude": longitude}
        return self._send(chat, Formatted("", []), user, thread_id, None, location=place)

    def edit(
        self, chat_id: int, message_id: int, text: str, *, user: Speaker = ADA_ID
    ) -> PlaygroundMessage:
        """Change a text that one wrote; the bot hears of it as it heard of the first one."""
        chat = self._chat(chat_id)
        message = chat.messages.get(message_id)
        sender = self._sender(chat, user)
        mine = message and {name: getattr(message, name) for name in sender} == sender
        if message is None or not mine or not message.text or message.document or message.origin:
            raise BadInput("Only a text that one has written can be edited.")
        formatted = self._stage.verdicts.of_typing(text)
        if formatted.text in ("", message.text):
            raise BadInput("An edit needs another text.")
        message.text, message.entities = formatted.text, formatted.entities
        message.edit_date = int(self._stage.clock())
        self._stage.show(message, edited=True)
        self._report(chat, message)
        return message

    def _send(
        self,
        chat: PlaygroundChat,
        formatted: Formatted,
        user: Speaker,
        thread_id: int | None,
        reply_to: int | None,
        **content: Json,
    ) -> PlaygroundMessage:
        sender, thread_id = self._sender(chat, user), _thread(chat, thread_id)
        if chat.type == "private":
            self._open_private(chat)
        message = self._world.new_message(
            chat,
            text=formatted.text,
            entities=formatted.entities,
            thread_id=thread_id,
            reply_to=reply_to if reply_to in chat.messages else None,
            **content,
            **sender,
        )
        self._stage.show(message)
        self._report(chat, message)
        return message

    def press(
        self,
        chat_id: int,
        message_id: int,
        *,
        user: int = ADA_ID,
        row: int = 0,
        column: int = 0,
        text: str | None = None,
        data: str | None = None,
    ) -> str:
        """Press a button, by its place or by its label; the id of the query.

        `data` is what a modified client sends in place of what the button carries.
        """
        chat = self._chat(chat_id)
        message = chat.messages.get(message_id)
        if message is None:
            raise BadInput("That message is not there.")
        button = _button(message, row, column, text)
        if "callback_data" not in button:
            raise BadInput("That button does not call the bot.")
        self._presses += 1
        query = Query(f"{4_000_000_000 + self._presses}", user, self._stage.clock())
        self._remember(query)
        payload = {
            "id": query.id,
            "from": wire.user(self._user(user)),
            "message": wire.message(self._world, message),
            "chat_instance": str(-7_000_000_000 - abs(chat.id)),
            "data": button["callback_data"] if data is None else data,
        }
        self._stage.updates.offer("callback_query", payload)
        return query.id

    def answer(self, query_id: str, text: str, *, alert: bool, url: str) -> None:
        """Show the bot's answer to a press; an old or unknown one is refused."""
        query = self._stage.queries.get(query_id)
        if query is None or self._stage.clock() - query.pressed_at > QUERY_SECONDS:
            raise BotApiError(QUERY_TOO_OLD)
        self._stage.events.tell(
            "answer", query_id=query_id, user_id=query.user_id, text=text, alert=alert, url=url
        )

    def block(self, user_id: int, *, blocked: bool = True) -> None:
        """Block the bot in one's private chat, or take the block back."""
        chat = self._chat(user_id)
        self.move_bot(chat.id, "kicked" if blocked else "member", by=user_id)

    def move_bot(self, chat_id: int, status: Status, *, by: int = ADA_ID) -> None:
        """Give the bot another standing: member, administrator, restricted, kicked, left."""
        chat = self._chat(chat_id)
        old = chat.bot_status
        if old == status:
            return
        person = self._user(by)
        chat.members[BOT_ID] = status
        moved = wire.bot_moved(self._world, chat, person, old)
        self._stage.updates.offer("my_chat_member", moved)
        self._stage.show_chat(chat)

    def let_post(self, chat_id: int, *, allowed: bool, by: int = ADA_ID) -> None:
        """Give the bot the right to post in a channel, or take it."""
        chat = self._chat(chat_id)
        if chat.bot_may_post == allowed:
            return
        before = wire.member(self._world, BOT_ID, chat.bot_status, chat)
        chat.bot_may_post = allowed
        moved = wire.bot_moved(self._world, chat, self._user(by), chat.bot_status, before)
        self._stage.updates.offer("my_chat_member", moved)

    def forward(self, channel_id: int, message_id: int, *, user: int = ADA_ID) -> PlaygroundMessage:
        """Forward a post of a channel to the bot, in one's private chat."""
        channel, chat = self._chat(channel_id), self._chat(user)
        post = channel.messages.get(message_id)
        if post is None or channel.type != "channel" or chat.type != "private":
            raise BadInput("Only posts of channels are forwarded, to one's own chat with the bot.")
        self._open_private(chat)
        message = self._world.new_message(
            chat,
            text=post.text or "A post",
            entities=post.entities,
            origin={
                "type": "channel",
                "date": post.date,
                "chat": wire.chat(channel),
                "message_id": post.id,
            },
            **self._sender(chat, user),
        )
        self._stage.show(message)
        self._report(chat, message)
        return message

    def set_role(self, chat_id: int, user_id: int, status: Status) -> None:
        """Make somebody an administrator, or a plain member, or take them out."""
        chat = self._chat(chat_id)
        self._user(user_id)
        old = chat.members.get(user_id, "left")
        chat.members[user_id] = status
        change = {
            "chat": wire.chat(chat),
            "from": wire.user(self._user(ADA_ID)),
            "date": int(self._stage.clock()),
            "old_chat_member": wire.member(self._world, user_id, old, chat),
            "new_chat_member": wire.member(self._world, user_id, status, chat),
        }
        self._stage.updates.offer("chat_member", change)
        self._stage.show_chat(chat)

    def create_group(
        self, title: str, *, kind: ChatType = "supergroup", forum: bool = False
    ) -> PlaygroundChat:
        """Make a group that Ada owns and Ben is in, and add the bot, which hears of it."""
        chat = self._world.add_group(title, kind=kind, forum=forum, bot="left")
        self._stage.show_chat(chat)
        self.move_bot(chat.id, "administrator" if kind == "channel" else "member")
        return chat

    def create_person(
        self, user_id: int, name: str, *, language_code: str = "en"
    ) -> PlaygroundChat:
        """Let a new person find the bot; they have not pressed START yet."""
        chat = self._world.add_private_chat(
            user_id, name, language_code=language_code, started=False
        )
        self._stage.show_chat(chat)
        return chat

    def open_topic(self, chat_id: int, name: str) -> Thread:
        """Open a topic of a forum, or of one's private chat with the bot."""
        chat = self._chat(chat_id)
        chat.has_topics = chat.has_topics or chat.type == "private"
        thread = self._world.add_thread(chat, name)
        self._stage.show_chat(chat)
        self._announce(chat, chat.messages[thread.id])
        return thread

    def set_topic(self, chat_id: int, thread_id: int, state: str) -> None:
        """Close, reopen or delete a forum topic; `state` is "closed", "open" or "deleted"."""
        chat = self._chat(chat_id)
        thread = chat.threads.get(thread_id)
        if thread is None or state not in ("closed", "open", "deleted"):
            raise BadInput("No such topic, or no such state: open, closed, deleted.")
        thread.closed, thread.deleted = state == "closed", state == "deleted"
        if state != "deleted":
            word = "forum_topic_closed" if thread.closed else "forum_topic_reopened"
            told = self._world.new_message(
                chat, sender_id=ADA_ID, thread_id=thread.id, service={word: {}}
            )
            self._announce(chat, told)
        self._stage.show_chat(chat)

    def migrate(self, chat_id: int) -> PlaygroundChat:
        """Turn a basic group into a supergroup: a new id, and a service message on each side."""
        old = self._chat(chat_id)
        new = self._world.add_group(old.title)
        new.members = dict(old.members)
        old.migrated_to = new.id
        away = {"migrate_to_chat_id": new.id}
        here = {"migrate_from_chat_id": old.id}
        self._announce(old, self._world.new_message(old, sender_id=ADA_ID, service=away))
        arrived = self._world.new_message(new, sender_chat_id=new.id, service=here)
        self._stage.show_chat(new)
        self._announce(new, arrived)
        return new

    def delete_group(self, chat_id: int) -> None:
        """Delete a group for all; what the bot sends there is refused from now on."""
        self._chat(chat_id).deleted = True

    def _open_private(self, chat: PlaygroundChat) -> None:
        """Writing to the bot starts it, or lifts the block, which the bot is told."""
        if chat.bot_status == "kicked":
            self.block(chat.id, blocked=False)
        elif chat.bot_status == "left":
            chat.members[BOT_ID] = "member"
            self._stage.show_chat(chat)

    def _sender(self, chat: PlaygroundChat, user: Speaker) -> Json:
        if user == ANONYMOUS:
            if chat.type == "private":
                raise BadInput("Only in groups can one write anonymously.")
            return {"sender_id": None, "sender_chat_id": chat.id}
        self._user(int(user))
        if chat.members.get(int(user), "left") in ("left", "kicked"):
            raise BadInput("That person is not in this chat.")
        if chat.type == "channel" and not chat.is_admin(int(user)):
            raise BadInput("Only administrators write in a channel.")
        return {"sender_id": int(user)}

    def _report(self, chat: PlaygroundChat, message: PlaygroundMessage) -> None:
        if chat.bot_status in ("left", "kicked") or not self._bot_hears(chat, message):
            return
        kind = "channel_post" if chat.type == "channel" else "message"
        kind = f"edited_{kind}" if message.edit_date else kind
        self._stage.updates.offer(kind, wire.message(self._world, message))

    def _announce(self, chat: PlaygroundChat, message: PlaygroundMessage) -> None:
        self._stage.show(message)
        self._report(chat, message)

    def _bot_hears(self, chat: PlaygroundChat, message: PlaygroundMessage) -> bool:
        """Privacy mode: in groups only commands, replies to the bot and service messages."""
        if chat.type in ("private", "channel") or message.service or chat.is_admin(BOT_ID):
            return True
        answered = chat.messages.get(message.reply_to or 0)
        if answered and answered.sender_id == BOT_ID:
            return True
        if message.document:
            return False  # a command in a caption is none that privacy mode lets through
        return any(self._is_ours(message, entity) for entity in message.entities)

    def _is_ours(self, message: PlaygroundMessage, entity: Json) -> bool:
        if entity["type"] != "bot_command":
            return False
        units = message.text.encode("utf-16-le")
        begin, length = entity["offset"] * 2, entity["length"] * 2
        command = units[begin : begin + length].decode("utf-16-le")
        addressee = command.partition("@")[2].lower()
        return addressee in ("", self._world.bot.username.lower())

    def _remember(self, query: Query) -> None:
        queries = self._stage.queries
        queries[query.id] = query
        if len(queries) > _QUERIES_KEPT:
            del queries[next(iter(queries))]

    def _chat(self, chat_id: int) -> PlaygroundChat:
        chat = self._world.chats.get(chat_id)
        if chat is None:
            raise BadInput(f"There is no chat {chat_id}.")
        return chat

    def _user(self, user_id: int) -> User:
        user = self._world.users.get(user_id)
        if user is None:
            raise BadInput(f"There is no user {user_id}.")
        return user


def _thread(chat: PlaygroundChat, thread_id: int | None) -> int | None:
    """General has no thread id on the wire."""
    if thread_id in (None, GENERAL_THREAD):
        return None
    if thread_id not in chat.threads:
        raise BadInput("That topic is not there.")
    return thread_id


def _button(message: PlaygroundMessage, row: int, column: int, text: str | None) -> Json:
    rows: list[list[Json]] = (message.reply_markup or {}).get("inline_keyboard", [])
    if text is not None:
        found = [button for line in rows for button in line if button.get("text") == text]
        if not found:
            labels = [button.get("text") for line in rows for button in line]
            raise BadInput(f"No button says {text!r}; there are {labels}.")
        return found[0]
    try:
        return rows[row][column]
    except IndexError:
        raise BadInput("There is no button at that place.") from None
