"""What the bot says of itself on Telegram: menus by scope, and descriptions, in each language.

Telegram keeps them, so each is sent only where it changed: a hash of what it took is kept. The
bot's name is what its operator gave it at BotFather, in every language, and is left alone.
"""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

import telegram
from msgspec import Struct
from msgspec.structs import replace
from telegram import BotCommand, BotCommandScope

from bot.texts.catalogues import forget, offered
from bot.texts.locale import Locale
from bot.texts.said import say
from storage.chats.introductions import Introductions

_DESCRIPTION = say(
    "I bring you news: one alert for each story, on the topics you choose. Press START. /privacy "
    "says what is stored."
)
_SHORT_DESCRIPTION = say("News on the topics you choose: one alert for each story.")
_ABOUT, _SHORT = "description", "short description"
SOURCES, _FOR_OTHERS = "sources", "sources for others"


class _Text(Struct, frozen=True):
    """A text or a menu: what it is, for whom (Bot API: a code of two letters, none for all who
    have no other), its lines by command, and the scope of a menu.
    """

    what: str
    language: str
    lines: tuple[tuple[str, str], ...]
    scope: BotCommandScope | None = None

    @property
    def hash(self) -> str:
        return hashlib.sha256(repr(self.lines).encode()).hexdigest()[:16]


async def introduce(
    bot: telegram.Bot, bot_id: int, kept: Introductions, locale: Locale, *, everybody: bool
) -> None:
    """Says what changed since it was said last: in the language of `locale`, which they see whose
    own we do not speak, or for `everybody` in each of ours. Raises TelegramError.
    """
    said = await kept.said(bot_id)
    # To load every command and catalogue only to find that nothing changed is a fifth of a start.
    what, sources = SOURCES, hash_of_sources()
    if not everybody:
        what, sources = _FOR_OTHERS, f"{sources} {locale.language}"
    if said.get((what, "")) == sources:
        return
    for text in _texts(locale, everybody=everybody):
        if said.get((text.what, text.language)) != text.hash:
            await _send(bot, text)
            await kept.note(bot_id, text.what, text.language, text.hash)
    await kept.note(bot_id, what, "", sources)


@lru_cache(maxsize=1)
def hash_of_sources() -> str:
    """Of all that these texts are made from, the code that makes them too: kept as `SOURCES` once
    they are said.
    """
    made = hashlib.sha256()
    for package in ("handlers", "bot.texts"):
        for source in _sources(resources.files(package)):
            made.update(source.read_bytes())
    return made.hexdigest()[:16]


def _sources(folder: Traversable) -> Iterator[Traversable]:
    """The modules and catalogues in a folder and below, in an order that stays."""
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir():
            yield from _sources(each)
        elif each.name.endswith((".py", ".po")):
            yield each


def _texts(locale: Locale, *, everybody: bool) -> Iterator[_Text]:
    if not everybody:
        yield from _in(locale, "")
        return
    languages = offered() if len(offered()) > 1 else ()
    for language in languages:
        yield from _in(replace(locale, language=language), language.partition("-")[0])
        # Most of these languages nobody here speaks.
        forget()


def _in(locale: Locale, code: str) -> Iterator[_Text]:
    from handlers.surface import Where, known  # with it come all commands

    surface = known()
    for menu, scope in (
        (surface.menu(Where.PRIVATE), telegram.BotCommandScopeAllPrivateChats()),
        (surface.menu(Where.GROUP, members=True), telegram.BotCommandScopeAllGroupChats()),
        (surface.menu(Where.GROUP), telegram.BotCommandScopeAllChatAdministrators()),
    ):
        lines = tuple((name, locale.plain(line)) for name, line in menu)
        yield _Text(scope.type, code, lines, scope)
    yield _Text(_ABOUT, code, (("", locale.plain(_DESCRIPTION)),))
    yield _Text(_SHORT, code, (("", locale.plain(_SHORT_DESCRIPTION)),))


async def _send(bot: telegram.Bot, text: _Text) -> None:
    language = text.language or None
    if text.scope:
        commands = [BotCommand(name, line) for name, line in text.lines]
        await bot.set_my_commands(commands, scope=text.scope, language_code=language)
    elif text.what == _ABOUT:
        await bot.set_my_description(text.lines[0][1], language_code=language)
    else:
        await bot.set_my_short_description(text.lines[0][1], language_code=language)
