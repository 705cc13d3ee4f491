"""Screens about a channel name it, fit into a message, and carry it in their buttons."""

import pytest
from msgspec.structs import replace

from bot.news.chat import Chat, ChatState
from bot.texts.html import MAX_MESSAGE, Html
from bot.texts.locale import Locale
from handlers.screens.callback_data import Press, about_channel, pack, unpack
from handlers.screens.channel_screen import about_channel as screen
from handlers.screens.keyboard import keyboard

CHANNEL = Chat(
    -1002000000003, "channel", "Evening <b>", ChatState.ACTIVE, None, "en", "UTC", 0.0, 0.0
)
HERE = Locale("en", "UTC", 3600.0)


def test_a_screen_names_its_channel_and_its_buttons_carry_it() -> None:
    html, buttons = screen(CHANNEL, HERE, Html("Words"), keyboard([("Cap", pack("cap", 3))]))
    assert html.startswith("Channel <b>Evening &lt;b&gt;</b>, until ")
    assert html.endswith("\n\nWords")
    (cap,), (end,) = buttons.inline_keyboard
    assert unpack(str(cap.callback_data)) == Press("cap", ("3",), CHANNEL.id)
    assert unpack(str(end.callback_data)) == Press("silent", ())
    assert end.text == "Stop managing"


@pytest.mark.parametrize("length", [3_900, MAX_MESSAGE])
def test_a_screen_stays_within_a_message(length: int) -> None:
    named = replace(CHANNEL, title="N" * 300)
    html, _ = screen(named, HERE, Html("a" * length), None)
    assert html.endswith("a" * length)
    assert len(html.replace("<b>", "")) <= MAX_MESSAGE + 80


@pytest.mark.parametrize("data", ["v1@:cap", "v1@abc:cap", "v1@1@2:cap", "v1@5", "v2@5:cap"])
def test_what_names_no_channel_is_no_button_of_ours(data: str) -> None:
    assert unpack(data) is None


def test_a_button_that_would_grow_too_long_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="more than 64 bytes"):
        about_channel(pack("action", "a" * 50), CHANNEL.id)
