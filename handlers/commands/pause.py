"""/stop and the screen of pauses: no alerts for a time, or until somebody goes on."""

from bot.actions import chats as chats_actions
from bot.actions import pausing
from bot.actions.topics import called_so
from bot.errors import BadInput
from bot.news.chat import Topic
from bot.news.telling.durations import is_forever, read_until
from bot.news.telling.pausing import CHOICES, MORNING, pause_until
from bot.texts.html import Html, bold, lines
from bot.texts.said import Said, say, say_n
from handlers.call import Call
from handlers.routing.verbs import Deed
from handlers.routing.wishes import Spoken, says_no_more, without_time
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.setting_screens import about, paused, still_paused, time_of, to_settings
from handlers.screens.threads import in_all_threads
from handlers.screens.wished import ways_to
from handlers.surface import Action, Command, HelpLine, Purpose, again

_FOREVER = "always"
_LABELS = {
    "hour": say_n("1 hour", "{n} hours", 1),
    "day": say_n("1 day", "{n} days", 1),
    "week": say("1 week"),
}


async def stop(call: Call) -> None:
    """Pauses the chat until somebody goes on, or for the time that is named. Words that name
    something that is followed offer to unfollow or mute that; others pause nothing, and open the
    choices.
    """
    words, habits = call.words.strip(), call.chat.habits
    if not words or is_forever(words):
        await _stop(call)
        return
    if says_no_more(words) and not called_so(await _topics(call), words):
        await _stop(call)
        return
    try:
        until = read_until(words, habits.timezone, call.now())
    except BadInput:
        if not await _offers_less(call, words):
            await pauses(call)
        return
    await _pause(call, until)


async def _topics(call: Call) -> list[Topic]:
    return await call.storage.chats.topics(call.chat.id)


async def _offers_less(call: Call, words: str) -> bool:
    """Offers what ends or mutes what is named, if it is followed here; where a time is named too,
    to mute it comes first.
    """
    what = without_time(words)
    ends = await ways_to(call, Spoken(Deed.LEAVE, what))
    mutes = await ways_to(call, Spoken(Deed.MUTE, words))
    if not ends.is_sure:
        return False
    both = [ends.buttons, mutes.buttons if mutes.is_sure else ()]
    if what != words:
        both.reverse()
    everything = (call.locale.plain("Pause"), pack("pause"))
    # A source that is not followed by its name can only be muted: both ways are the same then.
    labels = {each[0]: each for some in both for each in some}
    rows = [[each] for each in (*labels.values(), everything)]
    await call.ask_anew(call.locale.t("Did you mean this?"), keyboard(*rows))
    return True


async def _stop(call: Call) -> None:
    await chats_actions.stop(call.storage.chats, call.chat, call.now())
    await call.show(
        lines(
            bold(call.locale.t("Paused.")),
            call.locale.t("No alerts until you resume: /start"),
            call.locale.t("What this chat follows is kept."),
            await in_all_threads(call),
        ),
        keyboard([_resume(call)], to_settings(call)),
    )


async def pauses(call: Call) -> None:
    """The choices, and until when alerts are paused if they are."""
    locale = call.locale
    labels = [(each, locale.plain(_label(call, each))) for each in CHOICES]
    buttons: list[Button] = [(label, pack("pause_for", each)) for each, label in labels]
    always = (locale.plain("Until I resume"), pack("pause_for", _FOREVER))
    is_paused = pausing.is_paused(call.chat, locale.now)
    text = lines(
        bold(locale.t("Pause")),
        _holds(call),
        locale.t("When the time is over, one digest has what came."),
        locale.t("Until you resume: what comes meanwhile is left out."),
    )
    rows = [[_resume(call)] if is_paused else [], buttons[:2], buttons[2:], [always]]
    await call.show(text, keyboard(*rows, to_settings(call)))


def _holds(call: Call) -> Html:
    return paused(call) or call.locale.t("Alerts are on.")


def _label(call: Call, choice: str) -> Said:
    if choice != MORNING:
        return _LABELS[choice]
    until = pause_until(choice, call.chat.habits, call.now()) or call.now()
    return say("Until {time}", time=time_of(until, call))


def _resume(call: Call) -> Button:
    return call.locale.plain("Resume"), pack("resume")


async def pause_for(call: Call, press: Press) -> None:
    """Pauses for as long as the button says, from now."""
    choice = press.arguments[0] if press.arguments else ""
    until = pause_until(choice, call.chat.habits, call.now())
    if choice == _FOREVER:
        await _stop(call)
    elif until is None:
        await pauses(call)
    else:
        await _pause(call, until)


async def _pause(call: Call, until: float) -> None:
    habits = await pausing.pause(call.storage, call.chat, until, call.now())
    locale = call.locale
    text = lines(
        bold(locale.t("Paused until {time}.", time=locale.clock(until))),
        locale.t("What comes meanwhile waits for one digest."),
        await in_all_threads(call),
    )
    await call.note(say("Paused until {time}.", time=about(call, habits).locale.end(until)))
    await call.show(text, keyboard([_resume(call)], to_settings(call)))


async def offer_to_resume(call: Call) -> None:
    """Says until when alerts are paused, with *Resume*, or that they are on."""
    pause, locale = await still_paused(call), call.locale
    settings = (locale.plain("Settings"), pack("settings"))
    shown = pause.text or locale.t("Alerts are on.")
    await call.answer(bold(shown), keyboard(*(pause.rows or [[settings]])))


async def resume(call: Call, _: Press) -> None:
    """Goes on after a pause."""
    was = pausing.is_paused(call.chat, call.now())
    await pausing.go_on(call.storage, call.chat, call.now())
    said = say("Alerts are on again.") if was else say("Alerts are on.")
    await call.note(said)
    settings = (call.locale.plain("Settings"), pack("settings"))
    await call.show(bold(call.locale.t(said)), keyboard([settings]))


COMMANDS = (
    Command(
        "stop", stop,
        help=HelpLine(
            Purpose.LESS, 50, say("Pause"), say("pause all alerts; /start resumes"), opens="pause"
        ),
        actions=(
            Action("pause", again(pauses)),
            Action("pause_for", pause_for),
            Action("resume", resume),
        ),
    ),
)  # fmt: skip
