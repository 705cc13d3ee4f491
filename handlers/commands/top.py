"""/top: the stories that most independent sources carry."""

from bot.actions import search
from bot.actions.search import DAY, WEEK
from bot.actions.topics import query_for
from bot.delivery import render
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, code, escape, fitting, italic, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import Button, keyboard
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who
from storage.stories import CarriedStory

_PERIODS = {
    "today": (DAY, say("Today"), say("Carried by most sources: the last 24 hours")),
    "week": (WEEK, say("This week"), say("Carried by most sources: the last seven days")),
}
_WORDS = 300
_SUMMARY = 160


async def top(call: Call) -> None:
    """Of the last day, of the week, or of what matches in the week."""
    words = call.words.strip()
    if words.lower() in ("", *_PERIODS):
        await _show(call, words.lower() or "today")
        return
    query = await query_for(call.storage.chats, call.chat, words)
    found = await search.most_carried(call.stories, call.now() - WEEK, query)
    heading = say("Carried by most sources: {words}", words=cut(str(query), _WORDS))
    await call.answer(_text(found, heading, call.locale))


async def turn(call: Call, press: Press) -> None:
    """The other period, in place."""
    wanted = press.arguments[0] if press.arguments else ""
    await _show(call, wanted if wanted in _PERIODS else "today")


async def _show(call: Call, period: str) -> None:
    seconds, _, heading = _PERIODS[period]
    found = await search.most_carried(call.stories, call.now() - seconds)
    others: list[Button] = [
        (call.locale.plain(label), pack("top", name))
        for name, (_, label, _) in _PERIODS.items()
        if name != period
    ]
    await call.show(_text(found, heading, call.locale), keyboard(others))


def _text(found: list[CarriedStory], heading: Said, locale: Locale) -> Html:
    top = bold(locale.t(heading))
    if not found:
        empty = locale.t(
            "No story is carried by two sources. See the newest: {latest}", latest=code("/latest")
        )
        return joined("\n\n", [top, empty])
    return fitting([top, *(_listed(each, locale) for each in found)], "\n\n")


def _listed(each: CarriedStory, locale: Locale) -> Html:
    item = render.item_of(each.story)
    told = locale.n(
        "1 source · {first}, {time}",
        "{n} sources · {first}, {time}",
        each.outlets,
        first=italic(render.named(item.source)),
        time=locale.clock(item.at),
    )
    return lines(render.headline(item), escape(render.lead(item.summary)), told)


COMMANDS = (
    Command(
        "top", top, Who.ANYBODY, for_members=True,
        menu=MenuLine(30, say("What most sources have")),
        help=HelpLine(
            Purpose.READ, 20, say("Top stories"),
            say("stories that many sources have"), "/top week",
        ),
        actions=(Action("top", turn, Who.ANYBODY),),
    ),
)  # fmt: skip
