"""Names of people, places and organisations where no capital tells them, by each script's means.

German writes every noun with a capital; Arabic, Hebrew, Chinese, Japanese and others have none.
There a name is what stands in a table of places, what follows a word that names follow ("Trainer",
"مدينة", "קיבוץ"), a given name and the word after it. What is missed costs little: another report
is asked whether it has a name anywhere, seen as a name there or not. Pure.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.news.stories.splitting import name_words as listed
from bot.news.stories.splitting.name_table import german_names, name_table
from bot.news.stories.splitting.names_unspaced import unspaced_names
from bot.news.stories.splitting.stock_wording import is_stock_word
from bot.news.stories.splitting.stopwords import SMALL_WORDS
from bot.news.text.patterns import late
from bot.news.text.words import UNSPACED, fold, split_words, stems

CAPITAL_NOUNS = ("de",)
"""Languages that write every noun with a capital."""
_UNCASED_AND_SPACED = (
    "\u0590-\u06ff\u0750-\u077f\u0900-\u0dff\u1000-\u10ff\u1200-\u137f\uac00-\ud7af"
)
_SPACED = late(f"[{_UNCASED_AND_SPACED}]")
_UNCASED = late(f"[{UNSPACED}{_UNCASED_AND_SPACED}]+")
# Where no name goes on, which a figure stands for; not what stands within Hebrew words, nor the
# signs of Indic ones.
_BREAK = late(r"[,.;:!?…()\[\]{}|/«»“”„،؛؟।۔]+|\n|\s[-–—]\s")
_GERMAN = late(r"([^\W\d_][\w'’-]*)([^\s\w'’-]*)")
_IN_PLACES = ("in", "bei", "aus", "nach", "von", "nahe", "Richtung", "Raum", "Kreis")
_MOST_ADJECTIVES = 2
_ONE_LETTER_PREFIXES = "وفبكلשהוכלבמ"
_KEPT = 10_000


# What a word says of itself and of the next one: bits, as a flag of `enum` costs a microsecond.
_NAME, _PHRASE, _GIVEN, _BEFORE_PERSON, _BEFORE_OTHER, _NO_NAME = (1 << bit for bit in range(6))
_BEFORE = _GIVEN | _BEFORE_PERSON | _BEFORE_OTHER


def has_no_capitals(text: str) -> bool:
    """Whether most of a text is written in a script that has no capitals."""
    if text.isascii():
        return False
    return 3 * sum(map(len, _UNCASED().findall(text))) > len(text)


def names_without_capitals(text: str, language: str) -> dict[str, None]:
    """The terms of a text's names, an ordered set: stems, and pairs of characters."""
    found: dict[str, None] = {}
    if language in CAPITAL_NOUNS:
        for line in text.split("\n"):
            _german(line, language, found)
        return found
    if _SPACED().search(text):
        _spaced(split_words(_BREAK().sub(" 0 ", text)), language, found)
    found.update(dict.fromkeys(unspaced_names(text)))
    return found


def _spaced(part: Sequence[str], language: str, found: dict[str, None]) -> None:
    at, kinds = 0, [_kind(word, language) for word in part]
    while at < len(part):
        start, end = _name_from(part, kinds, at, language)
        for word in part[start:end]:
            if word not in SMALL_WORDS:
                found[stems(word, language)[-1]] = None
        at = max(end, at + 1)


def _name_from(
    part: Sequence[str], kinds: Sequence[int], at: int, language: str
) -> tuple[int, int]:
    """Where the name begins and ends that this word begins or that follows it; else twice 0."""
    kind = kinds[at]
    if kind & _PHRASE and (length := _phrase(part, at, language)):
        return at, at + length
    if kind & _NAME:
        return at, at + 1
    if not kind & _BEFORE:
        return 0, 0
    start = at + 1
    if kind & _BEFORE_PERSON:
        # After "the American".
        while start < min(at + 1 + _MOST_ADJECTIVES, len(part)) and part[start].startswith("ال"):
            start += 1
    end = start
    while end < len(part) and not kinds[end] & _NO_NAME:
        end += 1
        # A given name that a title stands before is followed by another name.
        if not kinds[end - 1] & _GIVEN:
            break
    return (at if kind & _GIVEN else start), end


def _phrase(part: Sequence[str], at: int, language: str) -> int:
    """Of how many words the name is that begins here, as the table has it; 0 if none does."""
    phrases = name_table().phrases
    for form in stems(part[at], language):
        for rest in phrases.get(form, ()):
            if tuple(part[at + 1 : at + 1 + len(rest)]) == rest:
                return 1 + len(rest)
    return 0


@lru_cache(maxsize=_KEPT)
def _kind(word: str, language: str) -> int:
    """Of a folded word, with or without one-letter prefixes and the article."""
    table, forms, kind = name_table(), stems(word, language), 0
    short = word[1:] if word[0] in _ONE_LETTER_PREFIXES else word
    if not table.words.isdisjoint(forms):
        kind |= _NAME
    if not table.phrases.keys().isdisjoint(forms):
        kind |= _PHRASE
    if not _folded("GIVEN", language).isdisjoint((word, short)):
        kind |= _GIVEN
    if word in _folded("PERSON_HEADS", language):
        kind |= _BEFORE_PERSON
    if not _folded("OTHER_HEADS", language).isdisjoint((word, short)):
        kind |= _BEFORE_OTHER
    return kind | (0 if _may_be_name(word, language) else _NO_NAME)


def _may_be_name(word: str, language: str) -> bool:
    if len(word) < 2 or word in SMALL_WORDS or word.isdigit():
        return False
    # Verbs, and what is done.
    if language == "ar" and len(word) > 3 and (word[0] in "يت" or word[-1] == "ا"):
        return False
    lists = ("NO_NAMES", "PERSON_HEADS", "OTHER_HEADS")
    if any(word in _folded(which, language) for which in lists):
        return False
    return not is_stock_word(word, language)


@lru_cache(maxsize=64)
def _folded(which: str, language: str) -> frozenset[str]:
    words: Mapping[str, str] = getattr(listed, which)
    return frozenset(map(fold, words.get(language, "").split()))


def _german(line: str, language: str, found: dict[str, None]) -> None:
    before, kind, is_first_name = "", 0, False
    for word, closing in _GERMAN().findall(line):
        follows = kind
        if word[0].isupper():
            kind = _german_kind(word)
            is_person = bool(kind & _GIVEN or follows & _BEFORE_PERSON)
            is_name = (
                is_person
                or is_first_name
                or follows & _BEFORE_OTHER
                or kind & _NAME
                or (before in _IN_PLACES and _is_german_place(word))
            )
            if is_name and not kind & _NO_NAME:
                found.update((stems(each, language)[-1], None) for each in split_words(word))
            is_first_name = is_person and not kind & _NO_NAME and not closing
        else:
            kind, is_first_name = 0, False
        before, kind = ("", 0) if closing else (word, kind)


@lru_cache(maxsize=_KEPT)
def _german_kind(word: str) -> int:
    """Of a noun: "Trainer" and "Senfhersteller" stand before names; "Essener" is one as Essen."""
    folded, kind = fold(word), 0
    if folded in german_names() or (
        folded.endswith("er") and stems(folded, "de")[-1] in _german_stems()
    ):
        kind |= _NAME
    if folded in _folded("GIVEN", "de"):
        kind |= _GIVEN
    for which, flag in (
        ("PERSON_HEADS", _BEFORE_PERSON), ("OTHER_HEADS", _BEFORE_OTHER)
    ):  # fmt: skip
        if folded in _folded(which, "de") or folded.endswith(_endings(which)):
            kind |= flag
    return kind | (0 if _may_be_name(folded, "de") else _NO_NAME)


@lru_cache(maxsize=4)
def _endings(which: str) -> tuple[str, ...]:
    return tuple(head for head in _folded(which, "de") if len(head) > 3)


def _is_german_place(word: str) -> bool:
    folded = fold(word)
    return folded.endswith(_PLACE_ENDINGS) and folded not in _NO_PLACES


@lru_cache(maxsize=1)
def _german_stems() -> frozenset[str]:
    return frozenset(stems(place, "de")[-1] for place in german_names())


_PLACE_ENDINGS = tuple(map(fold, listed.GERMAN_PLACE_ENDINGS.split()))
_NO_PLACES = frozenset(map(fold, listed.GERMAN_NO_PLACES.split()))
