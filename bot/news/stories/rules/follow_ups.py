"""Whether a new story may be told in reply to an earlier one that it is like.

Likeness alone is not enough: two quakes, two agendas and two verdicts are alike and have nothing
to do with each other. Somebody or something must be named in both that hardly any other story
names. Where no name is seen nothing is told in reply: a reply that is missing costs a look, a wrong
one says what is not so.
"""

import re

from bot.news.stories.filed import Filed
from bot.news.stories.likeness import Asked
from bot.news.text.patterns import late

_RARE_STORIES = 4
"""A name that no more stories of the window have is telling; the earlier story is one of them."""
_DENIES = late(
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
    return bool(_DENIES().search(text))


def share_a_subject(asked: Asked, other: Filed) -> bool:
    """Whether both reports name somebody or something that hardly any other story has: both as a
    name; or, as a name may begin a sentence, one of them does and another name is shared.
    """
    named = (asked.names | set(other.names)).intersection(other.terms)
    shared = [
        (term, stories)
        for term, stories in zip(asked.terms, asked.stories, strict=True)
        if term in named and not asked.vocabulary.is_common(term)
    ]
    both = asked.names.intersection(other.names)
    rare = [term for term, stories in shared if stories <= _RARE_STORIES]
    return any(term in both or len(shared) > 1 for term in rare)
