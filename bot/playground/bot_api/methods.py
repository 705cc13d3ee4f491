"""All methods the playground knows, by their lower-case names.

The ones that send are in `sending`; here are those about chats, commands and the bot itself.
getUpdates waits, so `api` calls it by itself.
"""

from collections.abc import Callable
from typing import Any

from bot.playground.bot_api import wire
from bot.playground.bot_api.params import Params
from bot.playground.bot_api.refusals import (
    CANNOT_LEAVE_PRIVATE,
    MEMBERS_INACCESSIBLE,
    NO_ADMINS_IN_PRIVATE,
    NO_RIGHT_TO_MAKE_TOPICS,
    NOT_A_FORUM,
    USER_NOT_FOUND,
    BotApiError,
)
from bot.playground.bot_api.sending import (
    delete_message,
    edit_message_caption,
    edit_message_reply_markup,
    edit_message_text,
    pin_chat_message,
    reachable_chat,
    send_chat_action,
    send_document,
    send_message,
    send_photo,
    writable_chat,
)
from bot.playground.chats.people import People
from bot.playground.chats.world import ADMINS, BOT_ID, Json
from bot.playground.stage import Stage

Method = Callable[[Stage, Params], Any]


def get_me(stage: Stage, _: Params) -> Json:
    """getMe."""
    return wire.bot_user(stage.world)


def delete_webhook(stage: Stage, params: Params) -> bool:
    """deleteWebhook."""
    stage.hook.set("")
    if params.flag("drop_pending_updates"):
        stage.updates.forget_all()
    return True


def set_webhook(stage: Stage, params: Params) -> bool:
    """setWebhook; an address on another machine is remembered, and nothing is posted to it."""
    stage.updates.allow(params.structure("allowed_updates"))
    if params.flag("drop_pending_updates"):
        stage.updates.forget_all()
    connections = params.integer("max_connections")
    stage.hook.set(params.text("url"), params.text("secret_token"), connections)
    return True


def get_webhook_info(stage: Stage, _: Params) -> Json:
    """getWebhookInfo."""
    return stage.hook.info()


def answer_callback_query(stage: Stage, params: Params) -> bool:
    """answerCallbackQuery."""
    People(stage).answer(
        params.text("callback_query_id"),
        params.text("text")[:200],
        alert=params.flag("show_alert"),
        url=params.text("url"),
    )
    return True


def set_my_commands(stage: Stage, params: Params) -> bool:
    """setMyCommands."""
    scope, language = _scope(params)
    stage.profile.set_commands(scope, language, params.structure("commands") or [])
    stage.events.tell("commands")
    return True


def get_my_commands(stage: Stage, params: Params) -> list[Json]:
    """getMyCommands."""
    return stage.profile.commands_of(*_scope(params))


def delete_my_commands(stage: Stage, params: Params) -> bool:
    """deleteMyCommands."""
    stage.profile.forget_commands(*_scope(params))
    stage.events.tell("commands")
    return True


def set_chat_menu_button(stage: Stage, params: Params) -> bool:
    """setChatMenuButton."""
    button = params.structure("menu_button") or {"type": "default"}
    stage.profile.menu_buttons[params.integer("chat_id")] = button
    return True


def get_chat_menu_button(stage: Stage, params: Params) -> Json:
    """getChatMenuButton."""
    default: Json = {"type": "commands"}
    return stage.profile.menu_buttons.get(params.integer("chat_id"), default)


def get_chat(stage: Stage, params: Params) -> Json:
    """getChat."""
    return wire.full_chat(stage.world, reachable_chat(stage, params))


def get_chat_member(stage: Stage, params: Params) -> Json:
    """getChatMember."""
    chat = reachable_chat(stage, params)
    user_id = params.integer("user_id")
    if user_id not in stage.world.users:
        raise BotApiError(USER_NOT_FOUND)
    if chat.type == "channel" and not chat.is_admin(BOT_ID):
        raise BotApiError(MEMBERS_INACCESSIBLE)
    return wire.member(stage.world, user_id, chat.members.get(user_id, "left"), chat)


def get_chat_administrators(stage: Stage, params: Params) -> list[Json]:
    """getChatAdministrators."""
    chat = reachable_chat(stage, params)
    if chat.type == "private":
        raise BotApiError(NO_ADMINS_IN_PRIVATE)
    admins = ((user_id, status) for user_id, status in chat.members.items() if status in ADMINS)
    return [wire.member(stage.world, user_id, status, chat) for user_id, status in admins]


def get_chat_member_count(stage: Stage, params: Params) -> int:
    """getChatMemberCount."""
    members = reachable_chat(stage, params).members.values()
    return sum(1 for status in members if status not in ("left", "kicked"))


def leave_chat(stage: Stage, params: Params) -> bool:
    """leaveChat."""
    chat = reachable_chat(stage, params)
    if chat.type == "private":
        raise BotApiError(CANNOT_LEAVE_PRIVATE)
    People(stage).move_bot(chat.id, "left", by=BOT_ID)
    return True


def create_forum_topic(stage: Stage, params: Params) -> Json:
    """createForumTopic: needs an administrator."""
    chat = writable_chat(stage, params)
    if not chat.is_forum:
        raise BotApiError(NOT_A_FORUM)
    if not chat.is_admin(BOT_ID):
        raise BotApiError(NO_RIGHT_TO_MAKE_TOPICS)
    thread = stage.world.add_thread(chat, params.text("name"), sender_id=BOT_ID)
    stage.show_chat(chat)
    stage.show(chat.messages[thread.id])
    return {"message_thread_id": thread.id, "name": thread.name, "icon_color": 7322096}


def get_file(stage: Stage, params: Params) -> Json:
    """getFile."""
    return stage.files.located(params.text("file_id"))


def _scope(params: Params) -> tuple[Json, str]:
    scope: Json = params.structure("scope") or {"type": "default"}
    return scope, params.text("language_code")


def _set_text(kind: str, name: str) -> Method:
    """A method such as setMyDescription: one text for each language."""

    def store(stage: Stage, params: Params) -> bool:
        language, text = params.text("language_code"), params.text(name)
        stage.profile.texts[kind, language] = text
        if not language:
            stage.events.tell("profile", what=kind, text=text)
        return True

    return store


def _get_text(kind: str, name: str) -> Method:
    def read(stage: Stage, params: Params) -> Json:
        texts = stage.profile.texts
        own = texts.get((kind, params.text("language_code")))
        return {name: own if own is not None else texts.get((kind, ""), "")}

    return read


METHODS: dict[str, Method] = {
    "getme": get_me,
    "deletewebhook": delete_webhook,
    "setwebhook": set_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "getfile": get_file,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "pinchatmessage": pin_chat_message,
    "sendchataction": send_chat_action,
    "answercallbackquery": answer_callback_query,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": _set_text("name", "name"),
    "getmyname": _get_text("name", "name"),
    "setmydescription": _set_text("description", "description"),
    "getmydescription": _get_text("description", "description"),
    "setmyshortdescription": _set_text("short", "short_description"),
    "getmyshortdescription": _get_text("short", "short_description"),
    "setchatmenubutton": set_chat_menu_button,
    "getchatmenubutton": get_chat_menu_button,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
    "getchatmembercount": get_chat_member_count,
    "leavechat": leave_chat,
    "createforumtopic": create_forum_topic,
}
