"""Ready-made topics as buttons with their volume: popular ones first, then a group a screen.

They are offered under /topic and in the first minute; `PresetButtons` says by which.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from bot.actions import topics as topics_actions
from bot.actions.topics import TopicWish
from bot.actions.volumes import expected_a_day
from bot.news.chat import Topic
from bot.news.query.match import Query
from bot.news.query.presets import Preset, group_called, groups_of
from bot.news.telling.volume import Seen, Volume, rounded
from bot.news.text.words import fold
from bot.texts.html import bold, lines
from bot.texts.locale import Locale
from bot.texts.said import Arg, Said, say, say_many, say_n
from handlers.call import Call
from handlers.commands import topic_again
from handlers.rights import resume
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.setting_screens import pause_of
from handlers.surface import Action

POPULAR, GROUPS = "", "groups"
"""Pages of the offer; each group has one too, by its number."""
_ALSO_SHOWN = 8
_LONGEST = 24
_HOUR = 3600


class PresetButtons(NamedTuple):
    """The buttons by which they are offered: to follow one, to turn to a page, and to give a topic
    the ready-made words.
    """

    choose: str
    turn: str
    words: str


USUAL = PresetButtons("preset", "preset_page", "preset_words")
"""Under /topic."""


def preset_of(call: Call, key: str) -> Preset | None:
    """The ready-made topic with this key."""
    return next((each for each in call.services.shipped.presets if each.key == key), None)


def group_of(call: Call, page: str) -> str | None:
    """The group that a page is of; None for another page."""
    groups = groups_of(call.services.shipped.presets)
    return groups[int(page)] if page.isdecimal() and int(page) < len(groups) else None


async def seen_of(call: Call) -> Seen:
    """How many stories came in the last days."""
    services = call.services
    return await services.volumes.seen(call.storage.stories, services.shipped.presets, call.now())


async def expected(call: Call) -> float | None:
    """About how many alerts a day the chat is to expect; None where nobody knows, or where it
    follows nothing.
    """
    storage, services = call.storage, call.services
    topics = await storage.chats.topics(call.chat.id)
    followed = await storage.chats.subscriptions(call.chat.id)
    if not topics and not followed:
        return None
    groups = [each.group for each in followed if each.group]
    feeds = {each.feed_id for each in followed if each.feed_id}
    feeds |= {feed.id for feed in await storage.feeds.some(call.chat.id, (), groups)}
    return await expected_a_day(
        call.stories, await seen_of(call), services.shipped.presets, call.chat.habits, topics,
        followed, feeds, call.now(),
    )  # fmt: skip


async def rows(call: Call, offer: PresetButtons, page: str) -> list[list[Button]]:
    """The buttons of a page, each with its volume; what the chat follows has a tick."""
    locale, presets = call.locale, call.services.shipped.presets
    groups = groups_of(presets)
    if page == GROUPS:
        named = [
            (locale.plain(group_called(group)), pack(offer.turn, number))
            for number, group in enumerate(groups)
        ]
        back: list[Button] = [(locale.plain("← Back"), pack(offer.turn, POPULAR))]
        return [*arranged(named), back]
    followed = await _followed(call)
    if group := group_of(call, page):
        shown = [each for each in presets if each.group == group]
        last = (locale.plain("← Back"), pack(offer.turn, GROUPS))
    else:
        others = [p for p in presets if not p.popular and _is_followed(call, p, followed)]
        shown = [*(p for p in presets if p.popular), *others[:_ALSO_SHOWN]]
        page, last = POPULAR, (locale.plain("More topics"), pack(offer.turn, GROUPS))
    seen, languages = await seen_of(call), call.chat.habits.languages

    def button(preset: Preset) -> Button:
        is_on = _is_followed(call, preset, followed)
        label = _label(preset, seen.on((preset.key,), languages), locale, ticked=is_on)
        return label, pack(offer.choose, preset.key, 0 if is_on else 1, page)

    return [*arranged([button(preset) for preset in shown]), [last]]


def _label(preset: Preset, volume: Volume, locale: Locale, *, ticked: bool) -> str:
    often = how_often(volume)
    name = locale.plain(preset.called)
    label = locale.plain("{topic} · {often}", topic=name, often=often) if often else ""
    shown = label if 0 < len(label) <= _LONGEST else name
    return locale.plain("✓ {choice}", choice=shown) if ticked else shown


def how_often(volume: Volume) -> Said | None:
    """How many a day, or a week where they are few; None where nobody knows."""
    a_day = volume.a_day
    if a_day is None or round(a_day * 7) < 1:
        return None
    if round(a_day) < 1:
        return say_many("{n} a week", round(a_day * 7))
    return say_many("{n} a day", rounded(a_day))


async def _followed(call: Call, *, here: bool = True) -> list[Topic]:
    """The topics of the thread in which the buttons stand, or those of the others."""
    topics = await call.storage.chats.topics(call.chat.id)
    return [topic for topic in topics if (topic.thread_id == call.thread_id) is here]


def _same(preset: Preset, topics: Iterable[Topic]) -> Topic | None:
    """The topic that has the ready-made words, under whatever name."""
    return next((topic for topic in topics if topic.query == preset.words), None)


def name_of(call: Call, preset: Preset) -> str:
    """What the topic is called in the chat, in its language."""
    return replace(call.locale, language=call.chat.language).plain(preset.called)


def wish_of(call: Call, preset: Preset, typed: str = "") -> TopicWish:
    """A ready-made topic as a wish of who `typed` its name."""
    return TopicWish(name_of(call, preset), preset.query, typed=typed)


async def kept(call: Call, preset: Preset) -> int:
    """The number under which buttons follow and test it, as a search is kept."""
    name, words = name_of(call, preset), preset.words
    return await call.storage.stories.keep_search(call.chat.id, words, call.now(), name)


def is_ready_made(call: Call, query: Query) -> bool:
    """Whether these are the words of a ready-made topic."""
    return any(each.query == query for each in call.services.shipped.presets)


async def followed_as(call: Call, preset: Preset) -> Topic | None:
    """The topic of this thread that has its words, under whatever name."""
    return _same(preset, await _followed(call))


def _is_named_so(call: Call, preset: Preset, topic: Topic) -> bool:
    return fold(topic.name) in (fold(preset.name), fold(name_of(call, preset)))


def _namesake(call: Call, preset: Preset, topics: Iterable[Topic]) -> Topic | None:
    """The topic of that name, whose words are a person's own where `_same` finds none."""
    return next((topic for topic in topics if _is_named_so(call, preset, topic)), None)


def _is_followed(call: Call, preset: Preset, topics: list[Topic]) -> bool:
    return bool(_same(preset, topics) or _namesake(call, preset, topics))


async def is_kept(call: Call, preset: Preset) -> bool:
    """Whether there is a topic of that name here with words of its own, which is left as it is."""
    topics = await _followed(call)
    return not _same(preset, topics) and bool(_namesake(call, preset, topics))


async def take(call: Call, wish: TopicWish) -> None:
    """Follows what a link brought, unless there is a topic of that name or with these words."""
    for known in await _followed(call):
        if known.query == str(wish.query) or fold(known.name) == fold(wish.name):
            return
    await topics_actions.follow(call.storage.chats, call.chat.id, call.thread_id, wish, call.now())


async def set_followed(call: Call, preset: Preset, *, on: bool) -> list[Said]:
    """Follows a ready-made topic in this thread or ends that, and says so; nothing where it has a
    topic of that name with words of its own, which stays as it is.
    """
    if await is_kept(call, preset):
        return []
    name, chats = name_of(call, preset), call.storage.chats
    same = _same(preset, await _followed(call))
    if not on:
        if same:
            await topics_actions.unfollow(chats, same, call.now())
        elif await _elsewhere(call, preset):
            return [say("This thread does not follow {what}.", what=name)]
        return [say("Unfollowed {name}.", name=name)]
    if same:
        pause = pause_of(call, call.locale.end)
        return [say("You follow {name} already.", name=name), *([pause] if pause else [])]
    wish = wish_of(call, preset)
    await topics_actions.follow(chats, call.chat.id, call.thread_id, wish, call.now())
    volume = (await seen_of(call)).on((preset.key,), call.chat.habits.languages)
    return [following(name, volume), *await resume(call)]


async def chosen(call: Call, offer: PresetButtons, press: Press) -> str | None:
    """Follows the topic pressed or unfollows it, as the button says; returns the page to go on
    with, or None where something is asked first. Buttons of before say neither: they follow.
    """
    key, wanted, page = (*press.arguments, "", "", "")[:3]
    preset, on = preset_of(call, key), wanted != "0"
    if preset is None:
        await call.note(say("That topic is not offered any more."))
    elif await is_kept(call, preset):
        await ask(call, offer, preset, page)
        return None
    elif on and await is_asked_where(call, preset):
        return None
    else:
        await call.note(*await set_followed(call, preset, on=on))
    return page


async def is_asked_where(call: Call, preset: Preset) -> bool:
    """Asks whether to move it here or to follow it here too, where only other threads have it, by
    its name or its words.
    """
    if _is_followed(call, preset, await _followed(call)):
        return False
    if elsewhere := await _elsewhere(call, preset):
        wish = TopicWish(name_of(call, preset), preset.query, is_named=True)
        await topic_again.ask_where(call, elsewhere, wish)
    return bool(elsewhere)


async def _elsewhere(call: Call, preset: Preset) -> list[Topic]:
    """What other threads follow of it, by its name or its words."""
    return [
        topic
        for topic in await _followed(call, here=False)
        if topic.query == preset.words or _is_named_so(call, preset, topic)
    ]


def following(what: Arg, volume: Volume) -> Said:
    """The note on a press: what is followed now, and how many alerts that may be."""
    if often := how_often(volume):
        return say("Following {what}, about {often}.", what=what, often=often)
    if volume.a_day is not None or not round(volume.stories):
        return say("Following {what}.", what=what)
    n = round(volume.stories)
    return say_n(
        "Following {what}. 1 story so far.", "Following {what}. {n} stories so far.", n, what=what
    )


async def ask(call: Call, offer: PresetButtons, preset: Preset, page: str) -> None:
    """Asks what becomes of a topic of the same name whose words are the chat's own."""
    locale = call.locale
    await call.show(
        lines(
            bold(locale.t("You have a topic {name}", name=name_of(call, preset))),
            locale.t("Its words are your own. Keep them?"),
        ),
        keyboard(
            [(locale.plain("Keep my words"), pack(offer.turn, page))],
            [(locale.plain("Use ready-made words"), pack(offer.words, preset.key, page))],
        ),
    )


async def take_words(call: Call, press: Press) -> str:
    """Gives the chat's topic of that name the ready-made words; returns the page to go on with."""
    key, page = (*press.arguments, "", "")[:2]
    preset = preset_of(call, key)
    topic = _namesake(call, preset, await _followed(call)) if preset else None
    if preset and topic:
        await topics_actions.change_query(call.storage.chats, topic, preset.query)
        await call.note(say("{name} has the ready-made words now.", name=topic.name))
    return page


async def show(call: Call, page: str = POPULAR) -> None:
    """A page of them; the popular ones first."""
    locale = call.locale
    group = group_of(call, page)
    title = (
        bold(locale.t("Ready-made topics: {group}", group=group_called(group)))
        if group
        else bold(locale.t("Ready-made topics"))
    )
    how = (
        locale.t("Choose a group.")
        if page == GROUPS
        else locale.t("Press to follow. Press a tick to unfollow.")
    )
    mine = [(locale.plain("My topics"), pack("topics"))]
    await call.show(lines(title, how), keyboard(*await rows(call, USUAL, page), mine))


async def turn(call: Call, press: Press) -> None:
    """Another page, in place."""
    await show(call, (*press.arguments, "")[0])


async def choose(call: Call, press: Press) -> None:
    """Follows the one pressed or unfollows it, as the button says."""
    page = await chosen(call, USUAL, press)
    if page is not None:
        await show(call, page)


async def words(call: Call, press: Press) -> None:
    """Gives a topic the ready-made words."""
    await show(call, await take_words(call, press))


ACTIONS = (
    Action("preset_page", turn),
    Action("preset_words", words),
)
