"""Every text of ours goes through `bot.texts`: in a language that puts each between brackets, what
stands outside them is other people's. All that others say here is in Cyrillic.
"""

import re
from pathlib import Path

from bot.playground.news.newsroom import Newsroom, Outlet
from bot.texts.languages import PSEUDO
from tests.journey.town import Town, town, until

FIRST = "Паром задержан у северного причала из-за тумана"
SECOND = "Рыбаки вышли в море раньше обычного"
# A label that was cut lost its last bracket; the month of a date is the CLDR's, as numbers are.
_NO_TEXT = re.compile(r"https?://[^\s⟧]+|\b\d{1,2} [A-Z][a-z]{2}\b|⟦[^⟦⟧]*(?:⟧|…$)")
_ASKED = (
    "/help", "/settings", "/topic", "/latest", "/latest паром", "/sources", "/sources весть",
    "/status", "/privacy", "/mute", "/mute туман", "/unmute", "/unmute туман", "/cap", "/cap 12",
    "/cap нет", "/timezone", "/timezone нигде", "/timezone Бирмингем",
    "/language", "/language all", "/digest", "/digest завтра", "/quiet",
    "/quiet 22:00-07:00", "/quiet off", "/quiet вечером",
    "/subscribe", "/subscribe весть", "/unsubscribe",
    "/unsubscribe весть", "/why", "/whynot", "/whynot нет", "/channels", "/removefeed",
    "/removefeed нет", "/addfeed нет", "/search", "/search тихо", "/topic OR", "/topic remove нет",
    "/topic test паром", "/nothing", "/ничего", "/latst", "привет", "паром", "тихо", "стоп -тихо",
    "t.me/parom", "http://127.0.0.1:22/", "паром" * 12 + ".рф", "/import", "/admin",
    "/forget", "/stop", "/start",
)  # fmt: skip


def outside(text: str) -> list[str]:
    """The Latin words of a text that stand outside all brackets."""
    while (rest := _NO_TEXT.sub("", text)) != text:
        text = rest
    return re.findall(r"[A-Za-z]{2,}", text)


def check(t: Town) -> None:
    """Looks at all that the bot shows by now, but for names out of the files of `bot.data` and
    commands, which are the same in every language.
    """
    for message in t.messages():
        labels = [label for label in t.labels(message) if not label.startswith(("+ ", "/"))]
        for shown in (message.text, *labels):
            assert not outside(shown), (outside(shown), shown)


_ASKED_OF_TOPICS = (
    "/topic Лодки: рыба", "/topic Лодки: лодка",
    "/topic test нет OR", "/topic test Лодки",
    "/topic mute Лодки", "/topic mute Лодки 8h", "/topic rename Лодки", "/topic rename нет: да",
    "/topic remove нет", "/topic", "/cap Лодки 7", "/cap нет 7", "/topic remove Лодки",
)  # fmt: skip


async def test_what_the_bot_says_is_between_brackets(tmp_path: Path) -> None:
    outlets = [Outlet("one", "Весть", "rss"), Outlet("two", "Голос", "rss")]
    async with town(tmp_path, newsroom=Newsroom(outlets), default_language=PSEUDO) as t:
        await t.start_bot()
        about = t.playground.stage.profile
        # Without a language of their own: the others are in other people's.
        assert not outside(" ".join(text for (_, own), text in about.texts.items() if not own))
        for menu in (lines for (_, own), lines in about.commands.items() if not own):
            assert not outside(" ".join(line["description"] for line in menu))
        for asked in _ASKED:
            t.ahead += 3  # a person's pace
            await t.ask(asked)
            check(t)
        screen = await t.ask("/topic Море: паром")
        await t.ask("/topic рыбаки")
        for asked in _ASKED_OF_TOPICS:
            t.ahead += 3
            await t.ask(asked)
            check(t)
        t.playground.newsroom.publish("one", FIRST)
        alert = await t.alert(FIRST)
        t.playground.newsroom.publish("two", FIRST)
        await t.reports(2)
        t.ahead += 61
        await until(lambda: "Голос" in t.shown(alert).text, "the other source")
        await t.press(alert, t.labels(alert)[0])
        await t.ask("/why", reply_to=alert.id)
        await t.ask("/settings")
        check(t)
        await t.ask("/digest 08:00")
        t.playground.newsroom.publish("one", SECOND)
        await t.stored(SECOND)
        t.ahead += 86_400
        await t.alert(SECOND)
        check(t)
        assert screen
