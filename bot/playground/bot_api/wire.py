"""How the world looks on the wire: Bot API objects as JSON."""

from bot.playground.chats.world import (
    BOT_ID,
    Json,
    PlaygroundChat,
    PlaygroundMessage,
    Status,
    User,
    World,
)

ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
_RIGHTS = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
]
_PERMISSIONS = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_react_to_messages",
    "can_edit_tag",
]


def user(person: User) -> Json:
    """A User; bots carry no language."""
    shown: Json = {"id": person.id, "is_bot": person.is_bot, "first_name": person.first_name}
    if person.username:
        shown["username"] = person.username
    if person.language_code and not person.is_bot:
        shown["language_code"] = person.language_code
    return shown


def bot_user(world: World) -> Json:
    """The User that getMe answers with; privacy mode is on."""
    return user(world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": any(chat.has_topics for chat in world.chats.values()),
    }


def chat(place: PlaygroundChat) -> Json:
    """A Chat as messages carry it."""
    shown: Json = {"id": place.id, "type": place.type}
    shown["first_name" if place.type == "private" else "title"] = place.title
    if place.username:
        shown["username"] = place.username
    if place.is_forum:
        shown["is_forum"] = True
    return shown


def full_chat(world: World, place: PlaygroundChat) -> Json:
    """The ChatFullInfo that getChat answers with."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    shown = chat(place) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), False),
    }
    if place.type in ("group", "supergroup"):
        writable = place.bot_status != "restricted"
        shown["permissions"] = dict.fromkeys(_PERMISSIONS, writable)
    pinned = next((place.messages[i] for i in reversed(place.pinned) if i in place.messages), None)
    if pinned:
        shown["pinned_message"] = message(world, pinned)
    return shown


def message(world: World, sent: PlaygroundMessage, *, with_reply: bool = True) -> Json:
    """A Message; the message it answers is shown one level deep, as Telegram does."""
    place = world.chats[sent.chat_id]
    shown: Json = {"message_id": sent.id, "date": sent.date, "chat": chat(place)}
    shown |= _sender(world, place, sent) | _text(sent) | sent.service
    if sent.origin:
        shown["forward_origin"] = sent.origin
    if sent.edit_date:
        shown["edit_date"] = sent.edit_date
    if sent.thread_id is not None:
        shown |= {"message_thread_id": sent.thread_id, "is_topic_message": True}
    if sent.reply_markup and "inline_keyboard" in sent.reply_markup:
        shown["reply_markup"] = sent.reply_markup
    answered = place.messages.get(_answered_id(sent)) if with_reply else None
    if answered:
        shown["reply_to_message"] = message(world, answered, with_reply=False)
    return shown


def _answered_id(sent: PlaygroundMessage) -> int:
    """In a topic, a message that answers nothing points at the one that opened the topic."""
    if sent.reply_to is not None:
        return sent.reply_to
    return sent.thread_id if sent.thread_id and sent.thread_id != sent.id else 0


def _sender(world: World, place: PlaygroundChat, sent: PlaygroundMessage) -> Json:
    if sent.sender_chat_id is not None:
        shown: Json = {"sender_chat": chat(world.chats[sent.sender_chat_id])}
        return shown if place.type == "channel" else shown | {"from": ANONYMOUS_ADMIN}
    if place.type == "channel":
        return {"sender_chat": chat(place)}
    return {"from": user(world.users[sent.sender_id])} if sent.sender_id else {}


def _text(sent: PlaygroundMessage) -> Json:
    if sent.picture:
        return _picture(sent)
    if sent.location:
        return {"location": sent.location}
    if sent.document:
        caption: Json = {"caption": sent.text} if sent.text else {}
        entities: Json = {"caption_entities": sent.entities} if sent.entities else {}
        return {"document": sent.document} | caption | entities
    if not sent.text:
        return {}
    shown: Json = {"text": sent.text}
    if sent.entities:
        shown["entities"] = sent.entities
    if sent.link_preview:
        shown["link_preview_options"] = sent.link_preview
    return shown


def _picture(sent: PlaygroundMessage) -> Json:
    file_id = f"picture-{sent.chat_id}-{sent.id}"
    size = {"file_id": file_id, "file_unique_id": file_id, "width": 800, "height": 450}
    shown: Json = {"photo": [size]}
    if sent.text:
        shown |= {"caption": sent.text, "caption_entities": sent.entities}
    return shown


def member(world: World, user_id: int, status: Status, place: PlaygroundChat | None = None) -> Json:
    """A ChatMember of the given standing, with the fields that standing carries."""
    shown: Json = {"user": user(world.users[user_id]), "status": status}
    if status == "creator":
        return shown | {"is_anonymous": False}
    if status == "administrator":
        shown |= dict.fromkeys(_RIGHTS, True) | {"is_anonymous": False}
        if place and place.type == "channel":
            may_post = place.bot_may_post or user_id != BOT_ID
            shown |= {"can_post_messages": may_post, "can_edit_messages": True}
        return shown
    if status == "restricted":
        return shown | dict.fromkeys(_PERMISSIONS, False) | {"is_member": True, "until_date": 0}
    if status == "kicked":
        return shown | {"until_date": 0}
    return shown


def bot_moved(
    world: World, place: PlaygroundChat, actor: User, old: Status, old_member: Json | None = None
) -> Json:
    """The ChatMemberUpdated that tells the bot of its own new standing."""
    return {
        "chat": chat(place),
        "from": user(actor),
        "date": int(world.clock()),
        "old_chat_member": old_member or member(world, BOT_ID, old, place),
        "new_chat_member": member(world, BOT_ID, place.bot_status, place),
    }
