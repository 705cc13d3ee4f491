"""Unfollowing all at once: what that would be is shown first, since no button brings it back."""

from bot.actions import topics as topics_actions
from bot.news.chat import Subscription, Topic
from bot.texts.html import lines
from handlers.call import Call
from handlers.screens.callback_data import Press, pack
from handlers.screens.followed import followed
from handlers.screens.keyboard import keyboard
from handlers.screens.setting_screens import still_paused
from handlers.surface import Action

_TOPICS = "topics"


async def ask(call: Call, *, topics_alone: bool = False) -> None:
    """Says what is followed here, with a button that ends all of it; or the topics alone."""
    locale, pause = call.locale, await still_paused(call)
    rows = pause.rows or [[(locale.plain("Pause"), pack("pause"))]]
    what = await followed(call, here=True, topics_alone=topics_alone)
    if not what:
        elsewhere = await followed(call, topics_alone=topics_alone)
        nothing = locale.t("This chat follows nothing yet. Name a topic: /topic ceasefire")
        if topics_alone:
            nothing = locale.t("No topics are followed yet.")
        if elsewhere:
            nothing = locale.t("This thread does not follow {what}.", what=elsewhere)
        await call.show(lines(nothing, pause.text), keyboard(*rows))
        return
    shown = await _here(call, topics_alone=topics_alone)
    carried = pack("unfollow_all", len(shown), *[_TOPICS] * topics_alone)
    ends = (locale.plain("Unfollow all"), carried)
    keeps = (locale.plain("Keep it all"), pack("forget", "no"))
    said = locale.t("Following: {what}", what=what)
    await call.ask(lines(said, pause.text), keyboard(*rows, [ends], [keeps]))


async def asked(call: Call, press: Press) -> None:
    """The same, by a button."""
    await ask(call, topics_alone=_TOPICS in press.arguments)


async def end(call: Call, press: Press) -> None:
    """Unfollows all that is followed here, or all topics. What other threads follow stays."""
    chats, locale, topics_alone = call.storage.chats, call.locale, _TOPICS in press.arguments
    what = await followed(call, here=True, topics_alone=topics_alone)
    ended = await _here(call, topics_alone=topics_alone)
    # What was followed since the question was not in it.
    if not what or press.number(0) != len(ended):
        await ask(call, topics_alone=topics_alone)
        return
    for each in ended:
        if isinstance(each, Topic):
            await topics_actions.unfollow(chats, each, call.now())
        else:
            await chats.unsubscribe(each)
    said = locale.t("This chat no longer follows {what}.", what=what)
    if still := await followed(call):
        said = lines(said, locale.t("It still follows {one}.", one=still))
    ready = (locale.plain("Ready-made topics"), pack("presets", 0))
    await call.show(said, keyboard([ready]))


async def _here(call: Call, *, topics_alone: bool) -> list[Topic | Subscription]:
    """What is followed in this thread."""
    chats = call.storage.chats
    known: list[Topic | Subscription] = [*await chats.topics(call.chat.id)]
    if not topics_alone:
        known += await chats.subscriptions(call.chat.id)
    return [each for each in known if each.thread_id == call.thread_id]


ACTIONS = (Action("leave_all", asked), Action("unfollow_all", end))
