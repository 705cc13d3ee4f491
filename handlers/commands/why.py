"""/why in reply to an alert, an update or a digest: which topic, words and source brought it."""

from collections.abc import Callable, Sequence
from functools import partial

from bot.delivery import render
from bot.delivery.digest_page import ranked
from bot.delivery.render import Item, bold, code, escape, isolated
from bot.news.history import Heard, SentMessage, ToldStory, Wish
from bot.news.outbox import DeliveryKind
from bot.news.text.plain import cut, tidy
from handlers.call import Call
from handlers.surface import Command, Line, Where

Clock = Callable[[float], str]
"""Shows a time, as HTML."""

# Together they stay below what Telegram takes, whatever feeds and people write.
_MOST_WISHES = 6
_MOST_ATTACHED = 8
_MOST_STORIES = 10
_NAME = 60
_QUERY = 80
_WORDS = 100
_TITLE = 100
_SOURCE = 40

HOW = (
    "Reply to one of my alerts with /why, and I say which topic, words and source brought it. "
    "For a story that did not come: <code>/whynot LINK</code>"
)
_JOINED = {
    "link": "the same link",
    "title": "the same headline",
    "copy": "the same text",
    "alike": "the same event in other words",
}


async def why(call: Call) -> None:
    """Says why the message that is replied to came."""
    if call.reply_to is None:
        await call.answer(HOW)
        return
    message = await call.storage.history.told_by(call.chat.id, call.reply_to)
    if message is None or not message.stories:
        await call.answer(
            "That message is no alert that I have on record: reply to an alert, an update or a "
            "digest of mine."
        )
        return
    clock = partial(render.clock, timezone=call.chat.timezone, now=call.now())
    await call.answer(explained(message, clock), reply_to=call.reply_to)


def explained(message: SentMessage, clock: Clock) -> str:
    """Why a message came, in words."""
    if message.kind is DeliveryKind.DIGEST:
        return _digest(message.stories)
    return "\n".join(_alert(message, message.stories[0], clock))


def _alert(message: SentMessage, told: ToldStory, clock: Clock) -> list[str]:
    is_update = message.kind is DeliveryKind.UPDATE
    lines = [bold("Why this update" if is_update else "Why this alert")]
    lines += [wish_line(wish, told.rang) for wish in told.wishes[:_MOST_WISHES]]
    if len(told.wishes) > _MOST_WISHES:
        lines.append(f"and {len(told.wishes) - _MOST_WISHES} topics more")
    if not told.wishes:
        lines.append("Somebody took it out of another story here, so it came by itself.")
    lines.append(_source(message, told.rang, clock))
    if is_update:
        lines.append("This source told the story before, and now says what was not known then.")
    if told.attached:
        lines.append(f"Attached: {_count(len(told.attached), 'other report')} of the story.")
        lines += [_attached(each) for each in told.attached[:_MOST_ATTACHED]]
    if len(told.attached) > _MOST_ATTACHED:
        lines.append(f"and {len(told.attached) - _MOST_ATTACHED} more")
    if told.follows:
        lines.append(f"It follows an earlier story: {named(told.follows)}")
    return lines


def wish_line(wish: Wish, heard: Heard | None) -> str:
    """Why a story was wanted: the topic with its words, or what is followed whole."""
    words = code(cut(wish.words, _WORDS)) if wish.words else ""
    if wish.subscribed:
        source = isolated(cut(tidy(heard.source), _SOURCE)) if heard else "this source"
        if wish.group:
            group = isolated(cut(tidy(wish.group), _SOURCE))
            return f"This chat follows the group {group}, in which {source} is."
        return {
            True: "This chat follows every story.",
            False: f"This chat follows every story of {source}.",
            None: f"This chat followed every story, or every one of {source}.",
        }[wish.whole]
    if wish.topic is None:
        return f"A topic that was removed since: it found {words}."
    return f"Topic {topic_named(wish.topic, wish.query)}: it found {words}."


def topic_named(name: str, query: str | None) -> str:
    """A topic by its name, and its query where that says more."""
    shown = bold(cut(tidy(name), _NAME))
    return shown if not query or query == name else f"{shown} {code(cut(query, _QUERY))}"


def _source(message: SentMessage, rang: Heard | None, clock: Clock) -> str:
    sent = f"sent {clock(message.sent_at)}"
    if rang is None:
        return f"Its report is older than what is kept; {sent}."
    source = isolated(cut(tidy(rang.source), _SOURCE))
    copied = _from(rang)
    return f"Source: {source}{copied}, seen {clock(rang.seen_at)}, {sent}."


def named(heard: Heard) -> str:
    """A report by its headline, linked, and its source."""
    return f"{linked(heard)} ({isolated(cut(tidy(heard.source), _SOURCE))})"


def linked(heard: Heard) -> str:
    """The headline of a report, linked where it can be."""
    title = cut(tidy(heard.title), _TITLE)
    return render.headline(Item(title, "", heard.link, heard.source, 0.0), strong=False)


def how_joined(joined: str | None) -> str:
    """What a report has in common with its story."""
    return _JOINED.get(joined or "", "it told the story first")


def _attached(heard: Heard) -> str:
    source = isolated(cut(tidy(heard.source), _SOURCE))
    return f"• {linked(heard)} ({source}{_from(heard)}: {how_joined(heard.joined)})"


def _from(heard: Heard) -> str:
    if not heard.original or heard.original == heard.source:
        return ""
    return f", from {isolated(cut(tidy(heard.original), _SOURCE))}"


def _digest(stories: Sequence[ToldStory]) -> str:
    shown = ranked(stories)[:_MOST_STORIES]
    lines = [f"{bold('Why this digest')}: {_count(len(stories), 'story', 'stories')}"]
    for told in shown:
        title = linked(told.rang) if told.rang else "A story that is no longer stored"
        lines += [f"• {title}", _briefly(told)]
    if len(stories) > len(shown):
        lines.append(f"and {len(stories) - len(shown)} more")
    return "\n".join(lines)


def _briefly(told: ToldStory) -> str:
    wishes = [_brief_wish(wish) for wish in told.wishes[:2]]
    reports = [told.rang, *told.attached] if told.rang else list(told.attached)
    names = list(dict.fromkeys(each.source for each in reports))
    sources = [isolated(cut(tidy(name), _SOURCE)) for name in names[:2]]
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return " · ".join([*wishes, ", ".join(sources) + more])


def _brief_wish(wish: Wish) -> str:
    if wish.topic is None:
        return escape("follows it whole" if wish.subscribed else "a topic removed since")
    return f"{isolated(cut(tidy(wish.topic), _SOURCE))} {code(cut(wish.words, _SOURCE))}"


def _count(number: int, one: str, many: str = "") -> str:
    return f"1 {one}" if number == 1 else f"{number} {many or one + 's'}"


COMMANDS = (
    Command(
        name="why",
        handler=why,
        where=Where.HERE,
        for_members=True,
        menu=Line(50, "Why an alert came: write it in reply to one"),
        help=Line(160, "in reply to an alert: why it came; /whynot LINK: what kept a story away"),
    ),
)
