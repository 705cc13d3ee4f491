"""In which languages news alerts in a chat. Bad input raises BadInput with one sentence."""

import re
from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from bot.actions.habits import change_habits
from bot.errors import BadInput
from bot.news.chat import Chat, Habits
from bot.news.telling.languages import (
    MOST_LANGUAGES,
    chosen_languages,
    first_languages,
    read_language,
)
from bot.news.telling.spoken_times import ALL, ONLY, PLEASE
from bot.news.text.plain import cut
from bot.news.text.words import fold
from bot.texts.languages import OWN_NAMES
from bot.texts.locale import Locale
from bot.texts.said import say, say_many
from storage.storage import Storage
from storage.stories.stories import Stories

_LOOKED_AT = 5_000
_DAY, _WEEK = 86_400.0, 7 * 86_400.0
_MOST_OFFERED = 90
_ALL = ("any", "every", "off", *ALL)
_BETWEEN = re.compile(r"[\s,;/|+&，、؛،和]+")
_JOINING = ("and", "or", "in", "bahasa")
_LANGUAGES_WORDS = """
    language languages sprache sprachen langue langues idioma idiomas lingua lingue язык языки мова
    мови dil dilleri dili لغة اللغة اللغات زبان שפה שפות भाषा भाषाएँ 语言
"""
_LANGUAGES = frozenset(_LANGUAGES_WORDS.split())
# Some are codes too: they join only what stands on both sides.
_ALSO_JOINING = (
    "und", "oder", "et", "ou", "y", "e", "o", "и", "или", "і", "й", "та", "або", "ve", "dan",
    "atau", "و", "أو", "یا", "ו", "או", "और",
)  # fmt: skip
_NOT = ("no", "not", "kein", "keine", "pas", "sin", "não", "senza", "без", "не", "bukan", "ללא")
_CODE = 3
_OWN = {fold(name): tag for name, tag in OWN_NAMES.items()}


def read_languages(text: str, locale: Locale, *, by_name: bool = False) -> tuple[str, ...]:
    """The languages of `de en`, or of their names as the reader calls them, or who speaks them;
    none for `all`. With `by_name` codes are none, which are words of some language each, nor are
    languages that have too few readers for a code of two letters: `Russian war`, `German slave`.
    Raises BadInput.
    """
    said = [
        word for word in _BETWEEN.split(PLEASE().sub("", " ".join(text.lower().split()))) if word
    ]
    words = [word for word in said if word not in ONLY | _LANGUAGES] or said
    # Beside other codes "no" is Norwegian.
    if any(
        word in _NOT and any(len(each) > _CODE for each in words[at + 1 :])
        for at, word in enumerate(words)
    ):
        raise BadInput(say_many("Write 1 to {n} languages, as in de en.", MOST_LANGUAGES))
    words = [*words[:1], *(w for w in words[1:-1] if w not in _ALSO_JOINING), *words[1:][-1:]]
    if len(words) == 1 and words[0] in _ALL:
        return ()
    code_of = _code_of_name if by_name else _code
    chosen = chosen_languages(code_of(word, locale) for word in words if word not in _JOINING)
    if not 1 <= len(chosen) <= MOST_LANGUAGES:
        raise BadInput(say_many("Write 1 to {n} languages, as in de en.", MOST_LANGUAGES))
    return chosen


def _code(word: str, locale: Locale) -> str:
    """Of a code or a name."""
    code = read_language(word) or read_language(_called(word, locale))
    if code is None:
        raise _no_language(word)
    return code


def _code_of_name(word: str, locale: Locale) -> str:
    code = read_language(_called(word, locale))
    if code is None or len(code) >= _CODE or (word.isascii() and len(word) <= _CODE):
        raise _no_language(word)
    return code


def _called(word: str, locale: Locale) -> str:
    return locale.language_called(word) or _OWN.get(fold(word), "")


def _no_language(word: str) -> BadInput:
    return BadInput(
        say(
            "I don't know a language '{word}'. Write codes, such as de for German, or all.",
            word=cut(word, 30),
        )
    )


async def offered(stories: Stories, chosen: Sequence[str], now: float) -> list[str]:
    """The languages of this week's news, and those that are chosen."""
    found = await heard(stories, now)
    return [*found, *(each for each in chosen if each not in found)]


async def heard(stories: Stories, now: float) -> list[str]:
    """The languages of this week's news, those of most stories first. The newest few thousand
    stories are looked at, and what their feeds say.
    """
    counts = await _counts(stories, now - _WEEK)
    return sorted(counts, key=lambda each: (-counts[each], each))[:_MOST_OFFERED]


async def begun_with(stories: Stories, own: str, now: float) -> tuple[str, ...]:
    """The languages that a new private chat begins with, whose person speaks this one."""
    return first_languages(own, (await _counts(stories, now - _DAY))[own])


async def _counts(stories: Stories, since: float) -> Counter[str]:
    counts: Counter[str] = Counter()
    for tag, stories_in in await stories.languages(since, _LOOKED_AT):
        if language := read_language(tag):
            counts[language] += stories_in
    return counts


async def choose(storage: Storage, chat: Chat, languages: tuple[str, ...], now: float) -> Habits:
    """News alerts in these languages from now on; none: in all."""
    habits = replace(chat.habits, languages=languages)
    await change_habits(storage, chat, habits, now)
    return habits
