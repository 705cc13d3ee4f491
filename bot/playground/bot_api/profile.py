"""What the bot says about itself: its commands, names and descriptions."""

import re
from dataclasses import dataclass, field

from bot.playground.bot_api.refusals import (
    COMMAND_DESCRIPTION_INVALID,
    COMMAND_INVALID,
    COMMANDS_TOO_MANY,
    BotApiError,
)
from bot.playground.chats.world import Json, PlaygroundChat

_NAME = re.compile(r"[a-z0-9_]{1,32}")
_MOST_COMMANDS = 100
_LONGEST_DESCRIPTION = 256
Scope = tuple[str, int, int]


@dataclass
class Profile:
    """Commands by scope and language, and texts by kind and language."""

    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)

    def set_commands(self, scope: Json, language: str, commands: list[Json]) -> None:
        """Replace the commands of a scope; refuses what Telegram refuses."""
        if len(commands) > _MOST_COMMANDS:
            raise BotApiError(COMMANDS_TOO_MANY)
        for command in commands:
            if not _NAME.fullmatch(str(command.get("command", "")).removeprefix("/")):
                raise BotApiError(COMMAND_INVALID)
            if not 1 <= len(str(command.get("description", ""))) <= _LONGEST_DESCRIPTION:
                raise BotApiError(COMMAND_DESCRIPTION_INVALID)
        self.commands[_key(scope), language] = commands

    def commands_of(self, scope: Json, language: str) -> list[Json]:
        """The commands set for exactly this scope and language."""
        return self.commands.get((_key(scope), language), [])

    def forget_commands(self, scope: Json, language: str) -> None:
        """Remove the commands of a scope and language."""
        self.commands.pop((_key(scope), language), None)

    def commands_shown(self, chat: PlaygroundChat, user_id: int, language: str) -> list[Json]:
        """What a person sees in a chat: the narrowest scope wins, then their own language."""
        for scope in _scopes(chat, user_id):
            for spoken in (language, ""):
                found = self.commands.get((scope, spoken))
                if found:
                    return found
        return []


def _key(scope: Json) -> Scope:
    return (
        str(scope.get("type", "default")),
        int(scope.get("chat_id", 0)),
        int(scope.get("user_id", 0)),
    )


def _scopes(chat: PlaygroundChat, user_id: int) -> list[Scope]:
    """Narrowest first, in the order the Bot API documents under BotCommandScope."""
    if chat.type == "private":
        return [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    admin = chat.is_admin(user_id)
    scopes: list[Scope] = [("chat_member", chat.id, user_id)]
    scopes += [("chat_administrators", chat.id, 0)] if admin else []
    scopes += [("chat", chat.id, 0)]
    scopes += [("all_chat_administrators", 0, 0)] if admin else []
    return [*scopes, ("all_group_chats", 0, 0), ("default", 0, 0)]
