"""Queries that would bring more or less than one a person wrote, each counted on stored stories."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from bot.actions import search
from bot.actions.search import Budget, Preview
from bot.aside import aside
from bot.errors import QueryError
from bot.news.query.aliases import Aliases
from bot.news.query.asking_words import is_asking
from bot.news.query.highlight import terms_of
from bot.news.query.match import And, Not, Or, Query, Term
from bot.news.query.parse import parse_query
from bot.news.stories.splitting.stopwords import COMMON_WORDS, SMALL_WORDS
from bot.news.story import Story
from bot.news.text import words
from storage.stories.stories import Stories

TOO_MANY_A_DAY = 20.0
_OFFERED = 3
_SINGLE = 2
"""So many of the offered are of one word, unless there are no others."""
_MOST_EITHER = 3
_MOST_PARTS = 8
_SMALL = frozenset(map(words.fold, SMALL_WORDS))
_WORDS_OFFERED = 5
_WORDS_LOOKED_AT = 24
_COMMON = 0.05
_SHORTEST = 4
_DAY = 86_400.0


class Suggestion(Struct, frozen=True):
    """Another query, and what it brings."""

    query: Query
    brings: Preview


class WordCount(Struct, frozen=True):
    """A word of a story, and the stories that it would add or leave out."""

    word: str
    brings: Preview


async def suggestions(
    stories: Stories,
    query: Query,
    preview: Preview,
    aliases: Aliases,
    now: float,
    budget: Budget | None = None,
    languages: Sequence[str] = (),
) -> list[Suggestion]:
    """Broader queries where one brought nothing, narrower where it brings too much; none where
    it brings what a person can read. All are counted within one budget, in
    the chat's languages.
    """
    budget = budget or Budget()
    if preview.stories == 0:
        wider = await aside(_broader, query, aliases)
        found = await _counted(stories, wider, now, budget, languages)
        return _rarest([each for each in found if each.brings.stories])[:_OFFERED]
    if not is_much(preview):
        return []
    tighter = await aside(_narrower, query, preview.newest)
    found = await _counted(stories, tighter, now, budget, languages)
    return [each for each in found if 0 < each.brings.stories < preview.stories][:_OFFERED]


def is_much(preview: Preview) -> bool:
    """Whether it is more than a person can read. In the first day nobody knows how many come on
    one, but what came within it is that many at least.
    """
    if preview.a_day is None:
        return preview.today > TOO_MANY_A_DAY
    return preview.a_day > TOO_MANY_A_DAY


def _rarest(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Those that bring fewest first, but two of one word before those of several."""
    ranked = sorted(found, key=lambda each: each.brings.stories)
    single = [each for each in ranked if len(_asked(each.query)) == 1]
    several = [each for each in ranked if each not in single]
    return [*single[:_SINGLE], *several, *single[_SINGLE:]]


def _broader(query: Query, aliases: Aliases) -> list[Query]:
    """With other names; a phrase as words; of several words those that say something, one, all but
    one, or any of a few.
    """
    wider = [aliases.expand(query)]
    match query:
        case Term(words=parts, field=field) if len(parts) > 1:
            wider.append(And(tuple(Term((part,), field=field) for part in parts)))
        case And(parts=parts):
            kept = tuple(part for part in parts if isinstance(part, Not))
            wider += [_all((*some, *kept)) for some in _fewer(_asked(query))]
    return _readable(wider, query)


def _fewer(asked: Sequence[Query]) -> Iterator[tuple[Query, ...]]:
    """Some of what must all occur; no small word and none that is said to the bot, and none alone
    that every other story has.
    """
    said = tuple(part for part in asked if not _is_among(part, _SMALL) and not _is_said_to_us(part))
    telling = tuple(part for part in said if _is_telling(part))
    if len(asked) < 2 or len(said) > _MOST_PARTS:
        return
    yield from ((part,) for part in telling)
    for left_out in said:
        rest = tuple(part for part in said if part is not left_out)
        if len(rest) > 1:
            yield rest
    if len(said) > 1:
        yield said
    if 1 < len(telling) <= _MOST_EITHER and telling == tuple(asked):
        yield (Or(telling),)


def _asked(query: Query) -> list[Query]:
    """What must all occur; of anything but several parts itself."""
    parts = query.parts if isinstance(query, And) else (query,)
    return [part for part in parts if not isinstance(part, Not)]


def _is_among(part: Query, these: frozenset[str]) -> bool:
    return isinstance(part, Term) and part.plain is not None and part.plain in these


def _is_said_to_us(part: Query) -> bool:
    """Whether it is a word such as `send` or `7`, plain among others."""
    return isinstance(part, Term) and part.field is None and is_asking(part.plain or "")


def _is_telling(part: Query) -> bool:
    """Whether it says enough alone: a language does not, nor does a word of every other story."""
    if isinstance(part, Term) and part.field in ("source", "lang", "link"):
        return False
    return not _is_among(part, COMMON_WORDS)


def _narrower(query: Query, newest: Sequence[Story]) -> list[Query]:
    """In headlines only; together with a word that its newest stories have."""
    tighter: list[Query] = []
    if isinstance(query, Term) and query.field is None:
        tighter.append(Term(query.words, query.exact, query.prefix, "title"))
    words_in = (word for story in newest for word in _words_of(story, query)[:2])
    tighter += [_all((query, Term((word,)))) for word in words_in]
    return _readable(tighter, query)


def _all(parts: tuple[Query, ...]) -> Query:
    return parts[0] if len(parts) == 1 else And(parts)


def _readable(queries: Sequence[Query], but: Query) -> list[Query]:
    """Those that can be read again, as a query that is kept must be, and are not the one there."""
    found: dict[str, Query] = {}
    for query in queries:
        try:
            known = parse_query(str(query))
        except QueryError:
            continue
        if str(known) != str(but):
            found.setdefault(str(known), known)
    return list(found.values())


async def _counted(
    stories: Stories,
    queries: Sequence[Query],
    now: float,
    budget: Budget,
    languages: Sequence[str],
) -> list[Suggestion]:
    """How many stories each brings, each by an equal part of the budget and what others left."""
    found = []
    for left, query in zip(range(len(queries), 0, -1), queries, strict=True):
        if budget.is_spent:
            break
        part = budget.part(left)
        brought = await search.preview(stories, query, now, 0, part, languages)
        budget.take_back(part)
        found.append(Suggestion(query, brought))
    return found


async def words_for_more(
    stories: Stories,
    query: Query | None,
    story: Story,
    now: float,
    languages: Sequence[str] = (),
) -> list[WordCount]:
    """Words of a story that would bring more like it, with how many stories each adds."""

    def adding(word: str) -> Query:
        return Term((word,)) if query is None else And((Term((word,)), Not(query)))

    return await _words_counted(stories, query, story, now, adding, languages)


async def words_for_less(
    stories: Stories, query: Query, story: Story, now: float, languages: Sequence[str] = ()
) -> list[WordCount]:
    """Words of a story that would leave out others like it, with how many each leaves out."""

    def leaving_out(word: str) -> Query:
        return And((query, Term((word,))))

    return await _words_counted(stories, query, story, now, leaving_out, languages)


async def _words_counted(
    stories: Stories,
    query: Query | None,
    story: Story,
    now: float,
    counted_by: Callable[[str], Query],
    languages: Sequence[str],
) -> list[WordCount]:
    telling = await _telling_words(stories, story, query, now)
    queries = [counted_by(word) for word in telling]
    found = await _counted(stories, queries, now, Budget(), languages)
    return [WordCount(word, each.brings) for word, each in zip(telling, found, strict=False)]


async def _telling_words(
    stories: Stories, story: Story, query: Query | None, now: float
) -> list[str]:
    """The words that say most about a story: in few stories of the week, the headline's first."""
    since = now - search.PREVIEW_DAYS * _DAY
    everything = await stories.count_with_keys(None, since)
    rare: list[tuple[int, str]] = []
    for word in (await aside(_words_of, story, query))[:_WORDS_LOOKED_AT]:
        count = await stories.count_with_keys(words.stems_in_any_language(word), since)
        if count <= max(3, everything * _COMMON):
            rare.append((count, word))
    # A word of this story alone brings nothing more: those that others share come first.
    rare.sort(key=lambda each: each[0] < 2)
    return [word for _, word in rare[:_WORDS_OFFERED]]


def _words_of(story: Story, query: Query | None) -> list[str]:
    """Words of a story that a query does not have, as they are folded: by how often they come,
    the headline's counting three times.
    """
    language = words.language_of(f"{story.title} {story.summary}", story.language)
    known = {
        stem
        for term in (terms_of(query) if query else [])
        for word in term.words
        for stem in words.stems(word, language)
    }
    counts: Counter[str] = Counter()
    for text, weight in ((story.title, 3), (story.summary[:400], 1)):
        for word in words.split_words(text):
            long_enough = len(word) >= (_SHORTEST if word.isascii() else 2)
            telling = word.isalpha() and word not in SMALL_WORDS and word not in COMMON_WORDS
            if long_enough and telling and not words.is_unspaced(word):
                counts[word] += weight
    return [
        word for word, _ in counts.most_common() if known.isdisjoint(words.stems(word, language))
    ]


def removable(query: Query) -> list[Query]:
    """The parts of a query that may be taken out one by one: alternatives, and what it leaves
    out. A query of one part has none.
    """
    match query:
        case Or(parts=parts):
            return list(parts)
        case And(parts=parts):
            return [part for part in parts if isinstance(part, Not)] + [
                inner
                for part in parts
                if isinstance(part, Or) and len(part.parts) > 1
                for inner in part.parts
            ]
        case _:
            return []


def without(query: Query, part: Query) -> Query:
    """The query without one of its removable parts."""
    match query:
        case Or(parts=parts):
            rest = tuple(each for each in parts if each != part)
            return rest[0] if len(rest) == 1 else Or(rest)
        case And(parts=parts):
            kept = [without(each, part) if isinstance(each, Or) else each for each in parts]
            return _all(tuple(each for each in kept if each != part))
        case _:
            return query
