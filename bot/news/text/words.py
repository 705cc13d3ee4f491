"""Words of a text, as topics, search and story finding compare them.

A word is folded (compatibility forms, capitals, accents and vowel points do not matter) and
stemmed by the language of its text. Chinese, Japanese and Thai are written without spaces: there
every character is a word of its own, and what a reader calls a word is a phrase of them.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import lru_cache

import Stemmer

from bot.news.text.patterns import late

MAX_TEXT = 20_000
"""Longest text that is split into words, in characters; the rest is left out."""

_MOST_STEMS = 2_000

_SNOWBALL = {
    "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_LATIN = (
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "tr", "hu", "ro", "id", "ca",
    "eu", "ga", "lt", "nb", "nn", "pl", "cs", "sk", "hr", "sl", "vi",
)  # fmt: skip

# EntryKeys that may be left out in writing: accents of Latin, Greek and Cyrillic letters, vowel
# points of Arabic and Hebrew, and the Arabic stretching sign. Signs of Indic scripts and Thai
# are letters in all but name and stay.
_MARKS = late(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)
_SHORT_I = "и\u0306"  # й is a letter, not an accented и
_ABOVE = "über"  # every third German text has it; as an accented "uber" it would be the company
_ABOVE_ALONE = late(rf"(?<!\w){_ABOVE}(?!\w)")
_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'",
    "＇": "'", "`": "'", "´": "'", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه",
    "״": '"', "ی": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "٬": ",", "٫": ".",
}  # fmt: skip
"""Letters that stand for others: those which keyboards of Persian and Urdu write where those of
Arabic write another, too.
"""
_ZEROS = "٠۰०০੦૦୦௦౦೦൦๐໐"
_LETTERS |= {chr(ord(zero) + n): str(n) for zero in _ZEROS for n in range(10)}
_HAS_LETTERS = late(f"[{''.join(_LETTERS)}]")

_UNSPACED_RANGES = (
    (0x0E00, 0x0EFF), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x20000, 0x3FFFF),
)  # fmt: skip
# Between the first of a pair and the second, which is one too many, they are such characters.
_UNSPACED_EDGES = [chr(edge) for first, last in _UNSPACED_RANGES for edge in (first, last + 1)]
UNSPACED = "".join(f"{chr(first)}-{chr(last)}" for first, last in _UNSPACED_RANGES)
"""Characters of scripts that are written without spaces, as within the brackets of a pattern."""
_SIGNED = "\u0900-\u0963\u0966-\u0dff\u1000-\u109f\u1780-\u17d3"
# Low lines are spaces by then, so that \w has letters and digits only.
_ACRONYM = r"(?<!\w)(?:[a-z]\.){2,}(?:[a-z](?!\w))?"
_OWNER = r"(?:'s(?!\w))?"
# Of characters without spaces a run at once, which is a fifth of the work of each by itself.
_WORD = late(rf"[{UNSPACED}]+|{_ACRONYM}|(?:(?![{UNSPACED}])(?:\w|[{_SIGNED}]))+{_OWNER}")
# The same for texts without the letters, or without the signs, that make the above slow.
_SPACED_WORD = re.compile(rf"{_ACRONYM}|\w+{_OWNER}")
_BARE_WORD = re.compile(r"\w+")
_ASCII_WORD = re.compile("[a-z0-9]+")
_NEEDS_CARE = late(f"[{UNSPACED}{_SIGNED}]")
_SIGNS_IN_WORDS = re.compile(r"'s|[a-z]\.[a-z]\.")
_MAY_HAVE_SIGNS = re.compile(r"\.[a-z]\.")  # a third of the time: it begins with one character
_PLAIN_SIGNS = (("’", "'"), ("‘", "'"), ("“", " "), ("”", " "), ("–", " "), ("—", " "))
_UNSPACED_RUNS = late(f"[{UNSPACED}]+")


@lru_cache(maxsize=1)
def _stemmers() -> dict[str, Stemmer.Stemmer]:
    known = set(Stemmer.algorithms())
    # Without caches of their own: `stems` has one for all languages together.
    return {code: Stemmer.Stemmer(name, 0) for code, name in _SNOWBALL.items() if name in known}


def fold(text: str) -> str:
    """The text without what does not matter in comparing: capitals, width, accents, points. The
    German word "über" becomes "ueber", as who has no umlauts writes it.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold()
        if _ABOVE in text:
            text = _ABOVE_ALONE().sub("ueber", text)
    if text.isascii():
        return text.lower().replace("`", "'")
    text = unicodedata.normalize("NFD", text).replace(_SHORT_I, "й")
    text = unicodedata.normalize("NFC", _MARKS().sub("", text))
    return _HAS_LETTERS().sub(lambda found: _LETTERS[found[0]], text)


def split_words(text: str) -> list[str]:
    """The folded words of a text in order; `U.S.` is `us`, and `Ada's` is `ada`."""
    text = text[:MAX_TEXT]
    if not text.isascii():
        # What is often the only thing in an English text that is not ASCII, and ends a word.
        for sign, plain in _PLAIN_SIGNS:
            text = text.replace(sign, plain)
    text = fold(text)[:MAX_TEXT].replace("_", " ")
    is_ascii = text.isascii()
    if not is_ascii and _NEEDS_CARE().search(text):
        found: list[str] = []
        for each in _WORD().findall(text):
            if is_unspaced(each):
                found.extend(each)
            else:
                found.append(_without_signs(each))
        return found
    may_have_signs = "'s" in text or _MAY_HAVE_SIGNS.search(text)
    if may_have_signs and _SIGNS_IN_WORDS.search(text):
        return [_without_signs(found) for found in _SPACED_WORD.findall(text)]
    return (_ASCII_WORD if is_ascii else _BARE_WORD).findall(text)


@lru_cache(maxsize=4)
def words_of(text: str) -> tuple[str, ...]:
    """The same for texts that are asked for again a moment later, as those of a report are."""
    return tuple(split_words(text))


def _without_signs(found: str) -> str:
    return found if found.isalnum() else found.removesuffix("'s").replace(".", "")


def is_unspaced(word: str) -> bool:
    """True for a character of a script that is written without spaces between words."""
    return not word.isascii() and bisect_right(_UNSPACED_EDGES, word[0]) % 2 == 1


def unspaced_in(text: str) -> str:
    """The characters of such scripts that a text has, in order."""
    return "" if text.isascii() else "".join(_UNSPACED_RUNS().findall(text))


def language_of(text: str, declared: str | None) -> str:
    """The language whose stems apply: the declared one where it fits the script, else a guess."""
    base = (declared or "").replace("_", "-").split("-")[0].lower()
    script = _script(text)
    if script == "latin":
        return base if base in _LATIN else "en"
    if script == "cyrillic":
        return base if base in ("ru", "sr", "uk", "bg", "be", "mk") else "ru"
    if script == "arabic":
        return base if base in ("fa", "ur", "ps") else "ar"
    return {"hebrew": "he", "greek": "el"}.get(script, base or "en")


_SCRIPTS = (
    ("latin", late("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]+")),
    ("cyrillic", late("[\u0400-\u052f]+")),
    ("arabic", late("[\u0600-\u06ff\u0750-\u077f]+")),
    ("hebrew", late("[\u0590-\u05ff]+")),
    ("greek", late("[\u0370-\u03ff\u1f00-\u1fff]+")),
)


def _script(text: str) -> str:
    """The script that most letters of the beginning are of; of as many, the first in the list."""
    sample = text[:400]
    if sample.isascii():
        return "latin" if _SCRIPTS[0][1]().search(sample) else "other"
    best, most = "other", 0
    for name, letters in _SCRIPTS:
        count = sum(map(len, letters().findall(sample)))
        if count > most:
            best, most = name, count
        if 2 * most >= len(sample):
            break  # no other can have more
    return best


@lru_cache(maxsize=20_000)
def stems(word: str, language: str) -> tuple[str, ...]:
    """The stems of a folded word: one where Snowball knows the language; in Arabic and Hebrew
    the word itself and what is left without one-letter prefixes and the article.
    """
    if language in ("ar", "he"):
        return _without_prefixes(word, language)
    if not word.isalpha() or is_unspaced(word):
        return (word,)
    stemmer = _stemmers().get(language)
    return (str(stemmer.stemWord(word)),) if stemmer else (word,)


def stem_each(words: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Each word with its stem, or with each of its stems."""
    if language in _PREFIXES:
        return [(word, stem) for word in words for stem in stems(word, language)]
    stem = stems_in(language)
    # No language stems what is one character of these: texts without spaces have hundreds.
    return [(word, word if len(word) == 1 and word >= "\u0e00" else stem[word]) for word in words]


def stems_of_all(words: Iterable[str], language: str) -> set[str]:
    """The stems of folded words, for who does not ask which is whose."""
    if language in _PREFIXES:
        return {stem for word in words for stem in stems(word, language)}
    return set(map(stems_in(language).__getitem__, words))


class Stems(dict[str, str]):
    """The one stem of each folded word, found by `[]`; of what is no word of letters itself."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        self._stem = stem

    def __missing__(self, word: str) -> str:
        # Those of scripts without spaces are too many to be kept, and are their own.
        return self.new(word) if word.isalpha() and not is_unspaced(word) else word

    def new(self, word: str) -> str:
        """Makes the stem of a word of letters, and keeps it for who asks next."""
        if len(self) >= _MOST_STEMS:
            self.clear()
        stem = self[word] = self._stem(word)
        return stem


@lru_cache(maxsize=8)
def stems_in(language: str) -> Stems:
    """The stems of a language's words, where they have one each. A story's words are looked up
    again a moment after they were stemmed: for its story, for its keys and for its topics.
    """
    known = _stemmers().get(language)
    return Stems(known.stemWord if known else str)


def has_one_stem(language: str) -> bool:
    """Whether each word has one stem, as Snowball makes it."""
    return language not in _PREFIXES and language in _stemmers()


def stemming(language: str) -> str:
    """The language whose stems `stems` makes for this one, or "" where words are their own."""
    return language if language in _PREFIXES or language in _stemmers() else ""


_PREFIXES = {
    "ar": ("وال", "فال", "بال", "كال", "لل", "ال", "و", "ف", "ب", "ك", "ل"),
    "he": tuple("ושכלבמה"),
}


def _without_prefixes(word: str, language: str) -> tuple[str, ...]:
    """All forms that up to three prefixes taken off leave, none shorter than three letters."""
    forms = [word]
    for form in forms:
        if len(forms) >= 8:
            break
        for prefix in _PREFIXES[language]:
            rest = form.removeprefix(prefix)
            if rest != form and len(rest) >= 3 and rest not in forms:
                forms.append(rest)
    return tuple(forms)


@lru_cache(maxsize=2_000)
def stems_in_any_language(word: str) -> frozenset[str]:
    """Every stem that a word of a query may have, whatever language the text will be in."""
    found = {word, *stems(word, "ar"), *stems(word, "he")}
    if word.isalpha() and not is_unspaced(word):
        for language in _LATIN if _script(word) == "latin" else _stemmers():
            found.update(stems(word, language))
    return frozenset(found)
