"""Small words that make other news of a headline: "not" denies what it says, "again" and "second"
tell of the next event of its kind. Written by hand from common knowledge.

Left out is what stands beside it as often without turning it: English *no* (no casualties), Italian
*secondo* and Portuguese *segundo* (according to). "Not only" denies nothing, nor does "what it does
and does not say".
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.news.text.words import fold


def _folded(words: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    return {language: frozenset(map(fold, listed.split())) for language, listed in words.items()}


_DENYING = _folded(
    {
        "en": "not never cannot",
        "de": "nicht kein keine keinen keiner nie",
        "fr": "pas jamais",
        "es": "no nunca",
        "pt": "não nunca",
        "it": "non mai",
        "nl": "niet geen",
        "sv": "inte ej",
        "pl": "nie",
        "ru": "не нет никогда",
        "uk": "не ні ніколи",
        "tr": "değil yok",
        "id": "tidak bukan belum tak",
        "ar": "لا لم لن ليس ليست",
        "he": "לא אין",
        "fa": "نه نیست",
        "hi": "नहीं न",
    }
)
_REPEATING = _folded(
    {
        "en": "again another second third fourth",
        "de": "erneut wieder zweite zweiter zweites dritte dritter weitere weiterer weiteres",
        "fr": "deuxième seconde troisième",
        "es": "otro otra segundo segunda tercer tercera",
        "pt": "outro outra segunda terceiro terceira novamente",
        "it": "seconda terza nuovamente",
        "nl": "opnieuw weer tweede derde",
        "sv": "igen andra tredje",
        "pl": "ponownie znów drugi",
        "ru": "снова опять вновь второй вторая второе третий третья новое новая новый",
        "uk": "знову вдруге другий друга друге третій третя",
        "tr": "yine yeniden tekrar ikinci",
        "id": "lagi kembali kedua ketiga",
        "ar": "مجددا ثانية",
        "he": "שוב",
        "fa": "دوباره دوم",
        "hi": "फिर दोबारा दूसरा दूसरी",
    }
)
# What stands behind a "not" that adds something: not only.
_ONLY = _folded(
    {
        "en": "only just merely solely",
        "de": "nur bloß allein",
        "fr": "seulement uniquement",
        "es": "solo sólo solamente únicamente",
        "pt": "só somente apenas",
        "it": "solo soltanto solamente",
        "nl": "alleen slechts",
        "sv": "bara enbart endast",
        "pl": "tylko",
        "ru": "только",
        "uk": "лише тільки",
        "id": "hanya saja",
        "ar": "فقط",
        "he": "רק",
        "fa": "تنها فقط",
        "hi": "केवल सिर्फ",
    }
)
# And before one that leaves it open: whether or not. With the same word on both sides of an "and"
# it is open too, next to it or with "not" as the last word: may and may not, who may and who not.
_OR = _folded(
    {
        "en": "or",
        "de": "oder",
        "fr": "ou",
        "es": "o",
        "pt": "ou",
        "it": "o",
        "nl": "of",
        "sv": "eller",
        "pl": "czy lub",
        "ru": "или",
        "uk": "чи або",
        "id": "atau",
        "ar": "أو",
        "he": "או",
        "fa": "یا",
        "hi": "या",
    }
)
_AND = _folded(
    {
        "en": "and",
        "de": "und",
        "fr": "et",
        "es": "y",
        "pt": "e",
        "it": "e",
        "nl": "en",
        "sv": "och",
        "pl": "i",
        "ru": "и а",
        "uk": "і й та а",
        "tr": "ve",
        "id": "dan",
        "ar": "و",
        "fa": "و",
        "hi": "और",
    }
)
_NONE: frozenset[str] = frozenset()
_CONTRACTED = re.compile(r"n['’]t\b")
_OPEN = re.compile(
    r"\b(\w+) (?:and|or) \1n['’]t\b|n['’]t (?:only|just|merely|solely)\b", re.IGNORECASE
)
"""Does and doesn't; isn't only."""


def denies(text: str, words: Sequence[str], language: str) -> bool:
    """Whether a text in a language, of these folded words, denies something. Of "won't" the words
    have a "t", as of AT&T.
    """
    if _CONTRACTED.search(text) and _CONTRACTED.search(_OPEN.sub("", text)):
        return True
    denying = _DENYING.get(language, _NONE)
    return not denying.isdisjoint(words) and any(
        word in denying and not _leaves_it_open(words, place, language)
        for place, word in enumerate(words)
    )


def _leaves_it_open(words: Sequence[str], place: int, language: str) -> bool:
    """Whether a word that denies is of "not only", of "or not", or of "does and does not"."""
    either = _OR.get(language, _NONE)
    if not _ONLY.get(language, _NONE).isdisjoint(words[place + 1 : place + 2]):
        return True
    if place > 0 and words[place - 1] in either:
        return True
    if place < 3 or words[place - 2] not in either | _AND.get(language, _NONE):
        return False
    is_last = place == len(words) - 1
    return (
        words[place - 1] in words[: place - 2] if is_last else words[place - 1] == words[place - 3]
    )


def repeats(words: Iterable[str], language: str) -> bool:
    """Whether folded words of a text in a language have one that says that it is the next."""
    return not _REPEATING.get(language, frozenset()).isdisjoint(words)
