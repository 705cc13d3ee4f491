"""The invented world: users, chats, forum topics and the messages in them.

Only state and its simplest changes. What a person does is in `people`, what the bot does in
`sending`, and how all of it looks on the wire in `wire`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

BOT_ID = 1000001
ADA_ID = 5001
BEN_ID = 5002
GENERAL_THREAD = 1
ADMINS: tuple[Status, ...] = ("creator", "administrator")
MESSAGES_KEPT = 2_000


@dataclass
class User:
    """A person, or a bot."""

    id: int
    first_name: str
    username: str = ""
    language_code: str = "en"
    is_bot: bool = False
    deactivated: bool = False


@dataclass
class Thread:
    """A forum topic; its id is the id of the service message that opened it."""

    id: int
    name: str
    closed: bool = False
    deleted: bool = False


@dataclass
class PlaygroundMessage:
    """A message as it stands now; `service` holds the extra fields of a service message. The text
    of one with a `document`, or a `picture`, which is named by its address, is its caption. One
    with a `location` has no text.
    """

    id: int
    chat_id: int
    date: int
    sender_id: int | None = None
    sender_chat_id: int | None = None
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    reply_markup: Json | None = None
    thread_id: int | None = None
    reply_to: int | None = None
    edit_date: int | None = None
    silent: bool = False
    link_preview: Json | None = None
    picture: str = ""
    origin: Json | None = None
    service: Json = field(default_factory=dict)
    document: Json | None = None
    location: Json | None = None


@dataclass
class PlaygroundChat:
    """A chat; `members` maps user ids to a status, the bot's own standing included.

    In a private chat the bot is `left` until the user starts it and `kicked` while blocked; it
    `has_topics` where the person opened some. `bot_may_post` is about channels.
    """

    id: int
    type: ChatType
    title: str = ""
    username: str = ""
    is_forum: bool = False
    members: dict[int, Status] = field(default_factory=dict)
    threads: dict[int, Thread] = field(default_factory=dict)
    messages: dict[int, PlaygroundMessage] = field(default_factory=dict)
    last_id: int = 0
    pinned: list[int] = field(default_factory=list)
    takes_pictures: bool = True
    bot_may_post: bool = True
    has_topics: bool = False
    migrated_to: int | None = None
    deleted: bool = False

    @property
    def bot_status(self) -> Status:
        """Where the bot stands in this chat."""
        return self.members.get(BOT_ID, "left")

    def is_admin(self, user_id: int) -> bool:
        """Whether the user is the owner or an administrator."""
        return self.members.get(user_id) in ADMINS

    def add(self, message: PlaygroundMessage) -> PlaygroundMessage:
        """Keep a message; only the newest `MESSAGES_KEPT` stay, so that memory is bounded."""
        self.messages[message.id] = message
        if len(self.messages) > MESSAGES_KEPT:
            del self.messages[next(iter(self.messages))]
        return message

    def next_id(self) -> int:
        """The id for the next message of this chat."""
        self.last_id += 1
        return self.last_id


class World:
    """All users and chats. `clock` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.bot = User(BOT_ID, "Tocsin", "tocsin_playground_bot", is_bot=True)
        self.users: dict[int, User] = {BOT_ID: self.bot}
        self.chats: dict[int, PlaygroundChat] = {}
        self._next_group = -4000
        self._next_supergroup = -1002000000000

    def add_user(self, user_id: int, first_name: str, *, language_code: str = "en") -> User:
        """Add a person; an id that is there already gives the person who has it."""
        username = f"{first_name.lower()}_{user_id}" if first_name.isascii() else ""
        return self.users.setdefault(user_id, User(user_id, first_name, username, language_code))

    def add_private_chat(
        self,
        user_id: int,
        first_name: str = "",
        *,
        language_code: str = "en",
        started: bool = True,
    ) -> PlaygroundChat:
        """Add a person's private chat with the bot, by default one that was started."""
        name = first_name or f"User {user_id}"
        user = self.add_user(user_id, name, language_code=language_code)
        standing: Status = "member" if started else "left"
        chat = PlaygroundChat(user_id, "private", members={user_id: "member", BOT_ID: standing})
        chat.title, chat.username = user.first_name, user.username
        self.chats[chat.id] = chat
        return chat

    def add_group(
        self,
        title: str,
        *,
        kind: ChatType = "supergroup",
        forum: bool = False,
        admins: tuple[int, ...] = (ADA_ID,),
        members: tuple[int, ...] = (BEN_ID,),
        bot: Status = "member",
        chat_id: int | None = None,
    ) -> PlaygroundChat:
        """Add a group, supergroup, forum or channel; the first admin owns it."""
        chat = PlaygroundChat(chat_id or self._fresh_id(kind), kind, title, is_forum=forum)
        for place, user_id in enumerate(admins):
            chat.members[user_id] = "administrator" if place else "creator"
        chat.members.update(dict.fromkeys(members, "member"))
        chat.members[BOT_ID] = bot
        if forum:
            chat.last_id = GENERAL_THREAD
            chat.threads[GENERAL_THREAD] = Thread(GENERAL_THREAD, "General")
        self.chats[chat.id] = chat
        return chat

    def add_thread(self, chat: PlaygroundChat, name: str, *, sender_id: int = ADA_ID) -> Thread:
        """Open a forum topic, with the service message that opens it."""
        service: Json = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        opening = self.new_message(chat, sender_id=sender_id, service=service)
        opening.thread_id = opening.id
        thread = Thread(opening.id, name)
        chat.threads[thread.id] = thread
        return thread

    def new_message(self, chat: PlaygroundChat, **fields: Any) -> PlaygroundMessage:
        """Store a new message with the chat's next id and the time of the clock."""
        message = PlaygroundMessage(chat.next_id(), chat.id, int(self.clock()), **fields)
        return chat.add(message)

    def find_chat(self, name: int | str) -> PlaygroundChat | None:
        """The chat of this id or `@username`."""
        if isinstance(name, str) and name.startswith("@"):
            wanted = name[1:].lower()
            return next((c for c in self.chats.values() if c.username.lower() == wanted), None)
        try:
            return self.chats.get(int(name))
        except ValueError:
            return None

    def _fresh_id(self, kind: ChatType) -> int:
        if kind == "group":
            self._next_group -= 1
            return self._next_group
        self._next_supergroup -= 1
        return self._next_supergroup


def sample_world(clock: Callable[[], float]) -> World:
    """The world a visitor finds: Ada (you), Ben, two groups and a channel.

    Nobody has pressed START yet, as in a bot's first minute.
    """
    world = World(clock)
    world.add_private_chat(ADA_ID, "Ada", started=False)
    world.add_private_chat(BEN_ID, "Ben", started=False)
    world.add_group("Newsroom watch")
    desk = world.add_group("World desk", forum=True)
    world.add_thread(desk, "Middle East")
    world.add_thread(desk, "Science")
    channel = world.add_group(
        "Evening bulletin", kind="channel", members=(BEN_ID,), bot="administrator"
    )
    channel.username = "evening_bulletin"
    return world
