"""What the sender does, for the stage: alerts that are due are shown in their chats."""

import json
from typing import Any

from telegram import InlineKeyboardMarkup

from bot.delivery.asking import Buttons
from bot.delivery.views import view_of
from bot.news.outbox import Delivery, DeliveryState, Settlement
from handlers.commands.alert import buttons_under
from tests.handlers.stage import Shown, Stage


async def deliver(here: Stage) -> list[Delivery]:
    """Shows what is due to its chats, as the sender would, and settles it."""
    now, outbox = here.clock[0], here.storage.outbox
    due = await outbox.due(now, [], 10)
    claimed = await outbox.claim([each.delivery_id for each in due], now, 60.0)
    settled = []
    for each in claimed:
        number = here.wire.new_id()
        here.wire.shown[each.chat_id, number] = drawn(each, number, now)
        ended = Settlement(each.id, each.chat_id, DeliveryState.SENT, now, number)
        settled.append(ended)
    await outbox.settle(settled, resend=True)
    return claimed


def drawn(delivery: Delivery, number: int, now: float) -> Shown:
    """A message as it would be shown, with its buttons."""
    view = view_of(delivery, now)
    markup = buttons_under(delivery, view)
    return Shown(number, delivery.chat_id, view.message.html, _buttons(markup))


def _buttons(markup: Buttons | None) -> list[tuple[str, str]]:
    made = markup.to_json() if isinstance(markup, InlineKeyboardMarkup) else json.dumps(markup)
    keyboard: dict[str, Any] = json.loads(made) or {"inline_keyboard": []}
    rows = keyboard["inline_keyboard"]
    return [(each["text"], str(each.get("callback_data"))) for row in rows for each in row]
