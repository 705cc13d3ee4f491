"""What else people call what a topic names, and queries that ask for those names too.

The names come from a table that anybody may edit; `bot/data/aliases.txt` explains its format and
`bot.data.shipped` reads it. Words after NOT, within `near`, with `=` or with `*` stay as they are,
and no query grows beyond what `parse_query` reads.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from bot.errors import BadInput, QueryError
from bot.news.query.match import And, Not, Or, Query, Term
from bot.news.query.parse import MAX_QUERY, parse_query
from bot.news.text import words
from bot.news.text.patterns import late

MAX_NAME = 60
_MOST_EXPANDED = 40
_MOST_REMEMBERED = 1_000
_MAX_RUN = 5  # words beside each other that may be one name: "bank of the south seas"

_SEPARATOR = late("[;,؛،；，、]")
_NAME = late(r'=?[^"“”„«»()|=*?]+\*?')


class AliasGroup(Struct, frozen=True):
    """One line of the table. `names` may be added to a query; `understood` only open the line."""

    names: tuple[str, ...]
    understood: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


class Offer(Struct, frozen=True):
    """A word of a query, as it prints, and the other names that the query does not have yet.

    `related` are words about the same matter that are no names of it.
    """

    word: str
    names: tuple[str, ...]
    related: tuple[str, ...] = ()


_Run = tuple[Query, ...]


def read_aliases(text: str) -> "Aliases":
    """Reads the table. Raises BadInput with the number of a line that cannot be used."""
    aliases, places = Aliases(), dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        group = _read_line(line, number)
        for name in (*group.names, *group.understood):
            first = places.setdefault(" ".join(name_term(name).words), number)
            if first != number:
                raise BadInput(f"Line {number}: {name!r} is a name on line {first} already.")
        aliases.add(group)
    return aliases


def _read_line(line: str, number: int) -> AliasGroup:
    front, bar, back = line.partition("|")
    label, _, listed = back.strip().partition(":")
    if bar and label.strip().lower() != "related":
        raise BadInput(f"Line {number}: after the | there must be 'related:' and the words.")
    names = list(_read_names(front, number))
    if len(names) < 2:
        raise BadInput(f"Line {number} needs two names or more, with ; between them.")
    return AliasGroup(
        tuple(name for name in names if not name.startswith("?")),
        tuple(name.removeprefix("?").strip() for name in names if name.startswith("?")),
        tuple(_read_names(listed, number)) if bar else (),
    )


def _read_names(listed: str, number: int) -> Iterator[str]:
    for part in _SEPARATOR().split(listed):
        name = " ".join(part.split())
        bare = name.removeprefix("?").strip()
        if not name:
            raise BadInput(f"Line {number} has an empty name; remove the extra separator.")
        if len(name) > MAX_NAME or not _NAME().fullmatch(bare) or not words.split_words(bare):
            raise BadInput(f"Line {number}: {name!r} cannot be a name.")
        term = name_term(bare)
        if term.prefix and len(term.words[-1]) < 2 and not words.is_unspaced(term.words[-1]):
            raise BadInput(f"Line {number}: {name!r} needs two letters or more before the *.")
        yield name


@lru_cache(maxsize=_MOST_REMEMBERED)
def name_term(name: str) -> Term:
    """A name as a query has it: several words are a phrase; `=` and `*` mean what they do there."""
    return Term(tuple(words.split_words(name)), name.startswith("="), name.endswith("*"))


def shown(name: str) -> str:
    """A name as people read it, without the signs of the query language."""
    return name.strip("=*")


class Aliases:
    """The table, asked for the other names of a query's words."""

    def __init__(self) -> None:
        self.groups: list[AliasGroup] = []
        self._by_words: dict[str, AliasGroup] = {}
        self._by_stems: dict[str, AliasGroup] = {}
        """Only what is nobody's words before: most words are their own stems."""

    def add(self, group: AliasGroup) -> None:
        """Takes a line in, behind those that are there: who comes first has a name."""
        self.groups.append(group)
        for name in (*group.names, *group.understood):
            term = name_term(name)
            self._by_words.setdefault(_written(term), group)
            if (key := _key(term)) not in self._by_words:
                self._by_stems.setdefault(key, group)

    def knows(self, name: str) -> bool:
        """Whether somebody means just what a line is about by this name."""
        return " ".join(words.split_words(name)) in self._by_words

    def offers(self, query: Query) -> tuple[Offer, ...]:
        """The other names of the query's words, in the order of the words; a group comes once.

        Names that the query excludes are not offered. Terms of `source:`, `lang:` and `link:`
        have no other names.
        """
        excluded = {_key(term) for term in _excluded(query)}
        first: dict[AliasGroup, str] = {}
        missing: dict[AliasGroup, dict[str, None]] = {}
        for run, beside in _spots(query, self._knows):
            group = self._group(run)
            if group is None:
                continue
            present = excluded | {_key(term) for term in beside} | {_key(_joined(run))}
            names = [name for name in group.names if _key(name_term(name)) not in present]
            first.setdefault(group, _printed(run))
            missing.setdefault(group, {}).update(dict.fromkeys(names))
        return tuple(
            Offer(first[group], tuple(names), group.related)
            for group, names in missing.items()
            if names
        )

    def include(self, query: Query, word: str, names: Iterable[str]) -> Query:
        """The query with an OR of it and `names` wherever it has `word` or what means the same.

        `word` is one of an `Offer`, `names` some of its names or related words. Names that would
        make the query longer than can be read are left out.
        """
        group = self._group_of_word(word)
        if group is None:
            return query
        chosen = tuple(names)
        room = MAX_QUERY - len(str(query))
        if sum(map(_least, chosen)) <= room and (whole := self._with(query, group, chosen)):
            return whole
        for name in chosen:
            if _least(name) <= room and (longer := self._with(query, group, (name,))):
                query, room = longer, MAX_QUERY - len(str(longer))
        return query

    def expand(self, query: Query) -> Query:
        """The query with every name of every offer, as far as there is room; a query that asks
        for very many things already stays as it is.
        """
        offers = self.offers(query)
        if len(offers) > _MOST_EXPANDED:
            return query
        for offer in offers:
            if len(str(query)) + min(map(_least, offer.names)) > MAX_QUERY:
                continue
            query = self.include(query, offer.word, offer.names)
        return query

    def _with(self, query: Query, group: AliasGroup, names: tuple[str, ...]) -> Query | None:
        """The query with the names, or None where it could not be read again."""
        terms = [name_term(name) for name in names]
        grown = _grown(query, self._knows, lambda run: terms if self._group(run) == group else [])
        try:
            return parse_query(str(grown))
        except QueryError:
            return None

    def _group_of_word(self, word: str) -> AliasGroup | None:
        query = parse_query(word)
        return self._group(query.parts if isinstance(query, And) else (query,))

    def _knows(self, run: _Run) -> bool:
        return self._group(run) is not None

    def _group(self, run: _Run) -> AliasGroup | None:
        """The line of a word, or of plain words beside each other that are one name."""
        if len({part.field for part in run if isinstance(part, Term)}) != 1:
            return None
        for part in run:
            if not isinstance(part, Term) or part.field not in (None, "title"):
                return None
            if part.exact or (part.prefix and len(run) > 1):
                return None
        term = _joined(run)
        found, key = self._by_words.get(_written(term)), _key(term)
        return found or self._by_stems.get(key) or self._by_words.get(key)


def _joined(run: _Run) -> Term:
    """The terms of a run as one."""
    terms = [part for part in run if isinstance(part, Term)]
    return dataclasses.replace(terms[0], words=tuple(word for term in terms for word in term.words))


def _written(term: Term) -> str:
    """The words of a term as one, which takes a third of their room; none has a blank in it."""
    return " ".join(term.words) + ("*" if term.prefix else "")


@lru_cache(maxsize=_MOST_REMEMBERED)
def _key(term: Term) -> str:
    """Equal for terms that find the same words: folded, and without inflection."""
    return _written(term) if term.prefix else " ".join(map(_stem, term.words))


def _stem(word: str) -> str:
    found = words.stem_each((word,), words.language_of(word, None))
    return min((stem for _, stem in found), key=len)


def _least(name: str) -> int:
    """How much longer a name makes a query at least: itself and an OR."""
    return len(str(name_term(name))) + len(" OR ")


def _printed(run: _Run) -> str:
    return " ".join(str(part) for part in run)


def _excluded(query: Query, inside: bool = False) -> Iterator[Term]:
    match query:
        case Term() if inside:
            yield query
        case Not(part=part):
            yield from _excluded(part, inside=True)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _excluded(part, inside)


# --- where names may be added ------------------------------------------------------------------

_Known = Callable[[_Run], bool]


def _runs(parts: _Run, known: _Known) -> Iterator[_Run]:
    """The parts of an AND one by one, but those that are one name together, longest first."""
    start = 0
    while start < len(parts):
        ends = range(min(len(parts), start + _MAX_RUN), start + 1, -1)
        end = next((end for end in ends if known(parts[start:end])), start + 1)
        yield parts[start:end]
        start = end


def _spots(query: Query, known: _Known) -> Iterator[tuple[_Run, tuple[Term, ...]]]:
    """Every run that is known, with the terms that stand in one OR with it."""
    match query:
        case Term() if known((query,)):
            yield (query,), ()
        case And(parts=parts):
            for run in _runs(parts, known):
                if known(run):
                    yield run, ()
                elif len(run) == 1:
                    yield from _spots(run[0], known)
        case Or(parts=parts):
            beside = tuple(_said(parts, known))
            for part in parts:
                run = _as_run(part)
                if known(run):
                    yield run, beside
                else:
                    yield from _spots(part, known)


def _said(parts: _Run, known: _Known) -> Iterator[Term]:
    """The terms and names that the parts of an OR are."""
    for part in parts:
        if isinstance(part, Term) or known(_as_run(part)):
            yield _joined(_as_run(part))


def _as_run(part: Query) -> _Run:
    return part.parts if isinstance(part, And) else (part,)


def _grown(query: Query, known: _Known, adding: Callable[[_Run], list[Term]]) -> Query:
    """The query with what is to be added beside each known run."""
    match query:
        case Term() if known((query,)):
            return _beside(query, (query,), adding)
        case And(parts=parts) if known(parts):
            return _beside(query, parts, adding)
        case And(parts=parts):
            return And(tuple(_grown_run(run, known, adding) for run in _runs(parts, known)))
        case Or(parts=parts):
            return _grown_or(parts, known, adding)
    return query


def _grown_run(run: _Run, known: _Known, adding: Callable[[_Run], list[Term]]) -> Query:
    part = run[0] if len(run) == 1 else And(run)
    return _grown(part, known, adding)


def _grown_or(parts: _Run, known: _Known, adding: Callable[[_Run], list[Term]]) -> Query:
    """Names come after all that is there, so that adding them again changes nothing."""
    old, new = list[Query](), list[Term]()
    for part in parts:
        run = _as_run(part)
        if known(run):
            old.append(part)
            new += _named(run, adding)
        else:
            old.append(_grown(part, known, adding))
    present = {_key(term) for term in _said(parts, known)}
    return Or((*old, *(name for name in new if _key(name) not in present)))


def _beside(query: Query, run: _Run, adding: Callable[[_Run], list[Term]]) -> Query:
    names = [name for name in _named(run, adding) if _key(name) != _key(_joined(run))]
    return Or((query, *names)) if names else query


def _named(run: _Run, adding: Callable[[_Run], list[Term]]) -> list[Term]:
    return [dataclasses.replace(name, field=_joined(run).field) for name in adding(run)]
