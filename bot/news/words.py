"""Words of a text, as topics, search and story finding compare them.

A word is folded (compatibility forms, capitals, accents and vowel points do not matter) and
stemmed by the language of its text. Chinese, Japanese and Thai are written without spaces: there
every character is a word of its own, and what a reader calls a word is a phrase of them.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

MAX_TEXT = 20_000
"""Longest text that is split into words, in characters; the rest is left out."""

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
    "eu", "ga", "lt", "nb", "nn",
)  # fmt: skip

# Marks that may be left out in writing: accents of Latin, Greek and Cyrillic letters, vowel
# points of Arabic and Hebrew, and the Arabic stretching sign. Signs of Indic scripts and Thai
# are letters in all but name and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)
_SHORT_I = "и\u0306"  # й is a letter, not an accented и
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'",
     "＇": "'", "`": "'", "´": "'", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"}
)  # fmt: skip

_UNSPACED = (
    "\u0e00-\u0eff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_SIGNED = "\u0900-\u0963\u0966-\u0dff\u1000-\u109f\u1780-\u17d3"
_WORD = re.compile(
    rf"(?P<char>[{_UNSPACED}])"
    r"|(?P<acronym>(?<![^\W_])(?:[a-z]\.){2,}(?:[a-z](?![^\W_]))?)"
    rf"|(?P<word>(?:(?![{_UNSPACED}])(?:[^\W_]|[{_SIGNED}]))+)(?P<owner>'s(?![^\W_]))?"
)
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")


@lru_cache(maxsize=1)
def _stemmers() -> dict[str, snowballstemmer.stemmer]:
    known = set(snowballstemmer.algorithms())
    return {
        code: snowballstemmer.stemmer(name) for code, name in _SNOWBALL.items() if name in known
    }


def fold(text: str) -> str:
    """The text without what does not matter in comparing: capitals, width, accents, points."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text.replace("`", "'")
    text = unicodedata.normalize("NFD", text).replace(_SHORT_I, "й")
    text = unicodedata.normalize("NFC", _MARKS.sub("", text))
    return text.translate(_LETTERS)


def split_words(text: str) -> list[str]:
    """The folded words of a text in order; `U.S.` is `us`, and `Ada's` is `ada`."""
    words = []
    for found in _WORD.finditer(fold(text[:MAX_TEXT])):
        word = found["acronym"]
        words.append(word.replace(".", "") if word else found["char"] or found["word"])
    return words


def is_unspaced(word: str) -> bool:
    """True for a character of a script that is written without spaces between words."""
    return bool(_IS_UNSPACED.match(word))


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
    ("latin", re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")),
    ("cyrillic", re.compile("[\u0400-\u052f]")),
    ("arabic", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("hebrew", re.compile("[\u0590-\u05ff]")),
    ("greek", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
)


def _script(text: str) -> str:
    sample = text[:400]
    counts = {name: len(letters.findall(sample)) for name, letters in _SCRIPTS}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "other"


@lru_cache(maxsize=200_000)
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


@lru_cache(maxsize=50_000)
def stems_in_any_language(word: str) -> frozenset[str]:
    """Every stem that a word of a query may have, whatever language the text will be in."""
    found = {word, *stems(word, "ar"), *stems(word, "he")}
    if word.isalpha() and not is_unspaced(word):
        for language in _LATIN if _script(word) == "latin" else _stemmers():
            found.update(stems(word, language))
    return frozenset(found)
