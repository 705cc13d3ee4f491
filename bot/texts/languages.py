"""The languages that the bot's own texts may be in, and whose they are. Pure."""

import re
from functools import lru_cache

import babel
from babel.core import get_global

ENGLISH = "en"
PSEUDO = "qps"
"""A language for tests, in which every text of ours stands between brackets."""

NAMES = {
    "en": "English",
    "ar": "العربية",
    "de": "Deutsch",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "pt": "Português",
    "ru": "Русский",
    "tr": "Türkçe",
    "uk": "Українська",
    "zh-Hans": "简体中文",
}
"""What each is called by those who speak it, by its tag (BCP 47)."""

_OWN_NAMES = """
    ar عربي, az azərbaycanca, be беларуская, bg български, bn বাংলা, ca català, cs čeština, da dansk
    el ελληνικά, es castellano, et eesti, eu euskara, fi suomi, gl galego, hi हिंदी, hr hrvatski
    hu magyar, hy հայերեն, id indonesia, ja 日本語, ka ქართული, kk қазақша, ko 한국어, lt lietuvių
    lv latviešu, ms melayu, nl nederlands, no norsk, pl polski, ro română, ru русском, sk slovenčina
    sl slovenščina, sr српски, sr srpski, sv svenska, sw kiswahili, ta தமிழ், th ไทย, uk українською
    ur اردو, vi việt, zh 中文, zh 汉语
    en englisch, en inglés, en anglais, en inglês, en inglese, en английский, en англійська
    en ingilizce, en inggris, en الإنجليزية, en انگلیسی, en אנגלית, en अंग्रेज़ी, en 英语
"""
OWN_NAMES = {name.casefold(): tag for tag, name in NAMES.items()} | {
    name: tag for tag, name in map(str.split, re.split(r",|\n", _OWN_NAMES.strip()))
}
"""Languages of many readers by what those call them who speak them; English as all of ours do."""

_FROM_RIGHT = frozenset(("ar", "fa", "he"))
_CODES = {
    "iw": "he",
    "in": "id",
    "zh": "zh-Hans",
}  # two of before, and one of two scripts
_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
_COUNTED = 200  # what lies above repeats what lies below, but for whole millions


def is_language(tag: str) -> bool:
    """Whether CLDR knows a language by a tag, whose texts of ours may be in English."""
    code = tag.replace("_", "-").partition("-")[0].lower()
    now = str(get_global("language_aliases").get(code, code)).partition("_")[0]
    return code == PSEUDO or now in babel.Locale(ENGLISH).languages


@lru_cache(maxsize=512)
def language_of(tag: str) -> str | None:
    """The language of ours that a tag names: zh-hant too is read in our Chinese. None: another."""
    code = tag.replace("_", "-").partition("-")[0].lower()
    found = _CODES.get(code, code)
    return found if found in NAMES else None


def is_from_right(language: str) -> bool:
    """Whether a language of ours is written from right to left."""
    return language in _FROM_RIGHT


@lru_cache(maxsize=len(NAMES))
def cldr(language: str) -> babel.Locale:
    """What CLDR knows of a language of ours."""
    return babel.Locale.parse(language, sep="-")


@lru_cache(maxsize=len(NAMES))
def plural_forms(language: str) -> dict[str, list[int]]:
    """The forms that a language has for whole numbers, in the order of its catalogue, each with the
    numbers below two hundred that ask for it.
    """
    rule = cldr(language).plural_form
    found: dict[str, list[int]] = {}
    for number in range(_COUNTED):
        found.setdefault(rule(number), []).append(number)
    return {name: found[name] for name in _CATEGORIES if name in found}


@lru_cache(maxsize=4096)
def form_of(language: str, number: int) -> int:
    """Which form of a catalogue a number asks for. Whole millions, of which some languages have a
    form of their own, have the last.
    """
    forms = list(plural_forms(language))
    category = cldr(language).plural_form(number)
    return forms.index(category) if category in forms else len(forms) - 1
