"""Who may press a button where it stands. Anybody can send any data with a message that they see,
and what many read must not change by it.
"""

from telegram import CallbackQuery, Message

from handlers.screens.callback_data import Press, unpack
from handlers.surface import Action, Who, known
from storage.stories.history import History

_INVITING = ("help_on", "help_do", "help", "presets", "topics", "setting")


async def who_may_press(
    history: History, query: CallbackQuery, message: Message, press: Press, action: Action
) -> Who | None:
    """Who may press this under this message; None where it does not stand there.

    Under news, only what belongs to this very delivery stands. All else in a channel is for those
    who may change it, since its readers did not ask for it. In private a forger is the only reader.
    """
    if message.chat.type == "private":
        return action.who
    carried = _carried(message)
    delivery = await history.delivery_of(message.chat.id, message.message_id)
    if delivery is not None:
        return action.who if action.under_news and press.number(0) == delivery else None
    # News is off the record while it is being settled, and again when it is pruned.
    if all(_is_under_news(data) for data in carried):
        return action.who if action.under_news and query.data in carried else None
    if message.chat.type == "channel" and action.who is Who.ANYBODY:
        return Who.CHANGERS
    return action.who


async def is_news(history: History, message: Message) -> bool:
    """Whether a message of ours is an alert or a digest."""
    if await history.delivery_of(message.chat.id, message.message_id) is not None:
        return True
    carried = _carried(message)
    return bool(carried) and all(map(_is_under_news, carried))


def invites(message: Message) -> bool:
    """Whether a message of ours shows what can be done: who replies to it may say what is to be."""
    presses = map(unpack, _carried(message))
    return any(press is not None and press.action in _INVITING for press in presses)


def _carried(message: Message) -> list[str]:
    """What the buttons carry that stand under a message."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    each = (button.callback_data for row in rows for button in row)
    return [data for data in each if isinstance(data, str)]


def _is_under_news(data: str) -> bool:
    press = unpack(data)
    action = known().actions.get(press.action) if press else None
    return action is not None and action.under_news
