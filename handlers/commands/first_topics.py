"""The second step of the first minute: ready-made topics, or everything, each with its volume."""

from msgspec.structs import replace

from bot.actions import chats as chats_actions
from bot.actions.habits import change_habits
from bot.actions.topics import check_room, read_topic
from bot.actions.volumes import MUCH
from bot.errors import BadInput, QueryError
from bot.news.chat import FirstStep
from bot.news.query.presets import group_called
from bot.news.telling.hours import TWICE, shown_minute
from bot.news.telling.volume import Volume, rounded
from bot.news.text.words import fold
from bot.texts.html import NOTHING, Html, bold, code, lines
from bot.texts.said import say, say_many, say_n
from handlers.call import Call
from handlers.commands import presets
from handlers.commands.presets import POPULAR, PresetButtons
from handlers.rights import resume
from handlers.routing.listed import bare, is_name, left_out, parts_of
from handlers.routing.wishes import EVERYTHING
from handlers.screens.callback_data import Press, pack
from handlers.screens.first_steps import heading, in_private, to, ways
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.setting_screens import about
from handlers.screens.wished import preset_named
from handlers.surface import Action

_OFFER = PresetButtons("first_topic", "first_topics", "first_words")
_NAMED = 5
_CAP = 12
_MOST_WRITTEN = 10
_ASKS, _DIGEST, _LIMIT, _ALL, _OFF = "1", "digest", "cap", "all", "0"


async def show(call: Call, page: str = POPULAR) -> None:
    """A page of ready-made topics; with the popular ones, everything and the way on."""
    locale = call.locale
    rows = await presets.rows(call, _OFFER, page)
    said = [heading(FirstStep.TOPICS, locale), locale.t("Press what you want to follow.")]
    if page == POPULAR:
        call.services.answers.ask_step(call.chat.id, FirstStep.TOPICS, call.now())
        example = code("/topic ceasefire")
        said += [locale.t("Your own words: {example}", example=example), await _own(call)]
        chosen = await _follows_some(call)
        rows += [[await _everything(call)], ways(FirstStep.TOPICS, locale, chosen=chosen)]
    elif group := presets.group_of(call, page):
        said[0] = bold(locale.t("Topics: {group}", group=group_called(group)))
    else:
        said[1] = locale.t("Choose a group.")
    await call.show(lines(*said), keyboard(*rows))


async def _own(call: Call) -> Html:
    """Topics that are no ready-made ones, such as a link brought."""
    ready = {preset.words for preset in call.services.shipped.presets}
    topics = await call.storage.chats.topics(call.chat.id)
    names = [topic.name for topic in topics if topic.query not in ready]
    if not names:
        return NOTHING
    return call.locale.t("✓ {choice}", choice=call.locale.list(names[:_NAMED]))


async def _follows_some(call: Call) -> bool:
    chats = call.storage.chats
    followed = await chats.topics(call.chat.id) or await chats.subscriptions(call.chat.id)
    return bool(followed)


async def _everything(call: Call) -> Button:
    locale = call.locale
    often = presets.how_often(await _all_of(call))
    what = locale.plain("Everything")
    label = locale.plain("{topic} · {often}", topic=what, often=often) if often else what
    if await _follows_all(call):
        return locale.plain("✓ {choice}", choice=label), pack("first_all", _OFF)
    return label, pack("first_all", _ASKS)


async def _all_of(call: Call) -> Volume:
    return (await presets.seen_of(call)).everything(call.chat.habits.languages)


async def _follows_all(call: Call) -> bool:
    followed = await call.storage.chats.subscriptions(call.chat.id)
    return any(each.is_all for each in followed)


@in_private
async def turn(call: Call, press: Press) -> None:
    """Another page, in place."""
    await show(call, (*press.arguments, "")[0])


@in_private
async def choose(call: Call, press: Press) -> None:
    """Follows the topic pressed or unfollows it, as the button says."""
    page = await presets.chosen(call, _OFFER, press)
    if page is not None:
        await show(call, page)


@in_private
async def words(call: Call, press: Press) -> None:
    """Gives a topic of one's own the ready-made words."""
    await show(call, await presets.take_words(call, press))


@in_private
async def everything(call: Call, press: Press) -> None:
    """Follows all, at once or as the button says; asks how where that is much. Or ends it."""
    way, volume = (*press.arguments, "")[0], await _all_of(call)
    if way == _ASKS and _is_much(call, volume) and not await _follows_all(call):
        await _ask_how(call, volume)
        return
    chats, now, habits = call.storage.chats, call.now(), call.chat.habits
    if way == _OFF:
        await chats_actions.unsubscribe(chats, call.chat.id, call.thread_id, None)
        await call.note(say("Unfollowed all news. Topics stay."))
    elif way in (_ASKS, _DIGEST, _LIMIT, _ALL):
        again = await resume(call)
        if way == _DIGEST:
            habits = replace(habits, digest=habits.digest or TWICE)
        if way == _LIMIT:
            habits = replace(habits, cap=_CAP)
        if habits != call.chat.habits:
            await change_habits(call.storage, call.chat, habits, now)
        await chats_actions.subscribe(chats, call.chat.id, call.thread_id, None, now)
        await call.note(presets.following(say("everything"), volume), *again)
    await show(about(call, habits))


async def took(call: Call, words: str) -> bool:
    """Follows the topics that were written, `Ukraine, football`, of which one at least is a
    ready-made one and each a name by itself; False where that is not so, or where one cannot be
    read. All may be written too. What is named last to be left out is not followed.
    """
    said = bare(words)
    if said in EVERYTHING or said == fold(call.locale.plain("Everything")):
        await everything(call, Press("first_all", (_ASKS,)))
        return True
    parts = [words] if preset_named(call, words) else parts_of(words)
    topics = await call.storage.chats.topics(call.chat.id)
    if len(parts) > 1 and (without := left_out(parts[-1])) and not preset_named(call, parts[-1]):
        if any(fold(topic.name) == fold(without) for topic in topics):
            return False  # it is followed so far: that is another matter
        del parts[-1]
    presets_named = [preset_named(call, part) for part in parts]
    if not any(presets_named) or len(parts) > _MOST_WRITTEN:
        return False
    if not all(
        known or is_name(part, call.chat.language)
        for part, known in zip(parts, presets_named, strict=True)
    ):
        return False
    try:
        wishes = [
            None if known else read_topic(part, call.chat.language)
            for part, known in zip(parts, presets_named, strict=True)
        ]
        check_room(topics, len(parts))
    except (BadInput, QueryError):
        return False
    for known, wish in zip(presets_named, wishes, strict=True):
        if known:
            await presets.set_followed(call, known, on=True)
        elif wish:
            await presets.take(call, wish)
    await show(call)
    return True


def _is_much(call: Call, volume: Volume) -> bool:
    """Whether so many alerts would come one by one that it is worth a question."""
    habits = call.chat.habits
    is_limited = bool(habits.digest) or 0 < habits.cap <= MUCH
    return volume.least_a_day > MUCH and not is_limited


async def _ask_how(call: Call, volume: Volume) -> None:
    locale = call.locale
    count = rounded(volume.least_a_day)
    if volume.a_day is None:
        title = locale.t(say_n("1 story so far.", "{n} stories so far.", count))
    else:
        title = locale.t(say_many("Everything is about {n} alerts a day", count))
    first, second = map(shown_minute, TWICE)
    at = locale.plain("Digest at {first} and {second}", first=first, second=second)
    few = locale.plain_n("At most 1 a day", "At most {n} a day", _CAP)
    await call.show(
        lines(bold(title), locale.t("How do you want them?")),
        keyboard(
            [(at, pack("first_all", _DIGEST))],
            [(few, pack("first_all", _LIMIT))],
            [(locale.plain("All of them, at once"), pack("first_all", _ALL))],
            [(locale.plain("← Back"), to(FirstStep.TOPICS))],
        ),
    )


ACTIONS = (
    Action("first_topics", turn),
    Action("first_topic", choose),
    Action("first_words", words),
    Action("first_all", everything),
)
