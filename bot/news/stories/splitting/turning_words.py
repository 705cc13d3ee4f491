"""Small words that make other news of a headline: "not" denies what it says, "again" and "second"
tell of the next event of its kind. Written by hand from common knowledge.

Left out is what stands beside it as often without turning it: English *no* (no casualties), Italian
*secondo* and Portuguese *segundo* (according to).
"""

from collections.abc import Iterable, Mapping

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


def denies(words: Iterable[str], language: str) -> bool:
    """Whether folded words of a text in a language have one that denies."""
    return not _DENYING.get(language, frozenset()).isdisjoint(words)


def repeats(words: Iterable[str], language: str) -> bool:
    """Whether folded words of a text in a language have one that says that it is the next."""
    return not _REPEATING.get(language, frozenset()).isdisjoint(words)
