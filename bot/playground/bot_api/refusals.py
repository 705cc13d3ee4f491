"""The refusals of the Bot API, in Telegram's own words.

The first words of a description decide the error code, as they do on the real server, so one
string says it all. The wordings were read in the public sources of the Bot API server.
"""

from typing import Any

BLOCKED = "Forbidden: bot was blocked by the user"
DEACTIVATED = "Forbidden: user is deactivated"
NOT_STARTED = "Forbidden: bot can't initiate conversation with a user"
GROUP_DELETED = "Forbidden: the group chat was deleted"
KICKED = "Forbidden: bot was kicked from the {kind} chat"
NOT_A_MEMBER = "Forbidden: bot is not a member of the {kind} chat"

CHAT_NOT_FOUND = "Bad Request: chat not found"
USER_NOT_FOUND = "Bad Request: user not found"
CHAT_ID_EMPTY = "Bad Request: chat_id is empty"
MIGRATED = "Bad Request: group chat was upgraded to a supergroup chat"
THREAD_NOT_FOUND = "Bad Request: message thread not found"
TOPIC_CLOSED = "Bad Request: TOPIC_CLOSED"
NO_RIGHT_TO_SEND = "Bad Request: not enough rights to send text messages to the chat"
CHANNEL_NEEDS_ADMIN = "Bad Request: need administrator rights in the channel chat"
NO_RIGHT_TO_PIN = "Bad Request: not enough rights to manage pinned messages in the chat"
NO_RIGHT_TO_MAKE_TOPICS = "Bad Request: not enough rights to create a topic"
NOT_A_FORUM = "Bad Request: the chat is not a forum"
NO_ADMINS_IN_PRIVATE = "Bad Request: there are no administrators in the private chat"
MEMBERS_INACCESSIBLE = "Bad Request: member list is inaccessible"
CANNOT_LEAVE_PRIVATE = "Bad Request: chat member status can't be changed in private chats"

TEXT_EMPTY = "Bad Request: message text is empty"
TEXT_TOO_LONG = "Bad Request: text is too long"
MESSAGE_TOO_LONG = "Bad Request: message is too long"
CAPTION_TOO_LONG = "Bad Request: message caption is too long"
NO_PICTURE = "Bad Request: there is no photo in the request"
WRONG_PICTURE = "Bad Request: wrong file identifier/HTTP URL specified"
NO_RIGHT_TO_SEND_PICTURES = "Bad Request: not enough rights to send photos to the chat"
NO_CAPTION = "Bad Request: there is no caption in the message to edit"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
EDIT_NOT_FOUND = "Bad Request: message to edit not found"
CANNOT_EDIT = "Bad Request: message can't be edited"
DELETE_NOT_FOUND = "Bad Request: message to delete not found"
CANNOT_DELETE = "Bad Request: message can't be deleted for everyone"
PIN_NOT_FOUND = "Bad Request: message to pin not found"
REPLY_NOT_FOUND = "Bad Request: message to be replied not found"
NO_TEXT_TO_EDIT = "Bad Request: there is no text in the message to edit"
NO_DOCUMENT = "Bad Request: there is no document in the request"
EMPTY_FILE = "Bad Request: file must be non-empty"
WRONG_FILE_ID = "Bad Request: wrong file_id or the file is temporarily unavailable"
FILE_TOO_BIG = "Bad Request: file is too big"
QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
BUTTON_DATA_INVALID = "Bad Request: BUTTON_DATA_INVALID"
COPY_TEXT_INVALID = "Bad Request: BUTTON_COPY_TEXT_INVALID"
MARKUP_TOO_LONG = "Bad Request: reply markup is too long"
BUTTON_WITHOUT_USE = (
    "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline "
    "keyboard"
)
COMMAND_INVALID = "Bad Request: BOT_COMMAND_INVALID"
COMMAND_DESCRIPTION_INVALID = "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
COMMANDS_TOO_MANY = "Bad Request: BOT_COMMANDS_TOO_MUCH"

UNAUTHORIZED = "Unauthorized"
METHOD_NOT_FOUND = "Not Found: method not found"
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
    "running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete "
    "the webhook first"
)

_CODES = {
    "Bad Request": 400,
    "Unauthorized": 401,
    "Forbidden": 403,
    "Not Found": 404,
    "Conflict": 409,
    "Too Many Requests": 429,
}


class BotApiError(Exception):
    """The request is answered with `ok: false`, the code and the words given."""

    def __init__(self, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.description = description
        self.code = _CODES.get(description.partition(":")[0], 500)
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """The answer as the Bot API writes it."""
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def too_many_requests(retry_after: int) -> BotApiError:
    """429 with the seconds to wait, both in the words and in the parameters."""
    return BotApiError(f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
