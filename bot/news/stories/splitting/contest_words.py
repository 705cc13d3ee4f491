"""Words that say how a contest ended, and whether two headlines tell of one. Written by hand from
common knowledge.
"""

from collections.abc import Container, Mapping, Sequence
from functools import lru_cache

from bot.news.stories.splitting.stopwords import common_terms
from bot.news.text.words import fold, stems

# Who stands before a word of the first kind won, before one of the second lost, and before one of
# the third neither; in most languages the other side stands behind it.
_RESULTS = {
    "en": "win won beat defeat thrash edge rout / lose lost / draw drew",
    "de": "gewinnt gewinnen gewann schlägt besiegt siegt triumphiert / verliert unterliegt",
    "fr": "gagne bat remporte / perd s'incline",
    "es": "gana vence derrota / pierde cae / empata",
    "it": "vince batte / perde / pareggia",
    "pt": "vence bate ganha derrota / perde / empata",
    "nl": "wint verslaat / verliest",
    "ru": "обыграл обыграла обыграли победил победила выиграл выиграла / проиграл уступил",
    "uk": "обіграв обіграла переміг перемогла виграв / програв поступився",
    "pl": "pokonał pokonała wygrał wygrała / przegrał przegrała / zremisował",
    "id": "mengalahkan menang kalahkan / kalah",
}


@lru_cache(maxsize=8)
def _results(language: str) -> Mapping[str, int]:
    return {
        stems(fold(word), language)[-1]: result
        for result, words in enumerate(_RESULTS.get(language, "").split("/"))
        for word in words.split()
    }


def ended_otherwise(
    asked: Sequence[str], told: Sequence[str], in_both: Container[str], language: str
) -> bool:
    """Whether the terms of two headlines tell of two contests: somebody else won, or was beaten of
    whom the other report has nothing, or the same side ended otherwise. `in_both` are the terms
    that both reports have.
    """
    results, common = _results(language), common_terms()
    mine, theirs = _parted(asked, results), _parted(told, results)
    if not mine or not theirs:
        return False
    (first, result, second), (other_first, other_result, other_second) = mine, theirs
    if result != other_result:
        return first[-1:] == other_first[-1:] != []
    if first and other_first and first[-1] not in other_first and other_first[-1] not in first:
        return first[-1] not in common and other_first[-1] not in common
    if not second or not other_second:
        return False
    one, other = second[0], other_second[0]
    return one != other and not any(term in in_both or term in common for term in (one, other))


def _parted(
    headline: Sequence[str], results: Mapping[str, int]
) -> tuple[Sequence[str], int, Sequence[str]] | None:
    """What stands before the word that says how a contest ended, how, and what stands behind it;
    None without one.
    """
    for place, term in enumerate(headline):
        if term in results:
            return headline[:place], results[term], headline[place + 1 :]
    return None
