"""What an outlet changed in a headline, and whether that is news by itself."""

import re

from bot.news.stories.splitting.terms import numbers_of
from bot.news.text.headlines import without_counter
from bot.news.text.patterns import late

# "UPDATE 2-", "Correction:", "[Updated]": what outlets write before or behind a headline when the
# news itself changed.
_MARKED = late(
    r"""^\W*(?:
        (?:update[ds]?|corrected|correction|clarification|refile|retraction|retracted
         |aktualisiert|korrektur|berichtigung|mise\ [aà]\ jour|rectificatif
         |actualizaci[oó]n|correcci[oó]n|aggiornamento|atualiza[cç][aã]o
         |обновлено|исправлено|оновлено|виправлено|تحديث|تصحيح|עדכון|תיקון|訂正|更正)
        (?:\ \d{1,2})?\s*(?:[:：\])】|–—-]))
      | [\[(【]\s*(?:updated?|corrected|correction|更新|訂正)\s*[\])】]\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_substantial(before: str, after: str) -> bool:
    """True if a headline now says what was not known before: figures that were not in it, or a
    mark such as "UPDATE" or "correction" that it did not carry. Other words for the same are not,
    nor what only counts comments or updates.
    """
    before, after = without_counter(before), without_counter(after)
    if set(numbers_of(_unmarked(after))) - set(numbers_of(_unmarked(before))):
        return True
    return bool(_MARKED().search(after)) and _mark(after) != _mark(before)


def _mark(title: str) -> str:
    found = _MARKED().search(title)
    return found[0].casefold() if found else ""


def _unmarked(title: str) -> str:
    """The headline without its mark, whose number counts versions and is no figure of the news."""
    return _MARKED().sub("", title)
