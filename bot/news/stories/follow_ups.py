"""Whether a new story may be told in reply to an earlier one that it is like.

Likeness alone is not enough: two quakes, two agendas and two verdicts are alike and have nothing
to do with each other. Somebody or something must stand in both.
"""

import re

from bot.news.stories.likeness import Asked
from bot.news.stories.window import Filed

_LEAST_SHARED = 2
_RARE_STORIES = 4
"""A word that no more stories of the window have is telling; the earlier story is one of them."""
_DENIES = re.compile(
    r"""\b(?:unrelated|not\ (?:believed\ to\ be\ |thought\ to\ be\ )?(?:related|connected|linked)
        |no\ (?:known\ )?(?:connection|link)\ (?:to|with|between)
        |(?:nicht|kein(?:en)?)\ (?:im\ |in\ )?zusammenhang
        |sans\ (?:aucun\ )?(?:lien|rapport)|sin\ relaci[oó]n|no\ guarda\ relaci[oó]n
        |non\ collegat[oaie]|sem\ rela[cç][aã]o|geen\ verband|niet\ gerelateerd
        |не\ связан\w*|не\ имеет\ отношения)\b
        |لا\ علاقة|غير\ مرتبط|ללא\ קשר|אינו\ קשור|无关|無關|無関係""",
    re.IGNORECASE | re.VERBOSE,
)


def says_unrelated(text: str) -> bool:
    """Whether a report says of itself that it has nothing to do with something else."""
    return bool(_DENIES.search(text))


def share_a_subject(asked: Asked, other: Filed) -> bool:
    """Whether both reports have a name of one of them; where neither writes names, whether both
    have `_LEAST_SHARED` words that hardly any other story has.
    """
    if asked.names or other.names:
        return not asked.names.isdisjoint(other.terms) or not set(other.names).isdisjoint(
            asked.terms
        )
    telling = [
        term
        for term, stories in zip(asked.terms, asked.stories, strict=True)
        if term in other.terms and not term.is_common and stories <= _RARE_STORIES
    ]
    return len(telling) >= _LEAST_SHARED and not (asked.of.stock or other.stock)
