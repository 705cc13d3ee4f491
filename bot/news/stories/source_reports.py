"""The reports of each source, and what the last of them share with one another."""

from array import array
from collections.abc import Iterator

from bot.news.stories.filed import BOILERPLATE, LATELY, boilerplate
from bot.news.stories.report_table import ReportTable
from bot.news.stories.vocabulary import Term


class _Source:
    __slots__ = ("again", "serials")

    def __init__(self) -> None:
        self.serials: array[int] = array("I")
        self.again: dict[int, tuple[Term, ...]] = {}
        """What late reports have in common with the one before, once that was asked."""


class SourceReports:
    """Rows of a table by their source, in the order of placing."""

    def __init__(self, table: ReportTable) -> None:
        self._table = table
        self._sources: dict[str, _Source] = {}

    def __len__(self) -> int:
        return len(self._sources)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def of(self, source: str) -> "array[int]":
        """The rows of a source."""
        known = self._sources.get(source)
        return known.serials if known else array("I")

    def add(self, source: str, serial: int) -> None:
        """Takes in a row; one without a source is none's."""
        if not source:
            return
        known = self._sources.get(source)
        if known is None:
            known = self._sources[source] = _Source()
        known.serials.append(serial)

    def drop(self, source: str, serial: int) -> None:
        """Lets a row go."""
        if not source:
            return
        known = self._sources[source]
        # What is forgotten stands at the front.
        place = known.serials.index(serial)
        del known.serials[place]
        if place < len(known.serials):
            known.again.pop(known.serials[place], None)
        known.again.pop(serial, None)
        if not known.serials:
            del self._sources[source]

    def boilerplate(self, asked: frozenset[Term], source: str) -> set[Term]:
        """Those terms that most of the last reports of a source share."""
        known = self._sources.get(source)
        if known is None or len(known.serials) < BOILERPLATE:
            return set()
        lately = known.serials[-LATELY:].tolist()
        shared, table = known.again, self._table
        again = [
            shared.get(serial) or self._again(shared, before, serial)
            for before, serial in zip(lately[::2], lately[1::2], strict=False)
        ]
        if len(shared) > 2 * LATELY:
            known.again = {serial: shared[serial] for serial in lately if serial in shared}
        return boilerplate(
            asked, again, lambda: [(table.story(each), table.terms(each)) for each in lately]
        )

    def _again(
        self, known: dict[int, tuple[Term, ...]], before: int, serial: int
    ) -> tuple[Term, ...]:
        if serial not in known:
            terms = frozenset(self._table.terms(serial))
            known[serial] = tuple(terms.intersection(self._table.terms(before)))
        return known[serial]
