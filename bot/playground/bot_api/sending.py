"""The methods by which a bot sends and changes messages."""

from bot.playground.bot_api import wire
from bot.playground.bot_api.params import Params
from bot.playground.bot_api.refusals import (
    BLOCKED,
    BUTTON_DATA_INVALID,
    BUTTON_WITHOUT_USE,
    CANNOT_DELETE,
    CANNOT_EDIT,
    CHANNEL_NEEDS_ADMIN,
    CHAT_ID_EMPTY,
    CHAT_NOT_FOUND,
    COPY_TEXT_INVALID,
    DEACTIVATED,
    DELETE_NOT_FOUND,
    EDIT_NOT_FOUND,
    EMPTY_FILE,
    GROUP_DELETED,
    KICKED,
    MARKUP_TOO_LONG,
    MIGRATED,
    NO_CAPTION,
    NO_DOCUMENT,
    NO_PICTURE,
    NO_RIGHT_TO_PIN,
    NO_RIGHT_TO_SEND,
    NO_RIGHT_TO_SEND_PICTURES,
    NO_TEXT_TO_EDIT,
    NOT_A_MEMBER,
    NOT_MODIFIED,
    NOT_STARTED,
    PIN_NOT_FOUND,
    REPLY_NOT_FOUND,
    THREAD_NOT_FOUND,
    TOPIC_CLOSED,
    WRONG_PICTURE,
    BotApiError,
)
from bot.playground.bot_api.verdict import Formatted
from bot.playground.chats.world import (
    BOT_ID,
    GENERAL_THREAD,
    Json,
    PlaygroundChat,
    PlaygroundMessage,
)
from bot.playground.stage import Stage

_CALLBACK_BYTES = 64
_COPIED_CHARACTERS = 256
_MOST_BUTTONS = 100
_PICTURE_ADDRESS = 4_096
_OWN_DELETABLE_SECONDS = 48 * 3600
_USES = [
    "callback_data",
    "url",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "web_app",
    "login_url",
    "pay",
    "callback_game",
]


def send_message(stage: Stage, params: Params) -> Json:
    """sendMessage: the text is judged first, then the chat, as the real server does."""
    formatted = stage.verdicts.of_message(
        params.text("text"), params.text("parse_mode"), params.structure("entities")
    )
    return _sent(stage, params, formatted)


def send_photo(stage: Stage, params: Params) -> Json:
    """sendPhoto: by address only, and the address is not asked; `faults` tell of bad pictures."""
    formatted = _caption(stage, params)
    picture = params.text("photo")
    if not picture:
        raise BotApiError(NO_PICTURE)
    if not picture.startswith(("http://", "https://")) or len(picture) > _PICTURE_ADDRESS:
        raise BotApiError(WRONG_PICTURE)
    return _sent(stage, params, formatted, picture)


def _caption(stage: Stage, params: Params) -> Formatted:
    return stage.verdicts.of_caption(
        params.text("caption"), params.text("parse_mode"), params.structure("caption_entities")
    )


def _sent(stage: Stage, params: Params, formatted: Formatted, picture: str = "") -> Json:
    markup = reply_markup(params)
    chat = writable_chat(stage, params)
    if picture and not chat.takes_pictures:
        raise BotApiError(NO_RIGHT_TO_SEND_PICTURES)
    thread_id = _open_thread(chat, params)
    message = stage.world.new_message(
        chat,
        sender_id=None if chat.type == "channel" else BOT_ID,
        text=formatted.text,
        entities=formatted.entities,
        reply_markup=markup,
        thread_id=thread_id,
        reply_to=_reply_to(chat, params),
        silent=params.flag("disable_notification"),
        link_preview=params.structure("link_preview_options"),
        picture=picture,
    )
    stage.show(message)
    return wire.message(stage.world, message)


def send_document(stage: Stage, params: Params) -> Json:
    """sendDocument: a file of the request, with a caption or without."""
    caption = _caption(stage, params)
    upload = params.upload("document")
    if upload is None:
        raise BotApiError(NO_DOCUMENT)
    if not upload.data:
        raise BotApiError(EMPTY_FILE)
    markup = reply_markup(params)
    chat = writable_chat(stage, params)
    message = stage.world.new_message(
        chat,
        sender_id=None if chat.type == "channel" else BOT_ID,
        text=caption.text,
        entities=caption.entities,
        reply_markup=markup,
        thread_id=_open_thread(chat, params),
        reply_to=_reply_to(chat, params),
        silent=params.flag("disable_notification"),
        document=stage.files.add(upload.name, upload.kind, upload.data).as_document(),
    )
    stage.show(message)
    return wire.message(stage.world, message)


def edit_message_text(stage: Stage, params: Params) -> Json:
    """editMessageText: an edit that changes nothing is refused."""
    formatted = stage.verdicts.of_message(
        params.text("text"), params.text("parse_mode"), params.structure("entities")
    )
    message = _own_message(stage, params, EDIT_NOT_FOUND, CANNOT_EDIT)
    if message.picture or message.document:
        raise BotApiError(NO_TEXT_TO_EDIT)
    return _rewritten(stage, params, message, formatted)


def edit_message_caption(stage: Stage, params: Params) -> Json:
    """editMessageCaption: the picture stays."""
    formatted = _caption(stage, params)
    message = _own_message(stage, params, EDIT_NOT_FOUND, CANNOT_EDIT)
    if not (message.picture or message.document):
        raise BotApiError(NO_CAPTION)
    return _rewritten(stage, params, message, formatted)


def _rewritten(
    stage: Stage, params: Params, message: PlaygroundMessage, formatted: Formatted
) -> Json:
    markup = reply_markup(params)
    same_text = (message.text, message.entities) == (formatted.text, formatted.entities)
    if same_text and _keyboard(message.reply_markup) == _keyboard(markup):
        raise BotApiError(NOT_MODIFIED)
    message.text, message.entities = formatted.text, formatted.entities
    if "link_preview_options" in params:
        message.link_preview = params.structure("link_preview_options")
    return _edited(stage, message, markup)


def edit_message_reply_markup(stage: Stage, params: Params) -> Json:
    """editMessageReplyMarkup: other buttons, or none."""
    markup = reply_markup(params)
    message = _own_message(stage, params, EDIT_NOT_FOUND, CANNOT_EDIT)
    if _keyboard(message.reply_markup) == _keyboard(markup):
        raise BotApiError(NOT_MODIFIED)
    return _edited(stage, message, markup)


def delete_message(stage: Stage, params: Params) -> bool:
    """deleteMessage: own messages for 48 hours; those of others as an administrator."""
    chat = reachable_chat(stage, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise BotApiError(DELETE_NOT_FOUND)
    fresh = stage.clock() - message.date <= _OWN_DELETABLE_SECONDS
    if not (chat.is_admin(BOT_ID) or (fresh and _is_own(chat, message))):
        raise BotApiError(CANNOT_DELETE)
    del chat.messages[message.id]
    stage.events.tell("delete", chat_id=chat.id, message_id=message.id)
    return True


def pin_chat_message(stage: Stage, params: Params) -> bool:
    """pinChatMessage: freely in private chats, as an administrator elsewhere."""
    chat = writable_chat(stage, params)
    message_id = params.integer("message_id")
    if message_id not in chat.messages:
        raise BotApiError(PIN_NOT_FOUND)
    if chat.type != "private" and not chat.is_admin(BOT_ID):
        raise BotApiError(NO_RIGHT_TO_PIN)
    chat.pinned = [*(i for i in chat.pinned if i != message_id), message_id]
    return True


def send_chat_action(stage: Stage, params: Params) -> bool:
    """sendChatAction: "typing" under the chat's title."""
    chat = writable_chat(stage, params)
    thread_id = _open_thread(chat, params)
    stage.events.tell(
        "action", chat_id=chat.id, thread_id=thread_id, action=params.text("action", "typing")
    )
    return True


def known_chat(stage: Stage, params: Params) -> PlaygroundChat:
    """The chat a request names; refused when it does not exist."""
    if "chat_id" not in params:
        raise BotApiError(CHAT_ID_EMPTY)
    chat = stage.world.find_chat(params.text("chat_id"))
    if chat is None:
        raise BotApiError(CHAT_NOT_FOUND)
    return chat


def reachable_chat(stage: Stage, params: Params) -> PlaygroundChat:
    """A chat the bot is in; refused in the words that say why it is not."""
    chat = known_chat(stage, params)
    if chat.migrated_to is not None:
        raise BotApiError(MIGRATED, migrate_to_chat_id=chat.migrated_to)
    if chat.deleted:
        raise BotApiError(GROUP_DELETED)
    if chat.type == "private":
        if stage.world.users[chat.id].deactivated:
            raise BotApiError(DEACTIVATED)
        refusals = {"kicked": BLOCKED, "left": NOT_STARTED}
    else:
        refusals = {
            "kicked": KICKED.format(kind=chat.type),
            "left": NOT_A_MEMBER.format(kind=chat.type),
        }
    if chat.bot_status in refusals:
        raise BotApiError(refusals[chat.bot_status])
    return chat


def writable_chat(stage: Stage, params: Params) -> PlaygroundChat:
    """A chat the bot may write in."""
    chat = reachable_chat(stage, params)
    if chat.bot_status == "restricted":
        raise BotApiError(NO_RIGHT_TO_SEND)
    if chat.type == "channel" and not (chat.is_admin(BOT_ID) and chat.bot_may_post):
        raise BotApiError(CHANNEL_NEEDS_ADMIN)
    return chat


def reply_markup(params: Params) -> Json | None:
    """The keyboard of a request; refused where a button could not work."""
    markup: Json | None = params.structure("reply_markup")
    if not markup:
        return None
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    if len(buttons) > _MOST_BUTTONS:
        raise BotApiError(MARKUP_TOO_LONG)
    for button in buttons:
        if not button.get("text") or not any(use in button for use in _USES):
            raise BotApiError(BUTTON_WITHOUT_USE)
        data = str(button.get("callback_data", "-")).encode()
        if not 1 <= len(data) <= _CALLBACK_BYTES:
            raise BotApiError(BUTTON_DATA_INVALID)
        copied = str(button.get("copy_text", {"text": "-"}).get("text", ""))
        if not 1 <= len(copied) <= _COPIED_CHARACTERS:
            raise BotApiError(COPY_TEXT_INVALID)
    return markup


def _open_thread(chat: PlaygroundChat, params: Params) -> int | None:
    """The topic to write in; General is meant by leaving the parameter out, never by 1."""
    thread_id = params.integer("message_thread_id") or None
    if thread_id is None and not chat.is_forum:
        return None  # in a private chat with topics too: what belongs to none
    thread = chat.threads.get(thread_id or GENERAL_THREAD)
    if thread is None or thread.deleted or thread_id == GENERAL_THREAD:
        raise BotApiError(THREAD_NOT_FOUND)
    if thread.closed and not chat.is_admin(BOT_ID):
        raise BotApiError(TOPIC_CLOSED)
    return thread_id


def _reply_to(chat: PlaygroundChat, params: Params) -> int | None:
    wanted: Json = params.structure("reply_parameters") or {}
    message_id = int(wanted.get("message_id") or params.integer("reply_to_message_id"))
    if not message_id or message_id in chat.messages:
        return message_id or None
    lenient = wanted.get("allow_sending_without_reply")
    if lenient or params.flag("allow_sending_without_reply"):
        return None
    raise BotApiError(REPLY_NOT_FOUND)


def _own_message(stage: Stage, params: Params, missing: str, foreign: str) -> PlaygroundMessage:
    chat = writable_chat(stage, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise BotApiError(missing)
    if not _is_own(chat, message) or message.service:
        raise BotApiError(foreign)
    return message


def _is_own(chat: PlaygroundChat, message: PlaygroundMessage) -> bool:
    """In a channel the bot's posts carry no sender at all."""
    if chat.type == "channel":
        return message.sender_id is None and message.sender_chat_id is None
    return message.sender_id == BOT_ID


def _keyboard(markup: Json | None) -> list[list[Json]]:
    rows: list[list[Json]] = (markup or {}).get("inline_keyboard", [])
    return rows


def _edited(stage: Stage, message: PlaygroundMessage, markup: Json | None) -> Json:
    message.reply_markup = markup
    message.edit_date = int(stage.clock())
    stage.show(message, edited=True)
    return wire.message(stage.world, message)
