"""In which languages a chat hears news. Pure.

A chat names languages; none means all. A report in another alerts nobody there, unless its source
is followed by name, or a topic that wants it says `lang:`. It can be found as before, and one in a
language of the chat that tells the same story later alerts as the first. Where nobody knows the
language of a report, it alerts.

What a feed says of its language is believed where the letters fit. Many feeds say `en` since their
software does: the small words of a text, of which most languages have their own, speak against it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

import babel
from babel.core import get_global

from bot.news.query.function_words import own_words, words_of
from bot.news.query.highlight import terms_of
from bot.news.query.match import Query
from bot.news.text import words
from bot.news.text.patterns import late

MOST_LANGUAGES = 30
"""Of one chat."""
ENOUGH_A_DAY = 5
"""A language in which so many stories came within a day does without another."""

_NO_LANGUAGE = frozenset(("mul", "und", "zxx", "mis", "art", "root"))
_AS_ONE = {"nb": "no", "nn": "no", "sh": "sr"}  # who reads one reads the other
_SIGNS = 3  # so many small words of another language speak against the one that is said
_SAMPLE = 600

# What is written in these letters, the likeliest first. Kana stand before the characters that
# Japanese shares with Chinese; languages in no line are written in Latin letters.
_LETTERS = """
    \u0400-\u052f ru uk be bg sr mk kk ky mn tg tt ba cv ce os
    \u0600-\u06ff\u0750-\u077f ar fa ur ps ckb ug sd ks
    \u0590-\u05ff he yi
    \u0370-\u03ff\u1f00-\u1fff el
    \u0530-\u058f hy
    \u10a0-\u10ff ka
    \u0900-\u097f hi mr ne sa mai bho kok
    \u0980-\u09ff bn as
    \u0a00-\u0a7f pa
    \u0a80-\u0aff gu
    \u0b00-\u0b7f or
    \u0b80-\u0bff ta
    \u0c00-\u0c7f te
    \u0c80-\u0cff kn
    \u0d00-\u0d7f ml
    \u0d80-\u0dff si
    \u0e00-\u0e7f th
    \u0e80-\u0eff lo
    \u1000-\u109f my
    \u1200-\u137f am ti
    \u1780-\u17ff km
    \u1100-\u11ff\uac00-\ud7af ko
    \u3040-\u30ff\u31f0-\u31ff ja
    \u3400-\u4dbf\u4e00-\u9fff zh ja yue
"""
_WRITTEN = tuple(
    (late(f"[{letters}]"), tuple(spoken))
    for letters, *spoken in map(str.split, _LETTERS.strip().splitlines())
)
_LATIN = late("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")
_ALSO_LATIN = frozenset(("sr", "kk", "ug", "tt", "tg", "mn"))
_NOT_LATIN = frozenset(each for _, spoken in _WRITTEN for each in spoken) - _ALSO_LATIN


def read_language(tag: str) -> str | None:
    """The language of a tag of BCP 47 (`de-AT`, `pt_BR`, `iw`) without its region, as CLDR calls
    it today; None for what is no language.
    """
    first = tag.strip().replace("_", "-").partition("-")[0].lower()
    known = str(get_global("language_aliases").get(first, first)).partition("_")[0]
    is_one = 2 <= len(known) <= 3 and known in _languages() and known not in _NO_LANGUAGE
    return _AS_ONE.get(known, known) if is_one else None


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, str]:
    """What CLDR calls a language, by its names in English."""
    return babel.Locale("en").languages


def spoken_in(text: str, declared: str | None) -> tuple[str, ...]:
    """The languages that a text may be in, given what its feed says, the likeliest first; none
    where nobody knows.
    """
    said, text = read_language(declared or ""), text[:_SAMPLE]
    counts = _counts(text)
    latin = len(_LATIN().findall(text))
    if said and any(n and said in spoken for n, (_, spoken) in zip(counts, _WRITTEN, strict=True)):
        return (said,)
    # Names and brands in Latin letters are in texts of all languages.
    if sum(counts) > latin:
        return _written_in(counts)
    if said is None or (latin and said in _NOT_LATIN):
        return ()
    return _latin(text, said)


def _counts(text: str) -> list[int]:
    """How many letters of each of `_WRITTEN` a text has; one in ASCII has none."""
    if text.isascii():
        return [0] * len(_WRITTEN)
    return [len(letters().findall(text)) for letters, _ in _WRITTEN]


def is_heard(chosen: Collection[str], spoken: Collection[str]) -> bool:
    """Whether a chat that chose these languages, or none, hears what may be in those."""
    return not chosen or not spoken or any(each in chosen for each in spoken)


def says_language(query: Query) -> bool:
    """Whether a query asks for a language itself; one that is left out is not asked for."""
    return any(term.field == "lang" for term in terms_of(query))


def _written_in(counts: Sequence[int]) -> tuple[str, ...]:
    """The languages with the letters of which there are most. A few kana among many characters
    make a text Japanese.
    """
    kana, most = len(_WRITTEN) - 2, counts.index(max(counts))
    return _WRITTEN[kana if most > kana and counts[kana] else most][1]


def _latin(text: str, said: str) -> tuple[str, ...]:
    """What feeds say of texts in Latin letters is believed, unless their small words deny it."""
    found, own = set(words.split_words(text)), own_words()
    signs = Counter(own[word] for word in found if word in own)
    other, count = signs.most_common(1)[0] if signs else (said, 0)
    if signs[said] or count < _SIGNS:
        return (said,)
    known = words_of(said)
    is_sure = bool(known) and known.isdisjoint(found)
    return (other,) if is_sure else (other, said)


def chosen_languages(tags: Iterable[str]) -> tuple[str, ...]:
    """Languages as habits keep them: each once, in the order of their codes."""
    return tuple(sorted({known for tag in tags if (known := read_language(tag))}))


def own_language(*tags: str | None) -> str:
    """The language of the first of these tags that names one, or else English."""
    return next((known for tag in tags if (known := read_language(tag or ""))), "en")


def first_languages(own: str, stories: int) -> tuple[str, ...]:
    """The languages of a new private chat, where so many stories of the last day are in its
    person's own: that one alone where news comes in it, since an event comes once in each language;
    else English too, so that there is something to hear.
    """
    return (own,) if stories >= ENOUGH_A_DAY else chosen_languages((own, "en"))


def with_language(chosen: Sequence[str], language: str, *, wanted: bool) -> tuple[str, ...]:
    """These languages with one more, or without it; without the last they are all."""
    return chosen_languages({*chosen, language} if wanted else set(chosen) - {language})
