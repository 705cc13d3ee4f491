"""The parts of the playground that people and bot methods both work on."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.playground.bot_api import wire
from bot.playground.bot_api.hook import Hook
from bot.playground.bot_api.profile import Profile
from bot.playground.bot_api.updates import UpdateQueue
from bot.playground.bot_api.verdict import Verdicts
from bot.playground.chats.files import FileStore
from bot.playground.chats.places import name_of
from bot.playground.chats.world import Json, PlaygroundChat, PlaygroundMessage, World
from bot.playground.events import Events

QUERY_SECONDS = 15 * 60


@dataclass
class Query:
    """A pressed button that waits for its answer."""

    id: str
    user_id: int
    pressed_at: float


@dataclass
class Stage:
    """World, updates, texts and events, handed to whoever acts. `clock` is seconds since 1970."""

    world: World
    updates: UpdateQueue
    verdicts: Verdicts
    events: Events
    clock: Callable[[], float]
    profile: Profile = field(default_factory=Profile)
    queries: dict[str, Query] = field(default_factory=dict)
    files: FileStore = field(default_factory=FileStore)
    hook: Hook = field(init=False)

    def __post_init__(self) -> None:
        self.hook = Hook(self.updates)
        self.updates.on_offer = self.hook.look

    def show(self, message: PlaygroundMessage, *, edited: bool = False) -> None:
        """Tell watchers of a new or changed message."""
        kind = "edit" if edited else "message"
        self.events.tell(kind, chat_id=message.chat_id, message=self.view(message))

    def show_chat(self, chat: PlaygroundChat) -> None:
        """Tell watchers of a new or changed chat."""
        self.events.tell("chat", chat=self.chat_view(chat))

    def view(self, message: PlaygroundMessage) -> Json:
        """A message for the page: as on the wire, with its picture's address or place's name."""
        shown = wire.message(self.world, message)
        markup = message.reply_markup or {}
        if message.picture:
            shown["picture"] = message.picture
        if message.location:
            shown["place"] = name_of(message.location)
        return shown | ({"force_reply": True} if markup.get("force_reply") else {})

    def chat_view(self, chat: PlaygroundChat, *, newest: int = 0) -> Json:
        """A chat for the page, with its `newest` messages when asked for."""
        messages = list(chat.messages.values())
        shown = wire.chat(chat) | {
            "title": chat.title,
            "bot_status": chat.bot_status,
            "members": {str(user_id): status for user_id, status in chat.members.items()},
            "threads": [vars(thread) for thread in chat.threads.values() if not thread.deleted],
        }
        if newest:
            shown["messages"] = [self.view(message) for message in messages[-newest:]]
        return shown
