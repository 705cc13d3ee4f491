"""The frame of the first minute: its steps by number, the ways from one to the next, and that it is
a matter of private chats.
"""

from functools import wraps

from bot.news.chat import FirstStep
from bot.texts.html import Html, bold
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.call import Call
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button
from handlers.surface import PressHandler

_TITLES: dict[FirstStep, Said] = {
    FirstStep.LANGUAGES: say("Languages"),
    FirstStep.TOPICS: say("Topics"),
    FirstStep.CLOCK: say("Clock"),
    FirstStep.NIGHT: say("Night"),
}
_ORDER = (*_TITLES, FirstStep.THROUGH)


def heading(step: FirstStep, locale: Locale) -> Html:
    """Which step it is: 2 of 4: Topics."""
    place, steps = _ORDER.index(step) + 1, len(_TITLES)
    title = _TITLES[step]
    return bold(locale.t("{n} of {steps}: {title}", n=place, steps=steps, title=title))


def back(step: FirstStep, locale: Locale) -> list[Button]:
    """The way to the step before; none from the first."""
    place = _ORDER.index(step)
    return [(locale.plain("← Back"), to(_ORDER[place - 1]))] if place else []


def ways(step: FirstStep, locale: Locale, *, chosen: bool) -> list[Button]:
    """The ways back and on; where nothing was chosen, going on leaves it."""
    label = locale.plain("Next →") if chosen else locale.plain("Skip →")
    return [*back(step, locale), (label, to(after(step)))]


def after(step: FirstStep) -> FirstStep:
    """The step that follows."""
    return _ORDER[_ORDER.index(step) + 1]


def to(step: FirstStep) -> str:
    """What a button to a step carries."""
    return pack("first", step or "end")


def read_step(word: str) -> FirstStep | None:
    """The step that a button leads to."""
    return next((step for step in _ORDER if word == (step or "end")), None)


async def note_step(call: Call, step: FirstStep) -> None:
    """Remembers where the first minute goes on."""
    if call.chat.first_step is not step:
        await call.storage.chats.set_first_step(call.chat.id, step)


def in_private(handler: PressHandler) -> PressHandler:
    """A press of the first minute, which groups and channels have not."""

    @wraps(handler)
    async def pressed(call: Call, press: Press) -> None:
        if call.chat.kind == "private":
            await handler(call, press)
        else:
            await call.note(say("That works in a private chat only."))

    return pressed
